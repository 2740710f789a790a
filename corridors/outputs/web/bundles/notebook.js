/* notebook.js: sources 337355cef8f30a8c, esbuild 0.28.2 */
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

  // src/notebook.js
  var notebook_exports = {};
  __export(notebook_exports, {
    layer: () => layer,
    map: () => map
  });

  // src/dom.js
  function element(tag, content, className) {
    const node = document.createElement(tag);
    if (content !== void 0) node.textContent = content;
    if (className) node.className = className;
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
    const found = /^https?:\/\/(?:www\.)?([^/:?#]+)/.exec(url);
    return found ? found[1] : url;
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
    const active = { ...options, interactive: true };
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
              active
            ),
            i
          )
        );
      case "routes": {
        const lines = data.shapes.map((stops) => stops.map(latLng));
        const casing = { ...options, color: "#fff", weight: 5, opacity: 0.8 };
        return [
          ...lines.map((line) => L.polyline(line, casing)),
          ...lines.map((line, i) => feature(L.polyline(line, active), i))
        ];
      }
      case "shows":
        return data.shapes.map(
          (point, i) => feature(L.circleMarker(latLng(point), { ...active, radius: 5 }), i)
        );
      case "events":
        return data.shapes.map(
          (point, i) => feature(
            L.circleMarker(latLng(point), { ...active, radius: 5, fillColor: data.colours[data.bin[i]] }),
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
      const page = document.documentElement.classList;
      this.on("tileerror", () => page.add("no-tiles"));
      this.on("tileload", () => page.remove("no-tiles"));
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
  return __toCommonJS(notebook_exports);
})();
