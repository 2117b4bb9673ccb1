/* A link that was opened. */

import { el, table } from "./dom.js";

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
  const why = [reply.then.other_place ? "The link was made for another area." : "", reply.then.version_then !== reply.then.version_now ? `It was made with version ${reply.then.version_then}; this is ${reply.then.version_now}.` : ""].filter(Boolean).join(" ");
  const box = el("section", { class: "zx-box zx-notice zx-moved-figures", role: "alert" }, el("h2", {}, "The figures have moved since this link was made"), el("p", {}, why || "The model has changed."),
    reply.then.moved.length ? table("Figures then and now", ["Headline", "Plan then", "Compared then", "Plan now", "Compared now"], reply.then.moved) : el("p", {}, "The headlines are the same at two figures."),
    el("button", { type: "button", class: "zx-button", onclick: () => box.remove() }, "Close"));
  app.root.querySelector(".zx-frame").before(box);
}
