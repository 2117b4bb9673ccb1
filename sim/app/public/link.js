/* A link that was opened. */

import { el, filled, table } from "./dom.js";

/* A link that was opened: its question is asked, and any difference from the answer then is shown. */
export async function open(app, text, first) {
  const reply = await app.act("open", { link: text });
  if (reply.error) { app.stop(reply.error, first); return; }
  app.state = reply.ask;
  app.measure = reply.measure;
  app.side.refresh();
  app.ask();
  app.root.querySelector(".zx-moved-figures")?.remove();
  if (reply.then.same) { return; }
  const why = [reply.then.other_place ? app.words.link_other_area : "", reply.then.version_then !== reply.then.version_now ? filled(app.words.versions, { then: reply.then.version_then, now: reply.then.version_now }) : ""].filter(Boolean).join(" ");
  const box = el("section", { class: "zx-box zx-notice zx-moved-figures", role: "alert" }, el("h2", {}, app.words.moved), el("p", {}, why || app.words.model_changed),
    reply.then.moved.length ? table(app.words.then_now, app.words.moved_heads, reply.then.moved) : el("p", {}, app.words.same_figures),
    el("button", { type: "button", class: "zx-button", onclick: () => box.remove() }, "Close"));
  app.root.querySelector(".zx-frame").before(box);
}
