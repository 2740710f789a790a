/** Sliders of years in the legend: licences of zones by year, and gun shows of a year. */

import { refreshDetail } from "./detail.js";
import { element, find, legendItem } from "./dom.js";
import { formatNumber } from "./numbers.js";
import { chooseSupplyYear } from "./selection.js";
import { findLayer, state } from "./state.js";
import { text } from "./text.js";

/** @import { AreaLayer, ShowLayer } from "./payloads.js" */

let showYear = 0; // of gun shows, 0 for all
let refresh = () => {};

/** Set the slider of licences to the year shown; the choice of a place ends that year. */
export function refreshSupplyYear() {
  refresh();
}

/**
 * Return a slider of years and a function that sets it. Its left end is 0, for no year.
 * @param {string} key  Of its label.
 * @param {number[]} years  First and last.
 * @param {number} year
 * @param {string} none  Text of its left end.
 * @param {(year: number) => void} changed
 */
function yearSlider(key, [first, last], year, none, changed) {
  const label = element("label", undefined, "years");
  const slider = element("input");
  const output = element("output");
  Object.assign(slider, { type: "range", min: String(first - 1), max: String(last), step: "1" });
  const set = (/** @type {number} */ shown) => {
    slider.value = String(shown || first - 1);
    output.textContent = shown ? String(shown) : none;
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  slider.addEventListener("input", () => {
    const chosen = Number(slider.value);
    const shown = chosen < first ? 0 : chosen;
    set(shown);
    changed(shown);
  });
  set(year);
  label.append(element("span", text(key)), slider, output);
  return { label, set };
}

/**
 * Return the slider of licences: zones colored by their dealers in a year, with a key of its own, or at its left end by
 * their share.
 * @param {number[]} years  First and last.
 * @param {AreaLayer} data
 * @param {HTMLElement} ofShare  The key of shares, which a year hides.
 * @param {(bin: number) => Element} swatch  Returns the picture of a class.
 */
export function supplyYearSlider(years, data, ofShare, swatch) {
  const { label, set } = yearSlider(
    "legend.licences",
    years,
    state.supplyYear,
    text("legend.share_now"),
    (year) => {
      chooseSupplyYear(year);
      explain();
      if (!label.isConnected) find("#layers .supply input").focus(); // Leaflet wrote the legend anew
      refreshDetail();
    },
  );
  label.classList.add("supply");
  const note = element("p", undefined, "small");
  const key = element("ul", undefined, "licence-classes");
  const counts = data.counts || [];
  const classes = counts.map((low, i) =>
    counts[i + 1]
      ? text("label.band", { low: formatNumber(low), high: formatNumber(counts[i + 1] - 1) })
      : text("legend.over", { low: formatNumber(low - 1) }),
  );
  key.append(...classes.map((content, bin) => legendItem(swatch(bin), content)));
  const explain = () => {
    const year = String(state.supplyYear);
    for (const part of [note, key]) part.hidden = !state.supplyYear;
    ofShare.hidden = Boolean(state.supplyYear);
    note.textContent = text("legend.licence_classes", { year, count: formatNumber(counts[0] ?? 0) });
  };
  refresh = () => {
    set(state.supplyYear);
    explain();
  };
  explain();
  const box = element("div");
  box.append(label, note, key);
  return box;
}

/**
 * Return the slider of gun shows: those of a year, or at its left end all.
 * @param {ShowLayer} data
 */
export function showYearSlider(data) {
  const starts = data.columns.dates.flat().map(([start]) => Number(start.slice(0, 4)));
  const years = [Math.min(...starts), Math.max(...starts)];
  const layer = findLayer("shows");
  const draw = () => {
    for (const mark of layer.shapes()) {
      const on = mark.index !== undefined && data.columns.dates[mark.index].some(isInShowYear);
      mark.options.interactive = on;
      mark.setStyle({ opacity: on ? 1 : 0, fillOpacity: on ? data.style.fillOpacity : 0 });
    }
  };
  const all = text("legend.all_years", { low: String(years[0]), high: String(years[1]) });
  const { label } = yearSlider("legend.year", years, showYear, all, (year) => {
    showYear = year;
    draw();
  });
  layer.on("add", draw);
  draw();
  return label;
}

/** @param {string[]} span */
function isInShowYear([start, end]) {
  if (!showYear) return true;
  return Number(start.slice(0, 4)) <= showYear && showYear <= Number((end || start).slice(0, 4));
}
