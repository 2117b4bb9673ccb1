/* Present: stories that are stored on the page before they begin, and a story of one's own. */

import { el, fill, filled } from "/static/public/dom.js";
import { Show } from "/static/public/show.js";
import { ownStory } from "./own.js";

export function make(app) {
  const say = app.about.words.present;
  const list = el("ul", { class: "zx-stories" }), state = el("p", { role: "status", class: "zx-finding" });
  const kept = new Map();
  let looking = 0;
  const node = el("div", {}, el("h1", {}, "Present"),
    el("p", { class: "zx-lead" }, say.lead), state, list,
    ownStory(app, (reply) => { if (!app.story) { new Show(app, Object.freeze(reply)); } }));
  fill(list, app.about.stories.map((story) => el("li", { class: "zx-box" }, el("h2", {}, story.title),
    el("p", {}, filled(say.audience, { audience: story.audience })), el("p", { class: "zx-small" }, filled(say.length, { slides: story.slides, minutes: Math.round(story.minutes) })),
    el("button", { type: "button", class: "zx-button zx-first", onclick: () => begin(story.name) }, "Begin", el("span", { class: "zx-hidden" }, `: ${story.title}`)))));

  async function store(name) {
    if (kept.has(name)) { return ""; }
    const reply = await app.act("story", { name });
    if (!reply.error) { kept.set(name, Object.freeze(reply)); }
    return reply.error || "";
  }

  async function begin(name) {
    if (!kept.has(name)) { state.textContent = say.working; }
    const error = await store(name);
    state.textContent = error;
    if (!error && !app.story) { new Show(app, kept.get(name)); }
  }

  /* Stories that the server has worked out are stored one by one while this page is open. */
  async function look() {
    const reply = await app.act("stories");
    for (const name of reply.ready || []) { await store(name); }
    const all = app.about.stories.length;
    if (!reply.error) { state.textContent = kept.size === all ? filled(say.stored, { all }) : filled(say.so_far, { stored: kept.size, all }); }
    if (kept.size < all && looking) { looking = window.setTimeout(look, 1500); }
  }

  return { node, shown() { if (kept.size < app.about.stories.length) { looking = 1; look(); } }, hidden() { window.clearTimeout(looking); looking = 0; } };
}
