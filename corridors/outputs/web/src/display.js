/* Corridors: the ways in which the page shows itself: light or dark, on paper, in an article. */
"use strict";

(function () {
  const { state } = corridors.inner;
  const EMBEDDED = /[?&]embed\b/.test(location.search);
  let page = {}; // what page.js lends: asked(name), keepAddress(), showAll()

  function dress(theme) {
    document.documentElement.dataset.theme = theme;
    document.getElementById("theme").setAttribute("aria-pressed", String(theme === "dark"));
  }

  function startTheme() {
    const { asked, keepAddress } = page;
    const wish = asked("theme");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    state.themeAsked = wish === "dark" || wish === "light";
    dress(state.themeAsked ? wish : dark.matches ? "dark" : "light");
    dark.addEventListener("change", () => { if (!state.themeAsked) dress(dark.matches ? "dark" : "light"); });
    document.getElementById("theme").addEventListener("click", () => {
      state.themeAsked = true;
      dress(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
      keepAddress();
    });
  }

  /** On paper the map has the size that its style gives it, shows what was in sight, and is light. */
  function startPrint() {
    const root = document.documentElement;
    let before = null;
    addEventListener("beforeprint", () => {
      if (before) return;
      const parts = ["legend", "ports"].map((id) => document.getElementById(id));
      before = { view: [state.map.getCenter(), state.map.getZoom()], theme: root.dataset.theme, open: parts.map((part) => part.open), parts };
      const bounds = state.map.getBounds();
      parts.forEach((part) => { part.open = true; });
      root.classList.add("paper");
      root.dataset.theme = "light";
      state.map.invalidateSize({ animate: false, pan: false });
      state.map.fitBounds(bounds, { animate: false });
    });
    addEventListener("afterprint", () => {
      if (!before) return;
      root.classList.remove("paper");
      root.dataset.theme = before.theme;
      before.parts.forEach((part, i) => { part.open = before.open[i]; });
      state.map.invalidateSize({ animate: false, pan: false });
      state.map.setView(...before.view, { animate: false });
      before = null;
    });
    document.getElementById("print").addEventListener("click", () => print());
  }

  /** In an article: the parent is told the height, which follows from the width and what is open, never from itself. */
  function startEmbed() {
    if (!EMBEDDED) return;
    document.documentElement.classList.add("embed");
    document.getElementById("legend").open = innerWidth >= 640;
    state.map.scrollWheelZoom.disable(); // the wheel is the article's until the map is chosen
    state.map.on("focus", () => state.map.scrollWheelZoom.enable());
    state.map.on("blur", () => state.map.scrollWheelZoom.disable());
    const tell = () => parent.postMessage({ corridors: "height", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
    new ResizeObserver(tell).observe(document.body);
    state.map.invalidateSize({ animate: false });
    if (!/^#\d/.test(location.hash)) page.showAll();
  }

  corridors.inner.startModes = (lent) => {
    page = lent;
    startTheme();
    startPrint();
  };
  corridors.inner.startEmbed = startEmbed;
})();
