/* The page: state, messages to and from the server, head, and which page is shown. */

import { el, fill } from "./dom.js";
import { Clock } from "./net.js";
import { panel } from "./levers.js";
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
    this.wire = wire;
    const before = server.kept(about);
    this.returned = before !== null;
    this.state = before ?? structuredClone(about.first);
    this.measure = Object.keys(about.charts)[0];
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
    this.onhash = () => this.show();
    window.addEventListener("hashchange", this.onhash);
    const shared = /[?&]share=([A-Za-z0-9_-]{1,2000})/.exec(window.location.hash);
    this.show();
    if (shared) { open(this, shared[1]); } else { this.ask(); }
    this.unwatch = server.watch((away) => this.gone(away));
  }

  build() {
    this.main = el("main", { id: "main", class: "zx-main", tabindex: "-1" });
    this.side = panel(this);
    this.status = el("p", { class: "zx-hidden", role: "status" });
    this.trouble = el("p", { class: "zx-trouble", role: "alert", hidden: true });
    const link = (p) => el("a", { href: `#/${p.id}`, "data-page": p.id }, p.title), { pages } = this.about;
    this.more = el("details", { class: "zx-more" }, el("summary", {}, "More"), el("div", {}, pages.filter((p) => p.more).map(link)));
    this.nav = el("nav", { "aria-label": "Pages" }, pages.filter((p) => !p.more).map(link), this.more);
    const theme = el("select", { "aria-label": "Colours", onchange: (e) => this.theme(e.target.value) },
      THEMES.map(([value, words]) => el("option", { value,
        selected: document.documentElement.dataset.theme === value }, words)));
    this.head = el("header", { class: "zx-head" },
      el("a", { class: "zx-skip", href: "#main", onclick: (e) => { e.preventDefault(); this.main.focus(); } }, "Skip to the page"),
      el("a", { class: "zx-brand", href: "#/explore" }, el("span", { class: "zx-logo", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
        "Transformation Zones"), this.nav, el("div", { class: "zx-tools" }, theme));
    this.frame = el("div", { class: "zx-frame" }, this.side.node, this.main);
    fill(this.root, el("div", { class: "zx-app" }, this.head, this.trouble, this.frame, this.status));
  }

  theme(name) {
    document.documentElement.dataset.theme = name;
    try { window.localStorage.setItem("zones-theme", name); } catch (error) { /* not kept, still shown */ }
    this.head.querySelector(".zx-tools select").value = name;
    for (const page of this.pages.values()) { page.restyle?.(); }
  }

  get names() { return this.answer ? this.answer.arms.map((a) => a.title) : ["", ""]; }

  show() {
    const id = (/^#\/([a-z]+)/.exec(window.location.hash) || [])[1];
    const page = this.about.pages.find((p) => p.id === id) || this.about.pages[0];
    if (this.page?.id === page.id) { return; }
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
    if (this.answer) { made.update?.(this.answer); }
    if (this.pictured) { made.picture?.(this.pictured); }
    made.shown?.();
    window.scrollTo(0, 0);
  }

  /* Asks at once; of what comes while an answer is on its way only the latest is asked. */
  ask() {
    server.keep(this.state);
    if (this.lost) { return; }
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

  /* What was asked before may not fit the place that the server has now: then from the beginning. */
  refused(words) {
    if (!this.returned) { this.tell(words); return; }
    this.returned = false;
    this.state = structuredClone(this.about.first);
    this.side.refresh?.();
    this.ask();
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
    this.tell(away ? server.AWAY : server.BACK);
    if (away) { this.lock(true); this.giveUp(); } else { this.ask(); }
  }

  /* Locked from when the server has gone until it has answered again. */
  lock(on) {
    this.side.node.inert = on;
    this.root.firstChild?.classList.toggle("zx-away", on);
  }

  giveUp() {
    this.flying = 0;
    for (const [number, resolve] of [...this.waiting]) { this.waiting.delete(number); resolve({ error: "The server is away; try again once it is back." }); }
  }

  unmount() { window.removeEventListener("hashchange", this.onhash); this.unwatch(); this.clock.pause(); }
}

export function mount(root, about, wire) { return new App(root, about, wire); }
