/** Entry of the map's page. */

import { alternativeName, renderAlternatives, startAlternatives } from "./alternatives.js";
import { startArrows } from "./arrows.js";
import { renderConsulates, startConsulates } from "./consulates.js";
import { startClosures } from "./closures.js";
import { readClosureModel, movedShares } from "./closure_model.js";
import { describe } from "./describe.js";
import { followChoice, openDetail, refreshDetail } from "./detail.js";
import { startEmbed, startPrint, startTheme } from "./display.js";
import { element, find, findAs, markReady, onSkip } from "./dom.js";
import { FeatureLayer } from "./features.js";
import { canUnpack, island, unpackIslands } from "./islands.js";
import { renderTexts, startLanguageButtons } from "./language.js";
import { layer, map } from "./leaflet_map.js";
import { isLegendRewritten, renderLegend, renderZoomButtons, showUsedClasses } from "./legend.js";
import { keepAddress, openLayers, openSelection, openView, showAll } from "./map_address.js";
import { formatDay, formatShare } from "./numbers.js";
import { startBridges } from "./crossings.js";
import { startPicture } from "./map_picture.js";
import { startReached } from "./reached.js";
import { renderMode } from "./run.js";
import { forgetPlaces, startSearch } from "./search.js";
import { startSharing } from "./sharing.js";
import { startShortKey } from "./short_key.js";
import { scenarioKind, scenarioTitle } from "./scenario.js";
import { choose, clearSelection, currentSelection, selectionKey, startSelection } from "./selection.js";
import { renderSelection } from "./selection_panel.js";
import { findLayer, pageMap, state } from "./state.js";
import { renderInformation, renderCrossings, renderRoads, renderSources, renderTrips } from "./tables.js";
import { text } from "./text.js";
import { refreshSupplyYear } from "./year_sliders.js";

const WIDE = "(min-width: 801px)";
const PAPER_SECTIONS = {
  run: ["#legend", "#crossings", "#trips"],
  edited: ["#legend", "#whatif"],
  alternative: ["#legend", "#variants"],
}; // that paper shows open, by what the map shows

const FINDING_OF = {
  run: "",
  edited: "moved.finding_edited",
  alternative: "moved.finding_alternative",
}; // said above the finding, by what the map shows

export { layer, map };

/** Parts of the page that its browser tests read. */
export const inner = {
  state,
  island,
  describe,
  formatDay,
  formatShare,
  readClosureModel,
  movedShares,
  alternativeName,
  choice: {
    choose,
    clear: clearSelection,
    find: findLayer,
    get current() {
      return selectionKey();
    },
  },
};

/** Put the layers back in their order after one was switched on, and the legend if Leaflet rewrote it. */
function restack() {
  if (isLegendRewritten()) renderLegend();
  const drawn = state.layers.filter((one) => one instanceof FeatureLayer);
  drawn
    .filter((one) => one.data.kind !== "fill" && pageMap().hasLayer(one))
    .sort((a, b) => a.data.order - b.data.order)
    .forEach((one) => one.bringToFront());
}

/** Write the finding, the run's: its first sentence stands out, and over a scenario it says of what it is. */
function renderFinding() {
  const [lead, ...rest] = (island("findings") || {})[state.language] || [];
  if (!lead) return;
  const kind = scenarioKind();
  const note = find("#finding-of");
  note.hidden = kind === "run";
  note.textContent = note.hidden ? "" : text(FINDING_OF[kind]);
  find("#finding strong").textContent = lead;
  find("#finding span").textContent = rest.join(" ");
}

/** Name what the map shows, the run or a scenario, in the browser's tab and above the finding. */
function renderTitle() {
  document.title = scenarioTitle();
  renderFinding();
}

/** Write the page in its language. */
function render() {
  renderTitle();
  renderTexts();
  renderZoomButtons();
  renderMode();
  pageMap().fire("language");
  renderLegend();
  renderCrossings();
  renderTrips();
  renderRoads();
  renderInformation();
  renderSources();
  renderAlternatives();
  renderConsulates();
  renderSelection();
  forgetPlaces();
  refreshDetail();
}

/**
 * Unpack the page's data, then make the map; a browser that cannot says so.
 * @param {() => void} start the script that folium writes
 */
export async function open(start) {
  if (canUnpack()) {
    await unpackIslands();
    return start();
  }
  state.words = island("words") || {};
  find("#map").replaceWith(element("p", text("page.old_browser"), "noscript"));
  find("#panel").hidden = true;
}

/** Fill the page around the map. The script that folium writes calls it last. */
export function page() {
  const leaflet = pageMap();
  state.clicked = openDetail;
  state.tables = island("tables") || state.tables;
  state.partners = island("partners") || {};
  startTheme(keepAddress);
  startPrint(() => ({
    title: scenarioTitle(),
    sections: PAPER_SECTIONS[scenarioKind()],
    scenario: scenarioKind(),
  }));
  startSelection();
  startSearch();
  startConsulates();
  openLayers(); // before there is a view: what is drawn is then drawn once
  openView();
  render();
  restack();
  startBridges();
  startShortKey();
  leaflet.on("overlayadd overlayremove choice bridges", restack);
  leaflet.on("choice", () => {
    renderSelection();
    refreshSupplyYear();
    followChoice();
  });
  leaflet.on("choice edit", renderTitle);
  leaflet.on("choice overlayadd overlayremove", showUsedClasses);
  startReached();
  startArrows();
  startSharing();
  startPicture();
  startAlternatives();
  openSelection();
  startClosures();
  startEmbed(showAll);
  startLanguageButtons((language) => {
    state.language = language;
    render();
    keepAddress();
  });
  leaflet.on("moveend overlayadd overlayremove choice edit", keepAddress);
  startKeys();
  const crossings = findAs("#crossings", HTMLDetailsElement);
  crossings.open = crossings.open && matchMedia(WIDE).matches;
  markReady();
}

/** Let Escape end a choice, and the first link of the page lead to the search. */
function startKeys() {
  const field = find("#search");
  addEventListener("keydown", (event) => {
    const isEscape = event.key === "Escape" && event.target !== field;
    if (isEscape && (currentSelection() || state.variant)) clearSelection();
  });
  onSkip(() => field.focus()); // the address is kept for the place
}
