/* whatif_page.js: sources b1d5d331c2889fc5, esbuild 0.28.2 */
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

  // src/whatif_page.js
  var whatif_page_exports = {};
  __export(whatif_page_exports, {
    inner: () => inner,
    layer: () => layer,
    map: () => map,
    page: () => page
  });

  // src/address.js
  function fromHash(hash, name) {
    const found = hash.match(new RegExp(`[#/]${name}=([^/]*)`));
    try {
      return found ? decodeURIComponent(found[1]) : null;
    } catch {
      return null;
    }
  }
  function fromUrl(name) {
    return fromHash(location.hash, name);
  }
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
  function button(content, className, act) {
    const node = element("button", content, className);
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  }
  function rowHead(content) {
    const head = element("th", content);
    head.scope = "row";
    return head;
  }
  function option(content, value) {
    const node = element("option", content);
    node.value = String(value);
    return node;
  }
  function link(url, className, content = url, start = /^https:\/\//) {
    if (!start.test(url) || !/^[^\s<>"'`\\{}]+$/.test(url)) return element("span", url, className);
    return Object.assign(element("a", content, className), {
      href: url,
      rel: "noopener noreferrer",
      target: "_blank"
    });
  }
  function articleLink(url, content) {
    return link(url, "address", content, /^https?:\/\//);
  }
  function picture(width, height, shapes) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const set = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, String(value)));
    set(svg, { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    for (const [tag, values] of shapes) {
      const node = document.createElementNS(space, tag);
      set(node, values);
      svg.append(node);
    }
    return svg;
  }
  function linePicture(color, width, dash, opacity) {
    const line = {
      x1: 1,
      y1: 6,
      x2: 39,
      y2: 6,
      stroke: color,
      "stroke-width": width,
      "stroke-dasharray": dash || "none",
      "stroke-opacity": opacity || 1
    };
    return picture(40, 12, [["line", line]]);
  }
  function legendItem(image, content) {
    const item = element("li");
    item.append(image, element("span", content));
    return item;
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
  function pageMap() {
    if (!state.map) throw new Error("map: expected one made by corridors.map(), found none");
    return state.map;
  }

  // src/text.js
  function text(key, values) {
    const found = (state.words[state.language] || {})[key];
    if (found === void 0) return key.slice(key.indexOf(".") + 1);
    return values ? found.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole) : found;
  }
  function nameOf(family, value) {
    return (state.words[state.language] || {})[`${family}.${value}`] ?? value;
  }

  // src/numbers.js
  var DEFAULT_RULES = {
    decimals: [
      [0.01, 2],
      [0.1, 1]
    ],
    smallest: 1e-4
  };
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
  function formatPercent(value, decimals) {
    return formatNumber(value, {
      style: "percent",
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals
    });
  }
  function formatShare(value) {
    if (value === null) return "–";
    const rules = state.run.share || DEFAULT_RULES;
    if (value > 0 && value < rules.smallest)
      return text("label.tiny", { share: formatPercent(rules.smallest, 2) });
    const rule = rules.decimals.find(([limit]) => value < limit);
    return formatPercent(value, value === 0 || !rule ? 0 : rule[1]);
  }
  function formatBand(low, high) {
    const [from, to] = [formatShare(low), formatShare(high)];
    return from === to ? from : text("label.band", { low: from, high: to });
  }
  function formatDay(iso) {
    const found = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(iso);
    if (!found) return iso;
    const [, year, month, day] = found;
    const style = day ? { dateStyle: "long" } : month ? { year: "numeric", month: "long" } : { year: "numeric" };
    const moment = /* @__PURE__ */ new Date(`${year}${month || "-01"}${day || "-01"}T00:00:00Z`);
    return new Intl.DateTimeFormat(locale(), { ...style, timeZone: "UTC" }).format(moment);
  }
  function formatDays([start, end]) {
    return !end || start === end ? formatDay(start) : text("label.band", { low: formatDay(start), high: formatDay(end) });
  }

  // src/packing.js
  var FIRST_SIGN = 63;
  var LEVELS = 63;
  var BASE = LEVELS + 1;
  var DECADES = 6;
  var TOP_SHARE_LEVEL = BASE * BASE - 2;
  function countAt(code, n) {
    return (code.charCodeAt(2 * n) - FIRST_SIGN) * BASE + code.charCodeAt(2 * n + 1) - FIRST_SIGN;
  }
  function shareAt(code, n) {
    const level = countAt(code, n);
    return level ? 10 ** (((level - 1) / TOP_SHARE_LEVEL - 1) * DECADES) : 0;
  }
  function decodePolyline(code, scale) {
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
  function expandColumns(columns) {
    for (const [name, column] of Object.entries(columns)) {
      if (!Array.isArray(column)) columns[name] = column.at.map((n) => column.of[n]);
    }
  }

  // src/points.js
  function latLng(point) {
    return (
      /** @type {L.LatLngTuple} */
      point
    );
  }
  function boxOf(box = []) {
    return L.latLngBounds(
      /** @type {L.LatLngTuple[]} */
      box
    );
  }
  function decode(code, scale) {
    return decodePolyline(code, scale).map(([lat, lon]) => new L.LatLng(lat, lon));
  }

  // src/change_marks.js
  var LOSS_DASH = "6 4";
  var MAX_SIZE = 22;
  var MIN_SIZE = 4;
  var MIN_CHANGE_DRAWN = 5e-4;
  function portMark(classes, size, change, sure, closed) {
    const [gain, loss] = [classes.gain[2], classes.loss[1]];
    const half = size + 1.5;
    const at = (x, y) => `${half + x * size},${half + y * size}`;
    if (closed) {
      const cross = { d: `M${at(-1, -1)}L${at(1, 1)}M${at(-1, 1)}L${at(1, -1)}`, fill: "none" };
      return picture(2 * half, 2 * half, [
        ["path", { ...cross, stroke: "#fff", "stroke-width": 6 }],
        ["path", { ...cross, stroke: loss, "stroke-width": 3 }]
      ]);
    }
    const corners = change > 0 ? [at(0, -1), at(1, 0.8), at(-1, 0.8)] : [at(0, 1), at(1, -0.8), at(-1, -0.8)];
    const triangle = {
      points: corners.join(" "),
      fill: sure ? change > 0 ? gain : "#fff" : "none",
      "fill-opacity": 0.92,
      stroke: change > 0 ? gain : loss,
      "stroke-width": sure ? 2 : 1,
      "stroke-dasharray": sure ? "none" : "2 2"
    };
    return picture(2 * half, 2 * half, [["polygon", triangle]]);
  }
  function portMarks(classes, ports, clicked) {
    const size = (port) => Math.abs(port.change ?? 0);
    const marks2 = ports.filter((port) => port.closed || size(port) >= MIN_CHANGE_DRAWN);
    marks2.sort((a, b) => Number(a.closed) - Number(b.closed) || size(b) - size(a));
    return L.layerGroup(
      marks2.map((port, order) => {
        const half = port.closed ? 7 : Math.max(MIN_SIZE, MAX_SIZE * Math.sqrt(Math.min(1, size(port) * 10)));
        const image = portMark(classes, half, port.change ?? 0, port.sure, port.closed);
        image.setAttribute("class", "port-change");
        const side = 2 * half + 3;
        const html = (
          /** @type {HTMLElement} */
          /** @type {Element} */
          image
        );
        const icon = L.divIcon({ className: "", iconSize: [side, side], html });
        const marker = L.marker(latLng(port.at), { icon, keyboard: false, zIndexOffset: 1e3 * order });
        if (clicked) marker.on("click", () => clicked(port));
        return marker;
      })
    );
  }
  function renderChangeLegend(list, classes, withUnsure) {
    const { gain, loss, breaks, widths } = classes;
    const bound = (value) => formatNumber(100 * value, { maximumFractionDigits: 1 });
    const size = (n) => n + 1 < breaks.length ? text("label.band", { low: bound(breaks[n]), high: bound(breaks[n + 1]) }) : text("moved.over", { low: bound(breaks[n]) });
    const ramp = (colours, dash, key) => breaks.map((_, n) => legendItem(linePicture(colours[n], widths[n], dash), text(key, { size: size(n) })));
    list.replaceChildren(
      ...ramp(gain, "", "moved.gain"),
      ...ramp(loss, LOSS_DASH, "moved.loss"),
      ...withUnsure ? [legendItem(linePicture("#444", 2.4, "", 0.4), text("whatif.pale"))] : [],
      legendItem(portMark(classes, 8, 1, true, false), text("moved.port_gain")),
      legendItem(portMark(classes, 8, -1, true, false), text("moved.port_loss")),
      legendItem(portMark(classes, 7, 0, true, true), text("moved.port_closed")),
      ...withUnsure ? [legendItem(portMark(classes, 8, 1, false, false), text("whatif.port_unsure"))] : []
    );
  }

  // src/events.js
  function eventList(data2, index) {
    const list = element("ul", void 0, "events");
    for (const [start, end, firearms, joint, side, source] of data2.columns.events[index]) {
      const facts = [
        start ? formatDays([start, end]) : text("event.undated"),
        text("event.firearms", { count: formatNumber(firearms) }),
        ...joint ? [text("event.joint")] : [],
        ...side ? [nameOf("event", `side_${side}`)] : []
      ];
      const item = element("li", `${facts.join("; ")}. `);
      const url = data2.links[source];
      item.append(articleLink(url, text("event.source", { host: hostOf(url) })));
      list.append(item);
    }
    return list;
  }
  function hostOf(url) {
    const found = /^https?:\/\/(?:www\.)?([^/:?#]+)/.exec(url);
    return found ? found[1] : url;
  }

  // src/describe.js
  var SHORT_DISTANCE = 20;
  var FORMS = {
    text: ([value]) => String(value ?? ""),
    state: ([code], data2) => (data2.states || {})[String(code)] || String(code),
    list: (values) => values.filter(Boolean).join(", "),
    share: ([value]) => formatShare(numeric(value)),
    band: ([low, high]) => formatBand(numeric(low), numeric(high)),
    count: ([value], data2) => formatCount(numeric(value), data2),
    km: ([value]) => formatKilometres(numeric(value)),
    flag: ([value]) => text(value ? "label.yes" : "label.no"),
    grade: ([value]) => nameOf("grade", String(value)),
    road_class: ([value]) => nameOf("road_class", String(value)),
    us_state: ([value]) => nameOf("us_state", String(value)),
    dates: ([spans]) => (
      /** @type {string[][]} */
      spans.map(formatDays).join("; ")
    )
  };
  function numeric(value) {
    return typeof value === "number" ? value : null;
  }
  function formatCount(value, data2) {
    return value === null ? text("label.few", { count: formatNumber(data2.min_count ?? 0) }) : formatNumber(value);
  }
  function formatKilometres(km) {
    if (km === null) return "–";
    return km < SHORT_DISTANCE ? text("label.short", { km: formatNumber(SHORT_DISTANCE) }) : text("label.kilometres", { km: formatNumber(km) });
  }
  function describe(data2, index, short) {
    const box = element("div", void 0, "facts");
    const { columns } = data2;
    const own = state.language === "es" ? columns[`${data2.title}_es`] : void 0;
    const title = (own || columns[data2.title] || [])[index];
    box.append(element("strong", title ? String(title) : text(data2.untitled || "label.unnamed")));
    const list = element("dl");
    const add = (term, value) => list.append(element("dt", term), element("dd", value));
    const { variants, licences } = columns;
    if (state.variant && variants) {
      add(text("variant.share"), formatShare(shareAt(String(variants[index]), state.variant - 1)));
    }
    if (state.supplyYear && licences && data2.years) {
      const count = countAt(String(licences[index]), state.supplyYear - data2.years[0]);
      add(text("label.dealers_in", { year: String(state.supplyYear) }), formatCount(count || null, data2));
    }
    for (const [key, form, ...names] of data2.fields) {
      const values = names.map((name) => (columns[name] || [])[index]);
      if (values[0] !== "" && !(form === "band" && values[0] === null))
        add(text(key), FORMS[form](values, data2));
    }
    const note = data2.note ? [element("p", text(data2.note), "small")] : [];
    if (data2.kind === "shows") box.append(...note, list);
    else if (data2.kind === "events") {
      const all = short ? [] : [eventList(
        /** @type {EventLayer} */
        /** @type {unknown} */
        data2,
        index
      )];
      box.append(...note, list, ...all);
    } else box.append(list, ...short ? [] : note);
    return box;
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
  function layerIsland(id) {
    const data2 = (
      /** @type {PackedLayer | null} */
      read(id)
    );
    if (!data2) throw new Error(`island: expected ${id} on the page, found none`);
    return data2;
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

  // src/styles.js
  var PORT_RADIUS = 36;
  var MIN_PORT_RADIUS = 3.2;
  function areaStyle(data2, bin) {
    const color = data2.classes.colours[bin];
    if (!color) return { stroke: false, fillOpacity: 0 };
    return { stroke: true, color: "#fff", weight: 0.4, opacity: 0.7, fillColor: color, fillOpacity: 0.9 };
  }
  function lineStyle(data2, bin) {
    return { color: data2.classes.colours[bin], weight: data2.classes.widths[bin], opacity: data2.opacity };
  }
  function portRadius(share) {
    return Math.max(MIN_PORT_RADIUS, PORT_RADIUS * Math.sqrt(share));
  }

  // src/features.js
  var canvases = /* @__PURE__ */ new WeakMap();
  function canvasOf(map2, pane) {
    const ofMap = canvases.get(map2) || {};
    canvases.set(map2, ofMap);
    if (!ofMap[pane]) {
      if (pane === "base" && !map2.getPane("base")) {
        const style = map2.createPane("base").style;
        style.zIndex = "250";
        style.pointerEvents = "none";
      }
      ofMap[pane] = L.canvas(pane === "base" ? { pane, padding: 0.4 } : { padding: 0.4, tolerance: 4 });
    }
    return ofMap[pane];
  }
  var FeatureLayer = class extends L.FeatureGroup {
    /**
     * @param {Payload} data
     * @param {string} name
     */
    constructor(data2, name) {
      super([]);
      this.data = data2;
      this.name = name;
      this.drawn = false;
      this.waiting = /* @__PURE__ */ new Set();
      this.shapeOptions = {};
      this.on("click", (event) => {
        const { index } = (
          /** @type {Shape} */
          event.layer
        );
        if (index !== void 0) state.clicked(this, index);
      });
    }
    /**
     * Draw the features the first time.
     * @param {L.Map} map
     * @override
     */
    beforeAdd(map2) {
      const { data: data2 } = this;
      if (this.drawn || !data2.shapes.length) return this;
      this.drawn = true;
      const pane = data2.kind === "fill" ? data2.pane : "overlay";
      const style = "style" in data2 ? data2.style : {};
      this.shapeOptions = { interactive: false, ...style, renderer: canvasOf(map2, pane) };
      for (const shape of shapesOf(data2, this.shapeOptions)) this.addLayer(shape);
      if (data2.kind === "areas") this.waitForPointer(map2, data2);
      state.drawn(this);
      if ("fields" in data2 && matchMedia("(hover: hover)").matches) {
        const tip = (shape) => describe(
          data2,
          /** @type {Shape} */
          shape.index ?? 0,
          true
        );
        this.bindTooltip(tip, { sticky: true, opacity: 1 });
      }
      return this;
    }
    /** Return the shapes. */
    shapes() {
      return (
        /** @type {Shape[]} */
        this.getLayers()
      );
    }
    /**
     * Make an area without a class, nine in ten, once the pointer is near; it shows nothing before.
     * @param {L.Map} map
     * @param {AreaLayer} data
     */
    waitForPointer(map2, data2) {
      data2.bin.forEach((bin, i) => bin < 0 && this.waiting.add(i));
      const boxes = /* @__PURE__ */ new Map();
      map2.on("mousemove mousedown", (event) => {
        if (!map2.hasLayer(this)) return;
        const { latlng } = (
          /** @type {L.LeafletMouseEvent} */
          event
        );
        this.makeAreas((i) => {
          const box = boxes.get(i) || L.latLngBounds(data2.shapes[i].flatMap((code) => decode(code, data2.scale)));
          boxes.set(i, box);
          return box.contains(latlng);
        });
      });
    }
    /**
     * Make the waiting areas that are wanted.
     * @param {(index: number) => boolean} wanted
     */
    makeAreas(wanted) {
      const { data: data2 } = this;
      if (data2.kind !== "areas") return;
      for (const i of [...this.waiting].filter(wanted)) {
        this.waiting.delete(i);
        const shape = areaShape(data2, this.shapeOptions, i);
        this.addLayer(shape);
        shape.bringToBack();
      }
    }
  };
  function feature(shape, index) {
    return Object.assign(shape, { index });
  }
  function shapesOf(data2, options) {
    const active = { ...options, interactive: true };
    switch (data2.kind) {
      case "fill":
        return [
          L.polygon(
            data2.shapes.map((code) => decode(code, data2.scale)),
            options
          )
        ];
      case "line":
        return [
          L.polyline(
            data2.shapes.map((code) => decode(code, data2.scale)),
            { ...options, smoothFactor: 1.5 }
          )
        ];
      case "areas":
        return data2.shapes.flatMap((_, i) => data2.bin[i] < 0 ? [] : [areaShape(data2, options, i)]);
      case "corridors":
        return corridorShapes(data2, options);
      case "districts":
        return data2.shapes.map(
          (rings, i) => feature(
            L.polygon(
              rings.map((code) => decode(code, data2.scale)),
              active
            ),
            i
          )
        );
      case "routes": {
        const lines = data2.shapes.map((stops) => stops.map(latLng));
        const casing = { ...options, color: "#fff", weight: 5, opacity: 0.8 };
        return [
          ...lines.map((line) => L.polyline(line, casing)),
          ...lines.map((line, i) => feature(L.polyline(line, active), i))
        ];
      }
      case "shows":
        return data2.shapes.map(
          (point, i) => feature(L.circleMarker(latLng(point), { ...active, radius: 5 }), i)
        );
      case "events":
        return data2.shapes.map(
          (point, i) => feature(
            L.circleMarker(latLng(point), { ...active, radius: 5, fillColor: data2.colours[data2.bin[i]] }),
            i
          )
        );
      case "ports":
        return data2.shapes.flatMap((point, i) => portShapes(data2, options, latLng(point), i));
    }
  }
  function areaShape(data2, options, i) {
    const rings = data2.shapes[i].map((code) => decode(code, data2.scale));
    const style = { ...options, ...areaStyle(data2, data2.bin[i]), interactive: true, smoothFactor: 0.5 };
    return feature(L.polygon(rings, style), i);
  }
  function corridorShapes(data2, options) {
    const lines = data2.shapes.map((codes) => codes.map((code) => decode(code, data2.scale)));
    const widths = data2.dash ? [] : data2.classes.widths;
    const casings = widths.map((width, bin) => {
      const style = { ...options, color: "#fff", weight: width + 1.8, opacity: 0.75 };
      return L.polyline(lines.filter((_, i) => data2.bin[i] === bin).flat(), style);
    });
    const ends = {
      interactive: true,
      dashArray: data2.dash || void 0,
      lineCap: data2.dash ? "butt" : "round"
    };
    return [
      ...casings,
      ...lines.map(
        (line, i) => feature(L.polyline(line, { ...options, ...ends, ...lineStyle(data2, data2.bin[i]) }), i)
      )
    ];
  }
  function portShapes(data2, options, point, i) {
    const { share_mean: mean, share_lo90: low, share_hi90: high } = data2.columns;
    const circle = (value, style) => L.circleMarker(point, { ...options, ...data2.style, radius: portRadius(value || 0), ...style });
    const disc = feature(circle(mean[i], { interactive: true, weight: 1.4, fillOpacity: 0.95 }), i);
    const thin = { weight: 0.9, opacity: 0.8 };
    if (high[i] === null) return [disc];
    const outer = circle(high[i], { ...thin, fillColor: "#fff", fillOpacity: 0.35 });
    const lowest = low[i];
    return lowest && portRadius(lowest) > 4 ? [outer, disc, circle(lowest, { ...thin, fill: false })] : [outer, disc];
  }

  // src/places.js
  var MAX_LABELS = 60;
  var PlaceLabels = class extends L.LayerGroup {
    /**
     * @param {PlaceLayer} data
     * @param {string} name
     */
    constructor(data2, name) {
      super([]);
      this.data = data2;
      this.name = name;
      this.pen = document.createElement("canvas").getContext("2d");
    }
    /**
     * @param {L.Map} map
     * @override
     */
    onAdd(map2) {
      super.onAdd(map2);
      map2.on("moveend resize language", this.arrange, this);
      this.arrange();
      return this;
    }
    /**
     * @param {L.Map} map
     * @override
     */
    onRemove(map2) {
      map2.off("moveend resize language", this.arrange, this);
      super.onRemove(map2);
      return this;
    }
    /** Write the names anew for what the map shows. */
    arrange() {
      const { data: data2, pen, _map: map2 } = this;
      if (!map2 || !pen || map2.getZoom() === void 0) return;
      const size = map2.getSize();
      const taken = [];
      const names = state.language === "es" && data2.columns.name_es || data2.columns.name;
      this.clearLayers();
      pen.font = "12px sans-serif";
      data2.shapes.forEach((point, i) => {
        if (data2.columns.rank[i] > map2.getZoom() || taken.length >= MAX_LABELS) return;
        const at = map2.latLngToContainerPoint(latLng(point));
        const width = pen.measureText(names[i]).width + 14;
        const box = [at.x - 4, at.y - 9, at.x + width, at.y + 9];
        if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) return;
        if (taken.some((other) => touch(box, other))) return;
        taken.push(box);
        const icon = L.divIcon({ className: "place", iconSize: void 0, html: element("span", names[i]) });
        this.addLayer(L.marker(latLng(point), { icon, interactive: false, keyboard: false }));
      });
    }
  };
  function touch(one, other) {
    return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  }

  // src/tiles.js
  var TilePictures = class extends L.TileLayer {
    /**
     * @param {TileLayer} data
     * @param {string} name
     */
    constructor(data2, name) {
      super(data2.shapes[0], { pane: "tiles", maxZoom: 19, referrerPolicy: "strict-origin" });
      this.data = data2;
      this.name = name;
      const page2 = document.documentElement.classList;
      this.on("tileerror", () => page2.add("no-tiles"));
      this.on("tileload", () => page2.remove("no-tiles"));
      this.on("add remove", (event) => {
        const credit = document.querySelector(".credit .tiles");
        if (credit) credit.textContent = event.type === "add" ? `${data2.credit} · ` : "";
      });
    }
    /**
     * Make the pane, over the land and under all that is ours.
     * @param {L.Map} map
     * @override
     */
    beforeAdd(map2) {
      const pane = map2.getPane("tiles") || map2.createPane("tiles");
      Object.assign(pane.style, { zIndex: "260", pointerEvents: "none" });
      const leaflet = (
        /** @type {{ beforeAdd(this: L.TileLayer, map: L.Map): void }} */
        /** @type {unknown} */
        L.TileLayer.prototype
      );
      leaflet.beforeAdd.call(this, map2);
      return this;
    }
  };

  // src/leaflet_map.js
  state.language = openingLanguage();
  var Credit = class extends L.Control {
    constructor() {
      super({ position: "bottomright" });
    }
    /** @override */
    onAdd() {
      const box = element("div", void 0, "credit");
      const credit = element("span");
      const note = element("span");
      credit.dataset.i = "note.roads_credit";
      note.dataset.i = "page.scale_note";
      box.append(element("span", "", "tiles"), credit, " · ", note);
      return box;
    }
  };
  function map(id, options) {
    state.run = island("run") || {};
    state.words = island("words") || {};
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const motion = still ? { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false } : {};
    state.map = L.map(id, { ...options, ...motion });
    L.control.scale().addTo(state.map);
    new Credit().addTo(state.map);
    return state.map;
  }
  function layer(id) {
    const packed = layerIsland(id);
    expandColumns(packed.columns || {});
    const data2 = (
      /** @type {LayerPayload} */
      /** @type {unknown} */
      packed
    );
    const made = makeLayer(data2, id.replace(/^compact_layer_|_data$/g, ""));
    state.layers.push(made);
    return made;
  }
  function makeLayer(data2, name) {
    if (data2.kind === "places") return new PlaceLabels(data2, name);
    if (data2.kind === "tiles") return new TilePictures(data2, name);
    return new FeatureLayer(data2, name);
  }

  // src/run.js
  function runFacts() {
    const { run } = state;
    return {
      version: run.version ?? "",
      fingerprint: run.fingerprint ?? "",
      worlds: formatNumber(run.worlds ?? 0),
      seed: String(run.seed),
      mode: nameOf("mode", run.mode ?? ""),
      lens: nameOf("lens", run.lens ?? ""),
      demand: nameOf("demand", run.demand ?? "")
    };
  }
  function renderRunLine() {
    find("#run-line").textContent = text("run.line", runFacts());
    find("#mode").textContent = state.run.mode === "point" ? text("mode.point_notice") : "";
  }

  // src/whatif_tables.js
  var ARROW = " → ";
  function placeName(name) {
    return name.split(ARROW).map((part) => nameOf("us_state", part)).join(ARROW);
  }
  function renderChanges(tables, total2) {
    for (const [kind, rows] of Object.entries(tables)) {
      find(`#${kind} tbody`).replaceChildren(...rows.map((row) => changeRow(row, total2)));
    }
  }
  function changeRow(row, total2) {
    const [change, band, sure] = row[total2];
    const line = element("tr", void 0, sure ? "" : "unsure");
    line.append(
      rowHead(placeName(row.name)),
      element("td", change),
      element("td", band),
      element("td", text(sure ? "label.yes" : "label.no"))
    );
    return line;
  }
  function bandCell(texts) {
    const cell = element("td", texts ? texts[0] : "–");
    if (texts && texts.length > 1) cell.append(element("span", `${texts[1]} … ${texts[2]}`, "small"));
    return cell;
  }
  function renderComparison(scenarios, choose2) {
    const rows = scenarios.map(({ name, summary }, n) => {
      const head = rowHead();
      head.append(button(name[state.language], "", () => choose2(n)));
      const line = element("tr");
      line.append(head, ...[summary.moved, summary.total, summary.ratio].map(bandCell));
      return line;
    });
    find("#compare tbody").replaceChildren(...rows);
  }
  function renderSummary({ moved, total: total2, ratio, distinguishable }) {
    const within = ([mean, ...band]) => band.length ? `${mean} (${band.join(" … ")})` : mean;
    const facts = {
      "whatif.moved": within(moved),
      "whatif.total": within(total2),
      "whatif.ratio": ratio ? within(ratio) : "–",
      "whatif.told": formatNumber(distinguishable)
    };
    find("#summary").replaceChildren(
      ...Object.entries(facts).flatMap(([key, value]) => [element("dt", text(key)), element("dd", value)])
    );
  }
  function renderSourceLines() {
    const lines = (state.run.sources || []).map(
      (one) => [one.attribution || one.publisher, one.licence].filter(Boolean).join(" · ")
    );
    find("#sources ul").replaceChildren(...lines.map((line) => element("li", line)));
  }

  // src/whatif_page.js
  var CHANGE_LAYERS = ["loss_unsure", "gain_unsure", "loss_sure", "gain_sure"];
  var data = { scenarios: [], classes: { gain: [], loss: [], breaks: [], widths: [] } };
  var chosen = 0;
  var total = "fixed";
  var marks = null;
  var inner = { state };
  function changeLayers(n) {
    return state.layers.filter((one) => CHANGE_LAYERS.some((name) => one.name === `${name}_${n}`));
  }
  function openPort(row) {
    const [change, band] = row.fixed;
    const columns = {
      name: [row.name],
      change: [change],
      band: [band],
      before: [row.before],
      after: [row.after]
    };
    const fields = [
      ["whatif.change", "text", "change"],
      ["whatif.band", "text", "band"],
      ["whatif.before", "share", "before"],
      ["whatif.after", "share", "after"]
    ];
    find("#detail").replaceChildren(describe({ title: "name", columns, fields }, 0, false));
  }
  function draw() {
    const leaflet = pageMap();
    data.scenarios.forEach((_, n) => changeLayers(n).forEach((one) => leaflet.removeLayer(one)));
    if (marks) leaflet.removeLayer(marks);
    changeLayers(chosen).forEach((one) => leaflet.addLayer(one));
    const { ports, tables } = data.scenarios[chosen];
    marks = portMarks(data.classes, ports, ({ name }) => {
      const row = tables.port.find((one) => one.name === name);
      if (row) openPort(row);
    }).addTo(leaflet);
  }
  function render() {
    const { language } = state;
    const scenario = data.scenarios[chosen];
    document.title = text("whatif.title");
    renderTexts();
    renderRunLine();
    renderSourceLines();
    const list = findAs("#scenario", HTMLSelectElement);
    list.replaceChildren(...data.scenarios.map((one, n) => option(one.name[language], n)));
    list.value = String(chosen);
    find("#question").textContent = scenario.question[language];
    renderChangeLegend(find("#key ul"), data.classes, true);
    renderSummary(scenario.summary);
    renderChanges(scenario.tables, total);
    renderComparison(data.scenarios, choose);
    pageMap().fire("language");
    replaceHash([`lang=${language}`, `scenario=${scenario.id}`]);
  }
  function choose(n) {
    chosen = n;
    draw();
    render();
  }
  function page() {
    data = island("whatif") || data;
    const id = fromUrl("scenario");
    chosen = Math.max(
      0,
      data.scenarios.findIndex((one) => one.id === id)
    );
    state.clicked = (one, index) => {
      const described = (
        /** @type {Described} */
        one.data
      );
      find("#detail").replaceChildren(describe(described, index, false));
    };
    pageMap().fitBounds(boxOf(state.run.bounds), { animate: false, padding: [4, 4] });
    draw();
    render();
    const list = findAs("#scenario", HTMLSelectElement);
    list.addEventListener("change", () => choose(Number(list.value)));
    for (const node of findAll("#totals input")) {
      node.addEventListener("change", () => {
        total = node instanceof HTMLInputElement && node.value === "elastic" ? "elastic" : "fixed";
        renderChanges(data.scenarios[chosen].tables, total);
      });
    }
    startLanguageButtons((language) => {
      state.language = language;
      render();
    });
    find(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      find("#panel").focus();
    });
    markReady();
  }
  return __toCommonJS(whatif_page_exports);
})();
