/** Unpack what `outputs/layers/{packing,encoding}.py` pack: numbers as printable signs, lines as encoded polylines. */

/** @import { PackedColumn, PackedNumbers } from "./payloads.js" */

const FIRST_SIGN = 63; // "?" stands for 0
const LEVELS = 63; // one sign holds 0 to 63
const BASE = LEVELS + 1;
const DECADES = 6; // packed shares span so many powers of ten, down from 1
const TOP_SHARE_LEVEL = BASE * BASE - 2;

/**
 * Return the n-th whole number of a text of two signs a number.
 * @param {string} code
 * @param {number} n
 */
export function countAt(code, n) {
  return (code.charCodeAt(2 * n) - FIRST_SIGN) * BASE + code.charCodeAt(2 * n + 1) - FIRST_SIGN;
}

/**
 * Return the n-th share of a text of two signs a share; shares are packed by their logarithm.
 * @param {string} code
 * @param {number} n
 */
export function shareAt(code, n) {
  const level = countAt(code, n);
  return level ? 10 ** (((level - 1) / TOP_SHARE_LEVEL - 1) * DECADES) : 0;
}

/**
 * Return every share of a text of two signs a share.
 * @param {string} code
 */
export function unpackShares(code) {
  return Float64Array.from({ length: code.length / 2 }, (_, n) => shareAt(code, n));
}

/**
 * Return numbers of two signs each, in even steps; level 0 is -Infinity.
 * @param {PackedNumbers} packed
 */
export function unpackNumbers({ low, step, levels }) {
  return Float64Array.from({ length: levels.length / 2 }, (_, n) => {
    const level = countAt(levels, n);
    return level ? low + (level - 1) * step : -Infinity;
  });
}

/**
 * Return fractions of one sign each, scaled to sum to 1; zeros at the end are not in the code.
 * @param {string} code
 */
export function unpackFractions(code) {
  const values = Array.from(code, (sign) => ((sign.charCodeAt(0) - FIRST_SIGN) / LEVELS) ** 2);
  const total = sum(values) || 1;
  return values.map((value) => value / total);
}

/**
 * Return the latitude-longitude pairs of an encoded polyline (Google's algorithm).
 * @param {string} code
 * @param {number} scale  Steps a degree.
 */
export function decodePolyline(code, scale) {
  /** @type {[number, number][]} */
  const points = [];
  let at = 0;
  let lat = 0;
  let lon = 0;
  const step = () => {
    let bits = 0;
    let shift = 0;
    let chunk;
    do {
      chunk = code.charCodeAt(at++) - 63;
      bits |= (chunk & 31) << shift;
      shift += 5;
    } while (chunk >= 32);
    return bits & 1 ? ~(bits >> 1) : bits >> 1;
  };
  while (at < code.length) {
    lat += step();
    lon += step();
    points.push([lat / scale, lon / scale]);
  }
  return points;
}

/**
 * Return the position of each feature's value: a sign each where there are at most 64 values, else two.
 * @param {PackedColumn} column
 */
function unpackPositions({ of, at }) {
  if (of.length > BASE) return Array.from({ length: at.length / 2 }, (_, n) => countAt(at, n));
  return Array.from(at, (sign) => sign.charCodeAt(0) - FIRST_SIGN);
}

/**
 * Expand in place the columns that are written as distinct values and positions.
 * @param {Record<string, unknown[] | PackedColumn>} columns
 */
export function expandColumns(columns) {
  for (const [name, column] of Object.entries(columns)) {
    if (!Array.isArray(column)) columns[name] = unpackPositions(column).map((n) => column.of[n]);
  }
}

/**
 * Return the sum of numbers.
 * @param {Iterable<number>} values
 */
export function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
