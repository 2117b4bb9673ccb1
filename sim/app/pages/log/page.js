/* The learning log. */

import { csv, el, fill, filled, save, table } from "/static/public/dom.js";
import { scores } from "/static/public/scores.js";

export function make(app) {
  const say = app.about.words.log;
  const areas = Object.fromEntries(Object.keys(say.fields).map((name) => [name, el("textarea", { id: `zx-log-${name}`, rows: 3, maxlength: 4000, style: "width:100%" })]));
  const said = el("p", { role: "status" }), rows = el("section", { class: "zx-box zx-later" }), guessed = el("div", { class: "zx-later" }), about = el("p", { class: "zx-lead" });
  let kept = [];
  const node = el("div", {}, el("h1", {}, "Learning log"), about,
    el("form", { class: "zx-box", onsubmit: write }, Object.entries(say.fields).map(([name, words]) => el("p", {}, el("label", { for: `zx-log-${name}` }, el("b", {}, words)), areas[name])),
      el("div", { class: "zx-row", style: "justify-content:flex-start" }, el("button", { class: "zx-button zx-first" }, "Write it down"),
        el("button", { type: "button", class: "zx-button", onclick: () => save("learning-log.csv", csv([["written", "plans", ...Object.keys(say.fields)], ...kept.map((e) => [e.written, e.plans, ...Object.keys(say.fields).map((f) => e[f])])]), "text/csv") }, "Export as CSV")), said), guessed, rows);

  async function write(e) {
    e.preventDefault();
    const entry = Object.fromEntries(Object.entries(areas).map(([name, area]) => [name, area.value]));
    const reply = await app.act("log-add", { entry, ask: app.state });
    if (reply.error) { said.textContent = reply.error; return; }
    Object.values(areas).forEach((area) => { area.value = ""; });
    said.textContent = filled(say.kept, { number: reply.added });
    draw(reply.entries);
  }

  function draw(entries) {
    kept = entries;
    fill(rows, el("h2", {}, say.written), entries.length ? table("Entries", say.heads,
      [...entries].reverse().map((e) => [e.when, e.plans, e.question, e.expectation, e.finding, e.decision])) : el("p", {}, say.nothing));
  }
  return { node, async shown() { about.textContent = filled(say.about, { plans: app.names.filter(Boolean).join(" against ") }); const reply = await app.act("log"); if (reply.error) { said.textContent = reply.error; } else { draw(reply.entries); fill(guessed, scores(app, reply.scores)); } } };
}
