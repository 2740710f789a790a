/** What Python packs and writes, as the pages read it: vectors shared with Python. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { portShares, readClosureModel } from "../src/closure_model.js";
import { formatBand, formatDay, formatDecimals, formatShare } from "../src/numbers.js";
import {
  countAt,
  decodePolyline,
  expandColumns,
  unpackFractions,
  unpackNumbers,
  unpackShares,
} from "../src/packing.js";
import { state } from "../src/state.js";

const SHARE_ERROR = 0.0035; // relative, of a share in two signs
const FRACTION_ERROR = 0.03; // of a fraction in one sign
const SMALLEST = 1e-6;

const vectors = JSON.parse(
  readFileSync(new URL("../../../../tests/vectors/pages.json", import.meta.url), "utf8"),
);

/**
 * @param {ArrayLike<number>} found
 * @param {number[]} expected
 * @param {(value: number) => number} allowed
 */
function assertNear(found, expected, allowed) {
  expected.forEach((value, i) => {
    const one = found[i] ?? 0; // zeros at the end are left out
    assert.ok(Math.abs(one - value) <= allowed(value), `expected ${value} at ${i}, found ${one}`);
  });
}

test("polylines are decoded to the places that were encoded", () => {
  for (const { code, scale, points } of vectors.polylines)
    assert.deepEqual(decodePolyline(code, scale), points);
});

test("fractions are unpacked to a few hundredths and sum to 1", () => {
  for (const { code, values } of vectors.fractions) {
    const found = unpackFractions(code);
    assertNear(found, values, () => FRACTION_ERROR);
    const total = found.reduce((sum, value) => sum + value, 0);
    if (code) assert.ok(Math.abs(total - 1) < 1e-12);
  }
});

test("shares are unpacked to a third of a percent", () => {
  for (const { code, values } of vectors.shares)
    assertNear(unpackShares(code), values, (value) => Math.max(value * SHARE_ERROR, SMALLEST));
});

test("counts are unpacked exactly", () => {
  for (const { code, values } of vectors.counts)
    assert.deepEqual(
      values.map((/** @type {number} */ _, /** @type {number} */ n) => countAt(code, n)),
      values,
    );
});

test("columns are expanded to what they were", () => {
  const columns = structuredClone(vectors.columns.packed);
  expandColumns(columns);
  assert.deepEqual(columns, vectors.columns.plain);
});

test("numbers are unpacked to half a step, nothing as minus infinity", () => {
  for (const { packed, values } of vectors.numbers_packed) {
    const found = unpackNumbers(packed);
    assert.equal(found.length, values.length);
    values.forEach((/** @type {number | null} */ value, /** @type {number} */ n) => {
      if (value === null) assert.equal(found[n], -Infinity);
      else assert.ok(Math.abs(found[n] - value) <= packed.step / 2 + 1e-12);
    });
  }
});

test("the closure models compute the shares that Python does", () => {
  for (const { model, cases } of vectors.closure_models) {
    const unpacked = readClosureModel(model);
    for (const { closed, laws, shares } of cases)
      portShares(unpacked, closed, laws).forEach((found, draw) =>
        assertNear(found, shares[draw], () => 1e-9),
      );
  }
});

for (const [language, expected] of Object.entries(vectors.numbers.languages)) {
  test(`numbers are written as Python writes them: ${language}`, () => {
    state.language = language === "es" ? "es" : "en";
    state.words = { [language]: expected.words };
    for (const [value, written] of expected.shares) assert.equal(formatShare(value), written);
    for (const [low, high, written] of expected.bands) assert.equal(formatBand(low, high), written);
    for (const [value, digits, written] of expected.decimals)
      assert.equal(formatDecimals(value, digits), written);
    for (const [day, written] of expected.days) assert.equal(formatDay(day), written);
  });
}
