/** The box that describes the feature that was clicked. */

import { bridgeTable } from "./bridge_table.js";
import { showCard } from "./card.js";
import { describe, describeInFew } from "./describe.js";
import { element, find } from "./dom.js";
import { clearHighlight, highlight } from "./highlight.js";
import { bridgeRows } from "./ranked_rows.js";
import { choose, currentSelection } from "./selection.js";
import { HOME, memberIndexes } from "./selection_model.js";
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
  const bridges = data.kind === "crossings" ? [bridgeTable(bridgeRows(index, openPort))] : [];
  const buttons = layer ? [choiceButtons(layer, index)] : [];
  find("#detail").replaceChildren(describe(data, index, false), ...bridges, ...buttons);
  showCard(describeInFew(data, index));
}

/** Describe what was chosen, by search or from a list too: a state, which no feature is of, leaves the former feature's figures out. */
export function followChoice() {
  const chosen = currentSelection();
  const isState = chosen && (chosen.kind === "us" || chosen.kind === "mx");
  const [index] = chosen && !isState ? memberIndexes(chosen.kind, chosen.id) : [];
  if (chosen) clearHighlight();
  if (chosen && index !== undefined) {
    const layer = findLayer(HOME[chosen.kind]);
    shown = { layer, data: /** @type {Described} */ (/** @type {unknown} */ (layer.data)), index };
  }
  if (isState) {
    shown = null;
    const hint = element("p", text("info.hint"));
    hint.dataset.i = "info.hint";
    find("#detail").replaceChildren(hint);
    showCard(null);
  }
  refreshDetail();
}

/** @param {number} port */
function openPort(port) {
  openDetail(findLayer("ports"), port);
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
