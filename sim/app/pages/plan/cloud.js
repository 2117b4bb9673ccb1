/* Everything that was tried: need served against cost or certification; a budget moves along it. */

import { el, fill, filled, svg } from "/static/public/dom.js";

export function cloud(found, say) {
  const { points, scales, measures, budgets } = found.tried;
  if (!points.length) { return null; }
  let across = 0;
  const picture = el("div"), said = el("output", { class: "zx-finding", for: "zx-budget" });
  const range = el("input", { type: "range", id: "zx-budget", min: 0, max: budgets.length - 1, step: 1, value: budgets.length - 1, oninput: draw });
  const pick = el("fieldset", { class: "zx-tabs" }, el("legend", {}, say.against), [[say.cost, 0], ...measures.slice(1).map((m, k) => [m, k + 2])].map(([words, k], i) => [
    el("input", { type: "radio", name: "zx-against", id: `zx-against-${k}`, checked: i === 0, onchange: () => { across = k; draw(); } }), el("label", { for: `zx-against-${k}` }, words)]));

  function draw() {
    const budget = budgets[Number(range.value)], width = 900, height = 380, left = 58, right = 20, top = 14, below = 34, sx = scales[across], sy = scales[1];
    const x = (v) => left + (width - left - right) * (v / sx.top), y = (v) => top + (height - top - below) * (1 - v / sy.top);
    said.textContent = budget.text;
    range.setAttribute("aria-valuetext", budget.text);
    range.style.setProperty("--part", Number(range.value) / (budgets.length - 1));
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": filled(say.picture, { measure: measures[0], other: across ? measures[across - 1] : say.cost, count: points.length, budget: budget.text }) });
    for (const [v, words] of sy.ticks) { made.append(svg("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), class: "zx-grid" }), svg("text", { x: left - 7, y: y(v) + 4, "text-anchor": "end", class: "zx-axis" }, words)); }
    for (const [v, words] of sx.ticks) { made.append(svg("text", { x: x(v), y: height - 14, "text-anchor": "middle", class: "zx-axis" }, words)); }
    for (const p of points) {
      const within = p.at(-1) > 0, dear = p[0] > budget.budget + 1;
      made.append(svg("circle", { cx: x(p[across]), cy: y(p[1]), r: within ? 3.4 : 2.4, style: `fill:${within ? "var(--a)" : "var(--muted)"};opacity:${dear ? 0.12 : within ? 0.55 : 0.28}` }));
    }
    const marked = found.plans.filter((p) => p.point.every((v) => v !== null)), placed = [];
    marked.forEach((p) => {
      const at = [x(p.point[across]), y(p.point[1])], words = p.name;
      let ty = at[1] - 9;
      while (placed.some(([px, py]) => Math.abs(px - at[0]) < 90 && Math.abs(py - ty) < 14)) { ty -= 14; }
      placed.push([at[0], ty]);
      made.append(svg("path", { d: `M${at[0]} ${at[1] - 6}l6 6l-6 6l-6 -6Z`, style: "fill:var(--b);stroke:var(--card);stroke-width:1.5" }), svg("text", { x: at[0], y: ty, "text-anchor": at[0] > width - 110 ? "end" : "middle", class: "zx-outline zx-strong" }, words));
    });
    if (!across) { made.append(svg("line", { x1: x(budget.budget), x2: x(budget.budget), y1: top, y2: height - below, class: "zx-cursor" })); }
    fill(picture, made);
  }
  draw();
  return el("section", { class: "zx-box" }, el("h2", {}, say.tried), el("p", { class: "zx-small" }, filled(say.tried_how, { measure: measures[0] })), pick, picture,
    el("div", { class: "zx-settle" }, el("label", { for: "zx-budget" }, say.budget), range), said, el("p", { class: "zx-small" }, found.tried.covers));
}
