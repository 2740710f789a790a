/* Corridors: the script of the page of sources. Plain, unminified, no dependency.
 *
 * Data comes from <script type="application/json"> islands and reaches the page through textContent only:
 * no innerHTML, no eval, no template, no request. Text for people comes from the island "words".
 */
"use strict";

var corridors = (function () {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const state = { words: {}, data: { rows: [] }, language: chooseLanguage() };

  function say(key, values) {
    const text = state.words[state.language][key];
    return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)) : text;
  }

  function format(value, decimals) {
    const options = { minimumFractionDigits: decimals || 0, maximumFractionDigits: decimals || 0 };
    return new Intl.NumberFormat(state.language === "es" ? "es-MX" : "en-US", options).format(value);
  }

  function element(tag, text, className) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  /** What the catalogue, which is written in English, says of a source; in Spanish where that is known. */
  function told(tag, row, name, className) {
    const own = (state.language === "es" && row.es[name]) || "";
    const said = own || row[name] || "–";
    return own || !/[a-z]/i.test(said) ? element(tag, said, className) : english(tag, said, className);
  }

  /** Text of the catalogue. */
  function english(tag, text, className) {
    const node = element(tag, text, className);
    node.lang = "en";
    return node;
  }

  /** A short value that is not broken over lines. */
  function whole(text) {
    return element("span", text, "whole");
  }

  /** "label: value", the value as given. */
  function fact(label, value, className) {
    const line = element("p", undefined, className || "small");
    line.append(element("span", label + ": ", "label"), value);
    return line;
  }

  function age(years) {
    if (years === null) return say("data.no_age");
    if (years < 1 / 12) return say("data.under_month");
    const text = format(years, years < 10 ? 1 : 0);
    return text === format(1, 1) ? say("data.one_year") : say("data.years", { years: text });
  }

  function link(url) {
    const secure = /^https:\/\/[^\s<>"'`\\{}]+$/.test(url);
    const node = element(secure ? "a" : "span", url, "address");
    if (secure) Object.assign(node, { href: url, rel: "noopener noreferrer", target: "_blank" });
    return node;
  }

  function total(counts) {
    return counts.reduce((sum, [, count]) => sum + count, 0);
  }

  function sourceCell(row) {
    const head = element("th");
    head.scope = "row";
    head.append(told("strong", row, "title"), element("code", row.id));
    if (row.own_file) head.append(element("span", say("data.own_file"), "badge"));
    head.append(fact(say("source.publisher"), row.publisher));
    if (row.url) head.append(fact(say("source.link"), link(row.url)));
    const more = element("details");
    more.append(element("summary", say("data.origin")));
    if (row.derived_from) more.append(fact(say("source.derived_from"), row.derived_from));
    if (row.note) more.append(fact(say("data.changes"), english("span", row.note)));
    more.append(fact(say("data.file"), row.file));
    if (row.sha256) more.append(fact("SHA-256", element("code", row.sha256)));
    head.append(more);
    return head;
  }

  function timeCell(row) {
    const cell = element("td");
    cell.append(fact(say("source.period"), told("span", row, "period", "whole"), "line"));
    cell.append(fact(say("data.age"), whole(age(row.age_years)), "line"));
    if (row.retrieved) cell.append(fact(say("source.retrieved"), whole(row.retrieved)));
    return cell;
  }

  function rowsCell(row) {
    const cell = element("td");
    const dropped = total(row.dropped);
    cell.append(fact(say("data.kept"), format(row.rows), "line"));
    cell.append(fact(say("data.dropped"), dropped ? format(dropped) : say("data.none_dropped"), "line"));
    const list = element("ul", undefined, "small");
    for (const [reason, count] of row.dropped) {
      const item = element("li");
      item.append(element("b", format(count)), " ", english("span", reason));
      list.append(item);
    }
    if (row.dropped.length) cell.append(list);
    return cell;
  }

  function coverageCell(row) {
    const cell = element("td");
    for (const [name, count, all] of row.coverage) {
      const line = fact(say(name), whole(say("data.of", { count: format(count), all: format(all) })), "line");
      const bar = element("span", undefined, "bar");
      const part = element("span");
      part.style.width = `${Math.min(100, (100 * count) / all)}%`;
      bar.append(part);
      cell.append(line, bar);
    }
    if (!row.coverage.length) cell.append(element("p", say("data.no_coverage"), "small"));
    return cell;
  }

  function termsCell(row) {
    const cell = element("td");
    cell.append(fact(say("source.licence"), english("span", row.licence || "–"), "line"));
    cell.append(fact(say("source.attribution"), row.attribution || "–", "line"));
    return cell;
  }

  /** A row of the table; on a phone a card whose cells carry the heading of their column. */
  function tableRow(row) {
    const line = element("tr");
    const limits = element("td");
    limits.append(told("p", row, "not_what", "line"));
    const cells = [["data.time", timeCell(row)], ["data.rows", rowsCell(row)], ["data.coverage", coverageCell(row)],
      ["data.terms", termsCell(row)], ["data.limits", limits]];
    for (const [name, cell] of cells) cell.prepend(element("p", say(name), "heading"));
    line.append(sourceCell(row), ...cells.map(([, cell]) => cell));
    line.setAttribute("role", "row");
    for (const cell of line.children) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
    return line;
  }

  function summary(rows) {
    const oldest = rows.filter((row) => row.age_years !== null).sort((a, b) => b.age_years - a.age_years)[0];
    const dropped = rows.reduce((sum, row) => sum + total(row.dropped), 0);
    const facts = [["data.count", format(rows.length)],
      ["data.own_count", format(rows.filter((row) => row.own_file).length)], ["data.dropped_count", format(dropped)]];
    if (oldest) facts.push(["data.oldest", age(oldest.age_years), oldest]);
    document.getElementById("summary").replaceChildren(...facts.map(([name, value, about]) => {
      const box = element("div");
      box.append(element("dt", say(name)), element("dd", value));
      if (about) box.lastChild.append(told("span", about, "title", "small"));
      return box;
    }));
  }

  function date(text) {
    const options = { dateStyle: "long", timeZone: "UTC" };
    return new Intl.DateTimeFormat(state.language === "es" ? "es-MX" : "en-US", options).format(new Date(text));
  }

  function speak() {
    const { rows, on } = state.data;
    document.documentElement.lang = state.language;
    document.title = say("data.title");
    for (const node of document.querySelectorAll("[data-i]")) node.textContent = say(node.dataset.i);
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", say(node.dataset.label));
    }
    for (const node of document.querySelectorAll("[data-language]")) {
      node.setAttribute("aria-pressed", String(node.dataset.language === state.language));
    }
    document.getElementById("aged").textContent = on ? say("data.aged", { date: date(on) }) : "";
    summary(rows);
    const body = document.querySelector("#sources tbody");
    const open = [...body.querySelectorAll("details")].map((node) => node.open);
    body.replaceChildren(...rows.map(tableRow));
    body.querySelectorAll("details").forEach((node, i) => { node.open = Boolean(open[i]); });
    if (!rows.length) {
      const line = element("tr");
      const cell = element("td", say("data.empty"));
      cell.colSpan = 6;
      line.append(cell);
      body.append(line);
    }
  }

  function keepAddress() {
    try {
      history.replaceState(null, "", `#lang=${state.language}`);
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // a sandboxed frame has no address of its own to keep
    }
  }

  return {
    page() {
      state.words = read("words");
      state.data = read("sources_data");
      speak();
      for (const button of document.querySelectorAll("[data-language]")) {
        button.addEventListener("click", () => {
          state.language = button.dataset.language;
          speak();
          keepAddress();
        });
      }
      document.querySelector(".skip").addEventListener("click", (event) => {
        event.preventDefault(); // the address is kept for the language
        document.getElementById("sources").focus();
      });
      addEventListener("beforeprint", () => {
        document.querySelectorAll("details").forEach((node) => { node.open = true; });
      });
      document.documentElement.dataset.ready = "true";
    },
  };
})();
