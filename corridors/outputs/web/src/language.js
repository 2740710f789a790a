/** The language a page opens in, the buttons that change it, and the texts of the page's own HTML. */

import { replaceAddress } from "./address.js";
import { findAll } from "./dom.js";
import { state } from "./state.js";
import { text } from "./text.js";

/** @import { Language } from "./state.js" */

/**
 * Return the language of the address, ?lang= before #lang=; else the document's, which is the run's; else Spanish.
 * @param {string} search
 * @param {string} hash
 * @param {string} ofDocument
 * @returns {Language}
 */
export function chooseLanguage(search, hash, ofDocument) {
  const inAddress = [search, hash].map((part) => (part.match(/[?&#/]lang=(es|en)\b/) || [])[1]);
  return [...inAddress, ofDocument].find(isLanguage) || "es";
}

/**
 * Return whether a code is one of our languages.
 * @param {string | undefined} code
 * @returns {code is Language}
 */
function isLanguage(code) {
  return code === "es" || code === "en";
}

/** Return the language this page opens in, read before the page is marked with another; the browser's is no reason. */
export function openingLanguage() {
  return chooseLanguage(location.search, location.hash, document.documentElement.lang);
}

/**
 * Call `change` with the language of a button that is pressed.
 * @param {(language: Language) => void} change
 */
export function startLanguageButtons(change) {
  for (const node of findAll("button[data-language]")) {
    node.addEventListener("click", () => {
      const { language } = node.dataset;
      if (!isLanguage(language)) return;
      change(language);
      keepInAddress(language);
    });
  }
}

/**
 * Name the language in the page's address where a link brought another, which would come back when the page is read again.
 * @param {Language} language
 */
function keepInAddress(language) {
  const { search, hash } = location;
  const kept = search.replace(/([?&]lang=)(es|en)\b/, `$1${language}`);
  if (kept !== search) replaceAddress(kept + hash);
}

/**
 * Mark the document and the buttons with a language, and show what head and footer have in it.
 * @param {Language} language
 */
export function markLanguage(language) {
  document.documentElement.lang = language;
  for (const node of findAll("[data-of]")) node.hidden = node.dataset.of !== language;
  for (const node of findAll("button[data-language]")) {
    node.setAttribute("aria-pressed", String(node.dataset.language === language));
  }
}

/** Write the texts of the page's own HTML in its language: `data-i` names a text, `data-label` a label. */
export function renderTexts() {
  markLanguage(state.language);
  for (const node of findAll("[data-i]")) node.textContent = text(node.dataset.i || "");
  for (const node of findAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label || ""));
}
