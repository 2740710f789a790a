/* Corridors: the reader's choice of one port, state, zone or municipality, and the flow that it alone takes part in.
 *
 * The border is a cut: given the port, start and end of a trip are independent in the model. So flow by port is enough
 * to reckon, here, what a choice has to do with every place and road on the other side of the border. On its own side
 * the roads of a state are told apart by their flow by state, which is packed as well.
 * The same drawing serves a variant: the map with one setting of the run changed.
 */
"use strict";

(function () {
  const { state, element, decode, say, known, share, range, areaStyle, lineStyle, portRadius, variantShare, licencesIn } = corridors.inner;
  const HOME = { port: "ports", us: "zones", zone: "zones", mx: "municipalities", municipality: "municipalities",
    consulate: "districts" };
  const SIDE = { port: "", us: "US", zone: "US", consulate: "US", mx: "MX", municipality: "MX" };
  const FADED = { color: "#bdb7ab", weight: 0.8, opacity: 0.45 };
  let chosen = null; // { kind, id, members: index to part, home, side, whole, ratio, flow }
  let lent = []; // layers shown for the choice only

  const find = (name) => state.layers.find((one) => one.name === name);

  // ---------------------------------------------------------------- reckoning
  const unpacked = new Map();

  /** The parts of a row by port or by state, summing to 1; see flows.py for the signs. */
  function parts({ data }, i, column = "by_port") {
    const packed = data.columns[column][i];
    const code = typeof packed === "number" ? data.parts[packed] : packed;
    if (!unpacked.has(code)) {
      const values = Array.from(code, (sign) => ((sign.charCodeAt(0) - 63) / 63) ** 2);
      const total = values.reduce((sum, value) => sum + value, 0) || 1;
      unpacked.set(code, values.map((value) => value / total));
    }
    return unpacked.get(code);
  }

  function members(kind, id) {
    const { columns, shapes } = find(HOME[kind]).data;
    const key = kind === "us" || kind === "mx" ? columns.code : columns.id;
    return shapes.map((_, i) => i).filter((i) => key[i] === id);
  }

  /** The features that a choice is made of, and the part of each that belongs to it: a consulate's are zones. */
  function made(kind, id) {
    if (kind !== "consulate") return new Map(members(kind, id).map((i) => [i, 1]));
    const { columns } = find("zones").data;
    const zones = members(kind, id).flatMap((i) => find("districts").data.columns.zones[i]);
    return new Map(zones.map(([zone, part]) => [columns.id.indexOf(zone), part]).filter(([i]) => i >= 0));
  }

  /** What is needed to reckon a choice: the part of each port's flow that belongs to it. */
  function reckon(kind, id) {
    const rows = made(kind, id);
    const ports = find("ports").data.columns;
    const group = find(kind === "consulate" ? "zones" : HOME[kind]);
    if (!rows.size || !(kind === "port" || group.data.columns.by_port)) return null;
    const flow = ports.share_median.map(() => 0);
    for (const [i, held] of rows) {
      const own = group.data.columns.share_median[i] * held;
      if (kind === "port") flow[i] = own;
      else parts(group, i).forEach((part, p) => { flow[p] += own * part; });
    }
    const whole = flow.reduce((sum, value) => sum + value, 0) || 1;
    const ratio = flow.map((value, p) => (ports.share_median[p] ? Math.min(1, value / ports.share_median[p]) : 0));
    return { kind, id, members: rows, home: group, side: SIDE[kind], whole, ratio, flow };
  }

  /** The share of the chosen flow at a feature: null where the run cannot tell. */
  function flowAt(group, i) {
    const { columns } = group.data;
    if (group.name === "ports") return chosen.flow[i] / chosen.whole;
    if (group === chosen.home) return (columns.share_median[i] * (chosen.members.get(i) || 0)) / chosen.whole;
    const side = { zones: "US", municipalities: "MX" }[group.name] || columns.side[i];
    if (side === chosen.side) {
      const ofPart = OWN_SIDE[chosen.kind];
      if (!columns.by_state || !ofPart) return null;
      const own = parts(group, i, "by_state");
      const part = state.tables.sides[side].reduce((sum, name, n) => sum + (ofPart(name) === chosen.id ? own[n] || 0 : 0), 0);
      return (columns.share_median[i] * part) / chosen.whole;
    }
    if (!columns.by_port) return null;
    const part = parts(group, i).reduce((sum, value, p) => sum + value * chosen.ratio[p], 0);
    return (columns.share_median[i] * part) / chosen.whole;
  }

  /** What each part of a road's flow is called on its own side, by the kind of choice; others have no such parts. */
  const OWN_SIDE = { us: ([us]) => us, consulate: ([, consulate]) => consulate, mx: (code) => code };

  /** The share to draw: of the chosen flow, or of the whole under the changed setting. */
  const seen = (group, i) => (chosen ? flowAt(group, i) : variantShare(group.data, i));

  const changed = () => Boolean(chosen || state.variant);

  // ---------------------------------------------------------------- drawing
  function bin(value, breaks) {
    return value === null ? -1 : breaks.filter((low) => value >= low).length - 1;
  }

  const STYLE = {
    areas(group, i) {
      const { data } = group;
      if (changed()) return areaStyle(data, bin(seen(group, i), data.classes.breaks));
      return areaStyle(data, state.supplyYear && data.counts ? bin(licencesIn(data, i), data.counts) : data.bin[i]);
    },
    corridors(group, i) {
      if (!changed()) return group.data.minor ? { opacity: 0 } : lineStyle(group.data, group.data.bin[i]);
      const at = bin(seen(group, i), group.data.classes.breaks);
      return at < 0 ? (group.data.minor || !chosen ? { opacity: 0 } : FADED) : { ...lineStyle(group.data, at), opacity: group.data.opacity || 0.6 };
    },
  };

  /** Draws a group for the choice, or as it was before. */
  function restyle(group) {
    const { data } = group;
    if (data.kind === "districts") {
      const own = (shape) => chosen && chosen.kind === "consulate" && data.columns.id[shape.index] === chosen.id;
      group.eachLayer((shape) => shape.setStyle({ weight: own(shape) ? 3.5 : data.style.weight }));
    }
    if (!group.drawn || !["areas", "corridors", "ports"].includes(data.kind)) return;
    if (data.kind === "areas") group.makeAreas((i) => STYLE.areas(group, i).stroke);
    group.eachLayer((shape) => {
      if (!shape.plain) shape.plain = { opacity: shape.options.opacity, fillOpacity: shape.options.fillOpacity };
      const i = shape.index;
      if (i === undefined) {
        shape.setStyle(changed() ? { opacity: 0, fillOpacity: 0 } : shape.plain);
      } else if (data.kind === "ports") {
        const part = changed() ? seen(group, i) : data.columns.share_median[i];
        shape.setRadius(portRadius(part || 0));
        shape.setStyle(!chosen || part >= 0.005 ? shape.plain : { opacity: 0.35, fillOpacity: 0.2 });
      } else {
        const style = STYLE[data.kind](group, i);
        shape.options.interactive = data.kind === "areas" || style.opacity > 0; // what is not seen is not pointed at
        shape.setStyle(style);
      }
    });
  }

  /** Minor roads are on the map while a choice or a variant is, hidden grades while a choice, districts while one is chosen. */
  function lend() {
    lent.forEach((group) => state.map.removeLayer(group));
    lent = [];
    const roads = [...(changed() ? ["minor"] : []), ...(chosen ? ["corridors_d"] : [])]
      .filter((name) => find(name).data.columns[chosen ? "by_port" : "variants"]);
    for (const name of chosen && chosen.kind === "consulate" ? [...roads, "districts"] : roads) {
      const group = find(name);
      if (state.map.hasLayer(group)) continue;
      state.map.addLayer(group);
      lent.push(group);
    }
  }

  // ---------------------------------------------------------------- words
  function name(kind, id) {
    if (kind === "us") return known("us_state", id);
    if (kind === "consulate") return say("district.of", { name: id });
    const rows = members(kind, id);
    const { columns, states } = find(HOME[kind]).data;
    if (!rows.length) return id;
    return kind === "mx" ? states[id] : (columns.name || columns.name_us)[rows[0]] || id;
  }

  function partnerList() {
    const box = element("div");
    const rows = (state.partners || {})[`${chosen.kind}.${chosen.id}`] || {};
    for (const kind of ["us", "zone", "consulate", "port", "mx", "municipality"]) {
      if (!rows[kind]) continue;
      const list = element("ul", undefined, "partners");
      for (const [id, mid, low, high] of rows[kind]) {
        const item = element("li");
        item.append(button(name(kind, id), kind, id), element("span", `${share(mid)} (${range(low, high)})`));
        list.append(item);
      }
      box.append(element("h3", say("choice." + kind)), list);
    }
    return box;
  }

  function button(text, kind, id) {
    const node = element("button", text, "link");
    node.type = "button";
    node.addEventListener("click", () => choose(kind, id));
    return node;
  }

  /** The buttons under a feature's figures that choose it or its state. */
  function offers(group, i) {
    const kind = Object.keys(HOME).find((one) => HOME[one] === group.name && one.length > 2);
    const box = element("p", undefined, "offers");
    if (!kind) return box;
    const { columns } = group.data;
    const side = { zone: "us", municipality: "mx" }[kind];
    const offered = [[kind, columns.id[i]], ...(side ? [[side, columns.code[i]]] : [])];
    for (const [one, id] of offered) {
      if (reckon(one, id)) box.append(button(say("choice.only", { name: name(one, id) }), one, id));
    }
    return box;
  }

  function speak() {
    const box = document.getElementById("choice");
    box.hidden = !changed();
    if (box.hidden) return;
    const clear = element("button", say("choice.clear"), "plain");
    clear.type = "button";
    clear.addEventListener("click", () => {
      choose(null);
      document.getElementById("map").focus();
    });
    const head = element("div");
    if (!chosen) {
      head.append(element("h2", corridors.inner.variantName(state.variant)), " ", clear);
      box.replaceChildren(head, element("p", say("variant.note"), "small"));
      return;
    }
    const roads = find("corridors").data.columns;
    const told = !chosen.side || (roads.by_state && OWN_SIDE[chosen.kind]);
    const partial = !roads.by_port ? "choice.no_roads" : told ? "" : "choice.other_side";
    head.append(element("h2", say("choice.title", { name: name(chosen.kind, chosen.id) })), " ", clear);
    box.replaceChildren(head, element("p", say("choice.scale"), "small"));
    if (partial) box.append(element("p", say(partial), "small"));
    const lists = partnerList();
    if (lists.children.length) box.append(element("p", say("choice.partners"), "small"), lists);
  }

  // ---------------------------------------------------------------- the choice
  /** Chooses, or with no kind lets go; false where there is nothing of that name. */
  function choose(kind, id) {
    const next = kind && Object.hasOwn(HOME, kind) ? reckon(kind, id) : null;
    if (kind && !next) return false;
    show(next, 0);
    return true;
  }

  /** Shows a choice, or the variant of that number, or with neither the run. */
  function show(choice, variant) {
    chosen = choice;
    state.variant = variant;
    if (changed()) state.supplyYear = 0;
    lend();
    state.layers.filter((group) => group.data).forEach(restyle);
    speak();
    state.map.fire("choice");
  }

  /** Where a choice lies: points, or the outline of its members. */
  function bounds(kind, id) {
    const { shapes, scale } = find(HOME[kind]).data;
    const points = members(kind, id).flatMap((i) =>
      kind === "port" ? [shapes[i]] : shapes[i].flatMap((code) => decode(code, scale)));
    return L.latLngBounds(points);
  }

  state.drawn = (group) => { if (changed()) restyle(group); };
  corridors.inner.parts = parts;
  /** Colours zones by their licences in a year, or with 0 by their share again; a choice or a variant is let go. */
  function supplyIn(year) {
    state.supplyYear = year;
    if (year && changed()) show(null, 0);
    restyle(find("zones"));
  }

  corridors.inner.choice = { choose, supplyIn, vary: (variant) => show(null, variant), offers, speak, name, bounds, kinds: HOME, find,
    get current() { return chosen && `${chosen.kind}.${chosen.id}`; },
    isLent: (group) => lent.includes(group) };
})();
