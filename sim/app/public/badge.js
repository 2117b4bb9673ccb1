/* Whether what a figure rests on is met by the model; leads to its row on the page Evidence. */

import { el } from "./dom.js";

const MARKS = { checked: "✓", "not met": "✗", untested: "?" };

export function badge(check, of) {
  if (!check) { return null; }
  return el("a", { class: `zx-check ${check.badge === "not met" ? "zx-check-missed" : ""}`, href: check.row ? `#/evidence?row=${check.row}` : "#/evidence", title: check.words,
    "aria-label": `${of}: ${check.badge}. ${check.words}` }, `${MARKS[check.badge]} ${check.badge}`);
}
