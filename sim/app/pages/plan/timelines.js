/* Plans found, one below the other: when each zone opens and with how many sites; what it spends beside the limits. */

import { el, filled, svg } from "/static/public/dom.js";

export function timelines(found, acts, years, say) {
  return el("section", { class: "zx-box" }, el("h2", {}, say.plans), found.plans.map((plan, i) => one(plan, i, found.months, acts, years, say)));
}

function one(plan, i, months, acts, years, say) {
  return el("article", { class: "zx-found" }, el("h3", {}, plan.title), el("div", { class: "zx-foundbody" },
    el("div", {}, line(plan, months, years), el("p", { class: "zx-small" }, plan.levers.join(" · ")), spending(plan, say)),
    el("div", {}, el("dl", { class: "zx-facts" }, plan.figures.map(([words, figure, more]) => [el("dt", {}, words), el("dd", {}, el("b", {}, figure), more ? el("small", {}, more) : null)])), plan.breach ? el("p", { class: "zx-small" }, plan.breach) : null,
      el("div", { class: "zx-row zx-left" }, plan.take ? el("button", { type: "button", class: "zx-button", id: `zx-take-${i}`, onclick: () => acts.take(plan) }, say.take) : null,
        plan.file ? el("button", { type: "button", class: "zx-button", id: `zx-save-${i}`, onclick: () => acts.save(plan) }, say.save) : null))));
}

/* A bar a zone, from its opening to the end; as high as it has sites. */
function line(plan, months, years) {
  const width = 620, row = 26, left = 8, right = 8, height = plan.zones.length * row + 24, x = (m) => left + (width - left - right) * (m / months), most = Math.max(...plan.zones.map((z) => z.sites), 1);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": plan.zones.map((z) => z.text).join("; ") });
  const step = [12, 24, 36, 60].find((s) => months / s <= 8) || 60;
  for (let m = 0; m <= months; m += step) { made.append(svg("line", { x1: x(m), x2: x(m), y1: 0, y2: height - 20, class: "zx-grid" }), svg("text", { x: x(m), y: height - 5, "text-anchor": m === 0 ? "start" : m === months ? "end" : "middle", class: "zx-axis" }, years[m / 12])); }
  plan.zones.forEach((z, i) => {
    const thick = z.sites ? 8 + 14 * (z.sites / most) : 12, y = i * row + (row - thick) / 2, late = x(z.opens) > width * 0.62;
    made.append(svg("rect", { x: x(z.opens), y, width: Math.max(3, x(months) - x(z.opens)), height: thick, rx: 4, class: "zx-band-0", opacity: 0.75 }),
      svg("text", { x: late ? x(z.opens) - 6 : x(z.opens) + 8, y: i * row + row / 2 + 4.5, "text-anchor": late ? "end" : "start", class: "zx-outline zx-strong" }, z.text));
  });
  return made;
}

/* Nine runs in ten stay below a bar; the mark is the limit. */
function spending(plan, say) {
  const kinds = [...new Set(plan.spending.map((s) => s.kind))];
  return el("div", { class: "zx-spendings" }, kinds.map((kind) => {
    const mine = plan.spending.filter((s) => s.kind === kind), most = Math.max(...mine.flatMap((s) => [s.high || 0, s.limit || 0]), 1), width = 300, height = 84, wide = (width - 8) / mine.length;
    const y = (v) => height - 18 - (height - 26) * (v / most);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 12, "aria-label": mine.map((s) => s.text).join("; ") });
    mine.forEach((s, i) => {
      const x = 4 + i * wide;
      if (s.high !== null) { made.append(svg("rect", { x: x + wide * 0.15, y: y(s.high), width: wide * 0.7, height: Math.max(1, y(0) - y(s.high)), class: kind === "cash" ? "zx-cash" : "zx-time" })); }
      if (s.limit !== null) { made.append(svg("line", { x1: x, x2: x + wide, y1: y(s.limit), y2: y(s.limit), style: "stroke:var(--ink);stroke-width:2" })); }
      made.append(svg("text", { x: x + wide / 2, y: height - 4, "text-anchor": "middle", class: "zx-axis" }, String(s.year)));
    });
    return el("figure", {}, el("figcaption", { class: "zx-small" }, filled(say.spending, { kind })), made);
  }));
}

