/* Corridors: the script of the layers. Plain, unminified, no dependency but Leaflet (L).
 *
 * Data comes from <script type="application/json"> islands and reaches the page through textContent only:
 * no innerHTML, no eval, no template, no request. Text for people comes from the island "words"; where there
 * is none (a layer in a notebook's own folium map) the keys stand in for it.
 *
 *   corridors.map(id, options)  makes the page's Leaflet map   (called by the script folium writes)
 *   corridors.layer(id)         makes a layer from an island   (also in any folium map)
 *   corridors.page()            fills the page around the map  (page.js; with select.js and find.js)
 */
"use strict";

var corridors = (function () {
  const MOST_LABELS = 60;
  const PORT_RADIUS = 36; // pixels, of a share of 1
  /** What page.js shares: the islands, the language, the map, every layer made, and who hears of a click. */
  const state = { run: {}, words: {}, language: chooseLanguage(), map: null, layers: [], variant: 0, supplyYear: 0,
    clicked: () => {}, drawn: () => {} };

  // ---------------------------------------------------------------- small helpers
  function island(id) {
    const node = document.getElementById(id);
    return node && node.type === "application/json" ? JSON.parse(node.textContent) : null;
  }

  function element(tag, text, className) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  function drawing(width, height, shapes) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const set = (node, values) => Object.entries(values).forEach(([k, v]) => node.setAttribute(k, v));
    set(svg, { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    for (const [tag, values] of shapes) {
      const node = document.createElementNS(space, tag);
      set(node, values);
      svg.append(node);
    }
    return svg;
  }

  /** Encoded polyline (Google's algorithm, `scale` steps a degree) to places. */
  function decode(code, scale) {
    const points = [];
    let at = 0, lat = 0, lon = 0;
    const step = () => {
      let bits = 0, shift = 0, chunk;
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
      points.push(new L.LatLng(lat / scale, lon / scale));
    }
    return points;
  }

  // ---------------------------------------------------------------- words and numbers
  /** The words of a key; values fill {placeholders} once and are not read again. */
  function say(key, values) {
    const text = (state.words[state.language] || {})[key];
    if (text === undefined) return key.slice(key.indexOf(".") + 1);
    return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)) : text;
  }

  /** The word for a coded value, or the value where there is none. */
  function known(family, value) {
    const text = (state.words[state.language] || {})[family + "." + value];
    return text === undefined ? value : text;
  }

  function locale() {
    return state.language === "es" ? "es-MX" : "en-US";
  }

  const formats = new Map(); // a number format takes longer to make than all numbers of a table to write

  function format(value, options) {
    const key = locale() + JSON.stringify(options);
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), options));
    return formats.get(key).format(value);
  }

  function percent(value, digits) {
    return format(value, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** A share with about two significant digits, as corridors.show.words writes it. */
  function share(value) {
    if (value === null) return "–";
    const rules = state.run.share || { decimals: [[0.01, 2], [0.1, 1]], smallest: 0.0001 };
    if (value > 0 && value < rules.smallest) return say("label.tiny", { share: percent(rules.smallest, 2) });
    const rule = rules.decimals.find(([limit]) => value < limit);
    return percent(value, value === 0 || !rule ? 0 : rule[1]);
  }

  function range(low, high) {
    const [from, to] = [share(low), share(high)];
    return from === to ? from : say("label.band", { low: from, high: to });
  }

  /** "2019-03-02", "1999-07" or "2004" as the language writes it. */
  function day(text) {
    const parts = /^(\d{4})(-\d\d)?(-\d\d)?$/.exec(text);
    if (!parts) return text;
    const style = parts[3] ? { dateStyle: "long" } : parts[2] ? { year: "numeric", month: "long" } : { year: "numeric" };
    const moment = new Date(parts[1] + (parts[2] || "-01") + (parts[3] || "-01") + "T00:00:00Z");
    return new Intl.DateTimeFormat(locale(), { ...style, timeZone: "UTC" }).format(moment);
  }

  function days([start, end]) {
    return !end || start === end ? day(start) : say("label.band", { low: day(start), high: day(end) });
  }

  /** The n-th whole number of a text of two signs a number; see pack_counts in flows.py. */
  function numberAt(code, n) {
    return (code.charCodeAt(2 * n) - 63) * 64 + code.charCodeAt(2 * n + 1) - 63;
  }

  /** Licensed dealers of a zone in the year that the reader chose, 0 where too few to tell. */
  const licencesIn = (data, index) => numberAt(data.columns.licences[index], state.supplyYear - data.years[0]);

  /** A feature's share under the setting that the reader changed: its logarithm, see pack_shares in flows.py. */
  function variantShare(data, index) {
    const level = numberAt(data.columns.variants[index], state.variant - 1);
    return level ? 10 ** (((level - 1) / 4094 - 1) * 6) : 0;
  }

  const FORMS = {
    text: (value) => value,
    state: (value, data) => data.states[value] || value,
    list: (...values) => values.filter(Boolean).join(", "),
    share: (value) => share(value),
    band: range,
    count: (value, data) => (value === null ? say("label.few", { count: format(data.fewest) }) : format(value)),
    km: (value) => (value === null ? "–" : value < 20 ? say("label.short", { km: format(20) })
      : say("label.kilometres", { km: format(value) })),
    flag: (value) => say(value ? "label.yes" : "label.no"),
    grade: (value) => known("grade", value),
    road_class: (value) => known("road_class", value),
    us_state: (value) => known("us_state", value),
    dates: (values) => values.map(days).join("; "),
  };

  /** All that a feature says of itself, as elements. */
  function describe(data, index, short) {
    const box = element("div", undefined, "facts");
    box.append(element("strong", data.columns[data.title][index] || say(data.untitled || "label.unnamed")));
    const list = element("dl");
    if (state.variant && data.columns.variants) {
      list.append(element("dt", say("variant.share")), element("dd", share(variantShare(data, index))));
    }
    if (state.supplyYear && data.columns.licences) {
      list.append(element("dt", say("label.dealers_in", { year: String(state.supplyYear) })),
        element("dd", FORMS.count(licencesIn(data, index) || null, data)));
    }
    for (const [key, form, ...columns] of data.fields) {
      const values = columns.map((name) => data.columns[name][index]);
      if (values[0] === "") continue;
      list.append(element("dt", say(key)), element("dd", FORMS[form](...values, data)));
    }
    const note = data.note ? [element("p", say(data.note), "small")] : [];
    if (data.kind === "shows") box.append(...note, list); // the published part of investigations comes first
    else box.append(list, ...(short ? [] : note));
    return box;
  }

  // ---------------------------------------------------------------- layers
  const renderers = new WeakMap();

  /** One canvas for all features of a map (so that the pointer finds each), one below for the land. */
  function renderer(map, pane) {
    if (!renderers.has(map)) renderers.set(map, {});
    const own = renderers.get(map);
    if (!own[pane]) {
      if (pane === "base" && !map.getPane("base")) {
        map.createPane("base").style.zIndex = 250;
        map.getPane("base").style.pointerEvents = "none";
      }
      own[pane] = L.canvas(pane === "base" ? { pane, padding: 0.4 } : { padding: 0.4, tolerance: 4 });
    }
    return own[pane];
  }

  const DRAW = {
    fill(data, options) {
      return [L.polygon(data.shapes.map((code) => decode(code, data.scale)), options)];
    },
    line(data, options) {
      return [L.polyline(data.shapes.map((code) => decode(code, data.scale)), { ...options, smoothFactor: 1.5 })];
    },
    areas(data, options) {
      return data.shapes.flatMap((_, i) => (data.bin[i] < 0 ? [] : [area(data, options, i)])); // see lazyAreas
    },
    corridors(data, options) {
      const lines = data.shapes.map((parts) => parts.map((code) => decode(code, data.scale)));
      const casings = (data.dash ? [] : data.classes.widths).map((width, bin) =>
        L.polyline(lines.filter((_, i) => data.bin[i] === bin).flat(), { ...options, color: "#fff", weight: width + 1.8, opacity: 0.75 }));
      return [...casings, ...lines.map((line, i) => {
        const corridor = L.polyline(line, { ...options, interactive: true, dashArray: data.dash || null,
          lineCap: data.dash ? "butt" : "round", ...lineStyle(data, data.bin[i]) });
        corridor.index = i;
        return corridor;
      })];
    },
    districts(data, options) {
      return data.shapes.map((rings, i) => {
        const area = L.polygon(rings.map((code) => decode(code, data.scale)), { ...options, interactive: true });
        area.index = i;
        return area;
      });
    },
    routes(data, options) {
      const under = data.shapes.map((line) => L.polyline(line, { ...options, color: "#fff", weight: 5, opacity: 0.8 }));
      return [...under, ...data.shapes.map((line, i) => {
        const route = L.polyline(line, { ...options, interactive: true });
        route.index = i;
        return route;
      })];
    },
    shows(data, options) {
      return data.shapes.map((point, i) => {
        const mark = L.circleMarker(point, { ...options, interactive: true, radius: 5 });
        mark.index = i;
        return mark;
      });
    },
    ports(data, options) {
      const { share_median: mid, share_lo90: low, share_hi90: high } = data.columns;
      return data.shapes.flatMap((point, i) => {
        const ring = (value, style) => L.circleMarker(point,
          { ...options, ...data.style, radius: portRadius(value || 0), ...style });
        const disc = ring(mid[i], { interactive: true, weight: 1.4, fillOpacity: 0.95 });
        disc.index = i;
        const thin = { weight: 0.9, opacity: 0.8 };
        return [ring(high[i], { ...thin, fillColor: "#fff", fillOpacity: 0.35 }), disc,
          ...(low[i] && portRadius(low[i]) > 4 ? [ring(low[i], { ...thin, fill: false })] : [])];
      });
    },
  };

  /** How a class of area, or of corridor, is drawn; without a class hardly or not at all. */
  function areaStyle(data, bin) {
    const colour = data.classes.colours[bin];
    return colour ? { stroke: true, color: "#fff", weight: 0.4, opacity: 0.7, fillColor: colour, fillOpacity: 0.9 }
      : { stroke: false, fillOpacity: 0 };
  }

  function lineStyle(data, bin) {
    return { color: data.classes.colours[bin], weight: data.classes.widths[bin], opacity: data.opacity };
  }

  function area(data, options, i) {
    const shape = L.polygon(data.shapes[i].map((code) => decode(code, data.scale)),
      { ...options, ...areaStyle(data, data.bin[i]), interactive: true, smoothFactor: 0.5 });
    shape.index = i;
    return shape;
  }

  /** Areas without a class, nine in ten, show nothing: each is made once the pointer comes near, or a choice gives it one. */
  function lazyAreas(group, map, options) {
    const { data } = group;
    const boxes = new Map(); // index to bounds
    const waiting = new Set(data.bin.flatMap((bin, i) => (bin < 0 ? [i] : [])));
    const make = (i) => {
      waiting.delete(i);
      const shape = area(data, options, i);
      group.addLayer(shape);
      shape.bringToBack();
    };
    group.makeAreas = (wanted) => [...waiting].filter(wanted).forEach(make);
    map.on("mousemove mousedown", ({ latlng }) => {
      if (!map.hasLayer(group)) return;
      group.makeAreas((i) => {
        if (!boxes.has(i)) boxes.set(i, L.latLngBounds(data.shapes[i].flatMap((code) => decode(code, data.scale))));
        return boxes.get(i).contains(latlng);
      });
    });
  }

  function portRadius(value) {
    return Math.max(3.2, PORT_RADIUS * Math.sqrt(value));
  }

  /** A group that draws itself when first shown. */
  function featureLayer(data) {
    const Group = L.FeatureGroup.extend({
      beforeAdd(map) {
        if (this.drawn || !data.shapes.length) return;
        this.drawn = true;
        const options = { interactive: false, ...data.style, renderer: renderer(map, data.pane || "overlay") };
        for (const shape of DRAW[data.kind](data, options)) this.addLayer(shape);
        if (data.kind === "areas") lazyAreas(this, map, options);
        state.drawn(this);
        if (data.fields && matchMedia("(hover: hover)").matches) {
          this.bindTooltip((shape) => describe(data, shape.index, true), { sticky: true, opacity: 1 });
        }
      },
    });
    const group = new Group([]);
    group.data = data;
    group.on("click", (event) => {
      if (event.layer.index !== undefined) state.clicked(group, event.layer.index);
    });
    return group;
  }

  /** City names: the most important first, as many as fit without touching. */
  function placeLayer(data) {
    const pen = document.createElement("canvas").getContext("2d");
    const Labels = L.LayerGroup.extend({
      onAdd(map) {
        L.LayerGroup.prototype.onAdd.call(this, map);
        map.on("moveend resize language", this.arrange, this);
        this.arrange();
      },
      onRemove(map) {
        map.off("moveend resize language", this.arrange, this);
        L.LayerGroup.prototype.onRemove.call(this, map);
      },
      arrange() {
        const map = this._map;
        if (!map || !map._loaded) return;
        const size = map.getSize();
        const taken = [];
        const names = (state.language === "es" && data.columns.name_es) || data.columns.name;
        this.clearLayers();
        pen.font = "12px sans-serif";
        data.shapes.forEach((point, i) => {
          if (data.columns.rank[i] > map.getZoom() || taken.length >= MOST_LABELS) return;
          const at = map.latLngToContainerPoint(point);
          const width = pen.measureText(names[i]).width + 14;
          const box = [at.x - 4, at.y - 9, at.x + width, at.y + 9];
          if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) return;
          if (taken.some((o) => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3])) return;
          taken.push(box);
          const icon = L.divIcon({ className: "place", iconSize: null, html: element("span", names[i]) });
          this.addLayer(L.marker(point, { icon, interactive: false, keyboard: false }));
        });
      },
    });
    return new Labels([]);
  }

  /** A map of pictures from a server, asked for once the reader switches it on; where one does not come, ours is below. */
  function tileLayer(data) {
    const Tiles = L.TileLayer.extend({
      beforeAdd(map) {
        const pane = map.getPane("tiles") || map.createPane("tiles");
        Object.assign(pane.style, { zIndex: 260, pointerEvents: "none" }); // over the land, under all that is ours
        L.TileLayer.prototype.beforeAdd.call(this, map);
      },
    });
    const tiles = new Tiles(data.shapes[0], { pane: "tiles", maxZoom: 19, referrerPolicy: "strict-origin" });
    tiles.data = data;
    tiles.on("tileerror", () => document.documentElement.classList.add("no-tiles"));
    tiles.on("tileload", () => document.documentElement.classList.remove("no-tiles"));
    tiles.on("add remove", (event) => {
      const credit = document.querySelector(".credit .tiles");
      if (credit) credit.textContent = event.type === "add" ? data.credit + " · " : "";
    });
    return tiles;
  }

  /** Columns written as their values and which feature has which. */
  function unpack(columns) {
    for (const [name, column] of Object.entries(columns || {})) {
      if (column.of) columns[name] = column.at.map((n) => column.of[n]);
    }
  }

  const OTHER = { places: placeLayer, tiles: tileLayer };

  function layer(id) {
    const data = island(id);
    unpack(data.columns);
    const made = (OTHER[data.kind] || featureLayer)(data);
    made.payload = data;
    made.name = id.replace(/^compact_layer_|_data$/g, "");
    state.layers.push(made);
    return made;
  }

  // ---------------------------------------------------------------- the map
  function map(id, options) {
    state.run = island("run");
    state.words = island("words");
    // Without a view nothing is drawn, and then only once: page() chooses it, from the address or the data.
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const motion = still ? { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false } : {};
    state.map = L.map(id, { ...options, ...motion });
    L.control.scale().addTo(state.map);
    const Credit = L.Control.extend({
      options: { position: "bottomright" },
      onAdd: () => {
        const box = element("div", undefined, "credit");
        const credit = element("span");
        const note = element("span");
        credit.dataset.i = "note.roads_credit";
        note.dataset.i = "page.scale_note";
        box.append(element("span", "", "tiles"), credit, " · ", note);
        return box;
      },
    });
    new Credit().addTo(state.map);
    return state.map;
  }

  return { map, layer, inner: { island, state, element, drawing, decode, say, known, format, share, range, day, describe, areaStyle, lineStyle,
    portRadius, variantShare, licencesIn } };
})();
