/** The locator of a printed map: the whole area in small, and a frame around what the map shows, where that is a part. */

import { element } from "./dom.js";
import { boxOf, decode } from "./points.js";
import { findLayer, hasLayer, pageMap, state } from "./state.js";

const SIZE = { x: 150, y: 110 }; // pixels
const PART = 0.7; // of the width of the whole; a map that shows more has no locator
const LAND = "#f4f3ef";
const SEA = "#dfe8ec";
const LINE = "#8a9498";
const FRAME = "#a3123a";

/** Put the locator into the map's corner, and return what takes it out again; nothing is put where the map shows the whole. */
export function showLocator() {
  const map = pageMap();
  const whole = boxOf(state.run.bounds);
  const shown = map.getBounds();
  const isPart = shown.getEast() - shown.getWest() < PART * (whole.getEast() - whole.getWest());
  const canvas = element("canvas", undefined, "locator");
  const pen = canvas.getContext("2d");
  if (!isPart || !pen || !hasLayer("land")) return () => {};
  canvas.width = SIZE.x * 2; // sharp on paper
  canvas.height = SIZE.y * 2;
  pen.scale(2, 2);
  const project = projection(whole.pad(0.15));
  pen.fillStyle = SEA;
  pen.fillRect(0, 0, SIZE.x, SIZE.y);
  const { data } = findLayer("land");
  pen.beginPath();
  for (const code of data.shapes) {
    decode(code, data.scale).forEach((at, i) => {
      const { x, y } = project(at);
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.closePath();
  }
  pen.fillStyle = LAND;
  pen.fill("evenodd");
  pen.strokeStyle = LINE;
  pen.lineWidth = 0.6;
  pen.stroke();
  const [upper, lower] = [project(shown.getNorthWest()), project(shown.getSouthEast())];
  pen.strokeStyle = FRAME;
  pen.lineWidth = 2;
  pen.strokeRect(upper.x, upper.y, lower.x - upper.x, lower.y - upper.y);
  map.getContainer().append(canvas);
  return () => canvas.remove();
}

/**
 * Return the projection of a box into the locator: Web Mercator, as the map's.
 * @param {L.LatLngBounds} box
 */
function projection(box) {
  const project = (/** @type {L.LatLng} */ at) => L.Projection.SphericalMercator.project(at);
  const [upper, lower] = [project(box.getNorthWest()), project(box.getSouthEast())];
  const scale = Math.min(SIZE.x / (lower.x - upper.x), SIZE.y / (upper.y - lower.y));
  const left = (SIZE.x - (lower.x - upper.x) * scale) / 2;
  const top = (SIZE.y - (upper.y - lower.y) * scale) / 2;
  return (/** @type {L.LatLng} */ at) => {
    const { x, y } = project(at);
    return { x: left + (x - upper.x) * scale, y: top + (upper.y - y) * scale };
  };
}
