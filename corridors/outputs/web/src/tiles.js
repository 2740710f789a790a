/** An online map under ours, requested only once the reader switches it on. */

/** @import { TileLayer } from "./payloads.js" */

/** Pictures of a map from a server; where one does not come, our own land is below. */
export class TilePictures extends L.TileLayer {
  /**
   * @param {TileLayer} data
   * @param {string} name
   */
  constructor(data, name) {
    super(data.shapes[0], { pane: "tiles", maxZoom: 19, referrerPolicy: "strict-origin" });
    this.data = data;
    this.name = name;
    const page = document.documentElement.classList;
    this.on("tileerror", () => page.add("no-tiles"));
    this.on("tileload", () => page.remove("no-tiles"));
    this.on("add remove", (event) => {
      const credit = document.querySelector(".credit .tiles");
      if (credit) credit.textContent = event.type === "add" ? `${data.credit} · ` : "";
    });
  }

  /**
   * Make the pane, over the land and under all that is ours.
   * @param {L.Map} map
   * @override
   */
  beforeAdd(map) {
    const pane = map.getPane("tiles") || map.createPane("tiles");
    Object.assign(pane.style, { zIndex: "260", pointerEvents: "none" });
    // Leaflet's own, which its declarations leave out
    const leaflet = /** @type {{ beforeAdd(this: L.TileLayer, map: L.Map): void }} */ (
      /** @type {unknown} */ (L.TileLayer.prototype)
    );
    leaflet.beforeAdd.call(this, map);
    return this;
  }
}
