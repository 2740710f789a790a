/** How a chosen municipality is reached: the trip corridors of the table that end in its state. */

import { LineGroup } from "./highlight.js";
import { currentSelection } from "./selection.js";
import { memberIndexes } from "./selection_model.js";
import { findLayer, pageMap, state } from "./state.js";

/** @import { Selection } from "./selection_model.js" */

/**
 * Return the code and the name of the state that a municipality lies in.
 * @param {string} id
 */
export function stateOfMunicipality(id) {
  const { columns, states = {} } = findLayer("municipalities").data;
  const [i] = memberIndexes("municipality", id);
  const code = (columns.code || [])[i] ?? "";
  return { code, name: states[code] ?? code };
}

/**
 * Return the trip corridors of the table that end in the state of a chosen municipality.
 * @param {Selection | null} selection
 */
export function tripsTo(selection) {
  if (!selection || selection.kind !== "municipality") return [];
  const { name } = stateOfMunicipality(selection.id);
  return state.tables.trips.filter((trip) => trip.mx_state === name);
}

/** Highlight these trips for as long as a municipality is chosen. */
export function startReached() {
  const lines = new LineGroup();
  pageMap().on("choice", () => lines.draw(tripsTo(currentSelection()).map((trip) => trip.line)));
}
