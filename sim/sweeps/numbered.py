"""A sweep's area files and the sites its plans name by number, so that points, labels and tables do not name a place.

What each number stands for is kept in the folder apart, with all else that names a place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.atomic import write_whole
from sim.results import unnamed
from sim.scenarios.scenario import Scenario
from sim.scenarios.write import from_dict, to_dict
from sim.sweeps import factors as f
from sim.sweeps.design import Design

LISTS, PLANS = f"{unnamed.APART}/lists.json", f"{unnamed.APART}/scenarios.json"


def number(design: Design, known: Mapping[str, str]) -> Design:
    """The design with its area files by number; `lists` says which file each number is.

    Args:
        design: as its file has it.
        known: file by number, as numbered before: those keep their numbers.
    """
    lists = dict(known)

    def mine(name: str) -> str:
        found = next((k for k, v in lists.items() if v == name), "")
        found = found or unnamed.numbered(len(lists), name)
        lists[found] = name
        return found

    area = dict(design.area)
    if "files" in area:
        area["files"] = [mine(str(name)) for name in area["files"]]
    factors = tuple(
        replace(x, values=tuple(_value(v, mine) for v in x.values)) if x.name == f.AREA else x for x in design.factors
    )
    given = tuple({k: _value(v, mine) if k == f.AREA else v for k, v in row.items()} for row in design.given)
    return replace(design, area=area, factors=factors, given=given, lists=lists)


def read(folder: Path) -> dict[str, str]:
    """File by number, {} where the folder keeps none."""
    path = folder / LISTS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def write(design: Design, folder: Path) -> None:
    """Keep which number is which file."""
    if design.lists:
        (folder / unnamed.APART).mkdir(exist_ok=True)
        text = json.dumps(design.lists, indent=2, ensure_ascii=False) + "\n"
        write_whole(folder / LISTS, text.encode())


def plans(folder: Path) -> dict[str, Scenario]:
    """Scenarios that name sites, as they were asked; {} where the folder keeps none."""
    path = folder / PLANS
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: from_dict(data, PLANS) for name, data in found.items()}


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
