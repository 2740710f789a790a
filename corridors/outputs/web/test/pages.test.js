import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHash } from "../src/address.js";
import { chooseLanguage, openingLanguage } from "../src/language.js";
import { formatPoints, formatShare } from "../src/numbers.js";
import { fold, search } from "../src/search_index.js";
import { computeSelection, isKind, selectedShare } from "../src/selection_model.js";
import { findLayer, state } from "../src/state.js";
import { classOf, portRadius } from "../src/styles.js";
import { nameOf, text } from "../src/text.js";

/** @import { FlowLayer } from "../src/selection_model.js" */

test("the address chooses the language, then the document, then Spanish", () => {
  assert.equal(chooseLanguage("?lang=en", "#lang=es", "es"), "en");
  assert.equal(chooseLanguage("", "#5/30/-104/lang=en", ""), "en");
  assert.equal(chooseLanguage("?lang=es", "", "en"), "es");
  assert.equal(chooseLanguage("?language=es", "", "en"), "en");
  assert.equal(chooseLanguage("?lang=both", "", "en"), "en");
  assert.equal(chooseLanguage("?lang=fr", "", "fr"), "es");
});

test("a browser's language is no reason for a page's", () => {
  const known = { document: globalThis.document, location: globalThis.location };
  const languages = Object.getOwnPropertyDescriptor(navigator, "languages");
  /** @param {string} lang */
  const opened = (lang) => {
    Object.assign(globalThis, {
      document: { documentElement: { lang } },
      location: { search: "", hash: "" },
    });
    return openingLanguage();
  };
  Object.defineProperty(navigator, "languages", { value: ["en-US", "en"], configurable: true });
  try {
    assert.equal(opened("es"), "es");
    assert.equal(opened("en"), "en");
  } finally {
    Object.assign(globalThis, known);
    if (languages) Object.defineProperty(navigator, "languages", languages);
    else Reflect.deleteProperty(navigator, "languages");
  }
});

test("a value is read from the address, and nothing from a broken one", () => {
  assert.equal(fromHash("#5/30/-104/see=port.TX%2FLAR", "see"), "port.TX/LAR");
  assert.equal(fromHash("#layers=ports.zones", "layers"), "ports.zones");
  assert.equal(fromHash("#lang=es", "see"), null);
  assert.equal(fromHash("#see=%E0%A4%A", "see"), null);
});

test("texts are filled once, and the key stands for a missing text", () => {
  state.language = "en";
  state.words = { en: { "a.b": "{x} and {y}", "grade.A": "stable" } };
  assert.equal(text("a.b", { x: "{y}", y: "2" }), "{y} and 2");
  assert.equal(text("a.b", { x: "1" }), "1 and {y}");
  assert.equal(text("label.none"), "none");
  assert.equal(nameOf("grade", "A"), "stable");
  assert.equal(nameOf("grade", "Q"), "Q");
});

test("changes are written in percentage points with their sign", () => {
  assert.equal(formatPoints(0.0123), "+1.2");
  assert.equal(formatPoints(-0.2), "-20");
  assert.equal(formatPoints(0), "0.00");
  assert.equal(formatShare(null), "–");
});

test("search ignores accents and case: a name's start, then a word's, then the rest", () => {
  const entries = ["Nueva Rosita", "Rosarito", "Cerro", "Río Rosa"].map((name) => ({
    name,
    about: "",
    kind: "zone",
    id: name,
    key: fold(name),
  }));
  assert.deepEqual(
    search(entries, " ROSA ").map(({ name }) => name),
    ["Rosarito", "Río Rosa"],
  );
  assert.deepEqual(
    search(entries, "rio").map(({ name }) => name),
    ["Río Rosa"],
  );
  assert.deepEqual(search(entries, " "), []);
  assert.equal(search(Array(20).fill(entries[1]), "ros").length, 8);
});

test("a class is that of the highest break reached", () => {
  assert.equal(classOf(0.02, [0.01, 0.02, 0.05]), 1);
  assert.equal(classOf(0.001, [0.01]), -1);
  assert.equal(classOf(null, [0.01]), -1);
  assert.equal(portRadius(1), 36);
  assert.equal(portRadius(0), 3.2);
});

/** Two ports, two zones, one municipality, one road a side; codes as Python packs them. */
function drawLayers() {
  const layers = [
    { name: "ports", kind: "ports", columns: { id: ["p1", "p2"], share_mean: [0.6, 0.4] }, shapes: [0, 0] },
    {
      name: "zones",
      kind: "areas",
      fractions: ["~", "?~"],
      columns: {
        id: ["z1", "z2"],
        code: ["TX", "NM"],
        share_mean: [0.6, 0.4],
        by_port: [0, 1],
        by_state: [0, 0],
      },
      shapes: [0, 0],
    },
    {
      name: "municipalities",
      kind: "areas",
      fractions: ["~~", "_v"],
      columns: { id: ["m1"], code: ["08"], share_mean: [0.5], by_port: [0], by_origin: [1] },
      shapes: [0],
    },
    {
      name: "corridors",
      kind: "corridors",
      columns: {
        side: ["US", "MX"],
        share_mean: [0.3, 0.2],
        by_port: ["~", "?~"],
        by_origin: ["~", "?~"],
        by_state: ["~", "~"],
      },
      shapes: [0, 0],
    },
    {
      name: "districts",
      kind: "districts",
      columns: { id: ["D"], name: ["D"], zones: [[["z1", 0.5]]] },
      shapes: [0],
    },
  ];
  state.layers = /** @type {import("../src/state.js").PageLayer[]} */ (
    /** @type {unknown} */ (layers.map(({ name, ...data }) => ({ name, data })))
  );
  state.tables.sides = { US: [["TX", "D"], ["NM", "E"]], MX: ["08"] }; // prettier-ignore
  return (/** @type {string} */ name) =>
    /** @type {FlowLayer} */ (/** @type {unknown} */ (state.layers.find((one) => one.name === name)));
}

test("a port's flow is followed to both sides", () => {
  const layer = drawLayers();
  const selection = computeSelection("port", "p1");
  assert.ok(selection);
  assert.equal(selectedShare(selection, layer("ports"), 0), 1);
  assert.equal(selectedShare(selection, layer("zones"), 0), 1);
  assert.equal(selectedShare(selection, layer("zones"), 1), 0);
  assert.ok(Math.abs((selectedShare(selection, layer("municipalities"), 0) ?? 0) - 0.25 / 0.6) < 1e-12);
});

test("a state's roads on its own side are known by state, a zone's are not", () => {
  const layer = drawLayers();
  const texas = computeSelection("us", "TX");
  const zone = computeSelection("zone", "z1");
  assert.ok(texas && zone);
  assert.equal(selectedShare(texas, layer("corridors"), 0), 0.5);
  assert.equal(selectedShare(zone, layer("corridors"), 0), null);
  assert.equal(selectedShare(texas, layer("corridors"), 1), 0);
});

test("a zone shares with the other side what its ports carry on, times what that misses for its district", () => {
  const layer = drawLayers();
  const near = (/** @type {number} */ share) => {
    const zone = computeSelection("zone", "z1");
    const found = zone && selectedShare(zone, layer("municipalities"), 0);
    assert.ok(Math.abs((found ?? 0) - share) < 0.01, String(found));
  };
  // of m1's .5, half crosses at p1, as all of z1's .6; a quarter comes from D, which holds half of z1: as its port says
  near(0.25 / 0.6);
  const { data } = findLayer("municipalities");
  (data.fractions || [])[1] = "?~"; // nothing comes from D
  near(0);
  data.columns.by_origin = undefined;
  const zone = computeSelection("zone", "z1");
  assert.equal(zone && selectedShare(zone, layer("municipalities"), 0), null);
});

test("a state's flow is known on both sides, a municipality's on the other", () => {
  const layer = drawLayers();
  const there = computeSelection("mx", "08");
  const town = computeSelection("municipality", "m1");
  assert.ok(there && town);
  assert.equal(selectedShare(there, layer("zones"), 0), 0.6 / 0.5);
  assert.equal(selectedShare(there, layer("corridors"), 1), 0.2 / 0.5);
  assert.equal(selectedShare(town, layer("corridors"), 1), null);
  assert.ok((selectedShare(town, layer("corridors"), 0) ?? 0) > 0);
});

test("a district holds a fraction of its zones", () => {
  drawLayers();
  const selection = computeSelection("consulate", "D");
  assert.deepEqual(selection && selection.flow, [0.3, 0]);
  assert.equal(computeSelection("zone", "nowhere"), null);
  assert.ok(isKind("us") && !isKind("constructor"));
});
