/** Entry of the page of the embed kit: its frame is as high as the map in it says; buttons show it at article widths. */

import { findAll, findAs } from "./dom.js";

const MIN_HEIGHT = 300; // pixels
const MAX_HEIGHT = 4000;

const frame = findAs("iframe", HTMLIFrameElement);

addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow || !data || data.corridors !== "height") return;
  frame.height = String(Math.min(Math.max(Number(data.height) || 0, MIN_HEIGHT), MAX_HEIGHT));
});

const buttons = findAll("[data-width]");
for (const node of buttons) {
  node.addEventListener("click", () => {
    frame.width = node.dataset.width || "";
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === node));
  });
}
document.documentElement.classList.add("scripted");
