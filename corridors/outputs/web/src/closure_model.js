/**
 * Compute ports' shares under closed ports and changed laws, from draws of the posterior, under either structure of the choice.
 *
 * Structure "trip": `trip_closures.js`. Structure "port": the flow of group g at port k is base[g][k] * (1 - fraction of g at
 * closed ports) ** -power * exp(sd * law) * weight[state of g][k], up to a constant. Against the whole model the shares are off
 * by less than half a percentage point.
 */

import { sum, unpackShares } from "./packing.js";
import { readTripModel, tripPortShares } from "./trip_closures.js";

/** @import { ClosureModelIsland, PortClosureDraw, PortClosureIsland } from "./payloads.js" */
/** @import { TripClosureModel } from "./trip_closures.js" */
/** @typedef {Omit<PortClosureDraw, "group_port_base" | "destination_weight"> & { group_port_base: Float64Array, destination_weight: Float64Array }} PortDraw */
/** @typedef {Omit<PortClosureIsland, "draws"> & { draws: PortDraw[] }} PortClosureModel */
/** @typedef {PortClosureModel | TripClosureModel} ClosureModel */
/** @typedef {{ low: number | null, mean: number, high: number | null }} Band  Bounds are null where the run has none. */
/** @typedef {{ band: Band, change: number[] }} MovedShare */

const TINY = 1e-12;
const CUT_OFF = 1e-9; // a group that keeps less has no open port

/** @type {WeakMap<ClosureModel, { key: string, shares: Float64Array[] }>} */
const edited = new WeakMap(); // shares under the last edits
/** @type {WeakMap<ClosureModel, Float64Array[]>} */
const unedited = new WeakMap(); // shares without edits, computed once

/**
 * Return the model with its numbers unpacked.
 * @param {ClosureModelIsland} packed
 * @returns {ClosureModel}
 */
export function readClosureModel(packed) {
  if (packed.structure === "trip") return readTripModel(packed);
  const draws = packed.draws.map((one) => ({
    ...one,
    group_port_base: unpackShares(one.group_port_base),
    destination_weight: unpackShares(one.destination_weight),
  }));
  return { ...packed, draws };
}

/**
 * Return ports' shares at each draw.
 * @param {ClosureModel} model
 * @param {number[]} closed  Positions of closed ports.
 * @param {Record<number, number>} laws  Standard deviations of law by position of a US state.
 */
export function portShares(model, closed, laws) {
  return model.structure === "trip"
    ? model.draws.map((draw) => tripPortShares(model, draw, closed, laws))
    : model.draws.map((draw) => sharesOfDraw(model, draw, closed, laws));
}

/**
 * Return ports' shares at one draw of the structure "port".
 * @param {PortClosureModel} model
 * @param {PortDraw} draw
 * @param {number[]} closed
 * @param {Record<number, number>} laws
 */
function sharesOfDraw(model, draw, closed, laws) {
  const { ports } = model;
  const flow = new Float64Array(ports);
  model.state.forEach((home, group) => {
    const base = draw.group_port_base.subarray(group * ports, (group + 1) * ports);
    const total = sum(base);
    const kept = total ? closed.reduce((left, k) => left - base[k], total) / total : 0;
    if (kept < CUT_OFF) return;
    const weight = kept ** -draw.power * Math.exp((laws[home] || 0) * draw.law);
    for (let k = 0; k < ports; k++) flow[k] += base[k] * weight * draw.destination_weight[home * ports + k];
  });
  for (const k of closed) flow[k] = 0;
  const total = sum(flow);
  return flow.map((value) => value / total);
}

/**
 * Return a quantile of values, interpolated linearly.
 * @param {Iterable<number>} values
 * @param {number} fraction
 */
export function quantile(values, fraction) {
  const sorted = Float64Array.from(values).sort();
  const at = fraction * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/**
 * Return each port's 90% band of shares under the edits with the mean between its bounds, and the same of its change.
 *
 * The few draws give the factor of the mean and of each bound; the run's own figures give the share before. Means sum to 1:
 * what they miss by, as the factors are of few draws, is divided out, and is nothing without an edit.
 * @param {ClosureModel} model
 * @param {(number | null)[][]} before  5% quantile, mean and 95% quantile of each port's share.
 * @param {number[]} closed
 * @param {Record<number, number>} laws
 * @returns {MovedShare[]}
 */
export function movedShares(model, before, closed, laws) {
  const { base, after } = bothShares(model, closed, laws);
  const bands = before.map((band, k) => {
    const [old, moved] = [base, after].map((draws) => bandOf(draws.map((flow) => flow[k])));
    const [low, mean, high] = band.map((value, n) =>
      value === null ? null : (value * moved[n]) / Math.max(old[n], TINY),
    );
    if (low === null || high === null) return { low, mean: mean ?? 0, high };
    // few draws may change the order of close quantiles
    return { low: Math.min(low, high), mean: mean ?? 0, high: Math.max(low, high) };
  });
  const total = sum(bands.map(({ mean }) => mean));
  return bands.map(({ low, mean, high }, k) => ({
    band: { low, mean: mean / total, high },
    change: bandOf(after.map((flow, n) => flow[k] - base[n][k])),
  }));
}

/**
 * Return the band of the change of each group of ports, of each draw's own sums. The few draws are scaled to the run's own
 * share before, as the means are.
 * @param {ClosureModel} model
 * @param {(number | null)[]} before  Mean of each port's share.
 * @param {number[]} closed
 * @param {Record<number, number>} laws
 * @param {number[][]} groups  Positions of ports.
 * @returns {number[][]}  5% quantile, mean and 95% quantile.
 */
export function changesOf(model, before, closed, laws, groups) {
  const { base, after } = bothShares(model, closed, laws);
  return groups.map((ports) => {
    const total = (/** @type {Float64Array} */ flow) => sum(ports.map((k) => flow[k]));
    const old = sum(base.map(total)) / base.length;
    const scale = old > TINY ? sum(ports.map((k) => before[k] ?? 0)) / old : 1;
    return bandOf(after.map((flow, n) => scale * (total(flow) - total(base[n]))));
  });
}

/**
 * Return ports' shares at each draw without and with the edits, each computed once.
 * @param {ClosureModel} model
 * @param {number[]} closed
 * @param {Record<number, number>} laws
 */
function bothShares(model, closed, laws) {
  const base = unedited.get(model) ?? portShares(model, [], {});
  unedited.set(model, base);
  const key = JSON.stringify([closed, laws]);
  const known = edited.get(model);
  const after = known && known.key === key ? known.shares : portShares(model, closed, laws);
  edited.set(model, { key, shares: after });
  return { base, after };
}

/**
 * Return the 5% quantile, the mean and the 95% quantile of values.
 * @param {number[]} values
 */
function bandOf(values) {
  return [quantile(values, 0.05), sum(values) / values.length, quantile(values, 0.95)];
}
