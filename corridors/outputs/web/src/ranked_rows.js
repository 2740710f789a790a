/** Rows of ranked tables, and the bridges of a crossing city as such rows. */

import { portNames } from "./crossings.js";
import { button, element, rowHead } from "./dom.js";
import { formatBand, formatShare } from "./numbers.js";
import { findLayer } from "./state.js";
import { text } from "./text.js";

/** @import { RoadRow } from "./payloads.js" */
/** @typedef {Pick<RoadRow, "share_mean" | "share_lo90" | "share_hi90" | "grade">} RankedValues */

/**
 * Return a row of a ranked table: a button, what it is about, mean, 90% band, grade.
 * @param {string} name
 * @param {string} about
 * @param {RankedValues} values
 * @param {() => void} act
 */
export function rankedRow(name, about, values, act) {
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

/**
 * Return the values of a city or port that a ranked row writes.
 * @param {{ share_mean: (number | null)[], share_lo90: (number | null)[], share_hi90: (number | null)[], grade: string[] }} columns
 * @param {number} i
 * @returns {RankedValues}
 */
export function rankedValues({ share_mean: mean, share_lo90: low, share_hi90: high, grade }, i) {
  return { share_mean: mean[i], share_lo90: low[i], share_hi90: high[i], grade: grade[i] };
}

/**
 * Return a row for each bridge of a city: its names, share, band and grade, and its share under the other structure.
 * @param {number} city
 * @param {(port: number) => void} act
 */
export function bridgeRows(city, act) {
  const { columns, fields } = findLayer("ports").data;
  const [said] = fields.find(([, , column]) => column === "structure") ?? [];
  return findLayer("crossings").data.columns.ports[city].map((port) => {
    const [name, other] = portNames(port);
    const about = [
      ...(other === name ? [] : [other]),
      ...(said && columns.structure ? [`${text(said)}: ${formatShare(columns.structure[port])}`] : []),
    ];
    const row = rankedRow(name, about.join(" · "), rankedValues(columns, port), () => act(port));
    row.className = "bridge";
    return row;
  });
}
