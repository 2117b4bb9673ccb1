/* Families: need, waiting, reach and wellbeing by deprivation fifth. Never a family as a dot. */

import { details, el, fill, percent, svg, table } from "./dom.js";

export const id = "families";
export const title = "Families";
export const levers = true;

const SHOWN = {
  need: ["In unmet need at the end", "share of all families"],
  waiting: ["Identified and waiting", "share of families in need"],
  at_fidelity: ["Served at fidelity so far", "share of families ever in need"],
  wellbeing_all: ["Wellbeing of all families", "mean, SD; 0 is no unmet need and no benefit"],
  wellbeing_reached: ["Wellbeing of families reached", "mean, SD"],
};
const FIFTHS = ["most deprived fifth", "second", "third", "fourth", "least deprived fifth", "all families"];

export function make(app) {
  const said = el("div", { class: "zx-box" }), charts = el("div", { class: "zx-grid2" });
  const node = el("div", {}, el("h1", {}, "Families"),
    el("p", { class: "zx-lead" }, "What it comes to for children and families, from the most to the least deprived fifth of neighbourhoods."), said, charts);

  function draw() {
    const answer = app.full;
    if (!answer) { return; }
    fill(said, answer.family_words.map((w, i) => el("p", { class: i === 1 ? "zx-finding" : "" }, w)));
    fill(charts, Object.entries(SHOWN).map(([name, [words, unit]]) => chart(answer, name, words, unit)));
  }

  function chart(answer, name, words, unit) {
    const sd = name.startsWith("wellbeing"), values = answer.families.map((rows) => rows.map((r) => r.ends[name]));
    const flat = values.flat(2).filter((v) => v !== null), low = Math.min(0, ...flat), high = Math.max(0, ...flat) || 1;
    const width = 520, line = 44, left = 150, height = line * 6 + 42, span = (high - low) * 1.08 || 1;
    const x = (v) => left + (width - left - 74) * ((v - low) / span);
    const figure = (v) => (v === null ? "not defined" : sd ? (v < 0 ? "−" : "") + Math.abs(v).toFixed(2) : percent(v));
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": `${words} by deprivation fifth; the figures are in the table below` });
    made.append(svg("line", { x1: x(0), x2: x(0), y1: 0, y2: height - 38, class: "zx-cursor" }));
    FIFTHS.forEach((fifth, i) => {
      made.append(svg("text", { x: 0, y: i * line + 24, "font-weight": i === 5 ? 700 : 400 }, fifth));
      [0, 1].forEach((k) => {
        const [a, b, c] = values[k][i], y = i * line + 9 + k * 17;
        if (b === null) { made.append(svg("text", { x: x(0) + 4, y: y + 8, "font-size": 11, class: "zx-muted" }, "nobody")); return; }
        made.append(svg("rect", { x: Math.min(x(0), x(b)), y, width: Math.max(1, Math.abs(x(b) - x(0))), height: 12, class: `zx-band-${k}`, opacity: k ? 0.55 : 0.85 }),
          svg("line", { x1: x(a), x2: x(c), y1: y + 6, y2: y + 6, style: "stroke:var(--ink)", "stroke-width": 1.4 }),
          svg("text", { x: Math.max(x(b), x(c), x(0)) + 5, y: y + 10.5, "font-size": 12, class: `zx-text-${k}` }, figure(b)));
      });
    });
    made.append(svg("text", { x: left, y: height - 22, "font-size": 12, class: "zx-text-0" }, `upper: ${app.names[0].slice(0, 50)}`),
      svg("text", { x: left, y: height - 6, "font-size": 12, class: "zx-text-1" }, `lower: ${app.names[1].slice(0, 50)}`));
    const all = values.map((v) => v[5][1]);
    const gap = all[0] === null || all[1] === null ? "" : `All families: ${figure(all[0])} against ${figure(all[1])}.`;
    return el("section", { class: "zx-box" }, el("h2", {}, words), el("p", { class: "zx-small" }, `${unit}; bar: median, line: 8 runs in 10`), el("p", {}, gap), made,
      details("The figures as a table", table(`${words}, ${unit}`, ["", ...app.names], FIFTHS.map((f, i) => [f, ...[0, 1].map((k) => {
        const [a, b, c] = values[k][i];
        return b === null ? "not defined" : `${figure(a)} to ${figure(c)} (${figure(b)})`;
      })]))));
  }

  return { node, update() { draw(); } };
}
