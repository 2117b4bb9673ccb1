/* Present: stories that are stored on the page before they begin, and a story of one's own. */

import { el, fill } from "/static/public/dom.js";
import { Show } from "/static/public/show.js";
import { ownStory } from "./own.js";

export function make(app) {
  const list = el("ul", { class: "zx-stories" }), state = el("p", { role: "status", class: "zx-finding" });
  const kept = new Map();
  let looking = 0;
  const node = el("div", {}, el("h1", {}, "Present"),
    el("p", { class: "zx-lead" }, "Every story is stored on this page before it begins, so that nothing can stall and no server is needed during the talk. Space or → goes on, ← back, B blacks out, N opens the speaker's notes, F is full screen, Esc leaves."), state, list,
    ownStory(app, (reply) => { if (!app.story) { new Show(app, Object.freeze(reply)); } }));
  fill(list, app.about.stories.map((story) => el("li", { class: "zx-box" }, el("h2", {}, story.title),
    el("p", {}, `For ${story.audience}.`), el("p", { class: "zx-small" }, `${story.slides} slides, about ${Math.round(story.minutes)} minutes with talk`),
    el("button", { type: "button", class: "zx-button zx-first", onclick: () => begin(story.name) }, "Begin", el("span", { class: "zx-hidden" }, `: ${story.title}`)))));

  async function store(name) {
    if (kept.has(name)) { return ""; }
    const reply = await app.act("story", { name });
    if (!reply.error) { kept.set(name, Object.freeze(reply)); }
    return reply.error || "";
  }

  async function begin(name) {
    if (!kept.has(name)) { state.textContent = "Working out the answers; this happens once …"; }
    const error = await store(name);
    state.textContent = error;
    if (!error && !app.story) { new Show(app, kept.get(name)); }
  }

  /* Stories that the server has worked out are stored one by one while this page is open. */
  async function look() {
    const reply = await app.act("stories");
    for (const name of reply.ready || []) { await store(name); }
    const all = app.about.stories.length;
    if (!reply.error) { state.textContent = kept.size === all ? `All ${all} stories are stored on this page.` : `${kept.size} of ${all} stories are stored on this page; the others are being worked out.`; }
    if (kept.size < all && looking) { looking = window.setTimeout(look, 1500); }
  }

  return { node, shown() { if (kept.size < app.about.stories.length) { looking = 1; look(); } }, hidden() { window.clearTimeout(looking); looking = 0; } };
}
