/* Evidence: why one should believe this, and where not. Each published band, with the model's runs drawn on it. */

import { details, el, fill, svg, table } from "/static/public/dom.js";

export function make(app) {
  const words = app.about.evidence;
  const body = el("div"), state = el("p", { role: "status", class: "zx-later zx-small" }), readings = el("section", { class: "zx-box", hidden: true });
  let timer = 0, drawn = "";
  const why = el("div", { class: "zx-grid2" }, words.points.map(([heading, list]) => el("section", { class: "zx-box" }, el("h2", {}, heading), el("ul", {}, list.map((p) => el("li", {}, p))))));
  const node = el("div", {}, el("h1", {}, words.title), el("p", { class: "zx-lead" }, words.lead), why, readings, state, body);

  async function ask(measure) {
    const reply = await app.act("evidence", { measure, ...(app.state.calibration ? { calibration: app.state.calibration } : {}) });
    if (reply.error) { state.textContent = reply.error; return; }
    state.textContent = reply.status;
    app.checks = reply.checks;
    if (readings.hidden) { fill(readings, el("h2", {}, "Two readings of one study"), el("p", {}, reply.readings), el("p", { class: "zx-small" }, words.choose)); readings.hidden = false; }
    const now = JSON.stringify(reply.rows);
    if (now !== drawn) { drawn = now; draw(reply); lead(); }
    window.clearTimeout(timer);
    if (reply.state === "measuring" && app.page.id === "evidence") { timer = window.setTimeout(() => ask(false), 1500); }
  }

  function draw({ rows, finding: said }) {
    const finding = said ? el("p", { class: "zx-finding" }, said) : null;
    const key = el("p", { class: "zx-small" }, words.key);
    fill(body, finding, key, Object.entries(words.kinds).map(([kind, [heading, text]]) => {
      const mine = rows.filter((r) => r.kind === kind);
      return mine.length ? el("section", { class: "zx-box zx-later" }, el("h2", {}, heading), el("p", { class: "zx-small" }, text), mine.map(row)) : null;
    }), details(words.table.words, table(words.table.caption, words.table.heads,
      rows.map((r) => [r.measure, r.target, r.text, r.verdict, r.kind, r.source_words, r.bears]))));
  }

  /* A badge led here: to its row. */
  function lead() {
    const row = document.getElementById(`zx-row-${app.row}`);
    if (!row) { return; }
    app.row = "";
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }

  function row(r) {
    return el("div", { class: "zx-proof", id: `zx-row-${r.id}`, tabindex: "-1" }, el("div", {}, el("h3", {}, r.heading), el("p", { class: "zx-small" }, r.said), el("p", { class: "zx-small" }, r.bears)),
      el("div", {}, r.found ? r.found.readings.map(strip) : el("p", { class: "zx-small" }, r.verdict)), el("p", { class: `zx-verdict ${r.found && !r.found.within ? "zx-warn" : ""}` }, r.found ? r.verdict : ""));
  }

  /* The published band pale, the model's runs on it. */
  function strip(r) {
    const ends = [r.p10, r.median, r.p90].filter((v) => v !== null), band = [r.low, r.high].filter((v) => v !== null && Number.isFinite(v) && Math.abs(v) < 1e6);
    if (r.median === null) { return el("p", { class: "zx-small" }, r.text); }
    const all = [...ends, ...band, 0], least = Math.min(...all), most = Math.max(...all), width = 380, room = most - least || 1;
    const x = (v) => 6 + (width - 12) * Math.min(1, Math.max(0, (v - least + room * 0.04) / (room * 1.08)));
    const low = band.includes(r.low) ? x(r.low) : 0, high = band.includes(r.high) ? x(r.high) : width;
    return el("figure", { class: "zx-strip" }, el("figcaption", {}, r.text, r.within ? "" : el("b", { class: "zx-warn" }, " ✗")),
      svg("svg", { viewBox: `0 0 ${width} 24`, width: "100%", role: "img", "aria-label": r.label },
        svg("rect", { x: low, y: 2, width: Math.max(4, high - low), height: 20, rx: 3, class: "zx-published" }), svg("line", { x1: 0, x2: width, y1: 12, y2: 12, class: "zx-grid" }),
        r.p10 !== null && r.p90 !== null ? svg("rect", { x: x(r.p10), y: 8, width: Math.max(3, x(r.p90) - x(r.p10)), height: 8, rx: 4, class: "zx-band-0" }) : null,
        svg("rect", { x: x(r.median) - 2, y: 3, width: 4, height: 18, style: "fill:var(--ink)" })));
  }

  return { node, shown() { ask(true); lead(); }, hidden() { window.clearTimeout(timer); } };
}
