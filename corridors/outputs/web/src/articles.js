/** A page that holds an article in each language and shows one of them, or both where the address has lang=both. */

import { find, findAll } from "./dom.js";
import { markLanguage, openingLanguage, startLanguageButtons } from "./language.js";

/** @import { Language } from "./state.js" */

/** Return whether the page shows both languages, as it does to be printed. */
export function showsBoth() {
  return /[?&#/]lang=both\b/.test(location.search + location.hash);
}

/**
 * Show the article of a language, title the page with its heading, and return it.
 * @param {Language} language
 */
export function showArticles(language) {
  markLanguage(language);
  for (const article of findAll("article[data-language]")) {
    article.hidden = !showsBoth() && article.dataset.language !== language;
  }
  const article = find(`article[data-language=${language}]`);
  document.title = `${find("h1", article).textContent} · Corridors`;
  return article;
}

/**
 * Show the opening language, and another when its button is pressed.
 * @param {(language: Language) => void} show
 */
export function startArticles(show) {
  startLanguageButtons(show);
  show(openingLanguage());
}
