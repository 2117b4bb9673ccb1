"""The system around the teams in plain sentences: one for each mechanism that a scenario uses."""

from __future__ import annotations

from collections.abc import Iterator

from sim.counts import counted
from sim.levers import NO_LIMIT, Levers
from sim.organisation.codes import AGENCIES
from sim.scenarios.scenario import Scenario
from sim.scenarios.words import listed, number

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def surroundings(scenario: Scenario) -> list[str]:
    """A sentence for each mechanism around the teams that the scenario uses, at its start or by an event."""
    states = [scenario.lever_values()]
    for event in scenario.events:
        states.append(states[-1]._replace(**event.levers))
    telling = (_relationships, _leaders, _joint, _initiatives, _supports, _data, _mapping, _teams, _rules, _year, _help)
    return [sentence for tell in telling for sentence in tell(scenario, states)]


def _most(states: list[Levers], name: str) -> float:
    """The lever's value at the start, or where that is neutral the furthest from 0 that an event gives it."""
    values = [float(getattr(levers, name)) for levers in states]
    return values[0] if values[0] != 0.0 else max(values, key=abs)


def _share(value: float) -> str:
    return f"{number(round(100.0 * value, 10))} %"


def _relationships(_: Scenario, states: list[Levers]) -> Iterator[str]:
    weight = _most(states, "relationships")
    if weight > 0:
        partner = _most(states, "neutral_partner")
        helped = f"; a neutral partner ({number(partner)}) helps such barriers to surface" if partner > 0 else ""
        yield (
            f"Relationships between agencies begin at {number(states[0].relationship_start)}, grow with contact "
            f"and suffer "
            f"when senior leaders leave; {_share(weight)} of the advice of partners and of the barriers that need "
            f"every agency depend on them{helped}."
        )
    terms = _most(states, "terms_of_reference")
    if terms > 0:
        yield (
            f"The core team works to terms of reference ({number(terms)}): sites install faster and less "
            f"attention is wasted."
        )


def _leaders(_: Scenario, states: list[Levers]) -> Iterator[str]:
    dissatisfied, champions = _most(states, "dissatisfaction"), _most(states, "champions")
    if dissatisfied > 0:
        yield (
            f"Leaders are not satisfied with what has been achieved ({number(dissatisfied)}), so that "
            f"engagement counts for "
            "more until results are visible."
        )
    if champions > 0:
        yield f"Champions speak for the practice: peers' example counts {number(1.0 + champions)} times."


def _joint(_: Scenario, states: list[Levers]) -> Iterator[str]:
    joint = _most(states, "joint_share")
    if joint > 0:
        yield (
            f"{_share(joint)} of the design's components are joint practice: they are delivered only as well as "
            f"the best "
            "trained partner in another agency can."
        )


def _initiatives(scenario: Scenario, states: list[Levers]) -> Iterator[str]:
    for initiative in scenario.initiatives:
        yield f"{initiative.sentence()} {initiative.note}".rstrip()
    work, funding = _most(states, "alignment_work"), _most(states, "funding")
    if work > 0:
        yield f"The core team works on alignment with other initiatives ({number(work)}), as far as it has capacity."
    if funding != 0:
        kind, what = (
            ("collective", "draws initiatives together") if funding > 0 else ("competitive", "pulls them apart")
        )
        yield f"Funding is {kind} ({number(abs(funding))}) and {what}."


def _supports(_: Scenario, states: list[Levers]) -> Iterator[str]:
    places = min(levers.support_places for levers in states)
    if places < NO_LIMIT:
        community = _most(states, "community_places")
        added = f", and community partners add {number(community)}" if community > 0 else ""
        yield (
            f"There are {number(places)} places in support for 100 families in need{added}; identified families "
            f"wait for "
            "a place and may give up."
        )
    wrong = _most(states, "misidentification")
    if wrong > 0:
        yield f"Families without need are identified wrongly, {_share(wrong)} as easily as those with need."


def _data(_: Scenario, states: list[Levers]) -> Iterator[str]:
    covered = int(min(levers.data_agencies for levers in states))
    if covered < len(AGENCIES):
        yield f"The data system covers {listed(AGENCIES[:covered])} only; the others live on late council reporting."
    burden, judgement = _most(states, "data_burden"), _most(states, "data_judgement")
    if burden > 0:
        yield f"Collecting data takes time ({number(burden)}) and is therefore incomplete."
    if judgement > 0:
        yield f"Data serve judgement ({number(judgement)}): less is learned, and reports look better than they should."


def _mapping(_: Scenario, states: list[Levers]) -> Iterator[str]:
    mapping, linkage = _most(states, "data_mapping"), _most(states, "data_linkage")
    if mapping > 0:
        yield f"Partners map their data together while sites explore ({number(mapping)}), which exposes gaps in time."
    if linkage > 0:
        yield f"Data are linked ({number(linkage)}): service lost elsewhere is seen, and mended in part."


def _teams(_: Scenario, states: list[Levers]) -> Iterator[str]:
    posts, backfill = _most(states, "new_posts"), _most(states, "backfill")
    if posts > 0:
        yield f"{_share(posts)} of the teams' time are new posts: they cost cash and need nobody's permission."
    missed = _most(states, "displacement")
    if missed > 0:
        stand_in = f"; {_share(backfill)} of it is backfilled, for cash" if backfill > 0 else ""
        hours = counted(1, "hour") if missed == 1 else f"{number(missed)} hours"
        yield f"Each hour released to a local team costs its site {hours} of service to families{stand_in}."
    elif backfill > 0:
        yield f"{_share(backfill)} of released time is backfilled, for cash."


def _rules(_: Scenario, states: list[Levers]) -> Iterator[str]:
    kinds = {int(levers.relaxed_rules) for levers in states}
    if 1 in kinds:
        yield "Relaxed rules depend on the leader who permitted them and lapse when that leader leaves."
    if 2 in kinds:
        yield "Relaxed rules are made policy and no longer depend on anybody's commitment."


def _year(_: Scenario, states: list[Levers]) -> Iterator[str]:
    year, squeeze = _most(states, "school_year"), _most(states, "budget_squeeze")
    if year > 0:
        yield (
            f"The school year counts ({number(year)}): holidays pause schools' improvement cycles and their "
            f"staff leave in "
            f"August; month 0 is a {MONTHS[int(states[0].start_month) - 1]}."
        )
    if squeeze > 0:
        yield f"From January until budgets turn in April, {_share(squeeze)} of the released time is not available."


def _help(_: Scenario, states: list[Levers]) -> Iterator[str]:
    budgets = [levers.budget for levers in states]
    if max(budgets) > 0:
        first = next(levers for levers in states if levers.budget > 0)
        training, posts = first.budget_training, min(first.budget_posts, 1.0 - first.budget_training)
        amounts = sorted({round(b) for b in budgets if b > 0})
        span = f"{amounts[0]:,}" if len(amounts) == 1 else f"{amounts[0]:,} to {amounts[-1]:,}"
        yield (
            f"Other help is bought for {span} GBP a practitioner and year: {_share(training)} for training, "
            f"{_share(posts)} for extra posts, the rest for coaches who work without a team."
        )
