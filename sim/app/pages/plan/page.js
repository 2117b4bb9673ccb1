/* Plan: a form for the question, the search as it goes, and plans as timelines of zones beside the limits. */

import { details, el, fill, filled, save, svg } from "/static/public/dom.js";
import { dropzone, send } from "/static/public/upload.js";
import { cloud } from "./cloud.js";
import { timelines } from "./timelines.js";

const LOOK = 1000;

export function make(app) {
  const say = app.about.words.plan;
  const said = el("p", { role: "status", class: "zx-finding" }), alarm = el("p", { role: "alert", class: "zx-warn zx-lines" }), bar = el("div"), body = el("div", { class: "zx-stack" });
  const begins = app.about.plan, sites = app.about.place.sites_listed;
  let timer = 0, shown = null;

  const number = (id, words, value, low, high, step = 1) => el("div", { class: "zx-settle" }, el("label", { for: `zx-ask-${id}` }, words), el("input", { type: "number", id: `zx-ask-${id}`, min: low, max: high, step, value }));
  const years = (kind, words, values) => el("fieldset", { class: "zx-years" }, el("legend", {}, words), values.map((v, k) => number(`${kind}-${k}`, k === 3 ? say.later_years : app.about.years[k + 1], v, 0, 1e10, 1000)));
  const several = (id, words) => el("div", { class: "zx-settle" }, el("label", { for: `zx-ask-${id}` }, words), el("select", { id: `zx-ask-${id}`, multiple: true, size: 5 }, sites.map((s) => el("option", { value: s.id }, s.words))));
  const runs = el("select", { id: "zx-ask-runs" }, begins.runs.map(([value, words]) => el("option", { value }, words)));
  const from = el("select", { id: "zx-ask-from", onchange: begun }), kept = begins.kept, brought = el("p", { class: "zx-small", "aria-live": "polite" });
  const own = el("input", { type: "checkbox", id: "zx-ask-own", checked: true });
  const ownline = el("span", { class: "zx-check-line" }, own, el("label", { for: "zx-ask-own" }, say.own));
  const go = el("button", { class: "zx-button zx-first", id: "zx-ask-go" }, say.find), halt = el("button", { type: "button", class: "zx-button", hidden: true, onclick: stop }, say.stop);
  const form = el("form", { class: "zx-box zx-ask", onsubmit: (e) => { e.preventDefault(); begin(); } },
    el("h2", {}, say.starts), el("div", { class: "zx-settles" }, el("div", { class: "zx-settle" }, el("label", { for: "zx-ask-from" }, say.continue_from), from)),
    details(say.bring, el("div", {}, el("p", { class: "zx-small" }, say.bring_how), dropzone("zx-ask-kept", filled(say.drop, { end: kept.end }), bring, kept.end), brought)),
    el("h2", {}, say.have), years("cash", say.cash, begins.cash), years("released", say.released, begins.released),
    el("div", { class: "zx-settles" }, number("chance", say.chance, 90, 50, 99), number("people", say.people, 0, 0, 100),
      number("people_from", say.people_from, 0, 0, 600), number("support_ends", say.support_ends, 0, 0, 600)),
    details(say.chosen, el("div", {}, el("div", { class: "zx-settles" }, number("zones", say.zones, 4, 1, 12), number("fewest", say.fewest, 2, 1, 1000), number("most", say.most, 20, 1, 1000), number("most_a_term", say.most_a_term, 0, 0, 1000)),
      sites.length ? el("div", { class: "zx-settles" }, several("first", say.first), several("must", say.must), several("never", say.never)) : null)),
    el("div", { class: "zx-row zx-left" }, ownline,
      el("label", { for: "zx-ask-runs", class: "zx-hidden" }, say.runs), runs, go, halt));
  const node = el("div", {}, el("h1", {}, "Plan"), el("p", { class: "zx-lead" }, say.lead), form, said, alarm, bar, body);

  /* What may be gone on from; what was chosen stays chosen while it is there. */
  function froms(choices, now = from.value) {
    const all = [["", say.no_update], ...choices], there = all.some(([word]) => word === now) ? now : "";
    if ([...from.options].map((o) => o.textContent).join() !== all.map(([, words]) => words).join()) { fill(from, all.map(([word, words]) => el("option", { value: word }, words))); }
    from.value = there;
    begun();
  }

  function begun() { ownline.hidden = from.value !== ""; }

  async function bring(file) {
    brought.textContent = filled(say.reading, { file: file.name });
    const error = file.size > kept.largest ? kept.large : await send(app, "plan-part", file.name, new Uint8Array(await file.arrayBuffer()));
    brought.textContent = error || filled(say.brought, { file: file.name });
    const reply = await app.act("plan-look");
    froms(reply.from || [], error ? from.value : "file");
  }

  const value = (id) => Number(document.getElementById(`zx-ask-${id}`).value);
  const picked = (id) => [...(document.getElementById(`zx-ask-${id}`)?.selectedOptions || [])].map((o) => o.value);

  async function begin() {
    if (!form.reportValidity()) { return; }
    alarm.textContent = "";
    fill(body);
    shown = null;
    const money = (kind) => [0, 1, 2, 3].map((k) => value(`${kind}-${k}`));
    const more = Object.fromEntries(["chance", "people", "people_from", "support_ends", "zones", "fewest", "most", "most_a_term"].map((id) => [id, value(id)]));
    const wishes = Object.fromEntries(["must", "never", "first"].map((id) => [id, picked(id)]));
    look(await app.act("plan-begin", { ask: app.state, cash: money("cash"), released: money("released"), ...more, ...wishes, own: own.checked, update: from.value, runs: runs.value }));
  }

  async function stop() { look(await app.act("plan-stop")); }

  function look(reply) {
    window.clearTimeout(timer);
    if (reply.from) { froms(reply.from); }
    const searching = reply.state === "searching";
    go.disabled = searching;
    halt.hidden = !searching;
    if (reply.error) { said.textContent = ""; alarm.textContent = reply.error; fill(bar); return; }
    if (!reply.state) { return; }
    if (searching) {
      said.textContent = reply.progress.words;
      fill(bar, el("progress", { max: 1, value: reply.progress.part, "aria-label": say.progress }), course(reply.history));
      bar.querySelector("progress").value = reply.progress.part;
      if (app.page.id === "plan") { timer = window.setTimeout(async () => look(await app.act("plan-look")), LOOK); }
      return;
    }
    fill(bar);
    if (reply.state === "done") { said.textContent = reply.found.finding; show(reply.found); }
    else if (reply.state === "stopped") { said.textContent = say.stopped; }
    else { said.textContent = ""; alarm.textContent = reply.state; }
  }

  /* The best so far, as the search goes. */
  function course(history) {
    if (history.length < 2) { return null; }
    const width = 640, height = 90, most = Math.max(...history.map((h) => h[0])), top = Math.max(...history.map((h) => h[1])), low = Math.min(...history.map((h) => h[1]));
    const x = (v) => 4 + (width - 8) * (v / most), y = (v) => 8 + (height - 16) * (1 - (v - low) / (top - low || 1));
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, role: "img", "aria-label": say.course }, svg("path", { d: `M${history.map((h) => `${x(h[0]).toFixed(1)} ${y(h[1]).toFixed(1)}`).join("L")}`, class: "zx-line zx-line-0", "stroke-width": 2.5 }),
      svg("text", { x: 4, y: height - 2, "font-size": 12, class: "zx-axis" }, say.best));
  }

  function show(found) {
    if (shown === found.words.join()) { return; }
    shown = found.words.join();
    fill(body, found.plans.length ? timelines(found, { take, save: (plan) => save(plan.file.name, plan.file.text, "text/plain") }, app.about.years, say) : null, found.plans.length ? cloud(found, say) : null,
      found.told.map((t) => el("section", { class: "zx-box" }, el("h2", {}, t.heading), el("ul", {}, t.lines.map((l) => el("li", {}, l))))),
      details(say.all_words, el("div", { class: "zx-lines" }, found.words.join("\n"))), el("p", { class: "zx-small" }, found.small));
  }

  /* The plan becomes the one on these pages; what is not searched stays as it was. */
  function take(plan) {
    const arm = app.state.arms[0];
    app.state.arms[0] = { ...arm, set: { ...arm.set, ...plan.take.set }, zones: structuredClone(plan.take.zones) };
    app.side.refresh();
    window.location.hash = "#/zones";
    app.ask();
  }

  return { node, async shown() { look(await app.act("plan-look")); }, hidden() { window.clearTimeout(timer); }, restyle() {} };
}
