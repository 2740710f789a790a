/** What the map shows in place of the run: changes that the reader made, or another assumption. */

import { alternativeName } from "./alternatives.js";
import { editsInWords, isEdited } from "./closures.js";
import { state } from "./state.js";
import { text } from "./text.js";

/** @typedef {"run" | "edited" | "alternative"} ScenarioKind */

/**
 * Return what the map shows.
 * @returns {ScenarioKind}
 */
export function scenarioKind() {
  if (isEdited()) return "edited";
  return state.variant ? "alternative" : "run";
}

/** Return the title of what the map shows, the page's own for the run. */
export function scenarioTitle() {
  const other = state.variant ? text("variant.other", { value: alternativeName(state.variant) }) : "";
  if (!isEdited()) return other || text("page.title");
  return [text("moved.scenario", { changes: editsInWords() }), other].filter(Boolean).join(". ");
}
