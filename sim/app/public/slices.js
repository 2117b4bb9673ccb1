/* A zone drawn: its slice through all levels, how it stands for the area, its stages, and what is seen first. */

import { details, el, money, percent, plural, span, svg, table, when } from "./dom.js";

export const STAGES = ["not engaged", "exploration", "installation", "initial implementation", "full implementation", "not sustained"];
const SHADES = ["s0", "s1", "s2", "s3", "s4", "s5"];
const CURVES = { capacity: "Capacity of local teams", using: "Practitioners using it", fidelity: "Fidelity of those using it",
  full: "Sites in full implementation", reached: "Families reached, of those ever in need" };
const FIRST = ["capacity", "using", "full"];

/* The slice: every level from the multi-agency group to practitioners, its width by how many. */
function slice(row, k) {
  const width = 282, step = 26, height = row.levels.length * step + 2, most = Math.max(...row.levels.map((l) => l[1]));
  const wide = (count) => 14 + 114 * Math.sqrt(count / most), middle = 66;
  const words = ([noun, n]) => `${n || "no"} ${n === 1 ? noun : `${noun}s`}`;
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13.5, class: "zx-slice",
    "aria-label": `A slice through all levels: ${row.levels.map(words).join(", ")}` });
  row.levels.forEach((level, i) => {
    const next = row.levels[i + 1], top = wide(level[1]) / 2, y = i * step;
    const low = next && level[1] && next[1] ? (wide(level[1]) + wide(next[1])) / 4 : top;
    made.append(svg("path", { d: `M${middle - top} ${y}H${middle + top}L${middle + low} ${y + step - 3}H${middle - low}Z`, class: level[1] ? `zx-band-${k}` : "zx-lacking", opacity: level[1] ? 0.35 + 0.1 * i : 1 }),
      svg("text", { x: 142, y: y + 17, class: level[1] ? "" : "zx-warn", "font-weight": level[1] ? 400 : 700 }, words(level)));
  });
  return made;
}

/* Differences to the whole area in standard deviations: within the pale band a zone stands well for it. */
function alike(row, k) {
  const aspects = Object.entries(row.differences).filter(([, v]) => v !== null);
  const most = Math.max(1, ...aspects.map(([, v]) => Math.abs(v))), width = 250, line = 23, left = 84, height = aspects.length * line + 22;
  const x = (v) => left + (width - left - 8) * (0.5 + v / most / 2);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13,
    "aria-label": `Difference to the area, standard deviations: ${aspects.map(([w, v]) => `${w} ${v.toFixed(2)}`).join(", ")}` });
  made.append(svg("rect", { x: x(-row.far), y: 0, width: x(row.far) - x(-row.far), height: height - 20, class: `zx-band-${k}`, opacity: 0.13 }),
    svg("line", { x1: x(0), x2: x(0), y1: 0, y2: height - 20, class: "zx-cursor" }),
    svg("text", { x: x(0), y: height - 5, "text-anchor": "middle", class: "zx-axis" }, "as the area"));
  aspects.forEach(([words, v], i) => {
    const y = i * line + 11;
    made.append(svg("text", { x: 0, y: y + 4 }, words), svg("line", { x1: x(0), x2: x(v), y1: y, y2: y, class: `zx-line-${k}`, "stroke-width": 2 }),
      svg("rect", { x: x(v) - 4.5, y: y - 4.5, width: 9, height: 9, class: `zx-band-${k}` }));
  });
  const verdict = row.distance <= row.far ? "It stands well for the area." : "It stands poorly for the area.";
  return el("div", {}, el("h4", {}, verdict), made);
}

function stages(row, answer) {
  const width = 280, height = 132, top = 108, last = answer.months, sums = new Array(last + 1).fill(0);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img",
    "aria-label": `Sites by stage at the end: ${STAGES.map((s, i) => `${percent(row.stages[i][last])} ${s}`).join(", ")}` });
  const xs = (m) => (width * m) / last, ys = (v) => top * (1 - Math.min(1, v));
  row.stages.forEach((curve, i) => {
    const low = [...sums];
    curve.forEach((v, m) => { sums[m] += v || 0; });
    const up = sums.map((v, m) => `${xs(m).toFixed(1)} ${ys(v).toFixed(1)}`), down = low.map((v, m) => `${xs(m).toFixed(1)} ${ys(v).toFixed(1)}`).reverse();
    made.append(svg("path", { d: `M${up.join("L")}L${down.join("L")}Z`, style: `fill:var(--${SHADES[i]})` }));
  });
  made.append(...label(row, last, xs, ys), svg("text", { x: 0, y: height - 6, "font-size": 13, class: "zx-axis" }, "start"),
    svg("text", { x: width, y: height - 6, "font-size": 13, "text-anchor": "end", class: "zx-axis" }, when(last)));
  const there = STAGES.map((words, i) => [words, i]).filter(([, i]) => Math.max(...row.stages[i].map((v) => v || 0)) > 0.02);
  return el("div", {}, made, el("ul", { class: "zx-legend" }, there.map(([words, i]) => el("li", {}, el("i", { class: "zx-key", style: `background:var(--${SHADES[i]});border-radius:2px`, "aria-hidden": "true" }), words))));
}

/* Each stage is named where its area is widest. */
function label(row, last, xs, ys) {
  const found = [];
  row.stages.forEach((curve, i) => {
    const at = curve.reduce((best, v, m) => ((v || 0) > (curve[best] || 0) ? m : best), 0), part = curve[at] || 0;
    const room = curve.filter((v) => (v || 0) > part * 0.6).length / (last + 1);
    if (part < 0.2 || room < 0.24) { return; }
    const run = curve.map((v, m) => ((v || 0) > part * 0.6 ? m : -1)).filter((m) => m >= 0), middle = run[Math.floor(run.length / 2)];
    const below = row.stages.slice(0, i).reduce((n, c) => n + (c[middle] || 0), 0);
    const words = STAGES[i].replace(" implementation", ""), x = Math.min(Math.max(xs(middle), words.length * 3.6 + 2), xs(last) - words.length * 3.6 - 2);
    found.push(svg("text", { x, y: ys(below + (curve[middle] || 0) / 2) + 4.5, "text-anchor": "middle", "font-size": 13.5, "font-weight": 650, class: "zx-outline" }, words));
  });
  return found;
}

/* Three moments, each run counted from the zone's own opening. */
function moments(row) {
  const known = row.seen.filter((s) => s.seen >= 0.5);
  if (!known.length) { return el("p", {}, "It opens too late to see anything of it within this time."); }
  return el("div", { class: "zx-moments" }, known.map((s) => el("div", {}, el("h4", {}, `After ${s.months} months`),
    FIRST.map((name) => el("p", {}, el("b", {}, span(s.values[name])), ` ${{ capacity: "of full capacity in local teams", using: "of practitioners use it", full: "of sites in full implementation" }[name]}`)))));
}

function figures(row, months) {
  const seen = row.seen || [];
  return table(`${row.name}: what is seen and when`, ["", ...seen.map((s) => `${s.months} months in`), `at the end (${when(months)})`],
    Object.entries(CURVES).map(([name, words]) => [words, ...seen.map((s) => span(s.values[name])), span(row.ends[name])]));
}

function costs(row) {
  const { cash, time } = row.cost, sum = (list) => list.reduce((a, b) => a + b, 0), rows = cash.map((c, i) => [c, time[i]]);
  const most = Math.max(...rows.map(([c, t]) => c + t), 1), width = 280, line = 25, left = 50, height = rows.length * line;
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": `Cost by year: ${rows.map(([c, t], i) => `year ${i + 1} ${money(c)} cash, ${money(t)} released time`).join("; ")}` });
  rows.forEach(([c, t], i) => {
    const x = (v) => (width - left - 56) * (v / most), y = i * line + 3;
    made.append(svg("text", { x: 0, y: y + 14 }, `year ${i + 1}`), svg("rect", { x: left, y, width: x(t), height: 17, class: "zx-time" }),
      svg("rect", { x: left + x(t), y, width: x(c), height: 17, class: "zx-cash" }), svg("text", { x: left + x(t + c) + 6, y: y + 14 }, money(t + c)));
  });
  return el("div", {}, el("h4", {}, `${money(sum(time))} of released time and ${money(sum(cash))} in cash`), made,
    el("p", { class: "zx-small" }, el("i", { class: "zx-key zx-key-time", "aria-hidden": "true" }), " released time ", el("i", { class: "zx-key zx-key-cash", "aria-hidden": "true" }), " cash; mean of the runs"));
}

function opening(row, months) {
  const { months: span, share } = row.opening;
  if (!span) { return `opens in no run within ${when(months)}`; }
  const said = span[0] === span[2] ? `opens in month ${span[0]}` : `opens in month ${span[0]} to ${span[2]}`;
  return share < 1 ? `${said}, in ${Math.round(100 * share)} % of the runs` : said;
}

/* The stage in which most sites are at the end. */
function state(row, months) {
  const ends = row.stages.map((s) => s[months] || 0), most = ends.indexOf(Math.max(...ends));
  return `at the end ${percent(ends[most])} of its sites are in ${STAGES[most] === "not engaged" ? "no stage yet" : STAGES[most]}`.replace("in not sustained", "not sustained");
}

export function zone(row, answer, k) {
  const size = `${plural(row.sites, "site")}, ${plural(row.practitioners, "practitioner")}, ${row.families.toLocaleString("en-GB")} families`;
  if (!row.seen) {
    return el("section", { class: "zx-box" }, el("h2", {}, "Sites in no zone"), el("p", {}, `${size}. Nobody selects, trains or supports here; what there is of the practice has spread on its own.`),
      el("div", { class: "zx-zone" }, el("div", {}, el("h3", {}, "Stages of its sites"), stages(row, answer)), figures(row, answer.months)));
  }
  const said = el("p", {}, `${size}; ${opening(row, answer.months)}; ${state(row, answer.months)}.`);
  const lacking = row.missing.length ? el("p", { class: "zx-warn" }, el("b", {}, `Not a vertical slice: missing ${row.missing.join("; ")}. It cannot open.`)) : null;
  return el("section", { class: "zx-box" }, el("h2", {}, row.name), said, lacking,
    el("div", { class: "zx-zone" },
      el("div", {}, el("h3", {}, "A slice through all levels"), slice(row, k)),
      el("div", {}, el("h3", {}, "How it stands for the area"), alike(row, k)),
      el("div", {}, el("h3", {}, "Stages of its sites"), stages(row, answer)),
      el("div", {}, el("h3", {}, "What it costs"), costs(row)),
      el("div", { class: "zx-span2" }, el("h3", {}, "What one would see first"), moments(row))),
    details("The figures as a table", el("div", {}, figures(row, answer.months), table(`${row.name}: cost by year`, ["", ...row.cost.cash.map((_, i) => `year ${i + 1}`)],
      [["cash", ...row.cost.cash.map(money)], ["released time", ...row.cost.time.map(money)]]))),
    details("The slice in words", el("ul", {}, [row.sentence, ...row.slice].map((s) => el("li", {}, s)))));
}
