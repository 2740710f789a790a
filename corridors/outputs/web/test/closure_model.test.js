import assert from "node:assert/strict";
import { test } from "node:test";

import { movedShares, portShares, quantile } from "../src/closure_model.js";

/**
 * Two draws, two groups in two states, three ports.
 * @type {import("../src/closure_model.js").PortClosureModel}
 */
const MODEL = {
  structure: "port",
  ports: 3,
  state: [0, 1],
  us_states: ["NM", "TX"],
  classes: { gain: [], loss: [], breaks: [], widths: [] },
  draws: [0.5, 0.7].map((power) => ({
    group_port_base: Float64Array.of(0.3, 0.1, 0.1, 0.05, 0.25, 0.2),
    destination_weight: Float64Array.of(1, 0.5, 0.8, 0.6, 1, 0.9),
    power,
    law: -0.3,
  })),
};
const BEFORE = [
  [0.2, 0.4, 0.5],
  [0.1, 0.35, 0.4],
  [0.1, 0.25, 0.3],
];

test("without edits shares are the model's own", () => {
  const flow = [0.3 + 0.05 * 0.6, 0.1 * 0.5 + 0.25, 0.1 * 0.8 + 0.2 * 0.9];
  const total = flow[0] + flow[1] + flow[2];
  portShares(MODEL, [], {})[0].forEach((share, k) => assert.ok(Math.abs(share - flow[k] / total) < 1e-12));
});

test("a closed port has nothing, the others share what is left", () => {
  const shares = portShares(MODEL, [0], {})[0];
  assert.equal(shares[0], 0);
  assert.ok(Math.abs(shares[1] + shares[2] - 1) < 1e-12);
});

test("with every port closed that a group uses it sends nothing", () => {
  const alone = {
    ...MODEL,
    draws: [{ ...MODEL.draws[0], group_port_base: Float64Array.of(1, 0, 0, 0, 0.5, 0.5) }],
  };
  const shares = portShares(alone, [0], {})[0];
  assert.ok(shares.every(Number.isFinite));
});

test("moved shares: means sum to 1, bands stay in order, no edit moves nothing", () => {
  for (const [closed, laws] of /** @type {[number[], Record<number, number>][]} */ ([
    [[], {}],
    [[0], {}],
    [[2], { 1: 1 }],
  ])) {
    const moved = movedShares(MODEL, BEFORE, closed, laws);
    const total = moved.reduce((sum, { band }) => sum + band.mean, 0);
    assert.ok(Math.abs(total - 1) < 1e-12);
    for (const { band } of moved) assert.ok((band.low ?? 1) <= (band.high ?? 0));
    if (!closed.length && !Object.keys(laws).length)
      moved.forEach(({ band, change }, k) => {
        assert.ok(Math.abs(band.mean - BEFORE[k][1]) < 1e-12);
        assert.deepEqual(change, [0, 0, 0]);
      });
  }
});

test("where the draws are the run's own, means and bands are those of the draws, unscaled", () => {
  const draws = (/** @type {number[]} */ closed) => portShares(MODEL, closed, {});
  const bands = (/** @type {Float64Array[]} */ shares) =>
    [0, 1, 2].map((k) => {
      const own = shares.map((flow) => flow[k]);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      return [quantile(own, 0.05), mean, quantile(own, 0.95)];
    });
  const after = bands(draws([0]));
  movedShares(MODEL, bands(draws([])), [0], {}).forEach(({ band }, k) =>
    [band.low, band.mean, band.high].forEach((value, n) =>
      assert.ok(Math.abs((value ?? 1) - after[k][n]) < 1e-12),
    ),
  );
});

test("a run without bands has none under an edit either", () => {
  const before = BEFORE.map(([, mean]) => [null, mean, null]);
  const moved = movedShares(MODEL, before, [0], {});
  assert.ok(moved.every(({ band }) => band.low === null && band.high === null));
  assert.ok(Math.abs(moved.reduce((sum, { band }) => sum + band.mean, 0) - 1) < 1e-12);
});

test("quantiles are interpolated", () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([0, 1], 0.25), 0.25);
  assert.equal(quantile([7], 0.95), 7);
});
