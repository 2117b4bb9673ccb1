/* How well the room and the model guessed so far. */

import { el, table } from "./dom.js";
import { strip } from "./strip.js";

export function scores(app, found) {
  return el("section", { class: "zx-box" }, el("h2", {}, app.words.how_well), el("p", { class: "zx-finding" }, found.summary), found.waiting ? el("p", {}, found.waiting) : null,
    found.shown.map((s) => el("div", { class: "zx-stand" }, el("div", {}, el("h3", {}, s.title), el("p", {}, s.told)),
      strip({ scale: s.scale, bands: s.bands.map(([, low, high, middle]) => [low, middle, high]), seen: s.seen, label: s.told }),
      el("p", { class: `zx-verdict ${s.held ? "" : "zx-warn"}` }, s.verdict))),
    found.rows.length ? [el("p", { class: "zx-small" }, found.how), table(app.words.by_measure, found.heads, found.rows)] : null);
}
