/** Discs of the border: where several overlap, the pointer finds the one whose center is nearest. */

const TOLERANCE = 4; // pixels around a disc

/** A disc among `rivals`, the discs of its layer. */
export class Disc extends L.CircleMarker {
  /** @type {Disc[]} */
  rivals = [];

  /**
   * Return the distance of a point of the map from the center, pixels, infinite beyond the disc.
   * @param {L.Point} point
   */
  distance(point) {
    const away = this._map.latLngToLayerPoint(this.getLatLng()).distanceTo(point);
    return this.options.interactive && away <= this.getRadius() + TOLERANCE ? away : Infinity;
  }

  /**
   * Return whether the pointer is on this disc and no nearer to the center of another: Leaflet's canvas asks.
   * @param {L.Point} point
   */
  _containsPoint(point) {
    const own = this.distance(point);
    return own < Infinity && this.rivals.every((one) => one.distance(point) >= own);
  }
}
