/** The reader's choice, or an alternative to the run's settings, drawn on the map in place of the run. */

import { alternativeShare, licencesInYear } from "./describe.js";
import { FeatureLayer } from "./features.js";
import { boxOf, decode } from "./points.js";
import {
  HOME,
  computeSelection,
  isKind,
  memberIndexes,
  regionShare,
  selectedShare,
} from "./selection_model.js";
import { findLayer, pageMap, state } from "./state.js";
import { areaStyle, classOf, lineStyle, portRadius, ringStyle } from "./styles.js";

/** @import { AreaLayer, CorridorLayer, CrossingLayer, PortLayer } from "./payloads.js" */
/** @import { Shape } from "./features.js" */
/** @import { FlowLayer, Kind, Selection } from "./selection_model.js" */
/** @typedef {FeatureLayer<CrossingLayer> | FeatureLayer<PortLayer>} DiscLayer */

const OF_REGION = { color: "#5a6a8c", opacity: 0.8 }; // roads of the state or district around a chosen place
const FADED = { color: "#bdb7ab", weight: 0.8, opacity: 0.45 };
const HIDDEN = { opacity: 0 };
/** @type {Record<string, "corridors_c" | "corridors_d">} */
const GRADE_LAYERS = { C: "corridors_c", D: "corridors_d" }; // of other grades: corridors
const LEADING_PARTNERS = { crossing: 3, us: 1, mx: 1, zone: 3, municipality: 3 }; // that the map shows with a choice
const MIN_DISC_SHARE = 0.005; // smaller discs of a choice are faint

/** @type {Selection | null} */
let current = null;
/** @type {FeatureLayer[]} */
let temporary = []; // layers that are on the map for the choice only

/** Return the choice, null where there is none. */
export function currentSelection() {
  return current;
}

/** Return the choice as an address names it, "port.TX-LAR", null where there is none. */
export function selectionKey() {
  return current && `${current.kind}.${current.id}`;
}

/** Return whether the map shows a choice or an alternative in place of the run. */
export function isChanged() {
  return Boolean(current || state.variant);
}

/**
 * Return whether a layer is on the map for the choice only.
 * @param {L.Layer} layer
 */
export function isTemporary(layer) {
  return temporary.some((one) => one === layer);
}

/**
 * Return the share to draw: of the chosen flow, or of all flow under the alternative.
 * @param {FlowLayer} layer
 * @param {number} i
 */
function shownShare(layer, i) {
  return current ? selectedShare(current, layer, i) : alternativeShare(layer.data, i);
}

/**
 * @param {FeatureLayer<AreaLayer>} layer
 * @param {number} i
 */
function currentAreaStyle(layer, i) {
  const { data } = layer;
  if (isChanged()) return areaStyle(data, classOf(shownShare(layer, i), data.classes.breaks));
  const byYear = state.supplyYear && data.counts;
  return areaStyle(data, byYear ? classOf(licencesInYear(data, i), byYear) : data.bin[i]);
}

/**
 * @param {FeatureLayer<CorridorLayer>} layer
 * @param {number} i
 */
function currentLineStyle(layer, i) {
  const { data } = layer;
  if (!isChanged()) return data.minor ? HIDDEN : lineStyle(data, data.bin[i]);
  if (data.minor && isHiddenGrade(data, i)) return HIDDEN;
  const share = shownShare(layer, i);
  const bin = classOf(share, data.classes.breaks);
  if (bin >= 0) return { ...lineStyle(data, bin), ...gradeStyle(data, i) };
  if (data.minor || !current) return HIDDEN;
  const around = share === null ? classOf(regionShare(current, layer, i), data.classes.breaks) : -1;
  return around < 0 ? FADED : { ...OF_REGION, weight: data.classes.widths[around] };
}

/**
 * Return whether a minor road is of grade D while that grade's layer is off the map.
 * @param {CorridorLayer} data
 * @param {number} i
 */
function isHiddenGrade(data, i) {
  return data.columns.grade?.[i] === "D" && !pageMap().hasLayer(findLayer("corridors_d"));
}

/**
 * Return the dash and the opacity of a road's grade: those of its layer, of minor ones each its own.
 * @param {CorridorLayer} data
 * @param {number} i
 * @returns {L.PathOptions}
 */
function gradeStyle(data, i) {
  if (!data.minor) return { opacity: data.opacity };
  const name = GRADE_LAYERS[data.columns.grade?.[i] ?? ""] ?? "corridors";
  const { dash, opacity } = findLayer(name).data;
  return { opacity, dashArray: dash || undefined };
}

/**
 * Return the style that a shape has when nothing is chosen.
 * @param {Shape} shape
 */
function plainStyle(shape) {
  const { opacity, fillOpacity, color, weight } = shape.options;
  shape.plain = shape.plain || { opacity, fillOpacity, color, weight };
  return shape.plain;
}

/**
 * Draw a layer for the choice, or as it is without one.
 * @param {FeatureLayer} layer
 */
function restyle(layer) {
  const { data } = layer;
  if (data.kind === "districts") {
    const { id } = data.columns;
    const isChosen = (/** @type {Shape} */ shape) =>
      current && current.kind === "consulate" && shape.index !== undefined && id[shape.index] === current.id;
    for (const shape of layer.shapes()) shape.setStyle({ weight: isChosen(shape) ? 3.5 : data.style.weight });
  }
  if (!layer.drawn || !["areas", "corridors", "crossings", "ports"].includes(data.kind)) return;
  const areas = /** @type {FeatureLayer<AreaLayer>} */ (layer);
  if (data.kind === "areas") layer.makeAreas((i) => Boolean(currentAreaStyle(areas, i).stroke));
  for (const shape of layer.shapes()) restyleShape(/** @type {FlowLayer} */ (layer), shape);
}

/**
 * @param {FlowLayer} layer
 * @param {Shape} shape
 */
function restyleShape(layer, shape) {
  if (layer.data.kind === "crossings" || layer.data.kind === "ports") {
    restyleDisc(/** @type {DiscLayer} */ (layer), shape);
    return;
  }
  const plain = plainStyle(shape);
  const i = shape.index;
  if (i === undefined) {
    shape.setStyle(isChanged() ? { opacity: 0, fillOpacity: 0 } : plain);
  } else {
    const isAreas = layer.data.kind === "areas";
    const style = isAreas
      ? currentAreaStyle(/** @type {FeatureLayer<AreaLayer>} */ (layer), i)
      : currentLineStyle(/** @type {FeatureLayer<CorridorLayer>} */ (layer), i);
    shape.options.interactive = isAreas || (style.opacity ?? 0) > 0; // a hidden shape has no tooltip
    shape.setStyle(style);
  }
}

/**
 * Draw a disc or a ring around one: as large as its share, but a chosen one as a ring, which hides nothing.
 * @param {DiscLayer} layer
 * @param {Shape} shape
 */
function restyleDisc(layer, shape) {
  const plain = plainStyle(shape);
  const i = shape.index ?? shape.around ?? 0;
  const isRing = shape.index === undefined;
  const isDrawn =
    layer.data.kind === "crossings" ? !state.apart.has(i) : state.apart.has(layer.data.columns.city[i]);
  shape.options.interactive = isDrawn && !isRing;
  if (!isDrawn || (isRing && isChanged())) {
    shape.setStyle({ opacity: 0, fillOpacity: 0 });
    return;
  }
  if (isRing) {
    shape.setStyle(plain);
    return;
  }
  const mean = layer.data.columns.share_mean[i] ?? 0;
  const share = (isChanged() ? shownShare(layer, i) : mean) ?? 0;
  const { radius, ...ring } = ringStyle(mean);
  const isChosen = isChosenDisc(layer, i);
  if (shape instanceof L.CircleMarker) shape.setRadius(isChosen ? radius : portRadius(share));
  const faint = current && share < MIN_DISC_SHARE;
  shape.setStyle(
    isChosen ? { ...plain, ...ring } : faint ? { ...plain, opacity: 0.35, fillOpacity: 0.2 } : plain,
  );
}

/**
 * Return whether a disc is the choice, or the city of the bridge that is.
 * @param {DiscLayer} layer
 * @param {number} i
 */
function isChosenDisc({ data }, i) {
  if (!current) return false;
  if (data.kind === "ports") return current.kind === "port" && data.columns.id[i] === current.id;
  if (current.kind === "crossing") return data.columns.id[i] === current.id;
  return current.kind === "port" && data.columns.ports[i].some((port) => current?.members.has(port));
}

/** Draw cities and bridges anew, as when other cities are drawn as their bridges. */
export function redrawDiscs() {
  for (const name of /** @type {const} */ (["crossings", "ports"])) restyle(findLayer(name));
}

/** Show minor roads while there is a choice or an alternative, districts while one is chosen. */
function showTemporarily() {
  const map = pageMap();
  temporary.forEach((layer) => map.removeLayer(layer));
  temporary = [];
  const minor = findLayer("minor");
  /** @type {FeatureLayer[]} */
  const wanted = isChanged() && minor.data.columns[current ? "by_port" : "variants"] ? [minor] : [];
  if (current && current.kind === "consulate") wanted.push(findLayer("districts"));
  for (const layer of wanted.filter((one) => !map.hasLayer(one))) {
    map.addLayer(layer);
    temporary.push(layer);
  }
}

/**
 * Show a choice, or the alternative of a number, or with neither the run.
 * @param {Selection | null} selection
 * @param {number} variant
 */
function show(selection, variant) {
  current = selection;
  state.variant = variant;
  if (isChanged()) state.supplyYear = 0;
  showTemporarily();
  for (const layer of state.layers) if (layer instanceof FeatureLayer) restyle(layer);
  pageMap().fire("choice");
}

/**
 * Choose; false where there is nothing of that name.
 * @param {string} kind
 * @param {string} id
 */
export function choose(kind, id) {
  const selection = isKind(kind) ? computeSelection(kind, id) : null;
  if (selection) show(selection, 0);
  return selection !== null;
}

/** Show the run: no choice, no alternative. */
export function clearSelection() {
  show(null, 0);
}

/**
 * Show the alternative of a number, counted from 1; 0 is the run.
 * @param {number} variant
 */
export function chooseAlternative(variant) {
  show(null, variant);
}

/**
 * Color zones by their licences in a year, or with 0 by their share again; a choice or an alternative ends.
 * @param {number} year
 */
export function chooseSupplyYear(year) {
  state.supplyYear = year;
  if (year && isChanged()) show(null, 0);
  restyle(findLayer("zones"));
}

/**
 * Return the box around a choice.
 * @param {Kind} kind
 * @param {string} id
 */
function selectionBox(kind, id) {
  const { data } = findLayer(HOME[kind]);
  const indexes = memberIndexes(kind, id);
  if (data.kind === "ports" || data.kind === "crossings")
    return boxOf(/** @type {number[][]} */ (indexes.map((i) => data.shapes[i])));
  return L.latLngBounds(indexes.flatMap((i) => data.shapes[i].flatMap((code) => decode(code, data.scale))));
}

/**
 * Return the box around a choice and, but for a crossing, the leading places that its flow crosses at, comes from or goes to.
 * @param {Kind} kind
 * @param {string} id
 */
function flowBox(kind, id) {
  const box = selectionBox(kind, id);
  if (kind === "port" || kind === "crossing") return box.pad(0.2);
  const rows = state.partners[`${kind}.${id}`] || {};
  for (const [partner, count] of Object.entries(LEADING_PARTNERS))
    for (const [other] of (isKind(partner) && rows[partner] ? rows[partner] : []).slice(0, count))
      if (isKind(partner) && memberIndexes(partner, other).length) box.extend(selectionBox(partner, other));
  return box.pad(0.1);
}

/**
 * Choose and fit the map to the choice and where its flow goes; false where there is nothing of that name.
 * @param {Kind} kind
 * @param {string} id
 */
export function chooseInSight(kind, id) {
  const isChosen = choose(kind, id);
  if (isChosen) pageMap().fitBounds(flowBox(kind, id), { maxZoom: 8 });
  return isChosen;
}

/** Draw layers for the choice when they are first shown. */
export function startSelection() {
  state.drawn = (layer) => {
    if (isChanged()) restyle(layer);
  };
  pageMap().on("overlayadd overlayremove", () => {
    if (isChanged()) restyle(findLayer("minor"));
  });
}
