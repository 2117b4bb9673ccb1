import { el } from "./dom.js";
export const id = "present"; export const title = "present"; export const levers = false;
export function make() { return { node: el("div", {}, "present") }; }
export function open() {}
