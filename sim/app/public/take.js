import { el } from "./dom.js";
export const id = "take"; export const title = "take"; export const levers = false;
export function make() { return { node: el("div", {}, "take") }; }
export function open() {}
