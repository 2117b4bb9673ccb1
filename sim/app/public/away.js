/* Is the server there? Asked every two seconds by a small fetch of its own: the page's framework notices late. */

const EVERY = 2000;
const LIMIT = 2000, AGAIN = 900;

/* Calls `changed(true)` when the server has gone and `changed(false)` when it is back; returns what ends the asking. */
export function watch(changed) {
  let away = false, ended = false, timer = 0;

  async function look() {
    const status = window.solara?.debug?.connectionStatus;
    const broken = typeof status === "string" && status !== "connected" && (away || status !== "connecting");
    const there = !broken && (await answers(LIMIT) || await answers(AGAIN));
    if (ended) { return; }
    if (away === there) { away = !there; changed(away); }
    timer = window.setTimeout(look, away ? EVERY / 2 : EVERY);
  }

  timer = window.setTimeout(look, EVERY);
  return () => { ended = true; window.clearTimeout(timer); };
}

/* Asked a second time before anything is said: a server that is busy for a moment has not gone. */
async function answers(limit) {
  const giveUp = new AbortController();
  const timer = window.setTimeout(() => giveUp.abort(), limit);
  try {
    const said = await fetch("/static/public/there.txt", { cache: "no-store", signal: giveUp.signal });
    return said.status < 500;
  } catch (error) { return false; } finally { window.clearTimeout(timer); }
}
