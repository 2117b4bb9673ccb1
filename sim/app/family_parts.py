"""Families by deprivation fifth: need, waiting, reach, wellbeing; and what it means for all of them, said plainly."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import ends, spread
from sim.organisation.codes import FIFTHS
from sim.results.compare import Verdict, paired
from sim.results.marked import MARKED, has_mark
from sim.results.measures import BY_FIFTH, FIFTH_NAMES, KNOWN, Measure
from sim.results.words import difference_words, months_words, percent

Array = NDArray[Any]
SMALL = 0.05
"""A difference of mean wellbeing, SD, that hardly moves a population."""
ALL, NOBODY = "all families", "nobody"
GROUPS = (*(f"_fifth{k}" for k in range(1, FIFTHS + 1)), "")
"""Column suffixes of the groups: deprivation fifths, the most deprived first, then all families."""
GROUP_NAMES = (*FIFTH_NAMES, ALL)
WELLBEING, NEED, REACHED = "wellbeing_all", "families_in_need_share", "families_reached_share"


@dataclass(frozen=True)
class Ends:
    """One arm when the run ends.

    Attributes:
        measures: each of BY_FIFTH in every one of GROUPS, [R] each.
        marked: each of BY_FIFTH of all families in the month that is marked within a longer run, [R]; {} in a shorter.
    """

    measures: dict[str, list[Array]]
    marked: dict[str, Array] = field(default_factory=dict)

    def all(self, name: str) -> Array:
        """A measure of all families, [R]."""
        return self.measures[name][-1]


def family_ends(found: dict[str, Array]) -> Ends:
    """What is compared and said of the families of one arm, from the columns of its table."""

    def by_month(name: str, suffix: str) -> Array:
        values: Array = KNOWN[name].values.of(found, suffix=suffix)  # type: ignore[attr-defined]
        return values

    measures = {name: [by_month(name, s)[:, -1].copy() for s in GROUPS] for name in BY_FIFTH}
    if not has_mark(found["families"].shape[1] - 1):
        return Ends(measures)
    return Ends(measures, {name: by_month(name, "")[:, MARKED].copy() for name in BY_FIFTH})


def families(first: Ends, other: Ends) -> list[dict[str, Any]]:
    """A part of the page a measure: both arms and their difference by deprivation fifth, in words and for drawing."""
    marked = [e.marked for e in (first, other)]
    return [
        _part(name, first.measures[name], other.measures[name]) | {"marked": _marked(name, *marked)}
        for name in BY_FIFTH
    ]


def _marked(name: str, first: dict[str, Array], other: dict[str, Array]) -> str:
    """What both plans had by the month that is marked within a longer run; '' in a shorter."""
    if not first or not other:
        return ""
    texts = [_arm(v[name], KNOWN[name].unit)["text"] for v in (first, other)]
    return f"After {months_words(MARKED)}: {texts[0]}, against {texts[1]}."


def _part(name: str, first: list[Array], other: list[Array]) -> dict[str, Any]:
    measure = KNOWN[name]
    rows: list[dict[str, Any]] = []
    for group, a, b in zip(GROUP_NAMES, first, other, strict=True):
        arms = [_arm(v, measure.unit) for v in (a, b)]
        gap = _gap(measure, a, b)
        rows.append({"group": group, "arms": arms, "gap": gap, "apart": _drawn(*ends(a - b))})
    whole = rows[-1]
    texts = [arm["text"] for arm in whole["arms"]]
    return {
        "id": name,
        "title": measure.title,
        "cohort": measure.cohort,
        "rows": rows,
        "finding": f"{ALL.capitalize()}: {texts[0]}, against {texts[1]}; {whole['gap']}.",
    }


def _gap(measure: Measure, first: Array, other: Array) -> str:
    """The difference of one group in the words of every other difference."""
    found = paired(measure, (first, other))
    if found.verdict is Verdict.NO_PAIRS:
        return "there is nobody to compare"
    words = difference_words(found)
    return f"the two {words}" if found.verdict in (Verdict.NOT_APART, Verdict.TRIFLE) else words


def _drawn(*values: float) -> list[float | None]:
    return [None if math.isnan(v) else v for v in values]


def _arm(values: Array, unit: str) -> dict[str, Any]:
    """One group's figures; 'nobody' where the group is empty."""
    known = values[np.isfinite(values)]
    found = spread(known, unit)
    if not len(known):
        return found | {"text": NOBODY, "row": NOBODY}
    return found | {"row": f"{found['text']} ({found['median']})"}


def family_words(first: Ends, other: Ends, months: int) -> list[str]:
    """What the pair means for all families, said plainly."""
    gap = float(np.median(first.all(WELLBEING) - other.all(WELLBEING)))
    need = [percent(float(np.median(e.all(NEED)))) for e in (first, other)]
    words = [
        f"After {months_words(months)} {need[0]} % of all families are in unmet need with the plan, "
        f"and {need[1]} % with what it is compared with."
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
        "most families have no unmet need" if under_half(NEED) else "",
        "most of those ever in need are not reached within this time" if under_half(REACHED) else "",
    ]
    said = ", and ".join(w for w in why if w)
    return f" {said[0].upper()}{said[1:]}." if said else ""
