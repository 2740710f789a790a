/** The panel's section on the choice: its name, the places it shares the most flow with, a button to end it. */

import { alternativeName } from "./alternatives.js";
import { cityName, portNames } from "./crossings.js";
import { button, element, find } from "./dom.js";
import { formatBound, formatNumber, shareWithBand } from "./numbers.js";
import { stateOfMunicipality, tripsTo } from "./reached.js";
import { choose, clearSelection, currentSelection } from "./selection.js";
import { HOME, computeSelection, knowsOwnSide, memberIndexes } from "./selection_model.js";
import { findLayer, pageMap, state } from "./state.js";
import { nameOf, text } from "./text.js";

/** @import { Kind, Selection } from "./selection_model.js" */
/** @import { FeatureLayer } from "./features.js" */

/** @type {Kind[]} */
const PARTNER_KINDS = ["us", "zone", "consulate", "crossing", "port", "mx", "municipality"];

/**
 * Return the name of a choice in the page's language.
 * @param {Kind} kind
 * @param {string} id
 */
function selectionName(kind, id) {
  if (kind === "us") return nameOf("us_state", id);
  if (kind === "consulate") return text("district.of", { name: id });
  const [first] = memberIndexes(kind, id);
  if (first === undefined) return id;
  const { data } = findLayer(HOME[kind]);
  if (kind === "mx") return ("states" in data && data.states && data.states[id]) || id;
  if (kind === "crossing") return cityName(first) || id;
  if (kind === "port") return portNames(first)[0] || id;
  return ("name" in data.columns && data.columns.name[first]) || id;
}

/**
 * Return the city of a consulate in the page's language: a list under its heading needs no more.
 * @param {string} id
 */
function consulateName(id) {
  const { columns } = findLayer("districts").data;
  return columns.name[columns.id.indexOf(id)] ?? id;
}

/**
 * Return a button that chooses.
 * @param {string} content
 * @param {Kind} kind
 * @param {string} id
 */
function choiceButton(content, kind, id) {
  return button(content, "link", () => choose(kind, id));
}

/** @param {Selection} selection */
function partnerLists({ kind: own, id: chosen }) {
  const box = element("div");
  const rows = state.partners[`${own}.${chosen}`] || {};
  for (const kind of PARTNER_KINDS.filter((one) => rows[one])) {
    const list = element("ul", undefined, "partners");
    for (const [id, mean, low, high, unpublished] of rows[kind]) {
      const item = element("li");
      item.append(
        choiceButton(kind === "consulate" ? consulateName(id) : selectionName(kind, id), kind, id),
        element("span", shareWithBand(mean, low, high) + (unpublished && low !== null ? " *" : "")),
      );
      list.append(item);
    }
    box.append(element("h3", text(`choice.${kind}`)), list);
    if (rows[kind].some(([, , low, , unpublished]) => unpublished && low !== null))
      box.append(element("p", `* ${text("choice.unpublished")}`, "small"));
  }
  return box;
}

/**
 * Return the buttons under a feature's figures that choose it or its state.
 * @param {FeatureLayer} layer
 * @param {number} i
 */
export function choiceButtons(layer, i) {
  const box = element("p", undefined, "offers");
  for (const [kind, id] of choicesOf(layer, i)) {
    if (!computeSelection(kind, id)) continue;
    box.append(choiceButton(text("choice.only", { name: selectionName(kind, id) }), kind, id));
  }
  return box;
}

/**
 * Return the choices that a feature offers.
 * @param {FeatureLayer} layer
 * @param {number} i
 * @returns {[Kind, string][]}
 */
function choicesOf({ name, data }, i) {
  if (data.kind === "crossings") return [["crossing", data.columns.id[i]]];
  if (data.kind === "ports") {
    const city = findLayer("crossings").data.columns.id[data.columns.city[i]];
    return [["port", data.columns.id[i]], ["crossing", city]]; // prettier-ignore
  }
  if (data.kind === "districts") return [["consulate", data.columns.id[i]]];
  if (data.kind !== "areas" || !data.columns.id || !data.columns.code) return [];
  const [id, code] = [data.columns.id[i], data.columns.code[i]];
  if (name === "zones") return [["zone", id], ["us", code]]; // prettier-ignore
  if (name === "municipalities") return [["municipality", id], ["mx", code]]; // prettier-ignore
  return [];
}

/** Write the panel's part on the choice or the alternative. */
export function renderSelection() {
  const box = find("#choice");
  const selection = currentSelection();
  box.hidden = !selection && !state.variant;
  if (box.hidden) return;
  const clear = button(text("choice.clear"), "plain", () => {
    clearSelection();
    find("#map").focus();
  });
  const head = element("div");
  if (!selection) {
    head.append(element("h2", alternativeName(state.variant)), " ", clear);
    box.replaceChildren(head, element("p", text("variant.note"), "small"));
    return;
  }
  const title = text("choice.title", { name: selectionName(selection.kind, selection.id) });
  head.append(element("h2", title), " ", clear);
  box.replaceChildren(head, element("p", text("choice.scale"), "small"));
  const minor = findLayer("minor");
  if (pageMap().hasLayer(minor)) {
    const floor = formatBound(findLayer("corridors").data.floor ?? 0);
    box.append(element("p", text("choice.minor", { floor }), "small"));
  }
  const gap = missingRoads(selection);
  if (gap) box.append(element("p", text(gap), "small"));
  if (selection.kind === "municipality" && gap) box.append(...reachedBy(selection));
  const lists = partnerLists(selection);
  if (lists.children.length)
    box.append(
      element("p", text(state.run.mode === "point" ? "choice.partners_bare" : "choice.partners"), "small"),
      lists,
    );
}

/**
 * Return how a municipality is reached: how many trip corridors of the table are highlighted, and the way to its state's roads.
 * @param {Selection} selection
 */
function reachedBy(selection) {
  const { code, name } = stateOfMunicipality(selection.id);
  const count = tripsTo(selection).length;
  const said = count
    ? text("choice.reached", { count: formatNumber(count), state: name })
    : text("choice.not_reached", { state: name });
  const offer = element("p", undefined, "offers");
  offer.append(choiceButton(text("choice.roads_of_state", { state: name }), "mx", code));
  return [element("p", said, "small"), offer];
}

/**
 * Return the key of the text on roads whose flow is not known for a choice, "" where all are known.
 * @param {Selection} selection
 */
function missingRoads(selection) {
  const roads = findLayer("corridors").data.columns;
  if (!roads.by_port) return "choice.no_roads";
  const known = !selection.side || (roads.by_origin && knowsOwnSide(selection.kind));
  return known ? "" : "choice.other_side";
}
