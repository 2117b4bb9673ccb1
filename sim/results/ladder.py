"""The ladder: from nothing to full teams, rung by rung, and full teams with one feature removed at a time.

With-teams and without-teams differ in a bundle. The ladder takes it apart: the same place, the same ten years, the same
random numbers; what each rung adds to the one below, and what each feature carries, at what cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.results.compare import Difference, Summary, Verdict, difference, summarise
from sim.results.marked import MARKED, at_mark, has_mark
from sim.results.words import difference_words, gap_words, months_words, summary_words
from sim.scenarios.files import load, override

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.results.python_arguments import Options
    from sim.results.study import Answer
    from sim.scenarios.scenario import Scenario

RUNGS = {
    "without-teams": "nothing",
    "train-and-hope": "train and hope",
    "single-lead": "one lead",
    "committee": "a committee",
    "half-the-team": "half the team",
    "with-teams": "full teams",
}
"""Shipped scenarios from the lowest rung to the highest, and what the ladder calls them."""
LOWEST, HIGHEST = "train-and-hope", "with-teams"
FEATURES = {
    "no-coaching": ("coaching", ("coaching",)),
    "no-outside-support": ("outside support", ("external_level",)),
    "no-engaged-leaders": ("engaged leaders", ("engagement_group", "engagement_senior", "engagement_manager")),
    "late-data": ("quick data", ("data_lag_months",)),
    "no-improvement-cycles": ("improvement cycles", ("improvement_cycles",)),
    "no-usability-testing": ("usability testing", ("usability_testing",)),
    "no-feedback": ("feedback on fidelity", ("fidelity_feedback",)),
    "no-handing-on": ("teams that help one another", ("mentoring", "peer_network")),
    "no-protocol": ("communication and alignment", ("communication", "alignment")),
}
"""What full teams have and train-and-hope has not, apart from the teams: scenario's name, words, levers."""
NEED, COST = "need_served_at_fidelity_share", "cost_total"


def scenarios(overrides: Sequence[str] = ()) -> list[Scenario]:
    """The highest rung first, then the others downwards, then the highest without one feature each.

    Args:
        overrides: texts 'lever=value' that hold for all.

    Raises:
        ScenarioError: an override that cannot be.
    """
    low, high = load(LOWEST).lever_values(), load(HIGHEST)
    found = [override(load(name), overrides, "overrides:") for name in reversed(RUNGS)]
    for name, (words, levers) in FEATURES.items():
        without = high.levers | {lever: getattr(low, lever) for lever in levers}
        one = replace(high, name=name, title=f"Full teams without {words}", levers=without)
        found.append(override(one, overrides, "overrides:"))
    return found


@dataclass(frozen=True)
class Step:
    """One rung, or full teams without one feature.

    Attributes:
        name: the scenario's name.
        words: what the ladder calls it.
        marked: need served at fidelity after five years; None in runs that are no longer.
        need: the same at the end.
        cost: cash and released time over the run.
        against: the scenario that it is set against: the rung below, or full teams; '' for the lowest rung.
        adds_need: need served, this one minus `against`, run by run; None for the lowest rung.
        adds_cost: cost likewise.
    """

    name: str
    words: str
    marked: Summary | None
    need: Summary
    cost: Summary
    against: str = ""
    adds_need: Difference | None = None
    adds_cost: Difference | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        parts = {"need_at_5_years": self.marked, "need": self.need, "cost": self.cost}
        adds = {"adds_need": self.adds_need, "adds_cost": self.adds_cost}
        told: dict[str, Any] = {"scenario": self.name, "words": self.words, "against": self.against}
        return told | {name: None if part is None else part.as_dict() for name, part in (parts | adds).items()}


@dataclass(frozen=True)
class Ladder:
    """The result of the ladder.

    Attributes:
        rungs: from the lowest to the highest, each against the one below.
        features: full teams without one feature, each against full teams.
        months: horizon.
        comparison: full teams compared with each of the others, to be saved; None where it was read from runs.
    """

    rungs: tuple[Step, ...]
    features: tuple[Step, ...]
    months: int
    comparison: Answer | None = field(default=None, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {
            "months": self.months,
            "rungs": [step.as_dict() for step in self.rungs],
            "features": [step.as_dict() for step in self.features],
        }

    def __repr__(self) -> str:
        return "\n".join(lines(self))


def ladder(**options: Unpack[Options]) -> Ladder:
    """Run the ladder from Python; options as in `sim.run`.

    Returns:
        The ladder; printing it shows it, `.comparison.save()` keeps its runs.

    Raises:
        ZonesError: as `sim.run`.
    """
    from sim.results.study import ask

    found = ask(scenarios(), "ladder", options)
    return replace(read(found.ensembles), comparison=found)


def read(ensembles: Sequence[Ensemble]) -> Ladder:
    """The ladder from the runs of `scenarios`, in any order."""
    found = {e.scenario.name: e for e in ensembles}
    below = dict(zip(list(RUNGS)[1:], RUNGS, strict=False))
    rungs = tuple(_step(found, name, words, below.get(name, "")) for name, words in RUNGS.items())
    features = tuple(_step(found, name, f"without {words}", HIGHEST) for name, (words, _) in FEATURES.items())
    return Ladder(rungs, features, ensembles[0].months)


def _step(found: Mapping[str, Ensemble], name: str, words: str, against: str) -> Step:
    mine = found[name]
    marked = summarise(mine, at_mark(NEED)) if has_mark(mine.months) else None
    step = Step(name, words, marked, summarise(mine, NEED), summarise(mine, COST), against)
    if not against:
        return step
    other = found[against]
    return replace(step, adds_need=difference(mine, other, NEED), adds_cost=difference(mine, other, COST))


def tables(ladder: Ladder) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Heading, column heads and rows of each table, in words."""
    span = months_words(ladder.months)
    five = [f"after {months_words(MARKED)}"] if has_mark(ladder.months) else []
    for steps, what, verb in (
        (ladder.rungs, "rung", "adds to the rung below"),
        (ladder.features, "full teams", "against full teams"),
    ):
        need = [
            [s.words, *([summary_words(s.marked)] if s.marked else []), summary_words(s.need), _adds(s.adds_need)]
            for s in steps
        ]
        cost = [[s.words, summary_words(s.cost), _adds(s.adds_cost)] for s in steps]
        title = "" if steps is ladder.rungs else ", one feature at a time taken away"
        yield f"Need served at fidelity{title}", [what, *five, f"after {span}", verb], need
        yield f"Cost over {span}, cash and released time{title}", [what, "cost", verb], cost


def _adds(found: Difference | None) -> str:
    if found is None:
        return ""
    return gap_words(found) if found.verdict is Verdict.APART else difference_words(found)


def lines(ladder: Ladder) -> list[str]:
    """The ladder for the screen."""
    found: list[str] = []
    for title, heads, rows in tables(ladder):
        widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
        found += ["", title]
        padded = ([c.ljust(w) for c, w in zip(row, widths, strict=True)] for row in (heads, *rows))
        found += ["  " + "  ".join(cells).rstrip() for cells in padded]
    found += ["", "8 runs in 10 lie within each range; medians in brackets. What is added is taken run by run."]
    return found[1:]


def markdown(ladder: Ladder) -> str:
    """The ladder for a page of documents."""
    found = []
    for title, heads, rows in tables(ladder):
        found += [f"**{title}**", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        found += [*(f"| {' | '.join(row)} |" for row in rows), ""]
    return "\n".join(found)
