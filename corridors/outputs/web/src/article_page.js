/** Entry of pages of prose with an article in each language: an index, the calendar, the page of figures. */

import { showArticles, startArticles } from "./articles.js";
import { markReady } from "./dom.js";
import { startSortable } from "./sortable.js";

/** Show the article of the page's language. */
export function page() {
  startSortable();
  startArticles(showArticles);
  markReady();
}
