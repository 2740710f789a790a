/** The box that describes the feature that was clicked. */

import { describe } from "./describe.js";
import { find } from "./dom.js";
import { choose } from "./selection.js";
import { choiceButtons } from "./selection_panel.js";

/** @import { FeatureLayer } from "./features.js" */

/** @type {{ layer: FeatureLayer, index: number } | null} */
let shown = null;

/** Describe the feature shown anew, as when the language or the choice changes. */
export function refreshDetail() {
  if (!shown) return;
  const { layer, index } = shown;
  const data = /** @type {import("./describe.js").Described} */ (layer.data);
  find("#detail").replaceChildren(describe(data, index, false), choiceButtons(layer, index));
}

/**
 * Describe a feature; a port is chosen as well.
 * @param {FeatureLayer} layer
 * @param {number} index
 */
export function openDetail(layer, index) {
  if (layer.data.kind === "ports") choose("port", layer.data.columns.id[index]);
  shown = { layer, index };
  refreshDetail();
}
