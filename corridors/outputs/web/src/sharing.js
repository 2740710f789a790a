/** Buttons that copy the link to what the map shows and how to cite it, and that save the data where the page stands alone. */

import { element, find, findAll } from "./dom.js";
import { findLayer, state } from "./state.js";
import { text } from "./text.js";

const NUMBERS = /** @type {const} */ (["share_mean", "share_lo90", "share_hi90"]);

/** Let the buttons copy and save, and say what they did. */
export function startSharing() {
  find("#copy-link").addEventListener("click", () => copy(location.href, "page.link_copied"));
  find("#copy-citation").addEventListener("click", () => copy(citation(), "page.citation_copied"));
  const save = document.querySelector("#save-data"); // a link in its place where the site has a page of data
  save?.addEventListener("click", () => {
    const name = `corridors-${state.run.fingerprint ?? ""}-crossings.csv`;
    saveFile(new Blob([crossingTable()], { type: "text/csv;charset=utf-8" }), name);
    find("#copied").textContent = text("page.data_saved");
  });
}

/** Return the crossing cities that the page holds, with their shares, as CSV. */
function crossingTable() {
  const { columns } = findLayer("crossings").data;
  /** @param {string} value  A name, which no spreadsheet is to run. */
  const quoted = (value) => `"${value.replaceAll('"', '""').replace(/^[=+@-]/, "'$&")}"`;
  const rows = columns.id.map((id, i) =>
    [
      ...[id, columns.name_es[i], columns.name[i]].map(quoted),
      ...NUMBERS.map((name) => columns[name][i] ?? ""),
      columns.grade[i],
    ].join(","),
  );
  return ["crossing_city,name_es,name_en,share_mean,share_lo90,share_hi90,grade", ...rows, ""].join("\n");
}

/**
 * Have the browser save a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function saveFile(blob, name) {
  const address = URL.createObjectURL(blob);
  Object.assign(element("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
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
