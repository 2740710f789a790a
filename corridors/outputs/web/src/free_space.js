/** Where a name fits on the map: inside it, on no disc, under no control, and on no other name. */

import { markCircles } from "./change_marks.js";
import { state } from "./state.js";

/**
 * A box in pixels of the map's container: left, top, right, bottom.
 * @typedef {[number, number, number, number]} Box
 */
/** @typedef {{ x: number, y: number, radius: number }} Circle */
/** @typedef {{ size: { x: number, y: number }, circles: Circle[], boxes: Box[] }} Space */

const CLEARANCE = 8; // pixels between a name and a larger disc that is not its own
const DOT = 4; // pixels: a city nearer to a disc has no room for its own dot
const BEYOND = 12; // pixels that a name may be moved beyond the discs that cover its city
const GAP = 5; // pixels between a point and its name
const LINE = 16; // pixels, the height of a name

/**
 * Return what a map has free: all but its discs, marks of changes and controls.
 * @param {L.Map} map
 * @returns {Space}
 */
export function freeSpace(map) {
  return {
    size: map.getSize(),
    circles: [...drawnDiscs(map), ...markCircles(map)],
    boxes: controlBoxes(map),
  };
}

/**
 * Return the discs and rings that a map shows.
 * @param {L.Map} map
 * @returns {Circle[]}
 */
function drawnDiscs(map) {
  /** @type {Circle[]} */
  const found = [];
  for (const layer of state.layers) {
    const isDiscs = layer.data.kind === "crossings" || layer.data.kind === "ports";
    if (!isDiscs || !map.hasLayer(layer) || !(layer instanceof L.FeatureGroup)) continue;
    layer.eachLayer((shape) => {
      if (!(shape instanceof L.CircleMarker) || !shape.options.opacity) return;
      const { x, y } = map.latLngToContainerPoint(shape.getLatLng());
      found.push({ x, y, radius: shape.getRadius() + 1 });
    });
  }
  return found;
}

/**
 * Return the boxes of a map's controls.
 * @param {L.Map} map
 * @returns {Box[]}
 */
function controlBoxes(map) {
  const around = map.getContainer().getBoundingClientRect();
  const controls = [...map.getContainer().querySelectorAll(".leaflet-control")];
  return controls
    .map((control) => control.getBoundingClientRect())
    .filter(({ width }) => width > 0)
    .map(({ left, top, right, bottom }) => [
      left - around.left,
      top - around.top,
      right - around.left,
      bottom - around.top,
    ]);
}

/**
 * Return whether two boxes overlap.
 * @param {Box} one
 * @param {Box} other
 */
function touch(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

/**
 * Return whether a disc reaches into a box.
 * @param {Circle} circle
 * @param {Box} box
 */
function reaches({ x, y, radius }, box) {
  const dx = Math.max(box[0] - x, 0, x - box[2]);
  const dy = Math.max(box[1] - y, 0, y - box[3]);
  return dx * dx + dy * dy < radius * radius;
}

/**
 * Return whether a box is in the map, on no disc and on nothing that is taken.
 * @param {Space} space
 * @param {Box} box
 */
export function isFree({ size, circles, boxes }, box) {
  const isInside = box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y;
  return isInside && !boxes.some((one) => touch(box, one)) && !circles.some((one) => reaches(one, box));
}

/**
 * Take the first of the boxes that is free, and return its position, -1 where none is.
 * @param {Space} space
 * @param {Box[]} boxes
 */
export function takeFree(space, boxes) {
  const found = boxes.findIndex((box) => isFree(space, box));
  if (found >= 0) space.boxes.push(boxes[found]);
  return found;
}

/** Where a name may stand beside its point: how far its middle is to the right and below, in halves of its size. */
const SIDES = {
  right: [1, 0],
  left: [-1, 0],
  below: [0, 1],
  above: [0, -1],
  lowerRight: [1, 1],
  lowerLeft: [-1, 1],
  upperRight: [1, -1],
  upperLeft: [-1, -1],
};
const AT_DOT = ["right", "left", "below", "above", "lowerRight", "lowerLeft"];
const SOUTH = ["below", "lowerLeft", "lowerRight", "left", "right", "above"];
const NORTH = ["above", "upperLeft", "upperRight", "left", "right", "below", "lowerLeft", "lowerRight"];

/**
 * Return the box of a name on one side of a point, so many pixels away.
 * @param {{ x: number, y: number }} point
 * @param {number[]} side
 * @param {number} width  Pixels.
 * @param {number} gap  Pixels.
 * @returns {Box}
 */
function boxOnSide({ x, y }, [right, down], width, gap) {
  const away = gap * (right && down ? Math.SQRT1_2 : 1);
  const middle = { x: x + right * (width / 2 + away), y: y + down * (LINE / 2 + away) };
  return [middle.x - width / 2, middle.y - LINE / 2, middle.x + width / 2, middle.y + LINE / 2];
}

/**
 * Return the boxes beside a point for a name, the best first: at its dot, or where discs cover it, at the edge of these.
 * @param {Space} space
 * @param {{ x: number, y: number }} point
 * @param {number} width  Pixels.
 * @param {boolean} isSouth  Whether a covered point is named to the south, else to the north.
 */
export function boxesBeside(space, point, width, isSouth) {
  const away = (/** @type {Circle} */ { x, y }) => Math.hypot(x - point.x, y - point.y);
  const over = space.circles.filter((one) => away(one) < one.radius + DOT);
  const nearest = over.reduce((best, one) => (away(one) < away(best) ? one : best), over[0]);
  const sides = !nearest ? AT_DOT : isSouth ? SOUTH : NORTH;
  const farthest = BEYOND + Math.max(0, ...over.map((one) => away(one) + one.radius));
  const own = Math.max(0, ...over.map((one) => one.radius));
  // beside a larger disc the name would be read as that one's
  const larger = space.circles
    .filter((one) => nearest && one.radius > own && !over.includes(one))
    .map((one) => ({ ...one, radius: one.radius + CLEARANCE }));
  const boxes = sides.map((side) => {
    let gap = nearest ? 0 : GAP;
    const at = () => boxOnSide(point, SIDES[/** @type {keyof typeof SIDES} */ (side)], width, gap);
    while (nearest && gap < farthest && space.circles.some((one) => reaches(one, at()))) gap += 1;
    return at();
  });
  return {
    covered: over.length > 0,
    nearest,
    boxes: [true, false].flatMap((clear) =>
      boxes.filter((box) => clear !== larger.some((one) => reaches(one, box))),
    ),
  };
}

/**
 * Return the boxes about a point for a name in the middle of an area, the best first.
 * @param {{ x: number, y: number }} point
 * @param {number} width  Pixels.
 * @returns {Box[]}
 */
export function boxesAbout({ x, y }, width) {
  const shifts = [
    [0, 0],
    [0, LINE],
    [0, -LINE],
    [LINE, 0],
    [-LINE, 0],
    [0, 2 * LINE],
    [0, -2 * LINE],
  ];
  return shifts.map(([dx, dy]) => [
    x + dx - width / 2,
    y + dy - LINE / 2,
    x + dx + width / 2,
    y + dy + LINE / 2,
  ]);
}
