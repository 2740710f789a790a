/* Corridors: search of places, a combobox (WAI-ARIA): type, arrow down, Enter. Accents do not matter. */
"use strict";

(function () {
  const { state, element, say, known, choice } = corridors.inner;
  const MOST = 8;
  const field = document.getElementById("search");
  const list = document.getElementById("found");
  let entries = null;
  let found = [];
  let at = -1;

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  /** Every place with a name: [name, what it is, kind, id or point]. */
  function gather() {
    const rows = [];
    const add = (name, about, kind, id) => { if (name) rows.push({ name, about, kind, id, key: plain(name) }); };
    const [ports, zones, towns, places] = ["ports", "zones", "municipalities", "places"].map((name) => ({ data: choice.find(name).payload }));
    ports.data.columns.name_us.forEach((name, i) => add(name, say("search.port"), "port", ports.data.columns.id[i]));
    const named = new Map();
    zones.data.columns.code.forEach((code) => named.set("us." + code, known("us_state", code)));
    towns.data.columns.code.forEach((code) => named.set("mx." + code, towns.data.states[code]));
    named.forEach((name, key) => add(name, say("search.state"), key.slice(0, 2), key.slice(3)));
    choice.find("districts").payload.columns.name.forEach((name) => add(name, say("search.consulate"), "consulate", name));
    places.data.shapes.forEach((point, i) => {
      const { columns } = places.data;
      add((state.language === "es" && columns.name_es && columns.name_es[i]) || columns.name[i], say("search.city"), "city", point);
    });
    for (const [group, kind] of [[zones, "zone"], [towns, "municipality"]]) {
      const { columns } = group.data;
      const stateOf = (i) => (kind === "zone" ? known("us_state", columns.state[i]) : group.data.states[columns.code[i]]);
      columns.name.forEach((name, i) => add(name, say("search." + kind, { state: stateOf(i) }), kind, columns.id[i]));
    }
    return rows;
  }

  /** Names that start so come first, then names with a word that does, then the rest that hold it. */
  function rank(entry, asked) {
    if (entry.key.startsWith(asked)) return 0;
    return entry.key.includes(" " + asked) ? 1 : entry.key.includes(asked) ? 2 : 9;
  }

  function search() {
    const asked = plain(field.value.trim());
    entries = entries || gather();
    found = asked ? entries.map((entry) => [rank(entry, asked), entry]).filter(([order]) => order < 9)
      .sort((a, b) => a[0] - b[0]).slice(0, MOST).map(([, entry]) => entry) : [];
    at = found.length ? 0 : -1;
    show();
  }

  function show() {
    list.replaceChildren(...found.map((entry, i) => {
      const item = element("li");
      item.id = "found-" + i;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(i === at));
      item.append(element("span", entry.name), element("span", entry.about, "small"));
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(entry);
      });
      return item;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(Boolean(found.length)));
    if (at >= 0) field.setAttribute("aria-activedescendant", "found-" + at);
    else field.removeAttribute("aria-activedescendant");
    document.getElementById("search-status").textContent =
      field.value.trim() && !found.length ? say("search.none") : "";
  }

  function close() {
    found = [];
    at = -1;
    show();
  }

  function take(entry) {
    field.value = entry.name;
    close();
    if (entry.kind === "city") state.map.setView(entry.id, Math.max(state.map.getZoom(), 8));
    else {
      choice.choose(entry.kind, entry.id);
      state.map.fitBounds(choice.bounds(entry.kind, entry.id).pad(0.2), { maxZoom: 8 });
    }
  }

  field.addEventListener("input", search);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      show();
    } else if (event.key === "Enter" && at >= 0) take(found[at]);
    else if (event.key === "Escape") {
      field.value = "";
      close();
    }
  });
  corridors.inner.forgetPlaces = () => { entries = null; };
})();
