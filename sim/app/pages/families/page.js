/* Families: need, waiting, reach and wellbeing by deprivation fifth. Never a family as a dot. */

import { details, el, fill, filled, svg, table } from "/static/public/dom.js";

export function make(app) {
  const say = app.about.words.families;
  const said = el("div", { class: "zx-box" }), charts = el("div", { class: "zx-grid2" });
  const node = el("div", {}, el("h1", {}, "Families"),
    el("p", { class: "zx-lead" }, say.lead), said, charts);

  function draw() {
    const answer = app.full;
    if (!answer) { return; }
    fill(said, answer.family_words.map((w, i) => el("p", { class: i === 1 ? "zx-finding" : "" }, w)));
    fill(charts, answer.families.map(chart));
  }

  function picture(part) {
    const flat = part.rows.flatMap((r) => r.arms.flatMap((a) => a.ends)).filter((v) => v !== null), low = Math.min(0, ...flat), high = Math.max(0, ...flat), room = high - low || 1;
    const longest = Math.max(...part.rows.flatMap((r) => r.arms.map((a) => a.text.length)));
    const width = 560, line = 46, left = 116, right = 30 + 7.1 * longest, height = line * part.rows.length + 26, last = part.rows.length - 1, x = (v) => left + (width - left - right) * ((v - low) / room);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 14, "aria-label": filled(say.chart, { title: part.title }) });
    made.append(svg("line", { x1: x(0), x2: x(0), y1: 0, y2: height - 22, class: "zx-cursor" }), svg("text", { x: x(0), y: height - 6, "text-anchor": "middle", class: "zx-axis" }, "0"));
    part.rows.forEach((row, i) => {
      if (i === last) { made.append(svg("line", { x1: 0, x2: width, y1: i * line - 1, y2: i * line - 1, class: "zx-grid" })); }
      made.append(svg("text", { x: 0, y: i * line + 27, "font-weight": i === last ? 700 : 400 }, row.group));
      [0, 1].forEach((k) => {
        const { ends, text } = row.arms[k], y = i * line + 5 + k * 19, at = x(ends[1] === null ? 0 : ends[2]);
        if (ends[1] !== null) {
          made.append(svg("line", { x1: x(0), x2: x(ends[1]), y1: y + 7, y2: y + 7, class: `zx-line-${k}`, "stroke-width": 1.2, opacity: 0.6 }),
            svg("rect", { x: x(ends[0]), y, width: Math.max(3, x(ends[2]) - x(ends[0])), height: 14, rx: 3, class: `zx-band-${k}`, opacity: 0.42 }),
            svg("rect", { x: x(ends[1]) - 2, y: y - 1, width: 4, height: 16, class: `zx-band-${k}` }));
        }
        made.append(svg("text", { x: Math.max(at, x(0)) + 7, y: y + 12, "font-size": 13, class: `zx-text-${k}` }, `${k ? "◆" : "●"} ${text}`));
      });
    });
    return made;
  }

  function chart(part) {
    return el("section", { class: "zx-box" }, el("h2", {}, part.title), el("p", { class: "zx-small" }, part.cohort), el("p", { class: "zx-said" }, part.finding, part.marked ? el("span", { class: "zx-often" }, ` ${part.marked}`) : null),
      el("p", { class: "zx-arms" }, app.names.map((n, k) => el("span", { class: `zx-text-${k} zx-sign-${k}` }, n))), picture(part),
      details(say.table, table(`${part.title}, ${part.cohort}`, ["", ...app.names, "Difference"], part.rows.map((r) => [r.group, ...r.arms.map((a) => a.row), r.gap]))));
  }

  return { node, update() { draw(); } };
}
