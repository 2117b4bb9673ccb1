/* The formula that answers levers: the same steps as `Emulator.shift` and `moved` in Python, number for number. */

/* Where a share lies among knots: [index, part of the way to the next]. */
function between(knots, share) {
  let k = 0;
  while (k < knots.length - 2 && share >= knots[k + 1]) { k += 1; }
  return [k, (share - knots[k]) / (knots[k + 1] - knots[k])];
}

function along(knots, values, share) {
  const [k, part] = between(knots, share);
  return values[k] + part * (values[k + 1] - values[k]);
}

/* What levers do together, at a point on their own scales, for numbers `from` to `to`. */
function together(model, at, from, to) {
  const sums = new Float64Array(to - from);
  model.centres.forEach((centre, n) => {
    let distance = 0;
    centre.forEach((value, d) => { distance += ((at[d] - value) / model.lengths[d]) ** 2; });
    const near = Math.exp(-0.5 * distance), weights = model.weights[n];
    for (let p = from; p < to; p += 1) { sums[p - from] += near * weights[p]; }
  });
  return sums;
}

/* How far levers at these shares of their ranges move numbers `from` to `to` from the plan's own. */
function shift(model, shares, from, to) {
  const scaled = (point) => model.alone.map((one, d) => along(one.knots, one.scale, point[d]));
  const now = together(model, scaled(shares), from, to), own = together(model, scaled(model.origin), from, to);
  const found = new Float64Array(to - from);
  model.alone.forEach((one, d) => {
    const [k, part] = between(one.knots, shares[d]), [j, rest] = between(one.knots, model.origin[d]);
    for (let p = from; p < to; p += 1) {
      const here = one.shifts[k][p] + part * (one.shifts[k + 1][p] - one.shifts[k][p]);
      const there = one.shifts[j][p] + rest * (one.shifts[j + 1][p] - one.shifts[j][p]);
      found[p - from] += here - there;
    }
  });
  return found.map((value, p) => value + now[p] - own[p]);
}

/* Quantile curves of one measure, month by month, once levers have moved; they never cross. */
function moved(bands, shifts, months, soft) {
  const years = months.length, made = bands.map((curve, q) => curve.map((share, month) => {
    let k = 0;
    while (k < years - 1 && month > months[k]) { k += 1; }
    const before = k ? months[k - 1] : 0, early = k ? shifts[q * years + k - 1] : 0;
    const step = early + ((month - before) / (months[k] - before)) * (shifts[q * years + k] - early);
    const scaled = Math.log((share + soft) / (1 - share + soft)) + step;
    const value = (1 + 2 * soft) / (1 + Math.exp(-scaled)) - soft;
    return Math.min(1, Math.max(0, value));
  }));
  for (let q = 1; q < made.length; q += 1) {
    made[q].forEach((value, month) => { made[q][month] = Math.max(value, made[q - 1][month]); });
  }
  return made;
}

/* The words of the nearest value of a table [[value, words], ...] in rising order. */
function worded(table, value) {
  let low = 0, high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table[middle][0] < value) { low = middle + 1; } else { high = middle; }
  }
  const up = table[low], down = table[Math.max(0, low - 1)];
  return value - down[0] < up[0] - value ? down[1] : up[1];
}

function range(table, low, high, tail) {
  const first = worded(table, low), last = worded(table, high);
  return first === last ? `${first}${tail}` : `${first} to ${last}${tail}`;
}
