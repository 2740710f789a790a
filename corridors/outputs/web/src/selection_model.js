/**
 * Compute the flow that a choice takes part in: one port, state, zone, municipality or consular district.
 *
 * The border is a cut: given the port, start and end of a trip are independent in the model. So flow by port is enough to
 * compute what a choice shares with every place and road on the other side of the border. On its own side the roads of a
 * state are distinguished by their flow by state, which is packed as well.
 */

import { sum, unpackFractions } from "./packing.js";
import { findLayer, state } from "./state.js";

/** @import { AreaLayer, CorridorLayer, PortLayer, Sides } from "./payloads.js" */
/** @import { FeatureLayer } from "./features.js" */
/** @typedef {"port" | "us" | "zone" | "mx" | "municipality" | "consulate"} Kind */
/** @typedef {FeatureLayer<AreaLayer> | FeatureLayer<CorridorLayer> | FeatureLayer<PortLayer>} FlowLayer */
/**
 * A choice: the layer its members are in, the fraction of each that belongs to it, its side of the border, its flow, the
 * flow of it by port, and its fraction of each port's flow.
 * @typedef {{ kind: Kind, id: string, home: FeatureLayer<AreaLayer> | FeatureLayer<PortLayer>, members: Map<number, number>,
 *   side: "US" | "MX" | "", total: number, flow: number[], ratio: number[] }} Selection
 */

/** The layer that a kind of choice is found in. */
export const HOME = /** @type {const} */ ({
  port: "ports",
  us: "zones",
  zone: "zones",
  mx: "municipalities",
  municipality: "municipalities",
  consulate: "districts",
});
/** @type {Record<Kind, "US" | "MX" | "">} */
const SIDE = { port: "", us: "US", zone: "US", consulate: "US", mx: "MX", municipality: "MX" };

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
  const { by_port: column } = data.columns;
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
 * Return the features that a choice is made of, and the fraction of each that belongs to it; a district's are zones.
 * @param {Kind} kind
 * @param {string} id
 */
function memberFractions(kind, id) {
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
  const ports = findLayer("ports").data.columns.share_mean.map((value) => value ?? 0);
  const home = kind === "consulate" ? findLayer("zones") : areaOrPortLayer(kind);
  const { data } = home;
  if (!members.size || !(data.kind === "ports" || data.columns.by_port)) return null;
  const flow = ports.map(() => 0);
  for (const [i, held] of members) {
    const share = ((data.columns.share_mean || [])[i] ?? 0) * held;
    if (data.kind === "ports") flow[i] = share;
    else (fractionsByPort(data, i) || []).forEach((fraction, p) => (flow[p] += share * fraction));
  }
  const total = sum(flow) || 1;
  const ratio = flow.map((value, p) => (ports[p] ? Math.min(1, value / ports[p]) : 0));
  return { kind, id, members, home, side: SIDE[kind], total, ratio, flow };
}

/** @param {Exclude<Kind, "consulate">} kind */
function areaOrPortLayer(kind) {
  if (kind === "port") return findLayer("ports");
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
  if (data.kind === "ports") return selection.flow[i] / selection.total;
  const share = (data.columns.share_mean || [])[i] ?? 0;
  if (layer === selection.home) return (share * (selection.members.get(i) || 0)) / selection.total;
  const side = sideOf(layer, i);
  const fraction =
    side === selection.side ? ownFraction(selection, data, side, i) : portFraction(selection, data, i);
  return fraction === null ? null : (share * fraction) / selection.total;
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
 * Return the fraction of a feature's flow that is the choice's, by the ports it passes.
 * @param {Selection} selection
 * @param {AreaLayer | CorridorLayer} data
 * @param {number} i
 */
function portFraction(selection, data, i) {
  const byPort = fractionsByPort(data, i);
  return byPort && sum(byPort.map((fraction, p) => fraction * selection.ratio[p]));
}

/**
 * Return the fraction of a road's flow that is the choice's, on the choice's own side, by state.
 * @param {Selection} selection
 * @param {AreaLayer | CorridorLayer} data
 * @param {keyof Sides | ""} side
 * @param {number} i
 */
function ownFraction(selection, data, side, i) {
  const byState = "by_state" in data.columns && data.columns.by_state;
  if (!byState || !knowsOwnSide(selection.kind)) return null;
  const own = fractions(byState[i]);
  return sum(sideNames(selection.kind, side).map((name, n) => (name === selection.id ? (own[n] ?? 0) : 0)));
}

/**
 * Return whether the roads on a kind's own side are known by it.
 * @param {Kind} kind
 */
export function knowsOwnSide(kind) {
  return kind === "us" || kind === "consulate" || kind === "mx";
}

/**
 * Return what each packed fraction by state is called, for a kind of choice.
 * @param {Kind} kind
 * @param {keyof Sides | ""} side
 */
function sideNames(kind, side) {
  const { sides } = state.tables;
  if (side === "US") return sides.US.map(([us, consulate]) => (kind === "us" ? us : consulate));
  return side === "MX" ? sides.MX : [];
}
