/* Take away: a link, pictures, tables, settings and the briefing. */

import { download } from "/static/public/chart.js";
import { bytes, el, filled, safeName, save } from "/static/public/dom.js";

export function make(app) {
  const say = app.about.words.take;
  const link = el("input", { type: "text", readonly: true, id: "zx-link", style: "width:100%", "aria-label": say.link_label });
  const said = el("p", { role: "status" });
  const name = el("input", { type: "text", id: "zx-option", maxlength: "60", style: "width:100%" }), pinned = el("ol", {});
  app.options ||= [];
  const button = (words, act, first) => el("button", { type: "button", class: `zx-button ${first ? "zx-first" : ""}`, onclick: act }, words);
  const node = el("div", {}, el("h1", {}, say.heading), said,
    el("div", { class: "zx-grid2" },
      el("section", { class: "zx-box" }, el("h2", {}, say.link_head), el("p", {}, say.link),
        el("div", { class: "zx-row" }, button(say.link_make, copy, true)), el("p", { class: "zx-later" }, link)),
      el("section", { class: "zx-box" }, el("h2", {}, say.briefing_head), el("p", {}, say.briefing),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, button(say.page, () => brief("html"), true), button(say.paper, () => brief("pdf")))),
      el("section", { class: "zx-box" }, el("h2", {}, say.answers_head), el("p", {}, say.answers),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, button(say.answers_make, answers, true))),
      el("section", { class: "zx-box" }, el("h2", {}, say.options_head), el("p", {}, say.options),
        el("p", {}, el("label", { for: "zx-option" }, say.option), name), el("div", { class: "zx-row", style: "justify-content:flex-start" }, button(say.pin, pin), button(say.options_make, paper, true)), pinned),
      el("section", { class: "zx-box" }, el("h2", {}, say.charts), Object.entries(app.about.charts).map(([measure, { title }]) => el("div", { class: "zx-row", style: "margin:.3rem 0" }, el("span", {}, title),
        el("span", { class: "zx-row" }, ["png", "svg", "csv"].map((kind) => el("button", { type: "button", class: "zx-button zx-slim", "aria-label": filled(say.as_kind, { chart: title, kind }), onclick: () => app.full && download(kind, app.about, app.full, measure, app.names) }, kind.toUpperCase())))))),
      el("section", { class: "zx-box" }, el("h2", {}, "Settings"), el("p", {}, say.settings),
        el("div", { class: "zx-row", style: "justify-content:flex-start" }, button(say.plan, () => settings(0)), button(say.compared, () => settings(1))))));

  async function copy() {
    said.textContent = say.making;
    const reply = await app.act("link", { ask: app.state, page: "explore", measure: app.measure });
    if (reply.error) { said.textContent = reply.error; return; }
    link.value = `${window.location.origin}/#/explore?share=${reply.link}`;
    link.select();
    let copied = false;
    try { await window.navigator.clipboard.writeText(link.value); copied = true; } catch (error) { copied = document.execCommand("copy"); }
    said.textContent = copied ? filled(say.copied, { count: link.value.length }) : say.box;
  }

  async function brief(kind) {
    said.textContent = say.writing;
    const reply = await app.act("brief", { ask: app.state, kind });
    if (reply.error) { said.textContent = reply.error; return; }
    if (kind === "pdf") { save(reply.file, new Blob([bytes(reply.base64)], { type: "application/pdf" })); } else { save(reply.file, reply.text, "text/html"); }
    said.textContent = filled(say.saved, { file: reply.file });
  }

  async function answers() {
    const ask = app.state;
    for (;;) {
      const reply = await app.act("answers", { ask });
      if (reply.away) { said.textContent = reply.error; await app.back(); continue; }
      if (reply.error) { said.textContent = reply.error; return; }
      if (reply.text) { save(reply.file, reply.text, "text/html"); said.textContent = filled(say.saved, { file: reply.file }); return; }
      said.textContent = `${reply.state} …`;
      await new Promise((done) => { window.setTimeout(done, 1000); });
    }
  }

  function pin() {
    const plain = name.value.trim() || app.names[0];
    if (app.options.length === 5) { said.textContent = say.five; return; }
    app.options.push({ name: plain, arm: structuredClone(app.state.arms[0]) });
    name.value = "";
    list();
  }

  function list() {
    pinned.replaceChildren(...app.options.map((one, k) => el("li", {}, `${one.name} `,
      el("button", { type: "button", class: "zx-button zx-slim", "aria-label": filled(say.out, { name: one.name }), onclick: () => { app.options.splice(k, 1); list(); } }, say.take_out))));
  }

  async function paper() {
    said.textContent = say.running;
    const reply = await app.act("options", { ask: app.state, options: app.options });
    if (reply.error) { said.textContent = reply.error; return; }
    save(reply.file, new Blob([bytes(reply.base64)], { type: "application/pdf" }));
    for (const one of reply.files) { save(one.file, one.text, "application/toml"); }
    said.textContent = filled(say.all_saved, { files: [reply.file, ...reply.files.map((one) => one.file)].join(", ") });
  }

  async function settings(arm) {
    const reply = await app.act("settings", { ask: app.state, arm });
    if (reply.error) { said.textContent = reply.error; return; }
    save(`${safeName(reply.file.replace(/\.toml$/, ""))}.toml`, reply.text, "application/toml");
    said.textContent = filled(say.settings_saved, { file: reply.file });
  }
  return { node };
}
