/** The page's Leaflet map, and its layers out of their islands. The script that folium writes calls both. */

import { canvasOf } from "./canvases.js";
import { element } from "./dom.js";
import { FeatureLayer } from "./features.js";
import { island, layerIsland } from "./islands.js";
import { openingLanguage } from "./language.js";
import { expandColumns } from "./packing.js";
import { PlaceLabels } from "./places.js";
import { state } from "./state.js";
import { TilePictures } from "./tiles.js";

/** @import { LayerPayload } from "./islands.js" */
/** @import { PageLayer } from "./state.js" */

state.language = openingLanguage();

/** The credit of the roads and the note on scale, in the corner of the map. */
class Credit extends L.Control {
  constructor() {
    super({ position: "bottomright" });
  }

  /** @override */
  onAdd() {
    const box = element("div", undefined, "credit");
    const credit = element("span");
    const note = element("span");
    credit.dataset.i = "note.roads_credit";
    note.dataset.i = "page.scale_note";
    box.append(element("span", "", "tiles"), credit, " · ", note);
    return box;
  }
}

/**
 * Make the page's map. It has no view yet, so that what is drawn is drawn once: the page sets the view.
 * @param {string} id
 * @param {L.MapOptions} options
 */
export function map(id, options) {
  state.run = island("run") || {};
  state.words = island("words") || {};
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = still
    ? { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false }
    : {};
  state.map = L.map(id, { ...options, ...motion });
  state.map.options.renderer = canvasOf(state.map, "marks"); // of what is no feature and lets the pointer through
  L.control.scale().addTo(state.map);
  new Credit().addTo(state.map);
  return state.map;
}

/**
 * Make a layer from its island, for any folium map.
 * @param {string} id
 */
export function layer(id) {
  const packed = layerIsland(id);
  expandColumns(packed.columns || {});
  const data = /** @type {LayerPayload} */ (/** @type {unknown} */ (packed));
  const made = makeLayer(data, id.replace(/^compact_layer_|_data$/g, ""));
  state.layers.push(made);
  return made;
}

/**
 * @param {LayerPayload} data
 * @param {string} name
 * @returns {PageLayer}
 */
function makeLayer(data, name) {
  if (data.kind === "places") return new PlaceLabels(data, name);
  if (data.kind === "tiles") return new TilePictures(data, name);
  return new FeatureLayer(data, name);
}
