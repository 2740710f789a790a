/** Texts for readers, from the island "words"; without one, as in a notebook, keys stand in for texts. */

import { state } from "./state.js";

/**
 * Return the text of a key. Values fill {placeholders} once and are not searched for placeholders themselves.
 * @param {string} key
 * @param {Record<string, string>} [values]
 */
export function text(key, values) {
  const found = (state.words[state.language] || {})[key];
  if (found === undefined) return key.slice(key.indexOf(".") + 1);
  return values
    ? found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole))
    : found;
}

/**
 * Return the word for a coded value, or the value where there is none.
 * @param {string} family
 * @param {string} value
 */
export function nameOf(family, value) {
  return (state.words[state.language] || {})[`${family}.${value}`] ?? value;
}
