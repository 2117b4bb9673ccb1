"""A calibration from end to end: run it, compare posterior and prior, say which targets conflict, and keep it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.csv_writer import Writer
from sim.engine.drivers import BATCH, GPU, GPU_JOBS
from sim.engine.kernel import source_digest
from sim.errors import ScenarioError
from sim.evidence.calibration.file import Plan
from sim.evidence.calibration.fit import Matched, judge, match

PULLS = 3.0
"""Standard errors from which a parameter counts as moving a target."""


@dataclass(frozen=True)
class Result:
    """A calibration that is done.

    Attributes:
        plan: what was asked.
        found: what was found.
        about: everything worth knowing, JSON-safe.
    """

    plan: Plan
    found: Matched
    about: dict[str, Any]

    def lines(self) -> list[str]:
        """The report as text."""
        out = [
            f"Calibration {self.plan.name}: {self.plan.rows} of {counted(self.found.tried, 'draw')} met every target."
        ]
        out += [f"  {'parameter':<22}{'prior 10 / 50 / 90 %':>26}{'posterior 10 / 50 / 90 %':>28}"]
        for p in self.about["parameters"]:
            prior, after = (" / ".join(f"{v:.3g}" for v in p[k]) for k in ("prior", "posterior"))
            out.append(f"  {p['name']:<22}{prior:>26}{after:>28}")
        for t in self.about["targets"]:
            out.append(f"  {t['label']}: {t['median']:.3g} over the posterior, band {t['low']:g} to {t['high']:g}")
        return out + [f"  pull: {line}" for line in self.about["pulls"]]


def run(
    plan: Plan, *, threads: int | None = None, engine: str = BATCH, tell: Callable[[str], None] | None = None
) -> Result:
    """Run a calibration, on this machine's processor or (`engine`) its GPU.

    Raises:
        ScenarioError: a target's reading that its situation does not have, or targets that cannot be met.
    """
    try:
        found = match(plan, judge(plan, engine), tell or (lambda _: None), GPU_JOBS if engine == GPU else threads)
    except KeyError as error:
        raise ScenarioError(f"targets: no situation has a reading {error.args[0]!r}; see zones evidence.") from None
    return Result(plan, found, _about(plan, found))


def _about(plan: Plan, found: Matched) -> dict[str, Any]:
    sample = found.rows
    return {
        "name": plan.name,
        "method": "history matching with quadratic emulators, then ABC by rejection; common random numbers",
        "sources": source_digest()[:16],
        "seed": plan.seed,
        "replicates": plan.replicates,
        "waves": plan.waves,
        "draws": plan.draws,
        "rows": plan.rows,
        "tried": found.tried,
        "tolerance": plan.tolerance,
        "left_of_prior": [round(v, 5) for v in found.left],
        "parameters": [
            {
                **asdict(prior),
                "prior": [round(prior.quantile(q), 5) for q in (0.1, 0.5, 0.9)],
                "posterior": [round(float(v), 5) for v in np.quantile(sample[:, k], [0.1, 0.5, 0.9])],
                "narrower": round(_narrower(sample[:, k], prior.quantile(0.1), prior.quantile(0.9)), 3),
            }
            for k, prior in enumerate(plan.priors)
        ],
        "targets": [
            {**asdict(t), "label": t.label, "median": round(float(np.median(found.figures[:, k])), 4),
             "p10": round(float(np.quantile(found.figures[:, k], 0.1)), 4),
             "p90": round(float(np.quantile(found.figures[:, k], 0.9)), 4)}
            for k, t in enumerate(plan.targets)
        ],
        "pulls": pulls(plan, found),
    }  # fmt: skip


def _narrower(values: NDArray[np.float64], low: float, high: float) -> float:
    """How much of the prior's 10-90 % width the posterior gave up."""
    return 1.0 - float(np.diff(np.quantile(values, [0.1, 0.9]))[0]) / (high - low)


def pulls(plan: Plan, found: Matched) -> list[str]:
    """Targets that a parameter moves in opposite senses, among the draws of the first wave (the prior's). A target that
    their median meets asks for nothing.
    """
    if not found.waves:
        return []
    draws, figures = found.waves[0]
    known = np.isfinite(figures).all(axis=1)
    middle = np.median(figures[known], axis=0) if known.any() else np.zeros(len(plan.targets))
    asks = np.array([(m < t.low) * 1.0 - (m > t.high) * 1.0 for m, t in zip(middle, plan.targets, strict=True)])
    told: list[str] = []
    for prior, sure in zip(plan.priors, _sure(draws[known], figures[known]), strict=True):
        wanted = np.where(np.abs(sure) > PULLS, sure * asks, 0.0)
        for up in np.flatnonzero(wanted > 0.0):
            for down in np.flatnonzero(wanted < 0.0):
                more, less = plan.targets[up].label, plan.targets[down].label
                told.append(f"{more} asks for more {prior.name}, {less} for less")
    return told


def _sure(draws: NDArray[np.float64], figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Effect of every parameter on every target [P, T], the others held, in standard errors: a regression on ranks."""
    from scipy.stats import rankdata

    runs, parameters = draws.shape
    if runs <= 2 * (parameters + 1):
        return np.zeros((parameters, figures.shape[1]))
    x = np.column_stack([np.ones(runs), rankdata(draws, axis=0)])
    y = rankdata(figures, axis=0)
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    spare = ((y - x @ slopes) ** 2).sum(axis=0) / (runs - x.shape[1])
    errors = np.sqrt(np.outer(np.diag(np.linalg.inv(x.T @ x)), spare))
    found: NDArray[np.float64] = (slopes / np.maximum(errors, 1e-12))[1:]
    return found


def write(result: Result, folder: Path) -> None:
    """Keep the sample (CSV) and what is known of it (JSON)."""
    name = result.plan.name
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = Writer(stream)
        writer.writerow([p.name for p in result.plan.priors])
        writer.writerows([f"{v:.8g}" for v in row] for row in result.found.rows)
    text = json.dumps(result.about, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
