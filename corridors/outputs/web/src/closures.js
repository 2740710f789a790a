/* Corridors: marks of gains and losses, and the panel that closes ports and changes laws on the page itself.
 *
 * The panel reckons with parts of the model at some draws of the posterior (island "whatif"; see inference/parts.py):
 *   flow of group g at port k  ~  joint[g][k] * (1 - part of g at closed ports) ** -power * exp(sd * law) * pull[state of g][k]
 * Against the whole model the ports' shares are off by less than half a percentage point (tests/show/test_whatif_panel.py).
 */
"use strict";

(function () {
  const { state, element, drawing, decode, say, known, share, range, format, island } = corridors.inner;
  const LARGEST = 22; // pixels, half the side of a triangle for a change of a tenth of the flow
  const SMALLEST_DRAWN = 0.0005;
  const TINY = 1e-12;
  const CUT = 1e-9; // a group that keeps less has no open port
  const QUANTILES = [0.05, 0.5, 0.95];
  const MOST_ROWS = 14;
  const DASH = "6 4";
  const COVERED = ["corridors", "corridors_c", "corridors_d", "ports"];

  // ---------------------------------------------------------------- marks: a triangle up gains, down loses, a cross is closed
  function mark(classes, size, change, sure, closed) {
    const [gain, loss] = [classes.gain[2], classes.loss[1]];
    const half = size + 1.5;
    const at = (x, y) => `${half + x * size},${half + y * size}`;
    if (closed) {
      const cross = { d: `M${at(-1, -1)}L${at(1, 1)}M${at(-1, 1)}L${at(1, -1)}`, fill: "none" };
      return drawing(2 * half, 2 * half, [["path", { ...cross, stroke: "#fff", "stroke-width": 6 }],
        ["path", { ...cross, stroke: loss, "stroke-width": 3 }]]);
    }
    const corners = change > 0 ? [at(0, -1), at(1, 0.8), at(-1, 0.8)] : [at(0, 1), at(1, -0.8), at(-1, -0.8)];
    return drawing(2 * half, 2 * half, [["polygon", { points: corners.join(" "), fill: sure ? (change > 0 ? gain : "#fff") : "none",
      "fill-opacity": 0.92, stroke: change > 0 ? gain : loss, "stroke-width": sure ? 2 : 1, "stroke-dasharray": sure ? "none" : "2 2" }]]);
  }

  /** Marks of ports, the largest change at the bottom and closed ones on top: { at, name, change, sure, closed }. */
  function portMarks(classes, ports, clicked) {
    const marks = ports.filter((port) => port.closed || Math.abs(port.change) >= SMALLEST_DRAWN);
    marks.sort((a, b) => a.closed - b.closed || Math.abs(b.change) - Math.abs(a.change));
    return L.layerGroup(marks.map((port, order) => {
      const size = port.closed ? 7 : Math.max(4, LARGEST * Math.sqrt(Math.min(1, Math.abs(port.change) * 10)));
      const html = mark(classes, size, port.change, port.sure, port.closed);
      html.setAttribute("class", "port-change");
      const side = 2 * size + 3;
      const icon = L.divIcon({ className: "", iconSize: [side, side], html });
      const shown = L.marker(port.at, { icon, keyboard: false, zIndexOffset: 1000 * order });
      if (clicked) shown.on("click", () => clicked(port));
      return shown;
    }));
  }

  function changeLegend(list, classes, more) {
    const row = (picture, text) => {
      const item = element("li");
      item.append(picture, element("span", text));
      return item;
    };
    const line = (colour, width, dash, opacity) => drawing(40, 12, [["line", { x1: 1, y1: 6, x2: 39, y2: 6, stroke: colour,
      "stroke-width": width, "stroke-dasharray": dash || "none", "stroke-opacity": opacity || 1 }]]);
    const { gain, loss, breaks, widths } = classes;
    const bound = (value) => format(100 * value, { maximumFractionDigits: 1 });
    const ramp = (colours, dash, key) => breaks.map((low, n) => row(line(colours[n], widths[n], dash), say(key, {
      size: n + 1 < breaks.length ? say("label.band", { low: bound(low), high: bound(breaks[n + 1]) }) : say("moved.over", { low: bound(low) }) })));
    list.replaceChildren(...ramp(gain, "", "moved.gain"), ...ramp(loss, DASH, "moved.loss"),
      ...(more ? [row(line("#444", 2.4, "", 0.4), say("whatif.pale"))] : []),
      row(mark(classes, 8, 1, true, false), say("moved.port_gain")), row(mark(classes, 8, -1, true, false), say("moved.port_loss")),
      row(mark(classes, 7, 0, true, true), say("moved.port_closed")),
      ...(more ? [row(mark(classes, 8, 1, false, false), say("whatif.port_unsure"))] : []));
  }

  // ---------------------------------------------------------------- the model
  /** Shares written in two signs each; see pack_shares in flows.py. */
  function unpack(code) {
    return Float64Array.from({ length: code.length / 2 }, (_, n) => {
      const level = (code.charCodeAt(2 * n) - 63) * 64 + code.charCodeAt(2 * n + 1) - 63;
      return level ? 10 ** (((level - 1) / 4094 - 1) * 6) : 0;
    });
  }

  function readParts(packed) {
    return { ...packed, draws: packed.draws.map((one) => ({ ...one, joint: unpack(one.joint), pull: unpack(one.pull) })) };
  }

  /** Ports' shares at one draw: closed holds positions, laws standard deviations by position of a state. */
  function flowAt(parts, draw, closed, laws) {
    const { ports } = parts;
    const flow = new Float64Array(ports);
    parts.state.forEach((home, group) => {
      const own = draw.joint.subarray(group * ports, (group + 1) * ports);
      const whole = own.reduce((sum, value) => sum + value, 0);
      const left = whole ? closed.reduce((sum, k) => sum - own[k], whole) / whole : 0;
      if (left < CUT) return;
      const weight = left ** -draw.power * Math.exp((laws[home] || 0) * draw.law);
      for (let k = 0; k < ports; k++) flow[k] += own[k] * weight * draw.pull[home * ports + k];
    });
    closed.forEach((k) => { flow[k] = 0; });
    const total = flow.reduce((sum, value) => sum + value, 0);
    return flow.map((value) => value / total);
  }

  function quantile(values, part) {
    const sorted = Float64Array.from(values).sort();
    const at = part * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  }

  /** Intercept and slope of y on x, both as deviations: how a port's gain hangs on what it had. */
  function line(x, y) {
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [mx, my] = [mean(x), mean(y)];
    const spread = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
    const slope = spread ? x.reduce((sum, value, n) => sum + (value - mx) * (y[n] - my), 0) / spread : 0;
    return (at) => my + slope * (at - mx);
  }

  /** Bands of the ports' shares under the edits: before is [[5 %, 50 %, 95 %], ...] of each port, medians summing to 1.
   *
   * The few draws tell by how much a port gains, given what it had; the run's own bands tell what it had. */
  function movedShares(parts, before, closed, laws) {
    const now = parts.draws.map((draw) => flowAt(parts, draw, closed, laws));
    const then = parts.draws.map((draw) => flowAt(parts, draw, [], {}));
    const bands = before.map((band, k) => {
      if (closed.includes(k)) return band.map(() => 0);
      const had = then.map((flow) => Math.log(Math.max(flow[k], TINY)));
      const gain = line(had, now.map((flow, n) => Math.log(Math.max(flow[k], TINY)) - had[n]));
      return band.map((value) => value && value * Math.exp(gain(Math.log(value))));
    });
    const whole = bands.reduce((sum, band) => sum + band[1], 0);
    return bands.map((band, k) => ({ band: band.map((value) => value / whole),
      change: QUANTILES.map((q) => quantile(now.map((flow, n) => flow[k] - then[n][k]), q)) }));
  }

  // ---------------------------------------------------------------- the panel
  const own = { parts: null, closed: new Set(), laws: {}, drawn: null, covered: [] };
  const layer = (name) => state.layers.find((one) => one.name === name);
  const asked = () => own.closed.size > 0 || Object.values(own.laws).some(Boolean);

  function points(value) {
    const size = Math.abs(100 * value);
    const digits = size >= 10 ? 0 : size >= 1 ? 1 : 2;
    return format(100 * value, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero" });
  }

  /** Roads by what each port's flow becomes, as if what crosses at a port stayed of one make. */
  function roadLines(factors) {
    const { gain, loss, breaks, widths } = own.parts.classes;
    return ["corridors_d", "corridors_c", "corridors"].flatMap((name) => {
      const group = layer(name);
      const { columns, shapes, scale } = group.data;
      if (!columns.by_port) return [];
      return shapes.flatMap((codes, i) => {
        const change = columns.share_median[i] * (corridors.inner.parts(group, i).reduce((sum, part, k) => sum + part * factors[k], 0) - 1);
        const bin = breaks.filter((low) => Math.abs(change) >= low).length - 1;
        if (bin < 0) return [];
        return [L.polyline(codes.map((code) => decode(code, scale)), { color: (change > 0 ? gain : loss)[bin], weight: widths[bin],
          dashArray: change > 0 ? null : DASH, lineCap: "butt", interactive: false })];
      });
    });
  }

  function draw() {
    if (own.drawn) state.map.removeLayer(own.drawn);
    own.drawn = null;
    document.getElementById("moved").hidden = !asked();
    if (!asked()) {
      own.covered.splice(0).forEach((group) => state.map.addLayer(group));
      return;
    }
    for (const group of COVERED.map(layer).filter((one) => state.map.hasLayer(one))) {
      own.covered.push(group);
      state.map.removeLayer(group);
    }
    const { columns, shapes } = layer("ports").data;
    const before = columns.share_median.map((mid, k) => [columns.share_lo90[k], mid, columns.share_hi90[k]]);
    const found = movedShares(own.parts, before, [...own.closed], own.laws);
    const factors = found.map(({ band }, k) => (before[k][1] ? band[1] / before[k][1] : 0));
    const ports = found.map(({ band, change }, k) => ({ at: shapes[k], name: columns.name_us[k], change: band[1] - before[k][1],
      sure: change[0] * change[2] > 0, closed: own.closed.has(k), band }));
    own.drawn = L.layerGroup([...roadLines(factors), portMarks(own.parts.classes, ports)]).addTo(state.map);
    const rows = [...ports].sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, MOST_ROWS);
    document.querySelector("#moved tbody").replaceChildren(...rows.map((port) => {
      const line = element("tr");
      const head = element("th", port.name);
      head.scope = "row";
      line.append(head, element("td", points(port.change)), element("td", range(port.band[0], port.band[2])), element("td", share(port.band[1])));
      return line;
    }));
    changeLegend(document.getElementById("moved-key"), own.parts.classes, false);
  }

  /** The switches, in the page's language, as the reader has set them. */
  function switches() {
    document.querySelector("#closed-ports").replaceChildren(...layer("ports").data.columns.name_us.map((name, k) => {
      const label = element("label");
      const box = Object.assign(element("input"), { type: "checkbox", checked: own.closed.has(k), value: k });
      box.addEventListener("change", () => {
        own.closed[box.checked ? "add" : "delete"](k);
        if (own.closed.size === own.parts.ports) own.closed.delete(k); // one stays open, or nothing could move
        box.checked = own.closed.has(k);
        draw();
      });
      label.append(box, " ", name);
      return label;
    }));
    document.querySelector("#law-switches").replaceChildren(...own.parts.us_states.map((code, home) => {
      const label = element("label", known("us_state", code) + " ");
      const field = element("select");
      field.append(...[[0, "moved.law_same"], [1, "moved.law_more"], [-1, "moved.law_less"]].map(([value, key]) =>
        Object.assign(element("option", say(key)), { value })));
      field.value = own.laws[home] || 0;
      field.addEventListener("change", () => {
        own.laws[home] = Number(field.value);
        draw();
      });
      label.append(field);
      return label;
    }));
  }

  function startWhatif() {
    const packed = island("whatif_parts");
    if (!packed) return;
    document.getElementById("whatif").hidden = false;
    own.parts = readParts(packed);
    const speak = () => {
      switches();
      draw();
    };
    speak();
    state.map.on("language", speak);
    document.getElementById("nothing-moved").addEventListener("click", () => {
      own.closed.clear();
      own.laws = {};
      speak();
    });
  }

  Object.assign(corridors.inner, { portMarks, changeLegend, readParts, movedShares, startWhatif, isCovered: (group) => own.covered.includes(group) });
})();
