/* Take away: a link, pictures, tables, settings and the briefing. */

import { download } from "/static/public/chart.js";
import { bytes, el, safeName, save } from "/static/public/dom.js";

export function make(app) {
  const link = el("input", { type: "text", readonly: true, id: "zx-link", style: "width:100%", "aria-label": "Link to this comparison" });
  const said = el("p", { role: "status" });
  const name = el("input", { type: "text", id: "zx-option", maxlength: "60", style: "width:100%" }), pinned = el("ol", {});
  app.options ||= [];
  const button = (words, act, first) => el("button", { type: "button", class: `zx-button ${first ? "zx-first" : ""}`, onclick: act }, words);
  const node = el("div", {}, el("h1", {}, "Take away"), said,
    el("div", { class: "zx-grid2" },
      el("section", { class: "zx-box" }, el("h2", {}, "A link"), el("p", {}, "It opens this comparison on any machine that runs these pages for the same area. It says so if another version gives other figures."),
        el("div", { class: "zx-row" }, button("Make and copy the link", copy, true)), el("p", {}, link)),
      el("section", { class: "zx-box" }, el("h2", {}, "A briefing"), el("p", {}, "On paper one page: question, finding, chart, timeline, four figures, three doubts, a box for the decision; tables behind. As HTML with every chart, the evidence and the learning log."),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, button("As a page (HTML)", () => brief("html"), true), button("On paper (PDF)", () => brief("pdf")))),
      el("section", { class: "zx-box" }, el("h2", {}, "A file that answers"), el("p", {}, "One HTML file to send: both futures, the story, and up to five levers that answer without a server, each with its error. It takes about a minute."),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, button("Make the file", answers, true))),
      el("section", { class: "zx-box" }, el("h2", {}, "Options side by side"), el("p", {}, "Pin three to five plans, in the order in which you would climb. The paper compares them on one page; its back has the ladder."),
        el("p", {}, el("label", { for: "zx-option" }, "Name of the plan on the page"), name), el("div", { class: "zx-row", style: "justify-content:flex-start" }, button("Pin it", pin), button("Make the paper", paper, true)), pinned),
      el("section", { class: "zx-box" }, el("h2", {}, "Charts and figures"), Object.entries(app.about.charts).map(([measure, { title: words }]) => el("div", { class: "zx-row", style: "margin:.3rem 0" }, el("span", {}, words),
        el("span", { class: "zx-row" }, ["png", "svg", "csv"].map((kind) => el("button", { type: "button", class: "zx-button zx-slim", "aria-label": `${words} as ${kind}`, onclick: () => app.full && download(kind, app.about, app.full, measure, app.names) }, kind.toUpperCase())))))),
      el("section", { class: "zx-box" }, el("h2", {}, "Settings"), el("p", {}, "A scenario file that `zones run` takes."),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, button("The plan", () => settings(0)), button("What it is compared with", () => settings(1))))));

  async function copy() {
    said.textContent = "Making the link …";
    const reply = await app.act("link", { ask: app.state, page: "explore", measure: app.measure });
    if (reply.error) { said.textContent = reply.error; return; }
    link.value = `${window.location.origin}/#/explore?share=${reply.link}`;
    link.select();
    let copied = false;
    try { await window.navigator.clipboard.writeText(link.value); copied = true; } catch (error) { copied = document.execCommand("copy"); }
    said.textContent = copied ? `Copied: ${link.value.length} characters.` : "Copy the link from the box.";
  }

  async function brief(kind) {
    said.textContent = "Writing the briefing …";
    const reply = await app.act("brief", { ask: app.state, kind });
    if (reply.error) { said.textContent = reply.error; return; }
    if (kind === "pdf") { save(reply.file, new Blob([bytes(reply.base64)], { type: "application/pdf" })); } else { save(reply.file, reply.text, "text/html"); }
    said.textContent = `${reply.file} is with your downloads.`;
  }

  async function answers() {
    const ask = app.state;
    for (;;) {
      const reply = await app.act("answers", { ask });
      if (reply.error) { said.textContent = reply.error; return; }
      if (reply.text) { save(reply.file, reply.text, "text/html"); said.textContent = `${reply.file} is with your downloads.`; return; }
      said.textContent = `${reply.state} …`;
      await new Promise((done) => { window.setTimeout(done, 1000); });
    }
  }

  function pin() {
    const plain = name.value.trim() || app.names[0];
    if (app.options.length === 5) { said.textContent = "Five plans are pinned; take one out first."; return; }
    app.options.push({ name: plain, arm: structuredClone(app.state.arms[0]) });
    name.value = "";
    list();
  }

  function list() {
    pinned.replaceChildren(...app.options.map((one, k) => el("li", {}, `${one.name} `,
      el("button", { type: "button", class: "zx-button zx-slim", "aria-label": `Take out ${one.name}`, onclick: () => { app.options.splice(k, 1); list(); } }, "Take out"))));
  }

  async function paper() {
    said.textContent = "Running the options …";
    const reply = await app.act("options", { ask: app.state, options: app.options });
    if (reply.error) { said.textContent = reply.error; return; }
    save(reply.file, new Blob([bytes(reply.base64)], { type: "application/pdf" }));
    for (const one of reply.files) { save(one.file, one.text, "application/toml"); }
    said.textContent = `${[reply.file, ...reply.files.map((one) => one.file)].join(", ")}: with your downloads.`;
  }

  async function settings(arm) {
    const reply = await app.act("settings", { ask: app.state, arm });
    if (reply.error) { said.textContent = reply.error; return; }
    save(`${safeName(reply.file.replace(/\.toml$/, ""))}.toml`, reply.text, "application/toml");
    said.textContent = `${reply.file} is with your downloads. Run it with: zones run ${reply.file}`;
  }
  return { node };
}
