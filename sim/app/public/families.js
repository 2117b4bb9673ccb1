/* Families: need, waiting, reach and wellbeing by deprivation fifth. Never a family as a dot. */

import { details, el, figures, fill, svg, table } from "./dom.js";

export const id = "families";
export const title = "Families";
export const levers = true;

const SHOWN = {
  need: ["In unmet need at the end", "share of all families"],
  waiting: ["Identified and waiting at the end", "share of families in need"],
  reached: ["Reached so far", "share of families ever in need"],
  at_fidelity: ["Served at fidelity so far", "share of families ever in need"],
  wellbeing_all: ["Wellbeing of all families", "mean, in standard deviations (SD); 0 is no unmet need and no benefit"],
  wellbeing_reached: ["Wellbeing of families reached", "mean, in standard deviations (SD)"],
};
const FIFTHS = ["most deprived", "second fifth", "third fifth", "fourth fifth", "least deprived", "all families"];
const ALL = 5;

const signed = (text) => (text.startsWith("-") ? `−${text.slice(1)}` : text);

/* A range of runs in the measure's own unit: '15 to 16 %', '−0.19 to −0.18'. */
function range(ends, sd) {
  if (ends[1] === null) { return "nobody"; }
  const one = (v) => signed(sd ? v.toFixed(2) : figures(100 * v)), [low, high] = [one(ends[0]), one(ends[2])];
  return (low === high ? low : `${low} to ${high}`) + (sd ? " SD" : " %");
}

function gap(ends, sd) {
  if (ends[1] === null) { return "there is nobody to compare"; }
  const one = (v) => (v === 0 ? "0" : (v > 0 ? "+" : "−") + (sd ? Math.abs(v).toFixed(Math.abs(v) < 0.1 ? 3 : 2) : figures(100 * Math.abs(v))));
  const [low, high] = [one(ends[0]), one(ends[2])];
  if (low === "0" && high === "0") { return "no difference in 8 of 10 runs"; }
  return `difference run by run ${low === high ? low : `${low} to ${high}`} ${sd ? "SD" : "points"}`;
}

export function make(app) {
  const said = el("div", { class: "zx-box" }), charts = el("div", { class: "zx-grid2" });
  const node = el("div", {}, el("h1", {}, "Families"),
    el("p", { class: "zx-lead" }, "What it comes to for children and families, from the most to the least deprived fifth of neighbourhoods. Bars hold 8 runs in 10; the mark is the median."), said, charts);

  function draw() {
    const answer = app.full;
    if (!answer) { return; }
    fill(said, answer.family_words.map((w, i) => el("p", { class: i === 1 ? "zx-finding" : "" }, w)));
    fill(charts, Object.entries(SHOWN).map(([name, [words, unit]]) => chart(answer, name, words, unit)));
  }

  function picture(values, words, sd) {
    const flat = values.flat(2).filter((v) => v !== null), low = Math.min(0, ...flat), high = Math.max(0, ...flat), room = high - low || 1;
    const width = 560, line = 46, left = 116, right = 118, height = line * 6 + 26, x = (v) => left + (width - left - right) * ((v - low) / room);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 14, "aria-label": `${words} by deprivation fifth; the figures are in the table below` });
    made.append(svg("line", { x1: x(0), x2: x(0), y1: 0, y2: height - 22, class: "zx-cursor" }), svg("text", { x: x(0), y: height - 6, "text-anchor": "middle", class: "zx-axis" }, "0"));
    FIFTHS.forEach((fifth, i) => {
      if (i === ALL) { made.append(svg("line", { x1: 0, x2: width, y1: i * line - 1, y2: i * line - 1, class: "zx-grid" })); }
      made.append(svg("text", { x: 0, y: i * line + 27, "font-weight": i === ALL ? 700 : 400 }, fifth));
      [0, 1].forEach((k) => {
        const ends = values[k][i], y = i * line + 5 + k * 19, at = x(ends[1] === null ? 0 : ends[2]);
        if (ends[1] !== null) {
          made.append(svg("line", { x1: x(0), x2: x(ends[1]), y1: y + 7, y2: y + 7, class: `zx-line-${k}`, "stroke-width": 1.2, opacity: 0.6 }),
            svg("rect", { x: x(ends[0]), y, width: Math.max(3, x(ends[2]) - x(ends[0])), height: 14, rx: 3, class: `zx-band-${k}`, opacity: 0.42 }),
            svg("rect", { x: x(ends[1]) - 2, y: y - 1, width: 4, height: 16, class: `zx-band-${k}` }));
        }
        made.append(svg("text", { x: Math.max(at, x(0)) + 7, y: y + 12, "font-size": 13, class: `zx-text-${k}` }, `${k ? "◆" : "●"} ${range(ends, sd)}`));
      });
    });
    return made;
  }

  function chart(answer, name, words, unit) {
    const sd = name.startsWith("wellbeing"), values = answer.families.map((rows) => rows.map((r) => r.ends[name])), gaps = answer.family_gaps[name];
    return el("section", { class: "zx-box" }, el("h2", {}, words), el("p", { class: "zx-small" }, unit),
      el("p", { class: "zx-said" }, `All families: ${range(values[0][ALL], sd)}, against ${range(values[1][ALL], sd)}; ${gap(gaps[ALL], sd)}.`),
      el("p", { class: "zx-arms" }, app.names.map((n, k) => el("span", { class: `zx-text-${k} zx-sign-${k}` }, n))), picture(values, words, sd),
      details("The figures as a table", table(`${words}, ${unit}`, ["", ...app.names, "Difference"], FIFTHS.map((f, i) => [f, ...[0, 1].map((k) => {
        const ends = values[k][i];
        return ends[1] === null ? "nobody" : `${range(ends, sd)} (${sd ? signed(ends[1].toFixed(2)) : figures(100 * ends[1])})`;
      }), gap(gaps[i], sd)]))));
  }

  return { node, update() { draw(); } };
}
