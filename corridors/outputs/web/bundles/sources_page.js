/* sources_page.js: sources 1773c27fc4fa1771, esbuild 0.28.2 */
"use strict";
var corridors = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // src/sources_page.js
  var sources_page_exports = {};
  __export(sources_page_exports, {
    page: () => page
  });

  // src/address.js
  function replaceHash(entries) {
    try {
      history.replaceState(null, "", `#${entries.join("/")}`);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
    }
  }

  // src/dom.js
  function element(tag, content, className) {
    const node = document.createElement(tag);
    if (content !== void 0) node.textContent = content;
    if (className) node.className = className;
    return node;
  }
  function rowHead(content) {
    const head = element("th", content);
    head.scope = "row";
    return head;
  }
  function link(url, className, content = url, start = /^https:\/\//) {
    if (!start.test(url) || !/^[^\s<>"'`\\{}]+$/.test(url)) return element("span", url, className);
    return Object.assign(element("a", content, className), {
      href: url,
      rel: "noopener noreferrer",
      target: "_blank"
    });
  }
  function find(selector, parent = document) {
    return findAs(selector, HTMLElement, parent);
  }
  function findAs(selector, kind, parent = document) {
    const node = parent.querySelector(selector);
    if (!(node instanceof kind)) throw new Error(`page: expected ${kind.name} ${selector}, found ${node}`);
    return node;
  }
  function findAll(selector, parent = document) {
    return [.../** @type {NodeListOf<HTMLElement>} */
    parent.querySelectorAll(selector)];
  }
  function markReady() {
    document.documentElement.dataset.ready = "true";
  }

  // src/islands.js
  function read(id) {
    const node = document.getElementById(id);
    return node instanceof HTMLScriptElement && node.type === "application/json" ? JSON.parse(node.textContent || "null") : null;
  }
  function island(name) {
    return (
      /** @type {Islands[Name] | null} */
      read(name)
    );
  }

  // src/state.js
  var state = {
    run: {},
    words: {},
    tables: { named: false, roads: [], information: [], sides: { US: [], MX: [] }, variants: [], ranks: [] },
    partners: {},
    language: "es",
    map: null,
    layers: [],
    variant: 0,
    supplyYear: 0,
    clicked: () => {
    },
    drawn: () => {
    }
  };

  // src/text.js
  function text(key, values) {
    const found = (state.words[state.language] || {})[key];
    if (found === void 0) return key.slice(key.indexOf(".") + 1);
    return values ? found.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole) : found;
  }

  // src/language.js
  function chooseLanguage(search, hash, languages) {
    const inAddress = [search, hash].map((part) => (part.match(/[?&#/]lang=(es|en)\b/) || [])[1]);
    const ofBrowser = languages.map((tag) => tag.slice(0, 2).toLowerCase());
    return [...inAddress, ...ofBrowser].find(isLanguage) || "es";
  }
  function isLanguage(code) {
    return code === "es" || code === "en";
  }
  function openingLanguage() {
    return chooseLanguage(location.search, location.hash, navigator.languages || []);
  }
  function startLanguageButtons(change) {
    for (const node of findAll("button[data-language]")) {
      node.addEventListener("click", () => {
        if (isLanguage(node.dataset.language)) change(node.dataset.language);
      });
    }
  }
  function markLanguage(language) {
    document.documentElement.lang = language;
    for (const node of findAll("button[data-language]")) {
      node.setAttribute("aria-pressed", String(node.dataset.language === language));
    }
  }
  function renderTexts() {
    markLanguage(state.language);
    for (const node of findAll("[data-i]")) node.textContent = text(node.dataset.i || "");
    for (const node of findAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label || ""));
  }

  // src/numbers.js
  var formats = /* @__PURE__ */ new Map();
  function locale() {
    return state.language === "es" ? "es-MX" : "en-US";
  }
  function formatNumber(value, options) {
    const key = locale() + JSON.stringify(options);
    let format = formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(locale(), options);
      formats.set(key, format);
    }
    return format.format(value);
  }
  function formatDecimals(value, decimals) {
    return formatNumber(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }
  function formatDay(iso) {
    const found = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(iso);
    if (!found) return iso;
    const [, year, month, day] = found;
    const style = day ? { dateStyle: "long" } : month ? { year: "numeric", month: "long" } : { year: "numeric" };
    const moment = /* @__PURE__ */ new Date(`${year}${month || "-01"}${day || "-01"}T00:00:00Z`);
    return new Intl.DateTimeFormat(locale(), { ...style, timeZone: "UTC" }).format(moment);
  }

  // src/packing.js
  var LEVELS = 63;
  var BASE = LEVELS + 1;
  var TOP_SHARE_LEVEL = BASE * BASE - 2;
  function sum(values) {
    let total = 0;
    for (const value of values) total += value;
    return total;
  }

  // src/sources_table.js
  var MONTH = 1 / 12;
  function english(tag, content, className) {
    const node = element(tag, content, className);
    node.lang = "en";
    return node;
  }
  function cited(tag, row, name, className) {
    const spanish = state.language === "es" && row.es[name] || "";
    const content = spanish || row[name] || "–";
    const isNeutral = !/[a-z]/i.test(content);
    return spanish || isNeutral ? element(tag, content, className) : english(tag, content, className);
  }
  function unbroken(content) {
    return element("span", content, "whole");
  }
  function fact(label, value, className = "small") {
    const line = element("p", void 0, className);
    line.append(element("span", `${label}: `, "label"), value);
    return line;
  }
  function formatAge(years) {
    if (years === null) return text("data.no_age");
    if (years < MONTH) return text("data.under_month");
    const written = formatDecimals(years, years < 10 ? 1 : 0);
    return written === formatDecimals(1, 1) ? text("data.one_year") : text("data.years", { years: written });
  }
  function countDropped(row) {
    return sum(row.dropped.map(([, count]) => count));
  }
  function originCell(row) {
    const head = rowHead();
    head.append(cited("strong", row, "title"), element("code", row.id));
    if (row.own_file) head.append(element("span", text("data.own_file"), "badge"));
    head.append(fact(text("source.publisher"), row.publisher));
    if (row.url) head.append(fact(text("source.link"), link(row.url, "address")));
    const more = element("details");
    more.append(element("summary", text("data.origin")));
    if (row.derived_from) more.append(fact(text("source.derived_from"), row.derived_from));
    if (row.note) more.append(fact(text("data.changes"), english("span", row.note)));
    more.append(fact(text("data.file"), row.file));
    if (row.sha256) more.append(fact("SHA-256", element("code", row.sha256)));
    head.append(more);
    return head;
  }
  function timeCell(row) {
    const cell = element("td");
    cell.append(
      fact(text("source.period"), cited("span", row, "period", "whole"), "line"),
      fact(text("data.age"), unbroken(formatAge(row.age_years)), "line")
    );
    if (row.retrieved) cell.append(fact(text("source.retrieved"), unbroken(row.retrieved)));
    return cell;
  }
  function rowsCell(row) {
    const dropped = countDropped(row);
    const cell = element("td");
    cell.append(
      fact(text("data.kept"), formatNumber(row.rows), "line"),
      fact(text("data.dropped"), dropped ? formatNumber(dropped) : text("data.none_dropped"), "line")
    );
    const list = element("ul", void 0, "small");
    for (const [reason, count] of row.dropped) {
      const item = element("li");
      item.append(element("b", formatNumber(count)), " ", english("span", reason));
      list.append(item);
    }
    if (row.dropped.length) cell.append(list);
    return cell;
  }
  function coverageCell(row) {
    const cell = element("td");
    for (const [name, count, all] of row.coverage) {
      const counts = text("data.of", { count: formatNumber(count), all: formatNumber(all) });
      const bar = element("span", void 0, "bar");
      const filled = element("span");
      filled.style.width = `${Math.min(100, 100 * count / all)}%`;
      bar.append(filled);
      cell.append(fact(text(name), unbroken(counts), "line"), bar);
    }
    if (!row.coverage.length) cell.append(element("p", text("data.no_coverage"), "small"));
    return cell;
  }
  function termsCell(row) {
    const cell = element("td");
    cell.append(
      fact(text("source.licence"), english("span", row.licence || "–"), "line"),
      fact(text("source.attribution"), row.attribution || "–", "line")
    );
    return cell;
  }
  function limitsCell(row) {
    const cell = element("td");
    cell.append(cited("p", row, "not_what", "line"));
    return cell;
  }
  function sourceRow(row) {
    const cells = {
      "data.time": timeCell(row),
      "data.rows": rowsCell(row),
      "data.coverage": coverageCell(row),
      "data.terms": termsCell(row),
      "data.limits": limitsCell(row)
    };
    for (const [key, cell] of Object.entries(cells)) cell.prepend(element("p", text(key), "heading"));
    const line = element("tr");
    line.append(originCell(row), ...Object.values(cells));
    line.setAttribute("role", "row");
    for (const cell of line.children) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
    return line;
  }
  function summaryBoxes(rows) {
    const own = rows.filter((row) => row.own_file).length;
    const boxes = [
      summaryBox("data.count", formatNumber(rows.length)),
      summaryBox("data.own_count", formatNumber(own)),
      summaryBox("data.dropped_count", formatNumber(sum(rows.map(countDropped))))
    ];
    const age = (row) => row.age_years ?? -Infinity;
    const [oldest] = rows.filter((row) => row.age_years !== null).sort((a, b) => age(b) - age(a));
    if (oldest) {
      const title = cited("span", oldest, "title", "small");
      boxes.push(summaryBox("data.oldest", formatAge(oldest.age_years), title));
    }
    return boxes;
  }
  function summaryBox(key, value, about) {
    const box = element("div");
    const figure = element("dd", value);
    if (about) figure.append(about);
    box.append(element("dt", text(key)), figure);
    return box;
  }

  // src/sources_page.js
  var COLUMNS = 6;
  var data = { on: null, rows: [] };
  function render() {
    const { rows, on } = data;
    document.title = text("data.title");
    renderTexts();
    find("#aged").textContent = on ? text("data.aged", { date: formatDay(on) }) : "";
    find("#summary").replaceChildren(...summaryBoxes(rows));
    const body = find("#sources tbody");
    const open = details(body).map((node) => node.open);
    body.replaceChildren(...rows.length ? rows.map(sourceRow) : [emptyRow()]);
    details(body).forEach((node, i) => node.open = Boolean(open[i]));
  }
  function emptyRow() {
    const cell = element("td", text("data.empty"));
    cell.colSpan = COLUMNS;
    const line = element("tr");
    line.append(cell);
    return line;
  }
  function details(parent) {
    return [...parent.querySelectorAll("details")];
  }
  function page() {
    state.language = openingLanguage();
    state.words = island("words") || {};
    data = island("sources_data") || data;
    render();
    startLanguageButtons((language) => {
      state.language = language;
      render();
      replaceHash([`lang=${language}`]);
    });
    find(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      findAs("#sources", HTMLTableElement).focus();
    });
    addEventListener("beforeprint", () => details(document).forEach((node) => node.open = true));
    markReady();
  }
  return __toCommonJS(sources_page_exports);
})();
