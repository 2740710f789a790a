/** Styles of classes of areas and corridors, and sizes of ports. */

/** @import { AreaLayer, CorridorLayer } from "./payloads.js" */

const PORT_RADIUS = 36; // pixels, of a share of 1
const MIN_PORT_RADIUS = 3.2;
const RING = { min: 7, max: 13 }; // pixels
const LIGHT = "#ffffff"; // outline of areas
const CHOSEN = "#0b5fff";

/**
 * Return the color around the areas of a layer: light around supply, dark around demand, which greys would not tell apart.
 * @param {AreaLayer} data
 */
export function areaOutline(data) {
  return data.outline ?? LIGHT;
}

/**
 * Return the style of an area's class; areas without a class are not drawn.
 * @param {AreaLayer} data
 * @param {number} bin
 * @returns {L.PathOptions}
 */
export function areaStyle(data, bin) {
  const color = data.classes.colours[bin];
  if (!color) return { stroke: false, fillOpacity: 0 };
  const outline = areaOutline(data);
  const line = outline === LIGHT ? { weight: 0.4, opacity: 0.7 } : { weight: 0.6, opacity: 0.85 };
  return { stroke: true, color: outline, ...line, fillColor: color, fillOpacity: 0.9 };
}

/**
 * Return the style of a corridor's class.
 * @param {CorridorLayer} data
 * @param {number} bin
 * @returns {L.PathOptions}
 */
export function lineStyle(data, bin) {
  return { color: data.classes.colours[bin], weight: data.classes.widths[bin], opacity: data.opacity };
}

/**
 * Return the class of a value, -1 below the first break or where unknown.
 * @param {number | null} value
 * @param {readonly number[]} breaks  Rising lower bounds.
 */
export function classOf(value, breaks) {
  return value === null ? -1 : breaks.filter((low) => value >= low).length - 1;
}

/**
 * Return the radius of a port's disc, pixels: its area is the share.
 * @param {number} share
 */
export function portRadius(share) {
  return Math.max(MIN_PORT_RADIUS, PORT_RADIUS * Math.sqrt(share));
}

/**
 * Return the style of the chosen city or port: a ring, small enough to leave the place around it in sight.
 * @param {number} share
 * @returns {L.PathOptions & { radius: number }}
 */
export function ringStyle(share) {
  const radius = Math.min(RING.max, Math.max(RING.min, portRadius(share)));
  return { radius, color: CHOSEN, weight: 4, opacity: 1, fillOpacity: 0 };
}
