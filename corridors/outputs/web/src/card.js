/** The card on the map: the figures of what was opened last, and the way to all that is known of it. */

import { button, element, find } from "./dom.js";
import { foldShortKey } from "./short_key.js";
import { pageMap } from "./state.js";
import { text } from "./text.js";

/** @type {HTMLElement | null} */
let box = null;

class Card extends L.Control {
  constructor() {
    super({ position: "topright" });
  }

  /** @override */
  onAdd() {
    const made = element("div", undefined, "card");
    L.DomEvent.disableClickPropagation(made);
    return made;
  }
}

/**
 * Show the short figures of a feature, or with null none.
 * @param {HTMLElement | null} figures
 */
export function showCard(figures) {
  const map = pageMap();
  if (!box) {
    if (!figures) return;
    box = new Card().addTo(map).getContainer() ?? null;
    box?.parentElement?.prepend(box);
  }
  if (!box) return;
  if (figures) foldShortKey(); // there is no room for both on a small screen
  box.hidden = !figures;
  const open = () => {
    const detail = find("#detail");
    detail.scrollIntoView({ block: "start" });
    detail.focus({ preventScroll: true });
  };
  box.replaceChildren(...(figures ? [figures, button(text("info.more"), "link", open)] : []));
  map.fire("card"); // names of places make room
}
