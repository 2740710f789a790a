/* Corridors: the switch of variants: the map with one setting of the run changed, and who changes place by it. */
"use strict";

(function () {
  const { state, element, say, known, format, choice } = corridors.inner;
  const box = document.getElementById("variants");
  const field = document.getElementById("variant");

  const all = () => state.tables.variants || [];

  /** What a variant changes, in words: "Demand: population". */
  function variantName(variant) {
    const [setting, value] = all()[variant - 1];
    return say("variant." + setting, { value: known(setting, value) });
  }

  /** The number of the variant that an address asks for as "setting.value", or 0. */
  function variantAsked(text) {
    return all().findIndex((one) => one.join(".") === text) + 1;
  }

  function speakVariants() {
    box.hidden = !all().length;
    const option = (text, value) => Object.assign(element("option", text), { value });
    field.replaceChildren(option(say("variant.own"), 0), ...all().map((_, i) => option(variantName(i + 1), i + 1)));
    ranks();
  }

  /** The leading ports and corridors, their places before and after; a place gained or lost is marked. */
  function ranks() {
    field.value = state.variant;
    const table = box.querySelector("table");
    table.hidden = !state.variant;
    if (!state.variant) return;
    table.querySelector("tbody").replaceChildren(...state.tables.ranks.map((row) => {
      const line = element("tr");
      const after = row.ranks[state.variant - 1];
      const head = element("th", row.name);
      const moved = after < row.run ? " ▲" : after > row.run ? " ▼" : "";
      head.scope = "row";
      line.append(head, element("td", format(row.run)), element("td", format(after) + moved));
      return line;
    }));
  }

  function startVariants() {
    field.addEventListener("change", () => choice.vary(+field.value));
    state.map.on("choice", ranks);
  }

  Object.assign(corridors.inner, { startVariants, speakVariants, variantAsked, variantName });
})();
