"""A sweep's area files, its plans and the sites these name by number, so that points, labels and tables name no place.

What each number stands for is kept in the separate folder, with everything else that names a place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.atomic import write_whole
from sim.problems import LONGEST_PATH, Problems
from sim.results import unnamed
from sim.scenarios.scenario import Scenario
from sim.scenarios.write import from_dict, to_dict
from sim.strict import from_json, text_of
from sim.sweeps import factors as f
from sim.sweeps.design import Design

LARGEST, MOST_VALUES = 2**28, 10_000_000
LISTS, PLANS = f"{unnamed.APART}/lists.json", f"{unnamed.APART}/scenarios.json"


@dataclass
class _Numbers:
    """Files by the number that stands for each."""

    files: dict[str, str]

    def area(self, name: str) -> str:
        """The number of an area file."""
        return self._of(name, unnamed.numbered(self._count(unnamed.FILE), name))

    def plan(self, name: str) -> str:
        """The number of a scenario's file; a shipped scenario keeps its name."""
        if not name.endswith(unnamed.PLAN_END):
            return name
        return self._of(name, unnamed.PLAN.format(self._count(unnamed.PLAN) + 1))

    def sample(self, name: str) -> str:
        """The number of a file of parameter draws; a shipped sample keeps its name."""
        if not name.endswith(".csv"):
            return name
        return self._of(name, unnamed.SAMPLE.format(self._count(unnamed.SAMPLE) + 1) + ".csv")

    def _count(self, kind: str) -> int:
        return sum(k.startswith(kind.format("")) for k in self.files)

    def _of(self, name: str, new: str) -> str:
        found = next((k for k, v in self.files.items() if v == name), new)
        self.files[found] = name
        return found


def number(design: Design, known: Mapping[str, str], *, areas: bool = True, plans: bool = True) -> Design:
    """The design with its area files and its scenarios' files by number; `lists` says which file each number is.

    Args:
        design: as its file has it.
        known: file by number, as numbered before: those keep their numbers.
        areas: whether area files are numbered.
        plans: whether scenarios' files are.
    """
    numbers = _Numbers(dict(known))
    area = dict(design.area)
    if areas and "files" in area:
        area["files"] = [numbers.area(str(name)) for name in area["files"]]

    def value(name: str, given: f.Value) -> f.Value:
        if name == f.AREA and areas:
            return _value(given, numbers.area)
        return numbers.plan(str(given)) if name == f.SCENARIO and plans else given

    def factor(one: f.Factor) -> f.Factor:
        only = tuple(numbers.plan(name) for name in one.only) if plans else one.only
        return replace(one, values=tuple(value(one.name, v) for v in one.values), only=only)

    return replace(
        design,
        area=area,
        scenarios=tuple(map(numbers.plan, design.scenarios)) if plans else design.scenarios,
        sample=numbers.sample(design.sample) if plans else design.sample,
        factors=tuple(map(factor, design.factors)),
        given=tuple({k: value(k, v) for k, v in row.items()} for row in design.given),
        lists=numbers.files,
    )


def file_of(design: Design, name: str) -> str:
    """What the design calls a scenario or a sample in its file, where `name` is a number here."""
    return design.lists.get(name, name)


def read(folder: Path) -> dict[str, str]:
    """File by number, {} where the folder keeps none.

    Raises:
        ScenarioError: changed by hand into what no sweep writes.
    """
    found = _kept(folder / LISTS)
    problems = Problems(LISTS)
    for number, name in found.items():
        problems.name(number, name, LONGEST_PATH)
    problems.stop()
    return found


def write(design: Design, folder: Path) -> None:
    """Keep which number is which file."""
    if design.lists:
        (folder / unnamed.APART).mkdir(exist_ok=True)
        text = json.dumps(design.lists, indent=2, ensure_ascii=False) + "\n"
        write_whole(folder / LISTS, text.encode())


def plans(folder: Path) -> dict[str, Scenario]:
    """Scenarios that name sites, as they were asked; {} where the folder keeps none.

    Raises:
        ScenarioError: changed by hand into what no sweep writes.
    """
    problems = Problems(PLANS)
    tables = {name: problems.table(name, data) for name, data in _kept(folder / PLANS).items()}
    problems.stop()
    return {name: from_dict(data, PLANS) for name, data in tables.items()}


def _kept(path: Path) -> dict[str, Any]:
    """What was kept there, {} where nothing is."""
    if not path.is_file():
        return {}
    problems = Problems(f"{unnamed.APART}/{path.name}")
    text = text_of(path, "a record of what numbers stand for", LARGEST)
    found = problems.table("the file", from_json(text, problems.where, MOST_VALUES))
    problems.stop()
    return found


def keep_plans(scenarios: Mapping[str, Scenario], folder: Path) -> dict[str, Any]:
    """Keep apart the scenarios that name sites, those kept before as they are.

    Returns:
        For the manifest: every scenario as data, sites by number.
    """
    naming = {name: s for name, s in scenarios.items() if any(z.sites for z in s.zones)} | plans(folder)
    if naming:
        (folder / unnamed.APART).mkdir(exist_ok=True)
        data = {name: to_dict(s) for name, s in naming.items()}
        write_whole(folder / PLANS, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())
    return {name: to_dict(_bare(s)) for name, s in scenarios.items()}


def called(name: str, scenario: Scenario) -> Scenario:
    """The scenario under the name that it has in the sweep: its number, where it came from a file."""
    return replace(scenario, name=name, base=unnamed.base_told(scenario.base))


def _bare(scenario: Scenario) -> Scenario:
    """The scenario with the sites that its zones name by number."""
    named = dict.fromkeys(site for zone in scenario.zones for site in zone.sites)
    numbers = {site: f"SITE-{k + 1}" for k, site in enumerate(named)}
    return replace(scenario, zones=tuple(replace(z, sites=tuple(numbers[s] for s in z.sites)) for z in scenario.zones))


def _value(value: f.Value, mine: Callable[[str], str]) -> f.Value:
    """A factor's value: a file's path or the JSON text of files; settings stay as they are."""
    text = str(value)
    if text[:1] == "{":
        return value
    return json.dumps([mine(str(name)) for name in json.loads(text)]) if text[:1] == "[" else mine(text)
