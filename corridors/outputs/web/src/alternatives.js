/** The switch of alternatives: the map with one setting of the run changed, and ranks before and after. */

import { element, find, findAs, option, rowHead } from "./dom.js";
import { formatNumber } from "./numbers.js";
import { chooseAlternative } from "./selection.js";
import { pageMap, state } from "./state.js";
import { nameOf, text } from "./text.js";

/**
 * Return what an alternative changes, in words: "Demand: population".
 * @param {number} variant  Counted from 1.
 */
export function alternativeName(variant) {
  const [setting, value] = state.tables.variants[variant - 1];
  return text(`variant.${setting}`, { value: nameOf(setting, value) });
}

/**
 * Return the number of the alternative that an address names as "setting.value", 0 where there is none.
 * @param {string | null} name
 */
export function alternativeNumber(name) {
  return state.tables.variants.findIndex((one) => one.join(".") === name) + 1;
}

/** Write the switch in the page's language. */
export function renderAlternatives() {
  const { variants } = state.tables;
  find("#variants").hidden = !variants.length;
  find("#variant").replaceChildren(
    option(text("variant.own"), 0),
    ...variants.map((_, i) => option(alternativeName(i + 1), i + 1)),
  );
  renderRanks();
}

/** Write the ranks of the leading crossing cities and corridors before and after; a change of rank is marked. */
function renderRanks() {
  const { variant, tables } = state;
  findAs("#variant", HTMLSelectElement).value = String(variant);
  const table = find("#variants table");
  table.hidden = !variant;
  if (!variant) return;
  const rows = tables.ranks.map((row) => {
    const after = row.ranks[variant - 1];
    const mark = after < row.run ? " ▲" : after > row.run ? " ▼" : "";
    const line = element("tr");
    line.append(
      rowHead(state.language === "es" ? row.name_es : row.name),
      element("td", formatNumber(row.run)),
      element("td", formatNumber(after) + mark),
    );
    return line;
  });
  find("tbody", table).replaceChildren(...rows);
}

/** Let the switch choose. */
export function startAlternatives() {
  const field = findAs("#variant", HTMLSelectElement);
  field.addEventListener("change", () => chooseAlternative(Number(field.value)));
  pageMap().on("choice", renderRanks);
}
