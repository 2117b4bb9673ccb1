/* How much each lever moves the outcome, beside the lever: asked once it is quiet, and again until every lever was looked at. */

import { el, fill } from "./dom.js";

const QUIET = 900, AGAIN = 700;

/* rows: by lever, the place beside it and the place of its words for a screen reader. */
export function moves(app, rows, which) {
  const most = el("p", { class: "zx-small zx-moves-most" }), small = el("p", { class: "zx-small" });
  let timer = 0, wanted = "", told = null;

  /* What is known belongs to another position of the levers: it stays, pale, until the new one is known. */
  function outdated() {
    window.clearTimeout(timer);
    wanted = "";
    for (const { beside } of rows.values()) { beside.classList.add("zx-old"); }
    most.classList.add("zx-old");
  }

  function after(answer) {
    const now = JSON.stringify([which(), answer.question]);
    if (!answer.settled || now === wanted) { return; }
    wanted = now;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => ask(answer.question, now), QUIET);
  }

  async function ask(question, now) {
    if (now !== wanted || app.lost || !app.page.levers) { wanted = ""; return; }
    const reply = await app.act("moves", { ask: question, plan: which() });
    if (now !== wanted) { return; }
    if (reply.error) { wanted = ""; return; }
    if (reply.ready || !told) { told = reply; draw(); }
    if (reply.ready) { for (const { beside } of rows.values()) { beside.classList.remove("zx-old"); } most.classList.remove("zx-old"); return; }
    timer = window.setTimeout(() => ask(question, now), AGAIN);
  }

  function draw() {
    for (const [name, { beside, hint }] of rows) {
      const mine = told?.levers[name]?.[app.measure];
      beside.hidden = !mine;
      hint.textContent = mine ? ` ${mine.told}` : "";
      if (!mine) { continue; }
      fill(beside, el("i", { class: mine.part < 0 ? "zx-moves-down" : "", style: `--part:${Math.abs(mine.part)}` }), el("span", {}, mine.short));
      beside.title = mine.told;
    }
    most.textContent = told?.most[app.measure] ?? "";
    small.textContent = told?.small ?? "";
  }

  return { most, small, after, outdated, draw };
}
