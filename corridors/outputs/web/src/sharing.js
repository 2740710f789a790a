/** Buttons that copy the link to what the map shows, and how to cite it. */

import { find, findAll } from "./dom.js";
import { text } from "./text.js";

/** Let the buttons copy, and say what they did. */
export function startSharing() {
  find("#copy-link").addEventListener("click", () => copy(location.href, "page.link_copied"));
  find("#copy-citation").addEventListener("click", () => copy(citation(), "page.citation_copied"));
}

/** Return the citation in the page's language. */
function citation() {
  const shown = findAll(".site-foot [data-of]").find((part) => !part.hidden);
  const cite = shown && shown.querySelector(".cite");
  return (cite && cite.textContent ? cite.textContent : "").trim();
}

/**
 * Copy a text; where the browser does not allow it, show the text to be copied by hand.
 * @param {string} content
 * @param {string} done  Key of what is said then.
 */
async function copy(content, done) {
  const status = find("#copied");
  try {
    await navigator.clipboard.writeText(content);
    status.textContent = text(done);
  } catch {
    status.textContent = content;
    getSelection()?.selectAllChildren(status);
  }
}
