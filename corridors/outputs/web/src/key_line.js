/** Lines of the legend. */

import { linePicture } from "./dom.js";

export const NEUTRAL = "#444";
export const GRADE_WIDTH = 2.6;
const MIN_LINE_WIDTH = 1.5;

/**
 * Return a line of the legend.
 * @param {string} [color]
 * @param {number} [width]
 * @param {string} [dash]
 * @param {number} [opacity]
 */
export function keyLine(color = NEUTRAL, width = GRADE_WIDTH, dash, opacity) {
  return linePicture(color, Math.max(width, MIN_LINE_WIDTH), dash, opacity);
}
