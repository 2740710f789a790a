/* Corridors: the script of the page around the map: language, legend, details, tables, address. See map.js. */
"use strict";

(function () {
  const { state, element, drawing, say, known, format, share, range, describe, portRadius } = corridors.inner;
  const WIDE = "(min-width: 801px)";
  let shown = null; // [layer, index] in the detail box

  /** A break of the legend: as short as it can be. */
  function bound(value) {
    return format(value, { style: "percent", maximumFractionDigits: 2 });
  }

  function startView() {
    const asked = location.hash.match(/^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)/);
    const box = L.latLngBounds(state.run.bounds);
    if (asked) state.map.setView([+asked[2], +asked[3]], +asked[1], { animate: false });
    else state.map.fitBounds(box, { animate: false, padding: [4, 4] });
    state.map.setMaxBounds(box.pad(0.6));
  }

  function keepAddress() {
    const centre = state.map.getCenter();
    const place = [state.map.getZoom(), centre.lat.toFixed(3), centre.lng.toFixed(3)].join("/");
    try {
      history.replaceState(null, "", `#${place}/lang=${state.language}`);
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // a sandboxed frame has no address of its own to keep
    }
  }

  /** Puts the layers back in their order after one was switched on. */
  function restack() {
    const drawn = state.layers.filter((group) => group.data && group.data.pane !== "base" && state.map.hasLayer(group));
    drawn.sort((a, b) => a.data.order - b.data.order).forEach((group) => group.bringToFront());
  }

  function detail(group, index) {
    shown = [group, index];
    document.getElementById("detail").replaceChildren(describe(group.data, index, false));
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
    if (list.children.length && !list.parentNode) box.append(list);
    return box;
  }

  /** The layer control, moved beside the map: each switch named in the reader's state.language, its key below. */
  function legend() {
    const control = document.querySelector(".leaflet-control-layers");
    document.getElementById("layers").append(control);
    const byWord = new Map(state.layers.filter((group) => group.data).map((group) => ["layer." + group.name, group]));
    const list = control.querySelector(".leaflet-control-layers-overlays");
    const labels = [...list.querySelectorAll("label")];
    if (!list.dataset.dressed) labels.reverse(); // the top layer first; afterwards they are in that order
    list.dataset.dressed = "true";
    for (const label of labels) {
      const name = label.querySelector("span span") || label.querySelector("span");
      const word = name.dataset.i || name.textContent.trim();
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

  function portTable() {
    const group = state.layers.find((one) => one.data && one.data.kind === "ports");
    if (!group) return;
    const { columns, shapes } = group.data;
    const body = document.querySelector("#ports tbody");
    body.replaceChildren(...shapes.map((point, i) => {
      const row = element("tr");
      const head = element("th");
      const button = element("button", columns.name_us[i]);
      head.scope = "row";
      button.type = "button";
      button.addEventListener("click", () => {
        state.map.setView(point, Math.max(state.map.getZoom(), 8));
        detail(group, i);
      });
      const states = [known("us_state", columns.us_state[i]), columns.mx_state[i]];
      head.append(button, element("span", states.filter(Boolean).join(" – "), "small"));
      row.append(head, element("td", share(columns.share_median[i])),
        element("td", range(columns.share_lo90[i], columns.share_hi90[i])), element("td", columns.grade[i]));
      return row;
    }));
  }

  function sourceList() {
    const names = ["publisher", "period", "retrieved", "licence", "attribution", "derived_from", "not_what"];
    document.getElementById("source-list").replaceChildren(...(state.run.sources || []).map((source) => {
      const item = element("li");
      item.append(element("strong", source.title));
      for (const name of names.filter((one) => source[one])) {
        item.append(element("p", say("source." + name) + ": " + source[name], "small"));
      }
      const address = element("p", say("source.link") + ": ", "small");
      const secure = /^https:\/\/[^\s]+$/.test(source.url);
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
    sourceList();
    if (shown) detail(...shown);
  }

  corridors.page = function () {
    state.clicked = detail;
    startView();
    speak();
    state.map.on("overlayadd overlayremove", restack);
    state.map.on("moveend", keepAddress);
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => {
        state.language = button.dataset.language;
        speak();
        keepAddress();
      });
    }
    document.getElementById("ports").open = document.getElementById("ports").open && matchMedia(WIDE).matches;
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the address is kept for the place
      document.getElementById("ports").open = true;
      document.querySelector("#ports summary").focus();
    });
    addEventListener("beforeprint", () => state.map.invalidateSize({ animate: false }));
    document.documentElement.dataset.ready = "true";
  };
})();
