/** Find places by name. Accents and case do not matter. */

/** @typedef {{ name: string, about: string, kind: string, id: string, point?: (number | null)[], key: string, open?: () => void }} Entry */

const MAX_FOUND = 8;
const NO_MATCH = 9;

/**
 * Return a text without accents, in lower case.
 * @param {string} name
 */
export function fold(name) {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}

/**
 * Return the short form in which a Mexican city is written, "" where it has none.
 * @param {string} name
 */
export function shortened(name) {
  if (["Ciudad de México", "Mexico City"].includes(name)) return "CDMX";
  return name.startsWith("Ciudad ") ? `cd ${name.slice(7)} cd. ${name.slice(7)}` : "";
}

/**
 * Return the rank of an entry: its name starts with the query, a word of it does, it holds the query, or none of these.
 * @param {Entry} entry
 * @param {string} query  Folded.
 */
function rank(entry, query) {
  if (entry.key.startsWith(query)) return 0;
  if (entry.key.includes(` ${query}`)) return 1;
  return entry.key.includes(query) ? 2 : NO_MATCH;
}

/**
 * Return the entries that match best, those of one rank in the order given.
 * @param {Entry[]} entries
 * @param {string} typed
 */
export function search(entries, typed) {
  const query = fold(typed.trim());
  if (!query) return [];
  return entries
    .map((entry) => ({ entry, order: rank(entry, query) }))
    .filter(({ order }) => order < NO_MATCH)
    .sort((a, b) => a.order - b.order)
    .slice(0, MAX_FOUND)
    .map(({ entry }) => entry);
}
