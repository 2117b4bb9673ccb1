/* Sweeps: thousands of runs of many plans, seen as a surface over two levers or a curve over one. */

import { details, el, fill, filled, svg, table } from "/static/public/dom.js";

export function make(app) {
  const say = app.about.words.sweeps;
  const body = el("div"), said = el("p", { role: "status" });
  const words = app.about.sweeps;
  let picked = {};
  const node = el("div", {}, el("h1", {}, "Sweeps"), el("p", { class: "zx-lead" }, words.lead), said, body);

  async function ask() {
    if (!body.childElementCount) { said.textContent = say.reading; }
    const kept = document.activeElement?.id, reply = await app.act("sweep", picked);
    if (reply.error) { said.textContent = reply.error; if (picked.folder) { fill(body); } else { empty(words.empty); } return; }
    said.textContent = "";
    const pick = (name, words, options, now) => el("p", { class: "zx-pick" }, el("label", { for: `zx-sweep-${name}` }, words),
      el("select", { id: `zx-sweep-${name}`, onchange: (e) => { picked = name === "folder" ? { folder: e.target.value } : { ...picked, [name]: e.target.value }; if (name === "x" && e.target.value === reply.y) { delete picked.y; } ask(); } },
        options.map(([value, text]) => el("option", { value, selected: value === now }, text))));
    const factors = reply.factors.map((f) => [f.id, f.words]), rest = factors.filter(([value]) => value !== reply.x);
    fill(body, el("div", { class: "zx-box zx-picks" }, pick("folder", "Sweep", reply.folders.map((f) => [f, f]), reply.folder),
      reply.scenarios.length > 1 ? pick("scenario", "Plan", reply.scenarios.map((s) => [s, s]), reply.scenario) : null,
      pick("outcome", "Outcome", reply.outcomes.map((o) => [o.id, o.words]), reply.outcome.id), pick("x", "Lever across", factors, reply.x),
      rest.length ? pick("y", "Lever down", [...rest, ["", "none: a curve"]], reply.y) : null),
    el("section", { class: "zx-box" }, el("h2", {}, reply.question), el("p", { class: "zx-finding" }, reply.finding), reply.curve ? curve(reply) : surface(reply),
      el("p", { class: "zx-small" }, `${reply.counted}. ${reply.curve ? say.bar : say.cell}`)),
    discovered(reply));
    if (kept) { document.getElementById(kept)?.focus(); }
  }

  function surface(reply) {
    const flat = reply.cells.flat().filter((v) => v !== null), low = Math.min(...flat), high = Math.max(...flat);
    const cell = (v, i, k) => {
      const part = v === null || high === low ? 0 : (v - low) / (high - low), sign = high === low ? "" : v === high ? "▲ " : v === low ? "▼ " : "";
      return el("td", { style: `background:color-mix(in srgb, var(--a) ${Math.round(38 * part)}%, var(--card))`, title: filled(say.runs, { count: reply.counts[i][k] }) }, sign, reply.text[i][k]);
    };
    return el("div", { class: "zx-scroll", tabindex: "0", role: "region", "aria-label": "Surface" }, el("table", { class: "zx-table zx-surface" }, el("caption", { class: "zx-hidden" }, filled(say.surface, { outcome: reply.outcome.words, down: reply.y_words, across: reply.x_words })),
      el("thead", {}, el("tr", {}, el("td"), el("th", { colspan: reply.across.length, scope: "colgroup", class: "zx-axisname" }, `${reply.x_words} →`)),
        el("tr", {}, el("th", { scope: "col", class: "zx-axisname" }, `${reply.y_words} ↓`), reply.across.map((w) => el("th", { scope: "col" }, w)))),
      el("tbody", {}, reply.cells.map((row, i) => el("tr", {}, el("th", { scope: "row" }, reply.down[i]), row.map((v, k) => cell(v, i, k)))))));
  }

  function curve(reply) {
    const rows = reply.curve, known = rows.flatMap((r) => r.ends).filter((v) => v !== null), top = Math.max(...known, 0) * 1.08 || 1, low = Math.min(0, ...known);
    const width = Math.max(280, Math.min(1000, (body.clientWidth || 900) - 40)), height = 330, left = 16, step = (width - left - 16) / rows.length, x = (i) => left + step * (i + 0.5), y = (v) => 28 + (height - 90) * (1 - (v - low) / (top - low));
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, role: "img", "font-size": 14, "aria-label": reply.finding });
    made.append(svg("line", { x1: left, x2: width - 16, y1: y(0), y2: y(0), class: "zx-cursor" }));
    const line = rows.map((r, i) => (r.ends[1] === null ? null : `${x(i).toFixed(1)} ${y(r.ends[1]).toFixed(1)}`)).filter(Boolean).join("L");
    if (line) { made.append(svg("path", { d: `M${line}`, class: "zx-line zx-line-0", "stroke-width": 2, opacity: 0.6 })); }
    rows.forEach((r, i) => {
      made.append(svg("text", { x: x(i), y: height - 36, "text-anchor": "middle" }, r.label));
      if (r.ends[1] === null) { made.append(svg("text", { x: x(i), y: y(0) - 8, "text-anchor": "middle", class: "zx-muted" }, "no value")); return; }
      const wide = Math.min(34, step * 0.5);
      made.append(svg("rect", { x: x(i) - wide / 2, y: y(r.ends[2]), width: wide, height: Math.max(3, y(r.ends[0]) - y(r.ends[2])), rx: 4, class: "zx-band-0", opacity: 0.35 }),
        svg("rect", { x: x(i) - wide / 2 - 3, y: y(r.ends[1]) - 2, width: wide + 6, height: 4, class: "zx-band-0" }),
        svg("text", { x: x(i), y: y(r.ends[2]) - 8, "text-anchor": "middle", "font-weight": 650, class: "zx-text-0" }, r.range));
    });
    made.append(svg("text", { x: width / 2, y: height - 10, "text-anchor": "middle", class: "zx-axis" }, reply.x_words));
    return el("div", {}, made, details("The figures as a table", table(filled(say.by, { outcome: reply.outcome.words, across: reply.x_words }), [reply.x_words, ...say.heads],
      rows.map((r) => [r.label, r.range, r.text[1], r.runs]))));
  }

  function discovered(reply) {
    const box = el("section", { class: "zx-box zx-later" }, el("h2", {}, say.discovered));
    if (!reply.discovered.length) { box.append(el("p", {}, filled(say.nothing, { outcome: reply.outcome.id }))); return box; }
    box.append(...reply.discovered.map((d) => el("div", { class: "zx-told" }, el("p", {}, el("b", {}, d.said)), d.more.map((m) => el("p", { class: "zx-small" }, m)))));
    return box;
  }

  /* What a sweep is, how one is made, and what will then stand here. */
  function empty({ title, what, steps, appears, list }) {
    fill(body, el("section", { class: "zx-box" }, el("h2", {}, title), el("p", {}, what),
      el("ol", {}, steps.map(([text, command]) => el("li", {}, text, command ? el("pre", { class: "zx-command", tabindex: "0" }, command) : null))),
      el("p", {}, appears), el("ul", {}, list.map((line) => el("li", {}, line)))));
  }

  return { node, shown() { if (words.open) { ask(); } else { empty(words.empty); } } };
}
