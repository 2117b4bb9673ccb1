"""What a page may ask besides a question: read-only facts, links, files, stories and the log; every input is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.app.desk import Desk
from sim.app.question import read_question
from sim.errors import ScenarioError, ZonesError

Action = Callable[[Desk, Mapping[str, Any]], dict[str, Any]]


def place(desk: Desk) -> dict[str, Any]:
    """What the page says of the place."""
    o = desk.organisation
    return {
        "place": {
            "name": o.name,
            "sites": len(o.sites),
            "practitioners": len(o.practitioners),
            "families": len(o.families),
            "assumptions": list(o.assumptions),
            "remarks": list(desk.remarks),
        },
        "first": desk.first.as_dict(),
        "sweeps": desk.results is not None,
    }


def act(desk: Desk, message: object) -> dict[str, Any]:
    """Do what the page asks; a refusal is told, never raised."""
    if not isinstance(message, dict) or not isinstance(message.get("do"), str):
        return {"error": "What should be done?"}
    name, number = message["do"], message.get("number", 0)
    told = {"do": name[:40], "number": number if isinstance(number, int) else 0}
    if name not in ACTIONS:
        return told | {"error": f"There is no action '{name[:40]}'."}
    try:
        return told | ACTIONS[name](desk, message)
    except ZonesError as error:
        return told | {"error": str(error)}


def _settings(_desk: Desk, message: Mapping[str, Any]) -> dict[str, Any]:
    """One arm as a scenario file that `zones run` accepts."""
    from sim.scenarios.write import copy_for_editing

    question = read_question(message.get("ask"))
    which = message.get("arm")
    if which not in (0, 1):
        raise ScenarioError("settings: arm must be 0 or 1.")
    arm = question.arms[which]
    name = f"{arm.preset}-as-shown"
    return {"file": f"{name}.toml", "text": copy_for_editing(arm.scenario(), name)}


ACTIONS: dict[str, Action] = {"settings": _settings}
