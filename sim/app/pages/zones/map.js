/* Where the sites lie, drawn without tiles: a mark a site, numbered by its zone. Nothing here is a result. */

import { el, svg } from "/static/public/dom.js";

const FORMS = { primary: "circle", secondary: "square", nursery: "triangle" };
const REST = "other kinds";
const kindOf = (type) => (type in FORMS ? type : REST);

function shape(kind, x, y, r) {
  if (kind === "square") { return svg("rect", { x: x - r * 0.88, y: y - r * 0.88, width: r * 1.76, height: r * 1.76, rx: 2 }); }
  if (kind === "diamond") { return svg("path", { d: `M${x} ${y - r * 1.2}L${x + r * 1.2} ${y}L${x} ${y + r * 1.2}L${x - r * 1.2} ${y}Z` }); }
  if (kind === "triangle") { return svg("path", { d: `M${x} ${y - r * 1.25}L${x + r * 1.2} ${y + r}L${x - r * 1.2} ${y + r}Z` }); }
  return svg("circle", { cx: x, cy: y, r });
}

/* Sites that lie on one spot are set a little apart, so that each can be hit. */
function spread(sites, r) {
  const placed = [];
  sites.forEach((site, s) => {
    if (!site.at) { return; }
    let [x, y] = site.at, turn = 0;
    while (turn < 60 && placed.some((p) => Math.hypot(p.x - x, p.y - y) < r * 2)) {
      turn += 1;
      x = site.at[0] + r * 0.6 * Math.sqrt(turn) * Math.cos(turn * 2.4);
      y = site.at[1] + r * 0.6 * Math.sqrt(turn) * Math.sin(turn * 2.4);
    }
    placed.push({ s, x, y });
  });
  return placed;
}

export function map({ sites, words: label }, members, names, which, pick) {
  const known = sites.filter((s) => s.at).length;
  if (known < 2) { return null; }
  const tall = Math.max(...sites.map((s) => (s.at ? s.at[1] : 0)));
  const r = Math.max(tall, 760) * (known > 250 ? 0.0125 : known > 90 ? 0.013 : 0.018), placed = spread(sites, r), pad = 3 * r;
  const left = Math.min(...placed.map((p) => p.x)) - pad, top = Math.min(...placed.map((p) => p.y)) - pad;
  const width = Math.max(...placed.map((p) => p.x)) + pad - left, height = Math.max(...placed.map((p) => p.y)) + pad - top;
  const made = svg("svg", { viewBox: `${left} ${top} ${width} ${height}`, class: "zx-map", role: "group", "aria-label": label });
  const marks = placed.map(({ s, x, y }, i) => {
    const zone = members[s], inside = zone >= 0, out = zone === -2;
    const words = out ? "out of scope" : inside ? names[zone] : "no zone";
    const mark = svg("g", { class: `zx-site ${inside ? `zx-site-in zx-site-${which}` : out ? "zx-site-out" : ""}`, role: "button", tabindex: i ? "-1" : "0", "data-site": s, "aria-disabled": out ? "true" : null,
      "aria-label": `${inside ? `${zone + 1} ` : ""}${sites[s].words}: ${words}` }, shape(FORMS[kindOf(sites[s].type)] || "diamond", x, y, r),
    inside ? svg("text", { x, y: y + r * 0.42, "text-anchor": "middle", "font-size": r * 1.15, "font-weight": 700 }, String(zone + 1)) : null,
    svg("title", {}, `${sites[s].words}: ${words}`));
    mark.addEventListener("click", () => act(s));
    mark.addEventListener("keydown", (e) => key(e, i));
    return mark;
  });
  made.append(...marks);

  function act(s) {
    pick(s);
    document.querySelector(`.zx-map [data-site="${s}"]`)?.focus({ preventScroll: true });
  }

  function key(e, i) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (e.key === "Enter" || e.key === " ") { act(placed[i].s); }
    else if (step) {
      const next = (i + step + marks.length) % marks.length;
      marks[i].setAttribute("tabindex", "-1");
      marks[next].setAttribute("tabindex", "0");
      marks[next].focus();
    } else { return; }
    e.preventDefault();
  }

  const kinds = [...new Set(placed.map(({ s }) => kindOf(sites[s].type)))];
  const legend = el("ul", { class: "zx-legend" }, kinds.map((kind) => {
    const key = svg("svg", { viewBox: "0 0 24 24", width: 16, height: 16, "aria-hidden": "true", class: "zx-site" }, shape(FORMS[kind] || "diamond", 12, 12, 8));
    return el("li", {}, key, kind);
  }), el("li", {}, "number: the zone it is in"));
  return el("figure", {}, made, el("figcaption", {}, legend));
}
