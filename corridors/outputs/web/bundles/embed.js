/* embed.js: sources 9c860e8297288d9c, esbuild 0.28.2 */
"use strict";
(() => {
  // src/dom.js
  function findAs(selector, kind, parent = document) {
    const node = parent.querySelector(selector);
    if (!(node instanceof kind)) throw new Error(`page: expected ${kind.name} ${selector}, found ${node}`);
    return node;
  }
  function findAll(selector, parent = document) {
    return [.../** @type {NodeListOf<HTMLElement>} */
    parent.querySelectorAll(selector)];
  }

  // src/embed.js
  var MIN_HEIGHT = 300;
  var MAX_HEIGHT = 4e3;
  var frame = findAs("iframe", HTMLIFrameElement);
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || !data || data.corridors !== "height") return;
    frame.height = String(Math.min(Math.max(Number(data.height) || 0, MIN_HEIGHT), MAX_HEIGHT));
  });
  var buttons = findAll("[data-width]");
  for (const node of buttons) {
    node.addEventListener("click", () => {
      frame.width = node.dataset.width || "";
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === node));
    });
  }
  document.documentElement.classList.add("scripted");
})();
