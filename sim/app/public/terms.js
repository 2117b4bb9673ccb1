/* Words of the field, explained where one points at them or comes to them by keyboard. */

import { el } from "./dom.js";

/* A text with the first of each known term in it made into one that explains itself. */
export function explained(text, terms) {
  const parts = [text];
  for (const [term, meaning] of Object.entries(terms)) {
    const k = parts.findIndex((part) => typeof part === "string" && part.includes(term));
    if (k < 0) { continue; }
    const at = parts[k].indexOf(term);
    parts.splice(k, 1, parts[k].slice(0, at), el("span", { class: "zx-term", tabindex: "0" }, term, el("span", { class: "zx-term-says", role: "tooltip" }, `: ${meaning}`)), parts[k].slice(at + term.length));
  }
  return parts.filter((part) => part !== "");
}
