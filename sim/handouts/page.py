"""What one page says of a plan against another: question, finding, chart, timeline, figures, doubts, decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.counts import counted
from sim.engine.sums import Ensemble
from sim.handouts import drawing, options, words
from sim.handouts.case import Case
from sim.handouts.curves import LEADING
from sim.handouts.table import Table
from sim.handouts.timeline import Bar, bars
from sim.organisation.arrays.compile import in_scope
from sim.results import compare as comparing
from sim.results.marked import at_mark, has_mark
from sim.results.measures import COSTS, HEADLINE_IDS, KNOWN
from sim.results.words import difference_words, often_words, pounds, span, summary_words
from sim.scenarios.differences import differences
from sim.scenarios.doubts import doubts as doubts_of
from sim.version import version

DOUBTS = 3
DECISION = ("We decide to", "Who will do it, and by when", "What we look at first, and when we meet again")
MODEL_DOUBT = (
    "The model misses some published figures. The page Evidence names them: ask which of them bears on this plan."
)
PEOPLE_DOUBT = "Practitioners and families are simulated. Nothing here is about a real person, school or service."


@dataclass(frozen=True)
class Figure:
    """One of the four figures: what it is, the first plan's value, the others' beneath it."""

    label: str
    value: str
    beneath: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """A plan's name, its zones, and what is said where there are none."""

    name: str
    bars: tuple[Bar, ...]
    words: str = ""


@dataclass(frozen=True)
class Page:
    """All that the page and its back say.

    Attributes:
        title: the question.
        place: where, and how large it is.
        finding: a plain finding, a sentence each.
        chart: SVG.
        chart_title: what the chart shows.
        chart_words: the chart for somebody who does not see it.
        timelines: the plans.
        years: how many years the chart and the timelines cover.
        figures: four; none where options stand side by side.
        options: three to five plans side by side, else None.
        doubts: three.
        decision: what is written into the box.
        tables: of the second page.
        command: gives every number again.
        foot: runs, seed, version.
    """

    title: str
    place: str
    finding: tuple[str, ...]
    chart: str
    chart_title: str
    chart_words: str
    timelines: tuple[Timeline, ...]
    years: float
    figures: tuple[Figure, ...]
    doubts: tuple[str, ...]
    tables: tuple[Table, ...]
    command: str
    foot: str
    options: Table | None = None
    decision: tuple[str, ...] = field(default=DECISION)


def of_plans(case: Case, ensembles: Sequence[Ensemble]) -> Page:
    """The page of a first plan against one or more others.

    Args:
        case: plans and place.
        ensembles: their runs, in order.
    """
    lead = KNOWN[LEADING[0]]
    plans = timelines(case, ensembles)
    tall = drawing.height(sum(len(one.bars) for one in plans), len(plans))
    return Page(
        title=words.question(case.names),
        place=place_words(case),
        finding=findings(case, ensembles),
        chart=drawing.chart(ensembles, case.names, lead.id, tall),
        chart_title=lead.axis,
        chart_words=words.finding(ensembles, case.names, lead.id),
        timelines=plans,
        years=case.months / 12,
        figures=figures(case, ensembles) if len(ensembles) < options.LEAST else (),
        options=options.side_by_side(case, ensembles) if len(ensembles) >= options.LEAST else None,
        doubts=doubts(case, ensembles),
        tables=tables(case, ensembles),
        command=case.command,
        foot=foot(case, ensembles),
    )


def timelines(case: Case, ensembles: Sequence[Ensemble]) -> tuple[Timeline, ...]:
    """Every plan's zones; those of a plan that opens the same as the first are not drawn twice."""
    found: list[Timeline] = []
    for name, ensemble in zip(case.names, ensembles, strict=True):
        mine = tuple(bars(ensemble))
        same = bool(found) and mine == found[0].bars
        said = "The same zones as in the first plan." if same else "No zone opens."
        found.append(Timeline(name, () if same else mine, said))
    return tuple(found)


def place_words(case: Case) -> str:
    """The place and its size."""
    o = case.organisation
    return (
        f"{case.place}: {counted(len(o.sites), 'site')}, {counted(len(o.practitioners), 'practitioner')}, "
        f"{counted(len(o.families), 'family', 'families')}"
    )


def findings(case: Case, ensembles: Sequence[Ensemble]) -> tuple[str, ...]:
    """What happens to practitioners and to families, and how sure the order of the plans is."""
    if len(ensembles) >= options.LEAST:
        return options.finding(case, ensembles)
    found = [words.finding(ensembles, case.names, name) for name in LEADING]
    if len(ensembles) == 2:
        first, other = ensembles
        pairs = [comparing.difference(first, other, name) for name in LEADING]
        order = "; ".join(f"{p.measure.words}, {often_words(p)}" for p in pairs)
        found.append(f"The first plan against the second, run by run with the same random numbers: {order}.")
    return tuple(found)


def figures(case: Case, ensembles: Sequence[Ensemble]) -> tuple[Figure, ...]:
    """Four: practice done well, families served, sites, cost a year."""
    found = [_figure(case, ensembles, name) for name in (*LEADING, "sites_full_share")]
    years = max(1.0, case.months / 12)
    yearly = [_yearly(e, years) for e in ensembles]
    beneath = tuple(f"{n}: {y}" for n, y in zip(case.names[1:], yearly[1:], strict=True))
    return (*found, Figure("Cash and released time, a year", yearly[0], beneath))


def _figure(case: Case, ensembles: Sequence[Ensemble], identity: str) -> Figure:
    ranges = [_range(e, identity) for e in ensembles]
    beneath = tuple(f"{n}: {r}" for n, r in zip(case.names[1:], ranges[1:], strict=True))
    return Figure(f"{KNOWN[identity].title}, {KNOWN[identity].cohort}", ranges[0], beneath)


def _range(ensemble: Ensemble, identity: str) -> str:
    s = comparing.summarise(ensemble, identity)
    return s.measure.undefined if s.undefined == 1.0 else span(s.p10, s.p90, s.measure.unit)


def _yearly(ensemble: Ensemble, years: float) -> str:
    s = comparing.summarise(ensemble, "cost_total")
    low, high = pounds(s.p10 / years), pounds(s.p90 / years)
    return low if low == high else f"{low} to {high}"


def doubts(case: Case, ensembles: Sequence[Ensemble]) -> tuple[str, ...]:
    """Three reasons not to take the figures at their word, those of this very question first."""
    found = [*_not_apart(case, ensembles), *case.doubts, *_of_the_plan(case), _width(case, ensembles)]
    found += [] if case.doubts else [MODEL_DOUBT]
    return tuple([*found, PEOPLE_DOUBT][:DOUBTS])


def _not_apart(case: Case, ensembles: Sequence[Ensemble]) -> list[str]:
    """Leading shares in which the first plan and the second cannot be told apart."""
    if len(ensembles) != 2:
        return []
    pairs = [comparing.difference(ensembles[0], ensembles[1], name) for name in LEADING]
    alike = [p.measure.words for p in pairs if p.verdict is not comparing.Verdict.APART]
    return (
        [f"The two cannot be told apart in {' and '.join(alike)}: chance alone could explain the gap."] if alike else []
    )


def _of_the_plan(case: Case) -> list[str]:
    place = in_scope(case.organisation, case.plans[0].scope)
    return doubts_of(case.plans[0], place)[:1]


def _width(case: Case, ensembles: Sequence[Ensemble]) -> str:
    s = comparing.summarise(ensembles[0], LEADING[0])
    return (
        f"The range is wide: 8 runs in 10 give {span(s.p10, s.p90, s.measure.unit)} of practitioners, and 2 in 10 "
        f"lie outside it. Most of that comes from what nobody has measured yet."
    )


def tables(case: Case, ensembles: Sequence[Ensemble]) -> tuple[Table, ...]:
    """Every headline and cost, the state after five years, and what differs between the plans."""
    names = [*HEADLINE_IDS, *(c.id for c in COSTS)]
    two = len(ensembles) == 2
    heads = ("Headline", *case.names, *(["Difference, run by run"] if two else []), "Standing")
    rows = [_row(ensembles, name, two=two) for name in names]
    note = (
        "Range: 8 runs in 10 lie within; median in brackets. Standing: fitted means that the model was "
        "calibrated to it."
    )
    if two:
        note += " Difference: the first plan minus the other, run by run; 8 runs in 10 lie within."
    found = [Table("Headlines and cost", heads, tuple(rows), note)]
    if has_mark(case.months):
        found.append(_half_way(case, ensembles))
    if len(ensembles) >= options.LEAST:
        return (options.ladder(case, ensembles), *found)
    return (*found, *(_ladder(case, k) for k in range(1, len(ensembles))))


def _row(ensembles: Sequence[Ensemble], name: str, *, two: bool) -> tuple[str, ...]:
    sums = [comparing.summarise(e, name) for e in ensembles]
    measure = sums[0].measure
    texts = [measure.undefined if s.undefined == 1.0 else summary_words(s) for s in sums]
    apart = [difference_words(comparing.difference(ensembles[0], ensembles[1], name))] if two else []
    kinds = " / ".join(dict.fromkeys(s.kind for s in sums))
    return (f"{measure.title}, {measure.cohort}", *texts, *apart, kinds)


def _half_way(case: Case, ensembles: Sequence[Ensemble]) -> Table:
    names = [at_mark(name) for name in (*LEADING, "sites_full_share", "practitioners_using_share")]
    rows = [_row(ensembles, name, two=False)[:-1] for name in names]
    return Table("After five years", ("Headline", *case.names), tuple(rows))


def _ladder(case: Case, k: int) -> Table:
    """What plan k has otherwise than the first."""
    found = [d.sentence() for d in differences(case.plans[k], case.plans[0])]
    title = f"What differs: {words.lower_first(case.names[0])} instead of {words.lower_first(case.names[k])}"
    return Table(title, ("What differs",), tuple((one[0].upper() + one[1:],) for one in found or ["Nothing."]))


def foot(case: Case, ensembles: Sequence[Ensemble]) -> str:
    """How the figures were made."""
    runs = counted(ensembles[0].replicates, "run")
    drawn = f"; calibration {case.calibration}" if case.calibration else ""
    return (
        f"{runs} of each plan over {words.years_words(case.months)}, with the same random numbers; "
        f"seed {case.seed}{drawn}. "
        f"Model version {version()}. Simulated, not observed; a range holds 8 runs in 10."
    )
