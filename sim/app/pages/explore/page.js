/* Explore: headlines, two scenarios side by side, time series with bands, the organisation month by month. */

import { behind, download, fan, markOf, scaleOf } from "/static/public/chart.js";
import { details, el, fill, filled, table } from "/static/public/dom.js";
import { badge } from "/static/public/badge.js";
import { Net } from "/static/public/net.js";
import { explained } from "/static/public/terms.js";
import { tour } from "/static/public/tour.js";
import { Before } from "./before.js";

export function make(app) {
  const say = app.about.words.explore;
  const cards = el("div", { class: "zx-cards" });
  const before = new Before(), strip = el("p", { class: "zx-strip-moved", hidden: true });
  const title = el("h1", {}, "Explore"), ends = el("p", { class: "zx-small zx-ends-at" });
  const others = el("div"), notes = el("div", { class: "zx-feet" });
  const finding = el("p", { class: "zx-finding" }, say.first);
  window.setTimeout(() => {
    if (!app.answer && app.notice.hidden) { finding.textContent = say.compiling; }
  }, 5000);
  const inside = el("div");
  const counted = el("p", { class: "zx-small zx-count" });
  const asTable = el("div");
  const pick = el("fieldset", { class: "zx-tabs zx-measures" }, el("legend", {}, "Show"),
    Object.entries(app.about.charts).map(([name, chart]) => [
      el("input", { type: "radio", name: "zx-measure", id: `zx-measure-${name}`, checked: name === app.measure,
        onchange: () => { app.measure = name; draw(); app.side.measured(); app.remember(); } }), el("label", { for: `zx-measure-${name}`, title: chart.title }, chart.short)]));
  const panels = [0, 1].map((k) => side(k));
  const clock = clockBar(app, panels);
  const exports = ["png", "svg", "csv"].map((kind) => el("button", { type: "button", class: "zx-button zx-slim",
    onclick: () => { if (app.answer) { download(kind, app.about, app.full || app.answer, app.measure, app.names); } } },
  kind.toUpperCase()));
  const node = el("div", {}, title, el("div", { class: "zx-row" }, ends, el("button", { type: "button", class: "zx-button zx-slim", id: "zx-tour-begin", onclick: () => tour(app) }, app.words.tour_begin)), cards, notes, pick, finding, inside, el("p", {}, el("a", { href: "#/why" }, say.why), say.click), strip,
    clock.node, el("div", { class: "zx-two" }, panels.map((p) => p.node)), clock.legend, clock.below,
    el("div", { class: "zx-row" }, counted, el("div", { class: "zx-row" }, el("span", { class: "zx-small" }, "This chart as"), exports)),
    asTable, details(say.all, others));

  function side(k) {
    const head = el("h2", {}), sub = el("p", { class: "zx-small" });
    const chart = el("div", { class: "zx-chart" });
    const canvas = el("canvas", { class: "zx-net zx-net-choose", role: "img", "aria-label": say.one_run, title: say.story });
    const caption = el("p", { class: "zx-small zx-caption" }, say.follows);
    const net = new Net(canvas);
    net.tone = k ? "b" : "a";
    canvas.addEventListener("click", (e) => {
      const found = net.at(e.offsetX, e.offsetY);
      if (found) { app.chosen = { ...found, plan: k }; window.location.hash = "#/why"; }
    });
    return { node: el("section", { class: `zx-panel zx-panel-${k}` }, el("div", { class: "zx-panelhead" }, head, sub), chart, canvas, caption), head, sub, chart, net, canvas, caption };
  }

  function draw() {
    const answer = app.answer;
    if (!answer) { return; }
    const chosen = document.getElementById(`zx-measure-${app.measure}`);
    if (chosen && !chosen.checked) { chosen.checked = true; }
    const names = app.names, measure = app.measure, chart = app.about.charts[measure];
    const scale = before.scale(measure, scaleOf(app.about.chart_scales, answer.arms, measure, markOf(chart, answer.months)?.at));
    drawMoved(answer, measure, chart);
    fill(finding, explained(answer.findings[measure], app.words.terms));
    fill(inside, (app.full?.inside ?? []).map((told, k) => (told?.[measure] ? el("p", {}, el("b", { class: `zx-text-${k} zx-sign-${k}` }, `${names[k]}: `), told[measure]) : null)));
    const widths = panels.map((panel) => Math.max(280, panel.chart.clientWidth || 560));
    panels.forEach((panel, k) => {
      panel.head.textContent = names[k];
      panel.sub.textContent = `Share ${chart.cohort}`;
      panel.fan = fan({ width: widths[k], height: tall() ? 200 : 142, arms: answer.arms, main: k, measure, months: answer.months,
        month: monthOf(answer), chart, scale, names, ghost: before.ghost?.arms, label: `${names[k]}: ${answer.findings[measure]}` });
      fill(panel.chart, panel.fan);
    });
    fill(asTable, behind(answer, measure, chart, names));
  }

  /* What a lever did stays on the screen: what moved, what came of it, and a way to let it go. */
  function drawMoved(answer, measure, chart) {
    const rows = before.moved(answer, measure, app.about.controls);
    strip.hidden = !before.ghost;
    if (strip.hidden) { return; }
    fill(strip, rows.map(([k, words, from, to]) => el("span", { class: `zx-text-${k} zx-sign-${k}` }, `${words || chart.short}${to ? `: ${from} → ${to}` : ""}`)),
      el("span", { class: "zx-small" }, say.before), el("button", { type: "button", class: "zx-button zx-slim", id: "zx-forget", onclick: () => { before.forget(); draw(); } }, say.let_go));
  }

  function monthOf(answer) { return app.about.charts[app.measure].origin !== "start" ? answer.months : Math.floor(app.clock.month) || answer.months; }

  function pointAt() {
    if (app.answer) { panels.forEach((panel) => panel.fan?.showAt(monthOf(app.answer))); }
  }

  function drawCards() {
    const answer = app.answer, names = app.names;
    fill(cards, app.about.cards.map((name) => card(answer.headlines.find((h) => h.id === name), names)));
    const rows = [...answer.headlines, ...answer.costs].map((h) => [h.row, h.arms[0].text, h.arms[1].text, h.difference, h.standing]);
    fill(others, table(say.all, [say.heads[0], ...names, ...say.heads.slice(1)], rows));
    counted.textContent = answer.counted;
    const feet = app.about.cards.map((name) => app.checks[name]).filter((c) => c?.badge === "not met").map((c) => c.words);
    const said = [...new Set(feet)].map((words) => el("p", { class: "zx-small" }, el("b", { class: "zx-warn" }, "✗ "), words));
    fill(notes, said[0], said.length > 1 ? details(say.more_missed, said.slice(1), notes.querySelector("details")?.open) : null);
    title.textContent = `${app.about.place.name}: ${answer.title}`;
    ends.textContent = answer.at_end;
  }

  return {
    node,
    update(answer) { before.take(answer); clock.update(answer); drawCards(); draw(); },
    picture(picture) { clock.picture(picture); },
    shown() { app.clock.tell(1); this.watching = new ResizeObserver(() => { draw(); panels.forEach((p) => p.net.resize()); });
      this.watching.observe(panels[0].chart); },
    hidden() { app.clock.pause(); this.watching?.disconnect(); },
    restyle() { draw(); panels.forEach((p) => p.net.resize()); },
    draw,
  };

  function clockBar(owner, sides) {
    const states = owner.about.practitioner_states;
    const play = el("button", { type: "button", class: "zx-play", "aria-label": "Play", onclick: () => owner.clock.toggle() }, "▶");
    const range = el("input", { type: "range", min: 0, max: 60, step: 1, value: 0, "aria-label": "Month",
      oninput: (e) => { owner.clock.pause(); owner.clock.go(Number(e.target.value)); } });
    const now = el("output", { class: "zx-now" }, "Start");
    const speeds = [["Slow", 3], ["Normal", 6], ["Fast", 14]].map(([text, speed], i) => [
      el("input", { type: "radio", name: "zx-speed", id: `zx-speed-${i}`, checked: speed === 6, onchange: () => { owner.clock.speed = speed; } }),
      el("label", { for: `zx-speed-${i}` }, text)]);
    const counts = el("div");
    let timer = 0, last = -1;
    owner.clock.hear((month, part) => {
      sides.forEach((s) => s.net.draw(month, part));
      if (last !== month || Number(range.value) !== month) {
        last = month;
        range.value = month;
        range.style.setProperty("--part", month / owner.clock.months);
        now.textContent = owner.about.moments[month];
        range.setAttribute("aria-valuetext", now.textContent);
      }
      const sign = owner.clock.playing ? "❚❚" : "▶";
      if (play.textContent !== sign) {
        play.textContent = sign;
        play.setAttribute("aria-label", owner.clock.playing ? "Pause" : "Play");
      }
      if (!owner.clock.playing) { settle(); } else if (!timer) { timer = window.setTimeout(() => { timer = 0; pointAt(); }, 250); }
    });
    function settle() {
      pointAt();
      const shared = sides[0].net.shared;
      if (!shared || !owner.answer) { return; }
      const month = sides[0].net.month, found = sides.map((s) => s.net.counts(month));
      sides.forEach((s, k) => s.canvas.setAttribute("aria-label",
        filled(say.picture, { plan: owner.names[k], month, counts: states.map((state, i) => `${found[k][i]} ${state}`).join(", ") })));
      fill(counts, table(filled(say.counts, { month }), ["", ...owner.names],
        [...states.map((words, i) => [words, found[0][i], found[1][i]]),
          [say.reached, ...shared.arms.map((a) => a.reached[Math.min(month, a.reached.length - 1)])]]));
    }
    const legend = el("ul", { class: "zx-legend" }, states.map((words, i) =>
      el("li", {}, el("i", { class: `zx-key zx-key-${i}`, "aria-hidden": "true" }), words)),
    el("li", {}, el("i", { class: "zx-key zx-key-reach", "aria-hidden": "true" }), say.arc),
    el("li", {}, el("i", { class: "zx-key zx-key-full", "aria-hidden": "true" }), say.full),
    el("li", {}, el("i", { class: "zx-key zx-key-team", "aria-hidden": "true" }), say.team),
    el("li", {}, el("i", { class: "zx-key zx-key-leader", "aria-hidden": "true" }), say.leader));
    return {
      node: el("section", { class: "zx-clock", "aria-label": "Months" }, el("div", { class: "zx-clockrow" }, play, now, range,
        el("fieldset", { class: "zx-tabs" }, el("legend", { class: "zx-hidden" }, "Speed"), speeds))),
      legend,
      below: el("div", {}, details(say.table, counts)),
      update(answer) {
        const ended = owner.clock.month >= Number(range.max);
        range.max = answer.months;
        if (owner.clock.month > answer.months || (ended && !owner.clock.playing)) { owner.clock.month = answer.months; owner.clock.tell(1); }
        if (!owner.begun) { owner.begun = true; owner.clock.month = answer.months; range.value = answer.months; now.textContent = owner.about.moments[answer.months]; range.style.setProperty("--part", 1); }
        sides.forEach((s) => s.node.classList.toggle("zx-old", owner.pictured?.number !== answer.number));
      },
      picture(picture) {
        sides.forEach((s, k) => {
          s.net.month = Math.min(Math.floor(owner.clock.month), picture.months);
          s.net.show(picture, picture.arms[k]);
          s.node.classList.remove("zx-old");
          s.caption.textContent = picture.captions[k];
        });
        settle();
      },
    };
  }

  function card(headline, names) {
    return el("section", { class: "zx-card" },
      el("div", { class: "zx-cardhead" }, el("h2", {}, explained(headline.title, app.words.terms)), el("span", { class: "zx-tags" }, el("span", { class: "zx-tag" }, headline.standing), badge(app.checks[headline.id], headline.title))),
      el("div", { class: "zx-figures" }, headline.arms.map((arm, k) => el("p", { class: "zx-figure" }, el("span", { class: "zx-hidden" }, `${names[k]}: `),
        el("b", { class: `zx-text-${k} zx-sign-${k}${arm.shown.length > 17 ? " zx-words" : ""}` }, arm.shown)))),
      el("p", { class: "zx-gap" }, headline.gap.lead, el("b", {}, headline.gap.range), headline.gap.often ? el("span", { class: "zx-often" }, ` ${headline.gap.often}`) : null),
      el("p", { class: "zx-small" }, explained(headline.small, app.words.terms)));
  }

}

const tall = () => window.innerHeight > 1000;
