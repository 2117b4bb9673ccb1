/* A file that is brought in the browser: chosen or dropped, and sent in parts. */

import { el } from "./dom.js";

const PART = 300_000;

/* A field for a file, by keyboard or by dropping; `take` gets the file. */
export function dropzone(id, words, take, accept = ".csv,.tsv,.txt,.xlsx,.xlsm") {
  const file = el("input", { type: "file", id, accept, onchange: () => { if (file.files[0]) { take(file.files[0]); } } });
  const drop = el("div", { class: "zx-drop" }, el("label", { for: id }, words), file);
  drop.addEventListener("dragover", (e) => { e.preventDefault(); drop.classList.add("zx-over-drop"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("zx-over-drop"));
  drop.addEventListener("drop", (e) => { e.preventDefault(); drop.classList.remove("zx-over-drop"); if (e.dataTransfer.files[0]) { take(e.dataTransfer.files[0]); } });
  return drop;
}

/* Sends a file by an action that takes its parts; what went wrong in words, or "". */
export async function send(app, action, name, bytes) {
  const of = Math.max(1, Math.ceil(bytes.length / PART));
  for (let at = 0; at < of; at += 1) {
    const text = Array.from(bytes.subarray(at * PART, (at + 1) * PART), (b) => String.fromCharCode(b)).join("");
    const reply = await app.act(action, { name, at, of, data: window.btoa(text) });
    if (reply.error) { return reply.error; }
  }
  return "";
}
