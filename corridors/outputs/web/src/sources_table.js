/** The table of the page of sources: origin, time, rows, coverage, terms and limits of each. */

import { element, link, rowHead } from "./dom.js";
import { formatDecimals, formatNumber } from "./numbers.js";
import { sum } from "./packing.js";
import { state } from "./state.js";
import { text } from "./text.js";

/** @import { SourceRowIsland } from "./payloads.js" */

const MONTH = 1 / 12; // years

/**
 * Return a text of the catalog, which is in English.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} content
 * @param {string} [className]
 */
function english(tag, content, className) {
  const node = element(tag, content, className);
  node.lang = "en";
  return node;
}

/**
 * Return a text of the catalog on a source, in Spanish where the page is and the text is known.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {SourceRowIsland} row
 * @param {"title" | "period" | "not_what"} name
 * @param {string} [className]
 */
function cited(tag, row, name, className) {
  const spanish = (state.language === "es" && row.es[name]) || "";
  const content = spanish || row[name] || "–";
  const isNeutral = !/[a-z]/i.test(content);
  return spanish || isNeutral ? element(tag, content, className) : english(tag, content, className);
}

/**
 * Return a short value that is not broken over lines.
 * @param {string} content
 */
function unbroken(content) {
  return element("span", content, "whole");
}

/**
 * Return "label: value", the value as given.
 * @param {string} label
 * @param {string | Node} value
 * @param {string} [className]
 */
function fact(label, value, className = "small") {
  const line = element("p", undefined, className);
  line.append(element("span", `${label}: `, "label"), value);
  return line;
}

/** @param {number | null} years */
function formatAge(years) {
  if (years === null) return text("data.no_age");
  if (years < MONTH) return text("data.under_month");
  const written = formatDecimals(years, years < 10 ? 1 : 0);
  return written === formatDecimals(1, 1) ? text("data.one_year") : text("data.years", { years: written });
}

/** @param {SourceRowIsland} row */
function countDropped(row) {
  return sum(row.dropped.map(([, count]) => count));
}

/** @param {SourceRowIsland} row */
function originCell(row) {
  const head = rowHead();
  head.append(cited("strong", row, "title"), element("code", row.id));
  if (row.own_file) head.append(element("span", text("data.own_file"), "badge"));
  head.append(fact(text("source.publisher"), row.publisher));
  if (row.url) head.append(fact(text("source.link"), link(row.url, "address")));
  const more = element("details");
  more.append(element("summary", text("data.origin")));
  if (row.derived_from) more.append(fact(text("source.derived_from"), row.derived_from));
  if (row.note) more.append(fact(text("data.changes"), english("span", row.note)));
  more.append(fact(text("data.file"), row.file));
  if (row.sha256) more.append(fact("SHA-256", element("code", row.sha256)));
  head.append(more);
  return head;
}

/** @param {SourceRowIsland} row */
function timeCell(row) {
  const cell = element("td");
  cell.append(
    fact(text("source.period"), cited("span", row, "period", "whole"), "line"),
    fact(text("data.age"), unbroken(formatAge(row.age_years)), "line"),
  );
  if (row.retrieved) cell.append(fact(text("source.retrieved"), unbroken(row.retrieved)));
  return cell;
}

/** @param {SourceRowIsland} row */
function rowsCell(row) {
  const dropped = countDropped(row);
  const cell = element("td");
  cell.append(
    fact(text("data.kept"), formatNumber(row.rows), "line"),
    fact(text("data.dropped"), dropped ? formatNumber(dropped) : text("data.none_dropped"), "line"),
  );
  const list = element("ul", undefined, "small");
  for (const [reason, count] of row.dropped) {
    const item = element("li");
    item.append(element("b", formatNumber(count)), " ", english("span", reason));
    list.append(item);
  }
  if (row.dropped.length) cell.append(list);
  return cell;
}

/** @param {SourceRowIsland} row */
function coverageCell(row) {
  const cell = element("td");
  for (const [name, count, all] of row.coverage) {
    const counts = text("data.of", { count: formatNumber(count), all: formatNumber(all) });
    const bar = element("span", undefined, "bar");
    const filled = element("span");
    filled.style.width = `${Math.min(100, (100 * count) / all)}%`;
    bar.append(filled);
    cell.append(fact(text(name), unbroken(counts), "line"), bar);
  }
  if (!row.coverage.length) cell.append(element("p", text("data.no_coverage"), "small"));
  return cell;
}

/** @param {SourceRowIsland} row */
function termsCell(row) {
  const cell = element("td");
  cell.append(
    fact(text("source.licence"), english("span", row.licence || "–"), "line"),
    fact(text("source.attribution"), row.attribution || "–", "line"),
  );
  return cell;
}

/** @param {SourceRowIsland} row */
function limitsCell(row) {
  const cell = element("td");
  cell.append(cited("p", row, "not_what", "line"));
  return cell;
}

/**
 * Return a row of the table; on a phone it is a card whose cells carry the heading of their column.
 * @param {SourceRowIsland} row
 */
export function sourceRow(row) {
  const cells = {
    "data.time": timeCell(row),
    "data.rows": rowsCell(row),
    "data.coverage": coverageCell(row),
    "data.terms": termsCell(row),
    "data.limits": limitsCell(row),
  };
  for (const [key, cell] of Object.entries(cells)) cell.prepend(element("p", text(key), "heading"));
  const line = element("tr");
  line.append(originCell(row), ...Object.values(cells));
  line.setAttribute("role", "row");
  for (const cell of line.children) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
  return line;
}

/**
 * Return the boxes above the table: counts of sources, of the reader's own and of rows dropped, and the oldest source.
 * @param {SourceRowIsland[]} rows
 */
export function summaryBoxes(rows) {
  const own = rows.filter((row) => row.own_file).length;
  const boxes = [
    summaryBox("data.count", formatNumber(rows.length)),
    summaryBox("data.own_count", formatNumber(own)),
    summaryBox("data.dropped_count", formatNumber(sum(rows.map(countDropped)))),
  ];
  const age = (/** @type {SourceRowIsland} */ row) => row.age_years ?? -Infinity;
  const [oldest] = rows.filter((row) => row.age_years !== null).sort((a, b) => age(b) - age(a));
  if (oldest) {
    const title = cited("span", oldest, "title", "small");
    boxes.push(summaryBox("data.oldest", formatAge(oldest.age_years), title));
  }
  return boxes;
}

/**
 * @param {string} key
 * @param {string} value
 * @param {Node} [about]
 */
function summaryBox(key, value, about) {
  const box = element("div");
  const figure = element("dd", value);
  if (about) figure.append(about);
  box.append(element("dt", text(key)), figure);
  return box;
}
