/* Inspect: the agents themselves, one run; opens on somebody worth looking at. */

import { details, el, fill, table } from "/static/public/dom.js";

const SETTLING = 400;

export function make(app) {
  const words = app.about.inspect;
  const month = el("input", { type: "number", id: "zx-inspect-month", min: 0, max: 204, value: 24 }), who = el("input", { type: "number", id: "zx-inspect-who", min: 0, value: "" });
  const worth = el("select", { id: "zx-inspect-worth", onchange: () => { who.value = worth.value; ask(); } });
  const said = el("p", { role: "status" }), body = el("div");
  let begun = 0, looked = false;
  const node = el("div", {}, el("h1", {}, "Inspect"), el("p", { class: "zx-lead" }, words.lead),
    el("form", { class: "zx-box", onsubmit: (e) => { e.preventDefault(); ask(); } }, el("div", { class: "zx-row zx-left" },
      el("label", { for: "zx-inspect-month" }, "Month"), month, el("label", { for: "zx-inspect-who" }, "Practitioner number"), who, el("button", { class: "zx-button zx-first" }, "Step there"),
      el("button", { type: "button", class: "zx-button", onclick: () => { month.value = Number(month.value) + 1; ask(); } }, "One month on")),
      el("p", { class: "zx-pick" }, el("label", { for: "zx-inspect-worth" }, "Worth looking at"), worth)), said, body);

  async function ask() {
    looked = true;
    said.textContent = words.stepping;
    const reply = await app.act("inspect", { ask: app.state, month: Number(month.value), ...(who.value === "" ? {} : { who: Number(who.value) }) });
    if (reply.error) { said.textContent = reply.error; return; }
    said.textContent = reply.state;
    who.value = reply.who;
    fill(worth, reply.worth.some(([n]) => n === reply.who) ? null : el("option", { value: reply.who, selected: true }, reply.named),
      reply.worth.map(([n, text]) => el("option", { value: n, selected: n === reply.who }, text)));
    fill(body, el("section", { class: "zx-box" }, el("h2", {}, reply.story_title), reply.why ? el("p", { class: "zx-finding" }, reply.why) : null, el("ol", {}, reply.story.map((s) => el("li", {}, s)))),
      details(reply.rows_title, table(reply.rows_title, reply.heads, reply.rows)), details("Teams", table("Teams", reply.team_heads, reply.team_rows)));
  }

  return { node, shown() { if (!looked) { begun = window.setTimeout(ask, SETTLING); } }, hidden() { window.clearTimeout(begun); } };
}
