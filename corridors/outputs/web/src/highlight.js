/** Lines of the tables, drawn over all others: the one that the reader chose, or those that lead to a choice. */

import { decode } from "./points.js";
import { pageMap, state } from "./state.js";

const COLOR = "#5b2a86";

/** Lines that are drawn and taken off the map together. */
export class LineGroup {
  constructor() {
    /** @type {L.LayerGroup | null} */
    this.drawn = null;
  }

  /** Take the lines off the map. */
  clear() {
    this.drawn?.remove();
    this.drawn = null;
  }

  /**
   * Draw lines over all others, in place of those before.
   * @param {(readonly string[])[]} lines  Encoded polylines of each.
   */
  draw(lines) {
    this.clear();
    if (!lines.length) return;
    const points = lines.map((codes) => codes.map((code) => decode(code, state.tables.scale)));
    const style = (/** @type {L.PathOptions} */ options) =>
      points.map((line) => L.polyline(line, { ...options, interactive: false }));
    const casings = style({ color: "#fff", weight: 9, opacity: 0.9 });
    this.drawn = L.layerGroup([...casings, ...style({ color: COLOR, weight: 4.5, opacity: 1 })]);
    this.drawn.addTo(pageMap());
  }
}

const chosen = new LineGroup();

/** Take the line off the map. */
export function clearHighlight() {
  chosen.clear();
}

/**
 * Draw a line over all others, in place of the one before.
 * @param {readonly string[]} codes encoded polylines
 */
export function highlight(codes) {
  chosen.draw([codes]);
}
