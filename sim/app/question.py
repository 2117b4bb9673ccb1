"""What a page asks: two scenarios, each a shipped one with levers and plan changed; read, checked, never trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sim import posterior
from sim.errors import ScenarioError, UnknownName, quoted
from sim.parameters import LEVERS
from sim.scenarios.files import load, names
from sim.scenarios.read import check_plan, read_table
from sim.scenarios.scenario import Scenario
from sim.strict import check, from_json, whole_in

LARGEST = 20_000
MOST_ZONES = 12
HORIZONS = (36, 60, 84, 120, 204)
ARM_KEYS = {"preset", "set", "zones"}
CHANGED = "changed"
SEEDS_BELOW_IN_JSON = 2**53
"""A browser holds whole numbers up to here without rounding them."""


@dataclass(frozen=True)
class Arm:
    """One of the two scenarios.

    Attributes:
        preset: name of a shipped scenario.
        changes: canonical JSON of levers set otherwise, values as a user writes them.
        plan: canonical JSON of the zones, '' for the preset's own.
    """

    preset: str
    changes: str = "{}"
    plan: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything differs from the preset."""
        return self.changes != "{}" or bool(self.plan)

    def scenario(self) -> Scenario:
        """The scenario to run; under another name once changed, so that no figure counts as fitted by mistake."""
        return _scenario(self)

    @property
    def structure(self) -> Arm:
        """The same without levers that may change while a plan runs: it has the same teams, zones and place."""
        kept = {n: v for n, v in json.loads(self.changes).items() if LEVERS[n].about.structural}
        return Arm(self.preset, json.dumps(kept, sort_keys=True, separators=(",", ":")), self.plan)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; `read_arm` reads it back."""
        told: dict[str, Any] = {"preset": self.preset, "set": json.loads(self.changes)}
        return told | ({"zones": json.loads(self.plan)} if self.plan else {})


@dataclass(frozen=True)
class Question:
    """Two arms with common random numbers.

    Attributes:
        arms: the plan looked at, and what it is compared with.
        months: horizon, 0 for the longer of the two.
        seed: of the random numbers.
        calibration: posterior sample that uncertain parameters are drawn from.
    """

    arms: tuple[Arm, Arm]
    months: int = 0
    seed: int = 1
    calibration: str = posterior.DEFAULT

    @property
    def horizon(self) -> int:
        """Months that both run."""
        return self.months or max(arm.scenario().months for arm in self.arms)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; `read_question` reads it back."""
        told: dict[str, Any] = {"arms": [a.as_dict() for a in self.arms], "months": self.months, "seed": self.seed}
        return told | ({} if self.calibration == posterior.DEFAULT else {"calibration": self.calibration})


@lru_cache(maxsize=64)
def shipped(name: str) -> Scenario:
    """A shipped scenario, read once."""
    return load(name)


@lru_cache(maxsize=1)
def shipped_names() -> tuple[str, ...]:
    """All that are shipped."""
    return names()


FIRST = Question((Arm("with-teams"), Arm("without-teams")))


def read_question(given: object) -> Question:
    """A question from what a browser, a link or a story file sent.

    Raises:
        ScenarioError: anything but two arms of shipped scenarios with allowed values.
    """
    check(given, "question")
    table = _table(given, "question")
    arms = table.get("arms")
    if not isinstance(arms, list) or len(arms) != 2:
        raise ScenarioError("question: two scenarios are needed.")
    months, seed = table.get("months", 0), table.get("seed", 1)
    if not isinstance(months, int) or isinstance(months, bool) or months not in (0, *HORIZONS):
        raise ScenarioError(f"question: months must be one of {', '.join(map(str, HORIZONS))}; got {quoted(months)}.")
    if whole_in(seed, 0, SEEDS_BELOW_IN_JSON - 1) is None:
        raise ScenarioError(f"question: seed must be a whole number in [0, 2^53); got {quoted(seed)}.")
    calibration = table.get("calibration", posterior.DEFAULT)
    if not isinstance(calibration, str) or calibration not in posterior.NAMES:
        raise UnknownName("question", "calibration", str(calibration)[:40], posterior.NAMES)
    return Question((read_arm(arms[0]), read_arm(arms[1])), months, seed, calibration)


def read_text(text: object) -> Question:
    """A question from JSON text.

    Raises:
        ScenarioError: not JSON, too long, or as `read_question`.
    """
    return read_question(_from_text(text))


def read_sent(text: object) -> tuple[int, object]:
    """A page's message as text: the number to answer under, 0 where it has none, and what is asked.

    Raises:
        ScenarioError: not JSON, too long, no table, or a number that is not whole.
    """
    sent = _table(_from_text(text), "question")
    return read_number(sent, "question"), sent.get("ask")


def read_number(sent: Mapping[str, Any], where: str) -> int:
    """The number that a message is to be answered under, 0 where it has none.

    Raises:
        ScenarioError: not a whole number that a page can count to.
    """
    number = whole_in(sent.get("number", 0), 0, SEEDS_BELOW_IN_JSON - 1)
    if number is None:
        raise ScenarioError(f"{where}: number must be a whole number in [0, 2^53); got {quoted(sent['number'])}.")
    return number


def _from_text(text: object) -> Any:
    if not isinstance(text, str) or len(text) > LARGEST:
        raise ScenarioError(f"question: a text of at most {LARGEST:,} characters is needed.")
    return from_json(text, "question")


def read_arm(given: object) -> Arm:
    """One arm.

    Raises:
        ScenarioError: an unknown preset, lever or value; a plan that cannot be.
    """
    table = _table(given, "scenario")
    if set(table) - ARM_KEYS:
        raise ScenarioError(f"scenario: only {', '.join(sorted(ARM_KEYS))} may be given.")
    preset = table.get("preset")
    if not isinstance(preset, str) or preset not in shipped_names():
        raise UnknownName("scenario", "preset", str(preset)[:60], shipped_names())
    arm = Arm(preset, _changes(preset, table.get("set", {})), _plan(preset, table.get("zones")))
    arm.scenario()
    return arm


def _changes(preset: str, given: object) -> str:
    base = shipped(preset)
    kept: dict[str, Any] = {}
    for name, value in _table(given, "levers").items():
        if name not in LEVERS:
            raise UnknownName("levers", "lever", str(name)[:60], LEVERS)
        stored = LEVERS[name].read("levers", value)
        if stored != getattr(base.lever_values(), name):
            kept[name] = LEVERS[name].show(stored)
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


def _plan(preset: str, given: object) -> str:
    if given is None:
        return ""
    if not isinstance(given, list) or len(given) > MOST_ZONES:
        raise ScenarioError(f"plan: a list of at most {MOST_ZONES} zones is needed.")
    zones = read_table({"zones": given}, "plan")["zones"]
    if zones == shipped(preset).zones:
        return ""
    return json.dumps(given, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=256)
def _scenario(arm: Arm) -> Scenario:
    base = shipped(arm.preset)
    if not arm.changed:
        return base
    levers = {n: LEVERS[n].read("levers", v) for n, v in json.loads(arm.changes).items()}
    made = replace(
        base, name=f"{base.name}-{CHANGED}", base=base.name, levers={**base.levers, **levers}, notes=dict(base.notes)
    )
    if arm.plan:
        made = replace(made, zones=read_table({"zones": json.loads(arm.plan)}, "plan")["zones"])
    check_plan(made, "plan")
    return made


def _table(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise ScenarioError(f"{where}: a table of names and values is needed.")
    return given


def title_of(arm: Arm) -> str:
    """A plan's title on the pages."""
    title = shipped(arm.preset).title
    return f"{title}, changed" if arm.changed else title
