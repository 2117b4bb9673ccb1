/* A short tour of the first page: a box beside one thing after another, in the flow of the page, so that it covers nothing. */

import { el, fill, filled } from "./dom.js";

export function tour(app) {
  const button = (text, act, first) => el("button", { type: "button", class: `zx-button zx-slim ${first ? "zx-first" : ""}`, onclick: act }, text);
  const box = el("section", { class: "zx-tour", role: "region", tabindex: "-1" });
  const before = document.activeElement;
  let at = -1, lit = null;

  function end() {
    lit?.classList.remove("zx-tour-lit");
    box.remove();
    document.removeEventListener("keydown", key);
    before?.focus?.();
  }

  function key(e) { if (e.key === "Escape") { end(); } }

  function go() {
    lit?.classList.remove("zx-tour-lit");
    at += 1;
    const step = app.words.tour[at];
    lit = step && document.querySelector(step.at);
    if (!lit) { end(); return; }
    const last = at === app.words.tour.length - 1;
    box.setAttribute("aria-label", filled(app.words.tour_label, { number: at + 1, count: app.words.tour.length }));
    fill(box, el("p", {}, step.text), el("div", { class: "zx-row zx-left" }, button(last ? app.words.tour_end : app.words.tour_next, last ? end : go, true), last ? null : button(app.words.tour_leave, end)));
    const beside = lit.closest(".zx-head") ?? lit;
    beside.after(box);
    lit.classList.add("zx-tour-lit");
    (box.offsetTop > lit.offsetTop ? lit : box).scrollIntoView({ block: "center" });
    box.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", key);
  go();
}
