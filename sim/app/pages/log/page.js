/* The learning log. */

import { csv, el, fill, save, table } from "/static/public/dom.js";
import { scores } from "/static/public/scores.js";

const FIELDS = { question: "What do we want to know?", expectation: "What do we expect, and how sure are we?", finding: "What did we see?", decision: "What do we decide?" };

export function make(app) {
  const areas = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, el("textarea", { id: `zx-log-${name}`, rows: 3, maxlength: 4000, style: "width:100%" })]));
  const said = el("p", { role: "status" }), rows = el("div"), guessed = el("div"), about = el("p", { class: "zx-lead" });
  let kept = [];
  const node = el("div", {}, el("h1", {}, "Learning log"), about,
    el("form", { class: "zx-box", onsubmit: write }, Object.entries(FIELDS).map(([name, words]) => el("p", {}, el("label", { for: `zx-log-${name}` }, el("b", {}, words)), areas[name])),
      el("div", { class: "zx-row", style: "justify-content:flex-start" }, el("button", { class: "zx-button zx-first" }, "Write it down"),
        el("button", { type: "button", class: "zx-button", onclick: () => save("learning-log.csv", csv([["written", "plans", ...Object.keys(FIELDS)], ...kept.map((e) => [e.written, e.plans, ...Object.keys(FIELDS).map((f) => e[f])])]), "text/csv") }, "Export as CSV")), said), guessed, rows);

  async function write(e) {
    e.preventDefault();
    const entry = Object.fromEntries(Object.entries(areas).map(([name, area]) => [name, area.value]));
    const reply = await app.act("log-add", { entry, ask: app.state });
    if (reply.error) { said.textContent = reply.error; return; }
    Object.values(areas).forEach((area) => { area.value = ""; });
    said.textContent = `Entry ${reply.added} is kept on this machine; the briefing carries it.`;
    draw(reply.entries);
  }

  function draw(entries) {
    kept = entries;
    fill(rows, el("h2", {}, "What was written"), entries.length ? table("Entries", ["Written", "Plans", "Question", "Expectation", "Finding", "Decision"],
      [...entries].reverse().map((e) => [e.written.slice(0, 16).replace("T", " "), e.plans, e.question, e.expectation, e.finding, e.decision])) : el("p", {}, "Nothing yet."));
  }
  return { node, async shown() { about.textContent = `It is kept with the comparison: ${app.names.filter(Boolean).join(" against ")}.`; const reply = await app.act("log"); if (reply.error) { said.textContent = reply.error; } else { draw(reply.entries); fill(guessed, scores(reply.scores)); } } };
}
