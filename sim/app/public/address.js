/* What is shown, in the address: page, question, measure and a mark of the area, with a checksum against damage. Whatever
   an address says is asked with the same checks as any other question. */

const LAST = "zones-last", WAITING = "zones-waiting";

const packed = (text) => window.btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const unpacked = (text) => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(window.atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)));

/* 32 bits of FNV-1a: a letter lost or turned is noticed; it is no signature. */
function sum(text) {
  let found = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) { found = Math.imul(found ^ text.charCodeAt(i), 0x01000193) >>> 0; }
  return found.toString(36);
}

const arm = (given) => ({ preset: given.preset, ...(given.set && Object.keys(given.set).length ? { set: given.set } : {}), ...(given.zones ? { zones: given.zones } : {}) });

/* The address of what is shown. */
export function written(app) {
  const text = packed(JSON.stringify({ a: app.state.arms.map(arm), m: app.state.months, s: app.state.seed ?? 1, c: app.measure, p: app.about.place.mark }));
  return `${window.location.pathname}#/${app.page.id}?q=${text}.${sum(text)}`;
}

/* What an address says: page, row, a link or a view; `damaged` where it was changed or cut off on its way. */
export function read(hash) {
  const found = { page: (/^#\/([a-z]+)/.exec(hash) || [])[1] || "", row: (/[?&]row=([A-Za-z0-9-]{1,40})/.exec(hash) || [])[1] || "", share: "", view: null, damaged: false };
  const share = /[?&]share=([^&]*)/.exec(hash), view = /[?&]q=([^&]*)/.exec(hash);
  if (share) { found.share = /^[A-Za-z0-9_-]{1,2000}$/.test(share[1]) ? share[1] : ""; found.damaged = !found.share; }
  if (view) {
    const [text, mark] = view[1].split(".");
    try {
      if (mark !== sum(text)) { throw new Error("changed"); }
      found.view = viewed(JSON.parse(unpacked(text)));
    } catch (error) { found.damaged = true; }
  }
  return found;
}

function viewed(said) {
  return { state: { arms: said.a.map((x) => ({ preset: x.preset, set: x.set || {}, ...(x.zones ? { zones: x.zones } : {}) })), months: said.m, seed: said.s }, measure: said.c, place: said.p };
}

/* Kept in this browser alone, for "go on where I was"; null where there is nothing, or another version's. */
export function keep(app) {
  const said = { view: { state: app.state, measure: app.measure, place: app.about.place.mark }, page: app.page.id, area: app.about.place.name, when: new Date().toISOString() };
  try { window.localStorage.setItem(LAST, JSON.stringify(said)); } catch (error) { /* not kept, still shown */ }
}

/* A view of an own list that is not open: shown once the list is open again in this tab. */
export function wait(view) { try { window.sessionStorage.setItem(WAITING, JSON.stringify(view)); } catch (error) { /* then not */ } }

export function waiting(mark) {
  try {
    const view = JSON.parse(window.sessionStorage.getItem(WAITING));
    if (view?.place !== mark) { return null; }
    window.sessionStorage.removeItem(WAITING);
    return view;
  } catch (error) { return null; }
}

export function kept() {
  try {
    const said = JSON.parse(window.localStorage.getItem(LAST));
    return Array.isArray(said?.view?.state?.arms) && said.view.state.arms.length === 2 ? said : null;
  } catch (error) { return null; }
}
