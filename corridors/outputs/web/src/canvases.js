/** The canvases that the map's shapes are drawn on, one a pane: below what the reader points at, that, and above it. */

/** @typedef {"base" | "overlay" | "marks"} Pane */
/** @typedef {{ _update: () => void, _redrawRequest: number | null, _container: HTMLCanvasElement }} Inner */

/** @type {Record<Pane, { zIndex: string, options: L.RendererOptions }>} */
const PANES = {
  base: { zIndex: "250", options: { padding: 0.4 } },
  overlay: { zIndex: "", options: { padding: 0.4, tolerance: 4 } },
  marks: { zIndex: "450", options: { padding: 0.1 } },
};

/** A canvas that can be drawn at once: Leaflet's waits for the next frame, which does not come before a page is printed. */
class MapCanvas extends L.Canvas {
  /** Draw everything now, in place of what waits for the next frame. */
  repaint() {
    const inner = /** @type {Inner} */ (/** @type {unknown} */ (this));
    if (inner._redrawRequest) cancelAnimationFrame(inner._redrawRequest);
    inner._redrawRequest = null;
    inner._update();
  }

  /** Return the element. */
  drawn() {
    return /** @type {Inner} */ (/** @type {unknown} */ (this))._container;
  }
}

/** @type {WeakMap<L.Map, Partial<Record<Pane, MapCanvas>>>} */
const canvases = new WeakMap();

/**
 * Return the canvas of a map's pane: one for all features, so that the pointer finds each; the others let it through.
 * @param {L.Map} map
 * @param {Pane} pane
 */
export function canvasOf(map, pane) {
  const ofMap = canvases.get(map) || {};
  canvases.set(map, ofMap);
  const { zIndex, options } = PANES[pane];
  if (pane !== "overlay" && !map.getPane(pane)) {
    const { style } = map.createPane(pane);
    style.zIndex = zIndex;
    style.pointerEvents = "none";
  }
  return (ofMap[pane] ||= new MapCanvas({ pane: pane === "overlay" ? "overlayPane" : pane, ...options }));
}

/**
 * Draw every canvas of a map now, as before it is printed.
 * @param {L.Map} map
 */
export function repaintCanvases(map) {
  for (const canvas of Object.values(canvases.get(map) || {})) if (map.hasLayer(canvas)) canvas.repaint();
}

/**
 * Give a function each canvas of a map, the lowest first, drawn at twice its pixels.
 * @param {L.Map} map
 * @param {(canvas: HTMLCanvasElement) => void} use
 */
export function withSharpCanvases(map, use) {
  const browser = /** @type {{ retina: boolean }} */ (L.Browser); // what Leaflet asks when it gives a canvas its size
  const { retina } = browser;
  browser.retina = true;
  repaintCanvases(map);
  for (const pane of /** @type {const} */ (["base", "overlay", "marks"])) {
    const canvas = (canvases.get(map) || {})[pane];
    if (canvas && map.hasLayer(canvas)) use(canvas.drawn());
  }
  browser.retina = retina;
  repaintCanvases(map);
}
