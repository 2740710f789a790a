/** Describe a feature: the fields of its payload, each written by its form. */

import { element } from "./dom.js";
import { eventList } from "./events.js";
import { formatBand, formatDays, formatNumber, formatShare } from "./numbers.js";
import { countAt, shareAt } from "./packing.js";
import { state } from "./state.js";
import { nameOf, text } from "./text.js";

/** @import { EventLayer } from "./payloads.js" */
/** @typedef {string | number | null | number[] | string[][] | [string, number | null][] | EventLayer["columns"]["events"][number]} Cell */
/**
 * A payload of features, or one made for a single description.
 * @typedef {{ title: string, columns: Record<string, Cell[] | undefined>, fields: string[][], kind?: string, untitled?: string,
 *   note?: string, states?: Record<string, string>, min_count?: number, years?: number[] }} Described
 */

/** @type {Described} */
const NOTHING = { title: "", columns: {}, fields: [] };
const SHORT_DISTANCE = 20; // km; shorter distances are unreliable

/** @type {Record<string, (values: Cell[], data: Described) => string>} */
const FORMS = {
  text: ([value]) => String(value ?? ""),
  state: ([code], data) => (data.states || {})[String(code)] || String(code),
  list: (values) => values.filter(Boolean).join(", "),
  share: ([value]) => formatShare(numeric(value)),
  band: ([low, high]) => formatBand(numeric(low), numeric(high)),
  count: ([value], data) => formatCount(numeric(value), data),
  km: ([value]) => formatKilometres(numeric(value)),
  hours: ([value]) => text("trips.hours_value", { hours: formatNumber(numeric(value) ?? 0) }),
  flag: ([value]) => text(value ? "label.yes" : "label.no"),
  grade: ([value]) => nameOf("grade", String(value)),
  road_class: ([value]) => nameOf("road_class", String(value)),
  us_state: ([value]) => nameOf("us_state", String(value)),
  us_side: ([name, state_]) => FORMS.list([name, nameOf("us_state", String(state_))], NOTHING),
  dates: ([spans]) => /** @type {string[][]} */ (spans).map(formatDays).join("; "),
};

/** @param {Cell | undefined} value */
function numeric(value) {
  return typeof value === "number" ? value : null;
}

/**
 * @param {number | null} value
 * @param {Described} data
 */
function formatCount(value, data) {
  return value === null
    ? text("label.few", { count: formatNumber(data.min_count ?? 0) })
    : formatNumber(value);
}

/** @param {number | null} km */
function formatKilometres(km) {
  if (km === null) return "–";
  return km < SHORT_DISTANCE
    ? text("label.short", { km: formatNumber(SHORT_DISTANCE) })
    : text("label.kilometres", { km: formatNumber(km) });
}

/**
 * Return a feature's share under the alternative that the reader chose.
 * @param {{ columns: { variants?: string[] } }} data
 * @param {number} index
 */
export function alternativeShare(data, index) {
  return data.columns.variants ? shareAt(data.columns.variants[index], state.variant - 1) : 0;
}

/**
 * Return the licensed dealers of a zone in the year that the reader chose, 0 where too few to be given.
 * @param {{ columns: { licences?: string[] }, years?: number[] }} data
 * @param {number} index
 */
export function licencesInYear(data, index) {
  const { licences } = data.columns;
  return licences && data.years ? countAt(licences[index], state.supplyYear - data.years[0]) : 0;
}

/**
 * Return the title of a feature in the page's language: a port's is its name on the side of the border that speaks it.
 * @param {Described} data
 * @param {number} index
 */
function titleOf({ title, columns }, index) {
  const spanish = title === "name_us" ? columns.name_mx : columns[`${title}_es`];
  return ((state.language === "es" && spanish) || columns[title] || [])[index];
}

const LEADING = ["share_mean", "share_lo90"]; // the share and its 90% band
const FEW = 2; // fields of the card where a feature has no share

/**
 * Return the fields of a tooltip: of cities and ports their share and its 90% band, of others all.
 * @param {Described} data
 */
function tooltipFields({ kind, fields }) {
  return kind === "crossings" || kind === "ports"
    ? fields.filter(([, , name]) => LEADING.includes(name))
    : fields;
}

/**
 * Return the name of a feature with its share and band, or its first fields.
 * @param {Described} data
 * @param {number} index
 */
export function describeInFew(data, index) {
  const leading = data.fields.filter(([, , name]) => LEADING.includes(name));
  return describe({ ...data, fields: leading.length ? leading : data.fields.slice(0, FEW) }, index, true);
}

/**
 * Return the description of a feature: its title, fields and note.
 * @param {Described} data
 * @param {number} index
 * @param {boolean} short  Whether to leave out the note.
 */
export function describe(data, index, short) {
  const box = element("div", undefined, "facts");
  const { columns } = data;
  const title = titleOf(data, index);
  box.append(element("strong", title ? String(title) : text(data.untitled || "label.unnamed")));
  const list = element("dl");
  const add = (/** @type {string} */ term, /** @type {string} */ value) =>
    list.append(element("dt", term), element("dd", value));
  const { variants, licences } = columns;
  if (state.variant && variants) {
    add(text("variant.share"), formatShare(shareAt(String(variants[index]), state.variant - 1)));
  }
  if (state.supplyYear && licences && data.years) {
    const count = countAt(String(licences[index]), state.supplyYear - data.years[0]);
    add(text("label.dealers_in", { year: String(state.supplyYear) }), formatCount(count || null, data));
  }
  for (const [key, form, ...names] of short ? tooltipFields(data) : data.fields) {
    const values = names.map((name) => (columns[name] || [])[index]);
    if (values[0] !== "" && !(form === "band" && values[0] === null))
      add(text(key), FORMS[form](values, data));
  }
  const note = data.note ? [element("p", text(data.note), "small")] : [];
  // the published share of investigations precedes the dates of gun shows
  if (data.kind === "shows") box.append(...note, list);
  else if (data.kind === "events") {
    const all = short ? [] : [eventList(/** @type {EventLayer} */ (/** @type {unknown} */ (data)), index)];
    box.append(...note, list, ...all);
  } else box.append(list, ...(short ? [] : note));
  return box;
}
