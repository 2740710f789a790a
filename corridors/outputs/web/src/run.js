/** What a page says of the run behind it. */

import { find } from "./dom.js";
import { state } from "./state.js";
import { text } from "./text.js";

/** Write the notice where the run is a quick look. */
export function renderMode() {
  find("#mode").textContent = state.run.mode === "point" ? text("mode.point_notice") : "";
}
