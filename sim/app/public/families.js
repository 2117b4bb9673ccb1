import { el } from "./dom.js";
export const id = "families"; export const title = "families"; export const levers = false;
export function make() { return { node: el("div", {}, "families") }; }
export function open() {}
