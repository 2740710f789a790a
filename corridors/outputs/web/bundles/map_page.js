/* map_page.js: sources 2ac9d462a3817996, esbuild 0.28.2 */
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

  // src/map_page.js
  var map_page_exports = {};
  __export(map_page_exports, {
    inner: () => inner,
    layer: () => layer,
    map: () => map,
    page: () => page
  });

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
  function find(selector, parent2 = document) {
    return findAs(selector, HTMLElement, parent2);
  }
  function findAs(selector, kind, parent2 = document) {
    const node = parent2.querySelector(selector);
    if (!(node instanceof kind)) throw new Error(`page: expected ${kind.name} ${selector}, found ${node}`);
    return node;
  }
  function findAll(selector, parent2 = document) {
    return [.../** @type {NodeListOf<HTMLElement>} */
    parent2.querySelectorAll(selector)];
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
  function hasLayer(name) {
    return state.layers.some((layer2) => layer2.name === name);
  }
  function findLayer(name) {
    const found2 = state.layers.find((layer2) => layer2.name === name);
    if (!found2) throw new Error(`layer: expected ${name} on the page, found none`);
    return (
      /** @type {LayerOf<Name>} */
      found2
    );
  }

  // src/text.js
  function text(key, values) {
    const found2 = (state.words[state.language] || {})[key];
    if (found2 === void 0) return key.slice(key.indexOf(".") + 1);
    return values ? found2.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole) : found2;
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
  function shareWithBand(share, low, high) {
    return low === null ? formatShare(share) : `${formatShare(share)} (${formatBand(low, high)})`;
  }
  function formatBound(value) {
    return formatNumber(value, { style: "percent", maximumFractionDigits: 2 });
  }
  function formatPoints(value) {
    const size = Math.abs(100 * value);
    const digits = size >= 10 ? 0 : size >= 1 ? 1 : 2;
    return formatNumber(100 * value, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: "exceptZero"
    });
  }
  function formatDay(iso) {
    const found2 = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(iso);
    if (!found2) return iso;
    const [, year, month, day] = found2;
    const style = day ? { dateStyle: "long" } : month ? { year: "numeric", month: "long" } : { year: "numeric" };
    const moment = /* @__PURE__ */ new Date(`${year}${month || "-01"}${day || "-01"}T00:00:00Z`);
    return new Intl.DateTimeFormat(locale(), { ...style, timeZone: "UTC" }).format(moment);
  }
  function formatDays([start, end]) {
    return !end || start === end ? formatDay(start) : text("label.band", { low: formatDay(start), high: formatDay(end) });
  }

  // src/events.js
  function eventList(data, index) {
    const list = element("ul", void 0, "events");
    for (const [start, end, firearms, joint, side, source] of data.columns.events[index]) {
      const facts = [
        start ? formatDays([start, end]) : text("event.undated"),
        text("event.firearms", { count: formatNumber(firearms) }),
        ...joint ? [text("event.joint")] : [],
        ...side ? [nameOf("event", `side_${side}`)] : []
      ];
      const item = element("li", `${facts.join("; ")}. `);
      const url = data.links[source];
      item.append(articleLink(url, text("event.source", { host: hostOf(url) })));
      list.append(item);
    }
    return list;
  }
  function hostOf(url) {
    const found2 = /^https?:\/\/(?:www\.)?([^/:?#]+)/.exec(url);
    return found2 ? found2[1] : url;
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
  function unpackShares(code) {
    return Float64Array.from({ length: code.length / 2 }, (_, n) => shareAt(code, n));
  }
  function unpackNumbers({ low, step, levels }) {
    return Float64Array.from({ length: levels.length / 2 }, (_, n) => {
      const level = countAt(levels, n);
      return level ? low + (level - 1) * step : -Infinity;
    });
  }
  function unpackFractions(code) {
    const values = Array.from(code, (sign) => ((sign.charCodeAt(0) - FIRST_SIGN) / LEVELS) ** 2);
    const total = sum(values) || 1;
    return values.map((value) => value / total);
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
  function sum(values) {
    let total = 0;
    for (const value of values) total += value;
    return total;
  }

  // src/describe.js
  var SHORT_DISTANCE = 20;
  var FORMS = {
    text: ([value]) => String(value ?? ""),
    state: ([code], data) => (data.states || {})[String(code)] || String(code),
    list: (values) => values.filter(Boolean).join(", "),
    share: ([value]) => formatShare(numeric(value)),
    band: ([low, high]) => formatBand(numeric(low), numeric(high)),
    count: ([value], data) => formatCount(numeric(value), data),
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
  function formatCount(value, data) {
    return value === null ? text("label.few", { count: formatNumber(data.min_count ?? 0) }) : formatNumber(value);
  }
  function formatKilometres(km) {
    if (km === null) return "–";
    return km < SHORT_DISTANCE ? text("label.short", { km: formatNumber(SHORT_DISTANCE) }) : text("label.kilometres", { km: formatNumber(km) });
  }
  function alternativeShare(data, index) {
    return data.columns.variants ? shareAt(data.columns.variants[index], state.variant - 1) : 0;
  }
  function licencesInYear(data, index) {
    const { licences } = data.columns;
    return licences && data.years ? countAt(licences[index], state.supplyYear - data.years[0]) : 0;
  }
  function describe(data, index, short) {
    const box = element("div", void 0, "facts");
    const { columns } = data;
    const own = state.language === "es" ? columns[`${data.title}_es`] : void 0;
    const title = (own || columns[data.title] || [])[index];
    box.append(element("strong", title ? String(title) : text(data.untitled || "label.unnamed")));
    const list = element("dl");
    const add = (term, value) => list.append(element("dt", term), element("dd", value));
    const { variants, licences } = columns;
    if (state.variant && variants) {
      add(text("variant.share"), formatShare(shareAt(String(variants[index]), state.variant - 1)));
    }
    if (state.supplyYear && licences && data.years) {
      const count = countAt(String(licences[index]), state.supplyYear - data.years[0]);
      add(text("label.dealers_in", { year: String(state.supplyYear) }), formatCount(count || null, data));
    }
    for (const [key, form, ...names] of data.fields) {
      const values = names.map((name) => (columns[name] || [])[index]);
      if (values[0] !== "" && !(form === "band" && values[0] === null))
        add(text(key), FORMS[form](values, data));
    }
    const note = data.note ? [element("p", text(data.note), "small")] : [];
    if (data.kind === "shows") box.append(...note, list);
    else if (data.kind === "events") {
      const all = short ? [] : [eventList(
        /** @type {EventLayer} */
        /** @type {unknown} */
        data,
        index
      )];
      box.append(...note, list, ...all);
    } else box.append(list, ...short ? [] : note);
    return box;
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

  // src/styles.js
  var PORT_RADIUS = 36;
  var MIN_PORT_RADIUS = 3.2;
  function areaStyle(data, bin) {
    const color = data.classes.colours[bin];
    if (!color) return { stroke: false, fillOpacity: 0 };
    return { stroke: true, color: "#fff", weight: 0.4, opacity: 0.7, fillColor: color, fillOpacity: 0.9 };
  }
  function lineStyle(data, bin) {
    return { color: data.classes.colours[bin], weight: data.classes.widths[bin], opacity: data.opacity };
  }
  function classOf(value, breaks) {
    return value === null ? -1 : breaks.filter((low) => value >= low).length - 1;
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
    constructor(data, name) {
      super([]);
      this.data = data;
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
      const { data } = this;
      if (this.drawn || !data.shapes.length) return this;
      this.drawn = true;
      const pane = data.kind === "fill" ? data.pane : "overlay";
      const style = "style" in data ? data.style : {};
      this.shapeOptions = { interactive: false, ...style, renderer: canvasOf(map2, pane) };
      for (const shape of shapesOf(data, this.shapeOptions)) this.addLayer(shape);
      if (data.kind === "areas") this.waitForPointer(map2, data);
      state.drawn(this);
      if ("fields" in data && matchMedia("(hover: hover)").matches) {
        const tip = (shape) => describe(
          data,
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
    waitForPointer(map2, data) {
      data.bin.forEach((bin, i) => bin < 0 && this.waiting.add(i));
      const boxes = /* @__PURE__ */ new Map();
      map2.on("mousemove mousedown", (event) => {
        if (!map2.hasLayer(this)) return;
        const { latlng } = (
          /** @type {L.LeafletMouseEvent} */
          event
        );
        this.makeAreas((i) => {
          const box = boxes.get(i) || L.latLngBounds(data.shapes[i].flatMap((code) => decode(code, data.scale)));
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
      const { data } = this;
      if (data.kind !== "areas") return;
      for (const i of [...this.waiting].filter(wanted)) {
        this.waiting.delete(i);
        const shape = areaShape(data, this.shapeOptions, i);
        this.addLayer(shape);
        shape.bringToBack();
      }
    }
  };
  function feature(shape, index) {
    return Object.assign(shape, { index });
  }
  function shapesOf(data, options) {
    const active2 = { ...options, interactive: true };
    switch (data.kind) {
      case "fill":
        return [
          L.polygon(
            data.shapes.map((code) => decode(code, data.scale)),
            options
          )
        ];
      case "line":
        return [
          L.polyline(
            data.shapes.map((code) => decode(code, data.scale)),
            { ...options, smoothFactor: 1.5 }
          )
        ];
      case "areas":
        return data.shapes.flatMap((_, i) => data.bin[i] < 0 ? [] : [areaShape(data, options, i)]);
      case "corridors":
        return corridorShapes(data, options);
      case "districts":
        return data.shapes.map(
          (rings, i) => feature(
            L.polygon(
              rings.map((code) => decode(code, data.scale)),
              active2
            ),
            i
          )
        );
      case "routes": {
        const lines = data.shapes.map((stops) => stops.map(latLng));
        const casing = { ...options, color: "#fff", weight: 5, opacity: 0.8 };
        return [
          ...lines.map((line) => L.polyline(line, casing)),
          ...lines.map((line, i) => feature(L.polyline(line, active2), i))
        ];
      }
      case "shows":
        return data.shapes.map(
          (point, i) => feature(L.circleMarker(latLng(point), { ...active2, radius: 5 }), i)
        );
      case "events":
        return data.shapes.map(
          (point, i) => feature(
            L.circleMarker(latLng(point), { ...active2, radius: 5, fillColor: data.colours[data.bin[i]] }),
            i
          )
        );
      case "ports":
        return data.shapes.flatMap((point, i) => portShapes(data, options, latLng(point), i));
    }
  }
  function areaShape(data, options, i) {
    const rings = data.shapes[i].map((code) => decode(code, data.scale));
    const style = { ...options, ...areaStyle(data, data.bin[i]), interactive: true, smoothFactor: 0.5 };
    return feature(L.polygon(rings, style), i);
  }
  function corridorShapes(data, options) {
    const lines = data.shapes.map((codes) => codes.map((code) => decode(code, data.scale)));
    const widths = data.dash ? [] : data.classes.widths;
    const casings = widths.map((width, bin) => {
      const style = { ...options, color: "#fff", weight: width + 1.8, opacity: 0.75 };
      return L.polyline(lines.filter((_, i) => data.bin[i] === bin).flat(), style);
    });
    const ends = {
      interactive: true,
      dashArray: data.dash || void 0,
      lineCap: data.dash ? "butt" : "round"
    };
    return [
      ...casings,
      ...lines.map(
        (line, i) => feature(L.polyline(line, { ...options, ...ends, ...lineStyle(data, data.bin[i]) }), i)
      )
    ];
  }
  function portShapes(data, options, point, i) {
    const { share_mean: mean, share_lo90: low, share_hi90: high } = data.columns;
    const circle = (value, style) => L.circleMarker(point, { ...options, ...data.style, radius: portRadius(value || 0), ...style });
    const disc = feature(circle(mean[i], { interactive: true, weight: 1.4, fillOpacity: 0.95 }), i);
    const thin = { weight: 0.9, opacity: 0.8 };
    if (high[i] === null) return [disc];
    const outer = circle(high[i], { ...thin, fillColor: "#fff", fillOpacity: 0.35 });
    const lowest = low[i];
    return lowest && portRadius(lowest) > 4 ? [outer, disc, circle(lowest, { ...thin, fill: false })] : [outer, disc];
  }

  // src/selection_model.js
  var HOME = (
    /** @type {const} */
    {
      port: "ports",
      us: "zones",
      zone: "zones",
      mx: "municipalities",
      municipality: "municipalities",
      consulate: "districts"
    }
  );
  var SIDE = { port: "", us: "US", zone: "US", consulate: "US", mx: "MX", municipality: "MX" };
  function isKind(kind) {
    return Object.hasOwn(HOME, kind);
  }
  var unpacked = /* @__PURE__ */ new Map();
  function fractions(code) {
    let found2 = unpacked.get(code);
    if (!found2) {
      found2 = unpackFractions(code);
      unpacked.set(code, found2);
    }
    return found2;
  }
  function fractionsByPort(data, i) {
    const { by_port: column } = data.columns;
    if (!column) return null;
    const code = column[i];
    if (typeof code === "string") return fractions(code);
    return fractions(("fractions" in data && data.fractions || [])[code]);
  }
  function memberIndexes(kind, id) {
    const { columns, shapes } = findLayer(HOME[kind]).data;
    const keys = (kind === "us" || kind === "mx") && "code" in columns ? columns.code : columns.id;
    return [...shapes.keys()].filter((i) => keys && keys[i] === id);
  }
  function memberFractions(kind, id) {
    if (kind !== "consulate") return new Map(memberIndexes(kind, id).map((i) => [i, 1]));
    const ids = findLayer("zones").data.columns.id || [];
    const held = findLayer("districts").data.columns.zones || [];
    const zones = memberIndexes(kind, id).flatMap((i) => held[i]);
    return new Map(
      zones.map(([zone, fraction]) => (
        /** @type {const} */
        [ids.indexOf(zone), fraction ?? 0]
      )).filter(([i]) => i >= 0)
    );
  }
  function computeSelection(kind, id) {
    const members = memberFractions(kind, id);
    const ports = findLayer("ports").data.columns.share_mean.map((value) => value ?? 0);
    const home = kind === "consulate" ? findLayer("zones") : areaOrPortLayer(kind);
    const { data } = home;
    if (!members.size || !(data.kind === "ports" || data.columns.by_port)) return null;
    const flow = ports.map(() => 0);
    for (const [i, held] of members) {
      const share = ((data.columns.share_mean || [])[i] ?? 0) * held;
      if (data.kind === "ports") flow[i] = share;
      else (fractionsByPort(data, i) || []).forEach((fraction, p) => flow[p] += share * fraction);
    }
    const total = sum(flow) || 1;
    const ratio = flow.map((value, p) => ports[p] ? Math.min(1, value / ports[p]) : 0);
    return { kind, id, members, home, side: SIDE[kind], total, ratio, flow };
  }
  function areaOrPortLayer(kind) {
    if (kind === "port") return findLayer("ports");
    return findLayer(kind === "us" || kind === "zone" ? "zones" : "municipalities");
  }
  function selectedShare(selection, layer2, i) {
    const { data } = layer2;
    if (data.kind === "ports") return selection.flow[i] / selection.total;
    const share = (data.columns.share_mean || [])[i] ?? 0;
    if (layer2 === selection.home) return share * (selection.members.get(i) || 0) / selection.total;
    const side = sideOf(layer2, i);
    const fraction = side === selection.side ? ownFraction(selection, data, side, i) : portFraction(selection, data, i);
    return fraction === null ? null : share * fraction / selection.total;
  }
  function sideOf(layer2, i) {
    if (layer2.name === "zones") return "US";
    if (layer2.name === "municipalities") return "MX";
    return "side" in layer2.data.columns && layer2.data.columns.side ? layer2.data.columns.side[i] : "";
  }
  function portFraction(selection, data, i) {
    const byPort = fractionsByPort(data, i);
    return byPort && sum(byPort.map((fraction, p) => fraction * selection.ratio[p]));
  }
  function ownFraction(selection, data, side, i) {
    const byState = "by_state" in data.columns && data.columns.by_state;
    if (!byState || !knowsOwnSide(selection.kind)) return null;
    const own = fractions(byState[i]);
    return sum(sideNames(selection.kind, side).map((name, n) => name === selection.id ? own[n] ?? 0 : 0));
  }
  function knowsOwnSide(kind) {
    return kind === "us" || kind === "consulate" || kind === "mx";
  }
  function sideNames(kind, side) {
    const { sides } = state.tables;
    if (side === "US") return sides.US.map(([us, consulate]) => kind === "us" ? us : consulate);
    return side === "MX" ? sides.MX : [];
  }

  // src/selection.js
  var FADED = { color: "#bdb7ab", weight: 0.8, opacity: 0.45 };
  var HIDDEN = { opacity: 0 };
  var MIN_DISC_SHARE = 5e-3;
  var current = null;
  var temporary = [];
  function currentSelection() {
    return current;
  }
  function selectionKey() {
    return current && `${current.kind}.${current.id}`;
  }
  function isChanged() {
    return Boolean(current || state.variant);
  }
  function isTemporary(layer2) {
    return temporary.some((one) => one === layer2);
  }
  function shownShare(layer2, i) {
    return current ? selectedShare(current, layer2, i) : alternativeShare(layer2.data, i);
  }
  function currentAreaStyle(layer2, i) {
    const { data } = layer2;
    if (isChanged()) return areaStyle(data, classOf(shownShare(layer2, i), data.classes.breaks));
    const byYear = state.supplyYear && data.counts;
    return areaStyle(data, byYear ? classOf(licencesInYear(data, i), byYear) : data.bin[i]);
  }
  function currentLineStyle(layer2, i) {
    const { data } = layer2;
    if (!isChanged()) return data.minor ? HIDDEN : lineStyle(data, data.bin[i]);
    const bin = classOf(shownShare(layer2, i), data.classes.breaks);
    if (bin < 0) return data.minor || !current ? HIDDEN : FADED;
    return { ...lineStyle(data, bin), opacity: data.opacity || 0.6 };
  }
  function plainStyle(shape) {
    shape.plain = shape.plain || { opacity: shape.options.opacity, fillOpacity: shape.options.fillOpacity };
    return shape.plain;
  }
  function restyle(layer2) {
    const { data } = layer2;
    if (data.kind === "districts") {
      const { id } = data.columns;
      const isChosen = (shape) => current && current.kind === "consulate" && shape.index !== void 0 && id[shape.index] === current.id;
      for (const shape of layer2.shapes()) shape.setStyle({ weight: isChosen(shape) ? 3.5 : data.style.weight });
    }
    if (!layer2.drawn || !["areas", "corridors", "ports"].includes(data.kind)) return;
    const areas = (
      /** @type {FeatureLayer<AreaLayer>} */
      layer2
    );
    if (data.kind === "areas") layer2.makeAreas((i) => Boolean(currentAreaStyle(areas, i).stroke));
    for (const shape of layer2.shapes()) restyleShape(
      /** @type {FlowLayer} */
      layer2,
      shape
    );
  }
  function restyleShape(layer2, shape) {
    const plain = plainStyle(shape);
    const i = shape.index;
    if (i === void 0) {
      shape.setStyle(isChanged() ? { opacity: 0, fillOpacity: 0 } : plain);
    } else if (layer2.data.kind === "ports") {
      const share = (isChanged() ? shownShare(layer2, i) : layer2.data.columns.share_mean[i]) || 0;
      if (shape instanceof L.CircleMarker) shape.setRadius(portRadius(share));
      shape.setStyle(!current || share >= MIN_DISC_SHARE ? plain : { opacity: 0.35, fillOpacity: 0.2 });
    } else {
      const isAreas = layer2.data.kind === "areas";
      const style = isAreas ? currentAreaStyle(
        /** @type {FeatureLayer<AreaLayer>} */
        layer2,
        i
      ) : currentLineStyle(
        /** @type {FeatureLayer<CorridorLayer>} */
        layer2,
        i
      );
      shape.options.interactive = isAreas || (style.opacity ?? 0) > 0;
      shape.setStyle(style);
    }
  }
  function showTemporarily() {
    const map2 = pageMap();
    temporary.forEach((layer2) => map2.removeLayer(layer2));
    temporary = [];
    const roads = [
      ...isChanged() ? [findLayer("minor")] : [],
      ...current ? [findLayer("corridors_d")] : []
    ];
    const column = current ? "by_port" : "variants";
    const wanted = roads.filter((layer2) => layer2.data.columns[column]);
    if (current && current.kind === "consulate") wanted.push(findLayer("districts"));
    for (const layer2 of wanted.filter((one) => !map2.hasLayer(one))) {
      map2.addLayer(layer2);
      temporary.push(layer2);
    }
  }
  function show(selection, variant) {
    current = selection;
    state.variant = variant;
    if (isChanged()) state.supplyYear = 0;
    showTemporarily();
    for (const layer2 of state.layers) if (layer2 instanceof FeatureLayer) restyle(layer2);
    pageMap().fire("choice");
  }
  function choose(kind, id) {
    const selection = isKind(kind) ? computeSelection(kind, id) : null;
    if (selection) show(selection, 0);
    return selection !== null;
  }
  function clearSelection() {
    show(null, 0);
  }
  function chooseAlternative(variant) {
    show(null, variant);
  }
  function chooseSupplyYear(year) {
    state.supplyYear = year;
    if (year && isChanged()) show(null, 0);
    restyle(findLayer("zones"));
  }
  function selectionBox(kind, id) {
    const { data } = findLayer(HOME[kind]);
    const indexes = memberIndexes(kind, id);
    if (data.kind === "ports") return boxOf(
      /** @type {number[][]} */
      indexes.map((i) => data.shapes[i])
    );
    return L.latLngBounds(indexes.flatMap((i) => data.shapes[i].flatMap((code) => decode(code, data.scale))));
  }
  function startSelection() {
    state.drawn = (layer2) => {
      if (isChanged()) restyle(layer2);
    };
  }

  // src/alternatives.js
  function alternativeName(variant) {
    const [setting, value] = state.tables.variants[variant - 1];
    return text(`variant.${setting}`, { value: nameOf(setting, value) });
  }
  function alternativeNumber(name) {
    return state.tables.variants.findIndex((one) => one.join(".") === name) + 1;
  }
  function renderAlternatives() {
    const { variants } = state.tables;
    find("#variants").hidden = !variants.length;
    find("#variant").replaceChildren(
      option(text("variant.own"), 0),
      ...variants.map((_, i) => option(alternativeName(i + 1), i + 1))
    );
    renderRanks();
  }
  function renderRanks() {
    const { variant, tables } = state;
    findAs("#variant", HTMLSelectElement).value = String(variant);
    const table = find("#variants table");
    table.hidden = !variant;
    if (!variant) return;
    const rows = tables.ranks.map((row) => {
      const after = row.ranks[variant - 1];
      const mark = after < row.run ? " ▲" : after > row.run ? " ▼" : "";
      const line = element("tr");
      line.append(
        rowHead(row.name),
        element("td", formatNumber(row.run)),
        element("td", formatNumber(after) + mark)
      );
      return line;
    });
    find("tbody", table).replaceChildren(...rows);
  }
  function startAlternatives() {
    const field = findAs("#variant", HTMLSelectElement);
    field.addEventListener("change", () => chooseAlternative(Number(field.value)));
    pageMap().on("choice", renderRanks);
  }

  // src/change_marks.js
  var LOSS_DASH = "6 4";
  var MAX_SIZE = 22;
  var MIN_SIZE = 4;
  var MIN_CHANGE_DRAWN = 5e-4;
  function portMark(classes, size, change, sure, closed2) {
    const [gain, loss] = [classes.gain[2], classes.loss[1]];
    const half = size + 1.5;
    const at = (x, y) => `${half + x * size},${half + y * size}`;
    if (closed2) {
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
    const marks = ports.filter((port) => port.closed || size(port) >= MIN_CHANGE_DRAWN);
    marks.sort((a, b) => Number(a.closed) - Number(b.closed) || size(b) - size(a));
    return L.layerGroup(
      marks.map((port, order) => {
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

  // src/trip_closures.js
  var TINY = 1e-300;
  function readTripModel(packed) {
    const draws = packed.draws.map((one) => ({
      ...one,
      attraction: unpackNumbers(one.attraction),
      supply: unpackNumbers(one.supply),
      demand: unpackNumbers(one.demand),
      affinity: unpackNumbers(one.affinity)
    }));
    return { ...packed, us: unpackNumbers(packed.us), mx: unpackNumbers(packed.mx), draws };
  }
  function tripPortShares(model, draw2, closed2, laws2) {
    const cities = openCities(model, draw2, closed2);
    const open = cities.flat();
    const steep = cities.flatMap((ports) => ports.map(() => ports.length > 1 ? 1 / model.nest_scale : 1));
    const us = legFactors(model.us, model, open, (hours, n) => {
      return steep[n] * (draw2.attraction[open[n]] - draw2.theta * draw2.us_weight * hours);
    });
    const mx = legFactors(model.mx, model, open, (hours, n) => -steep[n] * draw2.theta * hours);
    const rows = model.us_state.map(
      (home, group) => rowFlow(model, draw2, cities, us, mx, group, laws2[home] || 0)
    );
    const largest = Math.max(...rows.map(({ log }) => log));
    const flow = new Float64Array(model.ports);
    for (const { log, ports } of rows) {
      const weight = Math.exp(log - largest);
      open.forEach((port, n) => flow[port] += weight * ports[n]);
    }
    const total = sum(flow);
    return flow.map((value) => value / total);
  }
  function openCities(model, draw2, closed2) {
    const cities = [];
    model.city.forEach((city, port) => {
      if (!closed2.includes(port) && Number.isFinite(draw2.attraction[port])) (cities[city] ?? (cities[city] = [])).push(port);
    });
    return cities.filter(Boolean);
  }
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
  function rowFlow(model, draw2, cities, us, mx, group, law) {
    const open = us.factor.length / us.nearest.length;
    const own = us.factor.subarray(group * open, (group + 1) * open);
    const places = mx.nearest.length;
    const weights = new Float64Array(places * cities.length);
    const values = new Float64Array(places);
    for (let place = 0; place < places; place++) {
      const z = citySums(
        model,
        cities,
        own,
        mx.factor.subarray(place * open, (place + 1) * open),
        weights,
        place
      );
      const nearest = draw2.us_weight * us.nearest[group] + mx.nearest[place];
      const hours = Math.max(nearest - Math.log(z) / draw2.theta, model.min_hours);
      values[place] = draw2.demand[place] - draw2.beta * hours ** draw2.power;
    }
    const top = Math.max(...values);
    const total = sum(values.map((value) => Math.exp(value - top)));
    const ports = new Float64Array(open);
    const home = model.us_state[group];
    for (let place = 0; place < places; place++) {
      const affinity = draw2.affinity[home * model.mx_states + model.mx_state[place]];
      const chosen = Math.exp(values[place] - top + affinity) / total;
      for (let city = 0, n = 0; city < cities.length; city++) {
        const weight = chosen * weights[place * cities.length + city];
        for (const end = n + cities[city].length; n < end; n++)
          ports[n] += weight * own[n] * mx.factor[place * open + n];
      }
    }
    const access = top + Math.log(total);
    const deterred = draw2.kappa * Math.sqrt(Math.max(us.nearest[group], model.min_hours));
    return { log: draw2.supply[group] + law * draw2.law - deterred + draw2.nu * access, ports };
  }
  function citySums(model, cities, us, mx, weights, place) {
    const first = place * cities.length;
    const root = model.nest_scale === 0.5 ? Math.sqrt : power;
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
  function power(value, exponent) {
    return value ** exponent;
  }

  // src/closure_model.js
  var TINY2 = 1e-12;
  var CUT_OFF = 1e-9;
  var unedited = /* @__PURE__ */ new WeakMap();
  function readClosureModel(packed) {
    if (packed.structure === "trip") return readTripModel(packed);
    const draws = packed.draws.map((one) => ({
      ...one,
      group_port_base: unpackShares(one.group_port_base),
      destination_weight: unpackShares(one.destination_weight)
    }));
    return { ...packed, draws };
  }
  function portShares(model, closed2, laws2) {
    return model.structure === "trip" ? model.draws.map((draw2) => tripPortShares(model, draw2, closed2, laws2)) : model.draws.map((draw2) => sharesOfDraw(model, draw2, closed2, laws2));
  }
  function sharesOfDraw(model, draw2, closed2, laws2) {
    const { ports } = model;
    const flow = new Float64Array(ports);
    model.state.forEach((home, group) => {
      const base = draw2.group_port_base.subarray(group * ports, (group + 1) * ports);
      const total2 = sum(base);
      const kept = total2 ? closed2.reduce((left, k) => left - base[k], total2) / total2 : 0;
      if (kept < CUT_OFF) return;
      const weight = kept ** -draw2.power * Math.exp((laws2[home] || 0) * draw2.law);
      for (let k = 0; k < ports; k++) flow[k] += base[k] * weight * draw2.destination_weight[home * ports + k];
    });
    for (const k of closed2) flow[k] = 0;
    const total = sum(flow);
    return flow.map((value) => value / total);
  }
  function quantile(values, fraction) {
    const sorted = Float64Array.from(values).sort();
    const at = fraction * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  }
  function movedShares(model, before, closed2, laws2) {
    const after = portShares(model, closed2, laws2);
    const base = unedited.get(model) ?? portShares(model, [], {});
    unedited.set(model, base);
    const bands = before.map((band, k) => {
      const [old, moved] = [base, after].map((draws) => bandOf(draws.map((flow) => flow[k])));
      const [low, mean, high] = band.map(
        (value, n) => value === null ? null : value * moved[n] / Math.max(old[n], TINY2)
      );
      if (low === null || high === null) return { low, mean: mean ?? 0, high };
      return { low: Math.min(low, high), mean: mean ?? 0, high: Math.max(low, high) };
    });
    const total = sum(bands.map(({ mean }) => mean));
    return bands.map(({ low, mean, high }, k) => ({
      band: { low, mean: mean / total, high },
      change: bandOf(after.map((flow, n) => flow[k] - base[n][k]))
    }));
  }
  function bandOf(values) {
    return [quantile(values, 0.05), sum(values) / values.length, quantile(values, 0.95)];
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
    const data = (
      /** @type {PackedLayer | null} */
      read(id)
    );
    if (!data) throw new Error(`island: expected ${id} on the page, found none`);
    return data;
  }

  // src/closures.js
  var MAX_ROWS = 14;
  var ROADS = (
    /** @type {const} */
    ["corridors_d", "corridors_c", "corridors"]
  );
  var LAWS = [
    [0, "moved.law_same"],
    [1, "moved.law_more"],
    [-1, "moved.law_less"]
  ];
  var closed = /* @__PURE__ */ new Set();
  var laws = {};
  var covered = [];
  var drawn = null;
  function isCovered(layer2) {
    return covered.some((one) => one === layer2);
  }
  function isEdited() {
    return closed.size > 0 || Object.values(laws).some(Boolean);
  }
  function changedRoads(model, factors) {
    return ROADS.flatMap((name) => {
      const { data } = findLayer(name);
      return data.shapes.flatMap((codes, i) => {
        const line = changedRoad(model, data, factors, i);
        return line ? [L.polyline(codes.map((code) => decode(code, data.scale)), line)] : [];
      });
    });
  }
  function changedRoad(model, data, factors, i) {
    const fractions2 = fractionsByPort(data, i);
    if (!fractions2) return null;
    const share = (data.columns.share_mean || [])[i] ?? 0;
    const change = share * (sum(fractions2.map((fraction, k) => fraction * factors[k])) - 1);
    const { gain, loss, breaks, widths } = model.classes;
    const bin = classOf(Math.abs(change), breaks);
    if (bin < 0) return null;
    const dashArray = change > 0 ? void 0 : LOSS_DASH;
    return {
      color: (change > 0 ? gain : loss)[bin],
      weight: widths[bin],
      dashArray,
      lineCap: "butt",
      interactive: false
    };
  }
  function coverLayers() {
    const map2 = pageMap();
    if (!isEdited()) {
      covered.splice(0).forEach((layer2) => map2.addLayer(layer2));
      return;
    }
    const layers = [...ROADS.map(findLayer), findLayer("ports")];
    for (const layer2 of layers.filter((one) => map2.hasLayer(one))) {
      covered.push(layer2);
      map2.removeLayer(layer2);
    }
  }
  function draw(model) {
    const map2 = pageMap();
    if (drawn) map2.removeLayer(drawn);
    drawn = null;
    find("#moved").hidden = !isEdited();
    coverLayers();
    if (!isEdited()) return;
    const ports = movedPorts(model);
    const before = findLayer("ports").data.columns.share_mean;
    const factors = ports.map(({ band }, k) => {
      const share = before[k];
      return share ? band.mean / share : 0;
    });
    drawn = L.layerGroup([...changedRoads(model, factors), portMarks(model.classes, ports)]).addTo(map2);
    renderTable(ports);
    renderChangeLegend(find("#moved-key"), model.classes, false);
  }
  function movedPorts(model) {
    const { columns, shapes } = findLayer("ports").data;
    const before = columns.share_mean.map((mean, k) => [columns.share_lo90[k], mean, columns.share_hi90[k]]);
    return movedShares(model, before, [...closed], laws).map(({ band, change }, k) => ({
      at: shapes[k],
      name: columns.name_us[k],
      change: band.mean - (before[k][1] ?? 0),
      sure: band.low !== null && change[0] * change[2] > 0,
      closed: closed.has(k),
      band
    }));
  }
  function renderTable(ports) {
    const rows = [...ports].sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, MAX_ROWS);
    find("#moved tbody").replaceChildren(
      ...rows.map(({ name, change, band }) => {
        const line = element("tr");
        line.append(
          rowHead(name),
          element("td", formatPoints(change)),
          element("td", formatBand(band.low, band.high)),
          element("td", formatShare(band.mean))
        );
        return line;
      })
    );
  }
  function renderSwitches(model) {
    find("#closed-ports").replaceChildren(
      ...findLayer("ports").data.columns.name_us.map((name, k) => portSwitch(model, name, k))
    );
    find("#law-switches").replaceChildren(...model.us_states.map((code, home) => lawSwitch(model, code, home)));
  }
  function portSwitch(model, name, k) {
    const label = element("label");
    const box = element("input");
    Object.assign(box, { type: "checkbox", checked: closed.has(k), value: String(k) });
    box.addEventListener("change", () => {
      if (box.checked) closed.add(k);
      else closed.delete(k);
      if (closed.size === model.ports) closed.delete(k);
      box.checked = closed.has(k);
      draw(model);
    });
    label.append(box, " ", name);
    return label;
  }
  function lawSwitch(model, code, home) {
    const label = element("label", `${nameOf("us_state", code)} `);
    const field = element("select");
    field.append(...LAWS.map(([value, key]) => option(text(key), value)));
    field.value = String(laws[home] || 0);
    field.addEventListener("change", () => {
      laws[home] = Number(field.value);
      draw(model);
    });
    label.append(field);
    return label;
  }
  function startClosures() {
    const packed = island("closure_model");
    if (!packed) return;
    const model = readClosureModel(packed);
    find("#whatif").hidden = false;
    const render2 = () => {
      renderSwitches(model);
      draw(model);
    };
    render2();
    pageMap().on("language", render2);
    findAs("#nothing-moved", HTMLButtonElement).addEventListener("click", () => {
      closed.clear();
      laws = {};
      render2();
    });
  }

  // src/selection_panel.js
  var PARTNER_KINDS = ["us", "zone", "consulate", "port", "mx", "municipality"];
  function selectionName(kind, id) {
    if (kind === "us") return nameOf("us_state", id);
    if (kind === "consulate") return text("district.of", { name: id });
    const [first] = memberIndexes(kind, id);
    if (first === void 0) return id;
    const { data } = findLayer(HOME[kind]);
    if (kind === "mx") return "states" in data && data.states && data.states[id] || id;
    return ("name" in data.columns ? data.columns.name : data.columns.name_us)[first] || id;
  }
  function choiceButton(content, kind, id) {
    return button(content, "link", () => choose(kind, id));
  }
  function partnerLists(selection) {
    const box = element("div");
    const rows = state.partners[`${selection.kind}.${selection.id}`] || {};
    for (const kind of PARTNER_KINDS.filter((one) => rows[one])) {
      const list = element("ul", void 0, "partners");
      for (const [id, mean, low, high] of rows[kind]) {
        const item = element("li");
        item.append(
          choiceButton(selectionName(kind, id), kind, id),
          element("span", shareWithBand(mean, low, high))
        );
        list.append(item);
      }
      box.append(element("h3", text(`choice.${kind}`)), list);
    }
    return box;
  }
  function choiceButtons(layer2, i) {
    const box = element("p", void 0, "offers");
    for (const [kind, id] of choicesOf(layer2, i)) {
      if (!computeSelection(kind, id)) continue;
      box.append(choiceButton(text("choice.only", { name: selectionName(kind, id) }), kind, id));
    }
    return box;
  }
  function choicesOf({ name, data }, i) {
    if (data.kind === "ports") return [["port", data.columns.id[i]]];
    if (data.kind === "districts") return [["consulate", data.columns.id[i]]];
    if (data.kind !== "areas" || !data.columns.id || !data.columns.code) return [];
    const [id, code] = [data.columns.id[i], data.columns.code[i]];
    if (name === "zones") return [["zone", id], ["us", code]];
    if (name === "municipalities") return [["municipality", id], ["mx", code]];
    return [];
  }
  function renderSelection() {
    const box = find("#choice");
    const selection = currentSelection();
    box.hidden = !selection && !state.variant;
    if (box.hidden) return;
    const clear = button(text("choice.clear"), "plain", () => {
      clearSelection();
      find("#map").focus();
    });
    const head = element("div");
    if (!selection) {
      head.append(element("h2", alternativeName(state.variant)), " ", clear);
      box.replaceChildren(head, element("p", text("variant.note"), "small"));
      return;
    }
    const title = text("choice.title", { name: selectionName(selection.kind, selection.id) });
    head.append(element("h2", title), " ", clear);
    box.replaceChildren(head, element("p", text("choice.scale"), "small"));
    const gap = missingRoads(selection);
    if (gap) box.append(element("p", text(gap), "small"));
    const lists = partnerLists(selection);
    if (lists.children.length) box.append(element("p", text("choice.partners"), "small"), lists);
  }
  function missingRoads(selection) {
    const roads = findLayer("corridors").data.columns;
    if (!roads.by_port) return "choice.no_roads";
    const known = !selection.side || roads.by_state && knowsOwnSide(selection.kind);
    return known ? "" : "choice.other_side";
  }

  // src/detail.js
  var shown = null;
  function refreshDetail() {
    if (!shown) return;
    const { layer: layer2, index } = shown;
    const data = (
      /** @type {import("./describe.js").Described} */
      layer2.data
    );
    find("#detail").replaceChildren(describe(data, index, false), choiceButtons(layer2, index));
  }
  function openDetail(layer2, index) {
    if (layer2.data.kind === "ports") choose("port", layer2.data.columns.id[index]);
    shown = { layer: layer2, index };
    refreshDetail();
  }

  // src/address.js
  function fromHash(hash, name) {
    const found2 = hash.match(new RegExp(`[#/]${name}=([^/]*)`));
    try {
      return found2 ? decodeURIComponent(found2[1]) : null;
    } catch {
      return null;
    }
  }
  function fromUrl(name) {
    return fromHash(location.hash, name);
  }
  function replaceHash(entries2) {
    try {
      history.replaceState(null, "", `#${entries2.join("/")}`);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
    }
  }

  // src/display.js
  var WIDE_FRAME = 640;
  var themeChosen = false;
  function chosenTheme() {
    return themeChosen ? document.documentElement.dataset.theme ?? null : null;
  }
  function applyTheme(theme) {
    document.documentElement.dataset.theme = theme;
    find("#theme").setAttribute("aria-pressed", String(theme === "dark"));
  }
  function startTheme(changed) {
    const fromAddress = fromUrl("theme");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const ofSystem = () => dark.matches ? "dark" : "light";
    themeChosen = fromAddress === "dark" || fromAddress === "light";
    applyTheme(themeChosen && fromAddress ? fromAddress : ofSystem());
    dark.addEventListener("change", () => {
      if (!themeChosen) applyTheme(ofSystem());
    });
    find("#theme").addEventListener("click", () => {
      themeChosen = true;
      applyTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
      changed();
    });
  }
  function startPrint() {
    const root = document.documentElement;
    const map2 = pageMap();
    const sections = ["#legend", "#ports"].map((selector) => findAs(selector, HTMLDetailsElement));
    let restore = null;
    addEventListener("beforeprint", () => {
      if (restore) return;
      const [center, zoom, theme] = [map2.getCenter(), map2.getZoom(), root.dataset.theme];
      const open = sections.map((section) => section.open);
      restore = () => {
        root.classList.remove("paper");
        root.dataset.theme = theme;
        sections.forEach((section, i) => section.open = open[i]);
        map2.invalidateSize({ animate: false, pan: false });
        map2.setView(center, zoom, { animate: false });
      };
      const bounds = map2.getBounds();
      for (const section of sections) section.open = true;
      root.classList.add("paper");
      root.dataset.theme = "light";
      map2.invalidateSize({ animate: false, pan: false });
      map2.fitBounds(bounds, { animate: false });
    });
    addEventListener("afterprint", () => {
      if (restore) restore();
      restore = null;
    });
    find("#print").addEventListener("click", () => print());
  }
  function startEmbed(showAll2) {
    if (!/[?&]embed\b/.test(location.search)) return;
    const map2 = pageMap();
    document.documentElement.classList.add("embed");
    findAs("#legend", HTMLDetailsElement).open = innerWidth >= WIDE_FRAME;
    map2.scrollWheelZoom.disable();
    map2.on("focus", () => map2.scrollWheelZoom.enable());
    map2.on("blur", () => map2.scrollWheelZoom.disable());
    const sendHeight = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      parent.postMessage({ corridors: "height", height }, "*");
    };
    new ResizeObserver(sendHeight).observe(document.body);
    map2.invalidateSize({ animate: false });
    if (!/^#\d/.test(location.hash)) showAll2();
  }

  // src/language.js
  function chooseLanguage(search2, hash, languages) {
    const inAddress = [search2, hash].map((part) => (part.match(/[?&#/]lang=(es|en)\b/) || [])[1]);
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

  // src/places.js
  var MAX_LABELS = 60;
  var PlaceLabels = class extends L.LayerGroup {
    /**
     * @param {PlaceLayer} data
     * @param {string} name
     */
    constructor(data, name) {
      super([]);
      this.data = data;
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
      const { data, pen, _map: map2 } = this;
      if (!map2 || !pen || map2.getZoom() === void 0) return;
      const size = map2.getSize();
      const taken = [];
      const names = state.language === "es" && data.columns.name_es || data.columns.name;
      this.clearLayers();
      pen.font = "12px sans-serif";
      data.shapes.forEach((point, i) => {
        if (data.columns.rank[i] > map2.getZoom() || taken.length >= MAX_LABELS) return;
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
    constructor(data, name) {
      super(data.shapes[0], { pane: "tiles", maxZoom: 19, referrerPolicy: "strict-origin" });
      this.data = data;
      this.name = name;
      const page2 = document.documentElement.classList;
      this.on("tileerror", () => page2.add("no-tiles"));
      this.on("tileload", () => page2.remove("no-tiles"));
      this.on("add remove", (event) => {
        const credit = document.querySelector(".credit .tiles");
        if (credit) credit.textContent = event.type === "add" ? `${data.credit} · ` : "";
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
    const data = (
      /** @type {LayerPayload} */
      /** @type {unknown} */
      packed
    );
    const made = makeLayer(data, id.replace(/^compact_layer_|_data$/g, ""));
    state.layers.push(made);
    return made;
  }
  function makeLayer(data, name) {
    if (data.kind === "places") return new PlaceLabels(data, name);
    if (data.kind === "tiles") return new TilePictures(data, name);
    return new FeatureLayer(data, name);
  }

  // src/year_sliders.js
  var showYear = 0;
  var refresh = () => {
  };
  function refreshSupplyYear() {
    refresh();
  }
  function yearSlider(key, [first, last], year, none, changed) {
    const label = element("label", void 0, "years");
    const slider = element("input");
    const output = element("output");
    Object.assign(slider, { type: "range", min: String(first - 1), max: String(last), step: "1" });
    const set = (shown2) => {
      slider.value = String(shown2 || first - 1);
      output.textContent = shown2 ? String(shown2) : none;
      slider.setAttribute("aria-valuetext", output.textContent);
    };
    slider.addEventListener("input", () => {
      const chosen = Number(slider.value);
      const shown2 = chosen < first ? 0 : chosen;
      set(shown2);
      changed(shown2);
    });
    set(year);
    label.append(element("span", text(key)), slider, output);
    return { label, set };
  }
  function supplyYearSlider(years, data) {
    const { label, set } = yearSlider(
      "legend.licences",
      years,
      state.supplyYear,
      text("legend.share_now"),
      (year) => {
        chooseSupplyYear(year);
        explain();
        if (!label.isConnected) find("#layers .supply input").focus();
        refreshDetail();
      }
    );
    label.classList.add("supply");
    const note = element("p", void 0, "small");
    const counts = data.counts || [];
    const classes = counts.map(
      (low, i) => counts[i + 1] ? text("label.band", { low: formatNumber(low), high: formatNumber(counts[i + 1] - 1) }) : text("legend.over", { low: formatNumber(low - 1) })
    );
    const explain = () => {
      const year = String(state.supplyYear);
      note.hidden = !state.supplyYear;
      note.textContent = text("legend.licence_classes", { year, classes: classes.join("; ") });
    };
    refresh = () => {
      set(state.supplyYear);
      explain();
    };
    explain();
    const box = element("div");
    box.append(label, note);
    return box;
  }
  function showYearSlider(data) {
    const starts = data.columns.dates.flat().map(([start]) => Number(start.slice(0, 4)));
    const years = [Math.min(...starts), Math.max(...starts)];
    const layer2 = findLayer("shows");
    const draw2 = () => {
      for (const mark of layer2.shapes()) {
        const on = mark.index !== void 0 && data.columns.dates[mark.index].some(isInShowYear);
        mark.options.interactive = on;
        mark.setStyle({ opacity: on ? 1 : 0, fillOpacity: on ? data.style.fillOpacity : 0 });
      }
    };
    const all = text("legend.all_years", { low: String(years[0]), high: String(years[1]) });
    const { label } = yearSlider("legend.year", years, showYear, all, (year) => {
      showYear = year;
      draw2();
    });
    layer2.on("add", draw2);
    draw2();
    return label;
  }
  function isInShowYear([start, end]) {
    if (!showYear) return true;
    return Number(start.slice(0, 4)) <= showYear && showYear <= Number((end || start).slice(0, 4));
  }

  // src/legend.js
  var NEUTRAL = "#444";
  var GRADE_WIDTH = 2.6;
  var MIN_LINE_WIDTH = 1.5;
  var SWITCHES = (
    /** @type {const} */
    [
      "ports",
      "corridors",
      "corridors_c",
      "corridors_d",
      "zones",
      "municipalities",
      "districts",
      "shows",
      "events",
      "routes",
      "roads",
      "tiles"
    ]
  );
  function keyLine(color = NEUTRAL, width = GRADE_WIDTH, dash, opacity) {
    return linePicture(color, Math.max(width, MIN_LINE_WIDTH), dash, opacity);
  }
  function small(content) {
    return element("p", content, "small");
  }
  function areaKey(data) {
    const { breaks, colours } = data.classes;
    const cells = colours.map(
      (fill, i) => (
        /** @type {import("./dom.js").Shape} */
        ["rect", { x: i * 40, y: 0, width: 40, height: 14, fill }]
      )
    );
    const marks = element("div", void 0, "marks");
    marks.append(...breaks.map((value) => element("span", formatBound(value))));
    return [
      picture(240, 14, cells),
      marks,
      small(text("legend.under", { high: formatBound(breaks[0]) })),
      ...data.years ? [supplyYearSlider(data.years, data)] : [],
      ...data.missing ? [small(text("legend.missing", { count: formatNumber(data.missing) }))] : []
    ];
  }
  function corridorKey(data) {
    const list = element("ul");
    if (data.dash) {
      const grade = data.grade === "D" ? "legend.dotted" : "legend.dashed";
      list.append(legendItem(keyLine(NEUTRAL, GRADE_WIDTH, data.dash, data.opacity), text(grade)));
      return [list];
    }
    const { breaks, colours, widths } = data.classes;
    const floor = data.floor ?? 0;
    breaks.forEach((low, i) => {
      const high = breaks[i + 1];
      if (high !== void 0 && high <= floor) return;
      const range = high === void 0 ? text("legend.over", { low: formatBound(low) }) : text("legend.range", { low: formatBound(low), high: formatBound(high) });
      list.append(legendItem(keyLine(colours[i], widths[i]), range));
    });
    const solid = legendItem(keyLine(), text(data.grade ? "legend.solid" : "legend.ungraded"));
    solid.className = "apart";
    list.append(solid);
    return [small(text("legend.share")), list, small(text("legend.floor", { floor: formatBound(floor) }))];
  }
  function portKey(data) {
    const list = element("ul", void 0, "row");
    const style = { fill: data.style.fillColor ?? "", stroke: data.style.color ?? "", "stroke-width": 1.4 };
    for (const share of data.key) {
      const disc = picture(36, 36, [["circle", { cx: 18, cy: 18, r: portRadius(share), ...style }]]);
      list.append(legendItem(disc, formatBound(share)));
    }
    return [list, small(text("legend.port_size"))];
  }
  function showKey(data) {
    const list = element("ul");
    const dot = picture(16, 16, [["circle", { cx: 8, cy: 8, r: 5, fill: data.style.fillColor ?? "" }]]);
    list.append(legendItem(dot, text("legend.shows")));
    return [small(text("note.gun_shows")), list, showYearSlider(data)];
  }
  function eventKey(data) {
    const list = element("ul");
    ["legend.events_municipality", "legend.events_port"].forEach((key, bin) => {
      if (!data.bin.includes(bin)) return;
      const dot = picture(16, 16, [["circle", { cx: 8, cy: 8, r: 5, fill: data.colours[bin] }]]);
      list.append(legendItem(dot, text(key)));
    });
    return [small(text("note.events")), list];
  }
  function lineKey(color, key) {
    const list = element("ul");
    list.append(legendItem(keyLine(color, 2), text(key)));
    return [list];
  }
  function keyParts(data) {
    switch (data.kind) {
      case "areas":
        return areaKey(data);
      case "corridors":
        return corridorKey(data);
      case "ports":
        return portKey(data);
      case "shows":
        return showKey(data);
      case "events":
        return eventKey(data);
      case "line":
        return lineKey(data.style.color, "legend.roads");
      case "districts":
        return lineKey(data.style.color, "legend.districts");
      case "routes":
        return lineKey(data.style.color, "legend.routes");
      case "tiles":
        return [small(text("legend.tiles")), element("p", text("legend.no_tiles"), "small failed")];
      default:
        return [];
    }
  }
  function layerKey(data) {
    const box = element("div", void 0, "key");
    box.append(...keyParts(data));
    return box;
  }
  function nameOfSwitch(label) {
    return (
      /** @type {HTMLElement} */
      label.querySelector("span span") || find("span", label)
    );
  }
  function switchLabels() {
    return findAll(".leaflet-control-layers-overlays > label");
  }
  function isLegendRewritten() {
    return switchLabels().some((label) => !nameOfSwitch(label).dataset.i);
  }
  function renderLegend() {
    const control = find(".leaflet-control-layers");
    find("#layers").append(control);
    const list = find(".leaflet-control-layers-overlays", control);
    const keyOf = (label) => {
      const name = nameOfSwitch(label);
      return name.dataset.i || (name.textContent || "").trim();
    };
    const place = (label) => SWITCHES.findIndex((name) => keyOf(label) === `layer.${name}`);
    for (const label of switchLabels().sort((a, b) => place(a) - place(b))) {
      const key = keyOf(label);
      const name = nameOfSwitch(label);
      name.dataset.i = key;
      name.textContent = text(key);
      const after = label.nextElementSibling;
      if (after && after.className === "key") after.remove();
      const layer2 = state.layers.find((one) => `layer.${one.name}` === key);
      if (!layer2) continue;
      if (layer2.data.shapes.length) list.append(label, layerKey(layer2.data));
      else label.remove();
    }
  }
  function renderZoomButtons() {
    for (const way of ["in", "out"]) {
      const node = find(`.leaflet-control-zoom-${way}`, pageMap().getContainer());
      node.title = text(`page.zoom_${way}`);
      node.setAttribute("aria-label", node.title);
    }
  }

  // src/map_address.js
  var shownAtFirst = /* @__PURE__ */ new Set();
  function switchable() {
    return SWITCHES.filter((name) => hasLayer(name) && findLayer(name).data.shapes.length);
  }
  function isOn(name) {
    const layer2 = findLayer(name);
    return pageMap().hasLayer(layer2) && !isTemporary(layer2) || isCovered(layer2);
  }
  function keepAddress() {
    const map2 = pageMap();
    const center = map2.getCenter();
    const names = switchable();
    const entries2 = [
      String(map2.getZoom()),
      center.lat.toFixed(3),
      center.lng.toFixed(3),
      `lang=${state.language}`
    ];
    const key = selectionKey();
    const theme = chosenTheme();
    if (names.some((name) => isOn(name) !== shownAtFirst.has(name)))
      entries2.push(`layers=${names.filter(isOn).join(".")}`);
    if (key) entries2.push(`see=${encodeURIComponent(key)}`);
    if (state.variant) entries2.push(`with=${state.tables.variants[state.variant - 1].join(".")}`);
    if (theme) entries2.push(`theme=${theme}`);
    replaceHash(entries2);
  }
  function showAll() {
    const map2 = pageMap();
    const { x, y } = map2.getSize();
    const box = boxOf(state.run.bounds);
    if (x && y) {
      map2.fitBounds(box, { animate: false, padding: [4, 4] });
    } else {
      map2.setView(box.getCenter(), map2.getMinZoom(), { animate: false });
      map2.once("resize", showAll);
    }
  }
  function openLayers() {
    shownAtFirst = new Set(switchable().filter(isOn));
    const given = fromUrl("layers");
    if (given === null) return;
    const map2 = pageMap();
    for (const name of switchable().filter((one) => isOn(one) !== given.split(".").includes(one))) {
      if (isOn(name)) map2.removeLayer(findLayer(name));
      else map2.addLayer(findLayer(name));
    }
  }
  function openView() {
    const place = location.hash.match(/^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)/);
    const map2 = pageMap();
    if (place) map2.setView([Number(place[2]), Number(place[3])], Number(place[1]), { animate: false });
    else showAll();
    map2.setMaxBounds(boxOf(state.run.bounds).pad(0.6));
  }
  function openSelection() {
    const see = fromUrl("see");
    const variant = alternativeNumber(fromUrl("with"));
    if (see) choose(see.slice(0, see.indexOf(".")), see.slice(see.indexOf(".") + 1));
    else if (variant) chooseAlternative(variant);
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

  // src/search_index.js
  var MAX_FOUND = 8;
  var NO_MATCH = 9;
  function fold(name) {
    return name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  function rank(entry, query) {
    if (entry.key.startsWith(query)) return 0;
    if (entry.key.includes(` ${query}`)) return 1;
    return entry.key.includes(query) ? 2 : NO_MATCH;
  }
  function search(entries2, typed) {
    const query = fold(typed.trim());
    if (!query) return [];
    return entries2.map((entry) => ({ entry, order: rank(entry, query) })).filter(({ order }) => order < NO_MATCH).sort((a, b) => a.order - b.order).slice(0, MAX_FOUND).map(({ entry }) => entry);
  }

  // src/search.js
  var entries = null;
  var found = [];
  var active = -1;
  function forgetPlaces() {
    entries = null;
  }
  function gatherPlaces() {
    const rows = [];
    const add = (name, about, kind, id = "", point = void 0) => {
      if (name) rows.push({ name, about, kind, id, point, key: fold(name) });
    };
    const ports = findLayer("ports").data.columns;
    const zones = findLayer("zones").data.columns;
    const { columns: municipalities, states = {} } = findLayer("municipalities").data;
    const { columns: cities, shapes: points } = findLayer("places").data;
    ports.name_us.forEach((name, i) => add(name, text("search.port"), "port", ports.id[i]));
    const statesUs = new Set(zones.code);
    const statesMx = new Set(municipalities.code);
    statesUs.forEach((code) => add(nameOf("us_state", code), text("search.state"), "us", code));
    statesMx.forEach((code) => add(states[code], text("search.state"), "mx", code));
    findLayer("districts").data.columns.name.forEach(
      (name) => add(name, text("search.consulate"), "consulate", name)
    );
    points.forEach((point, i) => {
      const name = state.language === "es" && cities.name_es && cities.name_es[i] || cities.name[i];
      add(name, text("search.city"), "city", "", point);
    });
    zones.name.forEach((name, i) => {
      const about = text("search.zone", { state: nameOf("us_state", (zones.state || [])[i]) });
      add(name, about, "zone", (zones.id || [])[i]);
    });
    municipalities.name.forEach((name, i) => {
      const about = text("search.municipality", { state: states[(municipalities.code || [])[i]] });
      add(name, about, "municipality", (municipalities.id || [])[i]);
    });
    return rows;
  }
  function searchField() {
    return findAs("#search", HTMLInputElement);
  }
  function updateFound() {
    entries = entries || gatherPlaces();
    found = search(entries, searchField().value);
    active = found.length ? 0 : -1;
    renderFound();
  }
  function renderFound() {
    const field = searchField();
    const list = find("#found");
    list.replaceChildren(...found.map(foundItem));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(Boolean(found.length)));
    if (active >= 0) field.setAttribute("aria-activedescendant", `found-${active}`);
    else field.removeAttribute("aria-activedescendant");
    find("#search-status").textContent = field.value.trim() && !found.length ? text("search.none") : "";
  }
  function foundItem(entry, i) {
    const item = element("li");
    item.id = `found-${i}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(i === active));
    item.append(element("span", entry.name), element("span", entry.about, "small"));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      chooseFound(entry);
    });
    return item;
  }
  function closeFound() {
    found = [];
    active = -1;
    renderFound();
  }
  function chooseFound(entry) {
    const map2 = pageMap();
    searchField().value = entry.name;
    closeFound();
    if (entry.point) {
      map2.setView(latLng(entry.point), Math.max(map2.getZoom(), 8));
    } else if (isKind(entry.kind)) {
      choose(entry.kind, entry.id);
      map2.fitBounds(selectionBox(entry.kind, entry.id).pad(0.2), { maxZoom: 8 });
    }
  }
  function onKey(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && found.length) {
      event.preventDefault();
      active = (active + step + found.length) % found.length;
      renderFound();
    } else if (event.key === "Enter" && active >= 0) {
      chooseFound(found[active]);
    } else if (event.key === "Escape") {
      searchField().value = "";
      closeFound();
    }
  }
  function startSearch() {
    const field = searchField();
    field.addEventListener("input", updateFound);
    field.addEventListener("blur", closeFound);
    field.addEventListener("keydown", onKey);
  }

  // src/tables.js
  var PORT_ZOOM = 8;
  var SOURCE_FIELDS = (
    /** @type {const} */
    [
      "publisher",
      "period",
      "retrieved",
      "licence",
      "attribution",
      "derived_from",
      "not_what"
    ]
  );
  function rankedRow(name, about, values, act) {
    const head = rowHead();
    head.append(button(name, "", act), element("span", about, "small"));
    const row = element("tr");
    row.append(
      head,
      element("td", formatShare(values.share_mean)),
      element("td", formatBand(values.share_lo90, values.share_hi90)),
      element("td", values.grade)
    );
    return row;
  }
  function renderPorts() {
    const layer2 = findLayer("ports");
    const { columns, shapes } = layer2.data;
    const rows = shapes.map((point, i) => {
      const states = [nameOf("us_state", columns.us_state[i]), columns.mx_state[i]].filter(Boolean).join(" – ");
      const values = {
        share_mean: columns.share_mean[i],
        share_lo90: columns.share_lo90[i],
        share_hi90: columns.share_hi90[i],
        grade: columns.grade[i]
      };
      return rankedRow(columns.name_us[i], states, values, () => {
        const map2 = pageMap();
        map2.setView(latLng(point), Math.max(map2.getZoom(), PORT_ZOOM));
        openDetail(layer2, i);
      });
    });
    find("#ports tbody").replaceChildren(...rows);
  }
  function renderRoads() {
    const { named, roads } = state.tables;
    const titles = { "#roads h2": "title", "#roads caption": "caption", "#roads thead th": "road" };
    for (const [selector, word] of Object.entries(titles)) {
      const node = find(selector);
      node.dataset.i = `${named ? "named" : "roads"}.${word}`;
      node.textContent = text(node.dataset.i);
    }
    find("#roads").hidden = !roads.length;
    const rows = roads.map(
      (row) => rankedRow(
        row.name,
        roadAbout(row),
        row,
        () => pageMap().fitBounds(boxOf(row.box), { maxZoom: 9, padding: [20, 20] })
      )
    );
    find("#roads tbody").replaceChildren(...rows);
  }
  function roadAbout(row) {
    const states = row.about.map((code) => nameOf("us_state", code)).join(", ");
    return states || (row.side ? text(`roads.side_${row.side.toLowerCase()}`) : "");
  }
  function renderInformation() {
    const rows = state.tables.information;
    find("#known").hidden = !rows.length;
    find("#known tbody").replaceChildren(...rows.map(informationRow));
  }
  function informationRow(row) {
    const isShare = ["state", "pair", "port"].includes(row.kind);
    const write = (value) => isShare ? formatShare(value) : formatNumber(value ?? 0, { maximumSignificantDigits: 2 });
    const band = (low, high) => element("td", text("label.band", { low: write(low), high: write(high) }));
    const blocks = row.variance_reduction.map(
      ([block, fraction]) => `${nameOf("block", block)} ${formatShare(fraction)}`
    );
    const head = rowHead(text(`quantity.${row.kind}`, { of: nameOf("us_state", row.from), to: row.to }));
    const by = text("limit.told_by", { blocks: blocks.join(", ") || text("limit.nothing") });
    head.append(element("span", by, "small"));
    const line = element("tr");
    line.append(head, band(row.prior_lo90, row.prior_hi90), band(row.lo90, row.hi90));
    return line;
  }
  function renderSources() {
    find("#source-list").replaceChildren(...(state.run.sources || []).map(sourceItem));
  }
  function sourceItem(row) {
    const source = { ...row, ...state.language === "es" ? row.es : {} };
    const item = element("li");
    item.append(element("strong", source.title));
    for (const name of SOURCE_FIELDS.filter((one) => source[one])) {
      const value = name === "retrieved" ? formatDay(source[name]) : source[name];
      item.append(element("p", `${text(`source.${name}`)}: ${value}`, "small"));
    }
    if (source.url) {
      const address = element("p", `${text("source.link")}: `, "small");
      address.append(link(source.url));
      item.append(address);
    }
    return item;
  }

  // src/map_page.js
  var WIDE = "(min-width: 801px)";
  var inner = {
    state,
    island,
    describe,
    formatDay,
    formatShare,
    readClosureModel,
    movedShares,
    alternativeName,
    choice: {
      choose,
      find: findLayer,
      get current() {
        return selectionKey();
      }
    }
  };
  function restack() {
    if (isLegendRewritten()) renderLegend();
    const drawn2 = state.layers.filter((one) => one instanceof FeatureLayer);
    drawn2.filter((one) => one.data.kind !== "fill" && pageMap().hasLayer(one)).sort((a, b) => a.data.order - b.data.order).forEach((one) => one.bringToFront());
  }
  function render() {
    document.title = text("page.title");
    renderTexts();
    renderZoomButtons();
    renderRunLine();
    find("#cite").textContent = text("cite.text", runFacts());
    pageMap().fire("language");
    renderLegend();
    renderPorts();
    renderRoads();
    renderInformation();
    renderSources();
    renderAlternatives();
    renderSelection();
    forgetPlaces();
    refreshDetail();
  }
  function page() {
    const leaflet = pageMap();
    state.clicked = openDetail;
    state.tables = island("tables") || state.tables;
    state.partners = island("partners") || {};
    startTheme(keepAddress);
    startPrint();
    startSelection();
    startSearch();
    openLayers();
    openView();
    render();
    restack();
    leaflet.on("overlayadd overlayremove choice", restack);
    leaflet.on("choice", () => {
      renderSelection();
      refreshSupplyYear();
      refreshDetail();
    });
    startAlternatives();
    openSelection();
    startClosures();
    startEmbed(showAll);
    startLanguageButtons((language) => {
      state.language = language;
      render();
      keepAddress();
    });
    leaflet.on("moveend overlayadd overlayremove choice", keepAddress);
    startKeys();
    const ports = findAs("#ports", HTMLDetailsElement);
    ports.open = ports.open && matchMedia(WIDE).matches;
    markReady();
  }
  function startKeys() {
    const field = find("#search");
    addEventListener("keydown", (event) => {
      const isEscape = event.key === "Escape" && event.target !== field;
      if (isEscape && (currentSelection() || state.variant)) clearSelection();
    });
    find(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      field.focus();
    });
  }
  return __toCommonJS(map_page_exports);
})();
