/** The table of a crossing city's bridges. */

import { element } from "./dom.js";
import { text } from "./text.js";

/**
 * Return the table of a city's bridges.
 * @param {HTMLElement[]} rows  A row a bridge: name, share, 90% band, grade.
 */
export function bridgeTable(rows) {
  const table = element("table", undefined, "bridges");
  const head = element("tr");
  for (const key of ["ports.port", "ports.share", "ports.band90", "ports.grade"]) {
    const cell = element("th", text(key));
    cell.scope = "col";
    head.append(cell);
  }
  table.createTHead().append(head);
  table.createTBody().append(...rows);
  return table;
}
