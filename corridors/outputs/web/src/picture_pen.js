/** A column of a picture: texts, pictures of the legend and spaces, one below the other, drawn once the height is known. */

const LINE = 1.35; // of the size of the letters
const INK = "#1d2326";

/**
 * @typedef {{ size: number, bold?: boolean, color?: string, indent?: number }} Face
 * @typedef {(pen: CanvasRenderingContext2D) => void} Drawing
 */

/** A column between `left` and `left + width`; `y` is where the next part begins, pixels. */
export class Column {
  /**
   * @param {CanvasRenderingContext2D} ruler  Measures texts.
   * @param {number} left
   * @param {number} top
   * @param {number} width
   */
  constructor(ruler, left, top, width) {
    this.ruler = ruler;
    this.left = left;
    this.width = width;
    this.y = top;
    /** @type {Drawing[]} */
    this.drawings = [];
  }

  /**
   * Add a text, broken at words.
   * @param {string} content
   * @param {Face} face
   */
  write(content, { size, bold, color = INK, indent = 0 }) {
    const font = fontOf(size, bold);
    this.ruler.font = font;
    for (const line of wrap(this.ruler, content, this.width - indent)) {
      this.y += size * LINE;
      const [x, y] = [this.left + indent, this.y - size * 0.3];
      this.drawings.push((pen) => Object.assign(pen, { font, fillStyle: color }).fillText(line, x, y));
    }
  }

  /**
   * Add items of a legend beside each other, each a picture and its text.
   * @param {{ image: Element | null, content: string }[]} items
   * @param {number} size  Of the letters.
   */
  writeItems(items, size) {
    const step = this.width / items.length;
    const top = this.y;
    items.forEach(({ image, content }, i) => {
      const x = this.left + i * step;
      const [width, height] = sizeOf(image);
      const words = new Column(this.ruler, x + width + 8, 0, step - width - 8);
      words.write(content, { size });
      const whole = Math.max(height, words.y) + 2;
      if (image)
        this.drawings.push((pen) => drawPicture(pen, image, x, top + Math.max(0, (whole - height) / 2)));
      this.drawings.push((pen) => {
        pen.save();
        pen.translate(0, top + Math.max(0, (whole - words.y) / 2));
        words.drawings.forEach((draw) => draw(pen));
        pen.restore();
      });
      this.y = Math.max(this.y, top + whole);
    });
  }

  /** @param {number} height */
  skip(height) {
    this.y += height;
  }

  /**
   * Lay a color behind what is added by a function, across the whole picture.
   * @param {string} color
   * @param {number} width
   * @param {() => void} add
   */
  behind(color, width, add) {
    const [top, place] = [this.y, this.drawings.length];
    this.skip(4);
    add();
    this.skip(6);
    const bottom = this.y;
    this.drawings.splice(place, 0, (pen) =>
      Object.assign(pen, { fillStyle: color }).fillRect(0, top, width, bottom - top),
    );
  }
}

/**
 * @param {number} size
 * @param {boolean} [bold]
 */
function fontOf(size, bold) {
  return `${bold ? "bold " : ""}${size}px ${getComputedStyle(document.body).fontFamily}`;
}

/**
 * @param {CanvasRenderingContext2D} ruler
 * @param {string} content
 * @param {number} width
 */
function wrap(ruler, content, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of content.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @param {Element | null} image */
function sizeOf(image) {
  return image ? [Number(image.getAttribute("width")), Number(image.getAttribute("height"))] : [0, 0];
}

/**
 * Draw a picture that `dom.picture` made.
 * @param {CanvasRenderingContext2D} pen
 * @param {Element} image
 * @param {number} x
 * @param {number} y
 */
export function drawPicture(pen, image, x, y) {
  pen.save();
  pen.translate(x, y);
  for (const shape of image.children) {
    const number = (/** @type {string} */ name, missing = 0) => Number(shape.getAttribute(name) ?? missing);
    const path = pathOf(shape, number);
    const fill = shape.getAttribute("fill") ?? (shape.tagName === "line" ? "none" : "#000");
    const stroke = shape.getAttribute("stroke") ?? "none";
    if (fill !== "none") {
      Object.assign(pen, { fillStyle: fill, globalAlpha: number("fill-opacity", 1) });
      pen.fill(path);
    }
    if (stroke === "none") continue;
    Object.assign(pen, {
      strokeStyle: stroke,
      lineWidth: number("stroke-width", 1),
      globalAlpha: number("stroke-opacity", 1),
    });
    pen.setLineDash(
      (shape.getAttribute("stroke-dasharray") ?? "").split(/[ ,]+/).map(Number).filter(Boolean),
    );
    pen.stroke(path);
  }
  pen.restore();
}

/**
 * @param {Element} shape
 * @param {(name: string) => number} number
 */
function pathOf(shape, number) {
  const path = new Path2D(shape.getAttribute("d") ?? "");
  switch (shape.tagName) {
    case "rect":
      path.rect(number("x"), number("y"), number("width"), number("height"));
      break;
    case "circle":
      path.arc(number("cx"), number("cy"), number("r"), 0, 2 * Math.PI);
      break;
    case "line":
      path.moveTo(number("x1"), number("y1"));
      path.lineTo(number("x2"), number("y2"));
      break;
    case "polygon":
      path.addPath(new Path2D(`M${shape.getAttribute("points") ?? ""}Z`));
  }
  return path;
}
