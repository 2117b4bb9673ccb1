/* What there was before a lever moved: the last full answer to the same two plans, kept as a ghost until it is let go. */

/* One question a step: the same plans, years and random numbers, with another lever or zone. */
const same = (a, b) => ["months", "seed", "calibration"].every((k) => a[k] === b[k]) && a.arms.every((arm, k) => arm.preset === b.arms[k].preset);

export class Before {
  constructor() { this.ghost = null; this.last = null; this.tops = new Map(); }

  /* Takes in an answer; while a lever is dragged the ghost stays what there was before. */
  take(answer) {
    const { last } = this;
    if (last && !same(last.question, answer.question)) { this.forget(); this.last = null; }
    else if (last && last.settled && JSON.stringify(last.question) !== JSON.stringify(answer.question)) { this.ghost = last; }
    if (this.ghost && JSON.stringify(this.ghost.question) === JSON.stringify(answer.question)) { this.ghost = null; }
    this.last = answer;
  }

  /* An axis that only grows, so that an effect does not hide behind another scale. */
  scale(measure, needed) {
    const kept = this.tops.get(measure);
    if (kept && kept.top >= needed.top) { return kept; }
    this.tops.set(measure, needed);
    return needed;
  }

  forget() { this.ghost = null; this.tops.clear(); }

  /* What moved, and what came of it, in the words of both answers: [what, from, to]. */
  moved(answer, measure, controls) {
    if (!this.ghost) { return []; }
    const rows = [];
    answer.arms.forEach((arm, k) => {
      const old = this.ghost.arms[k];
      for (const c of controls) {
        if (arm.lever_texts[c.name] !== old.lever_texts[c.name]) { rows.push([k, c.words, old.lever_texts[c.name], arm.lever_texts[c.name]]); }
      }
      if (JSON.stringify(arm.zones) !== JSON.stringify(old.zones)) { rows.push([k, "the zones", "", ""]); }
      const [from, to] = [old, arm].map((a) => a.series[measure].rows.at(-1)[1]);
      if (from !== to) { rows.push([k, "", from, to]); }
    });
    return rows;
  }
}
