/** The panel that closes ports and changes laws on the page itself. */

import { fromUrl } from "./address.js";
import { LOSS_DASH, changeMarks, renderChangeLegend } from "./change_marks.js";
import { changesOf, movedShares, readClosureModel } from "./closure_model.js";
import { cityName, portNames } from "./crossings.js";
import { element, find, findAll, findAs, option, rowHead } from "./dom.js";
import { island } from "./islands.js";
import { formatPoints, formatShare } from "./numbers.js";
import { sum } from "./packing.js";
import { decode } from "./points.js";
import { fractionsByPort } from "./selection_model.js";
import { findLayer, pageMap } from "./state.js";
import { classOf } from "./styles.js";
import { nameOf, text } from "./text.js";

/** @import { Band, ClosureModel } from "./closure_model.js" */
/** @import { ChangedPlace, CorridorLayer } from "./payloads.js" */
/** @import { FeatureLayer } from "./features.js" */
/** @typedef {ChangedPlace & { name: string, change: number, band: Band }} MovedPort */

const MAX_ROWS = 14;
const ROADS = /** @type {const} */ (["corridors_d", "corridors_c", "corridors"]);
/** @type {[number, string][]} */
const LAWS = [
  [0, "moved.law_same"],
  [1, "moved.law_more"],
  [-1, "moved.law_less"],
];

/** @type {Set<number>} */
const closed = new Set(); // positions of closed ports
/** @type {Record<number, number>} */
let laws = {}; // standard deviations by position of a US state
/** @type {FeatureLayer[]} */
const covered = []; // layers off the map while changes are drawn
/** @type {L.LayerGroup | null} */
let drawn = null;
/** @type {string[]} */
let usStates = []; // codes, in the order of the closure model

/**
 * Return whether a layer is off the map only while changes are drawn.
 * @param {L.Layer} layer
 */
export function isCovered(layer) {
  return covered.some((one) => one === layer);
}

/** Return whether the reader has closed a port or changed a law. */
export function isEdited() {
  return closed.size > 0 || Object.values(laws).some(Boolean);
}

/** Return the edits as an address holds them: closed=CA-SYS.AZ-NOG and laws=AZ.1.TX.-1; none where nothing is edited. */
export function editEntries() {
  const { id } = findLayer("ports").data.columns;
  const shut = [...closed].sort((a, b) => a - b).map((port) => encodeURIComponent(id[port]));
  const changed = changedLaws().map(([home, sd]) => `${usStates[home]}.${sd}`);
  return [
    ...(shut.length ? [`closed=${shut.join(".")}`] : []),
    ...(changed.length ? [`laws=${changed.join(".")}`] : []),
  ];
}

/** Return the edits in words: the cities and ports closed, then each law changed. */
export function editsInWords() {
  const cities = findLayer("crossings").data.columns.ports;
  const names = cities.flatMap((ports, city) => {
    const shut = ports.filter((port) => closed.has(port));
    return shut.length === ports.length ? [cityName(city)] : shut.map((port) => portNames(port)[0]);
  });
  const laws = changedLaws().map(([home, sd]) => {
    const key = LAWS.find(([value]) => value === sd)?.[1] ?? "";
    return text("moved.scenario_law", { state: nameOf("us_state", usStates[home]), change: text(key) });
  });
  const shut = names.length ? [text("moved.scenario_closed", { ports: names.join(", ") })] : [];
  return [...shut, ...laws].join("; ");
}

/** Return the laws that are changed: positions of US states, and standard deviations. */
function changedLaws() {
  return Object.entries(laws)
    .filter(([, sd]) => sd)
    .map(([home, sd]) => /** @type {[number, number]} */ ([Number(home), sd]));
}

/** Close the ports and change the laws that the address names; what the run does not have is passed over. */
function openEdits() {
  const { id } = findLayer("ports").data.columns;
  const shut = (fromUrl("closed") ?? "").split(".").map((one) => id.indexOf(one));
  for (const port of shut.filter((one) => one >= 0)) closed.add(port);
  if (closed.size === id.length) closed.clear(); // one stays open, or nothing could move
  for (const [, code, sd] of (fromUrl("laws") ?? "").matchAll(/([^.]+)\.(-?1)(?=\.|$)/g)) {
    const home = usStates.indexOf(code);
    if (home >= 0) laws[home] = Number(sd);
  }
}

/**
 * Return roads by what each port's flow becomes, as if the mix of what crosses at a port stayed the same.
 * @param {ClosureModel} model
 * @param {number[]} factors  By port, share after over share before.
 */
function changedRoads(model, factors) {
  return ROADS.flatMap((name) => {
    const { data } = findLayer(name);
    return data.shapes.flatMap((codes, i) => {
      const line = changedRoad(model, data, factors, i);
      return line ? [L.polyline(codes.map((code) => decode(code, data.scale)), line)] : []; // prettier-ignore
    });
  });
}

/**
 * Return the style of a road's change, null where it is too small to draw or not known.
 * @param {ClosureModel} model
 * @param {CorridorLayer} data
 * @param {number[]} factors
 * @param {number} i
 * @returns {L.PolylineOptions | null}
 */
function changedRoad(model, data, factors, i) {
  const fractions = fractionsByPort(data, i);
  if (!fractions) return null;
  const share = (data.columns.share_mean || [])[i] ?? 0;
  const change = share * (sum(fractions.map((fraction, k) => fraction * factors[k])) - 1);
  const { gain, loss, breaks, widths } = model.classes;
  const bin = classOf(Math.abs(change), breaks);
  if (bin < 0) return null;
  const dashArray = change > 0 ? undefined : LOSS_DASH;
  return {
    color: (change > 0 ? gain : loss)[bin],
    weight: widths[bin],
    dashArray,
    lineCap: "butt",
    interactive: false,
  };
}

/** Hide the layers that the changes replace, or show them again. */
function coverLayers() {
  const map = pageMap();
  if (!isEdited()) {
    covered.splice(0).forEach((layer) => map.addLayer(layer));
    return;
  }
  /** @type {FeatureLayer[]} */
  const layers = [...ROADS.map(findLayer), findLayer("crossings")];
  for (const layer of layers.filter((one) => map.hasLayer(one))) {
    covered.push(layer);
    map.removeLayer(layer);
  }
}

/** @param {ClosureModel} model */
function draw(model) {
  const map = pageMap();
  if (drawn) map.removeLayer(drawn);
  drawn = null;
  find("#moved").hidden = !isEdited();
  coverLayers();
  map.fire("edit");
  if (isEdited()) drawChanges(model);
  map.fire("marks");
}

/**
 * Draw the changes, and write their table and key.
 * @param {ClosureModel} model
 */
function drawChanges(model) {
  const ports = movedPorts(model);
  const before = findLayer("ports").data.columns.share_mean;
  const factors = ports.map(({ band }, k) => {
    const share = before[k];
    return share ? band.mean / share : 0;
  });
  const members = findLayer("crossings").data.columns.ports;
  const groups = [...members, ...ports.map((_, port) => [port])];
  const bands = changesOf(model, before, [...closed], laws, groups);
  const marks = changeMarks(model.classes, markedPlaces(ports, bands));
  drawn = L.layerGroup([...changedRoads(model, factors), marks]).addTo(pageMap());
  renderTable(ports, bands);
  renderChangeLegend(find("#moved-key"), model.classes, false);
}

/**
 * Return the ports as the edits make them.
 * @param {ClosureModel} model
 * @returns {MovedPort[]}
 */
function movedPorts(model) {
  const { columns, shapes } = findLayer("ports").data;
  const before = columns.share_mean.map((mean, k) => [columns.share_lo90[k], mean, columns.share_hi90[k]]);
  return movedShares(model, before, [...closed], laws).map(({ band, change }, k) => ({
    at: shapes[k],
    name: portNames(k)[0],
    change: band.mean - (before[k][1] ?? 0),
    sure: band.low !== null && change[0] * change[2] > 0,
    closed: closed.has(k),
    band,
  }));
}

/**
 * Return the places that the map marks: crossing cities, and bridges that are closed where others of their city are open.
 * @param {MovedPort[]} ports
 * @param {number[][]} bands  Bands of the changes of cities, then of ports.
 * @returns {ChangedPlace[]}
 */
function markedPlaces(ports, bands) {
  const { columns, shapes } = findLayer("crossings").data;
  const { share_lo90: low } = findLayer("ports").data.columns;
  const cities = columns.ports.map((own, city) => ({
    at: shapes[city],
    change: sum(own.map((port) => ports[port].change)),
    sure: low[own[0]] !== null && bands[city][0] * bands[city][2] > 0,
    closed: own.every((port) => ports[port].closed),
  }));
  const inside = columns.ports.filter((own) => own.length > 1).flat();
  return [...cities, ...inside.map((port) => ports[port]).filter((port) => port.closed)];
}

/**
 * Write the table of changes: crossing cities, the largest change first, each over its bridges.
 * @param {MovedPort[]} ports
 * @param {number[][]} bands  Bands of the changes of cities, then of ports.
 */
function renderTable(ports, bands) {
  const members = findLayer("crossings").data.columns.ports;
  const groups = [...members, ...ports.map((_, port) => [port])];
  const { share_lo90: low } = findLayer("ports").data.columns;
  const line = (/** @type {string} */ name, /** @type {number} */ group) => {
    const [from, , to] = bands[group];
    const own = groups[group];
    const band = low[own[0]] === null ? "–" : `${formatPoints(from)} … ${formatPoints(to)}`;
    const row = element("tr", undefined, group < members.length ? "" : "bridge");
    row.append(
      rowHead(name),
      element("td", formatPoints(sum(own.map((port) => ports[port].change)))),
      element("td", band),
      element("td", formatShare(sum(own.map((port) => ports[port].band.mean)))),
    );
    return row;
  };
  const size = (/** @type {number} */ city) => Math.abs(sum(members[city].map((port) => ports[port].change)));
  const leading = [...members.keys()].sort((a, b) => size(b) - size(a)).slice(0, MAX_ROWS);
  find("#moved tbody").replaceChildren(
    ...leading.flatMap((city) => {
      const bridges = members[city].length > 1 ? members[city] : [];
      const inside = bridges.map((port) => line(ports[port].name, members.length + port));
      return [line(cityName(city), city), ...inside];
    }),
  );
}

/**
 * Write the switches in the page's language, as the reader has set them.
 * @param {ClosureModel} model
 */
function renderSwitches(model) {
  const members = findLayer("crossings").data.columns.ports;
  find("#closed-ports").replaceChildren(
    ...members.flatMap((ports, city) => {
      const bridges = ports.length > 1 ? ports : [];
      return [
        portSwitch(model, cityName(city), ports, "city"),
        ...bridges.map((port) => portSwitch(model, portNames(port)[0], [port], "bridge")),
      ];
    }),
  );
  find("#law-switches").replaceChildren(...model.us_states.map((code, home) => lawSwitch(model, code, home)));
}

/**
 * Return the switch that closes some ports: those of a city, or one bridge.
 * @param {ClosureModel} model
 * @param {string} name
 * @param {number[]} ports
 * @param {string} className
 */
function portSwitch(model, name, ports, className) {
  const label = element("label", undefined, className);
  const box = element("input");
  box.type = "checkbox";
  box.dataset.ports = ports.join(" ");
  box.addEventListener("change", () => {
    for (const port of ports) {
      if (box.checked) closed.add(port);
      else closed.delete(port);
    }
    if (closed.size === model.ports) ports.forEach((port) => closed.delete(port)); // one stays open, or nothing could move
    checkSwitches();
    draw(model);
  });
  label.append(box, " ", name);
  return label;
}

/** Set the switches as the ports are: a city of which some bridges are closed is neither. */
function checkSwitches() {
  for (const box of findAll("#closed-ports input")) {
    if (!(box instanceof HTMLInputElement)) continue;
    const ports = (box.dataset.ports ?? "").split(" ").map(Number);
    const shut = ports.filter((port) => closed.has(port)).length;
    box.checked = shut === ports.length;
    box.indeterminate = shut > 0 && shut < ports.length;
  }
}

/**
 * @param {ClosureModel} model
 * @param {string} code
 * @param {number} home
 */
function lawSwitch(model, code, home) {
  const label = element("label", `${nameOf("us_state", code)} `);
  const field = element("select");
  field.append(...LAWS.map(([value, key]) => option(text(key), value)));
  field.value = String(laws[home] || 0);
  field.addEventListener("change", () => {
    laws[home] = Number(field.value);
    draw(model);
  });
  label.append(field);
  return label;
}

/** Show the panel where the run has a closure model. */
export function startClosures() {
  const packed = island("closure_model");
  if (!packed) return;
  const model = readClosureModel(packed);
  usStates = model.us_states;
  openEdits();
  const panel = findAs("#whatif", HTMLDetailsElement);
  panel.hidden = false;
  panel.open ||= isEdited();
  const render = () => {
    renderSwitches(model);
    checkSwitches();
    draw(model);
  };
  render();
  pageMap().on("language", render);
  findAs("#nothing-moved", HTMLButtonElement).addEventListener("click", () => {
    closed.clear();
    laws = {};
    render();
  });
}
