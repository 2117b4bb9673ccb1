"""What matters: Morris' mu* and sigma, Sobol's S1 and ST, what chance alone would give them, and where the spread
comes from (Morris 1991; Campolongo et al. 2007; Saltelli et al. 2010; Jansen 1999).
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.atomic import write_whole
from sim.counts import counted
from sim.csv_writer import Writer
from sim.errors import SweepError
from sim.results.charts import drawn
from sim.results.fan import COLOURS, GRID, INK, QUIET
from sim.results.measures import in_words, measure_of
from sim.sweeps import numbered
from sim.sweeps import points as p
from sim.sweeps.folder import Sweep
from sim.sweeps.tables import RUNS, read_runs
from sim.sweeps.variance import Split, split

Values = NDArray[np.float64]
MORRIS, SOBOL = "morris", "sobol"
UPPER = 1.96
TABLE, FIGURE = "sensitivity.csv", "sensitivity.png"
WORDS = {
    MORRIS: (("mu_star", "mean size of the effect of one step"), ("sigma", "its spread: interaction or curvature")),
    SOBOL: (("S1", "part of the variance by itself"), ("ST", "part with all its interactions")),
}


@dataclass(frozen=True)
class Index:
    """The indices of one factor.

    Attributes:
        factor: its name.
        role: lever, parameter, plan or place.
        first: mu* or S1.
        first_doubt: half-width of its 95 % interval.
        second: sigma or ST.
        second_doubt: half-width of its 95 % interval, NaN for sigma.
        floor: what chance alone would hardly exceed (97.5 % point of mu* or ST of a factor without effect), NaN where
            a single replicate a point leaves it unknown.
    """

    factor: str
    role: str
    first: float
    first_doubt: float
    second: float
    second_doubt: float
    floor: float

    @property
    def heard(self) -> bool:
        """Whether it stands out from chance: mu* or ST, less its doubt, above the floor."""
        total, doubt = (
            (self.first, self.first_doubt) if math.isnan(self.second_doubt) else (self.second, self.second_doubt)
        )
        return total - doubt > self.floor


@dataclass(frozen=True)
class Sensitivity:
    """The answer of `zones sensitivity`.

    Attributes:
        sweep: whose.
        outcome: id or id@month.
        scenario: of the design.
        method: MORRIS, SOBOL or '' where the design allows only the parts.
        indices: by factor, the largest first.
        parts: where the spread of single runs comes from.
        left_out: share of runs without a value.
    """

    sweep: Sweep
    outcome: str
    scenario: str
    method: str
    indices: tuple[Index, ...]
    parts: Split
    left_out: float

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        names = [name for name, _ in WORDS.get(self.method, ())]
        rows = [
            {
                "factor": i.factor,
                "role": i.role,
                names[0]: _finite(i.first),
                f"{names[0]}_doubt": _finite(i.first_doubt),
                names[1]: _finite(i.second),
                f"{names[1]}_doubt": _finite(i.second_doubt),
                "noise_floor": _finite(i.floor),
                "stands_out": None if math.isnan(i.floor) else i.heard,
            }
            for i in self.indices
        ]
        whole = {"sweep": str(self.sweep.folder), "outcome": self.outcome, "scenario": self.scenario}
        return {
            **whole,
            "method": self.method,
            "factors": rows,
            "parts": self.parts.as_dict(),
            "left_out": self.left_out,
        }

    def lines(self) -> list[str]:
        """For people."""
        headline = measure_of(self.outcome)
        found = [f"{self.outcome} ({headline.words}, {headline.unit}), {self.scenario}", ""]
        if self.indices:
            (one, one_words), (two, two_words) = WORDS[self.method]
            width = max(len(i.factor) for i in self.indices)
            found.append(f"{'factor':<{width}}  {one:>9} {'+/-':>8}  {two:>9} {'+/-':>8}  {'by chance':>9}")
            for i in self.indices:
                doubt = "" if math.isnan(i.second_doubt) else f"{i.second_doubt:.3g}"
                known = not math.isnan(i.floor)
                chance = f"{i.floor:.2g}" if known else "not known"
                quiet = "   not above chance" if known and not i.heard else ""
                found.append(
                    f"{i.factor:<{width}}  {i.first:>9.3g} {i.first_doubt:>8.2g}  {i.second:>9.3g} {doubt:>8}  "
                    f"{chance:>9}{quiet}"
                )
            found += [
                "",
                f"{one}: {one_words}; {two}: {two_words}. By chance: what random variation alone would hardly exceed.",
            ]
            if any(math.isnan(i.floor) for i in self.indices):
                found.append("One replicate a point leaves chance unknown; run two or more (--replicates).")
            found.append("")
        found += self.parts.sentences()
        if self.left_out:
            found.append(
                f"{100 * self.left_out:.1f} % of runs have no value (beyond the horizon or undefined) and are left out."
            )
        return found


def analyse(
    sweep: Sweep, outcome: str | None = None, *, scenario: str | None = None, method: str | None = None
) -> Sensitivity:
    """Indices and parts of one outcome.

    Args:
        sweep: a finished sweep.
        outcome: id or id@month that the sweep kept; None the first.
        scenario: of the design; None the first.
        method: MORRIS or SOBOL: refuse any other design.

    Raises:
        SweepError: not finished, an outcome it did not keep, or a sample that did not come from that design.
    """
    outcome, scenario = asked(sweep, outcome, scenario)
    kind = sweep.design.kind
    if method is not None and method != kind:
        raise SweepError(
            f"{sweep.folder}: its points came from a {kind} design, and {method} indices mean something only for "
            f'points of a {method} design; run one ([design] kind = "{method}").'
        )
    table, left_out = point_runs(sweep, outcome, scenario)
    indices: list[Index] = []
    if kind in (MORRIS, SOBOL):
        unit = _own_sample(sweep)
        indices = (_morris if kind == MORRIS else _sobol)(sweep, unit, table)
    indices.sort(key=lambda i: -(i.first if kind == MORRIS else i.second))
    parts = split(sweep, table, {i.factor: i.first for i in indices} if kind == SOBOL else {})
    return Sensitivity(sweep, outcome, scenario, kind if indices else "", tuple(indices), parts, left_out)


def asked(sweep: Sweep, outcome: str | None, scenario: str | None) -> tuple[str, str]:
    """The outcome and scenario that are meant.

    Raises:
        SweepError: the sweep does not have them.
    """
    outcome = outcome or sweep.design.outcomes[0]
    by_file = {file: number for number, file in numbered.read(sweep.folder).items()}
    scenario = by_file.get(scenario or "", scenario) or sweep.design.scenarios[0]
    for what, name, known in (
        ("outcome", outcome, sweep.design.outcomes),
        ("scenario", scenario, sweep.design.scenarios),
    ):
        if name not in known:
            raise SweepError(f"{sweep.folder}: keeps no {what} '{name}'; it has {', '.join(known)}.")
    return outcome, scenario


def point_runs(sweep: Sweep, outcome: str, scenario: str) -> tuple[Values, float]:
    """An outcome run by run.

    Returns:
        [points, replicates], NaN where a run has no number; and the share of such runs.

    Raises:
        SweepError: runs are missing, or no run of a point has a number.
    """
    if not (sweep.folder / RUNS).exists():
        raise SweepError(f"{sweep.folder} is not finished; first run: zones resume {sweep.folder}")
    runs = read_runs(sweep)
    mine = runs["scenario"] == scenario
    point, replicate = runs["point"][mine], runs["replicate"][mine]
    table = np.full((len(sweep.points), int(replicate.max()) + 1), np.nan)
    values = np.asarray(runs[outcome][mine], np.float64)
    table[point, replicate] = np.where(np.isfinite(values), values, np.nan)
    if len(set(point.tolist())) < len(sweep.points):
        raise SweepError(f"{sweep.folder} has points without a run; first run: zones resume {sweep.folder}")
    empty = np.isnan(table).all(axis=1)
    if empty.any():
        raise SweepError(
            f"{sweep.folder}: {outcome} has no number in any run of {int(empty.sum())} of "
            f"{counted(len(table), 'point')} (beyond "
            f"the horizon, undefined or not run); choose another outcome, or run longer."
        )
    return table, float(1.0 - np.isfinite(values).mean())


def _own_sample(sweep: Sweep) -> Values:
    """The design's unit positions, drawn again and held against the points of the folder.

    Raises:
        SweepError: they differ.
    """
    unit = p.unit_sample(sweep.design, sweep.manifest["batches"])
    again = [p.valued(sweep.design, row) for row in unit]
    if again != sweep.points:
        raise SweepError(
            f"{sweep.folder}: its points are not those of its {sweep.design.kind} design; indices of a foreign sample "
            f"mean nothing. Was it made by another version of SALib or scipy? Run the sweep again in another folder."
        )
    return unit


def _morris(sweep: Sweep, unit: Values, table: Values) -> list[Index]:
    from SALib.analyze import morris

    problem, levels = p.problem_of(sweep.design), sweep.design.levels
    found = morris.analyze(
        problem, unit, np.nanmean(table, axis=1), num_levels=levels, seed=sweep.design.design_seed + 1
    )
    steps = _steps(unit)
    result = []
    for i, factor in enumerate(sweep.design.factors):
        pairs = [(a, b) for a, b, which in steps if which == i]
        noise = np.array([_noise(table[b] - table[a]) for a, b in pairs])
        size = np.array([abs(unit[b, i] - unit[a, i]) for a, b in pairs])
        # |N(0, s^2)| has mean s sqrt(2 / pi) and variance s^2 (1 - 2 / pi)
        chance = np.sqrt(noise) / size
        different = len({(unit[a].tobytes(), unit[b].tobytes()) for a, b in pairs})  # few levels: steps recur
        spread = math.sqrt(float((chance**2).mean()) * (1 - 2 / np.pi) / different)
        floor = float(chance.mean()) * math.sqrt(2 / np.pi) + UPPER * spread
        mu, sigma, doubt = (float(np.asarray(found[k])[i]) for k in ("mu_star", "sigma", "mu_star_conf"))
        result.append(Index(factor.name, factor.role, mu, doubt, sigma, math.nan, floor))
    return result


def _steps(unit: Values) -> list[tuple[int, int, int]]:
    """Steps of all trajectories: rows before and after, and the factor that moved."""
    size = unit.shape[1] + 1
    found = []
    for row in range(len(unit) - 1):
        if (row + 1) % size:
            found.append((row, row + 1, int(np.argmax(np.abs(unit[row + 1] - unit[row])))))
    return found


def _sobol(sweep: Sweep, unit: Values, table: Values) -> list[Index]:
    from SALib.analyze import sobol

    mean = np.nanmean(table, axis=1)
    count = unit.shape[1]
    if float(np.ptp(mean)) == 0.0:
        raise SweepError(f"{sweep.folder}: the outcome is the same at every point; there is no spread to explain.")
    centred = (mean - mean.mean()) / mean.std()
    found = sobol.analyze(
        p.problem_of(sweep.design), centred, calc_second_order=False, seed=sweep.design.design_seed + 1
    )
    blocks = table.reshape(-1, count + 2, table.shape[1])
    variance = float(mean.var())
    result = []
    for i, factor in enumerate(sweep.design.factors):
        noise = np.array([_noise(block[i + 1] - block[0]) for block in blocks])
        one, one_doubt, total, total_doubt = (float(found[k][i]) for k in ("S1", "S1_conf", "ST", "ST_conf"))
        # Jansen's estimator averages squares of N(0, s^2), which have variance 2 s^4
        spread = math.sqrt(2.0 * float((noise**2).mean()) / len(noise))
        floor = (float(noise.mean()) + UPPER * spread) / (2.0 * variance)
        result.append(Index(factor.name, factor.role, one, one_doubt, total, total_doubt, floor))
    return result


def _noise(differences: Values) -> float:
    """Variance of the mean of paired differences: what chance leaves in the difference of two points."""
    kept = differences[np.isfinite(differences)]
    return float(kept.var(ddof=1) / len(kept)) if len(kept) > 1 else math.nan


def save(found: Sensitivity) -> list[Path]:
    """Write sensitivity.csv and the figure into the sweep's folder."""
    folder = found.sweep.folder
    stream = io.StringIO(newline="")
    writer = Writer(stream)
    names = [name for name, _ in WORDS.get(found.method, WORDS[SOBOL])]
    writer.writerow(["factor", "role", names[0], f"{names[0]}_doubt", names[1], f"{names[1]}_doubt", "noise_floor"])
    for i in found.indices:
        figures = (i.first, i.first_doubt, i.second, i.second_doubt, i.floor)
        writer.writerow([i.factor, i.role, *("" if math.isnan(v) else f"{v:.6g}" for v in figures)])
    for name, share in found.parts.shares():
        writer.writerow([f"part: {name}", "", f"{share:.6g}", "", "", "", ""])
    write_whole(folder / TABLE, stream.getvalue().encode())
    figure = draw(found)
    write_whole(folder / FIGURE, drawn(figure, "png"))
    return [folder / TABLE, folder / FIGURE]


def draw(found: Sensitivity) -> Any:
    """Bars of the indices with their doubt and the noise floor; below them the parts of the spread."""
    from matplotlib.figure import Figure

    height = 3.0 + 0.34 * len(found.indices)
    figure = Figure(figsize=(9.0, height), dpi=150, facecolor="white", layout="constrained")
    if found.indices:
        top, below = figure.subplots(2, 1, height_ratios=[height - 2.0, 0.8])
        _bars(top, found.indices, found.method)
    else:
        below = figure.subplots()
    left = 0.0
    for number, (name, share) in enumerate(found.parts.shares()):
        colour = QUIET if name.startswith("chance") else COLOURS[number]
        label = f"{name} {100 * share:.0f} %"
        below.barh([0], [max(0.0, 100 * share)], left=left, color=colour, height=0.5, label=label)
        left += max(0.0, 100 * share)
    below.set(yticks=[], xlim=(0, max(100.0, left)), xlabel="% of the spread of single runs")
    below.legend(frameon=False, fontsize=8.5, ncols=4, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.1)
    for axes in figure.axes:
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    words = in_words(found.outcome)
    figure.suptitle(f"What moves: {words} ({found.scenario})", x=0.01, ha="left", color=INK, fontsize=12)
    return figure


def _bars(axes: Any, indices: Sequence[Index], method: str) -> None:
    names = [name for name, _ in WORDS[method]]
    y = np.arange(len(indices))[::-1]
    for offset, colour, name, values, doubts in (
        (0.18, COLOURS[0], names[0], [i.first for i in indices], [i.first_doubt for i in indices]),
        (-0.18, COLOURS[4], names[1], [i.second for i in indices], [i.second_doubt for i in indices]),
    ):
        axes.barh(y + offset, values, 0.34, color=colour, label=name, xerr=np.nan_to_num(doubts), ecolor=QUIET)
    axes.plot(
        [i.floor for i in indices], y, linestyle="", marker="|", markersize=14, color=INK, label="by chance alone"
    )
    axes.set_yticks(y, [i.factor for i in indices])
    axes.set_xlim(left=0)
    axes.grid(color=GRID, axis="x")
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=8.5, ncols=3, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.1)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
