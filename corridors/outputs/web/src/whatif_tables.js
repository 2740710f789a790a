/** The tables of the page of what-ifs: changes by family, the comparison of scenarios, the sources. */

import { button, element, find, rowHead } from "./dom.js";
import { formatNumber } from "./numbers.js";
import { state } from "./state.js";
import { nameOf, text } from "./text.js";

/** @import { ChangeRow, ScenarioIsland, ScenarioSummary } from "./payloads.js" */
/** @typedef {"fixed" | "elastic"} Total  Whether the total of flow is fixed or answers. */

const ARROW = " → ";

/**
 * Return a place's name in the page's language: codes of US states have words, other names are as in the data.
 * @param {string} name
 */
function placeName(name) {
  return name
    .split(ARROW)
    .map((part) => nameOf("us_state", part))
    .join(ARROW);
}

/**
 * Return the name of a row in the page's language.
 * @param {ChangeRow} row
 */
function rowName(row) {
  return placeName(state.language === "es" ? row.name_es : row.name);
}

/**
 * Write the tables of changes.
 * @param {Record<string, ChangeRow[]>} tables
 * @param {Total} total
 */
export function renderChanges(tables, total) {
  for (const [kind, rows] of Object.entries(tables)) {
    const lines = rows.flatMap((row) => [
      changeRow(row, total),
      ...(row.inside ?? []).map((one) => changeRow(one, total, "bridge")),
    ]);
    find(`#${kind} tbody`).replaceChildren(...lines);
  }
}

/**
 * Return a row of a table of changes.
 * @param {ChangeRow} row
 * @param {Total} total
 * @param {string} [className]
 */
export function changeRow(row, total, className = "") {
  const [change, band, sure] = row[total];
  const line = element("tr", undefined, `${className}${sure ? "" : " unsure"}`.trim());
  line.append(
    rowHead(rowName(row)),
    element("td", change),
    element("td", band),
    element("td", text(sure ? "label.yes" : "label.no")),
  );
  return line;
}

/** @param {string[] | null} texts  Mean and bounds as written, the mean alone where there are no bounds, null for none. */
function bandCell(texts) {
  const cell = element("td", texts ? texts[0] : "–");
  if (texts && texts.length > 1) cell.append(element("span", `${texts[1]} … ${texts[2]}`, "small"));
  return cell;
}

/**
 * Write the comparison of scenarios; the name of each chooses it.
 * @param {ScenarioIsland[]} scenarios
 * @param {(n: number) => void} choose
 */
export function renderComparison(scenarios, choose) {
  const rows = scenarios.map(({ name, summary }, n) => {
    const head = rowHead();
    head.append(button(name[state.language], "", () => choose(n)));
    const line = element("tr");
    line.append(head, ...[summary.moved, summary.moved_port, summary.total, summary.ratio].map(bandCell));
    return line;
  });
  find("#compare tbody").replaceChildren(...rows);
}

/**
 * Write the figures of a scenario.
 * @param {ScenarioSummary} summary
 */
export function renderSummary({ moved, moved_port: movedPort, total, ratio, told, told_port: toldPort }) {
  const within = (/** @type {string[]} */ [mean, ...band]) =>
    band.length ? `${mean} (${band.join(" … ")})` : mean;
  const facts = {
    "whatif.moved": within(moved),
    "whatif.moved_port": within(movedPort),
    "whatif.total": within(total),
    "whatif.ratio": ratio ? within(ratio) : "–",
    "whatif.told": formatNumber(told),
    "whatif.told_port": formatNumber(toldPort),
  };
  find("#summary").replaceChildren(
    ...Object.entries(facts).flatMap(([key, value]) => [element("dt", text(key)), element("dd", value)]),
  );
}

/** Write a line a source: whom to credit, on which terms. */
export function renderSourceLines() {
  const lines = (state.run.sources || []).map((one) =>
    [one.attribution || one.publisher, one.licence].filter(Boolean).join(" · "),
  );
  find("#sources ul").replaceChildren(...lines.map((line) => element("li", line)));
}
