/** The list of consulates at the top of the panel: one of them chooses its district. */

import { find, findAs, option } from "./dom.js";
import { chooseInSight, clearSelection, currentSelection } from "./selection.js";
import { findLayer, pageMap, state } from "./state.js";
import { text } from "./text.js";

/** @returns {HTMLSelectElement} */
function consulateField() {
  return findAs("#consulate", HTMLSelectElement);
}

/** Write the list in the page's language and its alphabet; a run without districts has none. */
export function renderConsulates() {
  const { id, name } = findLayer("districts").data.columns;
  const { compare } = new Intl.Collator(state.language);
  const sorted = id.map((value, i) => ({ value, said: name[i] })).sort((a, b) => compare(a.said, b.said));
  find("#consulates").hidden = !id.length;
  consulateField().replaceChildren(
    option(text("consulate.none"), ""),
    ...sorted.map(({ value, said }) => option(said, value)),
  );
  showChosen();
}

/** Show the consulate of the choice, as it was chosen here, by search, on the map or in the address. */
function showChosen() {
  const current = currentSelection();
  consulateField().value = current && current.kind === "consulate" ? current.id : "";
}

/** Let the list choose, and follow what is chosen elsewhere. */
export function startConsulates() {
  const field = consulateField();
  field.addEventListener("change", () => {
    if (field.value) chooseInSight("consulate", field.value);
    else clearSelection();
  });
  pageMap().on("choice", showChosen);
}
