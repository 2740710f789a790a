/** Names of cities on the map. */

import { element } from "./dom.js";
import { latLng } from "./points.js";
import { state } from "./state.js";

/** @import { PlaceLayer } from "./payloads.js" */

const MAX_LABELS = 60;

/** City names: the most important first, as many as fit without touching. */
export class PlaceLabels extends L.LayerGroup {
  /**
   * @param {PlaceLayer} data
   * @param {string} name
   */
  constructor(data, name) {
    super([]);
    this.data = data;
    this.name = name;
    this.pen = document.createElement("canvas").getContext("2d");
  }

  /**
   * @param {L.Map} map
   * @override
   */
  onAdd(map) {
    super.onAdd(map);
    map.on("moveend resize language", this.arrange, this);
    this.arrange();
    return this;
  }

  /**
   * @param {L.Map} map
   * @override
   */
  onRemove(map) {
    map.off("moveend resize language", this.arrange, this);
    super.onRemove(map);
    return this;
  }

  /** Write the names anew for what the map shows. */
  arrange() {
    const { data, pen, _map: map } = this;
    if (!map || !pen || map.getZoom() === undefined) return; // no view yet
    const size = map.getSize();
    /** @type {number[][]} */
    const taken = [];
    const names = (state.language === "es" && data.columns.name_es) || data.columns.name;
    this.clearLayers();
    pen.font = "12px sans-serif";
    data.shapes.forEach((point, i) => {
      if (data.columns.rank[i] > map.getZoom() || taken.length >= MAX_LABELS) return;
      const at = map.latLngToContainerPoint(latLng(point));
      const width = pen.measureText(names[i]).width + 14;
      const box = [at.x - 4, at.y - 9, at.x + width, at.y + 9];
      if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) return;
      if (taken.some((other) => touch(box, other))) return;
      taken.push(box);
      // without a size Leaflet lets the text have its own
      const icon = L.divIcon({ className: "place", iconSize: undefined, html: element("span", names[i]) });
      this.addLayer(L.marker(latLng(point), { icon, interactive: false, keyboard: false }));
    });
  }
}

/**
 * Return whether two boxes (left, top, right, bottom) overlap.
 * @param {number[]} one
 * @param {number[]} other
 */
function touch(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
