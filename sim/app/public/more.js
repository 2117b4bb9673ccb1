import { el } from "./dom.js";
const page = (id, title) => ({ id, title, levers: false, make() { return { node: el("h1", {}, title) }; } });
export const sweeps = page("sweeps", "Sweeps");
export const log = page("log", "Learning log");
export const inspect = page("inspect", "Inspect");
