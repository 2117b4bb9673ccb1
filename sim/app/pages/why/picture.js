/* The causal picture: a box a link, how much there is of it, and arrows to what depends on it. */

import { el, fill, svg } from "/static/public/dom.js";

export function picture() {
  const grid = el("div", { class: "zx-causes" }), lines = svg("svg", { class: "zx-causelines", "aria-hidden": "true" });
  const node = el("div", { class: "zx-causebox" }, lines, grid);
  let nodes = [], boxes = new Map();

  function draw(found, choose) {
    nodes = found;
    boxes = new Map(found.map((n) => [n.id, box(n, choose)]));
    fill(grid, [...boxes.values()].map((b) => b.node));
    arrows();
  }

  function box(n, choose) {
    const figure = el("b"), bar = el("i");
    const made = el("button", { type: "button", class: `zx-cause${n.lit ? " zx-cause-lit" : ""}${n.here ? "" : " zx-cause-none"}`, id: `zx-cause-${n.id}`,
      style: `grid-column:${n.column + 1};grid-row:${n.row + 1}`, onclick: () => choose(n.id) },
    n.lit ? el("span", { class: "zx-cause-tag" }, "bottleneck") : null, el("span", {}, n.title), figure, el("span", { class: "zx-cause-bar", "aria-hidden": "true" }, bar));
    return { node: made, figure, bar };
  }

  /* Drawn from where the boxes stand, so that they follow any width. */
  function arrows() {
    const around = grid.getBoundingClientRect();
    const wide = getComputedStyle(grid).gridTemplateColumns.split(" ").length > 2;
    lines.replaceChildren();
    if (!wide || !around.width) { return; }
    lines.setAttribute("viewBox", `0 0 ${around.width} ${around.height}`);
    const where = (id) => { const r = boxes.get(id).node.getBoundingClientRect(); return { left: r.left - around.left, right: r.right - around.left, top: r.top - around.top, bottom: r.bottom - around.top, middle: (r.top + r.bottom) / 2 - around.top, centre: (r.left + r.right) / 2 - around.left }; };
    for (const n of nodes) {
      for (const to of n.feeds) {
        const a = where(n.id), b = where(to), aside = b.left > a.right, down = b.top > a.bottom;
        const [x, y] = aside ? [a.right, a.middle] : [a.centre, down ? a.bottom : a.top], [u, v] = aside ? [b.left - 7, b.middle] : [b.centre, down ? b.top - 7 : b.bottom + 7];
        const half = aside ? (u - x) / 2 : 0, drop = aside ? 0 : (v - y) / 2;
        lines.append(svg("path", { d: `M${x.toFixed(1)} ${y.toFixed(1)}C${(x + half).toFixed(1)} ${(y + drop).toFixed(1)} ${(u - half).toFixed(1)} ${(v - drop).toFixed(1)} ${u.toFixed(1)} ${v.toFixed(1)}`, class: `zx-arrow${n.lit ? " zx-arrow-lit" : ""}` }),
          svg("path", { d: aside ? `M${u} ${v - 4}l7 4l-7 4Z` : `M${u - 4} ${v}l4 ${down ? 7 : -7}l4 ${down ? -7 : 7}Z`, class: `zx-arrowhead${n.lit ? " zx-arrow-lit" : ""}` }));
      }
    }
  }

  return {
    node,
    draw,
    arrows,
    at(month) {
      for (const n of nodes) {
        const { figure, bar } = boxes.get(n.id);
        figure.textContent = n.texts[month];
        bar.style.width = `${100 * (n.shares[month] ?? 0)}%`;
      }
    },
    light(ids) {
      for (const n of nodes) { boxes.get(n.id).node.classList.toggle("zx-cause-dim", ids.length > 0 && !ids.includes(n.id)); }
    },
  };
}
