/** The table of a crossing city's bridges. */

import { element } from "./dom.js";
import { text } from "./text.js";

const SHARES = ["ports.port", "ports.share", "ports.band90", "ports.grade"];

/**
 * Return the table of a city's bridges.
 * @param {HTMLElement[]} rows  A row a bridge.
 * @param {string[]} [keys]  Of the heads of its columns: by default name, share, 90% band, grade.
 */
export function bridgeTable(rows, keys = SHARES) {
  const table = element("table", undefined, "bridges");
  const head = element("tr");
  for (const key of keys) {
    const cell = element("th", text(key));
    cell.scope = "col";
    head.append(cell);
  }
  table.createTHead().append(head);
  table.createTBody().append(...rows);
  return table;
}
