/** The list of a place's dated seizures, each with the address it was read at. */

import { articleLink, element } from "./dom.js";
import { formatDays, formatNumber } from "./numbers.js";
import { nameOf, text } from "./text.js";

/** @import { EventLayer } from "./payloads.js" */

/**
 * Return the list of the events of a place.
 * @param {EventLayer} data
 * @param {number} index
 */
export function eventList(data, index) {
  const list = element("ul", undefined, "events");
  for (const [start, end, firearms, joint, side, source] of data.columns.events[index]) {
    const facts = [
      start ? formatDays([start, end]) : text("event.undated"),
      text("event.firearms", { count: formatNumber(firearms) }),
      ...(joint ? [text("event.joint")] : []),
      ...(side ? [nameOf("event", `side_${side}`)] : []),
    ];
    const item = element("li", `${facts.join("; ")}. `);
    const url = data.links[source];
    item.append(articleLink(url, text("event.source", { host: hostOf(url) })));
    list.append(item);
  }
  return list;
}

/**
 * Return the host of an address, or the address where it has none.
 * @param {string} url
 */
function hostOf(url) {
  const found = /^https?:\/\/(?:www\.)?([^/:?#]+)/.exec(url);
  return found ? found[1] : url;
}
