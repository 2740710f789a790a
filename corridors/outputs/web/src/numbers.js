/** Write numbers and dates in the page's language, by the rules of `outputs/text/translations.py`. */

import { state } from "./state.js";
import { text } from "./text.js";

const DEFAULT_RULES = {
  decimals: [
    [0.01, 2],
    [0.1, 1],
  ],
  smallest: 0.0001,
};

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map(); // making a format takes longer than writing all the numbers of a table

function locale() {
  return state.language === "es" ? "es-MX" : "en-US";
}

/**
 * Return a number as the language writes it.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function formatNumber(value, options) {
  const key = locale() + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), options);
    formats.set(key, format);
  }
  return format.format(value);
}

/**
 * Return a number with exactly so many decimals.
 * @param {number} value
 * @param {number} decimals
 */
export function formatDecimals(value, decimals) {
  return formatNumber(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/**
 * Return a share of 1 as a percentage with exactly so many decimals.
 * @param {number} value
 * @param {number} decimals
 */
function formatPercent(value, decimals) {
  return formatNumber(value, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/**
 * Return a share of 1 as a percentage of about two significant digits, "–" where unknown.
 * @param {number | null} value
 */
export function formatShare(value) {
  if (value === null) return "–";
  const rules = state.run.share || DEFAULT_RULES;
  if (value > 0 && value < rules.smallest)
    return text("label.tiny", { share: formatPercent(rules.smallest, 2) });
  const rule = rules.decimals.find(([limit]) => value < limit);
  return formatPercent(value, value === 0 || !rule ? 0 : rule[1]);
}

/**
 * Return two bounds of a share as a range, or as one figure where they read the same.
 * @param {number | null} low
 * @param {number | null} high
 */
export function formatBand(low, high) {
  const [from, to] = [formatShare(low), formatShare(high)];
  return from === to ? from : text("label.band", { low: from, high: to });
}

/**
 * Return a share with its band in parentheses, without where the run has none.
 * @param {number | null} share
 * @param {number | null} low
 * @param {number | null} high
 */
export function shareWithBand(share, low, high) {
  return low === null ? formatShare(share) : `${formatShare(share)} (${formatBand(low, high)})`;
}

/**
 * Return a bound of a class as a percentage, as short as it can be.
 * @param {number} value
 */
export function formatBound(value) {
  return formatNumber(value, { style: "percent", maximumFractionDigits: 2 });
}

/**
 * Return a change of share in percentage points, with its sign.
 * @param {number} value
 */
export function formatPoints(value) {
  const size = Math.abs(100 * value);
  const digits = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  return formatNumber(100 * value, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: "exceptZero",
  });
}

/**
 * Return "2019-03-02", "1999-07" or "2004" as the language writes it, as precise as given; other texts as they are.
 * @param {string} iso
 */
export function formatDay(iso) {
  const found = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(iso);
  if (!found) return iso;
  const [, year, month, day] = found;
  /** @type {Intl.DateTimeFormatOptions} */
  const style = day
    ? { dateStyle: "long" }
    : month
      ? { year: "numeric", month: "long" }
      : { year: "numeric" };
  const moment = new Date(`${year}${month || "-01"}${day || "-01"}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale(), { ...style, timeZone: "UTC" }).format(moment);
}

/**
 * Return a first and last day as the language writes them.
 * @param {string[]} span
 */
export function formatDays([start, end]) {
  return !end || start === end
    ? formatDay(start)
    : text("label.band", { low: formatDay(start), high: formatDay(end) });
}
