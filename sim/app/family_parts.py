"""Families by deprivation fifth: need, waiting, reach, wellbeing; and what it means for all of them, said plainly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import curve, months_words, share
from sim.organisation.codes import FIFTHS
from sim.outcomes.series import divide

Array = NDArray[Any]


def families(found: dict[str, Array]) -> list[dict[str, Any]]:
    """By deprivation fifth, most deprived first, then all: need, waiting, reach, wellbeing over the months."""
    rows = []
    for fifth in (*range(1, FIFTHS + 1), 0):
        suffix = f"_fifth{fifth}" if fifth else ""

        def at(name: str, suffix: str = suffix) -> Array:
            return found[name + suffix][:, :, -1]

        curves = {
            "need": divide(at("families_in_need"), at("families")),
            "waiting": divide(at("families_waiting"), at("families_in_need")),
            "reached": divide(at("families_reached"), at("families_ever_in_need")),
            "at_fidelity": divide(at("families_reached_at_fidelity"), at("families_ever_in_need")),
            "wellbeing_all": at("wellbeing_all"),
            "wellbeing_reached": at("wellbeing_reached"),
        }
        ends = {k: _range(v[:, -1]) for k, v in curves.items()}
        rows.append({"fifth": fifth, "families": int(at("families")[0, 0]), "ends": ends} | {
            "curves": {k: curve(v) for k, v in curves.items()}
        })  # fmt: skip
    return rows


def _range(values: Array) -> list[float | None]:
    known = values[np.isfinite(values)]
    return [share(float(np.quantile(known, q))) for q in (0.1, 0.5, 0.9)] if len(known) else [None] * 3


SMALL = 0.05


@dataclass(frozen=True)
class Ends:
    """All families of one arm when the run ends.

    Attributes:
        wellbeing: mean of all families, SD, [R].
        in_need: share of families in unmet need, [R].
        reached: share reached of families ever in need, [R].
    """

    wellbeing: Array
    in_need: Array
    reached: Array


def family_ends(found: dict[str, Array]) -> Ends:
    """What is said of all families of one arm."""
    in_need = divide(found["families_in_need"][:, -1, -1], found["families"][:, -1, -1])
    reached = divide(found["families_reached"][:, -1, -1], found["families_ever_in_need"][:, -1, -1])
    return Ends(found["wellbeing_all"][:, -1, -1].copy(), in_need, reached)


def _why(first: Ends, other: Ends) -> str:
    """Why it hardly moves, as far as the figures say so."""
    few_in_need = all(np.median(e.in_need) < 0.5 for e in (first, other))
    few_reached = all(np.median(e.reached) < 0.5 for e in (first, other))
    if few_in_need and few_reached:
        return " Most families have no unmet need, and most of those who ever had are not reached within this time."
    return " Most families have no unmet need." if few_in_need else ""


def family_words(first: Ends, other: Ends, months: int) -> list[str]:
    """What the pair means for all families, said plainly."""
    gap = float(np.median(first.wellbeing - other.wellbeing))
    need = [np.median(e.in_need) for e in (first, other)]
    words = [
        f"After {months_words(months)} {100 * need[0]:.0f} % of all families are in unmet need in the first "
        f"scenario and {100 * need[1]:.0f} % in the second."
    ]
    if abs(gap) < SMALL:
        words.append(
            f"The whole population hardly moves: mean wellbeing of all families differs by {gap:+.3f} SD."
            + _why(first, other)
        )
    else:
        words.append(f"Mean wellbeing of all families differs by {gap:+.2f} SD.")
    words.append(
        "These families are invented. The model holds no risk score and predicts nothing for any child, school or "
        "neighbourhood."
    )
    return words
