/* Corridors: the script of the page around the map: language, legend, details, tables, address, print. See map.js. */
"use strict";

(function () {
  const { state, element, drawing, say, known, format, share, range, day, describe, portRadius, choice, startModes, startEmbed,
    startVariants, speakVariants, variantAsked } =
    corridors.inner;
  const WIDE = "(min-width: 801px)";
  const LEGEND = ["ports", "corridors", "corridors_c", "corridors_d", "zones", "municipalities", "districts", "shows", "routes", "roads", "tiles"];
  let shown = null; // [layer, index] in the detail box

  /** A break of the legend: as short as it can be. */
  function bound(value) {
    return format(value, { style: "percent", maximumFractionDigits: 2 });
  }

  /** Fits the map to the run; in a frame that is not shown yet, as soon as it is. */
  function showAll() {
    const { x, y } = state.map.getSize();
    const box = L.latLngBounds(state.run.bounds);
    if (x && y) state.map.fitBounds(box, { animate: false, padding: [4, 4] });
    else {
      state.map.setView(box.getCenter(), state.map.getMinZoom(), { animate: false });
      state.map.once("resize", showAll);
    }
  }

  function startView() {
    const asked = location.hash.match(/^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)/);
    const box = L.latLngBounds(state.run.bounds);
    if (asked) state.map.setView([+asked[2], +asked[3]], +asked[1], { animate: false });
    else showAll();
    state.map.setMaxBounds(box.pad(0.6));
  }

  const switchable = () => LEGEND.filter((name) => (choice.find(name) || { data: { shapes: [] } }).data.shapes.length);

  const has = (group) => (state.map.hasLayer(group) && !choice.isLent(group)) || corridors.inner.isCovered(group);
  const onMap = (name) => has(choice.find(name));

  /** The parts of the address: #zoom/lat/lng/lang=es/layers=ports.zones/see=port.TX-LAR/with=lens.all/theme=dark, each but the place by need. */
  function keepAddress() {
    const centre = state.map.getCenter();
    const parts = [state.map.getZoom(), centre.lat.toFixed(3), centre.lng.toFixed(3), "lang=" + state.language];
    const names = switchable();
    if (names.some((name) => onMap(name) !== state.shownAtFirst.has(name))) parts.push("layers=" + names.filter(onMap).join("."));
    if (choice.current) parts.push("see=" + encodeURIComponent(choice.current));
    if (state.variant) parts.push("with=" + state.tables.variants[state.variant - 1].join("."));
    if (state.themeAsked) parts.push("theme=" + document.documentElement.dataset.theme);
    try {
      history.replaceState(null, "", "#" + parts.join("/"));
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // a sandboxed frame has no address of its own to keep
    }
  }

  function asked(name) {
    const found = location.hash.match(new RegExp("[#/]" + name + "=([^/]*)"));
    try {
      return found ? decodeURIComponent(found[1]) : null;
    } catch {
      return null; // a broken address asks for nothing
    }
  }

  function startLayers() {
    state.shownAtFirst = new Set(switchable().filter(onMap));
    const names = asked("layers");
    if (names === null) return;
    for (const name of switchable()) {
      if (onMap(name) !== names.split(".").includes(name)) state.map[onMap(name) ? "removeLayer" : "addLayer"](choice.find(name));
    }
  }

  function startChoice() {
    const see = asked("see");
    const variant = variantAsked(asked("with"));
    if (see) choice.choose(see.slice(0, see.indexOf(".")), see.slice(see.indexOf(".") + 1));
    else if (variant) choice.vary(variant);
  }

  /** Puts the layers back in their order after one was switched on, and the legend if Leaflet rewrote it. */
  function restack() {
    if (document.querySelector("#layers label span:not(:has(span)):not([data-i])")) legend();
    const drawn = state.layers.filter((group) => group.data && group.data.pane !== "base" && state.map.hasLayer(group));
    drawn.sort((a, b) => a.data.order - b.data.order).forEach((group) => group.bringToFront());
  }

  function detail(group, index) {
    shown = [group, index];
    document.getElementById("detail").replaceChildren(describe(group.data, index, false), choice.offers(group, index));
  }

  function clicked(group, index) {
    if (group.name === "ports") choice.choose("port", group.data.columns.id[index]);
    detail(group, index);
  }

  function line(colour, width, dash, opacity) {
    return drawing(40, 12, [["line", { x1: 1, y1: 6, x2: 39, y2: 6,
      stroke: colour, "stroke-width": Math.max(width, 1.5), "stroke-dasharray": dash || "none", "stroke-opacity": opacity || 1 }]]);
  }

  function entry(list, picture, text) {
    const item = element("li");
    item.append(picture, element("span", text));
    list.append(item);
  }

  /** The key of one layer, put under its switch. */
  function key(data) {
    const box = element("div", undefined, "key");
    const list = element("ul");
    if (data.kind === "line") entry(list, line(data.style.color, 2), say("legend.roads"));
    if (data.classes && data.kind === "areas") {
      const { breaks, colours } = data.classes;
      const cell = (fill, i) => ["rect", { x: i * 40, y: 0, width: 40, height: 14, fill }];
      const picture = drawing(240, 14, colours.map(cell));
      const marks = element("div", undefined, "marks");
      breaks.forEach((value) => marks.append(element("span", bound(value))));
      box.append(picture, marks, element("p", say("legend.under", { high: bound(breaks[0]) }), "small"));
      if (data.years) box.append(supplyYears(data));
      if (data.missing) box.append(element("p", say("legend.missing", { count: format(data.missing) }), "small"));
    }
    if (data.kind === "corridors" && !data.dash) {
      const { breaks, colours, widths } = data.classes;
      box.append(element("p", say("legend.share"), "small"));
      breaks.forEach((low, i) => {
        const high = breaks[i + 1];
        const text = high === undefined ? say("legend.over", { low: bound(low) })
          : say("legend.range", { low: bound(low), high: bound(high) });
        if (high === undefined || high > data.floor) entry(list, line(colours[i], widths[i]), text);
      });
      entry(list, line("#444", 2.6), say("legend.solid"));
      list.lastChild.className = "apart";
      box.append(list, element("p", say("legend.floor", { floor: bound(data.floor) }), "small"));
    } else if (data.kind === "corridors") {
      entry(list, line("#444", 2.6, data.dash, data.opacity),
        say(data.grade === "D" ? "legend.dotted" : "legend.dashed"));
    }
    if (data.kind === "ports") {
      list.className = "row";
      for (const value of data.key) {
        const r = portRadius(value);
        entry(list, drawing(36, 36, [["circle", { cx: 18, cy: 18, r, fill: data.style.fillColor,
          stroke: data.style.color, "stroke-width": 1.4 }]]), bound(value));
      }
      box.append(list, element("p", say("legend.port_size"), "small"));
    }
    if (data.kind === "tiles") box.append(element("p", say("legend.tiles"), "small"), element("p", say("legend.no_tiles"), "small failed"));
    if (data.kind === "districts") entry(list, line(data.style.color, 2), say("legend.districts"));
    if (data.kind === "routes") entry(list, line(data.style.color, 2), say("legend.routes"));
    if (data.kind === "shows") {
      box.append(element("p", say("note.gun_shows"), "small"));
      entry(list, drawing(16, 16, [["circle", { cx: 8, cy: 8, r: 5, fill: data.style.fillColor }]]), say("legend.shows"));
      box.append(list, years(data));
    }
    if (list.children.length && !list.parentNode) box.append(list);
    return box;
  }

  /** A slider of years: act is told the year, or at its left end 0. */
  function yearSlider(word, [first, last], year, none, act) {
    const label = element("label", undefined, "years");
    const slider = element("input");
    const told = element("output");
    Object.assign(slider, { type: "range", min: first - 1, max: last, step: 1 });
    const set = (asked) => {
      slider.value = asked || first - 1;
      told.textContent = asked ? String(asked) : none;
      slider.setAttribute("aria-valuetext", told.textContent);
    };
    slider.addEventListener("input", () => {
      const asked = +slider.value < first ? 0 : +slider.value;
      set(asked);
      act(asked);
    });
    set(year);
    label.append(element("span", say(word)), slider, told);
    return [label, set];
  }

  let supplySlider = () => {};

  /** The slider of licences: zones coloured by their licensed dealers in a year, or at its left end by their share. */
  function supplyYears(data) {
    const [label, set] = yearSlider("legend.licences", data.years, state.supplyYear, say("legend.share_now"), (year) => {
      choice.supplyIn(year);
      explain();
      if (!label.isConnected) document.querySelector("#layers .supply input").focus(); // Leaflet wrote the legend anew
      if (shown) detail(...shown);
    });
    label.classList.add("supply");
    const box = element("div");
    const note = element("p", undefined, "small");
    const classes = data.counts.map((low, i) =>
      data.counts[i + 1] ? say("label.band", { low: format(low), high: format(data.counts[i + 1] - 1) }) : say("legend.over", { low: format(low - 1) }));
    const explain = () => {
      note.hidden = !state.supplyYear;
      note.textContent = say("legend.licence_classes", { year: String(state.supplyYear), classes: classes.join("; ") });
    };
    supplySlider = () => {
      set(state.supplyYear);
      explain();
    };
    explain();
    box.append(label, note);
    return box;
  }

  /** The slider of gun shows: a year, or at its left end all of them. */
  function years(data) {
    const known = data.columns.dates.flat().map(([start]) => +start.slice(0, 4));
    const [first, last] = [Math.min(...known), Math.max(...known)];
    const group = choice.find("shows");
    const draw = () => {
      const inYear = (span) => !state.year || (span[0].slice(0, 4) <= state.year && state.year <= (span[1] || span[0]).slice(0, 4));
      group.eachLayer((mark) => {
        const on = data.columns.dates[mark.index].some(inYear);
        mark.options.interactive = on;
        mark.setStyle({ opacity: on ? 1 : 0, fillOpacity: on ? data.style.fillOpacity : 0 });
      });
    };
    const all = say("legend.all_years", { low: String(first), high: String(last) });
    const [label] = yearSlider("legend.year", [first, last], state.year, all, (year) => {
      state.year = year;
      draw();
    });
    group.on("add", draw);
    draw();
    return label;
  }

  /** The layer control, moved beside the map: each switch named in the reader's state.language, its key below. */
  function legend() {
    const control = document.querySelector(".leaflet-control-layers");
    document.getElementById("layers").append(control);
    const byWord = new Map(state.layers.filter((group) => group.data).map((group) => ["layer." + group.name, group]));
    const list = control.querySelector(".leaflet-control-layers-overlays");
    const nameOf = (label) => label.querySelector("span span") || label.querySelector("span");
    const wordOf = (label) => nameOf(label).dataset.i || nameOf(label).textContent.trim();
    const place = (label) => LEGEND.indexOf(wordOf(label).slice(6));
    const labels = [...list.querySelectorAll("label")].sort((a, b) => place(a) - place(b));
    for (const label of labels) {
      const name = nameOf(label);
      const word = wordOf(label);
      name.dataset.i = word;
      name.textContent = say(word);
      if (label.nextSibling && label.nextSibling.className === "key") label.nextSibling.remove();
      const group = byWord.get(word);
      if (!group) continue;
      const { data } = group;
      if (data.shapes.length) list.append(label, key(data));
      else label.remove();
    }
  }

  /** A row of a ranked table: a button, what it is about, median, band, grade. */
  function rankedRow(name, about, values, act) {
    const row = element("tr");
    const head = element("th");
    const button = element("button", name);
    head.scope = "row";
    button.type = "button";
    button.addEventListener("click", act);
    head.append(button, element("span", about, "small"));
    row.append(head, element("td", share(values.share_median)),
      element("td", range(values.share_lo90, values.share_hi90)), element("td", values.grade));
    return row;
  }

  function portTable() {
    const group = choice.find("ports");
    const { columns, shapes } = group.data;
    document.querySelector("#ports tbody").replaceChildren(...shapes.map((point, i) => {
      const states = [known("us_state", columns.us_state[i]), columns.mx_state[i]].filter(Boolean).join(" – ");
      const values = Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name][i]]));
      return rankedRow(columns.name_us[i], states, values, () => {
        state.map.setView(point, Math.max(state.map.getZoom(), 8));
        clicked(group, i);
      });
    }));
  }

  function roadTable() {
    const rows = state.tables.roads || [];
    const titles = { "#roads h2": "title", "#roads caption": "caption", "#roads thead th": "road" };
    for (const [selector, word] of Object.entries(titles)) {
      const node = document.querySelector(selector);
      node.dataset.i = (state.tables.named ? "named." : "roads.") + word;
      node.textContent = say(node.dataset.i);
    }
    document.getElementById("roads").hidden = !rows.length;
    document.querySelector("#roads tbody").replaceChildren(...rows.map((row) => {
      const about = row.about.map((code) => known("us_state", code)).join(", ") || (row.side ? say("roads.side_" + row.side.toLowerCase()) : "");
      return rankedRow(row.name, about, row, () => state.map.fitBounds(row.box, { maxZoom: 9, padding: [20, 20] }));
    }));
  }

  function knownTable() {
    const rows = state.tables.known || [];
    document.getElementById("known").hidden = !rows.length;
    document.querySelector("#known tbody").replaceChildren(...rows.map((row) => {
      const line = element("tr");
      const head = element("th", say("quantity." + row.kind, { of: known("us_state", row.from), to: row.to }));
      const print = row.kind in { state: 1, pair: 1, port: 1 } ? share : (value) => format(value, { maximumSignificantDigits: 2 });
      const band = (low, high) => element("td", say("label.band", { low: print(low), high: print(high) }));
      const told = row.told.map(([block, part]) => known("block", block) + " " + share(part)).join(", ");
      head.scope = "row";
      head.append(element("span", say("limit.told_by", { blocks: told || say("limit.nothing") }), "small"));
      line.append(head, band(row.prior_lo90, row.prior_hi90), band(row.lo90, row.hi90));
      return line;
    }));
  }

  function sourceList() {
    const names = ["publisher", "period", "retrieved", "licence", "attribution", "derived_from", "not_what"];
    document.getElementById("source-list").replaceChildren(...(state.run.sources || []).map((given) => {
      const source = { ...given, ...(state.language === "es" && given.es) }; // the catalogue is in English
      const item = element("li");
      item.append(element("strong", source.title));
      for (const name of names.filter((one) => source[one])) {
        const value = name === "retrieved" ? day(source[name]) : source[name];
        item.append(element("p", say("source." + name) + ": " + value, "small"));
      }
      const address = element("p", say("source.link") + ": ", "small");
      const secure = /^https:\/\/[^\s<>"'`\\{}]+$/.test(source.url);
      const link = element(secure ? "a" : "span", source.url);
      if (secure) Object.assign(link, { href: source.url, rel: "noopener noreferrer", target: "_blank" });
      address.append(link);
      if (source.url) item.append(address);
      return item;
    }));
  }

  function speak() {
    document.documentElement.lang = state.language;
    document.title = say("page.title");
    for (const node of document.querySelectorAll("[data-i]")) node.textContent = say(node.dataset.i);
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", say(node.dataset.label));
    }
    for (const node of document.querySelectorAll("[data-language]")) {
      node.setAttribute("aria-pressed", String(node.dataset.language === state.language));
    }
    for (const way of ["in", "out"]) {
      const button = document.querySelector(".leaflet-control-zoom-" + way);
      button.title = say("page.zoom_" + way);
      button.setAttribute("aria-label", button.title);
    }
    const facts = { ...state.run, worlds: format(state.run.worlds), seed: String(state.run.seed) };
    for (const name of ["mode", "lens", "demand"]) {
      facts[name] = known(name, state.run[name]);
    }
    document.getElementById("cite").textContent = say("cite.text", facts);
    document.getElementById("run-line").textContent = say("run.line", facts);
    document.getElementById("mode").textContent = state.run.mode === "point" ? say("mode.point_notice") : "";
    state.map.fire("language");
    legend();
    portTable();
    roadTable();
    knownTable();
    sourceList();
    speakVariants();
    choice.speak();
    corridors.inner.forgetPlaces();
    if (shown) detail(...shown);
  }

  function startLanguages() {
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => {
        state.language = button.dataset.language;
        speak();
        keepAddress();
      });
    }
  }

  corridors.page = function () {
    state.clicked = clicked;
    state.tables = corridors.inner.island("tables");
    state.partners = corridors.inner.island("partners");
    startModes({ asked, keepAddress, showAll });
    startLayers(); // before there is a view: what is drawn is then drawn once
    startView();
    speak();
    restack();
    state.map.on("overlayadd overlayremove choice", restack);
    state.map.on("choice", () => {
      supplySlider();
      if (shown) detail(...shown);
    });
    startVariants();
    startChoice();
    corridors.inner.startWhatif();
    startEmbed();
    startLanguages();
    state.map.on("moveend overlayadd overlayremove choice", keepAddress);
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && (choice.current || state.variant) && event.target.id !== "search") choice.choose(null);
    });
    document.getElementById("ports").open = document.getElementById("ports").open && matchMedia(WIDE).matches;
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the address is kept for the place
      document.getElementById("search").focus();
    });
    document.documentElement.dataset.ready = "true";
  };
})();
