/** The language a page opens in, the buttons that change it, and the texts of the page's own HTML. */

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
      if (isLanguage(node.dataset.language)) change(node.dataset.language);
    });
  }
}

/**
 * Mark the document and the buttons with a language.
 * @param {Language} language
 */
export function markLanguage(language) {
  document.documentElement.lang = language;
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
