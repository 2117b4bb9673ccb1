/* The page: levers, time, measures and slides; every figure's words come from the file. */

const data = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const YEAR_SECONDS = 1.1, OUTER = [0, 4], INNER = [1, 3], MIDDLE = 2, QUANTILES = 5;
const last = data.when.length - 1, years = data.months.length;
const state = { measure: 0, month: last, stops: data.levers.map((one) => one.own), playing: 0 };
const picture = by("picture");

const changed = () => state.stops.some((stop, k) => stop !== data.levers[k].own);
const sharesOf = (plan) => data.uses[plan].map((k) => data.levers[k].shares[state.stops[k]]);
const movesPlan = (plan) => data.models[plan] && data.uses[plan].some((k) => state.stops[k] !== data.levers[k].own);

function curvesOf(plan, measure) {
  const own = data.measures[measure].curves[plan];
  if (!movesPlan(plan)) { return own; }
  const from = measure * QUANTILES * years;
  return moved(own, shift(data.models[plan], sharesOf(plan), from, from + QUANTILES * years), data.months, data.soft);
}

function costOf(plan) {
  const own = data.cost[plan], from = data.measures.length * QUANTILES * years;
  const step = shift(data.models[plan], sharesOf(plan), from, from + own.length);
  return `about ${range(data.pounds, Math.exp(own[0] + step[0]), Math.exp(own[2] + step[2]), "")}`;
}

function text(plan, measure, curves, month) {
  if (curves === data.measures[measure].curves[plan]) { return data.measures[measure].texts[plan][month]; }
  const [low, high] = OUTER.map((q) => curves[q][month]);
  return `about ${range(data.percents, low, high, " %")} (${worded(data.percents, curves[MIDDLE][month])})`;
}

/* Geometry: the same places as the picture that came with the file. */
function paths(scale) {
  const x = (month) => (scale.left + (scale.width * month) / scale.months).toFixed(1);
  const y = (share) => (scale.top + scale.height * (1 - Math.min(share, scale.top_share) / scale.top_share)).toFixed(1);
  const line = (values) => `M${values.map((v, m) => `${x(m)} ${y(v)}`).join("L")}`;
  const area = (low, high) => `${line(high)}L${low.map((v, m) => `${x(m)} ${y(v)}`).reverse().join("L")}Z`;
  return { x, y, line, area };
}

const costs = data.plans.map((_, k) => by(`cost-${k}`).textContent);
const costWords = (plan) => (movesPlan(plan) ? costOf(plan) : costs[plan]);

function draw() {
  const shown = data.measures[state.measure], made = paths(shown.scale);
  const find = (kind, plan) => picture.querySelector(`.${kind}[data-plan="${plan}"]`);
  const curves = data.plans.map((_, plan) => curvesOf(plan, state.measure));
  curves.forEach((found, plan) => {
    find("outer", plan).setAttribute("d", made.area(found[OUTER[0]], found[OUTER[1]]));
    find("inner", plan).setAttribute("d", made.area(found[INNER[0]], found[INNER[1]]));
    find("line", plan).setAttribute("d", made.line(found[MIDDLE]));
    find("ghost", plan).setAttribute("d", movesPlan(plan) ? made.line(shown.curves[plan][MIDDLE]) : "");
    const words = text(plan, state.measure, found, state.month);
    by(`now-${plan}`).textContent = words;
    find("label", plan).querySelector(".value").textContent = words;
  });
  picture.querySelector(".clip").setAttribute("width", state.month === last ? 860 : Number(made.x(state.month)));
  spread(shown.scale, curves.map((found) => Number(made.y(found[MIDDLE][state.month]))), find);
}

/* Labels near their lines, clear of one another. */
function spread(scale, ends, find) {
  const lowest = scale.top + scale.height - 24, order = ends.map((_, k) => k).sort((a, b) => ends[b] - ends[a] || a - b);
  order.forEach((plan, place) => find("label", plan).setAttribute("y", Math.min(ends[plan], lowest - scale.apart * place).toFixed(1)));
}

function tell() {
  data.plans.forEach((_, plan) => { by(`cost-${plan}`).textContent = costWords(plan); });
  const list = by("changes");
  if (!list) { return; }
  by("back").disabled = !changed();
  const moves = data.levers.flatMap((one, k) => (state.stops[k] === one.own ? [] : [`${one.label} ${one.words[one.own]} → ${one.words[state.stops[k]]}`]));
  const title = by("now-head").textContent;
  const lines = data.plans.flatMap((name, plan) => {
    if (!movesPlan(plan)) { return []; }
    const before = data.measures[state.measure].texts[plan][last], after = text(plan, state.measure, curvesOf(plan, state.measure), last);
    return [`${name}. ${moves.join("; ")}: ${title} at the end ${before} → ${after}; cost ${costs[plan]} → ${costWords(plan)}.`];
  });
  list.replaceChildren(...lines.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
}

function setMonth(month) {
  state.month = month;
  by("month").value = month;
  by("month").setAttribute("aria-valuetext", data.when[month]);
  by("when").textContent = data.when[month];
  draw();
}

function setStop(k, stop) {
  const slider = by(`lever-${k}`), words = data.levers[k].words[stop];
  state.stops[k] = stop;
  slider.value = stop;
  slider.setAttribute("aria-valuetext", words);
  by(`lever-${k}-value`).textContent = words;
}

function play(on) {
  by("play").textContent = on ? "Pause" : "Play";
  by("play").setAttribute("aria-pressed", String(on));
  window.cancelAnimationFrame(state.playing);
  state.playing = 0;
  if (!on) { return; }
  const from = state.month >= last ? 0 : state.month, begun = performance.now();
  const step = (now) => {
    const passed = Math.max(0, now - begun);  // a frame's time may lie before the click that began it
    const month = Math.min(last, Math.floor(from + (passed / 1000 / YEAR_SECONDS) * 12));
    if (month !== state.month) { setMonth(month); }
    if (month < last) { state.playing = window.requestAnimationFrame(step); } else { play(false); }
  };
  setMonth(from);
  state.playing = window.requestAnimationFrame(step);
}

/* The scale of another measure is drawn anew; its axis stays where it is while levers move. */
function setMeasure(measure) {
  state.measure = measure;
  const shown = data.measures[measure];
  by("axis").textContent = shown.axis;
  by("now-head").textContent = shown.title;
  picture.querySelectorAll(".grid, .tick").forEach((old) => old.remove());
  const made = paths(shown.scale), svg = picture.querySelector("svg"), first = svg.firstChild;
  const add = (name, set, words) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(set).forEach(([key, value]) => node.setAttribute(key, value));
    node.textContent = words;
    svg.insertBefore(node, first);
  };
  shown.scale.ticks.forEach(([share, words]) => {
    const y = made.y(share);
    add("line", { class: "grid", x1: shown.scale.left, x2: shown.scale.left + shown.scale.width, y1: y, y2: y }, "");
    add("text", { class: "axis tick", x: shown.scale.left - 6, y: Number(y) + 4, "text-anchor": "end" }, words);
  });
  svg.setAttribute("aria-label", `${shown.axis}. At the end, ${data.plans.map((name, plan) => `${name}: ${shown.texts[plan][last]}`).join("; ")}.`);
  draw();
  tell();
}

document.querySelectorAll("input[name=measure]").forEach((radio) => {
  radio.addEventListener("change", () => setMeasure(Number(radio.value)));
});
by("month").addEventListener("input", () => { play(false); setMonth(Number(by("month").value)); });
by("play").addEventListener("click", () => play(!state.playing));
document.querySelectorAll(".slider").forEach((slider) => {
  slider.addEventListener("input", () => { setStop(Number(slider.dataset.lever), Number(slider.value)); draw(); tell(); });
});
by("back")?.addEventListener("click", () => {
  data.levers.forEach((one, k) => setStop(k, one.own));
  draw();
  tell();
  by("lever-0").focus();
});

const story = document.querySelector(".story"), slides = [...story.querySelectorAll(".slide")];
function turn(at) {
  slides.forEach((slide, k) => slide.classList.toggle("shown", k === at));
  by("before").disabled = at === 0;
  by("next").disabled = at === slides.length - 1;
  by("at").textContent = slides[at].getAttribute("aria-label");
  story.dataset.at = at;
}
by("before").addEventListener("click", () => turn(Math.max(0, Number(story.dataset.at) - 1)));
by("next").addEventListener("click", () => turn(Math.min(slides.length - 1, Number(story.dataset.at) + 1)));
story.classList.add("paged");
document.body.classList.add("live");
turn(0);
