/** The box that describes the feature that was clicked. */

import { describe } from "./describe.js";
import { element, find } from "./dom.js";
import { clearHighlight, highlight } from "./highlight.js";
import { bridgeRows } from "./ranked_rows.js";
import { choose } from "./selection.js";
import { choiceButtons } from "./selection_panel.js";
import { findLayer } from "./state.js";
import { text } from "./text.js";

/** @import { Described } from "./describe.js" */
/** @import { FeatureLayer } from "./features.js" */

/** @type {{ layer: FeatureLayer | null, data: Described, index: number } | null} */
let shown = null;

/** Describe the feature shown anew, as when the language or the choice changes. */
export function refreshDetail() {
  if (!shown) return;
  const { layer, data, index } = shown;
  const bridges = data.kind === "crossings" ? [bridgeTable(index)] : [];
  const buttons = layer ? [choiceButtons(layer, index)] : [];
  find("#detail").replaceChildren(describe(data, index, false), ...bridges, ...buttons);
}

/**
 * Return the table of a city's bridges, each of which can be chosen.
 * @param {number} city
 */
function bridgeTable(city) {
  const ports = findLayer("ports");
  const table = element("table", undefined, "bridges");
  const head = element("tr");
  for (const key of ["ports.port", "ports.share", "ports.band90", "ports.grade"]) {
    const cell = element("th", text(key));
    cell.scope = "col";
    head.append(cell);
  }
  table.createTHead().append(head);
  table.createTBody().append(...bridgeRows(city, (port) => openDetail(ports, port)));
  return table;
}

/**
 * Describe a feature; a crossing city or a port is chosen as well.
 * @param {FeatureLayer} layer
 * @param {number} index
 */
export function openDetail(layer, index) {
  if (layer.data.kind === "crossings") choose("crossing", layer.data.columns.id[index]);
  if (layer.data.kind === "ports") choose("port", layer.data.columns.id[index]);
  clearHighlight();
  shown = { layer, data: /** @type {Described} */ (layer.data), index };
  refreshDetail();
}

/**
 * Describe a line of a table and highlight it.
 * @param {Described} data
 * @param {readonly string[]} line encoded polylines
 */
export function openLine(data, line) {
  highlight(line);
  shown = { layer: null, data, index: 0 };
  refreshDetail();
}
