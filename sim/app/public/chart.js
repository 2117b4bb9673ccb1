/* Fan charts as SVG: nested bands, median, direct labels, the other scenario dashed; a table and exports behind. */

import { csv, details, el, fill, filled, safeName, save, svg, table } from "./dom.js";

const FONT = "Inter, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";

/* The smallest scale of the server's that holds a value. */
export const above = (scales, value) => scales.find((s) => s.top >= value - 1e-9) || scales.at(-1);

export function scaleOf(scales, arms, measure, mark) {
  let most = mark || 0;
  for (const arm of arms) { for (const value of arm.series[measure].bands[4]) { if (value > most) { most = value; } } }
  return scales.find((s) => s.top >= most * 1.02) || scales.at(-1);
}

/* A published figure on a chart, where the run is long enough to show it. */
export function markOf(chart, months) {
  return chart.mark && months >= (chart.mark.month || 0) ? chart.mark : null;
}

function path(values, x, y) {
  let text = "", open = false;
  values.forEach((value, i) => {
    if (value === null) { open = false; return; }
    text += `${open ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    open = true;
  });
  return text;
}

function band(low, high, x, y) {
  const known = low.map((v, i) => i).filter((i) => low[i] !== null && high[i] !== null);
  if (known.length < 2) { return ""; }
  const up = known.map((i) => `${x(i).toFixed(1)} ${y(high[i]).toFixed(1)}`);
  const down = known.reverse().map((i) => `${x(i).toFixed(1)} ${y(low[i]).toFixed(1)}`);
  return `M${up.join("L")}L${down.join("L")}Z`;
}

export function lastKnown(values, from) {
  for (let i = from; i >= 0; i -= 1) { if (values[i] !== null) { return i; } }
  return -1;
}

/* options: width, height, arms, main (0, 1 or null for both), measure, chart, scale, months, month, big, names, room for labels, marks,
   ghost (arms as they were before) */
export function fan(options) {
  const { width, height, arms, main, measure, months, scale } = options, top = scale.top;
  const big = options.big || 1, size = 12.5 * big;
  const both = main === null;
  const left = 46 * big, right = (both ? options.room || 178 : 24) * big, above = 12 * big, below = 26 * big;
  const x = (m) => left + (width - left - right) * (m / months);
  const y = (v) => above + (height - above - below) * (1 - v / top);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": options.label,
    "font-family": FONT, "font-size": size, class: "zx-fan" });
  for (const [value, words] of scale.ticks) {
    made.append(svg("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "zx-grid" }),
      svg("text", { x: left - 6 * big, y: y(value) + size * 0.35, "text-anchor": "end", class: "zx-axis" }, words));
  }
  const step = [12, 24, 36, 60, 120].find((s) => (months / s) * 62 * big <= width - left - right) || 120;
  for (let m = 0; m <= months; m += step) {
    made.append(svg("text", { x: x(m), y: height - 8 * big, "text-anchor": m === 0 ? "start" : m === months ? "end" : "middle",
      class: "zx-axis" }, m === 0 ? options.chart.origin : options.chart.years[m / 12]));
  }
  const { within } = options.chart;
  if (within && months > within.month) {
    made.append(svg("line", { x1: x(within.month), x2: x(within.month), y1: above, y2: y(0), class: "zx-mark zx-five" }),
      svg("text", { x: x(within.month), y: above - 2 * big, "text-anchor": "middle", class: "zx-axis" }, within.words));
  }
  const shown = both ? [1, 0] : [main];
  for (const k of shown) {
    const q = arms[k].series[measure].bands;
    made.append(svg("path", { d: band(q[0], q[4], x, y), class: `zx-band zx-band-${k}`, opacity: 0.22 }),
      svg("path", { d: band(q[1], q[3], x, y), class: `zx-band zx-band-${k}`, opacity: 0.34 }));
  }
  for (const k of shown) {
    const ghost = options.ghost?.[k];
    if (ghost) { made.append(svg("path", { d: path(ghost.series[measure].bands[2], x, y), class: `zx-ghost zx-line-${k}`, "stroke-width": 2 * big })); }
  }
  if (!both) {
    beside(made, options, x, y, size);
  }
  for (const k of shown) {
    made.append(svg("path", { d: path(arms[k].series[measure].bands[2], x, y), class: `zx-line zx-line-${k}`,
      "stroke-width": 3 * big, ...(k === 1 && both ? { "stroke-dasharray": `${9 * big} ${4 * big}` } : {}) }));
  }
  mark(made, options, x, y, size, width - right);
  seen(made, options, x, y, big);
  const over = svg("g");
  made.append(over);
  made.showAt = (month) => { over.replaceChildren(); labels(over, { ...options, month }, shown, x, y, size, big, both); };
  made.showAt(options.month);
  return made;
}

/* The other scenario's median, dashed, labelled at the line itself where there is room. */
function beside(made, options, x, y, size) {
  const { arms, main, measure, months, width } = options, other = arms[1 - main].series[measure].bands[2];
  made.append(svg("path", { d: path(other, x, y), class: "zx-other", "stroke-width": 1.6 }));
  const last = lastKnown(other, months);
  if (last < 0) { return; }
  const mine = arms[main].series[measure].bands, name = options.names[1 - main];
  const end = markOf(options.chart, months)?.month ? Math.floor(last * 0.66) : last;
  const free = (words) => {
    const begin = Math.max(0, Math.floor(end - (months * words.length * size * 0.52) / (width - 70)));
    return begin > 0 && y(other[begin] ?? 0) - y(mine[0][begin] ?? 0) > size * 1.3 && y(other[end] ?? 0) - y(mine[0][end] ?? 0) > size * 1.5;
  };
  const phrases = [`${name} (dashed)`, "the other scenario", "the other"];
  const words = phrases.find(free) || phrases.find((w) => w.length * size * 0.52 < width * 0.5) || phrases[2];
  if (free(words) || mine[2][last] === null) {
    made.append(svg("text", { x: x(end) - 4, y: y(other[end] ?? other[last]) - 6, "text-anchor": "end", class: "zx-outline zx-muted", "font-size": size * 0.95 }, words));
    return;
  }
  const begin = Math.max(0, Math.floor(last - (months * words.length * size * 0.52) / (width - 70))), below = other[last] <= mine[2][last];
  if (below && y(0) - y(other[begin] ?? 0) > size * 1.3) {
    made.append(svg("text", { x: x(last) - 4, y: y(other[begin] ?? 0) + size * 1.15, "text-anchor": "end", class: "zx-outline zx-muted", "font-size": size * 0.95 }, words));
    return;
  }
  const at = Math.floor(last * (below ? 0.5 : 0.72));
  made.append(svg("text", { x: x(at) - 8, y: Math.max(size, y(Math.max(other[at] ?? 0, mine[4][at] ?? 0)) - 8), "text-anchor": "end", class: "zx-outline zx-muted", "font-size": size * 0.95 }, words));
}

function mark(made, options, x, y, size, edge) {
  const found = markOf(options.chart, options.months);
  if (!found || found.at > options.scale.top) { return; }
  const at = options.main === null ? null : options.arms[options.main].series[options.measure].bands[4].at(-1);
  const close = at !== null && Math.abs(at - found.at) < options.scale.top * 0.25;
  if (found.month === null) {
    made.append(svg("line", { x1: x(0), x2: edge, y1: y(found.at), y2: y(found.at), class: "zx-mark" }),
      svg("text", { x: edge - 6, y: y(found.at) - 5, "text-anchor": "end", class: "zx-outline" }, found.words));
  } else {
    made.append(svg("path", { d: `M${x(found.month)} ${y(found.at) - 6}l6 6l-6 6l-6 -6Z`, class: "zx-markpoint" }),
      svg("text", { x: x(found.month) - (close ? size * 7.6 : 10), y: y(found.at) - (close ? size * 1.1 : 9), "text-anchor": "end", class: "zx-outline" }, found.words));
  }
}

/* What was seen, month by month: a mark, and a stroke through it for what its own error leaves open. */
function seen(made, { marks, months, scale }, x, y, big) {
  for (const m of marks || []) {
    if (m.month > months) { continue; }
    made.append(svg("line", { x1: x(m.month), x2: x(m.month), y1: y(Math.min(m.high, scale.top)), y2: y(m.low), class: "zx-seenspan", "stroke-width": 2 * big }),
      svg("path", { d: `M${x(m.month)} ${y(m.value) - 6.5 * big}l${6.5 * big} ${6.5 * big}l${-6.5 * big} ${6.5 * big}l${-6.5 * big} ${-6.5 * big}Z`, class: "zx-seen" }, svg("title", {}, `month ${m.month}: ${m.text}`)));
  }
}

function labels(made, options, shown, x, y, size, big, both) {
  const month = Math.min(options.month ?? options.months, options.months);
  const places = [];
  for (const k of shown) {
    const q = options.arms[k].series[options.measure].bands;
    const at = lastKnown(q[2], month);
    if (at < 0) { continue; }
    places.push({ k, at, value: q[2][at], high: q[4][at], words: options.arms[k].series[options.measure].text[at] });
  }
  if (!both && !options.arms[shown[0]].series[options.measure].bands[2].some((v) => v !== null)) {
    made.append(svg("text", { x: x(options.months / 2), y: y(options.scale.top / 2), "text-anchor": "middle", class: "zx-outline zx-strong", "font-size": size * 1.15 }, options.chart.words?.none ?? ""));
  }
  if (!both && places.length) {
    made.append(svg("line", { x1: x(month), x2: x(month), y1: y(options.scale.top), y2: y(0), class: "zx-cursor" }));
  }
  places.sort((a, b) => b.value - a.value);
  let lowest = -Infinity;
  for (const place of places) {
    const here = y(place.value);
    made.append(svg("circle", { cx: x(place.at), cy: here, r: 5 * big, class: `zx-dot zx-dot-${place.k}` }));
    const { words } = place;
    if (both) {
      const names = split(options.names[place.k], 22);
      const least = Math.min(here, y(0) - size * 1.2 * (names.length + (places.length - 1 - places.indexOf(place)) * 3.4));
      const at = Math.max(least, lowest + size * 3.6);
      lowest = at + size * 1.1 * (names.length - 1);
      made.append(svg("text", { x: x(options.months) + 14 * big, y: at - 1, class: `zx-strong zx-text-${place.k}`,
        "font-size": size * 1.35 }, words),
      ...names.map((line, i) => svg("text", { x: x(options.months) + 14 * big, y: at + size * 1.15 * (i + 1),
        class: `zx-text-${place.k}` }, line)));
    } else {
      const right = x(place.at) > x(options.months * 0.3);
      const high = y(place.high) - 8 * big;
      made.append(svg("text", { x: x(place.at) + (right ? -9 : 9) * big,
        y: Math.max(size * 1.3, high), "text-anchor": right ? "end" : "start",
        class: `zx-strong zx-outline zx-text-${place.k}`, "font-size": size * 1.3 }, words));
    }
  }
}

export function rows(answer, measure, chart) {
  return answer.arms[0].series[measure].rows.map((_, i) => {
    const month = i * answer.step;
    return [chart.origin === "start" ? answer.when[month] : filled(chart.words.later, { months: month }), ...answer.arms.flatMap((arm) => arm.series[measure].rows[i])];
  });
}

export function behind(answer, measure, chart, names) {
  const heads = [chart.words.when, ...names.flatMap((plan) => [filled(chart.words.within, { plan }), filled(chart.words.median, { plan })])];
  const box = el("div", {}, table(chart.title, heads, rows(answer, measure, chart)));
  return details(chart.words.table, box);
}

/* Exports are drawn afresh at a fixed size, with their styles inside. */
export function exported(about, answer, measure, names) {
  const width = 1200, height = 675, chart = about.charts[measure];
  const style = window.getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  const inner = fan({ width: 1120, height: 470, arms: answer.arms, main: null, measure, months: answer.months,
    chart, scale: scaleOf(about.chart_scales, answer.arms, measure, markOf(chart, answer.months)?.at), big: 1.3, names, label: chart.title });
  const css = `.zx-grid{stroke:${value("line")}}.zx-axis,.zx-muted{fill:${value("muted")}}
    .zx-band-0{fill:${value("a")}}.zx-band-1{fill:${value("b")}}.zx-line{fill:none}.zx-line-0{stroke:${value("a")}}
    .zx-line-1{stroke:${value("b")}}.zx-dot{fill:${value("card")};stroke-width:3}.zx-dot-0{stroke:${value("a")}}
    .zx-dot-1{stroke:${value("b")}}.zx-text-0{fill:${value("a")}}.zx-text-1{fill:${value("b")}}
    .zx-strong{font-weight:700}.zx-mark{stroke:${value("ink")};stroke-dasharray:2 4}.zx-markpoint{fill:${value("ink")}}
    .zx-outline{paint-order:stroke;stroke:${value("card")};stroke-width:4px}text{fill:${value("ink")}}`;
  inner.setAttribute("x", 40); inner.setAttribute("y", 120);
  return svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height,
    "font-family": FONT }, svg("style", {}, css), svg("rect", { width, height, fill: value("card") }),
  svg("text", { x: 40, y: 56, "font-size": 30, "font-weight": 700 }, chart.title),
  ...split(answer.findings[measure], 110).map((line, i) => svg("text", { x: 40, y: 88 + 22 * i, "font-size": 17 }, line)), inner,
  svg("text", { x: 40, y: height - 28, "font-size": 14, class: "zx-muted" }, answer.foot));
}

function split(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1).length + word.length > most) { lines.push(""); }
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines.slice(0, 2);
}

/* Ranges of both plans on one axis: line 8 runs in 10, dot median; larger where there is more room. */
export function ranges(headline, names, width, height) {
  const known = headline.arms.map((a) => [a.low, a.middle, a.high]).filter((v) => v.every((n) => n !== null));
  if (!known.length) { return null; }
  const { top, ticks } = headline.scale, big = Math.min(width > 900 ? 2.4 : 1.2, Math.max(1, height / 150)), size = 13 * big;
  const floor = height - size * 1.8;
  const x = (v) => 24 + (width - 54) * (v / top), made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "font-family": FONT,
    role: "img", "font-size": size, "aria-label": `${headline.words}: ${names.map((n, k) => `${n} ${headline.arms[k].range}`).join("; ")}` });
  for (const [v, words] of ticks) {
    made.append(svg("line", { x1: x(v), x2: x(v), y1: 0, y2: floor, class: v ? "zx-grid" : "zx-cursor" }),
      svg("text", { x: x(v), y: height - size * 0.4, "text-anchor": v ? "middle" : "start", class: "zx-axis" }, words));
  }
  headline.arms.forEach((arm, k) => {
    const y = floor * (0.34 + 0.46 * k);
    if (arm.middle === null) { made.append(svg("text", { x: x(0) + 12, y, class: `zx-text-${k}` }, `${names[k]}: ${arm.range}`)); return; }
    made.append(svg("line", { x1: x(arm.low), x2: Math.max(x(arm.high), x(arm.low) + 2), y1: y, y2: y, class: `zx-line-${k}`, "stroke-width": 13 * big, opacity: 0.4 }),
      svg("circle", { cx: x(arm.middle), cy: y, r: 8 * big, class: `zx-dot zx-dot-${k}` }),
      svg("text", { x: Math.max(0, Math.min(x(arm.low) + 6, width - names[k].length * size * 0.6)), y: y - 13 * big, class: `zx-outline zx-strong zx-text-${k}` }, names[k]));
  });
  return made;
}

export function download(kind, about, answer, measure, names) {
  const file = safeName(`${about.charts[measure].title}-${names.join("-")}`);
  if (kind === "csv") {
    const heads = ["month", ...names.flatMap((n) => ["p10", "p25", "median", "p75", "p90"].map((q) => `${n} ${q}`))];
    const body = Array.from({ length: answer.months + 1 }, (_, m) =>
      [m, ...answer.arms.flatMap((arm) => arm.series[measure].bands.map((q) => q[m]))]);
    save(`${file}.csv`, csv([heads, ...body]), "text/csv");
    return;
  }
  const text = new XMLSerializer().serializeToString(exported(about, answer, measure, names));
  if (kind === "svg") { save(`${file}.svg`, text, "image/svg+xml"); return; }
  const image = new Image();
  image.onload = () => {
    const canvas = el("canvas", { width: 2400, height: 1350 });
    canvas.getContext("2d").drawImage(image, 0, 0, 2400, 1350);
    canvas.toBlob((blob) => save(`${file}.png`, blob, "image/png"));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

export function place(holder, made) { fill(holder, made); }
