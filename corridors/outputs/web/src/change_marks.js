/** Marks of gains and losses: a triangle up gains, one down loses, a cross is closed; and their legend. */

import { legendItem, linePicture, picture } from "./dom.js";
import { formatNumber } from "./numbers.js";
import { latLng } from "./points.js";
import { text } from "./text.js";

/** @import { ChangeClasses, ChangedPlace } from "./payloads.js" */

export const LOSS_DASH = "6 4";
const MAX_SIZE = 22; // pixels, half the side of a triangle for a change of a tenth of the flow
const MIN_SIZE = 4;
const MIN_CHANGE_DRAWN = 0.0005;
const CLASS = "change-mark";

/**
 * Return the mark of a place.
 * @param {ChangeClasses} classes
 * @param {number} size  Half the side, pixels.
 * @param {number} change
 * @param {boolean} sure  Whether the change is distinguishable from none.
 * @param {boolean} closed
 */
function placeMark(classes, size, change, sure, closed) {
  const [gain, loss] = [classes.gain[2], classes.loss[1]];
  const half = size + 1.5;
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `${half + x * size},${half + y * size}`;
  if (closed) {
    const cross = { d: `M${at(-1, -1)}L${at(1, 1)}M${at(-1, 1)}L${at(1, -1)}`, fill: "none" };
    return picture(2 * half, 2 * half, [
      ["path", { ...cross, stroke: "#fff", "stroke-width": 6 }],
      ["path", { ...cross, stroke: loss, "stroke-width": 3 }],
    ]);
  }
  const corners = change > 0 ? [at(0, -1), at(1, 0.8), at(-1, 0.8)] : [at(0, 1), at(1, -0.8), at(-1, -0.8)];
  const triangle = {
    points: corners.join(" "),
    fill: sure ? (change > 0 ? gain : "#fff") : "none",
    "fill-opacity": 0.92,
    stroke: change > 0 ? gain : loss,
    "stroke-width": sure ? 2 : 1,
    "stroke-dasharray": sure ? "none" : "2 2",
  };
  return picture(2 * half, 2 * half, [["polygon", triangle]]);
}

/**
 * Return a layer of the marks of crossing cities and ports, the largest change at the bottom and closed ones on top.
 * @template {ChangedPlace} Place
 * @param {ChangeClasses} classes
 * @param {Place[]} places
 * @param {(place: Place) => void} [clicked]
 */
export function changeMarks(classes, places, clicked) {
  const size = (/** @type {Place} */ place) => Math.abs(place.change ?? 0);
  const marks = places.filter((place) => place.closed || size(place) >= MIN_CHANGE_DRAWN);
  marks.sort((a, b) => Number(a.closed) - Number(b.closed) || size(b) - size(a));
  return L.layerGroup(
    marks.map((place, order) => {
      const half = place.closed ? 7 : Math.max(MIN_SIZE, MAX_SIZE * Math.sqrt(Math.min(1, size(place) * 10)));
      const image = placeMark(classes, half, place.change ?? 0, place.sure, place.closed);
      image.setAttribute("class", "port-change");
      const side = 2 * half + 3;
      // an SVG element serves as any element does
      const html = /** @type {HTMLElement} */ (/** @type {Element} */ (image));
      const icon = L.divIcon({ className: CLASS, iconSize: [side, side], html });
      const marker = L.marker(latLng(place.at), { icon, keyboard: false, zIndexOffset: 1000 * order });
      if (clicked) marker.on("click", () => clicked(place));
      return marker;
    }),
  );
}

/**
 * Return the circles around the marks that a map shows.
 * @param {L.Map} map
 */
export function markCircles(map) {
  /** @type {{ x: number, y: number, radius: number }[]} */
  const found = [];
  map.eachLayer((layer) => {
    const { className, iconSize } = (layer instanceof L.Marker && layer.options.icon?.options) || {};
    if (className !== CLASS || !(layer instanceof L.Marker) || !iconSize) return;
    const { x, y } = map.latLngToContainerPoint(layer.getLatLng());
    found.push({ x, y, radius: L.point(iconSize).x / 2 });
  });
  return found;
}

/**
 * Write the legend of changes into a list.
 * @param {HTMLElement} list
 * @param {ChangeClasses} classes
 * @param {boolean} withUnsure  Whether it explains changes that are not distinguishable from none.
 */
export function renderChangeLegend(list, classes, withUnsure) {
  const { gain, loss, breaks, widths } = classes;
  const bound = (/** @type {number} */ value) => formatNumber(100 * value, { maximumFractionDigits: 1 });
  const size = (/** @type {number} */ n) =>
    n + 1 < breaks.length
      ? text("label.band", { low: bound(breaks[n]), high: bound(breaks[n + 1]) })
      : text("moved.over", { low: bound(breaks[n]) });
  const ramp = (/** @type {string[]} */ colours, /** @type {string} */ dash, /** @type {string} */ key) =>
    breaks.map((_, n) => legendItem(linePicture(colours[n], widths[n], dash), text(key, { size: size(n) })));
  list.replaceChildren(
    ...ramp(gain, "", "moved.gain"),
    ...ramp(loss, LOSS_DASH, "moved.loss"),
    ...(withUnsure ? [legendItem(linePicture("#444", 2.4, "", 0.4), text("whatif.pale"))] : []),
    legendItem(placeMark(classes, 8, 1, true, false), text("moved.port_gain")),
    legendItem(placeMark(classes, 8, -1, true, false), text("moved.port_loss")),
    legendItem(placeMark(classes, 7, 0, true, true), text("moved.port_closed")),
    ...(withUnsure ? [legendItem(placeMark(classes, 8, 1, false, false), text("whatif.port_unsure"))] : []),
  );
}
