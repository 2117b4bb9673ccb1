import { el } from "./dom.js";
export const id = "evidence"; export const title = "evidence"; export const levers = false;
export function make() { return { node: el("div", {}, "evidence") }; }
export function open() {}
