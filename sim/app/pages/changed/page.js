/* What changed from the first edition: old and new figures side by side, each with its reason. */

import { el, fill, table } from "/static/public/dom.js";

export function make(app) {
  const body = el("div"), node = el("div", { class: "zx-reading" }, el("h1", {}, "What changed"), body);
  let asked = false;

  /* Lines of a list that follow one another stand in one list. */
  function drawn(blocks) {
    const found = [];
    let heading = "", list = null;
    for (const b of blocks) {
      if (b.kind === "li") {
        if (!list) { list = el("ul"); found.push(list); }
        list.append(el("li", {}, b.text));
        continue;
      }
      list = null;
      if (b.kind === "table") { found.push(el("section", { class: "zx-box" }, table(heading, b.heads, b.rows))); }
      else if (b.kind === "h1") { found.push(el("p", { class: "zx-lead" }, b.text)); }
      else { heading = b.kind === "p" ? heading : b.text; found.push(el(b.kind, {}, b.text)); }
    }
    return found;
  }

  async function ask() {
    if (asked) { return; }
    asked = true;
    const reply = await app.act("changed");
    asked = !reply.error;
    fill(body, reply.error ? el("p", {}, reply.error) : drawn(reply.blocks));
  }

  return { node, shown() { ask(); } };
}
