"""`zones story new` and `zones story check`: a story of one's own, as a file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.console import say, show
from sim.commands.new_file import path_for, write_new
from sim.errors import ScenarioError

if TYPE_CHECKING:
    from sim.scenarios.scenario import Scenario

FIRST, OTHER = "with-teams", "without-teams"


def story(asked: Namespace) -> None:
    """Write a story to edit, or read one and say what it holds."""
    if asked.what == "new":
        _new(asked)
        return
    if asked.what != "check":
        raise ScenarioError(f"story: say new or check; got '{asked.what}'. For example: zones story new ours")
    if asked.plans:
        raise ScenarioError("story check: give one file, for example: zones story check ours.toml")
    _check(asked.name)


def _new(asked: Namespace) -> None:
    from sim.app.question import read_question
    from sim.handouts.story_file import draft, dump
    from sim.scenarios.files import load

    path = path_for(asked.name)
    names = [*asked.plans, *(FIRST, OTHER)[len(asked.plans) :]]
    if len(names) != 2:
        raise ScenarioError(f"story new: a story compares two plans; got {len(names)}.")
    plan, against = (arm_of(load(name)) for name in names)
    read_question({"arms": [plan, against]})
    write_new(path, dump(draft(path.stem, plan, against)))
    show(str(path))
    say(f"Edit it, then: zones story check {path}", f"A file that answers: zones brief --interactive --story {path}")


def arm_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario as a story and a page hold a plan: a shipped one, with what is set otherwise.

    Raises:
        ScenarioError: it differs from its base in what a page cannot change.
    """
    from sim.app.question import shipped_names
    from sim.parameters import LEVERS
    from sim.scenarios.differences import differences
    from sim.scenarios.files import load
    from sim.scenarios.write import zone_row

    if scenario.name in shipped_names():
        return {"preset": scenario.name}
    if scenario.base not in shipped_names():
        raise ScenarioError(
            f"{scenario.name}: a story needs a plan that is made from a shipped scenario (base = NAME)."
        )
    base = load(scenario.base)
    before, after = base.lever_values()._asdict(), scenario.lever_values()._asdict()
    arm: dict[str, Any] = {"preset": scenario.base}
    if changed := {n: LEVERS[n].show(v) for n, v in after.items() if v != before[n]}:
        arm["set"] = changed
    if scenario.zones != base.zones:
        arm["zones"] = [zone_row(z) for z in scenario.zones]
    others = [d.words for d in differences(base, scenario)
              if d.key not in changed and not d.key.startswith(("zones", "months"))]  # fmt: skip
    if others:
        raise ScenarioError(
            f"{scenario.name}: a story's plan may change levers and zones of {scenario.base}; this one also changes "
            f"{', '.join(others)}."
        )
    return arm


def _check(name: str) -> None:
    from sim.app.question import read_question
    from sim.counts import counted
    from sim.handouts.story import read_text
    from sim.strict import text_of

    path = Path(name)
    found = read_text(text_of(path, "a story"), path.name.removesuffix(".toml"))
    read_question({"arms": [dict(found.plan), dict(found.against)], "months": found.months})
    show(f"{found.title}: {counted(len(found.slides), 'slide')}, about {found.minutes:.0f} minutes. No problem found.")
