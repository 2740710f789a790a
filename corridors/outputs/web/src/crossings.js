/** Crossing cities and their bridges: names in the page's language, and which bridges the map draws. */

import { sum } from "./packing.js";
import { findLayer, pageMap, state } from "./state.js";
import { redrawDiscs } from "./selection.js";
import { portRadius } from "./styles.js";
import { latLng } from "./points.js";

const MIN_ZOOM = 8; // the map opens below
const GAP = 2; // pixels between the discs of two bridges

/**
 * Return the name of a crossing city.
 * @param {number} city
 */
export function cityName(city) {
  const { name, name_es: spanish } = findLayer("crossings").data.columns;
  return (state.language === "es" ? spanish : name)[city];
}

/**
 * Return the name of a port on the side of the border of the page's language, and the one of the other side.
 * @param {number} port
 */
export function portNames(port) {
  const { name_us: us, name_mx: mx } = findLayer("ports").data.columns;
  return state.language === "es" ? [mx[port], us[port]] : [us[port], mx[port]];
}

/**
 * Return the cities whose bridges' discs lie apart from each other at a zoom.
 * @param {number} zoom
 */
function citiesApart(zoom) {
  const map = pageMap();
  const { shapes, columns } = findLayer("ports").data;
  const cities = findLayer("crossings").data.columns.ports;
  const at = (/** @type {number} */ port) => map.project(latLng(shapes[port]), zoom);
  const near = (/** @type {number} */ one, /** @type {number} */ other) =>
    at(one).distanceTo(at(other)) <
    sum([one, other].map((port) => portRadius(columns.share_mean[port] ?? 0))) + GAP;
  return [...cities.keys()].filter((city) => {
    const ports = cities[city];
    return ports.length > 1 && !ports.some((one, n) => ports.slice(n + 1).some((other) => near(one, other)));
  });
}

/** Draw the bridges of a city in place of its disc where the map is zoomed in so far that they lie apart. */
function drawBridges() {
  const map = pageMap();
  const bridges = findLayer("ports");
  const shown = map.hasLayer(findLayer("crossings")) && map.getZoom() >= MIN_ZOOM;
  const apart = shown ? citiesApart(map.getZoom()) : [];
  if (apart.join() === [...state.apart].join() && map.hasLayer(bridges) === apart.length > 0) return;
  state.apart = new Set(apart);
  if (apart.length) map.addLayer(bridges);
  else map.removeLayer(bridges);
  redrawDiscs();
  map.fire("bridges");
}

/** Draw bridges as the map is zoomed and the layer of cities switched. */
export function startBridges() {
  drawBridges();
  pageMap().on("zoomend overlayadd overlayremove", drawBridges);
}
