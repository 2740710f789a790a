/**
 * Compute ports' shares under closed ports and changed laws, structure "trip": destination first, then the crossing.
 *
 * The model itself (docs/method.md 3.3) on groups of places: u = attraction - theta (us_weight us + mx);
 * s = sum of exp(u / nest_scale) over the open ports of a city; Z = sum of s ** nest_scale over cities; C = -log(Z) / theta;
 * V = demand - beta C ** power; Lambda = log of the sum of exp(V) over destinations;
 * log P = supply + sd * law - kappa sqrt(hours to the nearest open port) + (nu - 1) Lambda + V + affinity, and a port's part of
 * P is exp(u / nest_scale) / s * s ** nest_scale / Z. Against the whole model the shares are off by less than half a
 * percentage point.
 */

import { sum, unpackNumbers } from "./packing.js";

/** @import { TripClosureDraw, TripClosureIsland } from "./payloads.js" */
/** @typedef {"attraction" | "supply" | "demand" | "affinity"} Logs */
/** @typedef {Omit<TripClosureDraw, Logs> & Record<Logs, Float64Array>} TripDraw */
/** @typedef {Omit<TripClosureIsland, "draws" | "us" | "mx"> & { us: Float64Array, mx: Float64Array, draws: TripDraw[] }} TripClosureModel */
/**
 * Half of exp(u / nest_scale): (groups, open ports) factors relative to the nearest open port, and the hours to that port.
 * @typedef {{ factor: Float64Array, nearest: Float64Array }} Leg
 */

const TINY = 1e-300;

/**
 * Return the model with its numbers unpacked.
 * @param {TripClosureIsland} packed
 * @returns {TripClosureModel}
 */
export function readTripModel(packed) {
  const draws = packed.draws.map((one) => ({
    ...one,
    attraction: unpackNumbers(one.attraction),
    supply: unpackNumbers(one.supply),
    demand: unpackNumbers(one.demand),
    affinity: unpackNumbers(one.affinity),
  }));
  return { ...packed, us: unpackNumbers(packed.us), mx: unpackNumbers(packed.mx), draws };
}

/**
 * Return ports' shares at one draw.
 * @param {TripClosureModel} model
 * @param {TripDraw} draw
 * @param {number[]} closed  Positions of closed ports.
 * @param {Record<number, number>} laws  Standard deviations of law by position of a US state.
 */
export function tripPortShares(model, draw, closed, laws) {
  const cities = openCities(model, draw, closed);
  const open = cities.flat();
  const steep = cities.flatMap((ports) => ports.map(() => (ports.length > 1 ? 1 / model.nest_scale : 1)));
  const us = legFactors(model.us, model, open, (hours, n) => {
    return steep[n] * (draw.attraction[open[n]] - draw.theta * draw.us_weight * hours);
  });
  const mx = legFactors(model.mx, model, open, (hours, n) => -steep[n] * draw.theta * hours);
  const rows = model.us_state.map((home, group) =>
    rowFlow(model, draw, cities, us, mx, group, laws[home] || 0),
  );
  const largest = Math.max(...rows.map(({ log }) => log));
  const flow = new Float64Array(model.ports);
  for (const { log, ports } of rows) {
    const weight = Math.exp(log - largest);
    open.forEach((port, n) => (flow[port] += weight * ports[n]));
  }
  const total = sum(flow);
  return flow.map((value) => value / total);
}

/**
 * Return the open ports of each crossing city that has one.
 * @param {TripClosureModel} model
 * @param {TripDraw} draw
 * @param {number[]} closed
 */
function openCities(model, draw, closed) {
  /** @type {number[][]} */
  const cities = [];
  model.city.forEach((city, port) => {
    if (!closed.includes(port) && Number.isFinite(draw.attraction[port])) (cities[city] ??= []).push(port);
  });
  return cities.filter(Boolean);
}

/**
 * Return the factors of a leg, a row a group and a column an open port.
 * @param {Float64Array} hours  By group and port.
 * @param {TripClosureModel} model
 * @param {number[]} open  Ports.
 * @param {(hours: number, n: number) => number} utility  Of hours more than to the nearest open port, at the n-th open port.
 * @returns {Leg}
 */
function legFactors(hours, model, open, utility) {
  const groups = hours.length / model.ports;
  const factor = new Float64Array(groups * open.length);
  const nearest = new Float64Array(groups).fill(Infinity);
  for (let group = 0; group < groups; group++) {
    const own = hours.subarray(group * model.ports, (group + 1) * model.ports);
    for (const port of open) nearest[group] = Math.min(nearest[group], own[port]);
    open.forEach((port, n) => {
      factor[group * open.length + n] = Math.exp(utility(own[port] - nearest[group], n));
    });
  }
  return { factor, nearest };
}

/**
 * Return the flow of one group of origins by open port, up to a factor of which it returns the logarithm.
 * @param {TripClosureModel} model
 * @param {TripDraw} draw
 * @param {number[][]} cities  Open ports of each city.
 * @param {Leg} us
 * @param {Leg} mx
 * @param {number} group
 * @param {number} law  Standard deviations.
 */
function rowFlow(model, draw, cities, us, mx, group, law) {
  const open = us.factor.length / us.nearest.length;
  const own = us.factor.subarray(group * open, (group + 1) * open);
  const places = mx.nearest.length;
  const weights = new Float64Array(places * cities.length); // of each city: s ** (nest_scale - 1) / Z
  const values = new Float64Array(places);
  for (let place = 0; place < places; place++) {
    const z = citySums(
      model,
      cities,
      own,
      mx.factor.subarray(place * open, (place + 1) * open),
      weights,
      place,
    );
    const nearest = draw.us_weight * us.nearest[group] + mx.nearest[place];
    const hours = Math.max(nearest - Math.log(z) / draw.theta, model.min_hours);
    values[place] = draw.demand[place] - draw.beta * hours ** draw.power;
  }
  const top = Math.max(...values);
  const total = sum(values.map((value) => Math.exp(value - top)));
  const ports = new Float64Array(open);
  const home = model.us_state[group];
  for (let place = 0; place < places; place++) {
    const affinity = draw.affinity[home * model.mx_states + model.mx_state[place]];
    const chosen = Math.exp(values[place] - top + affinity) / total;
    for (let city = 0, n = 0; city < cities.length; city++) {
      const weight = chosen * weights[place * cities.length + city];
      for (const end = n + cities[city].length; n < end; n++)
        ports[n] += weight * own[n] * mx.factor[place * open + n];
    }
  }
  const access = top + Math.log(total);
  const deterred = draw.kappa * Math.sqrt(Math.max(us.nearest[group], model.min_hours));
  return { log: draw.supply[group] + law * draw.law - deterred + draw.nu * access, ports };
}

/**
 * Return Z of a pair of groups less what the nearest legs cost, and write what each city's ports are weighted by.
 * @param {TripClosureModel} model
 * @param {number[][]} cities
 * @param {Float64Array} us  Factors of the origin by open port.
 * @param {Float64Array} mx  Factors of the destination.
 * @param {Float64Array} weights
 * @param {number} place
 */
function citySums(model, cities, us, mx, weights, place) {
  const first = place * cities.length;
  const root = model.nest_scale === 0.5 ? Math.sqrt : power; // ten times as quick
  let z = TINY;
  for (let city = 0, n = 0; city < cities.length; city++) {
    const count = cities[city].length;
    let total = TINY;
    for (const end = n + count; n < end; n++) total += us[n] * mx[n];
    const rooted = count > 1 ? root(total, model.nest_scale) : total;
    weights[first + city] = rooted / total;
    z += rooted;
  }
  for (let city = 0; city < cities.length; city++) weights[first + city] /= z;
  return z;
}

/**
 * @param {number} value
 * @param {number} exponent
 */
function power(value, exponent) {
  return value ** exponent;
}
