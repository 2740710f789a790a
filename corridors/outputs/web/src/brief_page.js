/* Corridors: the script of briefs, their index, the calendar and the page of figures: the language, and the map where there is one. */
"use strict";

var corridors = corridors || {};

corridors.page = function () {
  const both = /[?&#/]lang=both\b/.test(location.search + location.hash);
  const articles = [...document.querySelectorAll("article[data-language]")];
  const box = document.getElementById("map");
  const inner = corridors.inner;

  function show(language) {
    document.documentElement.lang = language;
    for (const article of articles) {
      const on = both || article.dataset.language === language;
      article.hidden = !on;
      if (article.dataset.language !== language) continue;
      const title = article.querySelector("h1").textContent;
      document.title = title + " · Corridors";
      if (box && inner) {
        article.querySelector(".place-of-map").append(box);
        box.setAttribute("aria-label", title);
      }
    }
    for (const button of document.querySelectorAll("[data-language][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    if (!inner) return;
    inner.state.language = language;
    for (const node of box.querySelectorAll("[data-i]")) node.textContent = inner.say(node.dataset.i);
    inner.state.map.fire("language");
  }

  function startMap() {
    box.hidden = false;
    document.documentElement.dataset.map = "live";
    const { map, run } = inner.state;
    const view = L.latLngBounds(run.bounds);
    map.fitBounds(view, { animate: false });
    map.setMaxBounds(view.pad(1));
    inner.state.clicked = (group, index) => {
      L.popup({ maxWidth: 260 }).setLatLng(map.mouseEventToLatLng(inner.clickedAt)).setContent(inner.describe(group.data, index, false)).openOn(map);
    };
    map.getContainer().addEventListener("click", (event) => { inner.clickedAt = event; }, true);
  }

  for (const button of document.querySelectorAll("#languages button")) {
    button.addEventListener("click", () => show(button.dataset.language));
  }
  show(both ? "es" : chooseLanguage());
  if (box && inner && !both) startMap(); // what is printed in both languages has pictures
  document.documentElement.dataset.ready = "true";
};
