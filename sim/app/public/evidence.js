/* Evidence: why one should believe this, and where not. */

import { el, fill, figures, table } from "./dom.js";

export const id = "evidence";
export const title = "Evidence";
export const levers = false;

const GRADES = { A: "read at its source", B: "from a page that quotes it", C: "indirect", D: "a judgement" };

export function make(app) {
  const body = el("div"), state = el("p", { role: "status" });
  const start = el("button", { type: "button", class: "zx-button zx-first", onclick: () => ask(true) }, "Measure the model against them now");
  const node = el("div", {}, el("h1", {}, "Why believe this, and where not"),
    el("p", { class: "zx-lead" }, "Published figures, each with what the model gives in the situation it describes. A figure that calibration aimed at is fitted and proves little; one it did not aim at is predicted. What the model misses is shown like what it meets."),
    el("div", { class: "zx-row", style: "justify-content:flex-start" }, start, state), body);
  let timer = 0;

  async function ask(measure) {
    const told = await app.act("evidence", { measure });
    if (told.error) { state.textContent = told.error; return; }
    const done = told.rows.filter((r) => r.found).length;
    state.textContent = told.state === "measuring" ? `Measured ${done} of ${told.rows.length}; this takes a few minutes.`
      : told.state === "done" ? `Measured with ${told.runs} runs each, calibration ${told.calibration}.` : told.state || "Not measured yet on this machine.";
    start.hidden = told.state === "measuring" || told.state === "done";
    draw(told.rows);
    window.clearTimeout(timer);
    if (told.state === "measuring" && app.page.id === id) { timer = window.setTimeout(() => ask(false), 2500); }
  }

  function draw(rows) {
    const measured = rows.filter((r) => r.found), met = measured.filter((r) => r.found.within);
    const first = measured.length ? el("p", { class: "zx-finding" }, `${met.length} of ${measured.length} measured figures lie within their published band; ${measured.length - met.length} do not.`) : null;
    fill(body, first, table("Published figures against the model", ["Figure", "Published", "Model: median (8 runs in 10)", "Verdict", "Standing", "Source", "What it can bear"],
      rows.map((r) => [r.measure, r.target, r.found ? r.found.readings.map(reading).join("; ") : "not measured yet",
        r.found ? (r.found.within ? "✓ within" : "✗ missed") : "–", r.kind, `${r.source} (${r.grade}: ${GRADES[r.grade[0]] || ""})`, r.bears])));
  }

  function reading(r) {
    if (r.median === null) { return `${r.name ? `${r.name}: ` : ""}no value in any run`; }
    const unit = r.unit === "months" || r.unit === "years" ? ` ${r.unit}` : "";
    return `${r.name ? `${r.name}: ` : ""}${figures(r.median)} (${r.p10 === null ? "?" : figures(r.p10)} to ${r.p90 === null ? "?" : figures(r.p90)})${unit}`;
  }

  return { node, shown() { ask(false); }, hidden() { window.clearTimeout(timer); } };
}
