/* Inspect: the agents themselves, one run. */

import { el, fill, table } from "/static/public/dom.js";

export function make(app) {
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
}
