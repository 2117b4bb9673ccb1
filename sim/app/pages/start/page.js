/* Start: the example, one's own list, or where one was. A list is read in the server's memory and forgotten with the page. */

import { el, fill, filled } from "/static/public/dom.js";
import { fan, scaleOf } from "/static/public/chart.js";
import { kept as last } from "/static/public/address.js";
import { dropzone, send as sent } from "/static/public/upload.js";
import { settle } from "./settle.js";
import * as store from "./kept.js";

const LARGEST = 4 * 1024 * 1024;

export function make(app) {
  const say = app.about.words.start;
  const said = el("p", { role: "status", class: "zx-finding" }), alarm = el("div", { role: "alert" }), body = el("div"), shown = el("section", { class: "zx-box zx-shown" }), cards = el("div", { class: "zx-doors" });
  const drop = dropzone("zx-list-file", say.choose, take);
  const node = el("div", { class: "zx-start" }, el("h1", {}, say.heading),
    el("p", { class: "zx-lead" }, say.lead), cards, said, alarm, body, shown);
  let chosen = {};

  const words = app.about.start;
  const door = (heading, text, ...parts) => el("section", { class: "zx-box zx-door" }, el("h2", {}, heading), el("p", {}, text), ...parts);
  const button = (text, act, first = false) => el("button", { type: "button", class: `zx-button ${first ? "zx-first" : ""}`, onclick: act }, text);

  async function doors() {
    const before = last(), list = await store.kept(), mine = before && before.view.place === app.about.place.mark;
    fill(cards,
      door(words.own ? say.own_open : say.example, words.place, button(words.own ? say.to_map : say.example, () => go(words.own ? "zones" : "explore"), true),
        words.own ? button(say.close, () => app.act("list-close")) : null),
      door(words.own ? say.another : say.mine, words.list, drop,
        list ? el("div", { class: "zx-row zx-left" }, button(filled(say.again, { file: list.name }), () => again(list)), button(say.forget, async () => { await store.forget(); doors(); })) : null),
      door(say.where, before ? `${filled(say.last, { area: before.area, when: before.when.slice(0, 10) })}${mine ? "" : ` ${say.same_list}`}` : say.nothing_kept,
        before && mine ? button(say.go_on, () => { go(before.page === "start" ? "explore" : before.page); app.take(before.view, false); }, true) : null));
  }

  const go = (page) => { window.location.hash = `#/${page}`; };

  async function take(given) {
    fill(alarm);
    fill(body);
    fill(shown);
    if (given.size > LARGEST) { fill(alarm, el("p", { class: "zx-warn" }, words.large)); return; }
    said.textContent = filled(say.reading, { file: given.name });
    await send(given.name, new Uint8Array(await given.arrayBuffer()), {});
  }

  async function again(list) {
    fill(shown);
    said.textContent = filled(say.reading, { file: list.name });
    await send(list.name, new Uint8Array(list.bytes), list.settled || {});
  }

  async function send(name, bytes, settled) {
    const error = await sent(app, "list-part", name, bytes);
    if (error) { refuse(error); return; }
    chosen = { name, bytes, settled };
    await read(settled);
  }

  function refuse(text) { said.textContent = ""; fill(body); fill(alarm, el("p", { class: "zx-warn zx-lines" }, text)); }

  const unsettled = ({ file, problems }) => (problems.length === 1 ? filled(say.one_thing, { file }) : filled(say.things, { file, count: problems.length }));

  /* Read with what was settled so far; shown again with what each column was taken for. */
  async function read(settled) {
    said.textContent = say.checking;
    chosen.settled = settled;
    const reply = await app.act("list-read", settled);
    if (reply.error) { refuse(reply.error); return; }
    fill(alarm);
    said.textContent = reply.ready ? reply.view.summary : unsettled(reply.view);
    const focus = document.activeElement?.id;
    fill(shown);
    fill(body, settle({ reply, settled, say }, read, use));
    if (focus) { document.getElementById(focus)?.focus({ preventScroll: true }); }
  }

  async function use({ names, keep }) {
    if (keep) { await store.keep({ name: chosen.name, bytes: chosen.bytes.buffer.slice(0), settled: chosen.settled }); }
    said.textContent = say.opening;
    const reply = await app.act("list-open", { names });
    if (reply.error) { refuse(reply.error); }
  }

  /* What the pages show, before anything is chosen: the finding and its chart. */
  function preview(answer) {
    const measure = Object.keys(app.about.charts)[0], chart = app.about.charts[measure], width = Math.max(300, Math.min(1100, shown.clientWidth - 36 || 900));
    fill(shown, el("h2", {}, answer.findings[measure]), el("p", { class: "zx-small" }, `${app.about.place.name}. ${answer.counted}`),
      fan({ width, height: 260, arms: answer.arms, main: null, measure, months: answer.months, names: app.names, chart, label: answer.findings[measure],
        scale: scaleOf(app.about.chart_scales, answer.arms, measure, 0) }));
  }

  doors();
  return { node, shown() { doors(); }, update(answer) { if (!body.childElementCount) { preview(answer); } else { fill(shown); } }, restyle() { if (app.answer) { preview(app.answer); } } };
}
