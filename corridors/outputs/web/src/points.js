/** Points and boxes of payloads as Leaflet reads them. */

import { decodePolyline } from "./packing.js";

/**
 * Return a latitude-longitude pair of a payload.
 * @param {(number | null)[]} point
 */
export function latLng(point) {
  return /** @type {L.LatLngTuple} */ (point);
}

/**
 * Return a box of a payload, south-west and north-east corner.
 * @param {number[][]} [box]
 */
export function boxOf(box = []) {
  return L.latLngBounds(/** @type {L.LatLngTuple[]} */ (box));
}

/**
 * Return the points of an encoded polyline.
 * @param {string} code
 * @param {number} scale
 */
export function decode(code, scale) {
  return decodePolyline(code, scale).map(([lat, lon]) => new L.LatLng(lat, lon));
}
