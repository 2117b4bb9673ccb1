/* What the room expects, asked before it looks; kept with the model's forecast in the learning log, and scored later. */

import { el, fill } from "/static/public/dom.js";
import { scores } from "/static/public/scores.js";

export function guesses(app) {
  const say = app.about.words.month;
  const holder = el("div");
  let fields = null, said = null;

  const number = (id, label) => el("div", { class: "zx-settle" }, el("label", { for: id }, label), el("input", { type: "number", id, min: 0, step: "any" }));

  function before(view) {
    if (!view.guess.series.length) { fields = null; return null; }
    const pick = (id, label, options) => el("div", { class: "zx-settle" }, el("label", { for: id }, label), el("select", { id }, options.map(([value, text]) => el("option", { value }, text))));
    fields = el("fieldset", { class: "zx-years" }, el("legend", {}, say.guess),
      pick("zx-guess-series", say.measure, view.guess.series), pick("zx-guess-month", say.month, view.guess.months),
      number("zx-guess-low", say.low), number("zx-guess-middle", say.middle), number("zx-guess-high", say.high));
    return el("div", {}, fields, el("p", { class: "zx-small" }, view.guess.words));
  }

  const value = (name) => document.getElementById(`zx-guess-${name}`).value;

  /* The room's guess as it stands; null where nothing was filled in. */
  function guess() {
    if (!fields || ["low", "middle", "high"].every((name) => value(name) === "")) { return null; }
    const number = (name) => (value(name) === "" ? null : Number(value(name)));
    return { series: value("series"), month: Number(value("month")), low: number("low"), middle: number("middle"), high: number("high") };
  }

  function after() {
    const question = el("input", { type: "text", id: "zx-keep-question", maxlength: 400 });
    said = el("p", { role: "status" });
    fill(holder);
    const keep = el("button", { type: "button", class: "zx-button zx-first", id: "zx-keep", disabled: !app.about.seen.log, onclick: async () => {
      const mine = guess(), reply = await app.act("seen-keep", { question: question.value, guesses: mine ? [mine] : [] });
      said.textContent = reply.error || reply.said;
      if (!reply.error) { fill(holder, scores(app, reply.scores)); }
    } }, say.keep);
    return el("section", { class: "zx-box" }, el("h2", {}, say.learn),
      el("p", {}, say.learn_how),
      el("div", { class: "zx-row zx-left" }, el("span", { class: "zx-settle" }, el("label", { for: "zx-keep-question" }, say.question), question), keep), said, holder);
  }

  return { before, after, clear() { fields = null; fill(holder); } };
}
