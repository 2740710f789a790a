/** Read the page's data from its `<script type="application/json">` elements. */

/**
 * @import { ClosureModelIsland, LinksIsland, MapLayers, PackedColumn, PartnersIsland, RunIsland, SourcesIsland, TablesIsland,
 *   WhatifIsland, WordsIsland } from "./payloads.js"
 */
/** @typedef {MapLayers[keyof MapLayers]} LayerPayload */
/** @typedef {{ columns?: Record<string, unknown[] | PackedColumn> }} PackedLayer */
/**
 * @typedef {{ run: RunIsland, words: WordsIsland, tables: TablesIsland, partners: PartnersIsland,
 *   closure_model: ClosureModelIsland, links: LinksIsland, whatif: WhatifIsland, sources_data: SourcesIsland }} Islands
 */

/**
 * Return the data of an island, null where the page has none.
 * @param {string} id
 * @returns {unknown}
 */
function read(id) {
  const node = document.getElementById(id);
  return node instanceof HTMLScriptElement && node.type === "application/json"
    ? JSON.parse(node.textContent || "null")
    : null;
}

/**
 * Return the data of a page's island, null where the page has none.
 * @template {keyof Islands} Name
 * @param {Name} name
 */
export function island(name) {
  return /** @type {Islands[Name] | null} */ (read(name));
}

/**
 * Return a layer's payload, its columns still packed.
 * @param {string} id
 */
export function layerIsland(id) {
  const data = /** @type {PackedLayer | null} */ (read(id));
  if (!data) throw new Error(`island: expected ${id} on the page, found none`);
  return data;
}
