/* Corridors: the page of the embed kit. The frame is as high as its page says; buttons try it at article widths. */
"use strict";

addEventListener("message", (event) => {
  const frame = document.querySelector("iframe");
  if (event.source !== frame.contentWindow || !event.data || event.data.corridors !== "height") return;
  frame.height = Math.min(Math.max(Number(event.data.height) || 0, 300), 4000);
});

for (const button of document.querySelectorAll("[data-width]")) {
  button.addEventListener("click", () => {
    document.querySelector("iframe").width = button.dataset.width;
    for (const other of document.querySelectorAll("[data-width]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });
}
document.documentElement.classList.add("scripted");
