/* The page: state, messages to and from the server, head, and which page is shown. */

import { el, fill, filled } from "./dom.js";
import { Clock } from "./clock.js";
import { panel } from "./levers.js";
import * as address from "./address.js";
import * as server from "./away.js";
import { open } from "./link.js";
import { MAKERS } from "/pages/list.js";

const THEMES = [["light", "Light"], ["dark", "Dark"], ["contrast", "High contrast"]];

/* Once the frame that is drawn next has been painted. */
function painted(then) {
  window.requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = then;
    after.port2.postMessage(0);
  });
}

class App {
  constructor(root, about, wire) {
    this.root = root;
    this.about = about;
    this.words = about.words.frame;
    this.wire = wire;
    this.state = structuredClone(about.first);
    this.measure = Object.keys(about.charts)[0];
    this.checks = {};
    this.row = "";
    this.returned = false;
    this.answer = null;
    this.pictured = null;
    this.number = 0;
    this.asked = new Map();
    this.waiting = new Map();
    this.acts = 0;
    this.turn = Promise.resolve();
    this.next = "";
    this.flying = 0;
    this.clock = new Clock();
    this.perf = [];
    this.pages = new Map();
    this.story = null;
    document.dispatchEvent(new CustomEvent("zones-page", { detail: this }));
    this.build();
    this.onhash = () => this.arrived();
    window.addEventListener("hashchange", this.onhash);
    this.arrived(true);
    this.unwatch = server.watch((away) => this.gone(away));
  }

  build() {
    this.main = el("main", { id: "main", class: "zx-main", tabindex: "-1" });
    this.side = panel(this);
    this.status = el("p", { class: "zx-hidden", role: "status" });
    this.trouble = el("p", { class: "zx-trouble", role: "alert", hidden: true });
    this.notice = el("section", { class: "zx-box zx-notice", role: "alert", hidden: true });
    const link = (p) => el("a", { href: `#/${p.id}`, "data-page": p.id }, p.title), { pages } = this.about;
    this.more = el("details", { class: "zx-more" }, el("summary", {}, "More"), el("div", {}, pages.filter((p) => p.more).map(link)));
    this.nav = el("nav", { "aria-label": "Pages" }, pages.filter((p) => !p.more).map(link), this.more);
    const theme = el("select", { "aria-label": "Colours", onchange: (e) => this.theme(e.target.value) },
      THEMES.map(([value, words]) => el("option", { value,
        selected: document.documentElement.dataset.theme === value }, words)));
    this.head = el("header", { class: "zx-head" },
      el("a", { class: "zx-skip", href: "#main", onclick: (e) => { e.preventDefault(); this.main.focus(); } }, "Skip to the page"),
      el("a", { class: "zx-brand", href: "#/start" }, el("span", { class: "zx-logo", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
        "Transformation Zones"), this.nav, el("div", { class: "zx-tools" }, theme));
    this.frame = el("div", { class: "zx-frame" }, this.side.node, this.main);
    fill(this.root, el("div", { class: "zx-app" }, this.head, this.trouble, this.notice, this.frame, this.status));
  }

  theme(name) {
    document.documentElement.dataset.theme = name;
    try { window.localStorage.setItem("zones-theme", name); } catch (error) { /* not kept, still shown */ }
    this.head.querySelector(".zx-tools select").value = name;
    for (const page of this.pages.values()) { page.restyle?.(); }
  }

  get names() { return this.answer ? this.answer.arms.map((a) => a.title) : ["", ""]; }

  /* An address was opened: in a new tab, by a reload, or pasted into this one. Nothing else is ever asked instead. */
  arrived(first = false) {
    this.heard = window.location.hash;
    const said = address.read(this.heard);
    this.row = said.row;
    this.show(said.page);
    if (said.damaged) { this.stop(this.words.damaged, first); }
    else if (said.share) { open(this, said.share, first); }
    else if (said.view) { this.take(said.view, first); }
    else if (first) {
      const before = address.waiting(this.about.place.mark);
      if (before) { this.take(before, true); } else { this.ask(); }
    } else { this.remember(); }
  }

  /* A view from an address or from this browser: asked as it is, unless it was made for another area. */
  take(view, first) {
    if (view.place && view.place !== this.about.place.mark) {
      address.wait(view);
      this.stop(filled(this.words.other_area, { place: this.about.place.name }), first, [filled(this.words.same_here, { place: this.about.place.name }), () => this.take({ ...view, place: "" }, false)]);
      return;
    }
    const strange = view.state.arms.find((arm) => !this.about.presets.some((p) => p.name === arm.preset));
    if (strange) { this.stop(filled(this.words.strange, { scenario: String(strange.preset).slice(0, 60) }), first); return; }
    const same = this.answer && JSON.stringify(view.state) === JSON.stringify({ arms: this.state.arms, months: this.state.months, seed: this.state.seed });
    this.state = structuredClone(view.state);
    if (view.measure in this.about.charts) { this.measure = view.measure; }
    this.returned = !same;
    this.side.refresh();
    if (same) { this.pages.get(this.page.id)?.update?.(this.answer); this.remember(); } else { this.ask(); }
  }

  /* Says why nothing was asked, and what one can do; it stays until something is chosen. */
  stop(words, first, more = null) {
    const before = address.kept(), begun = this.answer !== null && !first;
    const choice = (text, act) => el("button", { type: "button", class: "zx-button", onclick: () => { this.notice.hidden = true; act(); } }, text);
    fill(this.notice, el("h2", {}, words), el("p", {}, begun ? this.words.still : this.words.not_worked_out),
      el("div", { class: "zx-row zx-left" }, more ? choice(...more) : null,
        begun ? choice("Close", () => this.remember()) : [before && before.view.place === this.about.place.mark ? choice(this.words.go_on, () => this.take(before.view, false)) : null,
          this.about.start.own ? null : choice(this.words.open_list, () => { this.notice.hidden = true; window.location.hash = "#/start"; this.ask(); }),
          choice(this.about.start.own ? this.words.begin_list : this.words.begin_example, () => { this.state = structuredClone(this.about.first); this.side.refresh(); this.ask(); })]));
    this.notice.hidden = false;
    this.root.firstChild?.classList.remove("zx-asking");
    if (!begun) { this.lock(true); }
  }

  /* The address and this browser follow what is shown. */
  remember() {
    window.clearTimeout(this.remembering);
    this.remembering = window.setTimeout(() => {
      /* A page that was asked for and is not shown yet has its own address: to write over it would lose the page. */
      if (!this.notice.hidden || window.location.hash !== this.heard) { return; }
      window.history.replaceState(null, "", address.written(this));
      this.heard = window.location.hash;
      address.keep(this);
    }, 250);
  }

  show(id) {
    const page = this.about.pages.find((p) => p.id === id) || this.about.pages[0];
    if (this.page?.id === page.id) { if (this.row) { this.pages.get(page.id).shown?.(); } return; }
    this.pages.get(this.page?.id)?.hidden?.();
    this.page = page;
    if (!this.pages.has(page.id)) { this.pages.set(page.id, MAKERS[page.id](this)); }
    const made = this.pages.get(page.id);
    fill(this.main, made.node);
    this.side.node.hidden = !page.levers;
    this.frame.classList.toggle("zx-wide", !page.levers);
    document.title = `${page.title} · Transformation Zones`;
    this.more.open = false;
    this.more.classList.toggle("zx-here", page.more);
    for (const link of this.nav.querySelectorAll("a")) {
      if (link.dataset.page === page.id) { link.setAttribute("aria-current", "page"); } else { link.removeAttribute("aria-current"); }
    }
    if (this.answer && page.levers) { this.side.shown(this.answer); }
    if (this.answer) { made.update?.(this.answer); }
    if (this.pictured) { made.picture?.(this.pictured); }
    made.shown?.();
    window.scrollTo(0, 0);
  }

  /* Asks at once; of what comes while an answer is on its way only the latest is asked. */
  ask() {
    if (this.lost) { return; }
    this.notice.hidden = true;
    this.remember();
    this.number += 1;
    this.asked.set(this.number, performance.now());
    this.root.firstChild?.classList.add("zx-asking");
    this.next = JSON.stringify({ number: this.number, ask: this.state });
    this.pump();
    this.side.changed?.();
  }

  pump() {
    if (this.flying || !this.next) { return; }
    this.flying = this.number;
    const text = this.next;
    this.next = "";
    this.wire.ask(text);
  }

  answered(text) {
    if (this.lost) { return; }
    const answer = Object.freeze(JSON.parse(text));
    this.lock(false);
    if (answer.error || answer.number >= this.flying) { this.flying = 0; this.pump(); }
    if (answer.error) { this.refused(answer.error); return; }
    this.returned = false;
    if (answer.number < this.number && answer.number !== 0 && this.answer && answer.number < this.answer.number) { return; }
    if (answer.quick && this.full?.number === answer.number) { return; }
    this.tell("");
    const begun = this.asked.get(answer.number);
    this.answer = answer;
    this.checks = answer.checks;
    if (!answer.quick) { this.full = answer; }
    this.clock.months = answer.months;
    if (answer.number === this.number) { this.root.firstChild.classList.remove("zx-asking"); }
    this.side.update(answer);
    this.pages.get(this.page.id)?.update?.(answer);
    if (begun !== undefined) {
      for (const key of [...this.asked.keys()]) { if (key < answer.number || (key === answer.number && !answer.quick)) { this.asked.delete(key); } }
      painted(() => this.perf.push({ ms: performance.now() - begun, number: answer.number, quick: answer.quick, replicates: answer.replicates }));
    }
    if (!answer.quick) {
      this.status.textContent = `${answer.counted} ${answer.findings[this.measure]}`;
    }
  }

  /* What an address or this browser kept may not fit the place that the server has now. */
  refused(words) {
    if (this.returned && !this.answer) { this.returned = false; this.stop(words, true); } else { this.tell(words); }
  }

  picture(text) {
    const picture = JSON.parse(text);
    if (picture.number < this.number) { return; }
    this.pictured = Object.freeze(picture);
    this.pages.get(this.page.id)?.picture?.(this.pictured);
  }

  /* One after the other: replies that came at once could hide one another. */
  act(what, more = {}) {
    const sent = this.turn.then(() => new Promise((resolve) => {
      this.acts += 1;
      this.waiting.set(this.acts, resolve);
      this.wire.act({ ...more, do: what, number: this.acts });
    }));
    this.turn = sent;
    return sent;
  }

  reply(text) {
    const reply = JSON.parse(text);
    const resolve = this.waiting.get(reply.number);
    this.waiting.delete(reply.number);
    resolve?.(reply);
  }

  tell(words) {
    this.trouble.hidden = !words;
    this.trouble.textContent = words;
    if (words) { this.root.firstChild.classList.remove("zx-asking"); }
  }

  /* Pictures play on without a server; levers wait for it. If a server that is back has forgotten it, the page loads again. */
  gone(away) {
    this.lost = away;
    this.tell(away ? this.words.away : this.words.back);
    if (away) { this.lock(true); this.giveUp(); } else if (this.notice.hidden) { this.ask(); } else { this.tell(""); this.lock(false); }
  }

  /* Locked from when the server has gone until it has answered again. */
  lock(on) {
    this.side.node.inert = on;
    this.root.firstChild?.classList.toggle("zx-away", on);
  }

  /* Once the server is there again. */
  async back() { while (this.lost) { await new Promise((done) => { window.setTimeout(done, 500); }); } }

  giveUp() {
    this.flying = 0;
    for (const [number, resolve] of [...this.waiting]) { this.waiting.delete(number); resolve({ error: this.words.try_again, away: true }); }
  }

  /* Another place is shown from here on: the page is drawn anew, on its map. */
  moved() {
    this.unmount();
    window.clearTimeout(this.remembering);
    window.history.replaceState(null, "", `${window.location.pathname}#/${this.page.id === "start" ? "zones" : this.page.id}`);
  }

  unmount() { window.removeEventListener("hashchange", this.onhash); this.unwatch(); this.clock.pause(); }
}

export function mount(root, about, wire) { return new App(root, about, wire); }
