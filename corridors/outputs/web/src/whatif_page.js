/** Entry of the page of what-ifs. */

import { fromUrl, replaceHash } from "./address.js";
import { bridgeTable } from "./bridge_table.js";
import { changeMarks, renderChangeLegend } from "./change_marks.js";
import { describe } from "./describe.js";
import { startPrint } from "./display.js";
import { find, findAll, findAs, markReady, onSkip, option } from "./dom.js";
import { island } from "./islands.js";
import { renderTexts, startLanguageButtons } from "./language.js";
import { layer, map } from "./leaflet_map.js";
import { boxOf, latLng } from "./points.js";
import { renderMode } from "./run.js";
import { pageMap, state } from "./state.js";
import { text } from "./text.js";
import {
  changeRow,
  renderChanges,
  renderComparison,
  renderSourceLines,
  renderSummary,
} from "./whatif_tables.js";

/** @import { ChangeRow, ScenarioIsland, ScenarioPlace, WhatifIsland } from "./payloads.js" */
/** @import { Described } from "./describe.js" */
/** @import { Total } from "./whatif_tables.js" */

const PAPER_SECTIONS = ["#key", "#crossing_city", "#corridor", "#us_state", "#mx_state", "#consulate"];
const MIN_ZOOM = 8; // from which the bridges of a city may stand in its place
const APART = 30; // pixels between two bridges whose marks can be told apart
const CHANGE_LAYERS = ["loss_unsure", "gain_unsure", "loss_sure", "gain_sure"];

/** @type {WhatifIsland} */
let data = { opens: 0, scenarios: [], classes: { gain: [], loss: [], breaks: [], widths: [] } };
let chosen = 0;
/** @type {Total} */
let total = "fixed";
/** @type {L.LayerGroup | null} */
let marks = null;

export { layer, map };

/** Parts of the page that its browser tests read. */
export const inner = { state };

/**
 * Return the layers of a scenario's changes.
 * @param {number} n
 */
function changeLayers(n) {
  return state.layers.filter((one) => CHANGE_LAYERS.some((name) => one.name === `${name}_${n}`));
}

/**
 * Describe a changed place: a crossing city over its bridges, or a bridge.
 * @param {ScenarioPlace} place
 */
function openPlace({ row: city, bridge }) {
  const { inside = [], ...own } = data.scenarios[chosen].tables.crossing_city[city];
  const row = bridge === undefined ? own : inside[bridge];
  const [change, band] = row.fixed;
  const columns = {
    name: [row.name],
    name_es: [row.name_es],
    change: [change],
    band: [band],
    before: [row.before],
    after: [row.after],
  };
  const fields = [
    ["whatif.change", "text", "change"],
    ["whatif.band", "text", "band"],
    ["whatif.before", "share", "before"],
    ["whatif.after", "share", "after"],
  ];
  const bridges = bridge === undefined && inside.length ? [bridgeChanges(inside)] : [];
  find("#detail").replaceChildren(describe({ title: "name", columns, fields }, 0, false), ...bridges);
}

/** @param {ChangeRow[]} rows */
function bridgeChanges(rows) {
  const keys = ["ports.port", "whatif.change", "whatif.band90", "whatif.sure"];
  return bridgeTable(
    rows.map((row) => changeRow(row, "fixed", "bridge")),
    keys,
  );
}

/**
 * Return the places whose marks the map shows: crossing cities, or their bridges where these lie apart; a closed bridge always.
 * @param {ScenarioIsland} scenario
 */
function shownPlaces({ crossings, bridges }) {
  const leaflet = pageMap();
  const zoom = leaflet.getZoom();
  const at = (/** @type {ScenarioPlace} */ place) => leaflet.project(latLng(place.at), zoom);
  const lieApart = (/** @type {number} */ row) => {
    const own = bridges.filter((one) => one.row === row);
    return own.every((one, n) => own.slice(n + 1).every((other) => at(one).distanceTo(at(other)) >= APART));
  };
  const open = new Set(bridges.map((one) => one.row).filter((row) => zoom >= MIN_ZOOM && lieApart(row)));
  return [
    ...crossings.filter((one) => !open.has(one.row)),
    ...bridges.filter((one) => one.closed || open.has(one.row)),
  ];
}

/** Draw the marks of the scenario chosen. */
function drawMarks() {
  const leaflet = pageMap();
  if (marks) leaflet.removeLayer(marks);
  marks = changeMarks(data.classes, shownPlaces(data.scenarios[chosen]), openPlace).addTo(leaflet);
  leaflet.fire("marks");
}

/** Draw the changes of the scenario chosen. */
function draw() {
  const leaflet = pageMap();
  data.scenarios.forEach((_, n) => changeLayers(n).forEach((one) => leaflet.removeLayer(one)));
  changeLayers(chosen).forEach((one) => leaflet.addLayer(one));
  drawMarks();
}

/** Write the page in its language. */
function render() {
  const { language } = state;
  const scenario = data.scenarios[chosen];
  document.title = text("whatif.title");
  renderTexts();
  renderMode();
  renderSourceLines();
  const list = findAs("#scenario", HTMLSelectElement);
  list.replaceChildren(...data.scenarios.map((one, n) => option(one.name[language], n)));
  list.value = String(chosen);
  find("#question").textContent = scenario.question[language];
  renderChangeLegend(find("#key ul"), data.classes, true);
  renderSummary(scenario.summary);
  renderChanges(scenario.tables, total);
  renderComparison(data.scenarios, choose);
  pageMap().fire("language");
  replaceHash([`lang=${language}`, `scenario=${scenario.id}`]);
}

/** @param {number} n */
function choose(n) {
  chosen = n;
  draw();
  render();
}

/** Fill the page around the map. The script that folium writes calls it last. */
export function page() {
  data = island("whatif") || data;
  const id = fromUrl("scenario");
  const asked = data.scenarios.findIndex((one) => one.id === id);
  chosen = asked < 0 ? data.opens : asked;
  state.clicked = (one, index) => {
    const described = /** @type {Described} */ (one.data);
    find("#detail").replaceChildren(describe(described, index, false));
  };
  pageMap().fitBounds(boxOf(state.run.bounds), { animate: false, padding: [4, 4] });
  draw();
  pageMap().on("zoomend", drawMarks);
  render();
  const list = findAs("#scenario", HTMLSelectElement);
  list.addEventListener("change", () => choose(Number(list.value)));
  for (const node of findAll("#totals input")) {
    node.addEventListener("change", () => {
      total = node instanceof HTMLInputElement && node.value === "elastic" ? "elastic" : "fixed";
      renderChanges(data.scenarios[chosen].tables, total);
    });
  }
  startLanguageButtons((language) => {
    state.language = language;
    render();
  });
  startPrint(() => ({
    title: text("moved.scenario", { changes: data.scenarios[chosen].name[state.language] }),
    sections: PAPER_SECTIONS,
    scenario: data.scenarios[chosen].id,
  }));
  onSkip(() => find("#panel").focus()); // the address is kept for the scenario
  markReady();
}
