/** Layers of features: each draws itself when first shown, on one canvas a pane. */

import { canvasOf } from "./canvases.js";
import { describe } from "./describe.js";
import { decode, latLng } from "./points.js";
import { state } from "./state.js";
import { Disc } from "./discs.js";
import { areaStyle, lineStyle, portRadius } from "./styles.js";

/**
 * @import { AreaLayer, CorridorLayer, CrossingLayer, DistrictLayer, EventLayer, FillLayer, LineLayer, PortLayer, RouteLayer, ShowLayer } from "./payloads.js"
 */
/** @typedef {AreaLayer | CorridorLayer | CrossingLayer | DistrictLayer | EventLayer | FillLayer | LineLayer | PortLayer | RouteLayer | ShowLayer} FeaturePayload */
/**
 * A feature has an index; casings and rings have none, a ring the index of the feature it is `around`.
 * @typedef {L.Path & { index?: number, around?: number, plain?: L.PathOptions }} Shape
 */

const MIN_RING = 4; // pixels, the least radius of an inner ring

/**
 * A layer of features of one kind.
 * @template {FeaturePayload} [Payload=FeaturePayload]
 */
export class FeatureLayer extends L.FeatureGroup {
  /**
   * @param {Payload} data
   * @param {string} name
   */
  constructor(data, name) {
    super([]);
    this.data = data;
    this.name = name;
    this.drawn = false;
    /** @type {Set<number>} Positions of areas that are not made yet; see `makeAreas`. */
    this.waiting = new Set();
    /** @type {L.PathOptions} */
    this.shapeOptions = {};
    this.on("click", (event) => {
      const { index } = /** @type {Shape} */ (event.layer);
      if (index !== undefined) state.clicked(this, index);
    });
  }

  /**
   * Draw the features the first time.
   * @param {L.Map} map
   * @override
   */
  beforeAdd(map) {
    const { data } = this;
    if (this.drawn || !data.shapes.length) return this;
    this.drawn = true;
    const pane = data.kind === "fill" ? data.pane : "overlay";
    const style = "style" in data ? data.style : {};
    this.shapeOptions = { interactive: false, ...style, renderer: canvasOf(map, pane) };
    for (const shape of shapesOf(data, this.shapeOptions)) this.addLayer(shape);
    if (data.kind === "areas") this.waitForPointer(map, data);
    state.drawn(this);
    if ("fields" in data && matchMedia("(hover: hover)").matches) {
      const tip = (/** @type {L.Layer} */ shape) =>
        describe(data, /** @type {Shape} */ (shape).index ?? 0, true);
      this.bindTooltip(tip, { sticky: true, opacity: 1 });
    }
    return this;
  }

  /** Return the shapes. */
  shapes() {
    return /** @type {Shape[]} */ (this.getLayers());
  }

  /**
   * Make an area without a class, nine in ten, once the pointer is near; it shows nothing before.
   * @param {L.Map} map
   * @param {AreaLayer} data
   */
  waitForPointer(map, data) {
    data.bin.forEach((bin, i) => bin < 0 && this.waiting.add(i));
    /** @type {Map<number, L.LatLngBounds>} */
    const boxes = new Map();
    map.on("mousemove mousedown", (event) => {
      if (!map.hasLayer(this)) return;
      const { latlng } = /** @type {L.LeafletMouseEvent} */ (event);
      this.makeAreas((i) => {
        const box =
          boxes.get(i) || L.latLngBounds(data.shapes[i].flatMap((code) => decode(code, data.scale)));
        boxes.set(i, box);
        return box.contains(latlng);
      });
    });
  }

  /**
   * Make the waiting areas that are wanted.
   * @param {(index: number) => boolean} wanted
   */
  makeAreas(wanted) {
    const { data } = this;
    if (data.kind !== "areas") return;
    for (const i of [...this.waiting].filter(wanted)) {
      this.waiting.delete(i);
      const shape = areaShape(data, this.shapeOptions, i);
      this.addLayer(shape);
      shape.bringToBack();
    }
  }
}

/**
 * Return a shape that is a feature.
 * @template {L.Path} Path
 * @param {Path} shape
 * @param {number} index
 */
function feature(shape, index) {
  return Object.assign(shape, { index });
}

/**
 * Return the shapes of a payload in the order they are drawn.
 * @param {FeaturePayload} data
 * @param {L.PathOptions} options
 * @returns {Shape[]}
 */
function shapesOf(data, options) {
  const active = { ...options, interactive: true };
  switch (data.kind) {
    case "fill":
      return [
        L.polygon(
          data.shapes.map((code) => decode(code, data.scale)),
          options,
        ),
      ];
    case "line":
      return [
        L.polyline(
          data.shapes.map((code) => decode(code, data.scale)),
          { ...options, smoothFactor: 1.5 },
        ),
      ];
    case "areas":
      return data.shapes.flatMap((_, i) => (data.bin[i] < 0 ? [] : [areaShape(data, options, i)]));
    case "corridors":
      return corridorShapes(data, options);
    case "districts":
      return data.shapes.map((rings, i) =>
        feature(
          L.polygon(
            rings.map((code) => decode(code, data.scale)),
            active,
          ),
          i,
        ),
      );
    case "routes": {
      const lines = data.shapes.map((stops) => stops.map(latLng));
      const casing = { ...options, color: "#fff", weight: 5, opacity: 0.8 };
      return [
        ...lines.map((line) => L.polyline(line, casing)),
        ...lines.map((line, i) => feature(L.polyline(line, active), i)),
      ];
    }
    case "shows":
      return data.shapes.map((point, i) =>
        feature(L.circleMarker(latLng(point), { ...active, radius: 5 }), i),
      );
    case "events":
      return data.shapes.map((point, i) =>
        feature(
          L.circleMarker(latLng(point), { ...active, radius: 5, fillColor: data.colours[data.bin[i]] }),
          i,
        ),
      );
    case "crossings":
    case "ports":
      return discShapes(data, options);
  }
}

/**
 * @param {AreaLayer} data
 * @param {L.PathOptions} options
 * @param {number} i
 */
function areaShape(data, options, i) {
  const rings = data.shapes[i].map((code) => decode(code, data.scale));
  const style = { ...options, ...areaStyle(data, data.bin[i]), interactive: true, smoothFactor: 0.5 };
  return feature(L.polygon(rings, style), i);
}

/**
 * Return the lines of corridors, solid ones over a white casing.
 * @param {CorridorLayer} data
 * @param {L.PathOptions} options
 * @returns {Shape[]}
 */
function corridorShapes(data, options) {
  const lines = data.shapes.map((codes) => codes.map((code) => decode(code, data.scale)));
  const widths = data.dash ? [] : data.classes.widths;
  const casings = widths.map((width, bin) => {
    const style = { ...options, color: "#fff", weight: width + 1.8, opacity: 0.75 };
    return L.polyline(lines.filter((_, i) => data.bin[i] === bin).flat(), style);
  });
  /** @type {L.PathOptions} */
  const ends = {
    interactive: true,
    dashArray: data.dash || undefined,
    lineCap: data.dash ? "butt" : "round",
  };
  return [
    ...casings,
    ...lines.map((line, i) =>
      feature(L.polyline(line, { ...options, ...ends, ...lineStyle(data, data.bin[i]) }), i),
    ),
  ];
}

/**
 * Return the discs of cities or ports, of their means, over rings of their 90% bands where the run has them. The largest
 * comes first, so that no disc is under a larger one.
 * @param {CrossingLayer | PortLayer} data
 * @param {L.PathOptions} options
 * @returns {Shape[]}
 */
function discShapes(data, options) {
  const { share_mean: mean, share_lo90: low, share_hi90: high } = data.columns;
  const all = { ...options, ...data.style };
  const thin = { ...all, weight: 0.9, opacity: 0.8 };
  const disc = { ...all, interactive: true, weight: 1.4, fillOpacity: 0.95 };
  const discs = data.shapes.map((point, i) =>
    feature(new Disc(latLng(point), { ...disc, radius: portRadius(mean[i] ?? 0) }), i),
  );
  for (const one of discs) one.rivals = discs;
  const rings = (/** @type {(number | null)[]} */ bound, /** @type {L.PathOptions} */ style) =>
    data.shapes.flatMap((point, i) => {
      const radius = portRadius(bound[i] ?? 0);
      if (high[i] === null || (bound === low && radius <= MIN_RING)) return [];
      const ring = L.circleMarker(latLng(point), { ...thin, ...style, radius });
      return [Object.assign(ring, { around: i })];
    });
  return [...rings(high, { fillColor: "#fff", fillOpacity: 0.35 }), ...discs, ...rings(low, { fill: false })];
}
