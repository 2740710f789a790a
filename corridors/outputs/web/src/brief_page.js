/** Entry of a brief: an article in each language, and a map that moves to the one that is shown. */

import { showArticles, showsBoth, startArticles } from "./articles.js";
import { describe } from "./describe.js";
import { bridgeTable } from "./bridge_table.js";
import { articleLink, element, find, findAll, markReady, rowHead } from "./dom.js";
import { island } from "./islands.js";
import { layer, map } from "./leaflet_map.js";
import { boxOf } from "./points.js";
import { formatBand, formatShare } from "./numbers.js";
import { findLayer, pageMap, state } from "./state.js";
import { text } from "./text.js";

/** @import { Described } from "./describe.js" */
/** @import { Language } from "./state.js" */

export { layer, map };

/** Parts of the page that its browser tests read. */
export const inner = { state };

/** @param {Language} language */
function show(language) {
  const article = showArticles(language);
  const box = find("#map");
  find(".place-of-map", article).append(box);
  box.setAttribute("aria-label", find("h1", article).textContent || "");
  state.language = language;
  for (const node of findAll("[data-i]", box)) node.textContent = text(node.dataset.i || "");
  pageMap().fire("language");
}

/**
 * Return the bridges inside a crossing city that the page lists, with share, band and grade: a table, or nothing where it lists none.
 * @param {number} city
 */
function bridgeTables(city) {
  const { columns } = findLayer("ports").data;
  const ports = findLayer("crossings").data.columns.ports[city];
  if (!ports.length) return [];
  const names = state.language === "es" ? columns.name_mx : columns.name_us;
  const rows = ports.map((port) => {
    const row = element("tr");
    row.append(
      rowHead(names[port]),
      element("td", formatShare(columns.share_mean[port])),
      element("td", formatBand(columns.share_lo90[port], columns.share_hi90[port])),
      element("td", columns.grade[port]),
    );
    return row;
  });
  return [bridgeTable(rows)];
}

/** Open the map on the district; a click describes a feature where it is. */
function startMap() {
  const leaflet = pageMap();
  const view = boxOf(state.run.bounds);
  /** @type {MouseEvent | null} */
  let pressed = null;
  find("#map").hidden = false;
  document.documentElement.dataset.map = "live";
  leaflet.fitBounds(view, { animate: false });
  leaflet.setMaxBounds(view.pad(1));
  leaflet.getContainer().addEventListener("click", (event) => (pressed = event), true);
  state.clicked = (one, index) => {
    if (!pressed) return;
    const content = element("div");
    const inside = one.data.kind === "crossings" ? bridgeTables(index) : [];
    content.append(describe(/** @type {Described} */ (one.data), index, false), ...inside);
    L.popup({ maxWidth: 300 })
      .setLatLng(leaflet.mouseEventToLatLng(pressed))
      .setContent(content)
      .openOn(leaflet);
  };
}

/** Make a link of each event's address: the page's own text names no host. */
function linkEvents() {
  const links = island("links") || {};
  for (const cell of findAll("[data-event]")) {
    const url = links[cell.dataset.event || ""];
    if (url) cell.replaceChildren(articleLink(url));
  }
}

/** Show the page. The script that folium writes calls it last. */
export function page() {
  linkEvents();
  startArticles(show);
  if (!showsBoth()) startMap(); // what is printed in both languages has pictures
  markReady();
}
