/** The map as it is shown, saved as a picture: with its title, finding, notice, key, credits and date. */

import { withSharpCanvases } from "./canvases.js";
import { element, find, findAll } from "./dom.js";
import { Column, drawPicture } from "./picture_pen.js";
import { scenarioKind, scenarioTitle } from "./scenario.js";
import { saveFile } from "./sharing.js";
import { pageMap, state } from "./state.js";
import { text } from "./text.js";

const SHARP = 2; // pixels of the picture a pixel of the page
const MARGIN = 16;
const KEY_WIDTH = 280;
const LEAST_BESIDE = 600; // width of a map that has its key beside it
const LEAST_WIDTH = 480;
const [SEA, PAPER, WARN, WARN_INK, SOFT] = ["#dfe8ec", "#fff", "#fdf1cf", "#463300", "#3c4549"];

/** Let the button save the picture, and say so. */
export function startPicture() {
  find("#save-image").addEventListener("click", () => {
    const name = `corridors-${state.run.fingerprint ?? ""}-${state.language}.png`;
    mapPicture().toBlob((blob) => {
      if (!blob) return;
      saveFile(blob, name);
      find("#copied").textContent = text("page.image_saved");
    });
  });
}

/** Return the picture. */
function mapPicture() {
  const canvas = element("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  const { x: mapWidth, y: mapHeight } = pageMap().getSize();
  const isBeside = mapWidth >= LEAST_BESIDE;
  const width = isBeside ? mapWidth + KEY_WIDTH : Math.max(mapWidth, LEAST_WIDTH);
  const head = new Column(pen, MARGIN, 8, width - 2 * MARGIN);
  writeHead(head, width);
  const [left, top] = isBeside ? [mapWidth, head.y] : [0, head.y + mapHeight];
  const key = new Column(pen, left + MARGIN, top + 4, (isBeside ? KEY_WIDTH : width) - 2 * MARGIN);
  writeKey(key);
  const foot = new Column(pen, MARGIN, Math.max(head.y + mapHeight, key.y) + 6, width - 2 * MARGIN);
  writeFoot(foot);
  canvas.width = width * SHARP;
  canvas.height = Math.ceil(foot.y + 8) * SHARP;
  pen.scale(SHARP, SHARP);
  Object.assign(pen, { fillStyle: PAPER }).fillRect(0, 0, canvas.width, canvas.height);
  drawMap(pen, head.y);
  for (const column of [head, key, foot]) column.drawings.forEach((draw) => draw(pen));
  return canvas;
}

/**
 * Write what the map shows: the run with its finding, a scenario or a choice.
 * @param {Column} head
 * @param {number} width  Of the picture.
 */
function writeHead(head, width) {
  head.write(scenarioTitle(), { size: 18, bold: true });
  const choice = find("#choice");
  if (!choice.hidden) {
    head.write(contentOf("#choice h2"), { size: 15, bold: true });
    for (const note of findAll("#choice > p.small")) head.write(note.textContent ?? "", { size: 12 });
  } else if (scenarioKind() === "run") {
    head.write(contentOf("#finding strong"), { size: 14, bold: true });
    head.write(contentOf("#finding span"), { size: 13 });
  }
  head.skip(4);
  head.behind(WARN, width, () => head.write(contentOf("#notice"), { size: 13, bold: true, color: WARN_INK }));
}

/**
 * Write the key of the layers that are on the map, or of the changes in their place.
 * @param {Column} key
 */
function writeKey(key) {
  if (scenarioKind() === "edited") writeList(key, find("#moved-key"));
  let isOn = false;
  for (const part of findAll("#layers .leaflet-control-layers-overlays > *")) {
    if (part instanceof HTMLLabelElement) {
      isOn = part.querySelector("input")?.checked ?? false;
      if (isOn) key.skip(4);
      if (isOn) key.write(part.textContent ?? "", { size: 12.5, bold: true });
    } else if (isOn) [...part.children].forEach((node) => writeKeyPart(key, node));
  }
}

/**
 * @param {Column} key
 * @param {Element} part
 */
function writeKeyPart(key, part) {
  if (!(part instanceof HTMLElement)) {
    key.writeItems([{ image: part, content: "" }], 11);
  } else if (part.hidden || part.matches("label, .failed")) {
    return;
  } else if (part.matches("ul")) {
    writeList(key, part);
  } else if (part.matches(".marks")) {
    const [width, marks] = [key.width, [...part.children]];
    key.width = 40 * marks.length; // as wide as the classes above
    key.writeItems(
      marks.map((mark) => ({ image: null, content: mark.textContent ?? "" })),
      9.5,
    );
    key.width = width;
  } else if (part.matches("p")) {
    key.write(part.textContent ?? "", { size: 11, color: SOFT });
  } else [...part.children].forEach((node) => writeKeyPart(key, node));
}

/**
 * @param {Column} key
 * @param {HTMLElement} list
 */
function writeList(key, list) {
  const shown = findAll("li", list).filter((item) => !item.hidden);
  const items = shown.map((item) => ({ image: item.querySelector("svg"), content: item.textContent ?? "" }));
  if (list.matches(".row") && items.length) key.writeItems(items, 11.5);
  else items.forEach((item) => key.writeItems([item], 11.5));
}

/** @param {Column} foot */
function writeFoot(foot) {
  const face = { size: 11, color: SOFT };
  foot.write(contentOf(".credit"), face);
  for (const part of findAll(".site-foot [data-of]").filter((one) => !one.hidden))
    for (const line of findAll(":scope > p", part)) foot.write(line.textContent ?? "", face);
}

/** @param {string} selector */
function contentOf(selector) {
  return [...document.querySelectorAll(selector)].map((node) => node.textContent).join(" ");
}

/**
 * Draw the map with its names and marks.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} top
 */
function drawMap(pen, top) {
  const container = pageMap().getContainer();
  const { left: x0, top: y0, width, height } = container.getBoundingClientRect();
  pen.save();
  pen.beginPath();
  pen.rect(0, top, width, height);
  pen.clip();
  Object.assign(pen, { fillStyle: SEA }).fillRect(0, top, width, height);
  withSharpCanvases(pageMap(), (drawn) => {
    const box = drawn.getBoundingClientRect();
    pen.drawImage(drawn, box.left - x0, box.top - y0 + top, box.width, box.height);
  });
  for (const mark of findAll(".leaflet-marker-pane > *", container)) {
    const box = mark.getBoundingClientRect();
    const at = { x: box.left - x0, y: box.top - y0 + top };
    const image = mark.querySelector("svg");
    const label = mark.querySelector("span");
    if (image) drawPicture(pen, image, at.x, at.y);
    if (label instanceof HTMLElement) drawLabel(pen, mark, label, x0, y0 - top);
    if (mark.matches(".place:not(.covered)")) drawDot(pen, at.x, at.y);
  }
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLElement} mark
 * @param {HTMLElement} label
 * @param {number} x0  Of the map on the page.
 * @param {number} y0
 */
function drawLabel(pen, mark, label, x0, y0) {
  const { fontWeight, fontSize, fontFamily, color, textTransform } = getComputedStyle(label);
  const box = label.getBoundingClientRect();
  const content = label.textContent ?? "";
  const said = textTransform === "uppercase" ? content.toLocaleUpperCase(state.language) : content;
  pen.save();
  Object.assign(pen, {
    font: `${fontWeight} ${fontSize} ${fontFamily}`,
    textAlign: "center",
    textBaseline: "middle",
    lineJoin: "round",
  });
  if (mark.matches(".shield")) {
    Object.assign(pen, { fillStyle: PAPER, strokeStyle: "#566066", lineWidth: 1 });
    pen.fillRect(box.left - x0, box.top - y0, box.width, box.height);
    pen.strokeRect(box.left - x0, box.top - y0, box.width, box.height);
  }
  const middle = /** @type {const} */ ([box.left - x0 + box.width / 2, box.top - y0 + box.height / 2]);
  Object.assign(pen, { strokeStyle: PAPER, lineWidth: 3, fillStyle: color });
  if (!mark.matches(".shield")) pen.strokeText(said, ...middle);
  pen.fillText(said, ...middle);
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 */
function drawDot(pen, x, y) {
  Object.assign(pen, { fillStyle: "#2a3236", strokeStyle: PAPER, lineWidth: 1 });
  pen.beginPath();
  pen.arc(x, y, 2.5, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}
