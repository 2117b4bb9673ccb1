"""The order of a month, as data. Both engines walk it, `zones describe --order` prints it, the benchmark times it.

Month 0 is the state before the first month: everybody's first state (FIRST_DAY), then those steps of the month that
are taken in month 0 too, so that events dated 0 and zones that open at 0 are in place. Every later month takes all
steps, in this order; within a step every agent reads the state at the beginning of the step.

A step is a compiled function of `engine/phases`, which takes by name the parts of the world that it needs, and the
method of the Mesa model (`engine/model.py`) of the same name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from sim.engine.kernel import kernel
from sim.engine.phases import (
    assessment,
    budget,
    cascade,
    families,
    improvement,
    joining,
    leaders,
    measure,
    money,
    plan,
    practitioners,
    purse,
    start,
    surroundings,
    teams,
)
from sim.engine.world import Now, Record, Span, World


class Step(NamedTuple):
    """One step of a month.

    Attributes:
        phase: which of the PHASES it belongs to.
        compiled: the compiled function; its name is the step's name.
        words: what happens.
        in_month_0: is it taken in month 0, too?
    """

    phase: str
    compiled: Callable[..., Any]
    words: str
    in_month_0: bool = False

    @property
    def name(self) -> str:
        """The name of the compiled function and of the Mesa model's method."""
        return self.compiled.__name__

    @property
    def needs(self) -> list[str]:
        """The parts of a replicate that it takes, by name: see GIVEN."""
        return list(inspect.signature(_python(self.compiled)).parameters)


PLAN, SUPPORT, LEAD, IMPROVE, PRACTISE, SERVE, CLOSE = (
    "plan",
    "cascade",
    "leaders",
    "improvement",
    "practitioners",
    "families",
    "assessment",
)
PHASES = (PLAN, SUPPORT, LEAD, IMPROVE, PRACTISE, SERVE, CLOSE)

FIRST_DAY = (
    Step(PLAN, start.begin_areas, "barriers beyond the sites"),
    Step(PLAN, start.begin_leaders, "leaders' commitment, as given or drawn"),
    Step(PLAN, start.begin_teams, "core teams, and local teams that are at work today"),
    Step(PLAN, start.begin_sites, "sites' stages, barriers and readiness"),
    Step(PLAN, start.begin_practitioners, "who uses the practice today, and how well"),
    Step(PLAN, start.begin_families, "which families are in need"),
    Step(PLAN, surroundings.begin_relationships, "relationships between agencies"),
)
"""Everybody's first state, in this order."""

ORDER = (
    Step(PLAN, plan.fall_due, "events happen; support ends as planned", in_month_0=True),
    Step(PLAN, surroundings.surround, "the calendar, other initiatives and relationships are read", in_month_0=True),
    Step(PLAN, plan.remember_support_end, "sites that were certified as support ended are noted", in_month_0=True),
    Step(PLAN, purse.open_budgets, "a year's budget begins; the month's claims start at nothing"),
    Step(PLAN, joining.see_others, "sites see how many others use the practice"),
    Step(PLAN, joining.reconsider, "sites give up, or join again"),
    Step(PLAN, joining.advance_sites, "sites move through selection and installation, and are trained"),
    Step(PLAN, plan.open_zones, "zones open", in_month_0=True),
    Step(SUPPORT, teams.shape_teams, "core teams are founded; teams grow and shrink as planned", in_month_0=True),
    Step(SUPPORT, cascade.external_strength, "external supporters arrive or leave"),
    Step(SUPPORT, cascade.release_time, "leaders release time to teams"),
    Step(SUPPORT, budget.share_means, "the month's claims are paid as far as budgets reach"),
    Step(SUPPORT, cascade.divide_attention, "core teams divide their attention"),
    Step(SUPPORT, cascade.grow_capacity, "teams' capacities move"),
    Step(SUPPORT, cascade.change_members, "team members leave and are replaced"),
    Step(SUPPORT, cascade.buy_help, "other help is bought outside the plan"),
    Step(SUPPORT, cascade.reach_sites, "sites learn what support they get"),
    Step(LEAD, leaders.survey_areas, "leaders see results, and what their teams can take on"),
    Step(LEAD, budget.share_hours, "coaching and leaders' time are paid from what the month has left"),
    Step(LEAD, leaders.commit, "leaders are engaged, drift, leave and are replaced; the groups follow"),
    Step(LEAD, surroundings.relate, "relationships and alignment move"),
    Step(
        IMPROVE, improvement.improve, "decisions on raised barriers; rapid cycles; usability testing; barriers return"
    ),
    Step(PRACTISE, practitioners.practise, "turnover, awareness, start, lapse, induction, skill; then peers see it"),
    Step(SERVE, families.serve, "need arises and resolves; identification, service, benefit"),
    Step(CLOSE, assessment.restage, "fidelity assessments, stages, certification"),
    Step(CLOSE, money.spend, "the month's cost"),
    Step(CLOSE, measure.count_families, "families are counted; gains fade in part", in_month_0=True),
    Step(CLOSE, measure.count, "everything else is counted", in_month_0=True),
)
"""The steps of a month, in this order."""

GIVEN = {
    "w": "world.actors",
    "people": "world.people",
    "families": "world.families",
    "plan": "world.plan",
    "books": "world.books",
    "out": "out",
    "p": "p",
    "now": "now",
}
"""What a step may take, by the name of its parameter."""


def _python(compiled: Callable[..., Any]) -> Callable[..., Any]:
    plain: Callable[..., Any] = getattr(compiled, "py_func", compiled)
    return plain


def order_lines() -> list[str]:
    """The order of a month in words, for people."""
    lines = ["Month 0, everybody's first state:"]
    lines += [f"     {step.name:<22} {step.words}" for step in FIRST_DAY]
    lines += ["", "Then every month, in this order (* also in month 0):"]
    for number, phase in enumerate(PHASES, 1):
        lines.append(f"{number}. {phase}")
        lines += [f"   {'*' if s.in_month_0 else ' '} {s.name:<22} {s.words}" for s in ORDER if s.phase == phase]
    return lines


def written(*, timed: bool = False) -> str:
    """The source of a replicate: compiled code cannot loop over functions, so the order is written out.

    Args:
        timed: with a reading of `cycles()` after each step, added to `spent` at the step's place in FIRST_DAY + ORDER.
    """
    lines = [
        f"def run_months(world, p, out, span{', spent' if timed else ''}):",
        *(["    last = cycles()"] if timed else []),
        "    for month in range(span.first, span.last):",
        "        if span.stop[0] != 0:",
        "            return False",
        "        now = Now(span.key, month)",
        "        if month == 0:",
    ]
    for place, step in enumerate((*FIRST_DAY, *ORDER)):
        first = place < len(FIRST_DAY)
        if not (first or step.in_month_0):
            lines.append("        if month > 0:")
        indent = " " * (8 if step.in_month_0 else 12)
        lines.append(f"{indent}{_call(step)}")
        if timed:
            lines.append(f"{indent}tick = cycles(); spent[{place}] += tick - last; last = tick")
    return "\n".join([*lines, "    return True", ""])


def _call(step: Step) -> str:
    return f"{step.name}({', '.join(GIVEN[need] for need in step.needs)})"


def made(source: str, **more: Any) -> Callable[..., bool]:
    """The function that a source of `written` holds, not yet compiled; `more`: other names that it uses."""
    names: dict[str, Any] = {"Now": Now, "__name__": __name__, **more}
    names |= {step.name: step.compiled for step in (*FIRST_DAY, *ORDER)}
    exec(compile(source, __file__, "exec"), names)
    function: Callable[..., bool] = names["run_months"]
    return function


run_months: Callable[[World, Any, Record, Span], bool] = kernel(made(written()))
"""Run the months of `span` of one replicate, writing a row of `out` each; False when `span.stop[0]` was set on the way.

The parameters `p` are a record (`world.as_record`).
"""
