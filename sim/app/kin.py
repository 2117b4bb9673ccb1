"""What two plans come to for families, by deprivation fifth, and what is to be said plainly of all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import curve, months_words, spread
from sim.organisation.codes import FIFTHS
from sim.outcomes.series import divide

Array = NDArray[Any]
SMALL = 0.05


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
    for fifth in (*range(1, FIFTHS + 1), 0):
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


def family_gaps(pair: list[dict[str, Array]]) -> dict[str, list[list[float | None]]]:
    """Run by run, the first plan less the other at the end, by measure and fifth (all families last)."""
    ends = [[_measures(found, fifth) for fifth in (*range(1, FIFTHS + 1), 0)] for found in pair]
    return {
        name: [_ends(first[name][:, -1] - other[name][:, -1]) for first, other in zip(*ends, strict=True)]
        for name in ends[0][0]
    }


def family_words(pair: list[dict[str, Array]], months: int) -> list[str]:
    """What the pair means for all families, said plainly."""
    first, other = (c["wellbeing_all"][:, -1, -1] for c in pair)
    gap = float(np.median(first - other))
    need = [np.median(divide(c["families_in_need"], c["families"])[:, -1, -1]) for c in pair]
    words = [
        f"After {months_words(months)} {100 * need[0]:.0f} % of all families are in unmet need in the first "
        f"scenario and {100 * need[1]:.0f} % in the second."
    ]
    if abs(gap) < SMALL:
        words.append(
            f"The whole population hardly moves: mean wellbeing of all families differs by {gap:+.3f} SD."
            + _why(pair, need)
        )
    else:
        words.append(f"Mean wellbeing of all families differs by {gap:+.2f} SD.")
    words.append(
        "These families are invented. The model holds no risk score and predicts nothing for any child, school or "
        "neighbourhood."
    )
    return words


def _why(pair: list[dict[str, Array]], need: list[Any]) -> str:
    """Why a mean hardly moves, where it is so: few are in need, or few of them are reached."""
    reached = [np.median(_measures(found, 0)["reached"][:, -1]) for found in pair]
    why = [
        "most families have no unmet need" if max(need) < 0.5 else "",
        "most of those ever in need are not reached within this time" if max(reached) < 0.5 else "",
    ]
    said = ", and ".join(w for w in why if w)
    return f" {said[0].upper()}{said[1:]}." if said else ""
