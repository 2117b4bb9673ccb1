/* A figure on its own scale: bars for what was expected, a mark for what was seen. */

import { svg } from "./dom.js";

export function strip({ scale, bands, seen, label }) {
  const width = 260, height = 18 + 14 * bands.length, x = (v) => 6 + (width - 12) * Math.min(1, v / scale.top);
  const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, class: "zx-stripe" },
    svg("line", { x1: 6, x2: width - 6, y1: height - 14, y2: height - 14, class: "zx-grid" }));
  bands.forEach(([low, middle, high], k) => {
    if (low === null || high === null) { return; }
    const y = 9 + 14 * k;
    made.append(svg("line", { x1: x(low), x2: Math.max(x(high), x(low) + 2), y1: y, y2: y, class: `zx-line-${k}`, "stroke-width": 9, opacity: 0.4 }), svg("line", { x1: x(middle), x2: x(middle), y1: y - 5, y2: y + 5, class: `zx-line-${k}`, "stroke-width": 2.5 }));
  });
  if (seen !== null) { made.append(svg("path", { d: `M${x(seen)} ${height - 22 - 7 * (bands.length - 1)}l6 6l-6 6l-6 -6Z`, class: "zx-seen" })); }
  made.append(svg("text", { x: 6, y: height - 2, "font-size": 11, class: "zx-axis" }, scale.ticks[0][1]), svg("text", { x: x(scale.ticks.at(-1)[0]), y: height - 2, "font-size": 11, "text-anchor": "end", class: "zx-axis" }, scale.ticks.at(-1)[1]));
  return made;
}
