/** Make and find elements. Text reaches the page through textContent only; nothing is parsed as markup. */

/**
 * Return a new element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [content]
 * @param {string} [className]
 */
export function element(tag, content, className) {
  const node = document.createElement(tag);
  if (content !== undefined) node.textContent = content;
  if (className) node.className = className;
  return node;
}

/**
 * Return a new button.
 * @param {string} content
 * @param {string} className
 * @param {() => void} act
 */
export function button(content, className, act) {
  const node = element("button", content, className);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

/**
 * Return a new row's heading.
 * @param {string} [content]
 */
export function rowHead(content) {
  const head = element("th", content);
  head.scope = "row";
  return head;
}

/**
 * Return a new option of a list.
 * @param {string} content
 * @param {number | string} value
 */
export function option(content, value) {
  const node = element("option", content);
  node.value = String(value);
  return node;
}

/**
 * Return a link, or plain text where the address is not a plain https address.
 * @param {string} url
 * @param {string} [className]
 * @param {string} [content]  Its text; the address by default.
 * @param {RegExp} [start]  What an address may begin with.
 */
export function link(url, className, content = url, start = /^https:\/\//) {
  if (!start.test(url) || !/^[^\s<>"'`\\{}]+$/.test(url)) return element("span", url, className);
  return Object.assign(element("a", content, className), {
    href: url,
    rel: "noopener noreferrer",
    target: "_blank",
  });
}

/**
 * Return a link to where an event was read; some papers of the time have no secure address.
 * @param {string} url
 * @param {string} [content]
 */
export function articleLink(url, content) {
  return link(url, "address", content, /^https?:\/\//);
}

/** @typedef {[string, Record<string, string | number>]} Shape  Tag and attributes of an SVG element. */

/**
 * Return a picture of shapes, hidden from screen readers.
 * @param {number} width
 * @param {number} height
 * @param {Shape[]} shapes
 */
export function picture(width, height, shapes) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const set = (/** @type {Element} */ node, /** @type {Record<string, string | number>} */ values) =>
    Object.entries(values).forEach(([name, value]) => node.setAttribute(name, String(value)));
  set(svg, { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  for (const [tag, values] of shapes) {
    const node = document.createElementNS(space, tag);
    set(node, values);
    svg.append(node);
  }
  return svg;
}

/**
 * Return a picture of a line for a legend.
 * @param {string} color
 * @param {number} width
 * @param {string} [dash]
 * @param {number} [opacity]
 */
export function linePicture(color, width, dash, opacity) {
  const line = {
    x1: 1,
    y1: 6,
    x2: 39,
    y2: 6,
    stroke: color,
    "stroke-width": width,
    "stroke-dasharray": dash || "none",
    "stroke-opacity": opacity || 1,
  };
  return picture(40, 12, [["line", line]]);
}

/**
 * Return a list item of a picture and a text.
 * @param {Element} image
 * @param {string} content
 */
export function legendItem(image, content) {
  const item = element("li");
  item.append(image, element("span", content));
  return item;
}

/**
 * Return the element that a selector finds first. Throws where there is none.
 * @param {string} selector
 * @param {ParentNode} [parent]
 */
export function find(selector, parent = document) {
  return findAs(selector, HTMLElement, parent);
}

/**
 * Return the element that a selector finds first, of a class. Throws where there is none.
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 * @param {ParentNode} [parent]
 */
export function findAs(selector, kind, parent = document) {
  const node = parent.querySelector(selector);
  if (!(node instanceof kind)) throw new Error(`page: expected ${kind.name} ${selector}, found ${node}`);
  return node;
}

/**
 * Return every HTML element that a selector finds.
 * @param {string} selector
 * @param {ParentNode} [parent]
 */
export function findAll(selector, parent = document) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (parent.querySelectorAll(selector))];
}

/** Say that the page is complete; tests and pictures wait for it. */
export function markReady() {
  document.documentElement.dataset.ready = "true";
}

/**
 * Let the links past the head, one a language, do something and leave the address as it is.
 * @param {() => void} go
 */
export function onSkip(go) {
  for (const node of findAll(".skip")) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
  }
}
