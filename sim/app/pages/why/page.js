/* Why: the causal picture step by step, the bottleneck of this plan lit; one site's or practitioner's story. */

import { el, fill, table } from "/static/public/dom.js";
import { Net } from "/static/public/net.js";
import { picture } from "./picture.js";

export function make(app) {
  const say = app.about.words.why;
  let which = app.chosen?.plan ?? 0, step = 0, told = null, asked = "";
  const pick = el("fieldset", { class: "zx-tabs" }, el("legend", {}, "Shown"), [0, 1].map((k) => [
    el("input", { type: "radio", name: "zx-why", id: `zx-why-${k}`, checked: k === which, onchange: () => { which = k; ask(); showNet(); } }),
    el("label", { for: `zx-why-${k}`, class: `zx-sign-${k}` }, k ? "what it is compared with" : "the plan")]));
  const lead = el("p", { class: "zx-lead" }), title = el("p", { class: "zx-finding zx-why-title", role: "status" }, say.looking);
  const since = el("p"), links = picture(), table_ = el("div"), small = el("p", { class: "zx-small" });
  const heading = el("h3"), text = el("p"), back = button("Back", () => go(step - 1)), next = button("Next", () => go(step + 1));
  const count = el("span", { class: "zx-small" });
  const steps = el("div", { class: "zx-why-step", role: "group", "aria-label": say.steps }, el("div", { class: "zx-row zx-left" }, back, next, count), el("div", { "aria-live": "polite" }, heading, text));
  const now = el("output", { class: "zx-now", for: "zx-why-month" });
  const month = el("input", { type: "range", id: "zx-why-month", min: 0, max: 120, step: 1, value: 120, "aria-label": "Month", oninput: () => atMonth(Number(month.value)) });
  const canvas = el("canvas", { class: "zx-net zx-net-choose", role: "img", "aria-label": say.canvas });
  const net = new Net(canvas);
  const site = el("select", { id: "zx-why-site", onchange: () => { listPeople(); story("site", Number(site.value)); } });
  const person = el("select", { id: "zx-why-person", onchange: () => { if (person.value === "") { story("site", Number(site.value)); } else { story("practitioner", Number(person.value)); } } });
  const family = el("select", { id: "zx-why-family", onchange: () => { if (family.value === "") { story("practitioner", Number(person.value)); } else { story("family", Number(family.value)); } } });
  const tale = el("div", { class: "zx-told", "aria-live": "polite" }, el("p", { class: "zx-small" }, say.choose));
  canvas.addEventListener("click", (e) => {
    const found = net.at(e.offsetX, e.offsetY);
    if (found) { choose(found); }
  });
  const body = el("div", { hidden: true },
    el("section", { class: "zx-box" }, el("h2", {}, say.steps), steps, links.node, el("div", { class: "zx-clockrow" }, now, month), small),
    el("div", { class: "zx-halves zx-later" },
      el("section", { class: "zx-box" }, el("h2", {}, say.eased), table_),
      el("section", { class: "zx-box" }, el("h2", {}, say.one), canvas,
        el("div", { class: "zx-why-lists" }, el("label", { for: "zx-why-site" }, "Site", site), el("label", { for: "zx-why-person" }, "Practitioner", person), el("label", { for: "zx-why-family" }, "Family", family)), tale)));
  const hard = el("section", { class: "zx-box zx-later" }, el("h2", {}, say.hard_title), el("p", { class: "zx-small" }, say.hard_lead), el("div", { class: "zx-grid3" }, say.hard.map((one) => el("div", {}, el("h3", {}, one.question), el("p", {}, one.why), el("p", { class: "zx-small" }, one.doubt),
    el("button", { type: "button", class: "zx-button", id: `zx-hard-${one.preset}`, "aria-label": `${say.hard_ask}: ${one.question}`, onclick: () => put(one.preset) }, say.hard_ask)))));
  const node = el("div", {}, el("h1", {}, "Why"), lead, pick, title, since, body, hard);

  /* A hard question becomes the one on all pages: that plan beside the one with teams. */
  function put(preset) {
    which = 0;
    node.querySelector("#zx-why-0").checked = true;
    app.state = { ...app.state, arms: [{ preset, set: {} }, { preset: app.about.first.arms[0].preset, set: {} }] };
    app.side.refresh();
    app.ask();
    window.scrollTo(0, 0);
  }

  function button(words, act) { return el("button", { type: "button", class: "zx-button", onclick: act }, words); }

  /* Asked again until every part has been tried; another question in between ends it. */
  async function ask() {
    if (!app.full) { return; }
    const wanted = JSON.stringify([which, app.full.question]);
    if (asked === wanted) { return; }
    asked = wanted;
    lead.textContent = app.names[which];
    while (asked === wanted && app.page.id === "why") {
      const reply = await app.act("why", { ask: app.full.question, plan: which });
      if (asked !== wanted) { return; }
      if (reply.error) { title.textContent = reply.error; asked = ""; return; }
      if (reply.ready) { show(reply); return; }
      title.textContent = reply.words;
    }
    asked = "";
  }

  function show(reply) {
    told = reply;
    title.textContent = reply.title;
    since.textContent = [reply.since, reply.eased, reply.next].filter(Boolean).join(" ");
    small.textContent = reply.small;
    fill(table_, table(say.eased, reply.table.heads, reply.table.rows));
    month.max = reply.moments.length - 1;
    month.value = month.max;
    links.draw(reply.nodes, (id) => go(Math.max(0, reply.steps.findIndex((s) => s.links.includes(id)))));
    fill(site, reply.sites.map(([words], i) => el("option", { value: i }, words)));
    body.hidden = false;
    go(Math.min(step, reply.steps.length - 1));
    atMonth(Number(month.max));
    listPeople();
    listFamilies([]);
    fill(tale, el("p", { class: "zx-small" }, say.choose));
    net.resize();
    if (app.chosen) { choose(app.chosen); app.chosen = null; }
  }

  function go(to) {
    const { steps: all } = told;
    step = Math.max(0, Math.min(all.length - 1, to));
    heading.textContent = all[step].title;
    text.textContent = all[step].text;
    count.textContent = all.map((_, i) => (i === step ? "●" : "○")).join(" ");
    count.setAttribute("aria-label", `${step + 1} / ${all.length}`);
    back.disabled = step === 0;
    next.disabled = step === all.length - 1;
    links.light(all[step].links);
  }

  function atMonth(m) {
    now.textContent = told.moments[m];
    month.setAttribute("aria-valuetext", told.moments[m]);
    month.style.setProperty("--part", m / (told.moments.length - 1));
    links.at(m);
    net.draw(m);
  }

  function listPeople() {
    const [, first, staff] = told.sites[Number(site.value)] || [0, 0, 0];
    fill(person, el("option", { value: "" }, say.itself), Array.from({ length: staff }, (_, i) => el("option", { value: first + i }, `${i + 1}`)));
  }

  function listFamilies(found) {
    fill(family, el("option", { value: "" }, found.length ? say.practitioner : say.first_practitioner), found.map(([index, words]) => el("option", { value: index }, words)));
    family.disabled = !found.length;
  }

  function choose(found) {
    site.value = found.site;
    listPeople();
    if (found.person === null) { story("site", found.site); } else { person.value = found.person; story("practitioner", found.person); }
  }

  async function story(kind, index) {
    const reply = await app.act("why-story", { ask: app.full.question, plan: which, kind, index });
    if (kind !== "family") { listFamilies(reply.families ?? []); }
    fill(tale, reply.error ? el("p", {}, reply.error) : [el("h3", {}, reply.title), el("ol", { class: "zx-plainlist" }, reply.lines.map((l) => el("li", {}, l))), el("p", { class: "zx-small" }, reply.small)]);
  }

  function showNet() {
    if (!app.pictured) { return; }
    net.tone = which ? "b" : "a";
    net.month = app.pictured.months;
    net.show(app.pictured, app.pictured.arms[which]);
  }

  return {
    node,
    update() { ask(); },
    picture() { showNet(); },
    shown() {
      if (app.chosen) { which = app.chosen.plan; node.querySelector(`#zx-why-${which}`).checked = true; showNet(); }
      if (app.chosen && told && asked === JSON.stringify([which, app.full.question])) { choose(app.chosen); app.chosen = null; }
      ask();
      this.watching = new ResizeObserver(() => { net.resize(); links.arrows(); });
      this.watching.observe(node);
    },
    hidden() { this.watching?.disconnect(); },
    restyle() { net.resize(); },
  };
}
