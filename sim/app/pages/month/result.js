/* What came of the update: where each measure stands, bands with what was seen on them, and the answer in words. */

import { bytes as raw, details, el, fill, filled, save, table } from "/static/public/dom.js";
import { fan } from "/static/public/chart.js";
import { Show } from "/static/public/show.js";
import { strip } from "/static/public/strip.js";

const STANDS = "Where it stands", FITS = "Does the model explain what was seen?", LEARNED = "What was learned about this place",
  FORECASTS = "The forecast, before and after", NEXT = "The next zone", LOOK = "What to look at next", SURE = "How sure this is";

export function result(app) {
  const say = app.about.words.month;
  let view = null, chosen = "", far = false;

  function picture(chart, { width, height, big = 1, names = view.names, long = far, least = 0, room = 178 }) {
    const months = long ? view.months : view.near, cut = (arm) => ({ series: { [chart.id]: { bands: arm.bands.map((q) => q.slice(0, months + 1)), text: arm.text } } });
    const scale = { ...chart.scales[long ? 1 : 0] };
    scale.top = Math.max(scale.top, least);
    const made = fan({ width, height, big, room, names, months, scale, arms: chart.arms.map(cut), main: null, measure: chart.id, chart: { origin: "start", mark: null, years: app.about.years, within: app.about.within }, label: chart.finding, marks: chart.marks });
    return { made, top: scale.top, label: chart.finding };
  }

  function standings() {
    return el("section", { class: "zx-box" }, el("h2", {}, STANDS), el("p", { class: "zx-small" }, say.bar),
      view.standings.map((s) => el("div", { class: "zx-stand" }, el("div", {}, el("h3", {}, s.title), el("p", {}, `${s.when}: ${s.said}`)),
        strip({ scale: s.scale, bands: [s.expected], seen: s.seen, label: s.told }),
        el("p", { class: `zx-verdict ${s.off ? "zx-warn" : ""}` }, el("span", { "aria-hidden": "true" }, `${s.sign} `), s.verdict))));
  }

  function charts() {
    const holder = el("div"), behind = el("div"), finding = el("p", { class: "zx-finding" });
    if (!view.charts.some((c) => c.id === chosen)) { chosen = view.charts[0].id; }
    const pick = el("select", { id: "zx-seen-chart", onchange: () => { chosen = pick.value; draw(); } }, view.charts.map((c) => el("option", { value: c.id, selected: c.id === chosen }, c.title)));
    const long = el("input", { type: "checkbox", id: "zx-seen-far", checked: far, onchange: () => { far = long.checked; draw(); } });
    function draw() {
      const chart = view.charts.find((c) => c.id === chosen);
      finding.textContent = chart.finding;
      const width = Math.max(280, Math.min(1640, holder.clientWidth || document.querySelector("main").clientWidth - 70)), narrow = width < 520;
      fill(holder, picture(chart, { width, height: narrow ? 260 : 340, room: narrow ? 108 : 178 }).made);
      fill(behind, chart.hidden ? el("p", { class: "zx-small" }, chart.hidden) : null, details(say.table, table(chart.title, [say.when, ...view.names, say.seen], chart.rows)));
    }
    window.queueMicrotask(draw);
    return el("section", { class: "zx-box" }, el("h2", {}, FORECASTS), el("div", { class: "zx-row zx-left zx-chartpick" }, el("span", { class: "zx-settle" }, el("label", { for: "zx-seen-chart" }, say.measure), pick),
      view.months > view.near ? el("span", { class: "zx-check-line" }, long, el("label", { for: "zx-seen-far" }, say.to_end)) : null), finding, holder, behind, el("p", { class: "zx-small" }, view.foot));
  }

  const box = (title, mark = "") => (view.told[title] ? el("section", { class: `zx-box ${mark}` }, el("h2", {}, title), el("ul", {}, view.told[title].map((line) => el("li", {}, line)))) : null);

  function gates() {
    if (!view.gates.length) { return null; }
    return el("section", { class: "zx-box" }, el("h2", {}, NEXT), el("p", { class: "zx-small" }, say.gates),
      view.gates.map((g) => table(g.title, g.heads, g.rows, { hidden: false })), details(say.sentences, el("ul", {}, view.told[NEXT].map((line) => el("li", {}, line)))));
  }

  function hand(reply) {
    const show = el("button", { type: "button", class: "zx-button zx-first", id: "zx-seen-story", onclick: () => { if (!app.story) { new Show(app, { story: reply.story, charts: (id, options) => picture(view.charts.find((c) => c.id === id), { ...options, long: false }) }); } } }, say.show);
    return el("section", { class: "zx-box" }, el("h2", {}, say.room), el("p", {}, say.story),
      el("div", { class: "zx-row zx-left" }, show, el("button", { type: "button", class: "zx-button", onclick: () => save("what-we-have-seen.txt", reply.report, "text/plain") }, say.report)));
  }

  function keep() {
    const said = el("p", { role: "status" });
    const get = el("button", { type: "button", class: "zx-button zx-first", id: "zx-seen-save", onclick: async () => {
      const kept = await app.act("seen-save");
      if (!kept.error) { save(kept.file, new Blob([raw(kept.base64)]), ""); }
      said.textContent = kept.error || filled(say.saved, { file: kept.file });
    } }, say.save);
    return el("section", { class: "zx-box" }, el("h2", {}, say.on), el("p", {}, say.on_how),
      el("div", { class: "zx-row zx-left" }, get, el("a", { class: "zx-button", href: "#/plan", id: "zx-seen-plan-on" }, say.to_plan)), said);
  }

  return {
    draw(reply) {
      view = reply.view;
      if (view.coarse) { return el("div", { class: "zx-stack" }, el("p", { class: "zx-finding" }, view.head, " ", view.finding), standings(), view.charts.length ? charts() : null); }
      return el("div", { class: "zx-stack" }, el("p", { class: "zx-finding" }, view.head), standings(), box(FITS, view.fits ? "zx-ready" : "zx-settlebox"), view.charts.length ? charts() : null,
        el("div", { class: "zx-grid2" }, box(LEARNED), box(LOOK)), gates(), hand(reply), keep(), box(SURE));
    },
    get view() { return view; },
  };
}
