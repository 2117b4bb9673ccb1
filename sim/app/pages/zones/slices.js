/* A zone drawn: its slice through all levels, how well it represents the area, its stages, and what is seen first. */

import { details, el, filled, svg, table } from "/static/public/dom.js";

const SHADES = ["s0", "s1", "s2", "s3", "s4", "s5"];

/* The slice: every level from the multi-agency group to practitioners, its width by how many. */
function slice(row, k, most) {
  const width = 282, step = 17, height = row.levels.length * step + 2;
  const wide = (count) => (count ? Math.max(3, 128 * Math.sqrt(count / most)) : 14), middle = 66;
  const words = (level) => level[2];
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13.5, class: "zx-slice",
    "aria-label": row.levels_words });
  row.levels.forEach((level, i) => {
    const next = row.levels[i + 1], top = wide(level[1]) / 2, y = i * step;
    const low = next && level[1] && next[1] ? (wide(level[1]) + wide(next[1])) / 4 : top;
    made.append(svg("path", { d: `M${middle - top} ${y}H${middle + top}L${middle + low} ${y + step - 3}H${middle - low}Z`, class: level[1] ? `zx-band-${k}` : "zx-lacking", opacity: level[1] ? 0.35 + 0.1 * i : 1 }),
      svg("text", { x: 142, y: y + 12, class: level[1] ? "" : "zx-warn", "font-weight": level[1] ? 400 : 700 }, words(level)));
  });
  return made;
}

/* Differences to the whole area in standard deviations: within the pale band a zone represents it well. */
function alike(row, k, say) {
  const aspects = Object.entries(row.differences).filter(([, v]) => v !== null);
  const most = Math.max(1, ...aspects.map(([, v]) => Math.abs(v))), width = 250, line = 23, left = 84, height = aspects.length * line + 22;
  const x = (v) => left + (width - left - 8) * (0.5 + v / most / 2);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13,
    "aria-label": row.differences_words });
  made.append(svg("rect", { x: x(-row.far), y: 0, width: x(row.far) - x(-row.far), height: height - 20, class: `zx-band-${k}`, opacity: 0.13 }),
    svg("line", { x1: x(0), x2: x(0), y1: 0, y2: height - 20, class: "zx-cursor" }),
    svg("text", { x: x(0), y: height - 5, "text-anchor": "middle", class: "zx-axis" }, say.as_area));
  aspects.forEach(([words, v], i) => {
    const y = i * line + 11;
    made.append(svg("text", { x: 0, y: y + 4 }, words), svg("line", { x1: x(0), x2: x(v), y1: y, y2: y, class: `zx-line-${k}`, "stroke-width": 2 }),
      svg("rect", { x: x(v) - 4.5, y: y - 4.5, width: 9, height: 9, class: `zx-band-${k}` }));
  });
  return made;
}

function stages(row, answer, about) {
  const names = about.stages, width = 280, height = 126, top = 108, last = answer.months, sums = new Array(last + 1).fill(0);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img",
    "aria-label": row.at_end });
  const xs = (m) => (width * m) / last, ys = (v) => top * (1 - Math.min(1, v));
  row.stages.forEach((curve, i) => {
    const low = [...sums];
    curve.forEach((v, m) => { sums[m] += v || 0; });
    const up = sums.map((v, m) => `${xs(m).toFixed(1)} ${ys(v).toFixed(1)}`), down = low.map((v, m) => `${xs(m).toFixed(1)} ${ys(v).toFixed(1)}`).reverse();
    made.append(svg("path", { d: `M${up.join("L")}L${down.join("L")}Z`, style: `fill:var(--${SHADES[i]})` }));
  });
  const { within } = about;
  if (last > within.month) { made.append(svg("line", { x1: xs(within.month), x2: xs(within.month), y1: 0, y2: top, class: "zx-mark zx-five" }), svg("text", { x: xs(within.month), y: height - 6, "font-size": 13, "text-anchor": "middle", class: "zx-axis" }, within.words)); }
  made.append(...label(row, names, last, xs, ys), svg("text", { x: 0, y: height - 6, "font-size": 13, class: "zx-axis" }, "start"),
    svg("text", { x: width, y: height - 6, "font-size": 13, "text-anchor": "end", class: "zx-axis" }, answer.when[last]));
  return el("div", {}, made);
}

/* One legend for all zones. */
export function stagesLegend({ stages: names, words: { zones: say } }) {
  return el("ul", { class: "zx-legend" }, el("li", {}, el("b", {}, say.stages)), names.map((words, i) => el("li", {}, el("i", { class: "zx-key", style: `background:var(--${SHADES[i]});border-radius:2px`, "aria-hidden": "true" }), words)));
}

/* Each stage is named where its area is widest. */
function label(row, names, last, xs, ys) {
  const found = [];
  row.stages.forEach((curve, i) => {
    const at = curve.reduce((best, v, m) => ((v || 0) > (curve[best] || 0) ? m : best), 0), part = curve[at] || 0;
    const room = curve.filter((v) => (v || 0) > part * 0.6).length / (last + 1);
    if (part < 0.2 || room < 0.24) { return; }
    const run = curve.map((v, m) => ((v || 0) > part * 0.6 ? m : -1)).filter((m) => m >= 0), middle = run[Math.floor(run.length / 2)];
    const below = row.stages.slice(0, i).reduce((n, c) => n + (c[middle] || 0), 0);
    const words = names[i].replace(" implementation", ""), x = Math.min(Math.max(xs(middle), words.length * 3.6 + 2), xs(last) - words.length * 3.6 - 2);
    found.push(svg("text", { x, y: ys(below + (curve[middle] || 0) / 2) + 4.5, "text-anchor": "middle", "font-size": 13.5, "font-weight": 650, class: "zx-outline" }, words));
  });
  return found;
}

/* Three moments, each run counted from the zone's own opening. */
function moments(row, say) {
  if (!row.first.length) { return el("p", {}, say.too_late); }
  return el("div", { class: "zx-moments" }, table(filled(say.first, { zone: row.name }), [say.first_head, ...row.first.map((m) => m.when)], row.first[0].lines.map(([, words], i) => [words, ...row.first.map((m) => m.lines[i][0])])));
}

const figures = (row, say) => table(filled(say.seen_when, { zone: row.name }), row.figures.heads, row.figures.rows);

function costs(row, say) {
  const { cash, time } = row.cost, { text, years, label: words } = row.spent, rows = cash.map((c, i) => [c, time[i]]);
  const most = Math.max(...rows.map(([c, t]) => c + t), 1), width = 280, line = 25, left = 50, height = rows.length * line;
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 13, "aria-label": words });
  rows.forEach(([c, t], i) => {
    const x = (v) => (width - left - 56) * (v / most), y = i * line + 3;
    made.append(svg("text", { x: 0, y: y + 14 }, years[i]), svg("rect", { x: left, y, width: x(t), height: 17, class: "zx-time" }),
      svg("rect", { x: left + x(t), y, width: x(c), height: 17, class: "zx-cash" }), svg("text", { x: left + x(t + c) + 6, y: y + 14 }, text[i]));
  });
  return el("div", {}, made,
    el("p", { class: "zx-small" }, el("i", { class: "zx-key zx-key-time", "aria-hidden": "true" }), say.released, el("i", { class: "zx-key zx-key-cash", "aria-hidden": "true" }), say.cash));
}

export function zone(row, answer, k, about, most) {
  const say = about.words.zones;
  if (!row.seen) {
    return el("section", { class: "zx-box" }, el("h2", {}, say.no_zone), el("p", {}, row.size), stages(row, answer, about), details(say.table, figures(row, say)));
  }
  const lacking = row.missing.length ? el("p", { class: "zx-warn" }, el("b", {}, filled(say.lacking, { parts: row.missing.join("; ") }))) : null;
  return el("section", { class: "zx-box zx-onezone" }, el("h2", {}, row.name), el("p", {}, `${row.size} ${row.verdict} `, el("span", { class: "zx-often" }, row.spent.told), row.over ? el("span", { class: "zx-warn" }, ` ${row.over}`) : null), lacking,
    el("div", { class: "zx-zone" }, slice(row, k, most), stages(row, answer, about)), moments(row, say),
    details(say.behind, el("div", {}, el("div", { class: "zx-zone" }, alike(row, k, say), costs(row, say)), figures(row, say), table(filled(say.by_year, { zone: row.name }), ["", ...row.spent.years], row.spent.rows), el("ul", {}, [row.sentence, ...row.slice].map((s) => el("li", {}, s))))));
}
