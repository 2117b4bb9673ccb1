"""Every measure once: what it is called, what it counts, when it has no value, how it is said, how it is read.

Whatever mentions a measure reads it here: the command line, tables, the data dictionary, charts, findings, pages,
stories, briefings, links, sweeps and the evidence. `id@month` reads the state in one month instead of at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim import posterior
from sim.engine.by_site import MOST
from sim.errors import ScenarioError, UnknownName
from sim.organisation.codes import FIFTHS
from sim.results import readers
from sim.results.leavers import leavers
from sim.results.readers import Published, Ratio, Values
from sim.rules.family import UNITS_PER_SD
from sim.scenarios.files import BY_HAND

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

SHARE, MONTHS, POUNDS, PEOPLE, SD = "share", "months", "GBP", "people", "SD"
HEADLINE, FIFTH, FAMILY, ABANDONED, COST, SHOWN = "headline", "fifth", "family", "abandonment", "cost", "shown"
MEANS = "means"
"""Where a measure belongs: tables and `--json` hold all but SHOWN, which pages, charts and the evidence use."""

FITTED = {
    ("certified_36_share", "with-teams"): ("as-cited", range(40, 73)),
    ("practitioners_using_share", "without-teams"): ("", range(204, 205)),
}
"""Measure and scenario that calibration aims at: the calibration that does ('' both), and the months at which the
figure is the one aimed at (C1 only while the first zone alone has been started for 36 months; C2 at 17 years)."""


@dataclass(frozen=True)
class Mark:
    """A published figure that is drawn on a measure's chart.

    Attributes:
        at: its value.
        words: what is written beside it.
        month: the month it belongs to, None: all.
    """

    at: float
    words: str
    month: int | None = None


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes:
        id: its stable name.
        words: a few plain words.
        unit: SHARE, MONTHS, POUNDS, PEOPLE or SD.
        cohort: what is counted, and among which people.
        undefined: why a run may have no value.
        values: ensemble and month to one value for each replicate [R]; a reader with `over_months` can be charted.
        group: HEADLINE, FIFTH, FAMILY, ABANDONED, COST, MEANS or SHOWN.
        sentence: how it is said after a figure: '30 to 40 % ' + sentence.
        axis: the heading of a chart of it; '' where `words` and `cohort` are used.
        beneath: its name in a list below the row of the whole; '' where it is shown by itself.
        where_it_occurs: shown only where some run of some scenario has it at all.
        mark: a published figure on its chart.
        origin: what month 0 of its chart is.
        finding: measure whose figures the finding above its chart gives; '' itself.
    """

    id: str
    words: str
    unit: str
    cohort: str
    undefined: str
    values: Callable[[Ensemble, int], Values]
    group: str = HEADLINE
    sentence: str = ""
    axis: str = ""
    beneath: str = ""
    where_it_occurs: bool = False
    mark: Mark | None = None
    origin: str = "start"
    finding: str = ""

    @property
    def title(self) -> str:
        """Its words as a heading."""
        return self.words[0].upper() + self.words[1:]

    @property
    def row(self) -> str:
        """Its name in a list of measures."""
        return f"... {self.beneath}" if self.beneath else self.words

    @property
    def told_by(self) -> str:
        """Id of the measure whose figures the finding above its chart gives."""
        return self.finding or self.id


_NOBODY = "no family in need in scope"
_NO_SITE = "no site has started"
_SERVED = ("families_reached_at_fidelity", "families_ever_in_need")
_FIFTH_WORDS = {0: " (most)", FIFTHS - 1: " (least)"}
FIFTH_NAMES = ("most deprived", "second fifth", "third fifth", "fourth fifth", "least deprived")

_HEADLINES = (
    Measure(
        "sites_full_share", "sites in full implementation", SHARE, "of sites in scope", "no site in scope",
        Ratio("sites_full", "sites"),
        sentence="of sites are in full implementation", axis="Sites in full implementation, of all sites",
    ),
    Measure(
        "certified_36_share", "certified 36 months on", SHARE,
        "of started sites, each 36 months after its own start", _NO_SITE, readers.certified_at_36,
        sentence="of started sites are certified 36 months after their own start",
    ),
    Measure(
        "months_to_80", "months until 80 % certified", MONTHS, "started sites, each from its own start", _NO_SITE,
        readers.months_to_most,
        sentence="until 80 % of started sites are certified, each from its own start",
    ),
    Measure(
        "practitioners_using_share", "practitioners using it", SHARE, "of practitioners in scope",
        "no practitioner in scope", Ratio("practitioners_using", "practitioners"),
        sentence="of practitioners use the practice", axis="Practitioners using the practice, of all practitioners",
        mark=Mark(0.14, "14 % at year 17 (published)", 204),
    ),
    Measure(
        "need_served_at_fidelity_share", "need served at fidelity", SHARE, "of families ever in need", _NOBODY,
        Ratio(*_SERVED),
        sentence="of families in need are served at fidelity",
        axis="Families served with the practice at fidelity, of all families ever in need",
    ),
    Measure(
        "kept_5y_share", "kept 5 years after support", SHARE, "of sites certified when external support ended",
        "external support did not end, or no site was certified then", readers.kept,
        sentence="of sites certified when support ended are certified five years later",
    ),
    Measure(
        "cost_per_family_at_fidelity", "cost of a family at fidelity", POUNDS,
        "cash and released time, over families reached at fidelity", "no family reached at fidelity",
        readers.cost_per_family, sentence="for each family reached at fidelity",
    ),
)  # fmt: skip
_FIFTHS = tuple(
    Measure(
        f"need_served_at_fidelity_share_fifth{k + 1}",
        f"need served at fidelity, deprivation fifth {k + 1}{_FIFTH_WORDS.get(k, '')}", SHARE,
        f"of families ever in need in deprivation fifth {k + 1}", _NOBODY, Ratio(*_SERVED, fifth=k), FIFTH,
        beneath=f"deprivation fifth {k + 1}{_FIFTH_WORDS.get(k, '')}",
    )
    for k in range(FIFTHS)
)  # fmt: skip
_FAMILIES = (
    Measure(
        "families_reached_share", "families reached", SHARE,
        "of families ever in need; served at least a month, at fidelity or not", _NOBODY,
        Ratio("families_reached", "families_ever_in_need"), FAMILY,
    ),
    Measure(
        "family_gain", "gain of families", SD, "wellbeing that service brought, for 100 families ever in need",
        _NOBODY, Ratio("benefit", "families_ever_in_need", scale=100.0 / UNITS_PER_SD), FAMILY,
    ),
    Measure(
        "gave_up_waiting_share", "families who gave up waiting", SHARE,
        "of families ever in need; because there was no place in support", _NOBODY,
        Ratio("families_gave_up_waiting", "families_ever_in_need"), FAMILY, where_it_occurs=True,
    ),
    Measure(
        "identified_wrongly_share", "families identified wrongly", SHARE,
        "of families ever in scope; taken to be in need at some time without being so", "no family in scope",
        Ratio("families_identified_wrongly", "families_ever"), FAMILY, where_it_occurs=True,
    ),
)  # fmt: skip
_ABANDONMENT = (
    Measure(
        "practitioners_stopped", "practitioners who stopped", PEOPLE,
        "in post, have used the practice and no longer do", "", readers.count("practitioners_stopped"), ABANDONED,
    ),
    Measure(
        "practitioners_below_fidelity", "practitioners below fidelity", PEOPLE,
        "use the practice with true fidelity below the criterion", "", readers.below_fidelity, ABANDONED,
    ),
)  # fmt: skip
_COSTS = (
    Measure(
        "cost_total", "cost, cash and released time", POUNDS, "over the whole run", "",
        readers.cost("cost_cash", "cost_released_time"), COST,
    ),
    Measure(
        "cost_cash", "cost in cash", POUNDS, "over the whole run", "", readers.cost("cost_cash"), COST,
        beneath="in cash",
    ),
    Measure(
        "cost_released_time", "cost in released time", POUNDS, "over the whole run", "",
        readers.cost("cost_released_time"), COST, beneath="in released time",
    ),
)  # fmt: skip
_MEANS = (
    Measure(
        "budget_short_share", "months in which the budget fell short", SHARE, "of months so far", "before month 1",
        readers.budget_short, MEANS,
    ),
)  # fmt: skip
_ON_PAGES = (
    Measure(
        "practitioners_at_fidelity_share", "practitioners using it well", SHARE,
        "of practitioners in scope, with at least the criterion's fidelity", "no practitioner in scope",
        Ratio("practitioners_at_fidelity", "practitioners"), SHOWN,
        sentence="of practitioners use the practice at fidelity",
        axis="Practitioners using the practice at fidelity, of all practitioners",
    ),
    Measure(
        "certified_by_age_share", "started sites certified, by months since their own start", SHARE,
        "of the sites that have started and have been seen that long", _NO_SITE, readers.ByAge(), SHOWN,
        mark=Mark(MOST, "80 % mark"), origin="own start", finding="months_to_80",
    ),
    Measure(
        "families_in_need_share", "in unmet need at the end", SHARE, "share of all families", "no family in scope",
        Ratio("families_in_need", "families"), SHOWN,
    ),
    Measure(
        "families_waiting_share", "identified and waiting at the end", SHARE, "share of families in need",
        "no family in need", Ratio("families_waiting", "families_in_need"), SHOWN,
    ),
    Measure(
        "wellbeing_all", "wellbeing of all families", SD,
        "mean, in standard deviations (SD); 0 means no unmet need and no benefit", "no family in scope",
        Published("wellbeing_all"), SHOWN,
    ),
    Measure(
        "wellbeing_reached", "wellbeing of families reached", SD, "mean, in standard deviations (SD)",
        "no family reached", Published("wellbeing_reached"), SHOWN,
    ),
    Measure(
        "capacity_local", "capacity of local teams", SHARE, "of full capacity in local teams", "no local team",
        Published("capacity_local_mean"), SHOWN, sentence="of full capacity in local teams",
    ),
    Measure(
        "fidelity", "fidelity of those using it", SHARE, "of core components, mean of practitioners who use it",
        "nobody uses it", Published("fidelity_mean"), SHOWN,
    ),
    Measure(
        "capacity_core", "capacity of the core team", SHARE, "of full capacity", "no core team",
        Published("capacity_core"), SHOWN,
    ),
    Measure(
        "delivered_share", "mean delivered share of core components", SHARE, "over all staff",
        "no practitioner in scope", readers.delivered, SHOWN,
    ),
    Measure(
        "practitioners_trained_share", "practitioners trained", SHARE, "of practitioners in scope",
        "no practitioner in scope", Ratio("practitioners_trained", "practitioners"), SHOWN,
        sentence="of practitioners are trained", axis="Practitioners trained, of all practitioners",
    ),
    Measure(
        "sites_started_share", "sites that have started", SHARE, "of sites in scope", "no site in scope",
        Ratio("sites_started", "sites"), SHOWN, sentence="of sites have started",
        axis="Sites that have started, of all sites",
    ),
    Measure(
        "sites_certified_share", "sites certified", SHARE, "of sites in scope", "no site in scope",
        Ratio("sites_certified", "sites"), SHOWN, sentence="of sites are certified",
        axis="Sites certified now, of all sites",
    ),
    Measure(
        "families_identified", "families whose need is known", PEOPLE, "families in need now, known to a practitioner",
        "", Published("families_identified"), SHOWN, sentence="families have a need that is known",
    ),
    Measure(
        "families_reached", "families served so far", PEOPLE, "served at least a month so far, each family once",
        "", Published("families_reached"), SHOWN, sentence="families have been served",
    ),
    Measure(
        "practitioners_left", "staff who have left", PEOPLE, "left their posts since month 0, as expected from "
        "turnover", "", leavers, SHOWN, sentence="members of staff have left their posts",
    ),
)  # fmt: skip
MEASURES = (*_HEADLINES, *_FIFTHS, *_FAMILIES, *_ABANDONMENT, *_COSTS, *_MEANS, *_ON_PAGES)
BY_ID = {m.id: m for m in MEASURES if m.group != SHOWN}
"""What may be asked for by name on the command line, in sweeps and from Python."""
KNOWN = {m.id: m for m in MEASURES}

HEADLINES, FIFTHS_SERVED, FAMILIES, ABANDONMENT, COSTS = (
    tuple(m for m in MEASURES if m.group == group) for group in (HEADLINE, FIFTH, FAMILY, ABANDONED, COST)
)
HEADLINE_IDS = tuple(m.id for m in HEADLINES)
CHARTED = ("practitioners_using_share", "practitioners_at_fidelity_share", "sites_full_share",
           "need_served_at_fidelity_share", "certified_by_age_share")  # fmt: skip
"""What the pages chart month by month, in their order; the first is what a page opens with."""
CARDS = ("practitioners_using_share", "sites_full_share", "need_served_at_fidelity_share", "months_to_80")
"""What the pages show first, as cards."""
BY_FIFTH = ("families_in_need_share", "families_waiting_share", "families_reached_share",
            "need_served_at_fidelity_share", "wellbeing_all", "wellbeing_reached")  # fmt: skip
"""What the pages show of families, by deprivation fifth."""
BY_ZONE = ("capacity_local", "practitioners_using_share", "fidelity", "sites_full_share", "families_reached_share")
"""What the pages show of a zone."""
SEEN_FIRST = ("capacity_local", "practitioners_using_share", "sites_full_share")
"""What one would see first of a zone."""


def measure_of(name: str) -> Measure:
    """The measure of `id` or `id@month`."""
    return KNOWN[name.partition("@")[0]]


def in_words(name: str) -> str:
    """`id` or `id@month` in words: 'need served at fidelity in month 36'."""
    month = name.partition("@")[2]
    return measure_of(name).words + (f" in month {month}" if month else "")


def read(ensemble: Ensemble, name: str) -> tuple[Measure, int, Values]:
    """A measure of one ensemble.

    Args:
        ensemble: raw results of one scenario.
        name: `id` or `id@month`.

    Returns:
        The measure, the month it was read at, its value in every replicate [R]: a number, BEYOND (the horizon hides
        the answer) or NaN (there is nothing to divide by).

    Raises:
        UnknownName: no such measure.
        ScenarioError: the month is not one of the run's.
    """
    identity, at, month_text = name.partition("@")
    if identity not in KNOWN:
        raise UnknownName("headlines", "headline", identity, BY_ID)
    month = ensemble.months
    if at:
        if not month_text.isdecimal() or int(month_text) > ensemble.months:
            raise ScenarioError(
                f"{name}: the month must be a whole number in [0, {ensemble.months}]; got {month_text!r}."
            )
        month = int(month_text)
    measure = KNOWN[identity]
    return measure, month, measure.values(ensemble, month)


def standing(identity: str, ensemble: Ensemble, month: int | None = None) -> str:
    """'fitted' where the run is the one that calibration aims at, else 'predicted'.

    Args:
        identity: the measure.
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


def of_families(ensembles: Iterable[Ensemble]) -> tuple[Measure, ...]:
    """What is shown of families beside the headlines, without what occurs in no run."""
    runs = tuple(ensembles)
    return tuple(
        x
        for x in FAMILIES
        if not x.where_it_occurs or any(np.nanmax(x.values(e, e.months), initial=0.0) > 0 for e in runs)
    )


def of_means(ensembles: Iterable[Ensemble]) -> tuple[Measure, ...]:
    """What is reported of budgets: nothing where no scenario has one."""
    return tuple(x for x in MEASURES if x.group == MEANS) if any(e.scenario.budget.limited for e in ensembles) else ()


def with_fifths(headlines: Iterable[Measure] = HEADLINES) -> tuple[Measure, ...]:
    """Headlines with need served by deprivation fifth after the whole."""
    more = {"need_served_at_fidelity_share": FIFTHS_SERVED}
    return tuple(found for headline in headlines for found in (headline, *more.get(headline.id, ())))
