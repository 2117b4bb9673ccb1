"""`zones list`, `zones describe`, `zones new`."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from sim.commands import list_options
from sim.commands.console import say, show, show_json, tell
from sim.commands.new_file import path_for, write_new
from sim.errors import ScenarioError


def list_all(asked: Namespace) -> None:
    """The shipped scenarios, or every lever."""
    if asked.levers:
        _list_levers(asked.json)
        return
    from sim.scenarios.files import load, names

    found = [load(name) for name in names()]
    if asked.json:
        show_json(
            {"scenarios": [{"name": s.name, "title": s.title, "base": s.base, "months": s.months} for s in found]}
        )
        return
    width = max(len(s.name) for s in found)
    show(f"{s.name:<{width}}  {s.title}" for s in found)
    say("", "`zones describe NAME` describes one in full; `zones list --levers` lists what a scenario can set.")


def _list_levers(as_json: bool) -> None:
    from sim.parameters import LEVERS

    if as_json:
        show_json({"levers": [_lever(name) for name in LEVERS]})
        return
    from sim.scenarios.describe import lever_lines

    tell(lever_lines())


def _lever(name: str) -> dict[str, Any]:
    from sim.parameters import LEVERS

    lever = LEVERS[name]
    about = lever.about
    return {
        "name": name,
        "words": about.words,
        "unit": about.unit,
        "default": lever.shown_default,
        "values": list(about.choices) or None,
        "low": None if about.choices else about.low,
        "high": None if about.choices else about.high,
        "structural": about.structural,
        "kind": about.kind,
        "price": list(lever.prices),
        "ceiling": None if about.choices or lever.is_condition else lever.ceiling,
        "source": about.source,
    }


def describe(asked: Namespace) -> None:
    """One scenario and its plan in plain sentences, or the order of a month; runs nothing."""
    if asked.order:
        _describe_order(asked.json)
        return
    if asked.scenario is None:
        raise ScenarioError("describe: give a scenario's name or file, or --order for the order of a month.")
    from sim.results.study import choose_organisation
    from sim.scenarios.describe import describe as sentences_of
    from sim.scenarios.files import base_of, load
    from sim.scenarios.write import to_dict

    scenario = load(asked.scenario, asked.set)
    place = choose_organisation(
        [scenario],
        asked.area,
        as_given=asked.as_given,
        organisation_seed=asked.organisation_seed,
        lists=list_options.lists(asked),
    )
    lines = sentences_of(scenario, base_of(scenario), place.organisation)
    if asked.json:
        show_json({"scenario": to_dict(scenario), "told": lines, "assumed": list(place.organisation.assumptions)})
        return
    tell(lines)
    if asked.area:
        say("", *place.organisation.assumptions)


def _describe_order(as_json: bool) -> None:
    from sim.engine.schedule import FIRST_DAY, ORDER, order_lines

    if not as_json:
        show(order_lines())
        return
    every_month = [{"phase": s.phase, "step": s.name, "words": s.words, "in_month_0": s.in_month_0} for s in ORDER]
    show_json({"first_day": [{"step": s.name, "words": s.words} for s in FIRST_DAY], "every_month": every_month})


def new(asked: Namespace) -> None:
    """A commented scenario file to edit."""
    from sim.scenarios.files import load, names
    from sim.scenarios.write import copy_for_editing

    path = path_for(asked.name)
    if path.stem in names():
        raise ScenarioError(f"{path.stem} is the name of a shipped scenario; choose another name.")
    write_new(path, copy_for_editing(load(asked.base), path.stem))
    show(str(path))
    say(f"Edit it, then: zones describe {path}, and: zones run {path}")
