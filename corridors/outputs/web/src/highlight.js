/** The one line that the reader chose in a table, drawn over all others. */

import { decode } from "./points.js";
import { pageMap, state } from "./state.js";

/** @type {L.LayerGroup | null} */
let drawn = null;

/** Take the line off the map. */
export function clearHighlight() {
  drawn?.remove();
  drawn = null;
}

/**
 * Draw a line over all others, in place of the one before.
 * @param {readonly string[]} codes encoded polylines
 */
export function highlight(codes) {
  clearHighlight();
  const points = codes.map((code) => decode(code, state.tables.scale));
  const lines = [
    L.polyline(points, { color: "#fff", weight: 9, opacity: 0.9, interactive: false }),
    L.polyline(points, { color: "#5b2a86", weight: 4.5, opacity: 1, interactive: false }),
  ];
  drawn = L.layerGroup(lines).addTo(pageMap());
}
