/* The side panel: which two scenarios, the levers of each, horizon, and what changed in words. */

import { details, el, fill } from "./dom.js";

export function panel(app) {
  const inputs = new Map();
  let which = 0;
  const { controls, presets, horizons } = app.about;

  const choosers = [0, 1].map((k) => el("select", { id: `zx-preset-${k}`, onchange: (e) => choose(k, e.target.value) },
    presets.map((p) => el("option", { value: p.name, selected: app.state.arms[k].preset === p.name }, p.title))));
  const tabs = [0, 1].map((k) => el("input", { type: "radio", name: "zx-which", id: `zx-which-${k}`, checked: k === 0,
    onchange: () => { which = k; refresh(); } }));
  const horizon = el("select", { id: "zx-months", onchange: (e) => { app.state.months = Number(e.target.value); app.ask(); } },
    el("option", { value: 0 }, "as the scenarios say"), horizons.map((m) => el("option", { value: m }, `${m / 12} years`)));
  const told = el("div", { class: "zx-changed", "aria-live": "off" });
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
    const id = `zx-lever-${control.name}`, hint = `${id}-hint`;
    const scale = [control.scale, control.both ? "changes both scenarios" : ""].filter(Boolean).join("; ");
    const out = el("output", { for: id, class: "zx-value" });
    const field = control.choices.length
      ? el("select", { id, "aria-describedby": hint, onchange: (e) => change(control, e.target.value) },
        control.choices.map((c) => el("option", { value: c }, c)))
      : el("input", { type: "range", id, min: control.low, max: control.high, step: control.step, "aria-describedby": hint,
        oninput: (e) => change(control, Number(Number(e.target.value).toPrecision(6))) });
    inputs.set(control.name, { field, out });
    return el("div", { class: "zx-lever" }, el("label", { for: id }, control.words), control.choices.length ? null : out,
      field, el("p", { id: hint, class: "zx-small" }, scale, el("span", { class: "zx-hidden" }, ` Source: ${control.source}`)));
  }

  function show(control) {
    const { field, out } = inputs.get(control.name), value = valueOf(control.name);
    if (String(field.value) !== String(value)) { field.value = value; }
    const text = typeof value === "number" ? `${Number(value.toPrecision(3))}${control.unit === "share" || !control.unit ? "" : ` ${value === 1 && control.unit !== "times" ? control.unit.replace(/s$/, "") : control.unit}`}` : value;
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
    words.textContent = preset(which).words;
    controls.forEach(show);
  }

  const front = controls.filter((c) => c.front || c.both);
  const rest = controls.filter((c) => !c.front && !c.both);
  const groups = [...new Set(rest.map((c) => c.group))];
  const node = el("aside", { class: "zx-side", "aria-label": "Scenarios and levers" },
    el("h2", {}, "Two scenarios"),
    el("div", { class: "zx-pick zx-pick-0" }, el("label", { for: "zx-preset-0" }, "Plan"), choosers[0]),
    el("div", { class: "zx-pick zx-pick-1" }, el("label", { for: "zx-preset-1" }, "Compared with"), choosers[1]),
    el("div", { class: "zx-pick" }, el("label", { for: "zx-months" }, "How far to look"), horizon),
    el("fieldset", { class: "zx-tabs" }, el("legend", {}, "Levers of"),
      ["the plan", "what it is compared with"].map((text, k) => [tabs[k], el("label", { for: `zx-which-${k}` }, text)])),
    words,
    front.map(make),
    details("More levers", groups.map((g) => [el("h3", {}, g), rest.filter((c) => c.group === g).map(make)])),
    el("button", { type: "button", class: "zx-button", onclick: () => {
      app.state = { ...structuredClone(app.about.first), seed: app.state.seed }; refresh(); app.ask(); } }, "Back to the beginning"),
    el("h2", {}, "What changed"), told);
  refresh();

  function update(answer) {
    const two = answer.arms.map((arm, k) => [
      el("p", { class: `zx-text-${k}` }, `${k ? "Compared with" : "Plan"}: ${arm.title}`),
      arm.changed.length ? el("ul", {}, arm.changed.map((s) => el("li", {}, s))) : el("p", { class: "zx-small" }, "As it was shipped."),
    ]);
    fill(told, two);
  }

  return { node, update, refresh, changed() { controls.forEach(show); } };
}
