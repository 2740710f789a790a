/** The map's ranked tables, the variance that the data removed from each quantity, and the sources. */

import { openDetail, openLine } from "./detail.js";
import { cityName } from "./crossings.js";
import { button, element, find, findAs, link, rowHead } from "./dom.js";
import { formatDay, formatNumber, formatShare } from "./numbers.js";
import { boxOf, latLng } from "./points.js";
import { bridgeRows, rankedRow, rankedValues } from "./ranked_rows.js";
import { findLayer, pageMap, state } from "./state.js";
import { nameOf, text } from "./text.js";

/** @import { Described } from "./describe.js" */
/** @import { FeatureLayer } from "./features.js" */
/** @import { CitedSource, CrossingLayer, InformationRow, PortLayer, RoadRow, TripRow } from "./payloads.js" */

const PORT_ZOOM = 8;
const LINE_FIELDS = [
  ["label.share", "share", "share_mean"],
  ["label.band50", "band", "share_lo50", "share_hi50"],
  ["label.band90", "band", "share_lo90", "share_hi90"],
  ["label.length", "km", "km"],
];
const TRIP_FIELDS = [
  ["trips.hours", "hours", "hours"],
  ["trips.start", "share", "zone_part"],
  ["trips.end", "share", "municipality_part"],
];
const SOURCE_FIELDS = /** @type {const} */ ([
  "publisher",
  "period",
  "retrieved",
  "licence",
  "attribution",
  "derived_from",
  "not_what",
]);

/** @type {Set<string>} */
const opened = new Set(); // ids of cities whose bridges the table lists

/** Write the table of crossing cities, the bridges of each in it. */
export function renderCrossings() {
  const { columns } = findLayer("crossings").data;
  const table = findAs("#crossings table", HTMLTableElement);
  for (const body of [...table.tBodies]) body.remove();
  table.append(...columns.id.map((_, city) => cityRows(city)));
}

/**
 * Return the rows of a crossing city: its own, and where it has several bridges one of each, which a button shows.
 * @param {number} city
 */
function cityRows(city) {
  const [cities, ports] = [findLayer("crossings"), findLayer("ports")];
  const { id, ports: members } = cities.data.columns;
  const states = members[city].map((port) => [
    nameOf("us_state", ports.data.columns.us_state[port]),
    ports.data.columns.mx_state[port],
  ]);
  const about = [0, 1].map((side) =>
    [...new Set(states.map((pair) => pair[side]))].filter(Boolean).join(", "),
  );
  const body = element("tbody");
  const row = rankedRow(
    cityName(city),
    about.filter(Boolean).join(" – "),
    rankedValues(cities.data.columns, city),
    () => show(cities, city),
  );
  body.append(row);
  if (members[city].length < 2) return body;
  const bridges = bridgeRows(city, (port) => show(ports, port));
  const toggle = button(
    text("crossings.bridges", { count: formatNumber(members[city].length) }),
    "toggle",
    () => {
      if (opened.has(id[city])) opened.delete(id[city]);
      else opened.add(id[city]);
      open();
    },
  );
  const open = () => {
    const isOpen = opened.has(id[city]);
    toggle.setAttribute("aria-expanded", String(isOpen));
    for (const one of bridges) one.hidden = !isOpen;
  };
  open();
  row.cells[0].append(toggle);
  body.append(...bridges);
  return body;
}

/**
 * Center the map on a city or port, and describe and choose it.
 * @param {FeatureLayer<CrossingLayer> | FeatureLayer<PortLayer>} layer
 * @param {number} i
 */
function show(layer, i) {
  const map = pageMap();
  map.setView(latLng(layer.data.shapes[i]), Math.max(map.getZoom(), PORT_ZOOM));
  openDetail(layer, i);
}

/** Write the table of corridors: the named ones where the run has them, else numbered roads. */
export function renderRoads() {
  const { named, roads } = state.tables;
  const titles = { "#roads h2": "title", "#roads caption": "caption", "#roads thead th": "road" };
  for (const [selector, word] of Object.entries(titles)) {
    const node = find(selector);
    node.dataset.i = `${named ? "named" : "roads"}.${word}`;
    node.textContent = text(node.dataset.i);
  }
  find("#roads").hidden = !roads.length;
  const rows = roads.map((row) => rankedRow(row.name, roadAbout(row), row, () => openRoad(row)));
  find("#roads tbody").replaceChildren(...rows);
}

/** Write the table of whole trips. */
export function renderTrips() {
  const { trips } = state.tables;
  find("#trips").hidden = !trips.length;
  const rows = trips.map((row) => {
    const about = text("trips.about", { from: nameOf("us_state", row.us_state), to: row.mx_state });
    return rankedRow(row.name, about, row, () => openTrip(row));
  });
  find("#trips tbody").replaceChildren(...rows);
}

/**
 * Show a corridor of the table.
 * @param {RoadRow} row
 */
export function openRoad(row) {
  showLine(row, [], state.tables.named ? "named.note" : "");
}

/**
 * Show a whole trip of the table.
 * @param {TripRow} row
 */
export function openTrip(row) {
  showLine(row, TRIP_FIELDS, "trips.note");
}

/**
 * Move the map to a line of a table, highlight it and describe it.
 * @param {RoadRow | TripRow} row
 * @param {string[][]} fields  What is said of it besides share, bands, length and grade.
 * @param {string} note
 */
function showLine(row, fields, note) {
  const columns = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]]));
  const grade = row.grade ? [["label.grade", "grade", "grade"]] : [];
  const data = { title: "name", columns, fields: [...LINE_FIELDS, ...grade, ...fields], note };
  pageMap().fitBounds(boxOf(row.box), { maxZoom: 9, padding: [20, 20] });
  openLine(/** @type {Described} */ (/** @type {unknown} */ (data)), row.line);
}

/** @param {RoadRow} row */
function roadAbout(row) {
  const states = row.about.map((code) => nameOf("us_state", code)).join(", ");
  return states || (row.side ? text(`roads.side_${row.side.toLowerCase()}`) : "");
}

/** Write the table of quantities before and after the data. */
export function renderInformation() {
  const rows = state.tables.information;
  find("#known").hidden = !rows.length;
  find("#known tbody").replaceChildren(...rows.map(informationRow));
}

/** @param {InformationRow} row */
function informationRow(row) {
  const isShare = ["state", "pair", "port"].includes(row.kind);
  const write = (/** @type {number | null} */ value) =>
    isShare ? formatShare(value) : formatNumber(value ?? 0, { maximumSignificantDigits: 2 });
  const band = (/** @type {number | null} */ low, /** @type {number | null} */ high) =>
    element("td", text("label.band", { low: write(low), high: write(high) }));
  const blocks = row.variance_reduction.map(
    ([block, fraction]) => `${nameOf("block", block)} ${formatShare(fraction)}`,
  );
  const to = state.language === "es" ? row.to_es : row.to;
  const head = rowHead(text(`quantity.${row.kind}`, { of: nameOf("us_state", row.from), to }));
  const by = text("limit.told_by", { blocks: blocks.join(", ") || text("limit.nothing") });
  head.append(element("span", by, "small"));
  const line = element("tr");
  line.append(head, band(row.prior_lo90, row.prior_hi90), band(row.lo90, row.hi90));
  return line;
}

/** Write the list of sources. */
export function renderSources() {
  find("#source-list").replaceChildren(...(state.run.sources || []).map(sourceItem));
}

/** @param {CitedSource} row */
function sourceItem(row) {
  // the catalog is in English; `es` are the texts that are known in Spanish
  const source = { ...row, ...(state.language === "es" ? row.es : {}) };
  const item = element("li");
  item.append(element("strong", source.title));
  for (const name of SOURCE_FIELDS.filter((one) => source[one])) {
    const value = name === "retrieved" ? formatDay(source[name]) : source[name];
    item.append(element("p", `${text(`source.${name}`)}: ${value}`, "small"));
  }
  if (source.url) {
    const address = element("p", `${text("source.link")}: `, "small");
    address.append(link(source.url));
    item.append(address);
  }
  return item;
}
