/** Search of places, a combobox (WAI-ARIA): type, arrow down, Enter. */

import { cityName, portNames } from "./crossings.js";
import { element, find, findAs } from "./dom.js";
import { latLng } from "./points.js";
import { fold, shortened, search } from "./search_index.js";
import { chooseInSight } from "./selection.js";
import { isKind } from "./selection_model.js";
import { findLayer, pageMap, state } from "./state.js";
import { openRoad, openTrip } from "./tables.js";
import { nameOf, text } from "./text.js";

/** @import { RoadRow, TripRow } from "./payloads.js" */
/** @import { Entry } from "./search_index.js" */

/** @type {Entry[] | null} */
let entries = null;
/** @type {Entry[]} */
let found = [];
let active = -1;
let chosen = ""; // name of the entry that was chosen last, until something else is typed

/** Forget the names of places, which are in the language that the page had. */
export function forgetPlaces() {
  entries = null;
}

/** Return every place with a name: crossing cities, ports, states, districts, cities, zones, municipalities. */
function gatherPlaces() {
  /** @type {Entry[]} */
  const rows = [];
  const add = (
    /** @type {string | undefined} */ name,
    /** @type {string} */ about,
    /** @type {string} */ kind,
    id = "",
    /** @type {(number | null)[] | undefined} */ point = undefined,
  ) => {
    if (name) rows.push({ name, about, kind, id, point, key: keyOf(name, kind) });
  };
  const cities = findLayer("crossings").data.columns;
  const ports = findLayer("ports").data.columns;
  const zones = findLayer("zones").data.columns;
  const { columns: municipalities, states = {} } = findLayer("municipalities").data;
  const { columns: places, shapes: points } = findLayer("places").data;
  // a crossing is found by its names on both sides, and a city by its bridges' too
  const known = (/** @type {string[]} */ ...names) => fold([...new Set(names)].join(" "));
  cities.id.forEach((id, city) => {
    const bridges = cities.ports[city].flatMap(portNames);
    const short = shortened(cities.name_es[city]);
    const key = known(cityName(city), cities.name[city], cities.name_es[city], ...bridges, short);
    rows.push({
      name: cityName(city),
      about: text("search.crossing"),
      kind: "crossing",
      id,
      key: `${key} ${keyOf("", "crossing")}`,
    });
  });
  ports.id.forEach((id, port) => {
    const names = portNames(port);
    if (cities.ports[ports.city[port]].length < 2 && names.includes(cityName(ports.city[port]))) return;
    rows.push({ name: names[0], about: text("search.port"), kind: "port", id, key: known(...names) });
  });
  rows.push(...state.tables.roads.map((row) => lineEntry(row, "search.corridor", () => openRoad(row))));
  rows.push(...state.tables.trips.map((row) => lineEntry(row, "search.trip", () => openTrip(row))));
  const statesUs = new Set(zones.code);
  const statesMx = new Set(municipalities.code);
  statesUs.forEach((code) => add(nameOf("us_state", code), text("search.state"), "us", code));
  statesMx.forEach((code) => add(states[code], text("search.state"), "mx", code));
  findLayer("districts").data.columns.name.forEach((name) =>
    add(name, text("search.consulate"), "consulate", name),
  );
  zones.name.forEach((name, i) => {
    const about = text("search.zone", { state: nameOf("us_state", (zones.state || [])[i]) });
    add(name, about, "zone", (zones.id || [])[i]);
  });
  municipalities.name.forEach((name, i) => {
    const about = text("search.municipality", { state: states[(municipalities.code || [])[i]] });
    add(name, about, "municipality", (municipalities.id || [])[i]);
  });
  // a city only moves the map: one that is a municipality too comes after it
  points.forEach((point, i) => {
    const name = (state.language === "es" && places.name_es && places.name_es[i]) || places.name[i];
    add(name, text("search.city"), "city", "", point);
  });
  return rows;
}

/**
 * Return what a name is found by: itself, its short form and the words for its kind.
 * @param {string} name
 * @param {string} kind
 */
function keyOf(name, kind) {
  const kinds = ["crossing", "consulate"].includes(kind) ? text(`search.alias_${kind}`) : "";
  return fold(`${name} ${shortened(name)} ${kinds}`).trim();
}

/**
 * Return the entry of a line of a table, found by its name and the numbers of its roads.
 * @param {RoadRow | TripRow} row
 * @param {string} about
 * @param {() => void} open
 * @returns {Entry}
 */
function lineEntry({ name, refs }, about, open) {
  const key = fold(`${name} ${refs} ${refs.replaceAll("-", "")}`);
  return { name, about: text(about), kind: "line", id: "", key, open };
}

/** @returns {HTMLInputElement} */
function searchField() {
  return findAs("#search", HTMLInputElement);
}

function updateFound() {
  chosen = "";
  entries = entries || gatherPlaces();
  found = search(entries, searchField().value);
  active = found.length ? 0 : -1;
  renderFound();
}

function renderFound() {
  const field = searchField();
  const list = find("#found");
  list.replaceChildren(...found.map(foundItem));
  list.hidden = !found.length;
  field.setAttribute("aria-expanded", String(Boolean(found.length)));
  if (active >= 0) field.setAttribute("aria-activedescendant", `found-${active}`);
  else field.removeAttribute("aria-activedescendant");
  find("#search-status").textContent = searchStatus();
}

/** Return what the search did: the choice is shown, nothing was found, or "". */
function searchStatus() {
  if (chosen) return text("search.shown", { name: chosen });
  return searchField().value.trim() && !found.length ? text("search.none") : "";
}

/**
 * @param {Entry} entry
 * @param {number} i
 */
function foundItem(entry, i) {
  const item = element("li");
  item.id = `found-${i}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(i === active));
  item.append(element("span", entry.name), element("span", entry.about, "small"));
  item.addEventListener("mousedown", (event) => {
    event.preventDefault();
    chooseFound(entry);
  });
  return item;
}

function closeFound() {
  found = [];
  active = -1;
  renderFound();
}

/** @param {Entry} entry */
function chooseFound(entry) {
  const map = pageMap();
  searchField().value = entry.name;
  chosen = entry.name;
  closeFound();
  if (entry.open) {
    entry.open();
  } else if (entry.point) {
    map.setView(latLng(entry.point), Math.max(map.getZoom(), 8));
  } else if (isKind(entry.kind)) {
    chooseInSight(entry.kind, entry.id);
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step && found.length) {
    event.preventDefault();
    active = (active + step + found.length) % found.length;
    renderFound();
  } else if (event.key === "Enter" && active >= 0) {
    chooseFound(found[active]);
  } else if (event.key === "Escape") {
    searchField().value = "";
    chosen = "";
    closeFound();
  }
}

/** Let the field search. */
export function startSearch() {
  const field = searchField();
  field.addEventListener("input", updateFound);
  field.addEventListener("blur", closeFound);
  field.addEventListener("keydown", onKey);
}
