/** Entry of the page of sources. */

import { replaceHash } from "./address.js";
import { element, find, findAs, markReady, onSkip } from "./dom.js";
import { island } from "./islands.js";
import { openingLanguage, renderTexts, startLanguageButtons } from "./language.js";
import { formatDay } from "./numbers.js";
import { sourceRow, summaryBoxes } from "./sources_table.js";
import { state } from "./state.js";
import { text } from "./text.js";

/** @import { SourcesIsland } from "./payloads.js" */

const COLUMNS = 6;

/** @type {SourcesIsland} */
let data = { on: null, rows: [] };

/** Write the page in its language; what was open stays open. */
function render() {
  const { rows, on } = data;
  document.title = text("data.title");
  renderTexts();
  find("#aged").textContent = on ? text("data.aged", { date: formatDay(on) }) : "";
  find("#summary").replaceChildren(...summaryBoxes(rows));
  const body = find("#sources tbody");
  const open = details(body).map((node) => node.open);
  body.replaceChildren(...(rows.length ? rows.map(sourceRow) : [emptyRow()]));
  details(body).forEach((node, i) => (node.open = Boolean(open[i])));
}

function emptyRow() {
  const cell = element("td", text("data.empty"));
  cell.colSpan = COLUMNS;
  const line = element("tr");
  line.append(cell);
  return line;
}

/** @param {ParentNode} parent */
function details(parent) {
  return [...parent.querySelectorAll("details")];
}

/** Fill the page. */
export function page() {
  state.language = openingLanguage();
  state.words = island("words") || {};
  data = island("sources_data") || data;
  render();
  startLanguageButtons((language) => {
    state.language = language;
    render();
    replaceHash([`lang=${language}`]);
  });
  onSkip(() => findAs("#sources", HTMLTableElement).focus()); // the address is kept for the language
  addEventListener("beforeprint", () => details(document).forEach((node) => (node.open = true)));
  markReady();
}
