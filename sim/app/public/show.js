/* A story before a room, from stored answers: one key to advance, predict first, notes in a second window, blackout. */

import { above, fan, ranges, scaleOf } from "./chart.js";
import { calm, el, fill, filled, table } from "./dom.js";
import { Clock } from "./clock.js";
import { Net } from "./net.js";

const NEXT = ["ArrowRight", "PageDown", " ", "Enter"], BACK = ["ArrowLeft", "PageUp", "Backspace"];

/* reply: story, answer, picture; or story and charts, for slides that are drawn by `charts(id, options)`. */
export class Show {
  constructor(app, reply) {
    this.app = app;
    this.reply = reply;
    this.slides = reply.story.slides;
    this.at = 0;
    this.guess = null;
    this.began = Date.now();
    this.before = document.activeElement;
    this.clock = new Clock();
    this.clock.months = reply.answer?.months || 0;
    this.names = reply.story.labels.length ? reply.story.labels : reply.answer.arms.map((a) => a.title);
    this.body = el("div", { class: "zx-slide", tabindex: "-1" });
    this.foot = el("p", { class: "zx-slidefoot" });
    this.black = el("div", { class: "zx-black", hidden: true });
    const button = (words, label, act, first) => el("button", { type: "button", class: `zx-button ${first ? "zx-first" : ""}`, "aria-label": label, onclick: act }, words);
    this.node = el("div", { class: "zx-show", role: "dialog", "aria-modal": "true", "aria-label": reply.story.title }, this.body,
      el("div", { class: "zx-row zx-showbar" }, el("div", { class: "zx-row" }, button("Leave", this.app.words.leave_story, () => this.leave()),
        button("Notes", this.app.words.notes_window, () => this.openNotes())), this.foot,
      el("div", { class: "zx-row" }, button("Back", "Back", () => this.go(-1)), button("Next", "Next", () => this.go(1), true))), this.black);
    this.onkey = (e) => this.key(e);
    document.addEventListener("keydown", this.onkey, true);
    document.querySelector(".zx-app").inert = true;
    document.body.append(this.node);
    this.onsize = () => this.draw();
    window.addEventListener("resize", this.onsize);
    app.story = this;
    this.draw();
  }

  key(e) {
    const typing = e.target.matches?.("input[type=number], input[type=range]");
    if (e.ctrlKey || e.metaKey || e.altKey) { return; }
    const name = e.key;
    if (name === "Escape") { this.leave(); }
    else if (name === "b" || name === "B" || name === ".") { this.black.hidden = !this.black.hidden; }
    else if (name === "n" || name === "N") { this.openNotes(); }
    else if (name === "f" || name === "F") { if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen?.().catch(() => {}); } }
    else if (typing && name !== "Enter" && name !== "PageDown" && name !== "PageUp") { return; }
    else if ((name === " " || name === "Enter") && e.target.tagName === "BUTTON") { return; }
    else if (NEXT.includes(name)) { this.go(1); }
    else if (BACK.includes(name)) { this.go(-1); }
    else { return; }
    e.preventDefault();
    e.stopPropagation();
  }

  go(step) {
    if (!this.black.hidden) { this.black.hidden = true; return; }
    const next = this.at + step;
    if (next < 0 || next >= this.slides.length) { return; }
    this.at = next;
    this.draw();
    this.body.focus();
  }

  draw() {
    const slide = this.slides[this.at];
    this.clock.pause();
    this.clock.heard = [];
    this.foot.textContent = `${this.at + 1} / ${this.slides.length} · ${this.reply.story.area}`;
    const head = [el(slide.kind === "title" || slide.kind === "text" ? "h1" : "h2", { class: `zx-big zx-big-${slide.kind}` }, slide.title),
      slide.text && slide.kind !== "headline" ? el("p", { class: "zx-say" }, slide.text) : null];
    fill(this.body, head, this[slide.kind]?.(slide) ?? null, slide.foot ? el("p", { class: "zx-small zx-missed" }, el("b", { class: "zx-warn" }, "✗ "), slide.foot) : null);
    this.after?.();
    this.after = null;
    this.showNotes();
  }

  title() { return null; }

  text() { return null; }

  chart(slide) {
    const answer = this.reply.answer, width = Math.min(1500, window.innerWidth - 80), height = Math.max(240, window.innerHeight - 330);
    const guess = this.guess?.measure === slide.measure ? this.guess : null;
    if (this.reply.charts) {
      const drawn = this.reply.charts(slide.measure, { width, height, big: width > 900 ? 1.6 : 1, names: this.names, least: guess ? guess.value / 100 + 0.04 : 0 });
      return this.guessed(drawn.made, guess, { height, width, big: width > 900 ? 1.6 : 1, top: drawn.top }, slide, drawn.label);
    }
    const chart = this.app.about.charts[slide.measure], scales = this.app.about.chart_scales, big = width > 900 ? 1.6 : 1;
    const needed = scaleOf(scales, answer.arms, slide.measure, chart.mark && !chart.mark.month ? chart.mark.at : 0);
    const scale = above(scales, Math.max(needed.top, guess ? guess.value / 100 + 0.04 : 0)), { top } = scale;
    const made = fan({ width, height, arms: answer.arms, main: null, measure: slide.measure, months: answer.months, names: this.names,
      chart, scale, big, label: answer.findings[slide.measure] });
    return this.guessed(made, guess, { height, width, big, top }, slide, answer.findings[slide.measure]);
  }

  /* What the room guessed, as a line across the chart and in words above it. */
  guessed(made, guess, { height, width, big, top }, slide, label) {
    if (guess) {
      const y = 12 * big + (height - 38 * big) * (1 - guess.value / 100 / top);
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      for (const [k, v] of Object.entries({ x1: 46 * big, x2: width - 178 * big, y1: y, y2: y, class: "zx-mark" })) { line.setAttribute(k, v); }
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      for (const [k, v] of Object.entries({ x: 54 * big, y: y - 6, class: "zx-outline zx-strong" })) { text.setAttribute(k, v); }
      text.textContent = filled(this.app.words.room, { value: guess.value });
      made.append(line, text);
    }
    const words = guess ? this.reply.story.guesses[slide.measure]?.[guess.value] : "", said = words ? el("p", { class: "zx-say" }, words) : null;
    return [said, made, el("p", { class: "zx-hidden" }, label)];
  }

  list(slide) { return el("ul", { class: `zx-say zx-showlist ${slide.signed ? "zx-signed" : ""}` }, slide.lines.map((line) => el("li", {}, line))); }

  predict(slide) {
    const kept = this.guess?.measure === slide.measure ? this.guess.value : null, value = kept ?? 50;
    const out = el("output", { class: "zx-guess" }, kept === null ? "?" : `${value} %`);
    const range = el("input", { type: "range", min: 0, max: 100, value, "aria-label": this.app.words.room_percent, oninput: (e) => {
      this.guess = { measure: slide.measure, value: Number(e.target.value) };
      out.textContent = `${e.target.value} %`;
      range.style.setProperty("--part", e.target.value / 100);
    } });
    range.style.setProperty("--part", value / 100);
    return el("div", { class: "zx-predict" }, out, range, el("p", { class: "zx-small" }, this.app.words.room_guesses));
  }

  /* The figures above, and below them, as large as the screen has room, how they came about. */
  headline(slide) {
    const answer = this.reply.answer, h = [...answer.headlines, ...answer.costs].find((x) => x.id === slide.headline);
    const picture = el("div", { class: "zx-showpicture" });
    this.after = () => {
      const room = this.body.getBoundingClientRect().bottom - picture.getBoundingClientRect().top - 12;
      const width = Math.min(1800, this.body.clientWidth), height = Math.max(170, room);
      fill(picture, this.behindHeadline(h, width, height));
    };
    return [el("div", { class: "zx-headline" }, h.arms.map((arm, k) => el("div", {}, el("p", { class: `zx-huge zx-text-${k} zx-sign-${k}` }, arm.range),
      el("p", { class: "zx-say" }, this.names[k]), el("p", { class: "zx-small" }, arm.beside))),
    el("div", {}, el("p", { class: "zx-huge" }, h.gap.range), el("p", { class: "zx-say" }, [this.app.words.paired, h.gap.often].filter(Boolean).join(": ")), el("p", { class: "zx-small" }, `${h.cohort} · ${h.standing}`))), picture];
  }

  behindHeadline(h, width, height) {
    const answer = this.reply.answer, measure = h.id, chart = this.app.about.charts[measure];
    if (!chart) { return ranges(h, this.names, width, Math.min(height, 620)); }
    return fan({ width, height, arms: answer.arms, main: null, measure, months: answer.months, names: this.names,
      chart, scale: scaleOf(this.app.about.chart_scales, answer.arms, measure, 0), big: width > 900 ? 1.6 : 1, label: answer.findings[measure] });
  }

  network() {
    const picture = this.reply.picture, answer = this.reply.answer;
    const nets = [0, 1].map((k) => { const canvas = el("canvas", { class: "zx-net", role: "img", "aria-label": filled(this.app.words.one_run, { plan: this.names[k] }) }); const net = new Net(canvas); net.tone = k ? "b" : "a"; return net; });
    const now = el("p", { class: "zx-say" }), shares = nets.map((_, k) => el("p", { class: `zx-huge zx-text-${k}` }));
    this.after = () => {
      nets.forEach((net, k) => net.show(picture, picture.arms[k]));
      let last = -1;
      this.clock.hear((month, part) => {
        nets.forEach((n) => n.draw(month, part));
        if (last === month) { return; }
        last = month;
        nets.forEach((_, k) => { shares[k].textContent = picture.arms[k].using[Math.min(month, picture.months)]; });
        now.textContent = `${this.app.about.moments[month]} · ${picture.now}`;
      });
      if (calm()) { this.clock.go(answer.months); } else { this.clock.month = 0; this.clock.play(); }
    };
    return [el("div", { class: "zx-two zx-shownets" }, nets.map((n, k) => el("div", {}, el("p", { class: `zx-say zx-text-${k} zx-sign-${k}` }, this.names[k]), n.canvas, shares[k]))), now,
      el("ul", { class: "zx-legend zx-showlegend" }, this.app.about.practitioner_states.map((words, i) => el("li", {}, el("i", { class: `zx-key zx-key-${i}`, "aria-hidden": "true" }), words)))];
  }

  families() {
    const answer = this.reply.answer, part = answer.families.find((f) => f.id === "need_served_at_fidelity_share");
    return [el("div", { class: "zx-showtable" }, table(`${part.title}, ${part.cohort}`, ["", ...this.names], part.rows.map((r) => [r.group, ...r.arms.map((a) => a.text)]), { hidden: false })),
      el("p", { class: "zx-say" }, answer.family_words[1]), el("p", { class: "zx-small" }, answer.family_words.at(-1))];
  }

  changes() {
    const arm = this.reply.answer.arms[0], zones = this.reply.answer.zones[0].rows.filter((z) => z.sentence);
    const most = Math.max(2, 8 - 2 * zones.length), shown = arm.changed.slice(0, most), left = arm.changed.length - shown.length;
    return el("ul", { class: "zx-say", style: "padding-left:1.2em;line-height:1.6" }, zones.map((z) => el("li", {}, z.sentence)), shown.map((s) => el("li", {}, s)),
      left > 0 ? el("li", {}, filled(this.app.words.and_more, { count: left })) : null);
  }

  openNotes() {
    if (!this.notes || this.notes.closed) {
      this.notes = window.open("", "zones-notes", "width=760,height=560");
      if (!this.notes) { this.foot.textContent = this.app.words.blocked; return; }
      this.notes.document.title = this.app.words.notes;
      this.notes.document.documentElement.lang = "en";
      this.notes.document.addEventListener("keydown", (e) => this.key(e));
      this.tick = window.setInterval(() => this.showTime(), 1000);
    }
    this.showNotes();
  }

  showNotes() {
    if (!this.notes || this.notes.closed) { return; }
    const doc = this.notes.document, slide = this.slides[this.at], next = this.slides[this.at + 1];
    doc.body.style.cssText = "font:22px/1.5 'Segoe UI','Liberation Sans',Arial,sans-serif;margin:1.5rem;background:#fff;color:#000";
    const p = (words, style) => { const made = doc.createElement("p"); made.textContent = words; made.style.cssText = style || ""; return made; };
    this.time = p("", "font-variant-numeric:tabular-nums;color:#444");
    doc.body.replaceChildren(this.time, p(`${this.at + 1} / ${this.slides.length}: ${slide.title}`, "font-weight:700"), p(slide.notes),
      p(next ? filled(this.app.words.next_slide, { title: next.title }) : this.app.words.last_slide, "color:#444"));
    this.showTime();
  }

  showTime() {
    if (!this.notes || this.notes.closed || !this.time) { return; }
    const seconds = Math.floor((Date.now() - this.began) / 1000), due = this.slides.slice(0, this.at + 1).reduce((n, s) => n + (s.minutes || 1), 0);
    this.time.textContent = filled(this.app.words.time_gone, { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, due });
  }

  leave() {
    this.clock.pause();
    document.removeEventListener("keydown", this.onkey, true);
    window.removeEventListener("resize", this.onsize);
    window.clearInterval(this.tick);
    this.notes?.close();
    if (document.fullscreenElement) { document.exitFullscreen(); }
    this.node.remove();
    document.querySelector(".zx-app").inert = false;
    this.app.story = null;
    this.before?.focus();
  }
}
