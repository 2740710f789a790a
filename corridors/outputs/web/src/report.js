/** Entry of a report: it shows one of the two languages that the page holds. */

import { findAll, markReady } from "./dom.js";
import { markLanguage, openingLanguage, startLanguageButtons } from "./language.js";

/** @import { Language } from "./state.js" */

/** @param {Language} language */
function show(language) {
  markLanguage(language);
  for (const part of findAll(".language")) {
    part.hidden = part.lang !== language;
    if (!part.hidden) document.title = part.dataset.title || "";
  }
}

/** Show the page's language. */
export function page() {
  startLanguageButtons(show);
  show(openingLanguage());
  markReady();
}
