/** Texts on the run behind a page. */

import { find } from "./dom.js";
import { formatNumber } from "./numbers.js";
import { state } from "./state.js";
import { nameOf, text } from "./text.js";

/** Return the facts that texts on the run are filled with. */
export function runFacts() {
  const { run } = state;
  return {
    version: run.version ?? "",
    fingerprint: run.fingerprint ?? "",
    worlds: formatNumber(run.worlds ?? 0),
    seed: String(run.seed),
    mode: nameOf("mode", run.mode ?? ""),
    lens: nameOf("lens", run.lens ?? ""),
    demand: nameOf("demand", run.demand ?? ""),
  };
}

/** Write the line on the run, and the notice where it is a quick look. */
export function renderRunLine() {
  find("#run-line").textContent = text("run.line", runFacts());
  find("#mode").textContent = state.run.mode === "point" ? text("mode.point_notice") : "";
}
