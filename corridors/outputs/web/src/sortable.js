/** Tables that a reader sorts by the head of a column. */

import { element, findAll } from "./dom.js";

/**
 * Return what a cell is sorted by: its first number, else its text.
 * @param {Element | undefined} cell
 */
function keyOf(cell) {
  const data = cell?.querySelector("data");
  const value = data ? Number.parseFloat(data.value) : Number.NaN;
  return { value, text: (cell?.textContent || "").trim() };
}

/**
 * Sort the rows of a table by a column; rows without a number come last.
 * @param {HTMLTableElement} table
 * @param {number} column
 * @param {boolean} down
 */
function sortRows(table, column, down) {
  const sign = down ? -1 : 1;
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  rows.sort(({ key: one }, { key: other }) => {
    const [absent, missing] = [Number.isNaN(one.value), Number.isNaN(other.value)];
    if (absent && missing) return sign * one.text.localeCompare(other.text);
    if (absent || missing) return absent ? 1 : -1;
    return sign * (one.value - other.value);
  });
  table.tBodies[0].append(...rows.map(({ row }) => row));
}

/**
 * Make the heads of a table buttons that sort it: names from A to Z first, numbers from the largest.
 * @param {HTMLTableElement} table
 */
function makeSortable(table) {
  const heads = [...(table.tHead?.rows[0].cells || [])];
  heads.forEach((head, column) => {
    const button = /** @type {HTMLButtonElement} */ (element("button"));
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : column > 0;
      for (const one of heads) one.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortRows(table, column, down);
    });
  });
}

/** Make every table that says so sortable. */
export function startSortable() {
  for (const table of findAll("table[data-sortable]")) makeSortable(/** @type {HTMLTableElement} */ (table));
}
