"""What a result says about a place when names are not to be shown: no code, name, locality, position or file name.

Sites go by pseudonym, areas and files by number. What a replay needs stays in a separate folder, which says so itself
and is left out of whatever is handed on.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.organisation.files.endings import MAY_HOLD_A_LIST
from sim.platforms.names import command_line
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation

APART = "replay-only"
NOTE = "READ-FIRST.txt"
WARNING = """This folder is for running the result again (zones replay) or going on with a sweep (zones resume).

It holds what the random numbers of sites and people depend on: identifiers of sites and leaders, names of areas and
core teams, exact sizes of sites. They can reveal the place. Leave this folder out when you hand the result on:
nothing else in the result names the place, and everything else can be read without it.
"""
PLAN_END = ".toml"
PLACE = "The place"
FILE = "LIST-{}"
PLAN = "PLAN-{}"
SAMPLE = "SAMPLE-{}"
MANY = ("--area", "--areas")


def place_words(organisation: Organisation, *, show_names: bool) -> str:
    """What to call the place."""
    return organisation.name if show_names else PLACE


def source(given: Mapping[str, Any]) -> dict[str, Any]:
    """Where an organisation came from, its files by number: no name, and no digest that a list could match."""
    if "files" not in given:
        return dict(given)
    files = [{"name": numbered(k, str(f["name"]))} for k, f in enumerate(given["files"])]
    return {**given, "files": files}


def numbered(position: int, name: str) -> str:
    """A file by its number and its kind: 'LIST-1.csv'."""
    return FILE.format(position + 1) + Path(name).suffix.lower()


def command(words: str) -> str:
    """A command line with files, sheets and the result's folder by number or stand-in.

    What is typed of a list (its files, sheets, headings and words) can name the place; a call from Python names none.
    """
    if not words.startswith("zones "):
        return words
    shown: list[str] = []
    option, seen = "", dict[str, str]()
    for word in shlex.split(words):
        name, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        option = name or option
        if name and not equals:
            shown.append(word)
            continue
        shown.append(name + equals + _stand_in(option, value, seen))
        option = ""
    return command_line(shown)


def _stand_in(option: str, value: str, seen: dict[str, str]) -> str:
    """What replaces a word of the command."""
    if option == "--out":
        return "RESULT"
    if option == "--sheet":
        return "SHEET"
    if option == "--column":
        return value.partition("=")[0] + "=HEADING"
    if option == "--word":
        return "WORD=" + value.rpartition("=")[2]
    if option in MANY or Path(value).suffix.lower() in MAY_HOLD_A_LIST:
        return seen.setdefault(value, numbered(len(seen), value))
    return Path(value).name if value.endswith(PLAN_END) else value


def scenario(asked: Scenario, organisation: Organisation) -> Scenario:
    """The scenario with pseudonyms for sites that its zones name, which plans may use too, and no path to its base."""
    names = dict(zip(organisation.sites.ids.tolist(), organisation.sites.pseudonyms.tolist(), strict=True))
    zones = tuple(replace(z, sites=tuple(names.get(s, s) for s in z.sites)) for z in asked.zones)
    return replace(asked, zones=zones, base=base_told(asked.base))


def base_told(base: str) -> str:
    """What a scenario is made from: the name of a shipped one; nothing for a file, because it is never read again."""
    return "" if base.endswith(PLAN_END) else base


def organisation(given: Organisation) -> Organisation:
    """The organisation without what neither the random numbers nor the plan depend on.

    Pseudonyms for names, posts for staff, numbers in the same order for localities and local teams, no positions; the
    area's name stays out of what was assumed.
    """
    sites, people = given.sites, given.practitioners
    posts = np.array([f"{sites.ids[s]}/{k}" for s, k in zip(people.site, people.slot, strict=True)], dtype=np.str_)
    nowhere = np.full(len(sites), np.nan)
    bare = replace(
        sites,
        names=sites.pseudonyms.copy(),
        locality=_numbers(sites.locality, "locality"),
        local_team=_numbers(sites.local_team, "team"),
        latitude=nowhere,
        longitude=nowhere.copy(),
    )
    return replace(given, name=PLACE, sites=bare, practitioners=replace(people, ids=posts), assumptions=())


def _numbers(values: NDArray[np.str_], word: str) -> NDArray[np.str_]:
    """A number for each name that sorts as the names do, '' for ''."""
    known = sorted(set(values.tolist()) - {""})
    width = len(str(len(known)))
    new = {name: f"{word} {k + 1:0{width}d}" for k, name in enumerate(known)} | {"": ""}
    return np.array([new[name] for name in values.tolist()], dtype=np.str_)
