/** State that the modules of a page share. */

/**
 * @import { MapLayers, PartnersIsland, PlaceLayer, RunIsland, TablesIsland, WordsIsland } from "./payloads.js"
 * @import { FeatureLayer, FeaturePayload } from "./features.js"
 * @import { PlaceLabels } from "./places.js"
 * @import { TilePictures } from "./tiles.js"
 */
/** @typedef {"es" | "en"} Language */
/** @typedef {FeatureLayer | PlaceLabels | TilePictures} PageLayer */
/**
 * The layer of a name.
 * @template {keyof MapLayers} Name
 * @typedef {MapLayers[Name] extends FeaturePayload ? FeatureLayer<MapLayers[Name]>
 *   : MapLayers[Name] extends PlaceLayer ? PlaceLabels : TilePictures} LayerOf
 */

/**
 * Islands, language, map and layers; what the reader chose; cities drawn as their bridges; what to call on a click and on a layer's first drawing.
 * @type {{
 *   run: Partial<RunIsland>, words: WordsIsland, tables: TablesIsland, partners: PartnersIsland, language: Language,
 *   map: L.Map | null, layers: PageLayer[], variant: number, supplyYear: number, apart: Set<number>,
 *   clicked: (layer: FeatureLayer, index: number) => void, drawn: (layer: FeatureLayer) => void,
 * }}
 */
export const state = {
  run: {},
  words: {},
  tables: {
    named: false,
    scale: 1,
    trips: [],
    roads: [],
    information: [],
    sides: { US: [], MX: [] },
    variants: [],
    ranks: [],
  },
  partners: {},
  language: "es",
  map: null,
  layers: [],
  variant: 0,
  supplyYear: 0,
  apart: new Set(),
  clicked: () => {},
  drawn: () => {},
};

/** Return the page's map. Throws where none was made. */
export function pageMap() {
  if (!state.map) throw new Error("map: expected one made by corridors.map(), found none");
  return state.map;
}

/**
 * Return whether the page has a layer.
 * @param {string} name
 */
export function hasLayer(name) {
  return state.layers.some((layer) => layer.name === name);
}

/**
 * Return the layer of a name. Throws where the page has none.
 * @template {keyof MapLayers} Name
 * @param {Name} name
 */
export function findLayer(name) {
  const found = state.layers.find((layer) => layer.name === name);
  if (!found) throw new Error(`layer: expected ${name} on the page, found none`);
  return /** @type {LayerOf<Name>} */ (found);
}
