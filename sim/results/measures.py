"""The seven headlines, and beside them families, abandonment and cost: what each means, its value in every replicate.

A value is a number, `BEYOND` (the horizon hides the answer) or NaN (there is nothing to divide by). All are read for
the whole area; `id@month` reads the state at one month instead of at the end of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim import posterior
from sim.engine.sums import COUNTS, FAMILY, SUMS
from sim.errors import ScenarioError, UnknownName
from sim.organisation.codes import FIFTHS
from sim.results.series import divide
from sim.rules.family import UNITS_PER_SD
from sim.scenarios.files import BY_HAND

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

Values = NDArray[np.float64]

BEYOND = np.inf
SHARE, MONTHS, POUNDS, PEOPLE, SD = "share", "months", "GBP", "people", "SD"
CERTIFICATION_MONTHS = 36
MOST = 0.8
KEPT_MONTHS = 60

FITTED = {
    ("certified_36_share", "with-teams"): ("as-cited", range(40, 73)),
    ("practitioners_using_share", "without-teams"): ("", range(204, 205)),
}
"""Headline and scenario that calibration aims at: the calibration that does ('' both), and the months at which the
figure is the one aimed at (C1 only while the first zone alone has been started for 36 months; C2 at 17 years)."""


@dataclass(frozen=True)
class Headline:
    """One headline.

    Attributes:
        id: its stable name.
        words: a few plain words.
        unit: SHARE, MONTHS, POUNDS, PEOPLE or SD.
        cohort: what is counted, among whom.
        undefined: why a run may have no value.
        values: ensemble and month to one value a replicate [R].
        where_it_occurs: told only where some run of some scenario has it at all.
    """

    id: str
    words: str
    unit: str
    cohort: str
    undefined: str
    values: Callable[[Ensemble, int], Values]
    where_it_occurs: bool = False


def _count(ensemble: Ensemble, name: str, month: int) -> Values:
    return np.asarray(ensemble.counts[:, month, :, COUNTS.index(name)].sum(axis=1), np.float64)


def _family(ensemble: Ensemble, name: str, month: int, fifth: int | None = None) -> Values:
    part = ensemble.family[:, month, :, :, FAMILY.index(name)].sum(axis=1)
    return np.asarray(part.sum(axis=1) if fifth is None else part[:, fifth], np.float64)


def _sites_full(ensemble: Ensemble, month: int) -> Values:
    return divide(_count(ensemble, "sites_full", month), _count(ensemble, "sites", month))


def _certified_36(ensemble: Ensemble, month: int) -> Values:
    started = ensemble.site_month[:, :, 0]
    seen = (ensemble.certified_at_36 >= 0) & (started >= 0) & (started + CERTIFICATION_MONTHS <= month)
    share = divide((seen & (ensemble.certified_at_36 == 1)).sum(axis=1), seen.sum(axis=1))
    hidden = np.isnan(share) & ((started >= 0) & (started <= month)).any(axis=1)
    return np.where(hidden, BEYOND, share)


def cohort_counts(ensemble: Ensemble, month: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Started sites, by months since their own start, as known at a month.

    Returns:
        Those seen t months or longer that were certified within t, and all those seen that long, [R, month + 1] each.
    """
    started, certified = ensemble.site_month[:, :, 0], ensemble.site_month[:, :, 3]
    there = (started >= 0) & (started <= month)
    done = there & (certified >= 0) & (certified <= month)

    def ending(which: NDArray[np.bool_], at: NDArray[np.int32]) -> NDArray[np.int64]:
        run, site = np.nonzero(which)
        cell = run * (month + 1) + at[run, site]
        return np.bincount(cell, minlength=len(at) * (month + 1)).reshape(len(at), month + 1)

    seen = ending(there, month - started)
    whole = seen[:, ::-1].cumsum(axis=1)[:, ::-1]
    gone = ending(done, month - started)
    part = ending(done, certified - started).cumsum(axis=1) - (gone.cumsum(axis=1) - gone)
    return part, whole


def _months_to_80(ensemble: Ensemble, month: int) -> Values:
    """Smallest t such that at least 80 % of the started sites observed t months or longer were certified within t."""
    part, whole = cohort_counts(ensemble, month)
    enough = divide(part, whole) >= MOST
    found = np.where(whole[:, 0] > 0, BEYOND, np.nan)
    return np.where(enough.any(axis=1), enough.argmax(axis=1).astype(np.float64), found)


def _using(ensemble: Ensemble, month: int) -> Values:
    return divide(_count(ensemble, "practitioners_using", month), _count(ensemble, "practitioners", month))


def _served(fifth: int | None) -> Callable[[Ensemble, int], Values]:
    def values(ensemble: Ensemble, month: int) -> Values:
        reached = _family(ensemble, "families_reached_at_fidelity", month, fifth)
        return divide(reached, _family(ensemble, "families_ever_in_need", month, fifth))

    return values


def _of_families(name: str, whole: str, unit: float = 1.0) -> Callable[[Ensemble, int], Values]:
    def values(ensemble: Ensemble, month: int) -> Values:
        return divide(unit * _family(ensemble, name, month), _family(ensemble, whole, month))

    return values


def _kept(ensemble: Ensemble, month: int) -> Values:
    """Known only at the end of the run: earlier months see what support's end plus five years allows, or nothing."""
    known = ensemble.kept >= 0
    share = divide((ensemble.kept == 1).sum(axis=1), known.sum(axis=1))
    hidden = (ensemble.kept == -2).any(axis=1) | (known.any(axis=1) & (month < ensemble.months))
    return np.where(hidden, BEYOND, share)


def _cost(*parts: str) -> Callable[[Ensemble, int], Values]:
    def values(ensemble: Ensemble, month: int) -> Values:
        columns = [SUMS.index(part) for part in parts]
        return np.asarray(ensemble.sums[:, month, :, columns].sum(axis=(0, 2)))

    return values


def _cost_per_family(ensemble: Ensemble, month: int) -> Values:
    return divide(
        _cost("cost_cash", "cost_released_time")(ensemble, month),
        _family(ensemble, "families_reached_at_fidelity", month),
    )


def _stopped(ensemble: Ensemble, month: int) -> Values:
    return _count(ensemble, "practitioners_stopped", month)


def _below(ensemble: Ensemble, month: int) -> Values:
    return _count(ensemble, "practitioners_using", month) - _count(ensemble, "practitioners_at_fidelity", month)


_NOBODY = "no family in need in scope"
HEADLINES = (
    Headline(
        "sites_full_share", "sites in full implementation", SHARE, "of sites in scope", "no site in scope", _sites_full
    ),
    Headline(
        "certified_36_share",
        "certified 36 months on",
        SHARE,
        "of started sites, each 36 months after its own start",
        "no site has started",
        _certified_36,
    ),
    Headline(
        "months_to_80",
        "months until 80 % certified",
        MONTHS,
        "started sites, each from its own start",
        "no site has started",
        _months_to_80,
    ),
    Headline(
        "practitioners_using_share",
        "practitioners using it",
        SHARE,
        "of practitioners in scope",
        "no practitioner in scope",
        _using,
    ),
    Headline(
        "need_served_at_fidelity_share",
        "need served at fidelity",
        SHARE,
        "of families ever in need",
        _NOBODY,
        _served(None),
    ),
    Headline(
        "kept_5y_share",
        "kept 5 years after support",
        SHARE,
        "of sites certified when external support ended",
        "external support did not end, or no site was certified then",
        _kept,
    ),
    Headline(
        "cost_per_family_at_fidelity",
        "cost of a family at fidelity",
        POUNDS,
        "cash and released time, over families reached at fidelity",
        "no family reached at fidelity",
        _cost_per_family,
    ),
)
FIFTHS_SERVED = tuple(
    Headline(
        f"need_served_at_fidelity_share_fifth{k + 1}",
        f"... deprivation fifth {k + 1}" + {0: " (most)", FIFTHS - 1: " (least)"}.get(k, ""),
        SHARE,
        f"of families ever in need in deprivation fifth {k + 1}",
        _NOBODY,
        _served(k),
    )
    for k in range(FIFTHS)
)
FAMILIES = (
    Headline(
        "families_reached_share",
        "families reached",
        SHARE,
        "of families ever in need; served at least a month, at fidelity or not",
        _NOBODY,
        _of_families("families_reached", "families_ever_in_need"),
    ),
    Headline(
        "family_gain",
        "gain of families",
        SD,
        "wellbeing that service brought, for 100 families ever in need",
        _NOBODY,
        _of_families("benefit", "families_ever_in_need", 100.0 / UNITS_PER_SD),
    ),
    Headline(
        "gave_up_waiting_share",
        "families who gave up waiting",
        SHARE,
        "of families ever in need; for want of a place in support",
        _NOBODY,
        _of_families("families_gave_up_waiting", "families_ever_in_need"),
        where_it_occurs=True,
    ),
    Headline(
        "identified_wrongly_share",
        "families identified wrongly",
        SHARE,
        "of families in scope; taken to be in need at some time without being so",
        "no family in scope",
        _of_families("families_identified_wrongly", "families"),
        where_it_occurs=True,
    ),
)
ABANDONMENT = (
    Headline(
        "practitioners_stopped",
        "practitioners who stopped",
        PEOPLE,
        "in post, have used the practice and no longer do",
        "",
        _stopped,
    ),
    Headline(
        "practitioners_below_fidelity",
        "practitioners below fidelity",
        PEOPLE,
        "use the practice with true fidelity below the criterion",
        "",
        _below,
    ),
)
COSTS = (
    Headline(
        "cost_total",
        "cost, cash and released time",
        POUNDS,
        "over the whole run",
        "",
        _cost("cost_cash", "cost_released_time"),
    ),
    Headline("cost_cash", "... in cash", POUNDS, "over the whole run", "", _cost("cost_cash")),
    Headline(
        "cost_released_time", "... in released time", POUNDS, "over the whole run", "", _cost("cost_released_time")
    ),
)
ALL_HEADLINES = HEADLINES + FIFTHS_SERVED + FAMILIES + ABANDONMENT + COSTS
BY_ID = {h.id: h for h in ALL_HEADLINES}


def read(ensemble: Ensemble, name: str) -> tuple[Headline, int, Values]:
    """A headline of one ensemble.

    Args:
        ensemble: raw results of one scenario.
        name: `id` or `id@month`.

    Returns:
        The headline, the month it was read at, its value in every replicate [R].

    Raises:
        UnknownName: no such headline.
        ScenarioError: the month is not one of the run's.
    """
    identity, at, month_text = name.partition("@")
    if identity not in BY_ID:
        raise UnknownName("headlines", "headline", identity, BY_ID)
    month = ensemble.months
    if at:
        if not month_text.isdecimal() or int(month_text) > ensemble.months:
            raise ScenarioError(
                f"{name}: the month must be a whole number in [0, {ensemble.months}]; got {month_text!r}."
            )
        month = int(month_text)
    headline = BY_ID[identity]
    return headline, month, headline.values(ensemble, month)


def kind(identity: str, ensemble: Ensemble, month: int | None = None) -> str:
    """'fitted' where the run is the one that calibration aims at, else 'predicted'.

    Args:
        identity: the headline.
        ensemble: its run.
        month: read at this month; None: the end.
    """
    calibration, months = FITTED.get((identity, ensemble.scenario.name), ("", range(0)))
    at = ensemble.months if month is None else month
    drawn = bool((ensemble.rows >= 0).any()) and not ensemble.scenario.parameters
    by_hand = BY_HAND in ensemble.scenario.notes.values()
    if not drawn or by_hand or at not in months or ensemble.organisation.digest != _default_area():
        return "predicted"
    others = [n for n in posterior.NAMES if calibration not in ("", n)]
    return "predicted" if any(ensemble.sample == posterior.load(n).rows for n in others) else "fitted"


@cache
def _default_area() -> str:
    """Digest of the area that calibration used."""
    from sim.organisation.generate.synthetic import generate

    return generate({}).digest


def told(ensembles: Iterable[Ensemble]) -> tuple[Headline, ...]:
    """What is told of families beside the headlines: what does not occur in any run is left out."""
    runs = tuple(ensembles)
    return tuple(
        x
        for x in FAMILIES
        if not x.where_it_occurs or any(np.nanmax(x.values(e, e.months), initial=0.0) > 0 for e in runs)
    )


def with_fifths(headlines: Iterable[Headline] = HEADLINES) -> tuple[Headline, ...]:
    """Headlines with need served by deprivation fifth after the whole."""
    found: list[Headline] = []
    for headline in headlines:
        found.append(headline)
        if headline.id == "need_served_at_fidelity_share":
            found.extend(FIFTHS_SERVED)
    return tuple(found)
