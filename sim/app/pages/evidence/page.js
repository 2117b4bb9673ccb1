/* Evidence: why one should believe this, and where not. Each published band, with the model's runs drawn on it. */

import { details, el, fill, svg, table } from "/static/public/dom.js";

const GRADES = { A: "read at its source", B: "from a page that quotes it", C: "indirect", D: "a judgement" };
const KINDS = {
  predicted: ["Predicted", "Nothing was aimed at these. They say most."],
  fitted: ["Fitted", "Calibration aimed at these. That they are met proves little; that one is missed says a lot."],
  assumed: ["Assumed", "Inputs that are only checked: they should arrive where they were put."],
};

const WHY = ["Nothing in the model asks whether there is a team before it gives an outcome. What teams do can be taken away piece by piece, and each piece moves what it should.",
  "Few parameters are fitted, and each is named. Every figure marked predicted was never aimed at.",
  "Ranges hold what is not known: every run draws its own parameters from the sample that calibration left, besides chance."];
const WHERE_NOT = ["A figure marked ✗ below is one the model does not meet. Conclude nothing that rests on it.",
  "Much of the literature is quoted at second hand, from other countries and other services; each line says what its source can bear.",
  "A difference between two plans is taken run by run with common random numbers; a level alone rests on every assumption at once. Nothing here is a forecast for a named site, and the families are invented."];

export function make(app) {
  const body = el("div"), state = el("p", { role: "status" }), readings = el("section", { class: "zx-box", hidden: true });
  let timer = 0, drawn = "";
  const points = (words, list) => el("section", { class: "zx-box" }, el("h2", {}, words), el("ul", {}, list.map((p) => el("li", {}, p))));
  const why = el("div", { class: "zx-grid2" }, points("Why believe it", WHY), points("Where not", WHERE_NOT));
  const node = el("div", {}, el("h1", {}, "Why believe this, and where not"),
    el("p", { class: "zx-lead" }, "Published figures, each with what the model gives in the situation it describes. What the model misses is shown like what it meets."), why, readings, state, body);

  async function ask(measure) {
    const reply = await app.act("evidence", { measure, ...(app.state.calibration ? { calibration: app.state.calibration } : {}) });
    if (reply.error) { state.textContent = reply.error; return; }
    state.textContent = reply.status;
    app.checks = reply.checks;
    if (readings.hidden) { fill(readings, el("h2", {}, "Two readings of one study"), el("p", {}, reply.readings), el("p", { class: "zx-small" }, "Choose between them under More levers; every figure, link and briefing says which it was.")); readings.hidden = false; }
    const now = JSON.stringify(reply.rows);
    if (now !== drawn) { drawn = now; draw(reply); lead(); }
    window.clearTimeout(timer);
    if (reply.state === "measuring" && app.page.id === "evidence") { timer = window.setTimeout(() => ask(false), 1500); }
  }

  function draw({ rows, finding: said }) {
    const finding = said ? el("p", { class: "zx-finding" }, said) : null;
    const key = el("p", { class: "zx-small" }, "Pale band: what was published. Dark bar: 8 runs in 10. Mark: their median, also in brackets.");
    fill(body, finding, key, Object.entries(KINDS).map(([kind, [words, why]]) => {
      const mine = rows.filter((r) => r.kind === kind);
      return mine.length ? el("section", { class: "zx-box zx-later" }, el("h2", {}, words), el("p", { class: "zx-small" }, why), mine.map(row)) : null;
    }), details("All of it as a table", table("Published figures against the model", ["Figure", "Published", "Model: median (8 runs in 10)", "Verdict", "Standing", "Source", "What it can bear"],
      rows.map((r) => [r.measure, r.target, r.found ? r.found.text : "not measured yet", verdict(r), r.kind, source(r), r.bears]))));
  }

  /* A badge led here: to its row. */
  function lead() {
    const row = document.getElementById(`zx-row-${app.row}`);
    if (!row) { return; }
    app.row = "";
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }

  const source = (r) => `${r.source} (${r.grade}: ${GRADES[r.grade[0]] || ""})`;
  const verdict = (r) => (r.found ? (r.found.within ? "✓ within" : "✗ missed") : "not measured yet");

  function row(r) {
    return el("div", { class: "zx-proof", id: `zx-row-${r.id}`, tabindex: "-1" }, el("div", {}, el("h3", {}, r.measure[0].toUpperCase() + r.measure.slice(1)), el("p", { class: "zx-small" }, `Published: ${r.target}. ${source(r)}`), el("p", { class: "zx-small" }, r.bears)),
      el("div", {}, r.found ? r.found.readings.map(strip) : el("p", { class: "zx-small" }, "not measured yet")), el("p", { class: `zx-verdict ${r.found && !r.found.within ? "zx-warn" : ""}` }, r.found ? verdict(r) : ""));
  }

  /* The published band pale, the model's runs on it. */
  function strip(r) {
    const ends = [r.p10, r.median, r.p90].filter((v) => v !== null), band = [r.low, r.high].filter((v) => v !== null && Number.isFinite(v) && Math.abs(v) < 1e6);
    if (r.median === null) { return el("p", { class: "zx-small" }, r.text); }
    const all = [...ends, ...band, 0], least = Math.min(...all), most = Math.max(...all), width = 380, room = most - least || 1;
    const x = (v) => 6 + (width - 12) * Math.min(1, Math.max(0, (v - least + room * 0.04) / (room * 1.08)));
    const low = band.includes(r.low) ? x(r.low) : 0, high = band.includes(r.high) ? x(r.high) : width;
    return el("figure", { class: "zx-strip" }, el("figcaption", {}, r.text, r.within ? "" : el("b", { class: "zx-warn" }, " ✗")),
      svg("svg", { viewBox: `0 0 ${width} 24`, width: "100%", role: "img", "aria-label": `${r.text}; published ${r.band}` },
        svg("rect", { x: low, y: 2, width: Math.max(4, high - low), height: 20, rx: 3, class: "zx-published" }), svg("line", { x1: 0, x2: width, y1: 12, y2: 12, class: "zx-grid" }),
        r.p10 !== null && r.p90 !== null ? svg("rect", { x: x(r.p10), y: 8, width: Math.max(3, x(r.p90) - x(r.p10)), height: 8, rx: 4, class: "zx-band-0" }) : null,
        svg("rect", { x: x(r.median) - 2, y: 3, width: 4, height: 18, style: "fill:var(--ink)" })));
  }

  return { node, shown() { ask(true); lead(); }, hidden() { window.clearTimeout(timer); } };
}
