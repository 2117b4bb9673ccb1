/* Zone by zone: the plan as a timeline one can edit, each zone as a slice, the core team's attention, cost, both plans. */

import { details, el, fill, svg, table } from "/static/public/dom.js";
import { editor } from "./plan.js";
import { stagesLegend, zone } from "./slices.js";

export function make(app) {
  const say = app.about.words.zones;
  let which = 0;
  const pick = el("fieldset", { class: "zx-tabs" }, el("legend", {}, "Shown and edited"), [0, 1].map((k) => [
    el("input", { type: "radio", name: "zx-plan", id: `zx-plan-${k}`, checked: k === 0, onchange: () => { which = k; draw(); } }),
    el("label", { for: `zx-plan-${k}`, class: `zx-sign-${k}` }, k ? "what it is compared with" : "the plan")]));
  const plan = editor(app), rows = el("div", { class: "zx-zones" }), whole = el("div", { class: "zx-zones" }), compare = el("div");
  const head = el("p", { class: "zx-lead" });
  const node = el("div", {}, el("h1", {}, "Zone by zone"), el("div", { class: "zx-row" }, head, pick),
    el("section", { class: "zx-box" }, el("h2", {}, say.timeline), plan.node), whole, stagesLegend(app.about), el("p", { class: "zx-small" }, app.about.slices), rows, compare);

  function draw() {
    const answer = app.full;
    if (!answer) { head.textContent = say.follows; return; }
    const zones = answer.zones[which];
    head.textContent = zones.lead;
    plan.update(answer, which);
    const most = Math.max(1, ...zones.rows.flatMap((row) => (row.levels ?? []).map((level) => level[1])));
    fill(rows, zones.rows.map((row) => zone(row, answer, which, app.about, most)));
    fill(whole, attention(zones, answer), cost(zones));
    fill(compare, details(say.ends, table(say.ends, answer.compared.heads, answer.compared.rows), compare.querySelector("details")?.open));
  }

  /* Needed against available: above the line the team is overstretched. */
  function attention(zones, answer) {
    const { curve, high, finding, over, rows, scale } = zones.attention, known = curve.filter((v) => v !== null);
    const box = el("section", { class: "zx-box" }, el("h2", {}, say.attention));
    if (!known.length) { box.append(el("p", {}, finding)); return box; }
    box.append(el("p", { class: "zx-finding" }, finding));
    const width = 560, height = 138, { top, ticks } = scale, x = (m) => 44 + (width - 60) * (m / answer.months), y = (v) => 8 + (height - 36) * (1 - v / top);
    const line = (values) => values.map((v, m) => (v === null ? "" : `${m === 0 || values[m - 1] === null ? "M" : "L"}${x(m).toFixed(1)} ${y(v).toFixed(1)}`)).join("");
    const above = curve.map((v, m) => (v === null ? null : [x(m), y(Math.max(1, v))])).filter(Boolean);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": say.attention_label });
    for (const [v, words] of ticks) { made.append(svg("line", { x1: x(0), x2: x(answer.months), y1: y(v), y2: y(v), class: "zx-grid" }), svg("text", { x: 36, y: y(v) + 4, "text-anchor": "end", class: "zx-axis" }, words)); }
    made.append(svg("path", { d: `M${above[0][0]} ${y(1)}L${above.map((p) => p.map((n) => n.toFixed(1)).join(" ")).join("L")}L${above.at(-1)[0]} ${y(1)}Z`, class: "zx-over" }),
      svg("line", { x1: x(0), x2: x(answer.months), y1: y(1), y2: y(1), class: "zx-mark" }), svg("path", { d: line(high), class: "zx-other", "stroke-width": 1.4 }),
      svg("path", { d: line(curve), class: `zx-line zx-line-${which}`, "stroke-width": 3 }),
      svg("text", { x: x(answer.months) - 4, y: y(1) + 16, "text-anchor": "end", class: "zx-outline zx-strong" }, say.can_give));
    const worst = curve.indexOf(Math.max(...known));
    if (over) { made.append(svg("text", { x: Math.min(Math.max(x(worst), 110), width - 110), y: (y(curve[worst]) + y(1)) / 2 + 4, "text-anchor": "middle", class: "zx-outline zx-strong zx-warn" }, say.overstretched)); }
    const step = [12, 24, 36, 60].find((s) => answer.months / s <= 8) || 60;
    for (let m = 0; m <= answer.months; m += step) { made.append(svg("text", { x: x(m), y: height - 6, "text-anchor": m === 0 ? "start" : m === answer.months ? "end" : "middle", class: "zx-axis" }, app.about.years[m / 12])); }
    const { within } = app.about;
    if (answer.months > within.month) { made.append(svg("line", { x1: x(within.month), x2: x(within.month), y1: y(top), y2: y(0), class: "zx-mark zx-five" }), svg("text", { x: x(within.month) + 4, y: y(top) + 10, class: "zx-outline zx-axis" }, within.words)); }
    box.append(made, details(say.attention_table, table(say.needed, say.attention_heads, rows)));
    return box;
  }

  function cost(zones) {
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    const box = el("section", { class: "zx-box" }, el("h2", {}, say.cost)), rows = zones.cost.rows;
    if (!rows.length) { box.append(el("p", {}, zones.cost.finding)); return box; }
    const most = Math.max(...rows.map((r) => sum(r.time) + sum(r.cash)));
    const width = 560, line = 24, left = 130, made = svg("svg", { viewBox: `0 0 ${width} ${rows.length * line}`, width: "100%", role: "img", "font-size": 14, "aria-label": say.cost_label });
    rows.forEach((r, i) => {
      const x = (v) => (width - left - 80) * (v / most), y = i * line + 4, t = sum(r.time), c = sum(r.cash);
      made.append(svg("text", { x: 0, y: y + 14 }, r.agency), svg("rect", { x: left, y, width: x(t), height: 19, class: "zx-time" }), svg("rect", { x: left + x(t), y, width: x(c), height: 19, class: "zx-cash" }),
        svg("text", { x: left + x(t + c) + 7, y: y + 14 }, r.text));
    });
    box.append(el("p", { class: "zx-finding" }, zones.cost.finding), el("div", { class: "zx-narrow" }, made,
      el("p", { class: "zx-small" }, el("i", { class: "zx-key zx-key-time", "aria-hidden": "true" }), " released time ", el("i", { class: "zx-key zx-key-cash", "aria-hidden": "true" }), zones.cost.small)),
    details(say.table, table(say.cost, zones.cost.heads, zones.cost.table)));
    return box;
  }

  return { node, update() { draw(); }, restyle() { draw(); } };
}
