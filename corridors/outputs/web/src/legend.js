/** The layer control, moved beside the map: each switch named in the page's language, the key of its layer below. */

import { element, find, findAll, legendItem, picture } from "./dom.js";
import { FeatureLayer } from "./features.js";
import { GRADE_WIDTH, NEUTRAL, keyLine } from "./key_line.js";
import { formatBound, formatNumber } from "./numbers.js";
import { pageMap, state } from "./state.js";
import { renderShortKey } from "./short_key.js";
import { areaOutline, portRadius } from "./styles.js";
import { text } from "./text.js";
import { showYearSlider, supplyYearSlider } from "./year_sliders.js";

/** @import { AreaLayer, CorridorLayer, CrossingLayer, EventLayer, ShowLayer } from "./payloads.js" */
/** @import { LayerPayload } from "./islands.js" */

/** The layers that the reader can switch, in the order of the legend. */
export const SWITCHES = /** @type {const} */ ([
  "crossings",
  "corridors",
  "corridors_c",
  "corridors_d",
  "zones",
  "municipalities",
  "districts",
  "shows",
  "events",
  "routes",
  "roads",
  "tiles",
]);

/** @param {string} content */
function small(content) {
  return element("p", content, "small");
}

/** @param {AreaLayer} data */
function areaKey(data) {
  const { breaks, colours } = data.classes;
  const stroke = areaOutline(data);
  const swatch = (/** @type {string} */ fill, x = 0) =>
    /** @type {import("./dom.js").Shape} */ ([
      "rect",
      { x: x + 0.5, y: 0.5, width: 39, height: 13, fill, stroke },
    ]);
  const marks = element("div", undefined, "marks");
  marks.append(...breaks.map((value) => element("span", formatBound(value))));
  const ofShare = element("div", undefined, "ramp");
  ofShare.append(
    small(text(data.states ? "legend.demand" : "legend.supply")),
    picture(
      240,
      14,
      colours.map((fill, i) => swatch(fill, i * 40)),
    ),
    marks,
    small(text("legend.under", { high: formatBound(breaks[0]) })),
  );
  const years = data.years
    ? [supplyYearSlider(data.years, data, ofShare, (i) => picture(40, 14, [swatch(colours[i])]))]
    : [];
  return [
    ofShare,
    ...years,
    small(text(data.states ? "legend.south" : "legend.north")),
    ...(data.missing ? [small(text("legend.missing", { count: formatNumber(data.missing) }))] : []),
  ];
}

/** @param {CorridorLayer} data */
function corridorKey(data) {
  const list = element("ul");
  if (data.dash) {
    const grade = data.grade === "D" ? "legend.dotted" : "legend.dashed";
    list.append(legendItem(keyLine(NEUTRAL, GRADE_WIDTH, data.dash, data.opacity), text(grade)));
    return [list];
  }
  const { breaks, colours, widths } = data.classes;
  const floor = data.floor ?? 0;
  breaks.forEach((low, i) => {
    const high = breaks[i + 1];
    if (high !== undefined && high <= floor) return;
    const range =
      high === undefined
        ? text("legend.over", { low: formatBound(low) })
        : text("legend.range", { low: formatBound(low), high: formatBound(high) });
    const item = legendItem(keyLine(colours[i], widths[i]), range);
    item.dataset.class = String(i);
    list.append(item);
  });
  const solid = legendItem(keyLine(), text(data.grade ? "legend.solid" : "legend.ungraded"));
  solid.className = "apart";
  list.append(solid);
  return [small(text("legend.share")), list, small(text("legend.floor", { floor: formatBound(floor) }))];
}

/** @param {CrossingLayer} data */
function crossingKey(data) {
  const list = element("ul", undefined, "row");
  const style = { fill: data.style.fillColor ?? "", stroke: data.style.color ?? "", "stroke-width": 1.4 };
  for (const share of data.key) {
    const disc = picture(36, 36, [["circle", { cx: 18, cy: 18, r: portRadius(share), ...style }]]);
    list.append(legendItem(disc, formatBound(share)));
  }
  const bands = data.columns.share_lo90?.some((low) => low !== null);
  return [list, small(text(bands ? "legend.city_size" : "legend.city_size_bare"))];
}

/** @param {ShowLayer} data */
function showKey(data) {
  const list = element("ul");
  const dot = picture(16, 16, [["circle", { cx: 8, cy: 8, r: 5, fill: data.style.fillColor ?? "" }]]);
  list.append(legendItem(dot, text("legend.shows")));
  return [small(text("note.gun_shows")), list, showYearSlider(data)];
}

/** @param {EventLayer} data */
function eventKey(data) {
  const list = element("ul");
  ["legend.events_municipality", "legend.events_port"].forEach((key, bin) => {
    if (!data.bin.includes(bin)) return;
    const dot = picture(16, 16, [["circle", { cx: 8, cy: 8, r: 5, fill: data.colours[bin] }]]);
    list.append(legendItem(dot, text(key)));
  });
  return [small(text("note.events")), list];
}

/**
 * Return a list of one line.
 * @param {string | undefined} color
 * @param {string} key
 */
function lineKey(color, key) {
  const list = element("ul");
  list.append(legendItem(keyLine(color, 2), text(key)));
  return [list];
}

/**
 * Return what explains a layer.
 * @param {LayerPayload} data
 * @returns {Element[]}
 */
function keyParts(data) {
  switch (data.kind) {
    case "areas":
      return areaKey(data);
    case "corridors":
      return corridorKey(data);
    case "crossings":
      return crossingKey(data);
    case "shows":
      return showKey(data);
    case "events":
      return eventKey(data);
    case "line":
      return lineKey(data.style.color, "legend.roads");
    case "districts":
      return lineKey(data.style.color, "legend.districts");
    case "routes":
      return lineKey(data.style.color, "legend.routes");
    case "tiles":
      return [small(text("legend.tiles")), element("p", text("legend.no_tiles"), "small failed")];
    default:
      return [];
  }
}

/** @param {LayerPayload} data */
function layerKey(data) {
  const box = element("div", undefined, "key");
  box.append(...keyParts(data));
  return box;
}

/**
 * Return the element that names a switch: Leaflet writes `<label><span><input><span>name`.
 * @param {HTMLElement} label
 */
function nameOfSwitch(label) {
  return /** @type {HTMLElement} */ (label.querySelector("span span") || find("span", label));
}

/** Return the switches of the control, without the sliders in their keys. */
function switchLabels() {
  return findAll(".leaflet-control-layers-overlays > label");
}

/** Return whether Leaflet rewrote the control, without our names and keys. */
export function isLegendRewritten() {
  return switchLabels().some((label) => !nameOfSwitch(label).dataset.i);
}

/** Write the legend in the page's language. */
export function renderLegend() {
  const control = find(".leaflet-control-layers");
  find("#layers").append(control);
  const list = find(".leaflet-control-layers-overlays", control);
  const keyOf = (/** @type {HTMLElement} */ label) => {
    const name = nameOfSwitch(label);
    return name.dataset.i || (name.textContent || "").trim();
  };
  const place = (/** @type {HTMLElement} */ label) =>
    SWITCHES.findIndex((name) => keyOf(label) === `layer.${name}`);
  for (const label of switchLabels().sort((a, b) => place(a) - place(b))) {
    const key = keyOf(label);
    const name = nameOfSwitch(label);
    name.dataset.i = key;
    name.textContent = text(key);
    const after = label.nextElementSibling;
    if (after && after.className === "key") after.remove();
    const layer = state.layers.find((one) => `layer.${one.name}` === key);
    if (!layer) continue;
    if (layer.data.shapes.length) list.append(label, layerKey(layer.data));
    else label.remove();
  }
  showUsedClasses();
}

/** Show of the key of corridors the classes that a road is drawn in; those of layers that are off count as the run has them. */
export function showUsedClasses() {
  const used = new Set(state.layers.flatMap(classesInUse));
  for (const item of findAll("#layers [data-class]")) item.hidden = !used.has(Number(item.dataset.class));
  renderShortKey(used);
}

/**
 * Return the classes that the roads of a layer are drawn in.
 * @param {import("./state.js").PageLayer} layer
 * @returns {number[]}
 */
function classesInUse(layer) {
  if (!(layer instanceof FeatureLayer) || layer.data.kind !== "corridors") return [];
  const { bin, classes, minor } = layer.data;
  if (!layer.drawn) return minor ? [] : [...bin];
  return layer
    .shapes()
    .filter(({ index, options }) => index !== undefined && options.opacity)
    .map(({ options }) => classes.widths.indexOf(options.weight ?? 0));
}

/** Name the zoom buttons in the page's language. */
export function renderZoomButtons() {
  for (const way of ["in", "out"]) {
    const node = find(`.leaflet-control-zoom-${way}`, pageMap().getContainer());
    node.title = text(`page.zoom_${way}`);
    node.setAttribute("aria-label", node.title);
  }
}
