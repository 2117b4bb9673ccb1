/* The organisation on a canvas: layers of governance, zones outlined, one dot a practitioner, one ring a site's reach.
   States come as changes and are laid out here, so that play and scrub never ask the server. */

import { bytes, calm, colour } from "./dom.js";
import { Dots } from "./dots.js";

const STATES = ["s0", "s1", "s2", "s3", "s4", "s5"];
const USING = 3, WELL = 4, STOPPED = 5;

function layOut(change, months) {
  const first = bytes(change.first), who = new Uint32Array(bytes(change.who).buffer);
  const month = new Uint16Array(bytes(change.month).buffer), state = bytes(change.state);
  const count = first.length, all = new Uint8Array(count * (months + 1));
  const now = first.slice();
  let k = 0;
  for (let m = 0; m <= months; m += 1) {
    while (k < who.length && month[k] <= m) { now[who[k]] = state[k]; k += 1; }
    all.set(now, m * count);
  }
  return { all, count };
}

/* Cut to what fits, with a sign that it was. */
function fitted(c, words, room) {
  if (c.measureText(words).width <= room) { return words; }
  let short = words;
  while (short && c.measureText(`${short}…`).width > room) { short = short.slice(0, -1); }
  return `${short}…`;
}

const FONT = "Inter, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";

export class Net {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.month = 0;
    this.part = 1;
  }

  show(shared, arm) {
    this.shared = shared;
    this.arm = arm;
    const places = new Int16Array(bytes(shared.people).buffer);
    this.x = Float32Array.from(places.filter((_, i) => i % 2 === 0), (v) => v / 10);
    this.y = Float32Array.from(places.filter((_, i) => i % 2 === 1), (v) => v / 10);
    this.people = layOut(arm.people, shared.months);
    this.radius = new Float32Array(this.x.length);
    let who = 0;
    shared.sites.forEach((site, i) => { for (let k = 0; k < site.staff; k += 1) { this.radius[who] = shared.dots[i]; who += 1; } });
    this.hidden = new Uint8Array(shared.sites.length);
    for (const s of shared.block) { this.hidden[s] = 1; }
    this.siteOf = new Int32Array(this.x.length);
    who = 0;
    shared.sites.forEach((site, i) => { for (let k = 0; k < site.staff; k += 1) { this.siteOf[who] = i; who += 1; } });
    this.dust = shared.discs;
    this.sizes = [...new Set(shared.marks)];
    this.stages = layOut(arm.stages, shared.months);
    this.reach = bytes(arm.reach);
    this.capacity = bytes(arm.capacity);
    this.attention = bytes(arm.attention);
    this.commitment = bytes(arm.commitment);
    this.resize();
  }

  resize() {
    if (!this.shared) { return; }
    const ratio = Math.min(2, window.devicePixelRatio || 1), width = this.canvas.clientWidth || 600;
    const scale = width / this.shared.width;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.shared.height * scale * ratio);
    this.scale = scale * ratio;
    this.small = scale < 0.62;
    this.bigger = Math.min(1.5, Math.max(1, 1 / scale));
    this.colours = Object.fromEntries([...STATES, "ink", "muted", "line", "card", "zone", "accent", "warn", "edge"]
      .map((name) => [name, colour(name)]));
    this.accent = colour(this.tone || "accent");
    const { width: wide, height: high } = this.canvas, sheet = () => Object.assign(document.createElement("canvas"), { width: wide, height: high });
    this.still = sheet();
    this.drawStill(this.still.getContext("2d"));
    this.sheets = [0, 1].map(() => { const canvas = sheet(); return { canvas, context: canvas.getContext("2d"), month: -1 }; });
    this.dots = new Dots(wide, high, STATES.map((name) => this.colours[name]), STOPPED, 1.1 * this.scale);
    this.draw(this.month, this.part);
  }

  /* Letters keep their size on the screen when the picture is small. */
  font(c, size, weight = 400) { c.font = `${weight} ${(size * this.bigger).toFixed(1)}px ${FONT}`; }

  drawStill(c) {
    const s = this.shared;
    c.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    c.strokeStyle = this.colours.edge;
    c.globalAlpha = Math.min(1, 90 / s.leaders.length);
    c.lineWidth = 0.7;
    c.beginPath();
    for (const leader of s.leaders) {
      if (leader.site >= 0 && this.hidden[leader.site]) { continue; }
      const to = s.leaders[leader.to];
      if (to) { c.moveTo(leader.x, leader.y); c.bezierCurveTo(leader.x, leader.y - 26, to.x, to.y + 26, to.x, to.y); }
      else { c.moveTo(leader.x, leader.y); c.lineTo(s.group[0], s.group[1]); }
    }
    c.stroke();
    c.globalAlpha = 1;
    c.fillStyle = this.colours.muted;
    this.font(c, 11.5);
    c.textBaseline = "middle";
    for (const [words, y] of this.small ? [] : s.levels) { c.fillText(words, 6, y); }
  }

  /* All but the dots changes once a month: it is drawn on a sheet, the next month's before its time has come. */
  draw(month, part = 1) {
    if (!this.shared) { return; }
    this.month = Math.min(month, this.shared.months);
    this.part = part;
    if (this.sheets[0].month !== this.month) {
      this.sheets.reverse();
      if (this.sheets[0].month !== this.month) { this.drawSheet(this.sheets[0], this.month); }
    } else if (part < 1 && part >= (this.tone === "b" ? 0.45 : 0.15) && this.month < this.shared.months && this.sheets[1].month !== this.month + 1) {
      this.drawSheet(this.sheets[1], this.month + 1);
    }
    const c = this.context;
    c.globalCompositeOperation = "copy";
    c.drawImage(this.sheets[0].canvas, 0, 0);
    c.globalCompositeOperation = "source-over";
    this.drawPeople(c);
  }

  drawSheet(sheet, month) {
    const c = sheet.context, shown = this.month;
    this.month = month;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    this.drawZones(c);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.still, 0, 0);
    c.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    this.drawNames(c);
    this.drawSites(c);
    this.drawTeams(c);
    this.drawLeaders(c);
    sheet.month = month;
    this.month = shown;
  }

  opening(box) {
    if (box.name === "no zone") { return { outside: true, open: false }; }
    const opened = this.arm.opened[box.zone] ?? -1;
    return { outside: false, opened, open: opened >= 0 && opened <= this.month };
  }

  drawZones(c) {
    if (!this.arm.zones) { return; }
    for (const box of this.shared.boxes) {
      const { outside, open } = this.opening(box);
      c.beginPath();
      c.roundRect(box.x, box.y, box.w, box.h, 12);
      c.fillStyle = this.colours.zone;
      if (!outside) { c.fill(); }
      c.setLineDash(open ? [] : [5, 5]);
      c.lineWidth = open ? 2.6 : 1.2;
      c.strokeStyle = open ? this.accent : this.colours.line;
      c.stroke();
      c.setLineDash([]);
    }
  }

  drawNames(c) {
    c.textBaseline = "alphabetic";
    if (!this.arm.zones) {
      const words = "same sites, no zone", { x, y } = this.shared.boxes[0];
      this.font(c, 13, 600);
      c.fillStyle = this.colours.card;
      c.fillRect(x, y + 2, c.measureText(words).width + 14, 22);
      c.fillStyle = this.colours.ink;
      c.fillText(words, x + 7, y + 17);
      return;
    }
    for (const box of this.shared.boxes) {
      const { outside, open } = this.opening(box);
      c.fillStyle = open ? this.colours.ink : this.colours.muted;
      c.strokeStyle = outside ? this.colours.card : this.colours.zone;
      c.lineWidth = 4;
      this.font(c, 13, 600);
      if (c.measureText(box.name).width > box.w - 10) { this.font(c, 10.5, 600); }
      const name = fitted(c, box.name, box.w - 10);
      c.strokeText(name, box.x + 7, box.y + 16);
      c.fillText(name, box.x + 7, box.y + 16);
      if (!outside) {
        this.font(c, 11);
        const [words, short] = open ? this.arm.opened_words[box.zone] : this.shared.not_open;
        const said = c.measureText(words).width <= box.w - 8 ? words : short;
        c.strokeText(said, box.x + 7, box.y + 29);
        c.fillText(said, box.x + 7, box.y + 29);
      }
    }
  }

  drawSites(c) {
    const s = this.shared, count = s.sites.length, from = this.month * count;
    for (const size of this.sizes) {
      const ring = (wanted, style, width) => {
        c.beginPath();
        s.sites.forEach((site, i) => {
          if (!this.hidden[i] && s.marks[i] === size && wanted(this.stages.all[from + i])) { c.moveTo(site.x + site.r, site.y); c.arc(site.x, site.y, site.r, 0, 6.2832); }
        });
        c.strokeStyle = style;
        c.lineWidth = width * size;
        c.stroke();
      };
      ring(() => true, this.colours.line, 1);
      ring((stage) => stage === 4, this.colours.s4, 2.6);
      c.beginPath();
      s.sites.forEach((site, i) => {
        const share = this.reach[from + i] / 255, r = site.r + 2.6 * size;
        if (!this.hidden[i] && s.marks[i] === size && share > 0.01) { c.moveTo(site.x, site.y - r); c.arc(site.x, site.y, r, -1.5708, -1.5708 + 6.2832 * share); }
      });
      c.strokeStyle = this.colours.warn;
      c.lineWidth = 2.4 * size;
      c.stroke();
    }
  }

  /* Those whose state has just changed are larger for a moment. */
  drawPeople(c) {
    const s = this.shared;
    const count = this.people.count, from = this.month * count, before = Math.max(0, this.month - 1) * count;
    if (this.dust || s.block.length) { this.drawDiscs(c, from); }
    if (this.dust) { return; }
    const now = this.people.all, lively = !calm() && this.part < 1, dots = this.dots, scale = this.scale;
    dots.begin();
    for (let i = 0; i < count; i += 1) {
      if (this.hidden[this.siteOf[i]]) { continue; }
      const state = now[from + i];
      let radius = state === STOPPED ? this.radius[i] * 0.76 : this.radius[i];
      if (lively && now[before + i] !== state) { radius *= 1 + 0.9 * (1 - this.part); }
      dots.put(this.x[i] * scale, this.y[i] * scale, radius * scale, state);
    }
    dots.onto(c);
  }

  /* A disc a site, or one for all that are in no zone: how many use the practice, and within these how many well. */
  drawDiscs(c, from) {
    const { sites, boxes, block } = this.shared, count = sites.length, totals = [0, 1, 2].map(() => new Float64Array(count + 1));
    for (let i = 0; i < this.people.count; i += 1) {
      const state = this.people.all[from + i], at = this.hidden[this.siteOf[i]] ? count : this.siteOf[i];
      totals[0][at] += 1;
      if (state === USING || state === WELL) { totals[1][at] += 1; }
      if (state === WELL) { totals[2][at] += 1; }
    }
    const outside = boxes.at(-1), big = block.length ? { x: outside.x + outside.w / 2, y: outside.y + outside.h * 0.4, r: Math.min(outside.w * 0.36, 60) } : null;
    c.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    totals.forEach((part, k) => {
      c.beginPath();
      for (let i = 0; i <= count; i += 1) {
        const place = i === count ? big : this.hidden[i] || !this.dust ? null : sites[i];
        if (!place || !part[i]) { continue; }
        const r = place.r * Math.sqrt(part[i] / totals[0][i]);
        c.moveTo(place.x + r, place.y);
        c.arc(place.x, place.y, r, 0, 6.2832);
      }
      c.fillStyle = this.colours[["s0", "s3", "s4"][k]];
      c.fill();
    });
    if (big) {
      c.fillStyle = this.colours.ink;
      this.font(c, 12, 600);
      c.textAlign = "center";
      this.arm.block_words[this.month].forEach((words, i) => c.fillText(fitted(c, words, outside.w - 8), big.x, big.y + big.r + (18 + 15 * i) * this.bigger));
      c.textAlign = "left";
    }
    c.setTransform(1, 0, 0, 1, 0, 0);
  }

  drawCore(c, team, capacity, given, room) {
    const alone = room > 92;
    const short = given > 0.01 && given < 0.95, w = alone ? 92 : room, h = 22;
    c.fillStyle = this.colours.card;
    c.strokeStyle = short ? this.colours.warn : this.accent;
    c.lineWidth = short ? 3 : 2;
    c.beginPath();
    c.roundRect(team.x - w / 2, team.y - h / 2, w, h, 6);
    c.fill();
    c.stroke();
    c.fillStyle = this.accent;
    c.fillRect(team.x - w / 2 + 4, team.y + h / 2 - 6, (w - 8) * capacity, 3);
    c.fillStyle = this.colours.ink;
    this.font(c, 11, 600);
    c.textAlign = "center";
    c.textBaseline = "middle";
    if (w > 60) { c.fillText(fitted(c, short && !alone ? "stretched!" : "core team", w - 4), team.x, team.y - 2); }
    c.textAlign = "left";
    if (short && alone && !this.small) {
      c.fillStyle = this.colours.warn;
      this.font(c, 11.5, 700);
      c.fillText(this.shared.stretched[Math.round(100 * given)], team.x + w / 2 + 8, team.y);
    }
  }

  drawTeams(c) {
    const teams = this.arm.teams, count = teams.length, cores = teams.filter((t) => t.core).length;
    teams.forEach((team, k) => {
      const capacity = this.capacity[this.month * count + k] / 255;
      if (team.core) { this.drawCore(c, team, capacity, this.attention[this.month * count + k] / 100, cores === 1 ? 100 : Math.min(76, this.shared.core_span / Math.max(cores, 3) - 3)); return; }
      if (this.hidden[team.sites[0]]) { return; }
      const site = this.shared.sites[team.sites[0]], m = this.shared.marks[team.sites[0]], x = site.x + 6 * m, y = site.y - site.r - 4 * m, w = 4 * m;
      if (this.stages.all[this.month * this.shared.sites.length + team.sites[0]] < 2) { return; }
      c.fillStyle = this.colours.card;
      c.strokeStyle = this.accent;
      c.lineWidth = 1.3 * m;
      c.fillRect(x - w, y - w, 2 * w, 2 * w);
      c.fillStyle = this.accent;
      c.fillRect(x - w, y + w - 2 * w * capacity, 2 * w, 2 * w * capacity);
      c.strokeRect(x - w, y - w, 2 * w, 2 * w);
    });
  }

  drawLeaders(c) {
    const s = this.shared, count = s.leaders.length, from = this.month * count;
    c.fillStyle = this.colours.ink;
    c.beginPath();
    c.roundRect(s.group[0] - 74, s.group[1] - 11, 148, 22, 11);
    c.fill();
    c.fillStyle = this.colours.card;
    this.font(c, 11, 600);
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(this.small ? "group" : "multi-agency group", s.group[0], s.group[1]);
    c.textAlign = "left";
    c.strokeStyle = this.colours.ink;
    s.leaders.forEach((leader, i) => {
      if (leader.site >= 0 && this.hidden[leader.site]) { return; }
      const mark = leader.site >= 0 ? s.marks[leader.site] : 1, many = s.leaders.length > 150;
      const size = leader.level === 0 ? 8 : leader.level === 1 ? (many ? 3 : 5.5) : 3.6 * mark;
      const { x, y } = leader;
      c.beginPath();
      c.moveTo(x, y - size); c.lineTo(x + size, y); c.lineTo(x, y + size); c.lineTo(x - size, y);
      c.closePath();
      c.globalAlpha = 1;
      c.fillStyle = this.colours.card;
      c.fill();
      c.globalAlpha = this.commitment[from + i] / 255;
      c.fillStyle = this.colours.ink;
      c.fill();
      c.globalAlpha = 1;
      c.lineWidth = mark;
      c.stroke();
      if (leader.level === 0 && !this.small) {
        c.fillStyle = this.colours.muted;
        this.font(c, 11);
        c.fillText(leader.agency, x + 11, y + 0.5);
      }
    });
  }

  /* The dot, or else the site, at a place of the canvas as it is shown; null where there is neither. */
  at(across, down) {
    if (!this.shared) { return null; }
    const scale = (this.canvas.clientWidth || 600) / this.shared.width, x = across / scale, y = down / scale, { sites } = this.shared;
    const site = sites.findIndex((s) => Math.hypot(s.x - x, s.y - y) <= s.r + 3 && !this.hidden[sites.indexOf(s)]);
    if (site < 0) { return null; }
    let first = 0;
    for (let s = 0; s < site; s += 1) { first += sites[s].staff; }
    if (this.dust) { return { site, person: null }; }
    let person = null, near = Math.max(3.5, 1.6 * this.shared.dots[site]);
    for (let i = first; i < first + sites[site].staff; i += 1) {
      const away = Math.hypot(this.x[i] - x, this.y[i] - y);
      if (away < near) { near = away; person = i; }
    }
    return { site, person };
  }

  counts(month) {
    const found = [0, 0, 0, 0, 0, 0], count = this.people.count;
    for (let i = 0; i < count; i += 1) { found[this.people.all[month * count + i]] += 1; }
    return found;
  }
}
