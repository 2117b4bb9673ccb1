/* Zone by zone: the plan as a timeline one can edit, each zone as a slice, the core team's attention, cost, both plans. */

import { el, figures, fill, money, plural, svg, table } from "./dom.js";
import { editor } from "./plan.js";
import { zone } from "./slices.js";

export const id = "zones";
export const title = "Zone by zone";
export const levers = true;

const COMPARED = ["sites_full_share", "practitioners_using_share", "need_served_at_fidelity_share"];

export function make(app) {
  let which = 0;
  const pick = el("fieldset", { class: "zx-tabs" }, el("legend", {}, "Shown and edited"), [0, 1].map((k) => [
    el("input", { type: "radio", name: "zx-plan", id: `zx-plan-${k}`, checked: k === 0, onchange: () => { which = k; draw(); } }),
    el("label", { for: `zx-plan-${k}`, class: `zx-sign-${k}` }, k ? "what it is compared with" : "the plan")]));
  const plan = editor(app), rows = el("div", { class: "zx-stack" }), whole = el("div", { class: "zx-stack" }), compare = el("section", { class: "zx-box zx-later" });
  const head = el("p", { class: "zx-lead" });
  const node = el("div", {}, el("h1", {}, "Zone by zone"), head, pick,
    el("section", { class: "zx-box" }, el("h2", {}, "The plan as a timeline"), plan.node), compare, rows, whole);

  function draw() {
    const answer = app.full;
    if (!answer) { head.textContent = "The full answer follows in a moment."; return; }
    const zones = answer.zones[which], arm = answer.arms[which];
    head.textContent = arm.zones.length
      ? `${arm.title}: ${plural(arm.zones.length, "zone")} in ${app.about.place.name}. Ranges hold 8 in 10 of ${answer.replicates} runs.`
      : `${arm.title}: no zone opens, no site is selected or trained.`;
    plan.update(answer, which);
    fill(rows, zones.rows.map((row) => zone(row, answer, which)));
    fill(whole, attention(zones, answer), cost(zones, answer));
    const inside = (z) => z.rows.filter((r) => r.seen).reduce((n, r) => n + r.sites, 0);
    fill(compare, el("h2", {}, "Both plans at the end"), table("Both plans at the end", ["", ...app.names, "Difference, run by run"], [
      ["zones", ...answer.arms.map((a) => a.zones.length || "none"), ""], ["sites in zones", ...answer.zones.map(inside), ""],
      ...[...COMPARED.map((name) => answer.headlines.find((x) => x.id === name)), ...answer.costs].map((h) => [`${h.words} (${[...new Set(h.arms.map((a) => a.kind))].join(" / ")})`, h.arms[0].text, h.arms[1].text, h.difference])]));
  }

  /* Needed against available: above the line the team is overstretched. */
  function attention(zones, answer) {
    const curve = zones.attention, high = zones.attention_high, known = curve.filter((v) => v !== null);
    const box = el("section", { class: "zx-box" }, el("h2", {}, "The core team's attention"));
    if (!known.length) { box.append(el("p", {}, "There is no core team.")); return box; }
    const over = curve.filter((v) => v !== null && v > 1.0).length;
    box.append(el("p", { class: "zx-finding" }, over
      ? `Overstretched in ${plural(over, "month")} of ${answer.months}: at worst ${figures(Math.max(...known))} times what it can give is needed.`
      : "It can meet what is needed in every month (median of the runs)."));
    const width = 560, height = 210, top = Math.max(1.3, ...high.filter((v) => v !== null)) * 1.06, x = (m) => 44 + (width - 60) * (m / answer.months), y = (v) => 8 + (height - 36) * (1 - v / top);
    const line = (values) => values.map((v, m) => (v === null ? "" : `${m === 0 || values[m - 1] === null ? "M" : "L"}${x(m).toFixed(1)} ${y(v).toFixed(1)}`)).join("");
    const above = curve.map((v, m) => (v === null ? null : [x(m), y(Math.max(1, v))])).filter(Boolean);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": "Attention needed against available, by month" });
    for (let v = 0; v <= top; v += top > 3 ? 1 : 0.5) { made.append(svg("line", { x1: x(0), x2: x(answer.months), y1: y(v), y2: y(v), class: "zx-grid" }), svg("text", { x: 36, y: y(v) + 4, "text-anchor": "end", class: "zx-axis" }, `${v} ×`)); }
    made.append(svg("path", { d: `M${above[0][0]} ${y(1)}L${above.map((p) => p.map((n) => n.toFixed(1)).join(" ")).join("L")}L${above.at(-1)[0]} ${y(1)}Z`, class: "zx-over" }),
      svg("line", { x1: x(0), x2: x(answer.months), y1: y(1), y2: y(1), class: "zx-mark" }), svg("path", { d: line(high), class: "zx-other", "stroke-width": 1.4 }),
      svg("path", { d: line(curve), class: `zx-line zx-line-${which}`, "stroke-width": 3 }),
      svg("text", { x: x(answer.months) - 4, y: y(1) + 16, "text-anchor": "end", class: "zx-outline zx-strong" }, "all it can give"));
    const worst = curve.indexOf(Math.max(...known));
    if (over) { made.append(svg("text", { x: Math.min(Math.max(x(worst), 110), width - 110), y: (y(curve[worst]) + y(1)) / 2 + 4, "text-anchor": "middle", class: "zx-outline zx-strong zx-warn" }, "overstretched")); }
    const step = [12, 24, 36, 60].find((s) => answer.months / s <= 8) || 60;
    for (let m = 0; m <= answer.months; m += step) { made.append(svg("text", { x: x(m), y: height - 6, "text-anchor": m === 0 ? "start" : m === answer.months ? "end" : "middle", class: "zx-axis" }, m ? `year ${m / 12}` : "start")); }
    box.append(el("div", { class: "zx-halves" }, el("div", {}, made, el("p", { class: "zx-small" }, "Line: median of the runs. Dashed: 9 runs in 10 stay below.")), table("Attention needed against available", ["Month", "needed against available, median", "9 runs in 10 below"],
      curve.map((v, m) => [m, v === null ? "none yet" : `${figures(v)} ×`, high[m] === null ? "" : `${figures(high[m])} ×`]).filter((_, m) => m % 12 === 0))));
    return box;
  }

  function cost(zones, answer) {
    const years = Array.from({ length: zones.cost.years }, (_, i) => `year ${i + 1}`), sum = (list) => list.reduce((a, b) => a + b, 0);
    const box = el("section", { class: "zx-box" }, el("h2", {}, "Cost by agency and year")), rows = zones.cost.rows;
    if (!rows.length) { box.append(el("p", {}, "No cost arises.")); return box; }
    const time = sum(rows.map((r) => sum(r.time))), cash = sum(rows.map((r) => sum(r.cash))), most = Math.max(...rows.map((r) => sum(r.time) + sum(r.cash)));
    const width = 560, line = 34, left = 130, made = svg("svg", { viewBox: `0 0 ${width} ${rows.length * line}`, width: "100%", role: "img", "font-size": 14, "aria-label": "Cost by agency; the table below has every year" });
    rows.forEach((r, i) => {
      const x = (v) => (width - left - 80) * (v / most), y = i * line + 4, t = sum(r.time), c = sum(r.cash);
      made.append(svg("text", { x: 0, y: y + 17 }, r.agency), svg("rect", { x: left, y, width: x(t), height: 24, class: "zx-time" }), svg("rect", { x: left + x(t), y, width: x(c), height: 24, class: "zx-cash" }),
        svg("text", { x: left + x(t + c) + 7, y: y + 17 }, money(t + c)));
    });
    box.append(el("p", { class: "zx-finding" }, `${money(time)} of released staff time and ${money(cash)} in cash over ${plural(zones.cost.years, "year")}.`), el("div", { class: "zx-halves" }, el("div", {}, made,
      el("p", { class: "zx-small" }, el("i", { class: "zx-key zx-key-time", "aria-hidden": "true" }), " released time ", el("i", { class: "zx-key zx-key-cash", "aria-hidden": "true" }), ` cash; mean of ${answer.replicates} runs`)),
    table("Cost by agency and year", ["Agency", "", ...years], rows.flatMap((r) => [[r.agency, "cash", ...r.cash.map(money)], [r.agency, "released time", ...r.time.map(money)]]))));
    return box;
  }

  return { node, update() { draw(); }, restyle() { draw(); } };
}
