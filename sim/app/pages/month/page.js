/* Month 12: bring what the zone has seen, say what the room expects, update the forecast, keep it. */

import { bytes as raw, details, el, fill, filled, save, table } from "/static/public/dom.js";
import { dropzone, send } from "/static/public/upload.js";
import { guesses } from "./guesses.js";
import { result } from "./result.js";

const LOOK = 1000;

export function make(app) {
  const say = app.about.words.month;
  const words = app.about.seen, said = el("p", { role: "status", class: "zx-finding" }), alarm = el("div", { role: "alert" });
  const checked = el("div"), bar = el("div"), body = el("div", { class: "zx-stack" }), made = result(app), room = guesses(app);
  const start = el("input", { type: "month", id: "zx-seen-start", value: words.start, min: "1990-01", max: "2100-12", onchange: again });
  const plan = el("select", { id: "zx-seen-plan", onchange: again });
  const runs = el("select", { id: "zx-seen-runs" }, [["usual", say.usual], ["short", say.short]].map(([value, text]) => el("option", { value }, text)));
  const button = (text, act, first = false, more = {}) => el("button", { type: "button", class: `zx-button ${first ? "zx-first" : ""}`, onclick: act, ...more }, text);
  const go = button(say.go, begin, true, { id: "zx-seen-go" }), halt = button("Stop", stop, false, { hidden: true, id: "zx-seen-stop" });
  const close = button(say.forget, forget, false, { hidden: true });
  const bring = el("section", { class: "zx-box zx-ask" }, el("h2", {}, say.bring),
    el("p", {}, words.kept), el("div", { class: "zx-settles" },
      el("div", { class: "zx-settle" }, el("label", { for: "zx-seen-plan" }, say.plan), plan),
      el("div", { class: "zx-settle" }, el("label", { for: "zx-seen-start" }, say.start), start)),
    dropzone("zx-seen-file", say.choose, take),
    el("div", { class: "zx-row zx-left" }, button(say.blank, blank), button(say.example, example), close));
  const node = el("div", {}, el("h1", {}, say.heading),
    el("p", { class: "zx-lead" }, say.lead),
    bring, said, alarm, checked, bar, body);
  let timer = 0, read = null, shown = "";

  const wanted = () => ({ ask: app.state, arm: Number(plan.value || 0), start: start.value });

  async function take(given) {
    if (given.size > words.largest) { refuse(words.large); return; }
    clear();
    said.textContent = filled(say.reading, { file: given.name });
    const error = await send(app, "seen-part", given.name, new Uint8Array(await given.arrayBuffer()));
    if (error) { refuse(error); return; }
    await check();
  }

  async function example() {
    clear();
    said.textContent = say.making;
    const reply = await app.act("seen-example", wanted());
    if (reply.error) { refuse(reply.error); return; }
    start.value = reply.start;
    await check();
  }

  async function blank() {
    const reply = await app.act("seen-table", wanted());
    if (reply.error) { refuse(reply.error); return; }
    save(reply.file, new Blob([raw(reply.base64)]), "");
    said.textContent = filled(say.fill_in, { file: reply.file });
  }

  function clear() {
    window.clearTimeout(timer);
    read = null;
    shown = "";
    fill(alarm);
    fill(checked);
    fill(bar);
    fill(body);
  }

  function refuse(text) { said.textContent = ""; fill(alarm, el("p", { class: "zx-warn zx-lines" }, text)); }

  async function again() { if (read) { clear(); await check(); } }

  /* Read and checked; shown with how it was read. */
  async function check() {
    said.textContent = say.checking;
    const reply = await app.act("seen-read", wanted());
    if (reply.error) { refuse(reply.error); return; }
    fill(alarm);
    close.hidden = false;
    const { view } = reply;
    if (!reply.ready) {
      said.textContent = filled(say.unusable, { file: view.file });
      fill(alarm, el("section", { class: "zx-box zx-settlebox" }, el("h2", {}, say.put_right), el("ul", {}, view.problems.map((p) => el("li", {}, p)))));
      return;
    }
    read = view;
    said.textContent = "";
    fill(checked, el("section", { class: "zx-box zx-ready" }, el("h2", {}, view.summary),
      readout(view),
      view.remarks.length ? details(view.remarks.length === 1 ? say.remark : filled(say.remarks, { count: view.remarks.length }), el("ul", {}, view.remarks.map((r) => el("li", {}, r))), view.remarks.length < 4) : null,
      room.before(view),
      el("div", { class: "zx-row zx-left" }, go, el("label", { for: "zx-seen-runs", class: "zx-hidden" }, say.runs), runs, halt)));
  }

  function readout(view) {
    const made = details(say.read, table(say.read, say.read_heads, view.rows), true);
    made.classList.add("zx-read");
    return made;
  }

  async function begin() {
    checked.querySelector("details.zx-read").open = false;
    fill(alarm);
    fill(body);
    shown = "";
    look(await app.act("seen-update", { ...wanted(), runs: runs.value }));
  }

  async function stop() { look(await app.act("seen-stop")); }

  async function forget() {
    await app.act("seen-close");
    clear();
    room.clear();
    close.hidden = true;
    said.textContent = say.forgotten;
  }

  function look(reply) {
    window.clearTimeout(timer);
    const updating = reply.state === "updating";
    go.disabled = updating;
    halt.hidden = !updating;
    if (reply.error) { refuse(reply.error); return; }
    if (!reply.state) { return; }
    if (reply.view) { show(reply); }
    if (updating) {
      said.textContent = reply.progress.words;
      const progress = bar.querySelector("progress") || fill(bar, el("progress", { max: 1, "aria-label": say.how_far })).firstChild;
      progress.value = reply.progress.part;
      if (app.page.id === "month") { timer = window.setTimeout(async () => look(await app.act("seen-look")), LOOK); }
      return;
    }
    fill(bar);
    if (reply.state === "done") { said.textContent = reply.view.finding; }
    else if (reply.state === "stopped") { said.textContent = reply.view ? say.stopped_first : say.stopped; }
    else { refuse(reply.state); }
  }

  function show(reply) {
    const mark = `${reply.state === "done"}`;
    if (shown === mark) { return; }
    shown = mark;
    fill(body, made.draw(reply), reply.state === "done" ? room.after(reply) : null);
  }

  function plans() {
    const before = plan.value || "0";
    fill(plan, app.names.map((name, k) => el("option", { value: k, selected: String(k) === before }, name)));
  }

  return { node, update: plans, async shown() { plans(); look(await app.act("seen-look")); }, hidden() { window.clearTimeout(timer); }, restyle() {} };
}
