/** The map's ranked tables, the variance that the data removed from each quantity, and the sources. */

import { openDetail } from "./detail.js";
import { button, element, find, link, rowHead } from "./dom.js";
import { formatBand, formatDay, formatNumber, formatShare } from "./numbers.js";
import { boxOf, latLng } from "./points.js";
import { findLayer, pageMap, state } from "./state.js";
import { nameOf, text } from "./text.js";

/** @import { CitedSource, InformationRow, RoadRow } from "./payloads.js" */
/** @typedef {Pick<RoadRow, "share_mean" | "share_lo90" | "share_hi90" | "grade">} RankedValues */

const PORT_ZOOM = 8;
const SOURCE_FIELDS = /** @type {const} */ ([
  "publisher",
  "period",
  "retrieved",
  "licence",
  "attribution",
  "derived_from",
  "not_what",
]);

/**
 * Return a row of a ranked table: a button, what it is about, mean, 90% band, grade.
 * @param {string} name
 * @param {string} about
 * @param {RankedValues} values
 * @param {() => void} act
 */
function rankedRow(name, about, values, act) {
  const head = rowHead();
  head.append(button(name, "", act), element("span", about, "small"));
  const row = element("tr");
  row.append(
    head,
    element("td", formatShare(values.share_mean)),
    element("td", formatBand(values.share_lo90, values.share_hi90)),
    element("td", values.grade),
  );
  return row;
}

/** Write the table of ports. */
export function renderPorts() {
  const layer = findLayer("ports");
  const { columns, shapes } = layer.data;
  const rows = shapes.map((point, i) => {
    const states = [nameOf("us_state", columns.us_state[i]), columns.mx_state[i]].filter(Boolean).join(" – ");
    const values = {
      share_mean: columns.share_mean[i],
      share_lo90: columns.share_lo90[i],
      share_hi90: columns.share_hi90[i],
      grade: columns.grade[i],
    };
    return rankedRow(columns.name_us[i], states, values, () => {
      const map = pageMap();
      map.setView(latLng(point), Math.max(map.getZoom(), PORT_ZOOM));
      openDetail(layer, i);
    });
  });
  find("#ports tbody").replaceChildren(...rows);
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
  const rows = roads.map((row) =>
    rankedRow(row.name, roadAbout(row), row, () =>
      pageMap().fitBounds(boxOf(row.box), { maxZoom: 9, padding: [20, 20] }),
    ),
  );
  find("#roads tbody").replaceChildren(...rows);
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
  const head = rowHead(text(`quantity.${row.kind}`, { of: nameOf("us_state", row.from), to: row.to }));
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
