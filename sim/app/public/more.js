/* Learning log, inspect. */

import { csv, el, fill, save, table } from "./dom.js";

const FIELDS = { question: "What do we want to know?", expectation: "What do we expect, and how sure are we?", finding: "What did we see?", decision: "What do we decide?" };

export const log = {
  id: "log", title: "Learning log", levers: false,
  make(app) {
    const areas = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, el("textarea", { id: `zx-log-${name}`, rows: 3, maxlength: 4000, style: "width:100%" })]));
    const said = el("p", { role: "status" }), rows = el("div"), about = el("p", { class: "zx-lead" });
    let kept = [];
    const node = el("div", {}, el("h1", {}, "Learning log"), about,
      el("form", { class: "zx-box", onsubmit: write }, Object.entries(FIELDS).map(([name, words]) => el("p", {}, el("label", { for: `zx-log-${name}` }, el("b", {}, words)), areas[name])),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, el("button", { class: "zx-button zx-first" }, "Write it down"),
          el("button", { type: "button", class: "zx-button", onclick: () => save("learning-log.csv", csv([["written", "plans", ...Object.keys(FIELDS)], ...kept.map((e) => [e.written, e.plans, ...Object.keys(FIELDS).map((f) => e[f])])]), "text/csv") }, "Export as CSV")), said), rows);

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
    return { node, async shown() { about.textContent = `It is kept with the comparison: ${app.names.filter(Boolean).join(" against ")}.`; const reply = await app.act("log"); if (reply.error) { said.textContent = reply.error; } else { draw(reply.entries); } } };
  },
};

export const inspect = {
  id: "inspect", title: "Inspect", levers: false,
  make(app) {
    const month = el("input", { type: "number", id: "zx-inspect-month", min: 0, max: 204, value: 24 }), who = el("input", { type: "number", id: "zx-inspect-who", min: 0, value: 0 });
    const said = el("p", { role: "status" }), body = el("div");
    const node = el("div", {}, el("h1", {}, "Inspect"), el("p", { class: "zx-lead" }, "For modellers: the agents themselves, one run of the plan, as the Mesa model has them at the end of a month, and one practitioner's story."),
      el("form", { class: "zx-row zx-box", style: "justify-content:flex-start", onsubmit: (e) => { e.preventDefault(); ask(); } },
        el("label", { for: "zx-inspect-month" }, "Month"), month, el("label", { for: "zx-inspect-who" }, "Practitioner number"), who, el("button", { class: "zx-button zx-first" }, "Step there"),
        el("button", { type: "button", class: "zx-button", onclick: () => { month.value = Number(month.value) + 1; ask(); } }, "One month on")), said, body);

    async function ask() {
      said.textContent = "Stepping the model …";
      const reply = await app.act("inspect", { ask: app.state, month: Number(month.value), who: Number(who.value) });
      if (reply.error) { said.textContent = reply.error; return; }
      said.textContent = `${app.names[0]}, replicate ${reply.replicate}, end of month ${reply.month}.`;
      fill(body, reply.stopped.length ? el("p", { class: "zx-row", style: "justify-content:flex-start" }, "Why did they stop? ", reply.stopped.map((n) =>
        el("button", { type: "button", class: "zx-button zx-slim", "aria-label": `The story of practitioner ${n}, who stopped`, onclick: () => { who.value = n; ask(); } }, String(n)))) : el("p", {}, "Nobody has stopped by this month."),
        el("h2", {}, `The story of practitioner ${reply.who}`), el("ol", {}, reply.story.map((s) => el("li", {}, s))),
        el("h2", {}, "Agents"), table("Practitioners, the first of them", reply.heads, reply.rows), el("h2", {}, "Teams"), table("Teams", reply.team_heads, reply.team_rows));
    }
    return { node };
  },
};
