/* The side panel: which two scenarios, the levers of each, horizon, and what changed in words. */

import { details, el, fill, filled } from "./dom.js";
import { moves } from "./moves.js";

/* A lever's value in the server's words: at a position of its slider, as a plan has it, or as it was answered. */
function shown(about, control, value, texts) {
  if (control.choices.length) { return control.choice_words[control.choices.indexOf(value)] ?? value; }
  const at = (value - control.low) / control.step, near = Math.round(at);
  return Math.abs(at - near) < 1e-6 ? about.scales[control.scale][near] : texts.find(([v]) => v === value)?.[1] ?? "";
}

export function panel(app) {
  const inputs = new Map(), moving = new Map();
  let which = 0;
  const effects = moves(app, moving, () => which);
  const { controls, presets, horizons } = app.about;

  const choosers = [0, 1].map((k) => el("select", { id: `zx-preset-${k}`, onchange: (e) => choose(k, e.target.value) },
    presets.map((p) => el("option", { value: p.name, selected: app.state.arms[k].preset === p.name }, p.title))));
  const tabs = [0, 1].map((k) => el("input", { type: "radio", name: "zx-which", id: `zx-which-${k}`, checked: k === 0,
    onchange: () => { which = k; effects.outdated(); refresh(); if (app.full) { effects.after(app.full); } } }));
  const horizon = el("select", { id: "zx-months", onchange: (e) => { app.state.months = Number(e.target.value); app.ask(); } },
    el("option", { value: 0 }, app.words.far), horizons.map(([m, words]) => el("option", { value: m }, words)));
  const reading = el("select", { id: "zx-calibration", onchange: (e) => { app.state.calibration = e.target.value; app.ask(); } },
    app.about.calibrations.map(([name, text]) => el("option", { value: name }, text)));
  const changes = el("div", { class: "zx-changed", "aria-live": "off" });
  const words = el("p", { class: "zx-small" });

  function choose(k, preset) {
    app.state.arms[k] = { preset, set: {} };
    refresh();
    app.ask();
  }

  function preset(k) { return presets.find((p) => p.name === app.state.arms[k].preset); }

  function valueOf(name) {
    const set = app.state.arms[which].set || {};
    return name in set ? set[name] : preset(which).levers[name];
  }

  function change(control, value) {
    for (const k of control.both ? [0, 1] : [which]) {
      const arm = app.state.arms[k];
      arm.set = { ...arm.set };
      if (value === preset(k).levers[control.name]) { delete arm.set[control.name]; } else { arm.set[control.name] = value; }
    }
    show(control);
    app.ask();
  }

  function make(control) {
    const id = `zx-lever-${control.name}`, hint = `${id}-hint`, out = el("output", { for: id, class: "zx-value" });
    const field = control.choices.length
      ? el("select", { id, "aria-describedby": hint, onchange: (e) => change(control, e.target.value) },
        control.choices.map((c, i) => el("option", { value: c }, control.choice_words[i])))
      : el("input", { type: "range", id, min: control.low, max: control.high, step: control.step, "aria-describedby": hint,
        oninput: (e) => change(control, Number(Number(e.target.value).toPrecision(6))) });
    inputs.set(control.name, { field, out });
    const effect = el("p", { class: "zx-moves", hidden: true, "aria-hidden": "true" }), effectHint = el("span");
    if (control.front || control.both) { moving.set(control.name, { beside: effect, hint: effectHint }); }
    return el("div", { class: "zx-lever" }, el("label", { for: id }, control.words), control.choices.length ? null : out, field,
      control.ends.length ? el("p", { class: "zx-ends", "aria-hidden": "true" }, control.ends.map((w) => el("span", {}, w))) : null,
      effect, el("p", { id: hint, class: "zx-hidden" }, control.hint, effectHint));
  }

  function show(control) {
    const { field, out } = inputs.get(control.name), value = valueOf(control.name);
    if (String(field.value) !== String(value)) { field.value = value; }
    const arm = app.answer?.arms[which];
    const text = shown(app.about, control, value, [[preset(which).levers[control.name], preset(which).lever_texts[control.name]], [arm?.levers[control.name], arm?.lever_texts[control.name]]]);
    out.textContent = text;
    if (!control.choices.length) {
      field.setAttribute("aria-valuetext", text);
      field.style.setProperty("--part", (value - control.low) / (control.high - control.low));
    }
    field.closest(".zx-lever").classList.toggle("zx-moved", value !== preset(which).levers[control.name]);
  }

  function refresh() {
    choosers.forEach((c, k) => { c.value = app.state.arms[k].preset; });
    horizon.value = app.state.months;
    reading.value = app.state.calibration ?? app.about.calibrations[0][0];
    words.textContent = preset(which).words;
    controls.forEach(show);
  }

  const front = controls.filter((c) => c.front || c.both);
  const rest = controls.filter((c) => !c.front && !c.both);
  const groups = [...new Set(rest.map((c) => c.group))];
  const node = el("aside", { class: "zx-side", "aria-label": app.words.panel },
    el("h2", { class: "zx-hidden" }, "Two scenarios"),
    el("div", { class: "zx-pick zx-pick-0" }, el("label", { for: "zx-preset-0", class: "zx-text-0 zx-sign-0" }, "Plan"), choosers[0]),
    el("div", { class: "zx-pick zx-pick-1" }, el("label", { for: "zx-preset-1", class: "zx-text-1 zx-sign-1" }, "Compared with"), choosers[1]),
    el("div", { class: "zx-pick" }, el("label", { for: "zx-months" }, app.words.how_far), horizon),
    el("h2", {}, "Levers"),
    el("fieldset", { class: "zx-tabs zx-whose" }, el("legend", { class: "zx-hidden" }, "Levers of"),
      ["Plan", "Compared with"].map((text, k) => [tabs[k], el("label", { for: `zx-which-${k}`, class: `zx-sign-${k}` }, text)])),
    words, effects.most,
    front.filter((c) => !c.both).map(make),
    el("h3", {}, app.words.both), front.filter((c) => c.both).map(make), effects.small,
    details("More levers", [el("div", { class: "zx-pick" }, el("label", { for: "zx-calibration" }, app.words.reading_label), reading,
      el("p", { class: "zx-small" }, app.words.two_readings)), groups.map((g) => [el("h3", {}, g), rest.filter((c) => c.group === g).map(make)])]),
    el("button", { type: "button", class: "zx-button", onclick: () => {
      app.state = { ...structuredClone(app.about.first), seed: app.state.seed }; refresh(); app.ask(); } }, app.words.beginning),
    el("h2", {}, app.words.changed), changes);
  refresh();

  function update(answer) {
    const two = answer.arms.map((arm, k) => [
      el("p", { class: `zx-text-${k}` }, `${k ? "Compared with" : "Plan"}: ${arm.title}`),
      arm.changed.length ? el("ul", {}, arm.changed.map((s) => el("li", {}, s))) : el("p", { class: "zx-small" }, app.words.as_shipped),
    ]);
    const apart = answer.between || [];
    fill(changes, answer.reading ? el("p", { class: "zx-finding" }, answer.reading) : null, two, details(filled(app.words.apart, { count: apart.length }), apart.length
      ? el("ul", {}, apart.map((s) => el("li", {}, s))) : el("p", { class: "zx-small" }, app.words.nothing_apart), changes.querySelector("details")?.open));
  }

  return { node, update(answer) { update(answer); effects.draw(); effects.after(answer); }, refresh, shown(answer) { effects.after(answer); }, measured() { effects.draw(); }, changed() { controls.forEach(show); effects.outdated(); } };
}
