/**
 * The map's state in the address: #zoom/lat/lng/lang=es/layers=crossings.zones/see=crossing.nuevo_laredo/with=lens.all/theme=dark/
 * closed=CA-SYS.AZ-NOG/laws=AZ.1.TX.-1.
 *
 * All but the place and the language are there only where they differ from what the map opens with.
 */

import { fromUrl, replaceHash } from "./address.js";
import { alternativeNumber } from "./alternatives.js";
import { editEntries, isCovered } from "./closures.js";
import { chosenTheme } from "./display.js";
import { SWITCHES } from "./legend.js";
import { boxOf } from "./points.js";
import { choose, chooseAlternative, isTemporary, selectionKey } from "./selection.js";
import { findLayer, hasLayer, pageMap, state } from "./state.js";

/** @type {Record<string, string>} */
const FORMER_NAMES = { ports: "crossings" }; // of layers in addresses that were shared before

/** @type {Set<string>} */
let shownAtFirst = new Set();

/** Return the names of the layers that the reader can switch. */
function switchable() {
  return SWITCHES.filter((name) => hasLayer(name) && findLayer(name).data.shapes.length);
}

/**
 * Return whether the reader has a layer on the map, apart from what a choice or changes show or hide for a while.
 * @param {(typeof SWITCHES)[number]} name
 */
function isOn(name) {
  const layer = findLayer(name);
  return (pageMap().hasLayer(layer) && !isTemporary(layer)) || isCovered(layer);
}

/** Write the map's state into the address. */
export function keepAddress() {
  const map = pageMap();
  const center = map.getCenter();
  const names = switchable();
  const entries = [
    String(map.getZoom()),
    center.lat.toFixed(3),
    center.lng.toFixed(3),
    `lang=${state.language}`,
  ];
  const key = selectionKey();
  const theme = chosenTheme();
  if (names.some((name) => isOn(name) !== shownAtFirst.has(name)))
    entries.push(`layers=${names.filter(isOn).join(".")}`);
  if (key) entries.push(`see=${encodeURIComponent(key)}`);
  if (state.variant) entries.push(`with=${state.tables.variants[state.variant - 1].join(".")}`);
  entries.push(...editEntries());
  if (theme) entries.push(`theme=${theme}`);
  replaceHash(entries);
}

/** Fit the map to the run; in a frame that is not shown yet, as soon as it is. */
export function showAll() {
  const map = pageMap();
  const { x, y } = map.getSize();
  const box = boxOf(state.run.bounds);
  if (x && y) {
    map.fitBounds(box, { animate: false, padding: [4, 4] });
  } else {
    map.setView(box.getCenter(), map.getMinZoom(), { animate: false });
    map.once("resize", showAll);
  }
}

/** Show the layers of the address. */
export function openLayers() {
  shownAtFirst = new Set(switchable().filter(isOn));
  const given = fromUrl("layers");
  if (given === null) return;
  const map = pageMap();
  const wanted = given.split(".").map((name) => FORMER_NAMES[name] ?? name);
  for (const name of switchable().filter((one) => isOn(one) !== wanted.includes(one))) {
    if (isOn(name)) map.removeLayer(findLayer(name));
    else map.addLayer(findLayer(name));
  }
}

/** Show the place of the address, else the run. */
export function openView() {
  const place = location.hash.match(/^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)/);
  const map = pageMap();
  if (place) map.setView([Number(place[2]), Number(place[3])], Number(place[1]), { animate: false });
  else showAll();
  map.setMaxBounds(boxOf(state.run.bounds).pad(0.6));
}

/** Choose what the address names. */
export function openSelection() {
  const see = fromUrl("see");
  const variant = alternativeNumber(fromUrl("with"));
  if (see) choose(see.slice(0, see.indexOf(".")), see.slice(see.indexOf(".") + 1));
  else if (variant) chooseAlternative(variant);
}
