/** The short key, on a wide map and under a narrow one: of what the shares are, and a line for each kind of mark. */

import { find, findAs, legendItem, picture } from "./dom.js";
import { keyLine } from "./key_line.js";
import { formatBound } from "./numbers.js";
import { findLayer, pageMap } from "./state.js";
import { areaOutline, portRadius } from "./styles.js";
import { text } from "./text.js";

const SAMPLE = 0.05; // share of the sample disc
const SHADES = [1, 3, 5]; // classes of an area that stand for all
const WIDE = "(min-width: 801px)"; // where the legend beside the map begins below the first screen

class ShortKey extends L.Control {
  constructor() {
    super({ position: "topright" });
  }

  /** @override */
  onAdd() {
    const key = findAs("#short-key", HTMLDetailsElement);
    L.DomEvent.disableClickPropagation(key);
    key.addEventListener("toggle", makeRoom);
    return key;
  }
}

/** Put the key on the map of a wide page; an article's and a phone's have it below. */
export function startShortKey() {
  if (matchMedia(WIDE).matches && !document.documentElement.classList.contains("embed"))
    new ShortKey().addTo(pageMap());
  makeRoom();
}

let height = 0; // of the key on the map when the names of places last made room for it

/** Let the names of places make room for the key where its size has changed. */
function makeRoom() {
  const key = find("#short-key");
  if (!key.classList.contains("leaflet-control") || key.offsetHeight === height) return;
  height = key.offsetHeight;
  pageMap().fire("card");
}

/** Fold the key that is on the map: its title stays. */
export function foldShortKey() {
  const key = findAs("#short-key", HTMLDetailsElement);
  if (key.classList.contains("leaflet-control")) key.open = false;
}

/**
 * Write the key.
 * @param {Set<number>} used  Classes of corridors that a road is drawn in.
 */
export function renderShortKey(used) {
  const list = find("#short-key ul");
  list.replaceChildren(...lineItems(used), ...discItems(), ...areaItems());
  makeRoom();
}

/**
 * @param {"crossings" | "corridors" | "corridors_c" | "zones" | "municipalities"} name
 */
function isShown(name) {
  const layer = findLayer(name);
  return layer.data.shapes.length > 0 && pageMap().hasLayer(layer);
}

/** @param {Set<number>} used */
function lineItems(used) {
  const { breaks, colours, widths } = findLayer("corridors").data.classes;
  const items = [];
  for (const bin of [...used].filter((one) => one >= 0).sort((a, b) => a - b)) {
    const [low, high] = [breaks[bin], breaks[bin + 1]];
    const range =
      high === undefined
        ? text("legend.over", { low: formatBound(low) })
        : text("legend.range", { low: formatBound(low), high: formatBound(high) });
    items.push(legendItem(keyLine(colours[bin], widths[bin]), range));
  }
  const { dash } = findLayer("corridors_c").data;
  if (dash && isShown("corridors_c"))
    items.push(legendItem(keyLine(undefined, undefined, dash), text("legend.dashed")));
  return items;
}

function discItems() {
  if (!isShown("crossings")) return [];
  const { style } = findLayer("crossings").data;
  const disc = {
    cx: 20,
    cy: 10,
    r: portRadius(SAMPLE),
    fill: style.fillColor ?? "",
    stroke: style.color ?? "",
  };
  const name = `${text("layer.crossings")} (${formatBound(SAMPLE)})`;
  return [legendItem(picture(40, 20, [["circle", disc]]), name)];
}

function areaItems() {
  return /** @type {const} */ (["zones", "municipalities"]).filter(isShown).map((name) => {
    const { data } = findLayer(name);
    const cells = SHADES.map(
      (bin, i) =>
        /** @type {import("./dom.js").Shape} */ ([
          "rect",
          {
            x: i * 13 + 0.5,
            y: 0.5,
            width: 12,
            height: 11,
            fill: data.classes.colours[bin],
            stroke: areaOutline(data),
          },
        ]),
    );
    return legendItem(picture(40, 12, cells), text(`layer.${name}`));
  });
}
