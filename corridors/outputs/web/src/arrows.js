/** Arrowheads along the leading trip corridors: which way the modeled flow runs. */

import { freeSpace } from "./free_space.js";
import { decode } from "./points.js";
import { scenarioKind } from "./scenario.js";
import { currentSelection } from "./selection.js";
import { hasLayer, findLayer, pageMap, state } from "./state.js";

const MAX_TRIPS = 20;
const FIRST = 30; // pixels along the line
const BETWEEN = 40;
const APART = 75; // pixels between the heads of two lines
const LENGTH = 12;
const NOTCH = 8;
const HALF = 4.2;
const MIN_WIDTH = 2; // pixels of a road that has heads
const NEAR = 5; // pixels between a head and its road
const STYLE = { color: "#fff", weight: 1, fillColor: "#1d2326", fillOpacity: 1, interactive: false };

/** Draw arrowheads on roads, where the map shows the run itself; of a choice or a scenario no trips are known. */
export function startArrows() {
  const map = pageMap();
  const heads = L.layerGroup().addTo(map);
  const lines = state.tables.trips
    .slice(0, MAX_TRIPS)
    .flatMap((trip) => trip.line.map((code) => decode(code, state.tables.scale)));
  const isShown = () =>
    scenarioKind() === "run" && !currentSelection() && hasLayer("corridors") && state.tables.trips.length > 0;
  const draw = () => {
    heads.clearLayers();
    if (!isShown()) return;
    /** @type {L.Point[]} */
    const taken = [];
    const roads = drawnStretches(map);
    const discs = freeSpace(map).circles;
    for (const line of lines) {
      for (const head of headsAlong(line.map((at) => map.latLngToContainerPoint(at)))) {
        if (taken.some((other) => other.distanceTo(head.tip) < APART)) continue;
        if (discs.some(({ x, y, radius }) => head.tip.distanceTo(L.point(x, y)) < radius + LENGTH)) continue;
        if (!roads.some(([from, to]) => L.LineUtil.pointToSegmentDistance(head.tip, from, to) < NEAR))
          continue;
        taken.push(head.tip);
        const corners = head.corners.map((point) => map.containerPointToLatLng(point));
        heads.addLayer(L.polygon(corners, STYLE));
      }
    }
  };
  map.on("moveend choice edit overlayadd overlayremove", draw);
  draw();
}

/**
 * Return the stretches of the leading roads that a map shows, each its two ends.
 * @param {L.Map} map
 */
function drawnStretches(map) {
  const { x: width, y: height } = map.getSize();
  /** @type {[L.Point, L.Point][]} */
  const found = [];
  for (const name of /** @type {const} */ (["corridors", "corridors_c"])) {
    const layer = findLayer(name);
    if (!map.hasLayer(layer)) continue;
    for (const shape of layer.shapes()) {
      if (shape.index === undefined || (shape.options.weight ?? 0) < MIN_WIDTH) continue;
      for (const code of layer.data.shapes[shape.index]) {
        const points = decode(code, layer.data.scale).map((at) => map.latLngToContainerPoint(at));
        points.slice(1).forEach((to, i) => {
          if (to.x > 0 && to.y > 0 && to.x < width && to.y < height) found.push([points[i], to]);
        });
      }
    }
  }
  return found;
}

/**
 * Return arrowheads at even distances along a line, each its tip and corners.
 * @param {L.Point[]} points
 */
function headsAlong(points) {
  /** @type {{ tip: L.Point, corners: L.Point[] }[]} */
  const heads = [];
  let next = FIRST;
  let walked = 0;
  for (let i = 1; i < points.length; i += 1) {
    const step = points[i].subtract(points[i - 1]);
    const length = Math.hypot(step.x, step.y);
    while (length && walked + length >= next) {
      const tip = points[i - 1].add(step.multiplyBy((next - walked) / length));
      heads.push(headAt(tip, points, i));
      next += BETWEEN;
    }
    walked += length;
  }
  return heads;
}

/**
 * Return the arrowhead of a line at a point of its stretch, turned as the line runs over the last pixels.
 * @param {L.Point} tip
 * @param {L.Point[]} points
 * @param {number} stretch  Position of the end of the stretch.
 */
function headAt(tip, points, stretch) {
  let from = stretch - 1;
  while (from > 0 && tip.distanceTo(points[from]) < LENGTH) from -= 1;
  const back = points[from].subtract(tip);
  const unit = back.divideBy(Math.hypot(back.x, back.y) || 1);
  const base = tip.add(unit.multiplyBy(LENGTH));
  const aside = L.point(-unit.y, unit.x).multiplyBy(HALF);
  const notch = tip.add(unit.multiplyBy(NOTCH));
  return { tip, corners: [tip, base.add(aside), notch, base.subtract(aside)] };
}
