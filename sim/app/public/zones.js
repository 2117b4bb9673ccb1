import { el } from "./dom.js";
export const id = "zones"; export const title = "zones"; export const levers = false;
export function make() { return { node: el("div", {}, "zones") }; }
export function open() {}
