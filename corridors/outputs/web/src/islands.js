/** Read the page's data from its `<script type="application/json">` elements, and from those packed with gzip in base 64. */

/**
 * @import { ClosureModelIsland, LinksIsland, FindingIsland, MapLayers, PackedColumn, PartnersIsland, RunIsland, SourcesIsland, TablesIsland,
 *   WhatifIsland, WordsIsland } from "./payloads.js"
 */
/** @typedef {MapLayers[keyof MapLayers]} LayerPayload */
/** @typedef {{ columns?: Record<string, unknown[] | PackedColumn> }} PackedLayer */
/**
 * @typedef {{ run: RunIsland, words: WordsIsland, tables: TablesIsland, partners: PartnersIsland,
 *   closure_model: ClosureModelIsland, links: LinksIsland, findings: FindingIsland, whatif: WhatifIsland, sources_data: SourcesIsland }} Islands
 */

/** @type {Map<string, string>} */
const unpacked = new Map();

/** Whether this browser can unpack islands: Chrome 80, Firefox 113 and Safari 16.4 can. */
export const canUnpack = () => "DecompressionStream" in globalThis;

/**
 * Return the bytes of a binary string; `Uint8Array.from` with a function takes ten times as long, 60 ms of a map's opening.
 * @param {string} signs
 */
function bytesOf(signs) {
  const bytes = new Uint8Array(signs.length);
  for (let i = 0; i < signs.length; i += 1) bytes[i] = signs.charCodeAt(i);
  return bytes;
}

/** Unpack the packed islands, all at once. */
export async function unpackIslands() {
  const packed = [...document.querySelectorAll('script[type="application/gzip"]')];
  await Promise.all(
    packed.map(async (node) => {
      const bytes = bytesOf(atob(node.textContent || ""));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      unpacked.set(node.id, await new Response(stream).text());
    }),
  );
}

/**
 * Return the data of an island, null where the page has none.
 * @param {string} id
 * @returns {unknown}
 */
function read(id) {
  const text = unpacked.get(id);
  if (text !== undefined) return JSON.parse(text);
  const node = document.querySelector(`script[id="${id}"]`); // a part of the page may have the same id
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
