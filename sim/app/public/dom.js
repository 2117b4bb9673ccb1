/* Small helpers: elements, svg, tables, files. Text always goes in as text, never as markup. */

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined));
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) { continue; }
    if (name.startsWith("on")) { node.addEventListener(name.slice(2), value); }
    else if (name === "value" || name === "checked") { node[name] = value; }
    else { node.setAttribute(name, value === true ? "" : value); }
  }
}

/* The server's words with what is shown filled in where they say {name}. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, attributes);
  made.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined));
  return made;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((c) => c !== null && c !== undefined));
  return node;
}

export function table(caption, heads, rows, { hidden = true } = {}) {
  return el("div", { class: "zx-scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { class: "zx-table" },
      el("caption", { class: hidden ? "zx-hidden" : "" }, caption),
      el("thead", {}, el("tr", {}, heads.map((h) => (h ? el("th", { scope: "col" }, h) : el("td"))))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) =>
        (i === 0 ? el("th", { scope: "row" }, String(cell)) : el("td", {}, String(cell)))))))));
}

export function details(words, content, open = false) {
  return el("details", { class: "zx-details", open }, el("summary", {}, words), content);
}

export function save(name, text, kind) {
  const blob = text instanceof Blob ? text : new Blob([text], { type: kind });
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/* A cell that a spreadsheet would read as a formula is written as text. */
export function csv(rows) {
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) { text = `'${text}`; }
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export const safeName = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);

export const bytes = (text) => Uint8Array.from(window.atob(text), (c) => c.charCodeAt(0));

export const colour = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

