/* A list before it is used: what each column was taken for, words to settle, what is assumed, its rows with today's state. */

import { details, el, filled } from "/static/public/dom.js";

const FRONT = ["site_id", "name", "type", "agency", "roll", "staff", "deprivation", "locality", "latitude", "longitude"];
const STATE = ["stage", "using", "fidelity", "capacity"];

export function settle({ reply, settled, say }, read, use) {
  const { view } = reply, items = new Map((view.items || []).map((i) => [i.item, i]));
  const again = (more) => read({ ...settled, ...more });
  const pick = (id, label, options, now, act, says = "") => el("div", { class: "zx-settle" }, el("label", { for: id }, label),
    el("select", { id, onchange: (e) => act(e.target.value) }, options.map(([value, text]) => el("option", { value, selected: value === now }, text))), says ? el("small", {}, says) : null);

  function column(item) {
    const taken = view.taken?.[item.item], now = settled.columns?.[item.item] ?? taken?.heading ?? "";
    const options = [["", say.absent], ...(item.item === "site_id" ? [["ROW", say.number_rows]] : []), ...(view.headings || []).map((h) => [h, h])];
    const says = [taken?.said, taken?.empty ? filled(say.empty, { count: taken.empty }) : ""].filter(Boolean).join(", ");
    return pick(`zx-column-${item.item}`, item.heading + (item.required ? say.needed : ""), options, now, (value) => again({ columns: { ...settled.columns, [item.item]: value } }), says);
  }

  const sheets = view.sheets?.length > 1 ? pick("zx-list-sheet", say.sheet, [["", say.found], ...view.sheets.map((s) => [s, s])], settled.sheet || "", (sheet) => again({ sheet, columns: {} })) : null;
  const problems = view.problems.length ? el("section", { class: "zx-box zx-settlebox", role: "alert" }, el("h2", {}, say.settle), el("ul", {}, view.problems.map((p) => el("li", {}, p))), sheets,
    (view.unknown_words || []).map((w, i) => pick(`zx-word-${i}`, filled(say.word_is, { word: w.word, rows: w.rows === 1 ? say.one_row : filled(say.rows, { count: w.rows }) }), [["", say.pick], ...view.codes[w.item].map((c) => [c, c.replaceAll("_", " ")])], settled.words?.[w.word] || "",
      (code) => again({ words: { ...settled.words, [w.word]: code } })))) : null;
  const taken = view.headings ? el("section", { class: "zx-box" }, el("h2", {}, say.taken), problems ? null : sheets,
    el("div", { class: "zx-settles" }, FRONT.filter((n) => items.has(n)).map((n) => column(items.get(n)))),
    details(say.more_columns, el("div", { class: "zx-settles" }, [...items.values()].filter((i) => !FRONT.includes(i.item)).map(column))),
    view.unread?.length ? el("p", { class: "zx-small" }, filled(say.unread, { columns: view.unread.join(", ") })) : null,
    el("p", {}, tick("zx-list-unknown", say.unknown, settled.unknown, (on) => again({ unknown: on })),
      tick("zx-list-asgiven", say.as_given, settled.as_given, (on) => again({ as_given: on })))) : null;
  const look = view.look?.length ? el("section", { class: "zx-box" }, el("h2", {}, say.look), el("ul", {}, view.look.map((l) => el("li", {}, l)))) : null;
  const assumed = view.assumptions?.length ? el("section", { class: "zx-box" }, el("h2", {}, say.assumed), el("ul", {}, view.assumptions.map((a) => el("li", {}, a)))) : null;

  const names = el("input", { type: "checkbox", id: "zx-list-names" }), keep = el("input", { type: "checkbox", id: "zx-list-keep" });
  const ready = reply.ready ? el("section", { class: "zx-box zx-ready" }, el("h2", {}, view.summary),
    el("p", { class: "zx-check-line" }, names, el("label", { for: "zx-list-names" }, say.names)),
    el("p", { class: "zx-check-line" }, keep, el("label", { for: "zx-list-keep" }, say.keep)),
    el("button", { type: "button", class: "zx-button zx-first", id: "zx-list-use", onclick: () => use({ names: names.checked, keep: keep.checked }) }, say.use)) : null;
  return el("div", { class: "zx-stack" }, problems, ready, taken, rows(), look, assumed);

  function tick(id, words, on, act) {
    return el("span", { class: "zx-check-line" }, el("input", { type: "checkbox", id, checked: Boolean(on), onchange: (e) => act(e.target.checked) }), el("label", { for: id }, words));
  }

  /* The list's rows, with today's state to fill in where the list does not say. */
  function rows() {
    if (!view.rows?.length) { return null; }
    const heads = view.grid, id = heads.indexOf("site_id") + 1, today = structuredClone(settled.today || {});
    const cell = (row, item, i) => {
      const value = row[i + 1], site = row[id];
      if (!STATE.includes(item) || (value && !today[site]?.[item])) { return el(i ? "td" : "th", i ? {} : { scope: "row" }, value.replaceAll("_", " ")); }
      const put = (v) => { today[site] = { ...today[site], [item]: v }; };
      const now = today[site]?.[item] || "";
      return el("td", {}, item === "stage"
        ? el("select", { "aria-label": filled(say.stage_today, { site }), onchange: (e) => put(e.target.value) }, [["", "–"], ...view.codes.stage.map((c) => [c, c.replaceAll("_", " ")])].map(([v, t]) => el("option", { value: v, selected: v === now }, t)))
        : el("input", { type: "number", min: 0, max: 1, step: 0.05, value: now, "aria-label": filled(say.item_today, { site, item }), onchange: (e) => put(e.target.value) }));
    };
    const shown = view.count > view.rows.length ? filled(say.first_rows, { shown: view.rows.length, count: view.count }) : "";
    return el("section", { class: "zx-box" }, el("h2", {}, say.list_today), el("p", { class: "zx-small" }, `${say.may_be_empty} ${shown}`),
      el("div", { class: "zx-scroll zx-listgrid", tabindex: "0", role: "region", "aria-label": say.list }, el("table", { class: "zx-table" }, el("caption", { class: "zx-hidden" }, say.by_row),
        el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, STATE.includes(h) ? filled(say.now, { item: h }) : h.replaceAll("_", " "))))),
        el("tbody", {}, view.rows.map((row) => el("tr", {}, heads.map((item, i) => cell(row, item, i))))))),
      el("div", { class: "zx-row zx-left" }, el("button", { type: "button", class: "zx-button", id: "zx-list-today", onclick: () => again({ today }) }, say.today)));
  }
}
