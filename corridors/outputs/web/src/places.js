/** Names on the map: of the large cities and states, and the numbers of the leading roads. */

import { element } from "./dom.js";
import { boxesAbout, boxesBeside, freeSpace, isFree, takeFree } from "./free_space.js";
import { latLng } from "./points.js";
import { state } from "./state.js";
import { text } from "./text.js";

/** @import { FeatureLayer } from "./features.js" */
/** @import { CorridorLayer, PlaceLayer } from "./payloads.js" */
/** @import { Box, Space } from "./free_space.js" */

const MAX_LABELS = 60;
const FIRST_RANK = 1; // cities that are named before states and roads
const CHANGES = "moveend resize language overlayadd overlayremove choice bridges edit marks card";
const CITY = { className: "place", font: "500 12px sans-serif", spacing: 0, padding: 4 };
const COUNTRY = { className: "country-name", font: "600 12px sans-serif", spacing: 3, padding: 4 };
const STATE = { className: "state-name", font: "10px sans-serif", spacing: 1, padding: 4 };
const ROAD = { className: "shield", font: "600 9.5px sans-serif", spacing: 0, padding: 8 };
/** Where the two countries are named, up to the zoom at which one of them fills the map. */
const COUNTRIES = /** @type {const} */ ([
  ["label.country_us", 38.4, -98.5],
  ["label.country_mx", 24.6, -102.9],
]);
const COUNTRY_ZOOM = 6;
const BESIDE = 40_000; // meters: the name of a city farther than this from a disc would be read as that of its crossing
const DOT = 3; // pixels
const MIN_ROAD_WIDTH = 3; // pixels of the line
const MAX_ROADS = 16;
const ROAD_DISTANCE = 200; // pixels between two shields of one road
const SHIELD = 6; // pixels, half its height
const MIN_LENGTH = 40; // pixels of the road in sight

/** @typedef {typeof CITY} Kind */

/** Names: the most important first, as many as fit without touching one another, a disc or a control. */
export class PlaceLabels extends L.LayerGroup {
  /**
   * @param {PlaceLayer} data
   * @param {string} name
   */
  constructor(data, name) {
    super([]);
    this.data = data;
    this.name = name;
    this.pen = document.createElement("canvas").getContext("2d");
  }

  /**
   * @param {L.Map} map
   * @override
   */
  onAdd(map) {
    super.onAdd(map);
    map.on(CHANGES, this.arrange, this);
    this.arrange();
    return this;
  }

  /**
   * @param {L.Map} map
   * @override
   */
  onRemove(map) {
    map.off(CHANGES, this.arrange, this);
    super.onRemove(map);
    return this;
  }

  /** Write the names anew for what the map shows. */
  arrange() {
    const map = this._map;
    if (!map || !this.pen || map.getZoom() === undefined) return; // no view yet
    this.clearLayers();
    const space = freeSpace(map);
    const zoom = map.getZoom();
    const ranks = this.data.columns.rank;
    const cities = ranks.map((_, i) => i).filter((i) => ranks[i] <= zoom);
    this.nameCities(
      space,
      cities.filter((i) => ranks[i] <= FIRST_RANK),
    );
    this.nameCountries(space);
    this.nameStates(space);
    this.nameRoads(space);
    this.nameCities(
      space,
      cities.filter((i) => ranks[i] > FIRST_RANK),
    );
  }

  /**
   * Return the width of a name, pixels.
   * @param {string} name
   * @param {Kind} kind
   */
  widthOf(name, { font, spacing, padding }) {
    if (!this.pen) return Infinity;
    this.pen.font = font;
    return this.pen.measureText(name).width + name.length * spacing + padding;
  }

  /**
   * Write a name into a box.
   * @param {string} name
   * @param {string} className
   * @param {L.LatLng} at
   * @param {Box} box
   */
  write(name, className, at, box) {
    const point = this._map.latLngToContainerPoint(at);
    const label = element("span", name);
    label.style.left = `${box[0] - point.x}px`;
    label.style.top = `${box[1] - point.y}px`;
    label.style.width = `${box[2] - box[0]}px`;
    // without a size Leaflet lets the text have its own
    const icon = L.divIcon({ className, iconSize: undefined, html: label });
    this.addLayer(L.marker(at, { icon, interactive: false, keyboard: false }));
  }

  /**
   * @param {Space} space
   * @param {number[]} indexes
   */
  nameCities(space, indexes) {
    const { columns, shapes } = this.data;
    const names = (state.language === "es" && columns.name_es) || columns.name;
    let count = 0;
    for (const i of indexes) {
      if (count >= MAX_LABELS) return;
      const at = L.latLng(latLng(shapes[i]));
      const point = this._map.latLngToContainerPoint(at);
      const { covered, nearest, boxes } = boxesBeside(
        space,
        point,
        this.widthOf(names[i], CITY),
        columns.rank[i] === 0,
      );
      /** @type {Box} */
      const dot = [point.x - DOT, point.y - DOT, point.x + DOT, point.y + DOT];
      if (!covered && !isFree(space, dot)) continue;
      if (nearest && this._map.containerPointToLatLng([nearest.x, nearest.y]).distanceTo(at) > BESIDE)
        continue;
      const found = takeFree(space, boxes);
      if (found < 0) continue;
      count += 1;
      if (!covered) space.boxes.push(dot);
      this.write(names[i], covered ? "place covered" : "place", at, boxes[found]);
    }
  }

  /** @param {Space} space */
  nameCountries(space) {
    if (this._map.getZoom() > COUNTRY_ZOOM) return;
    for (const [key, lat, lon] of COUNTRIES) {
      const name = text(key);
      const at = L.latLng(lat, lon);
      const boxes = boxesAbout(
        this._map.latLngToContainerPoint(at),
        this.widthOf(name.toLocaleUpperCase(state.language), COUNTRY),
      );
      const found = takeFree(space, boxes);
      if (found >= 0) this.write(name, COUNTRY.className, at, boxes[found]);
    }
  }

  /** @param {Space} space */
  nameStates(space) {
    for (const [code, given, lat, lon, rank] of this.data.states) {
      if (rank > this._map.getZoom()) continue;
      const name = stateName(code, given);
      const at = L.latLng(lat, lon);
      const boxes = boxesAbout(
        this._map.latLngToContainerPoint(at),
        this.widthOf(name.toLocaleUpperCase(state.language), STATE),
      );
      const found = takeFree(space, boxes);
      if (found >= 0) this.write(name, STATE.className, at, boxes[found]);
    }
  }

  /**
   * Write the number of each leading road once, and again far away while there is room.
   * @param {Space} space
   */
  nameRoads(space) {
    /** @type {Record<string, L.Point[]>} */
    const written = {};
    const roads = leadingRoads(this._map);
    let count = 0;
    for (const { name, points } of [...roads, ...roads]) {
      if (count >= MAX_ROADS) return;
      const own = (written[name] ||= []);
      const half = this.widthOf(name, ROAD) / 2;
      const free = points.filter((point) => own.every((other) => other.distanceTo(point) > ROAD_DISTANCE));
      /** @type {Box[]} */
      const boxes = free.map(({ x, y }) => [x - half, y - SHIELD - 1, x + half, y + SHIELD + 1]);
      const found = takeFree(space, boxes);
      if (found < 0) continue;
      count += 1;
      own.push(free[found]);
      this.write(name, ROAD.className, this._map.containerPointToLatLng(free[found]), boxes[found]);
    }
  }
}

/**
 * Return the common name of a state in the page's language.
 * @param {string} code
 * @param {string} given
 */
function stateName(code, given) {
  const words = state.words[state.language] || {};
  return words[`state_name.${code}`] ?? words[`us_state.${code}`] ?? given;
}

/**
 * Return the leading roads that a map shows, the widest line first: the number of each, and where it may stand.
 * @param {L.Map} map
 */
function leadingRoads(map) {
  const { x: width, y: height } = map.getSize();
  /** @type {Map<string, { name: string, weight: number, length: number, parts: { length: number, middle: L.Point }[] }>} */
  const roads = new Map();
  for (const layer of state.layers) {
    if (layer.data.kind !== "corridors" || layer.data.minor || !map.hasLayer(layer)) continue;
    const corridors = /** @type {FeatureLayer<CorridorLayer>} */ (layer);
    const { ref } = corridors.data.columns;
    for (const shape of corridors.shapes()) {
      const { options, index } = shape;
      const { weight = 0, opacity } = options;
      if (index === undefined || !(shape instanceof L.Polyline)) continue;
      const name = roadNumber(ref?.[index]);
      if (!name || !opacity || weight < MIN_ROAD_WIDTH) continue;
      const road = roads.get(name) || { name, weight, length: 0, parts: [] };
      roads.set(name, road);
      for (const line of /** @type {L.LatLng[][]} */ (shape.getLatLngs())) {
        const points = line
          .map((at) => map.latLngToContainerPoint(at))
          .filter(({ x, y }) => x > 0 && y > 0 && x < width && y < height);
        if (!points.length) continue;
        const { x, y } = L.bounds(points).getSize();
        const length = Math.hypot(x, y);
        road.parts.push({ length, middle: points[Math.floor(points.length / 2)] });
        road.length += length;
        road.weight = Math.max(road.weight, weight);
      }
    }
  }
  return [...roads.values()]
    .filter((road) => road.length >= MIN_LENGTH)
    .sort((a, b) => b.weight - a.weight || b.length - a.length)
    .map(({ name, parts }) => ({
      name,
      points: parts.sort((a, b) => b.length - a.length).map((part) => part.middle),
    }));
}

/**
 * Return the number of a road as its signs write it, of its national road where it is one: "MEX-40" of "M16/MEX40".
 * @param {string | undefined} ref
 */
function roadNumber(ref) {
  const numbers = (ref ?? "").split("/");
  const national = numbers.find((number) => /^(I-|US|MEX)/.test(number));
  return (national ?? numbers[0]).replace(/^([A-Z]+)(\d)/, "$1-$2");
}
