/** Entry of a brief: an article in each language, and a map that moves to the one that is shown. */

import { showArticles, showsBoth, startArticles } from "./articles.js";
import { describe } from "./describe.js";
import { articleLink, find, findAll, markReady } from "./dom.js";
import { island } from "./islands.js";
import { layer, map } from "./leaflet_map.js";
import { boxOf } from "./points.js";
import { pageMap, state } from "./state.js";
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
    const content = describe(/** @type {Described} */ (one.data), index, false);
    L.popup({ maxWidth: 260 })
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
