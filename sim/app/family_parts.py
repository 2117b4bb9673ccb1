"""Families by deprivation fifth: need, waiting, reach, wellbeing; and what it means for all of them, said plainly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import curve, months_words, spread
from sim.organisation.codes import FIFTHS
from sim.results.series import divide

Array = NDArray[Any]
SMALL = 0.05
GROUPS = (*range(1, FIFTHS + 1), 0)
"""Deprivation fifths, most deprived first, then all families."""


def _measures(found: dict[str, Array], fifth: int) -> dict[str, Array]:
    """Each measure of one fifth (0: of all families), [R, T+1]."""
    suffix = f"_fifth{fifth}" if fifth else ""

    def at(name: str) -> Array:
        return found[name + suffix][:, :, -1]

    return {
        "need": divide(at("families_in_need"), at("families")),
        "waiting": divide(at("families_waiting"), at("families_in_need")),
        "reached": divide(at("families_reached"), at("families_ever_in_need")),
        "at_fidelity": divide(at("families_reached_at_fidelity"), at("families_ever_in_need")),
        "wellbeing_all": at("wellbeing_all"),
        "wellbeing_reached": at("wellbeing_reached"),
    }


def families(found: dict[str, Array]) -> list[dict[str, Any]]:
    """By deprivation fifth, most deprived first, then all: need, waiting, reach, wellbeing over the months."""
    rows = []
    for fifth in GROUPS:
        measures = _measures(found, fifth)
        count = found["families" + (f"_fifth{fifth}" if fifth else "")]
        rows.append({
            "fifth": fifth,
            "families": int(count[0, 0, -1]),
            "ends": {k: _ends(v[:, -1]) for k, v in measures.items()},
            "curves": {k: curve(v) for k, v in measures.items()},
        })  # fmt: skip
    return rows


def _ends(values: Array) -> list[float | None]:
    known = values[np.isfinite(values)]
    return spread(known) if len(known) else [None] * 3


@dataclass(frozen=True)
class Ends:
    """One arm when the run ends.

    Attributes:
        measures: each measure in every group of `GROUPS`, [R] each.
    """

    measures: dict[str, list[Array]]

    def all(self, name: str) -> Array:
        """A measure of all families, [R]."""
        return self.measures[name][-1]


def family_ends(found: dict[str, Array]) -> Ends:
    """What is compared and said of the families of one arm."""
    groups = [_measures(found, fifth) for fifth in GROUPS]
    return Ends({name: [group[name][:, -1].copy() for group in groups] for name in groups[0]})


def family_gaps(first: Ends, other: Ends) -> dict[str, list[list[float | None]]]:
    """Run by run, the first arm less the other at the end, by measure and group."""
    return {
        name: [_ends(a - b) for a, b in zip(groups, other.measures[name], strict=True)]
        for name, groups in first.measures.items()
    }


def family_words(first: Ends, other: Ends, months: int) -> list[str]:
    """What the pair means for all families, said plainly."""
    gap = float(np.median(first.all("wellbeing_all") - other.all("wellbeing_all")))
    need = [float(np.median(e.all("need"))) for e in (first, other)]
    words = [
        f"After {months_words(months)} {100 * need[0]:.0f} % of all families are in unmet need with the plan, "
        f"and {100 * need[1]:.0f} % with what it is compared with."
    ]
    if abs(gap) < SMALL:
        hardly = f"The whole population hardly moves: mean wellbeing of all families differs by {gap:+.3f} SD."
        words.append(hardly + _why(first, other))
    else:
        words.append(f"Mean wellbeing of all families differs by {gap:+.2f} SD.")
    words.append(
        "These families are invented. The model holds no risk score and predicts nothing for any child, school or "
        "neighbourhood."
    )
    return words


def _why(first: Ends, other: Ends) -> str:
    """Why a mean hardly moves, where it is so: few are in need, or few of them are reached."""

    def under_half(name: str) -> bool:
        return max(float(np.median(e.all(name))) for e in (first, other)) < 0.5

    why = [
        "most families have no unmet need" if under_half("need") else "",
        "most of those ever in need are not reached within this time" if under_half("reached") else "",
    ]
    said = ", and ".join(w for w in why if w)
    return f" {said[0].upper()}{said[1:]}." if said else ""
