/* A plan that one can edit: a row a zone (which sites, when it opens, local time), and single sites by list or map. */

import { details, el, fill, filled } from "/static/public/dom.js";
import { map } from "./map.js";

/* How a zone takes its sites. */
function howOf(zone) {
  if (zone.sites) { return "sites"; }
  if (zone.share !== undefined) { return "share"; }
  return (zone.count ?? zone.choose) === "rest" ? "rest" : zone.count !== undefined ? "count" : "choose";
}

export function editor(app) {
  const say = app.about.words.zones;
  const rows = el("div", { class: "zx-plan" }), said = el("p", { role: "status", class: "zx-small" }), chooser = el("div");
  const sites = app.about.place.sites_listed;
  let which = 0, plan = [], members = [], shown = "", open = false, brush = 0;
  const node = el("div", {}, rows, el("div", { class: "zx-row zx-left" },
    el("button", { type: "button", class: "zx-button", id: "zx-plan-add", onclick: add }, say.add),
    el("button", { type: "button", class: "zx-button", id: "zx-plan-reset", onclick: reset }, say.shipped), said), chooser);

  function update(answer, k) {
    const now = JSON.stringify([k, answer.arms[k].zones, answer.months, answer.zones[k].members]);
    if (now === shown) { return; }
    shown = now;
    which = k;
    plan = structuredClone(answer.arms[k].zones);
    members = answer.zones[k].members;
    draw(answer);
  }

  function draw(answer = app.full) {
    const active = document.activeElement, within = node.contains(active);
    const kept = active?.dataset?.site ? `.zx-map [data-site="${active.dataset.site}"]` : active?.id ? `#${active.id}` : "";
    const scrolled = chooser.querySelector(".zx-sitelist")?.scrollTop || 0;
    brush = Math.min(brush, plan.length - 1);
    const found = answer.zones[which].rows;
    fill(rows, plan.length ? axis(answer.months) : el("p", {}, say.none),
      plan.map((zone, i) => row(zone, i, answer.months, found.find((r) => r.name === zone.name))));
    fill(chooser, sites.length && plan.length ? details(say.single, choose(), open) : null);
    chooser.querySelector("details")?.addEventListener("toggle", (e) => { open = e.target.open; });
    const list = chooser.querySelector(".zx-sitelist");
    if (list) { list.scrollTop = scrolled; }
    if (within && kept) { node.querySelector(kept)?.focus({ preventScroll: true }); }
  }

  function axis(months) {
    const step = [12, 24, 36, 60].find((s) => months / s <= 4) || 60, marks = [];
    for (let m = 0; m <= months; m += step) { marks.push(el("span", { style: `left:${(100 * m) / months}%` }, app.about.years[m / 12])); }
    return el("div", { class: "zx-planrow zx-planhead", "aria-hidden": "true" }, el("span", {}, "Zone"), el("span", {}, say.which), el("span", {}, "Opens"),
      el("span", { class: "zx-planaxis" }, marks), el("span", {}, say.local_time), el("span"));
  }

  function row(zone, i, months, found) {
    const id = (what) => `zx-plan-${i}-${what}`, name = zone.name;
    const how = el("select", { id: id("how"), "aria-label": filled(say.which_sites, { zone: name }), onchange: (e) => take(zone, i, e.target.value) },
      Object.entries(say.how).filter(([key]) => key !== "sites" || sites.length).map(([key, words]) => el("option", { value: key, selected: key === howOf(zone) }, words)));
    const key = zone.count !== undefined ? "count" : "choose", room = app.full.zones[which].possible[i];
    const can = (what) => (room?.most ? { most: Math.max(room[what], 1), words: room.words } : null);
    const size = howOf(zone) === "share"
      ? number(id("size"), filled(say.percent, { zone: name }), Math.round(100 * zone.share), 1, 100, 1, (v) => { zone.share = v / 100; }, can("share"))
      : howOf(zone) === "count" || howOf(zone) === "choose"
      ? number(id("size"), filled(say.how_many, { zone: name }), zone[key], 1, null, 1, (v) => { zone[key] = v; }, can("most")) : el("b", {}, found?.sites_counted ?? "");
    const by = el("select", { id: id("by"), "aria-label": filled(say.how_opens, { zone: name }), disabled: i === 0, onchange: (e) => opens(zone, i, e.target.value) },
      el("option", { value: "month", selected: !zone.gate }, say.in_month), el("option", { value: "gate", selected: Boolean(zone.gate) }, say.by_gate));
    return el("div", { class: "zx-planrow", role: "group", "aria-label": name }, el("b", {}, name), el("div", {}, size, how), by,
      zone.gate ? gate(zone, i, months, found) : month(zone, i, months),
      el("div", {}, number(id("time"), filled(say.team_time, { zone: name }), zone.resources ?? 1, 0, 4, 0.05, (v) => { if (v === 1) { delete zone.resources; } else { zone.resources = v; } }), el("span", { class: "zx-small" }, "× usual")),
      el("button", { type: "button", class: "zx-button zx-slim", id: id("out"), "aria-label": filled(say.take_out, { zone: name }), onclick: () => out(i) }, "Take out"));
  }

  /* Who asks for more than there is room for is told how much there is; nothing is asked and nothing lost. */
  function number(id, label, value, low, high, step, put, room = null) {
    const field = el("input", { type: "number", id, min: low, max: high, step, value, "aria-label": label });
    field.addEventListener("change", () => {
      if (room && Number(field.value) > Math.max(room.most, value)) { field.value = value; said.textContent = room.words; return; }
      if (field.value !== "" && field.reportValidity()) { put(Number(field.value)); send(); }
    });
    return field;
  }

  /* The bar is the control: its thumb is the month in which the zone opens. */
  function month(zone, i, months) {
    const value = Math.min(zone.opens, months), said = (m) => (m >= months && zone.opens > months ? filled(say.beyond, { month: app.about.months[zone.opens] }) : app.about.months[m]);
    const out = el("output", {}, said(value));
    const range = el("input", { type: "range", id: `zx-plan-${i}-opens`, min: 0, max: months, step: 1, value, class: `zx-bar zx-bar-${which}`, style: `--part:${value / months}`,
      "aria-label": filled(say.opens, { zone: zone.name }), "aria-valuetext": said(value), oninput: () => {
        zone.opens = Number(range.value);
        out.textContent = app.about.months[zone.opens];
        range.setAttribute("aria-valuetext", out.textContent);
        range.style.setProperty("--part", zone.opens / months);
      }, onchange: send });
    return el("div", { class: "zx-plantime" }, range, out);
  }

  function gate(zone, i, months, found) {
    const id = (what) => `zx-plan-${i}-${what}`, before = zone.gate.of || plan[i - 1]?.name || say.zone_before;
    const spans = found?.opening?.months;
    const bar = el("div", { class: `zx-gatebar zx-bar-${which}`, "aria-hidden": "true" }, spans ? el("i", { style: `left:${(100 * spans[0]) / months}%;right:0` }) : null,
      spans ? el("i", { class: "zx-gatespan", style: `left:${(100 * spans[0]) / months}%;width:${Math.max(0.6, (100 * (spans[2] - spans[0])) / months)}%` }) : null);
        const part = (key, what) => el("label", {}, number(id(key), filled(say.gate, { zone: zone.name, what, before }), Math.round(100 * zone.gate[key]), 0, 100, 1, (v) => { zone.gate[key] = v / 100; }), ` % ${what}`);
    const late = el("input", { type: "number", id: id("latest"), min: 0, max: app.about.latest, value: zone.latest ?? "", "aria-label": filled(say.latest, { zone: zone.name }) });
    late.addEventListener("change", () => { if (!late.reportValidity()) { return; } if (late.value === "") { delete zone.latest; } else { zone.latest = Number(late.value); } send(); });
    return el("div", { class: "zx-plantime" }, bar, el("output", {}, found?.opening?.moment ?? ""),
      el("div", { class: "zx-gate" }, filled(say.once, { before }), part("certified", "certified"), part("capacity", "capacity"), el("label", {}, say.or_month, late), found?.opening?.often ?? ""));
  }

  function take(zone, i, how) {
    const mine = sites.filter((_, s) => members[s] === i).map((s) => s.id);
    for (const key of ["sites", "count", "choose", "share"]) { delete zone[key]; }
    if (how === "sites") { zone.sites = mine.length ? mine : free().slice(0, 1); delete zone.types; open = true; brush = i; }
    else if (how === "rest") { zone.choose = "rest"; }
    else if (how === "share") { zone.share = Math.max(1, Math.round((100 * mine.length) / Math.max(1, members.length))) / 100; }
    else { zone[how] = Math.max(1, mine.length); }
    send();
  }

  const free = () => sites.filter((_, s) => members[s] === -1).map((s) => s.id);

  function opens(zone, i, by) {
    if (by === "gate") { zone.latest = zone.opens; delete zone.opens; zone.gate = { certified: 0.5, capacity: 0.5 }; }
    else { zone.opens = Math.min(app.about.latest, zone.latest ?? 12 * (i + 1)); delete zone.gate; delete zone.latest; }
    send();
  }

  function add() {
    const taken = new Set(plan.map((z) => z.name)), last = plan.at(-1);
    let n = plan.length + 1;
    while (taken.has(`zone ${n}`)) { n += 1; }
    const left = members.filter((m) => m === -1).length, mine = members.filter((m) => m === plan.length - 1).length;
    if (sites.length && !left && last && howOf(last) === "rest" && mine > 1) {
      /* Who takes all that are left leaves half of them to the zone after it. */
      for (const key of ["count", "choose"]) { delete last[key]; }
      last.choose = Math.ceil(mine / 2);
      plan.push({ name: `zone ${n}`, choose: "rest", opens: Math.min(app.full.months, (last.opens ?? last.latest ?? 0) + 12) });
      send();
      return;
    }
    if (sites.length && !left) { said.textContent = say.every; return; }
    plan.push({ name: `zone ${n}`, choose: sites.length ? Math.min(6, left) : 6, opens: last ? Math.min(app.full.months, (last.opens ?? last.latest ?? 0) + 12) : 1 });
    send();
  }

  function out(i) {
    const [gone] = plan.splice(i, 1);
    for (const zone of plan) { if (zone.gate?.of === gone.name) { delete zone.gate.of; } }
    if (plan[0]?.gate) { plan[0].opens = Math.min(app.about.latest, plan[0].latest ?? 1); delete plan[0].gate; delete plan[0].latest; }
    send();
  }

  function reset() { const arm = { ...app.state.arms[which] }; delete arm.zones; app.state.arms[which] = arm; said.textContent = ""; shown = ""; app.ask(); }

  function send() {
    const empty = plan.find((z) => z.sites && !z.sites.length);
    if (empty) { said.textContent = filled(say.empty, { zone: empty.name }); return; }
    said.textContent = "";
    shown = "";
    app.state.arms[which] = { ...app.state.arms[which], zones: structuredClone(plan) };
    app.ask();
  }

  /* One site moves; from then on every zone names its sites, so that no other one moves with it. */
  function move(s, zone) {
    if (members[s] === -2 || members[s] === zone) { return; }
    members = members.map((m, at) => (at === s ? zone : m));
    plan.forEach((z, i) => { for (const key of ["count", "choose", "share", "types"]) { delete z[key]; } z.sites = sites.filter((_, at) => members[at] === i).map((x) => x.id); });
    send();
    draw();
  }

  function choose() {
    const names = plan.map((z) => z.name);
    const pick = el("fieldset", { class: "zx-tabs" }, el("legend", {}, say.goes_to), [...names, say.unzoned].map((name, i) => {
      const zone = i === names.length ? -1 : i;
      return [el("input", { type: "radio", name: "zx-brush", id: `zx-brush-${i}`, checked: brush === zone, onchange: () => { brush = zone; } }), el("label", { for: `zx-brush-${i}` }, `${i === names.length ? "" : `${i + 1} `}${name}`)];
    }));
    const drawn = map({ sites, words: app.about.place.map_words }, members, names, which, (s) => move(s, members[s] === brush ? -1 : brush));
    const list = el("div", { class: "zx-sitelist", tabindex: "0", role: "region", "aria-label": say.sites }, el("table", { class: "zx-table" }, el("caption", { class: "zx-hidden" }, say.zone_of),
      el("thead", {}, el("tr", {}, ["Site", "Kind", "Staff", "Zone"].map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, sites.map((site, s) => el("tr", {}, el("th", { scope: "row" }, site.name ? `${site.name} (${site.id})` : site.id), el("td", {}, site.type), el("td", {}, String(site.staff)),
        el("td", {}, members[s] === -2 ? say.out_of_scope : el("select", { id: `zx-site-${s}`, "aria-label": filled(say.site_zone, { site: site.id }), onchange: (e) => move(s, Number(e.target.value)) },
          [...names.map((n, i) => [i, n]), [-1, say.unzoned]].map(([value, words]) => el("option", { value, selected: members[s] === value }, words)))))))));
    return el("div", {}, el("p", { class: "zx-small" }, sites.some((s) => s.name) ? say.real_names : say.pseudonyms, say.no_result),
      el("div", { class: drawn ? "zx-choose" : "" }, drawn ? el("div", {}, pick, drawn) : null, list));
  }

  return { node, update };
}
