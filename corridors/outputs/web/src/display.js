/** Display of the page: light or dark, on paper, in an article. */

import { fromUrl } from "./address.js";
import { repaintCanvases } from "./canvases.js";
import { find, findAll, findAs } from "./dom.js";
import { showLocator } from "./locator.js";
import { boxOf } from "./points.js";
import { pageMap, state } from "./state.js";

const WIDE_FRAME = 640; // pixels; a narrower frame opens without its legend

let themeChosen = false;

/** Return the theme that the reader chose, null where the page follows the system. */
export function chosenTheme() {
  return themeChosen ? (document.documentElement.dataset.theme ?? null) : null;
}

/** @param {string} theme */
function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  find("#theme").setAttribute("aria-pressed", String(theme === "dark"));
}

/**
 * Open in the theme of the address, else in the system's; call `changed` when the reader chooses another.
 * @param {() => void} changed
 */
export function startTheme(changed) {
  const fromAddress = fromUrl("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ofSystem = () => (dark.matches ? "dark" : "light");
  themeChosen = fromAddress === "dark" || fromAddress === "light";
  applyTheme(themeChosen && fromAddress ? fromAddress : ofSystem());
  dark.addEventListener("change", () => {
    if (!themeChosen) applyTheme(ofSystem());
  });
  find("#theme").addEventListener("click", () => {
    themeChosen = true;
    applyTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    changed();
  });
}

/**
 * What a page has on paper: its title, the sections that open, what its map shows (by a name that its style knows, in
 * `data-scenario`).
 * @typedef {{ title: string, sections: string[], scenario: string }} Paper
 */

/**
 * On paper the map has the size that its style gives it, shows what was in sight, and is light; the page's title is of what
 * the map shows.
 * @param {() => Paper} describePaper
 */
export function startPrint(describePaper) {
  const root = document.documentElement;
  const map = pageMap();
  /** @type {(() => void) | null} */
  let restore = null;
  let hideLocator = () => {};
  addEventListener("beforeprint", () => {
    if (restore) return;
    const { title, sections, scenario } = describePaper();
    const heading = find("h1");
    const former = { theme: root.dataset.theme, title: document.title, heading: heading.textContent };
    const [center, zoom] = [map.getCenter(), map.getZoom()];
    const folds = sections.map((selector) => findAs(selector, HTMLDetailsElement));
    const open = folds.map((fold) => fold.open);
    restore = () => {
      hideLocator();
      root.classList.remove("paper");
      delete root.dataset.scenario;
      if (former.theme === undefined) delete root.dataset.theme;
      else root.dataset.theme = former.theme;
      document.title = former.title;
      heading.textContent = former.heading;
      folds.forEach((fold, i) => (fold.open = open[i]));
      map.invalidateSize({ animate: false, pan: false });
      map.setView(center, zoom, { animate: false });
    };
    const [shown, whole] = [map.getBounds(), boxOf(state.run.bounds)];
    const bounds = shown.contains(whole) ? whole : shown;
    for (const fold of folds) fold.open = true;
    root.classList.add("paper");
    root.dataset.theme = "light";
    root.dataset.scenario = scenario;
    document.title = title;
    heading.textContent = title;
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(bounds, { animate: false });
    hideLocator = showLocator();
    repaintCanvases(map);
  });
  addEventListener("afterprint", () => {
    if (restore) restore();
    restore = null;
  });
  for (const button of findAll("#print")) button.addEventListener("click", () => print());
}

/**
 * In an article: send the parent the page's height, which follows from its width and what is open, never from itself.
 * @param {() => void} showAll  Fits the map to the run.
 */
export function startEmbed(showAll) {
  if (!/[?&]embed\b/.test(location.search)) return;
  const map = pageMap();
  document.documentElement.classList.add("embed");
  findAs("#legend", HTMLDetailsElement).open = innerWidth >= WIDE_FRAME;
  map.scrollWheelZoom.disable(); // the wheel is the article's until the map is chosen
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  const sendHeight = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage({ corridors: "height", height }, "*");
  };
  new ResizeObserver(sendHeight).observe(document.body);
  map.invalidateSize({ animate: false });
  if (!/^#\d/.test(location.hash)) showAll();
}
