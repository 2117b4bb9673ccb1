/* Zone by zone: the plan as a timeline one can edit, each zone as a slice, its early signs, attention and cost. */

import { details, el, fill, money, percent, plural, svg, table, when } from "./dom.js";

export const id = "zones";
export const title = "Zone by zone";
export const levers = true;

const STAGES = ["not engaged", "exploration", "installation", "initial implementation", "full implementation", "not sustained"];
const CURVES = { capacity: "Capacity of local teams", fidelity: "Fidelity of users", using: "Practitioners using it",
  full: "Sites in full implementation", reached: "Families reached, of those ever in need" };

export function make(app) {
  let which = 0;
  const pick = el("fieldset", { class: "zx-tabs" }, el("legend", {}, "Plan of"), [0, 1].map((k) => [
    el("input", { type: "radio", name: "zx-plan", id: `zx-plan-${k}`, checked: k === 0, onchange: () => { which = k; draw(); } }),
    el("label", { for: `zx-plan-${k}` }, k ? "what it is compared with" : "the plan")]));
  const time = el("div", { class: "zx-box" }), rows = el("div", { class: "zx-grid2" }), editor = el("div");
  const whole = el("div", { class: "zx-grid2" }), compare = el("div");
  const head = el("p", { class: "zx-lead" });
  const node = el("div", {}, el("h1", {}, "Zone by zone"), head, pick, time, details("Change this plan", editor), rows, whole,
    el("h2", {}, "The two plans side by side"), compare);

  function draw() {
    const answer = app.full;
    if (!answer) { head.textContent = "The full answer follows in a moment."; return; }
    const zones = answer.zones[which], arm = answer.arms[which];
    head.textContent = arm.zones.length
      ? `${arm.title}: ${plural(arm.zones.length, "zone")} on ${app.about.place.name}. Medians of ${answer.replicates} runs.`
      : `${arm.title}: no zone opens, no site is selected or trained.`;
    fill(time, el("h2", {}, "The plan as a timeline"), timeline(answer, which),
      el("ul", { class: "zx-small" }, zones.rows.filter((r) => r.sentence).map((r) => el("li", {}, r.sentence))));
    fill(rows, zones.rows.map((row) => zone(row, answer, which)));
    fill(whole, attention(zones, answer), cost(zones, answer));
    fill(compare, table("Both plans at the end", ["", ...app.names], [
      ["Zones", ...answer.arms.map((a) => a.zones.length || "none")],
      ["Sites in zones", ...answer.zones.map((z) => z.rows.filter((r) => r.name !== "outside").reduce((n, r) => n + r.sites, 0))],
      ...["sites_full_share", "practitioners_using_share", "need_served_at_fidelity_share"].map((name) => {
        const h = answer.headlines.find((x) => x.id === name);
        return [h.words, h.arms[0].text, h.arms[1].text];
      }), ...answer.costs.map((c) => [c.words, c.arms[0].text, c.arms[1].text])]));
    edit(arm);
  }

  function timeline(answer, k) {
    const zones = answer.arms[k].zones, opened = app.pictured?.arms[k].opened || [];
    const width = Math.max(240, (time.clientWidth || 830) - 32), left = Math.min(190, width * 0.28), line = 30;
    const x = (m) => left + (width - left - 12) * (m / answer.months), height = 34 + line * Math.max(1, zones.length);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, role: "img", "font-size": 13,
      "aria-label": `When zones open: ${zones.map((z) => `${z.name} ${z.opens ?? "by its gate"}`).join("; ") || "no zone"}` });
    for (let m = 0; m <= answer.months; m += 12) {
      made.append(svg("line", { x1: x(m), x2: x(m), y1: 0, y2: height - 22, class: "zx-grid" }),
        svg("text", { x: x(m), y: height - 6, "text-anchor": m === answer.months ? "end" : m ? "middle" : "start", class: "zx-axis" }, m ? `year ${m / 12}` : "start"));
    }
    zones.forEach((zone, i) => {
      const gate = zone.opens === undefined, start = gate ? (opened[i] >= 0 ? opened[i] : zone.latest ?? answer.months) : zone.opens;
      const y = 4 + i * line;
      made.append(svg("text", { x: 0, y: y + 17, "font-weight": 600 }, zone.name.slice(0, Math.floor(left / 7.4))),
        svg("rect", { x: x(Math.min(start, answer.months)), y, width: Math.max(2, x(answer.months) - x(Math.min(start, answer.months))), height: line - 8, rx: 5,
          class: `zx-band-${k}`, opacity: gate ? 0.35 : 0.75, ...(gate ? { "stroke-dasharray": "4 3", stroke: "currentColor" } : {}) }),
        svg("text", { x: x(Math.min(start, answer.months * 0.8)) + 6, y: y + 16, class: gate ? "" : "zx-onbar" },
          gate ? `opens by its gate${opened[i] >= 0 ? `: month ${opened[i]} in the run shown` : ""}` : `month ${start}`));
    });
    if (!zones.length) { made.append(svg("text", { x: 0, y: 20 }, "No zone.")); }
    return made;
  }

  function zone(row, answer, k) {
    const outside = row.name === "outside", start = row.opens ?? 0;
    const months = [6, 12, 24].map((m) => m + (outside ? 0 : start)).concat([answer.months]);
    const known = months.filter((m) => m <= answer.months);
    const heads = known.map((m, i) => (m === answer.months ? "at the end" : `${[6, 12, 24][i]} months in`));
    const first = row.curves;
    const said = outside ? "" : seen(row, start, answer.months);
    return el("section", { class: "zx-box" }, el("h2", {}, outside ? "Sites in no zone" : row.name),
      el("p", { class: "zx-small" }, `${plural(row.sites, "site")}, ${plural(row.practitioners, "practitioner")}, ${row.families.toLocaleString("en-GB")} families. ` +
        `Cost so far: ${money(row.cost[0])} cash and ${money(row.cost[1])} of released time.`),
      outside ? null : slice(row, k), stages(row, answer),
      said ? el("p", {}, el("b", {}, "What one would see first: "), said) : null,
      table(`${row.name}: what is seen and when`, ["", ...heads], Object.entries(CURVES).map(([name, words]) =>
        [words, ...known.map((m) => percent(first[name][m]))])),
      outside ? null : details("How well it stands for the area", el("ul", {}, row.slice.map((s) => el("li", {}, s)))));
  }

  function seen(row, start, months) {
    const at = (name, m) => row.curves[name][Math.min(months, start + m)];
    const parts = [];
    for (const m of [6, 12, 24]) {
      if (start + m > months) { break; }
      parts.push(`after ${m} months local teams' capacity ${percent(at("capacity", m))}, ${percent(at("using", m))} of practitioners using it, ${percent(at("full", m))} of sites in full implementation`);
    }
    return parts.length ? `${parts.join("; ")}.` : "it opens too late for this horizon.";
  }

  /* A slice through all levels of governance, drawn as one wedge. */
  function slice(row, k) {
    const width = 420, step = 25, height = row.levels.length * step + 6, most = Math.max(...row.levels.map((l) => l[1]));
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 12.5, style: "max-width:420px",
      "aria-label": `A slice through all levels: ${row.levels.map(([w, n]) => `${n} ${w}`).join(", ")}` });
    row.levels.forEach(([words, count], i) => {
      const w = 14 + 200 * Math.sqrt(count / most), y = 3 + i * step;
      made.append(svg("rect", { x: 110 - w / 2, y, width: w, height: step - 5, rx: 4, class: count ? `zx-band-${k}` : "", fill: count ? "" : "none",
        opacity: 0.3 + 0.1 * i, stroke: count ? "none" : "currentColor", "stroke-dasharray": "3 3" }),
      svg("text", { x: 228, y: y + 15 }, `${count || "no"} ${words}`));
    });
    return made;
  }

  function stages(row, answer) {
    const width = 420, height = 74, top = 56, made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img",
      "aria-label": `Sites by stage at the end: ${STAGES.map((s, i) => `${percent(row.stages[i][answer.months])} ${s}`).join(", ")}` });
    const shades = ["s0", "s1", "s2", "s3", "s4", "s5"];
    const sums = new Array(answer.months + 1).fill(0);
    row.stages.forEach((curve, i) => {
      const low = sums.map((v) => v), high = sums.map((v, m) => v + (curve[m] || 0));
      high.forEach((v, m) => { sums[m] = v; });
      const xs = (m) => (width * m) / answer.months, ys = (v) => top * (1 - v);
      const up = high.map((v, m) => `${xs(m).toFixed(1)} ${ys(v).toFixed(1)}`), down = low.map((v, m) => `${xs(m).toFixed(1)} ${ys(v).toFixed(1)}`).reverse();
      made.append(svg("path", { d: `M${up.join("L")}L${down.join("L")}Z`, style: `fill:var(--${shades[i]})` }));
    });
    made.append(svg("text", { x: 0, y: height - 4, "font-size": 12, class: "zx-axis" }, "start"),
      svg("text", { x: width, y: height - 4, "font-size": 12, "text-anchor": "end", class: "zx-axis" }, when(answer.months)));
    return el("figure", { style: "margin:.3rem 0" }, made, el("figcaption", { class: "zx-small" }, "Sites by stage: ",
      STAGES.map((s, i) => el("span", { style: "white-space:nowrap;margin-right:.6rem" }, el("i", { class: "zx-key", style: `background:var(--${shades[i]});border-radius:2px;margin-right:.25rem`, "aria-hidden": "true" }), s))));
  }

  function attention(zones, answer) {
    const curve = zones.attention, known = curve.filter((v) => v !== null);
    const box = el("section", { class: "zx-box" }, el("h2", {}, "The core team's attention"));
    if (!known.length) { box.append(el("p", {}, "There is no core team.")); return box; }
    const over = curve.map((v, m) => [v, m]).filter(([v]) => v !== null && v > 1.0);
    box.append(el("p", {}, over.length
      ? `It is overstretched in ${over.length} of ${answer.months} months: up to ${Math.max(...known).toFixed(1)} times what it can give is needed.`
      : "It can meet what is needed in every month (median of runs)."));
    const width = 480, height = 150, top = Math.max(1.3, ...known) * 1.05, x = (m) => 34 + (width - 40) * (m / answer.months), y = (v) => 8 + (height - 32) * (1 - v / top);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "font-size": 12, "aria-label": "Attention needed against available, by month" });
    made.append(svg("rect", { x: x(0), y: y(top), width: width - 40, height: Math.max(0, y(1) - y(top)), style: "fill:var(--warn)", opacity: 0.12 }),
      svg("line", { x1: x(0), x2: width - 6, y1: y(1), y2: y(1), class: "zx-mark" }),
      svg("text", { x: x(0) + 4, y: y(1) - 5, class: "zx-outline" }, "all it can give"),
      svg("path", { d: curve.map((v, m) => (v === null ? "" : `${m === 0 || curve[m - 1] === null ? "M" : "L"}${x(m).toFixed(1)} ${y(v).toFixed(1)}`)).join(""), class: `zx-line zx-line-${which}`, "stroke-width": 2.6 }));
    for (let m = 0; m <= answer.months; m += 12) { made.append(svg("text", { x: x(m), y: height - 8, "text-anchor": m ? "middle" : "start", class: "zx-axis" }, m ? `year ${m / 12}` : "start")); }
    box.append(made, details("As a table", table("Attention needed against available", ["Month", "needed / available"],
      curve.map((v, m) => [m, v === null ? "no core team" : v.toFixed(2)]).filter((_, m) => m % 6 === 0))));
    return box;
  }

  function cost(zones, answer) {
    const years = Array.from({ length: zones.cost.years }, (_, i) => `year ${i + 1}`);
    return el("section", { class: "zx-box" }, el("h2", {}, "Cost by agency and year"),
      el("p", {}, `Cash, and staff time released, mean of ${answer.replicates} runs.`),
      zones.cost.rows.length ? table("Cost by agency and year", ["Agency", "", ...years], zones.cost.rows.flatMap((r) => [
        [r.agency, "cash", ...r.cash.map(money)], [r.agency, "released time", ...r.time.map(money)]])) : el("p", {}, "No cost arises."));
  }

  function edit(arm) {
    if (editor.dataset.of === `${which}:${arm.name}:${JSON.stringify(arm.zones)}`) { return; }
    editor.dataset.of = `${which}:${arm.name}:${JSON.stringify(arm.zones)}`;
    const plan = structuredClone(arm.zones);
    const sets = [];
    const field = (zone, key, words, low, high, step = 1) => {
      const made = el("input", { type: "number", min: low, max: high, step, value: zone[key] ?? "", "aria-label": `${zone.name}: ${words}` });
      made.addEventListener("change", () => { if (made.value !== "" && made.reportValidity()) { zone[key] = Number(made.value); } });
      return made;
    };
    const body = plan.map((zone, i) => {
      const gate = el("input", { type: "checkbox", checked: zone.gate !== undefined, "aria-label": `${zone.name}: opens by a gate`, disabled: i === 0,
        onchange: (e) => { if (e.target.checked) { delete zone.opens; zone.gate = true; } else { delete zone.gate; delete zone.latest; zone.opens = 12 * (i + 1); } sets.push(1); redo(); } });
      const size = zone.sites ? el("span", {}, `${zone.sites.length} named`) : typeof (zone.choose ?? zone.count) === "string" ? el("span", {}, "the rest")
        : field(zone, zone.count !== undefined ? "count" : "choose", "sites", 1, 600);
      return el("tr", {}, el("th", { scope: "row" }, zone.name), el("td", {}, size), el("td", {}, gate),
        el("td", {}, zone.gate ? field(zone, "latest", "opens at the latest", 0, 1199) : field(zone, "opens", "month it opens", 0, 1199)),
        el("td", {}, resource(zone)), el("td", {}, el("button", { type: "button", class: "zx-button zx-slim", "aria-label": `Take out ${zone.name}`, onclick: () => { plan.splice(i, 1); if (plan[0]?.gate) { delete plan[0].gate; plan[0].opens = 1; } send(); } }, "Take out")));
    });
    function resource(zone) { if (zone.resources === undefined) { zone.resources = 1; } return field(zone, "resources", "time of local teams", 0, 4, 0.05); }
    function redo() { arm = { ...arm, zones: plan }; editor.dataset.of = ""; edit(arm); }
    function send() {
      app.state.arms[which] = { ...app.state.arms[which], zones: plan.map((z) => { const row = { ...z }; if (row.resources === 1) { delete row.resources; } return row; }) };
      app.ask();
    }
    fill(editor, el("div", { class: "zx-scroll" }, el("table", { class: "zx-table" }, el("caption", { class: "zx-hidden" }, "The plan's zones"),
      el("thead", {}, el("tr", {}, ["Zone", "Sites", "By a gate", "Month (latest, with a gate)", "Local teams' time (1 as usual)", "Take out"].map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, body))),
    el("div", { class: "zx-row", style: "justify-content:flex-start;margin-top:.5rem" },
      el("button", { type: "button", class: "zx-button", onclick: () => { const last = plan.at(-1); plan.push({ name: `zone ${plan.length + 1}`, choose: 4, opens: Math.min(answerMonths() - 6, (last?.opens ?? 0) + 12) }); redo(); } }, "Add a zone"),
      el("button", { type: "button", class: "zx-button zx-first", onclick: send }, "Run this plan"),
      el("button", { type: "button", class: "zx-button", onclick: () => { delete app.state.arms[which].zones; app.ask(); } }, "As it was shipped")));
  }
  function answerMonths() { return app.full?.months || 60; }

  return { node, update() { draw(); }, picture() { draw(); }, restyle() { draw(); } };
}
