/* Corridors: the script of the page of what-ifs. See map.js for the layers and the rules: textContent only, no request. */
"use strict";

(function () {
  const { island, state, element, say, known, format, describe, portMarks, changeLegend } = corridors.inner;
  const LAYERS = ["loss_unsure", "gain_unsure", "loss_sure", "gain_sure"];
  const own = { scenarios: [], classes: {}, chosen: 0, total: "fixed", ports: null };

  const byName = (name) => state.layers.find((layer) => layer.name === name);

  function portDetail(row) {
    const data = { title: "name", columns: { name: [row.name], change: [row.fixed[0]], band: [row.fixed[1]], before: [row.before], after: [row.after] },
      fields: [["whatif.change", "text", "change"], ["whatif.band", "text", "band"], ["whatif.before", "share", "before"], ["whatif.after", "share", "after"]] };
    document.getElementById("detail").replaceChildren(describe(data, 0, false));
  }

  // ---------------------------------------------------------------- the page
  function draw() {
    own.scenarios.forEach((_, n) => LAYERS.forEach((name) => state.map.removeLayer(byName(`${name}_${n}`))));
    if (own.ports) state.map.removeLayer(own.ports);
    LAYERS.forEach((name) => state.map.addLayer(byName(`${name}_${own.chosen}`)));
    const { ports, tables: { port: rows } } = own.scenarios[own.chosen];
    own.ports = portMarks(own.classes, ports, (port) => portDetail(rows.find((row) => row.name === port.name))).addTo(state.map);
  }

  function cells(row, name, values) {
    const head = element("th");
    head.scope = "row";
    head.append(name);
    row.append(head, ...values.map((value) => (value instanceof Node ? value : element("td", value))));
    return row;
  }

  /** "Texas → Tamaulipas" and "AZ" as the language says them: codes of US states have words, other names are as in the data. */
  function spoken(name) {
    return name.split(" → ").map((part) => known("us_state", part)).join(" → ");
  }

  function tables() {
    const scenario = own.scenarios[own.chosen];
    for (const [kind, rows] of Object.entries(scenario.tables)) {
      document.querySelector(`#${kind} tbody`).replaceChildren(...rows.map((one) => {
        const [change, band, sure] = one[own.total];
        return cells(element("tr", undefined, sure ? "" : "unsure"), spoken(one.name), [change, band, say(sure ? "label.yes" : "label.no")]);
      }));
    }
  }

  const banded = (texts) => {
    const cell = element("td", texts ? texts[0] : "–");
    if (texts) cell.append(element("span", `${texts[1]} … ${texts[2]}`, "small"));
    return cell;
  };

  function compare() {
    document.querySelector("#compare tbody").replaceChildren(...own.scenarios.map((one, n) => {
      const name = element("button", one.name[state.language]);
      name.type = "button";
      name.addEventListener("click", () => choose(n));
      const { moved, total, ratio } = one.summary;
      return cells(element("tr"), name, [moved, total, ratio].map(banded));
    }));
  }

  function summary() {
    const { moved, total, ratio, told } = own.scenarios[own.chosen].summary;
    const within = ([mid, ...band]) => `${mid} (${band.join(" … ")})`;
    const facts = [["whatif.moved", within(moved)], ["whatif.total", within(total)], ["whatif.ratio", ratio ? within(ratio) : "–"],
      ["whatif.told", format(told)]];
    document.getElementById("summary").replaceChildren(...facts.flatMap(([key, value]) => [element("dt", say(key)), element("dd", value)]));
  }

  function speak() {
    const { run } = state;
    document.documentElement.lang = state.language;
    document.title = say("whatif.title");
    for (const node of document.querySelectorAll("[data-i]")) node.textContent = say(node.dataset.i);
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
    for (const node of document.querySelectorAll("[data-language]")) {
      node.setAttribute("aria-pressed", String(node.dataset.language === state.language));
    }
    document.getElementById("mode").textContent = run.mode === "point" ? say("mode.point_notice") : "";
    document.getElementById("run-line").textContent = say("run.line", { ...run, mode: known("mode", run.mode),
      lens: known("lens", run.lens), demand: known("demand", run.demand), worlds: format(run.worlds), seed: String(run.seed) });
    document.querySelector("#sources ul").replaceChildren(...run.sources.map((one) => element("li", [one.attribution || one.publisher, one.licence].filter(Boolean).join(" · "))));
    const select = document.getElementById("scenario");
    select.replaceChildren(...own.scenarios.map((one, n) => {
      const option = element("option", one.name[state.language]);
      option.value = n;
      return option;
    }));
    select.value = own.chosen;
    document.getElementById("question").textContent = own.scenarios[own.chosen].question[state.language];
    changeLegend(document.querySelector("#key ul"), own.classes, true);
    summary();
    tables();
    compare();
    state.map.fire("language");
    keepAddress();
  }

  function choose(n) {
    own.chosen = n;
    draw();
    speak();
  }

  function keepAddress() {
    try {
      history.replaceState(null, "", `#lang=${state.language}/scenario=${own.scenarios[own.chosen].id}`);
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // a sandboxed frame has no address of its own to keep
    }
  }

  corridors.page = function () {
    Object.assign(own, island("whatif"));
    const asked = (location.hash.match(/[#/]scenario=([a-z0-9_-]+)/) || [])[1];
    own.chosen = Math.max(0, own.scenarios.findIndex((one) => one.id === asked));
    state.clicked = (group, index) => document.getElementById("detail").replaceChildren(describe(group.data, index, false));
    state.map.fitBounds(L.latLngBounds(state.run.bounds), { animate: false, padding: [4, 4] });
    draw();
    speak();
    document.getElementById("scenario").addEventListener("change", (event) => choose(Number(event.target.value)));
    document.querySelectorAll("#totals input").forEach((node) => node.addEventListener("change", () => {
      own.total = node.value;
      tables();
    }));
    document.querySelectorAll("[data-language]").forEach((node) => node.addEventListener("click", () => {
      state.language = node.dataset.language;
      speak();
    }));
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the address is kept for the scenario
      document.getElementById("panel").focus();
    });
    document.documentElement.dataset.ready = "true";
  };
})();
