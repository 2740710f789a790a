/**
 * Compute the flow that a choice takes part in: one crossing city, port, state, zone, municipality or consular district.
 *
 * Each feature has its flow by port, by origin (US state and consular district) and by Mexican state: what a choice of one
 * of these shares with it. A zone or a municipality shares with a feature on the other side what its ports carry on, times
 * what that misses for its whole district or state: on average .02 of its flow is misplaced (docs/method.md 6.7).
 */

import { sum, unpackFractions } from "./packing.js";
import { findLayer, state } from "./state.js";

/** @import { AreaLayer, CorridorLayer, CrossingLayer, PortLayer } from "./payloads.js" */
/** @import { FeatureLayer } from "./features.js" */
/** @typedef {"crossing" | "port" | "us" | "zone" | "mx" | "municipality" | "consulate"} Kind */
/** @typedef {FeatureLayer<AreaLayer> | FeatureLayer<CorridorLayer> | FeatureLayer<CrossingLayer> | FeatureLayer<PortLayer>} FlowLayer */
/**
 * A choice: the layer its members are in, the fraction of each that belongs to it, its side of the border, its flow, the
 * flow of it by port, its fraction of each port's flow, and the district or state that a zone or municipality lies in.
 * @typedef {{ kind: Kind, id: string, home: FeatureLayer<AreaLayer> | FeatureLayer<PortLayer>, members: Map<number, number>,
 *   side: "US" | "MX" | "", total: number, flow: number[], ratio: number[], region: Region | null }} Selection
 */
/**
 * The districts, or the state, around a place: the column of packed fractions they are in, the weight of each of its
 * fractions, their part of each port's flow, and their flow.
 * @typedef {{ column: "by_origin" | "by_state", weights: number[], ratio: number[], total: number }} Region
 */

/** The layer that a kind of choice is found in. */
export const HOME = /** @type {const} */ ({
  crossing: "crossings",
  port: "ports",
  us: "zones",
  zone: "zones",
  mx: "municipalities",
  municipality: "municipalities",
  consulate: "districts",
});
/** @type {Record<Kind, "US" | "MX" | "">} */
const SIDE = { crossing: "", port: "", us: "US", zone: "US", consulate: "US", mx: "MX", municipality: "MX" };

/**
 * Return whether a text is a kind of choice.
 * @param {string} kind
 * @returns {kind is Kind}
 */
export function isKind(kind) {
  return Object.hasOwn(HOME, kind);
}

/** @type {Map<string, number[]>} */
const unpacked = new Map();

/**
 * Return packed fractions, unpacked once.
 * @param {string} code
 */
function fractions(code) {
  let found = unpacked.get(code);
  if (!found) {
    found = unpackFractions(code);
    unpacked.set(code, found);
  }
  return found;
}

/**
 * Return the fractions of a feature's flow by port, null where the run does not have them.
 * @param {AreaLayer | CorridorLayer} data
 * @param {number} i
 */
export function fractionsByPort(data, i) {
  return fractionsBy("by_port", data, i);
}

/**
 * Return the fractions of a feature's flow in a column, null where the run does not have them.
 * @param {"by_port" | "by_origin" | "by_state"} name
 * @param {AreaLayer | CorridorLayer} data
 * @param {number} i
 */
function fractionsBy(name, data, i) {
  const column = data.columns[name];
  if (!column) return null;
  const code = column[i];
  if (typeof code === "string") return fractions(code);
  return fractions((("fractions" in data && data.fractions) || [])[code]);
}

/**
 * Return the positions of a choice's features in its home layer.
 * @param {Kind} kind
 * @param {string} id
 */
export function memberIndexes(kind, id) {
  const { columns, shapes } = findLayer(HOME[kind]).data;
  const keys = (kind === "us" || kind === "mx") && "code" in columns ? columns.code : columns.id;
  return [...shapes.keys()].filter((i) => keys && keys[i] === id);
}

/**
 * Return the features that a choice is made of, and the fraction of each that belongs to it; a district's are zones, a
 * crossing city's ports.
 * @param {Kind} kind
 * @param {string} id
 */
function memberFractions(kind, id) {
  if (kind === "crossing") {
    const { ports } = findLayer("crossings").data.columns;
    return new Map(memberIndexes(kind, id).flatMap((city) => ports[city].map((port) => [port, 1])));
  }
  if (kind !== "consulate") return new Map(memberIndexes(kind, id).map((i) => [i, 1]));
  const ids = findLayer("zones").data.columns.id || [];
  const held = findLayer("districts").data.columns.zones || [];
  const zones = memberIndexes(kind, id).flatMap((i) => held[i]);
  return new Map(
    zones
      .map(([zone, fraction]) => /** @type {const} */ ([ids.indexOf(zone), fraction ?? 0]))
      .filter(([i]) => i >= 0),
  );
}

/**
 * Return a choice and its flow by port, null where there is nothing of that name or no flow by port.
 * @param {Kind} kind
 * @param {string} id
 * @returns {Selection | null}
 */
export function computeSelection(kind, id) {
  const members = memberFractions(kind, id);
  const home = kind === "consulate" ? findLayer("zones") : areaOrPortLayer(kind);
  if (!members.size || !(home.data.kind === "ports" || home.data.columns.by_port)) return null;
  const flow = flowByPort(home, members);
  const total = sum(flow) || 1;
  return {
    kind,
    id,
    members,
    home,
    side: SIDE[kind],
    total,
    ratio: portRatio(flow),
    flow,
    region: regionOf(kind, id),
  };
}

/**
 * Return the flow by port of some features of a layer.
 * @param {FeatureLayer<AreaLayer> | FeatureLayer<PortLayer>} home
 * @param {Map<number, number>} members  The fraction of each that counts.
 */
function flowByPort({ data }, members) {
  const flow = findLayer("ports").data.columns.share_mean.map(() => 0);
  for (const [i, held] of members) {
    const share = ((data.columns.share_mean || [])[i] ?? 0) * held;
    if (data.kind === "ports") flow[i] = share;
    else (fractionsByPort(data, i) || []).forEach((fraction, p) => (flow[p] += share * fraction));
  }
  return flow;
}

/**
 * Return a flow's fraction of all that crosses at each port.
 * @param {number[]} flow
 */
function portRatio(flow) {
  const ports = findLayer("ports").data.columns.share_mean.map((value) => value ?? 0);
  return flow.map((value, p) => (ports[p] ? Math.min(1, value / ports[p]) : 0));
}

/**
 * Return the districts around a zone, or the state around a municipality; null for other kinds and where unknown.
 * @param {Kind} kind
 * @param {string} id
 * @returns {Region | null}
 */
function regionOf(kind, id) {
  const { US, MX } = state.tables.sides;
  if (kind === "municipality") {
    const [i] = memberIndexes(kind, id);
    const code = (findLayer("municipalities").data.columns.code || [])[i];
    const members = new Map(memberIndexes("mx", code).map((n) => [n, 1]));
    const weights = MX.map((name) => (name === code ? 1 : 0));
    return regionOver("by_state", weights, flowByPort(findLayer("municipalities"), members));
  }
  if (kind !== "zone") return null;
  const { id: ids = [], code: codes = [] } = findLayer("zones").data.columns;
  const code = codes[ids.indexOf(id)];
  /** @type {Map<number, number>} */
  const members = new Map();
  const districts = findLayer("districts").data.columns;
  const held = new Map(
    districts.id.map((name, n) => {
      const zones = (districts.zones || [])[n] || [];
      const weight = zones.find(([zone]) => zone === id)?.[1] ?? 0;
      for (const [zone, fraction] of weight ? zones : []) {
        const i = ids.indexOf(zone);
        if (codes[i] === code) members.set(i, (members.get(i) ?? 0) + weight * (fraction ?? 0));
      }
      return [name, weight];
    }),
  );
  const weights = US.map(([us, name]) => (us === code ? (held.get(name) ?? 0) : 0));
  return regionOver("by_origin", weights, flowByPort(findLayer("zones"), members));
}

/**
 * @param {"by_origin" | "by_state"} column
 * @param {number[]} weights
 * @param {number[]} flow  By port.
 * @returns {Region}
 */
function regionOver(column, weights, flow) {
  return { column, weights, ratio: portRatio(flow), total: sum(flow) };
}

/** @param {Exclude<Kind, "consulate">} kind */
function areaOrPortLayer(kind) {
  if (kind === "port" || kind === "crossing") return findLayer("ports");
  return findLayer(kind === "us" || kind === "zone" ? "zones" : "municipalities");
}

/**
 * Return the share of the chosen flow at a feature, null where the run does not hold it.
 * @param {Selection} selection
 * @param {FlowLayer} layer
 * @param {number} i
 */
export function selectedShare(selection, layer, i) {
  const { data } = layer;
  if (data.kind === "crossings")
    return sum(data.columns.ports[i].map((port) => selection.flow[port])) / selection.total;
  if (data.kind === "ports") return selection.flow[i] / selection.total;
  const share = (data.columns.share_mean || [])[i] ?? 0;
  if (layer === selection.home) return (share * (selection.members.get(i) || 0)) / selection.total;
  const fraction = fractionOf(selection, data, sideOf(layer, i), i);
  return fraction === null ? null : (share * fraction) / selection.total;
}

/**
 * Return the share of the flow of the state or district around a chosen place at a road on its own side of the border, where
 * the roads of the place itself are not told apart; null for other choices and roads, and where the run does not hold it.
 * @param {Selection} selection
 * @param {FeatureLayer<CorridorLayer>} layer
 * @param {number} i
 */
export function regionShare({ side, region }, layer, i) {
  if (!region || !region.total || sideOf(layer, i) !== side) return null;
  const byRegion = fractionsBy(region.column, layer.data, i);
  const share = (layer.data.columns.share_mean || [])[i] ?? 0;
  return byRegion && (share * weighted(byRegion, region.weights)) / region.total;
}

/**
 * @param {number[]} fractions
 * @param {number[]} weights
 */
function weighted(fractions, weights) {
  return sum(fractions.map((fraction, n) => fraction * weights[n]));
}

/**
 * Return the fraction of a feature's flow that is the choice's, null where the run does not hold it.
 * @param {Selection} selection
 * @param {AreaLayer | CorridorLayer} data
 * @param {string} side
 * @param {number} i
 */
function fractionOf({ kind, id, side: own, ratio, region }, data, side, i) {
  if (kind === "port" || kind === "crossing") return portFraction(ratio, data, i);
  if (knowsOwnSide(kind)) {
    const parts = fractionsBy(kind === "mx" ? "by_state" : "by_origin", data, i);
    return parts && sum(partNames(kind).map((name, n) => (name === id ? (parts[n] ?? 0) : 0)));
  }
  const byRegion = region && fractionsBy(region.column, data, i);
  const byPorts = portFraction(ratio, data, i);
  if (byPorts === null || !region || !byRegion || side === own) return null;
  const expected = portFraction(region.ratio, data, i);
  const found = weighted(byRegion, region.weights);
  return expected ? Math.min(1, (byPorts * found) / expected) : byPorts;
}

/**
 * Return the side of the border that a feature is on.
 * @param {FlowLayer} layer
 * @param {number} i
 */
function sideOf(layer, i) {
  if (layer.name === "zones") return "US";
  if (layer.name === "municipalities") return "MX";
  return "side" in layer.data.columns && layer.data.columns.side ? layer.data.columns.side[i] : "";
}

/**
 * Return the fraction of a feature's flow that a fraction of each port's flow makes, by the ports it passes.
 * @param {number[]} ratio
 * @param {AreaLayer | CorridorLayer} data
 * @param {number} i
 */
function portFraction(ratio, data, i) {
  const byPort = fractionsByPort(data, i);
  return byPort && sum(byPort.map((fraction, p) => fraction * ratio[p]));
}

/**
 * Return whether the roads on a kind's own side are known by it.
 * @param {Kind} kind
 */
export function knowsOwnSide(kind) {
  return kind === "us" || kind === "consulate" || kind === "mx";
}

/**
 * Return what each packed fraction is called, for a kind of choice.
 * @param {Kind} kind
 */
function partNames(kind) {
  const { sides } = state.tables;
  if (kind === "mx") return sides.MX;
  return sides.US.map(([us, consulate]) => (kind === "us" ? us : consulate));
}
