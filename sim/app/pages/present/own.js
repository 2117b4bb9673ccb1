/* A story of one's own: begun over the question on the page, edited slide by slide, saved under a name, opened again. */

import { el, fill, filled, safeName, save } from "/static/public/dom.js";

const LARGEST = 200_000;
const CHARTS = ["chart", "predict"], FIGURES = ["headline"];

export function ownStory(app, present) {
  const say = app.about.words.present;
  const said = el("p", { role: "status", class: "zx-finding" }), slides = el("ol", { class: "zx-owns" });
  const title = el("input", { type: "text", id: "zx-own-title", maxlength: "200" });
  const file = el("input", { type: "file", id: "zx-own-file", accept: ".toml,text/plain", class: "zx-hidden-file" });
  const button = (words, act, first) => el("button", { type: "button", class: `zx-button ${first ? "zx-first" : ""}`, onclick: act }, words);
  const edit = el("div", { hidden: true }, el("p", {}, el("label", { for: "zx-own-title" }, say.name), title), slides,
    el("div", { class: "zx-row", style: "justify-content:flex-start" }, button(say.add, () => { story.slides.push({ kind: "text", title: "" }); draw(story.slides.length - 1); }),
      button(say.save, keep), button(say.show, show, true)));
  const node = el("section", { class: "zx-box", "aria-labelledby": "zx-own" }, el("h2", { id: "zx-own" }, say.heading),
    el("p", {}, say.own),
    el("div", { class: "zx-row", style: "justify-content:flex-start" }, button(say.begin, begin, true), el("label", { class: "zx-button", for: "zx-own-file" }, say.open_one), file), said, edit);
  let story = null;

  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) { return; }
    if (chosen.size > LARGEST) { said.textContent = filled(say.large, { file: chosen.name }); return; }
    take(await app.act("story-read", { text: await chosen.text() }), filled(say.open, { file: chosen.name }));
  });

  async function begin() { take(await app.act("story-draft", { ask: app.state }), say.begun); }

  function take(reply, words) {
    said.textContent = reply.error || words;
    if (reply.error) { return; }
    story = reply.story;
    title.value = story.title;
    edit.hidden = false;
    draw();
    title.focus();
  }

  function choice(words, slide, key, among, k) {
    return el("label", {}, `${words} `, el("select", { onchange: (event) => { slide[key] = event.target.value; draw(k); } },
      among.map(([value, shown]) => el("option", { value, selected: value === slide[key] }, shown))));
  }

  function words(name, slide, key, rows, k) {
    const made = el(rows ? "textarea" : "input", { id: `zx-own-${key}-${k}`, rows: rows || null, maxlength: key === "title" ? "200" : "4000" });
    made.value = slide[key] || "";
    made.addEventListener("input", () => { slide[key] = made.value; });
    return el("p", {}, el("label", { for: made.id }, name), made);
  }

  function one(slide, k) {
    const about = app.about;
    if (CHARTS.includes(slide.kind)) { slide.measure ||= about.slide_charts[0][0]; } else { delete slide.measure; }
    if (FIGURES.includes(slide.kind)) { slide.headline ||= about.slide_headlines[0][0]; } else { delete slide.headline; }
    const move = (by) => { const [moved] = story.slides.splice(k, 1); story.slides.splice(k + by, 0, moved); draw(k + by); };
    return el("li", {}, el("fieldset", {}, el("legend", {}, filled(say.slide, { number: k + 1 })), el("div", { class: "zx-row" }, choice("Kind", slide, "kind", about.slide_kinds, k),
      slide.measure ? choice("Chart", slide, "measure", about.slide_charts, k) : null, slide.headline ? choice("Figure", slide, "headline", about.slide_headlines, k) : null,
      el("span", {}, el("button", { type: "button", class: "zx-button zx-slim", disabled: k === 0, "aria-label": filled(say.earlier, { number: k + 1 }), onclick: () => move(-1) }, "Earlier"),
        el("button", { type: "button", class: "zx-button zx-slim", disabled: story.slides.length === 1, "aria-label": filled(say.out, { number: k + 1 }), onclick: () => { story.slides.splice(k, 1); draw(Math.max(0, k - 1)); } }, say.take_out))),
    words("Title", slide, "title", 0, k), words("Text", slide, "text", 2, k), words(say.notes, slide, "notes", 2, k)));
  }

  function draw(focused = null) {
    fill(slides, story.slides.map(one));
    if (focused !== null) { slides.children[focused]?.querySelector("select")?.focus(); }
  }

  async function written() {
    const reply = await app.act("story-file", { story: { ...story, title: title.value } });
    said.textContent = reply.error || "";
    return reply.error ? null : reply;
  }

  async function keep() {
    const reply = await written();
    if (!reply) { return; }
    const name = `${safeName(title.value) || "story"}.toml`;
    save(name, reply.text, "application/toml");
    said.textContent = filled(say.saved, { file: name });
  }

  async function show() {
    const reply = await written();
    if (!reply) { return; }
    said.textContent = say.answers;
    const told = await app.act("own-story", { text: reply.text });
    said.textContent = told.error || "";
    if (!told.error) { present(told); }
  }

  return node;
}
