"""Fictional areas: as uneven as the real ones, free to share, the same for the same settings.

Sizes, staffing and the spread of deprivation follow the published school census and care-service returns of Scottish
cities and towns; the ties follow published advice networks (docs/synthetic-areas.md shows how well). Coordinates lie
in the North Sea on purpose: no real place can be mistaken for a generated one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.counts import counted
from sim.declare import SEEDS_BELOW
from sim.errors import ScenarioError, UnknownName, hidden, quoted
from sim.organisation.codes import AGENCIES, SITE_TYPES
from sim.organisation.generate.assemble import Outline, assemble
from sim.organisation.generate.chance import Chance, apportion
from sim.organisation.generate.naming import TYPE_WORDS, pseudonyms
from sim.organisation.organisation import Floats, Ints, Organisation, Sites, Texts
from sim.problems import LONGEST_NAME
from sim.strict import number_in, whole_in

AREA_NAMES = (
    "Invermorrow", "Glenharrow", "Kirkhallow", "Lochmarrow", "Ardenvale", "Balmorrie", "Craigwhin", "Westerlaw",
    "Eildale", "Abercorrie", "Dunkelsay", "Strathwhinn", "Portharrow", "Carsebridge Vale", "Easterhope", "Muirfallen",
)  # fmt: skip
LOCALITY_NAMES = (
    "Harbour", "Millfield", "Northgate", "Castle Brae", "Westpark", "Kirkton Rise", "Eastlands", "Burnside Green",
    "Old Town", "Hillhead Cross", "Riverside", "Whinny Moor", "Southbank", "Fairacre", "Quarry Wood", "Newlands End",
)  # fmt: skip
FEWEST, MOST = 5, 3000
SITES_A_LOCALITY = 8
SITES_A_BOARD = 3
DEPRIVATION_SPREAD = 1.75
LOCALITY_PART = 0.65


class Kind(NamedTuple):
    """How sites of one type are made: mix, mean and log-spread of posts, families a post, agencies' shares."""

    mix: float
    posts: float
    spread: float
    families: float
    agencies: Mapping[str, float]


_EDUCATION = {"education": 1.0}
KINDS = {
    "primary": Kind(11, 21.0, 0.32, 13.5, _EDUCATION),
    "secondary": Kind(4, 80.0, 0.22, 11.3, _EDUCATION),
    "special": Kind(1, 20.0, 0.60, 4.0, _EDUCATION),
    "nursery": Kind(15, 11.0, 0.75, 5.5, {"education": 0.56, "private": 0.30, "third_sector": 0.14}),
    "health_visiting": Kind(3, 16.0, 0.30, 15.0, {"health": 1.0}),
    "social_work": Kind(3, 19.0, 0.30, 10.0, {"social_work": 1.0}),
    "family_support": Kind(3, 14.0, 0.50, 6.0, {"third_sector": 1.0}),
}
ESSENTIAL = ("primary", "secondary", "nursery", "health_visiting", "social_work")
_RURAL_SIZE = {"primary": 0.65, "secondary": 0.35, "nursery": 0.45}


@dataclass(frozen=True)
class Settings:
    """What an advisor may ask of a generated area.

    Attributes:
        name: what to call it, '' for a fictional name.
        sites: sites in all, 5 to 3,000.
        areas: local areas, at least 1, each of at least 5 sites; health boards then span about three areas.
        practitioners: posts in all, 0 for what the mix of sites gives (about 22 a site).
        families: families in all, 0 for what the mix of sites gives (about 230 a site).
        deprivation: mean share of families in the most deprived fifth.
        rural: 0 a city, 1 as remote as the Highlands (small schools, a longer tail).
        organisation_seed: another area of the same settings; never the run's seed.
    """

    name: str = ""
    sites: int = 40
    areas: int = 1
    practitioners: int = 0
    families: int = 0
    deprivation: float = 0.3
    rural: float = 0.0
    organisation_seed: int = 0


_WHOLE = {
    "sites": (FEWEST, MOST),
    "areas": (1, 64),
    "practitioners": (0, 400_000),
    "families": (0, 4_000_000),
    "organisation_seed": (0, SEEDS_BELOW - 1),
}
WHOLE_SETTINGS = tuple(_WHOLE)
_SHARES = {"deprivation": (0.01, 0.95), "rural": (0.0, 1.0)}
SETTING_LIMITS = {**{k: (float(low), float(high)) for k, (low, high) in _WHOLE.items()}, **_SHARES}


def read_settings(settings: Mapping[str, Any], where: str = "area") -> Settings:
    """Check the settings of a generated area.

    Args:
        settings: any of the fields of `Settings`.
        where: how messages name the place where they are given.

    Raises:
        UnknownName: a key nobody knows.
        ScenarioError: a value of the wrong kind or out of range, or too few sites for the areas.
    """
    known = tuple(Settings.__dataclass_fields__)
    checked: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in known:
            raise UnknownName(where, "setting of a generated area", str(key), known)
        checked[key] = _read_value(where, key, value)
    result = Settings(**checked)
    if result.sites < FEWEST * result.areas:
        raise ScenarioError(
            f"{where}: {counted(result.sites, 'site is', 'sites are')} too few for "
            f"{counted(result.areas, 'area')}; each needs at least {FEWEST}: give "
            f"sites = {FEWEST * result.areas} or more, or fewer areas."
        )
    if result.practitioners and result.practitioners < result.sites:
        raise ScenarioError(
            f"{where}: practitioners = {result.practitioners} is fewer than one for each of the "
            f"{counted(result.sites, 'site')}; "
            f"give {result.sites} or more, or 0 to let the sites decide."
        )
    return result


def generator_key(asked: Settings) -> str:
    """What fixes an area: the generator's version and all settings but the name."""
    return json.dumps({"generator": 1, **asdict(asked), "name": ""}, sort_keys=True)


def generate(settings: Mapping[str, Any]) -> Organisation:
    """A fictional organisation of one or more local areas.

    Args:
        settings: any of the fields of `Settings`; {} gives the default area of 40 sites.

    Returns:
        The organisation; readiness and commitment are left to be drawn by the model.

    Raises:
        ScenarioError: settings that cannot be met.
    """
    asked = read_settings(settings)
    key = generator_key(asked)
    chance = Chance(key)
    sizes = _area_sizes(asked, chance.stream("areas"))
    area = np.repeat(np.arange(asked.areas, dtype=np.int32), sizes)
    kind = np.concatenate([_mix(int(size)) for size in sizes])
    start = int(chance.stream("names").below(np.array([len(AREA_NAMES)], dtype=np.int32))[0])
    areas = tuple(_nth_name(AREA_NAMES, start + number) for number in range(asked.areas))
    sites = _sites(asked, area, kind, chance)
    boards = [f"{areas[n - n % SITES_A_BOARD]} health board" for n in range(asked.areas)] if asked.areas > 1 else [""]
    if asked.areas == 1 and asked.name:
        areas = (asked.name,)
    name = asked.name or (areas[0] if asked.areas == 1 else f"{areas[0]} and {counted(asked.areas - 1, 'other area')}")
    return assemble(Outline(name, areas, boards, sites, (_told(asked),)), key)


def _read_value(where: str, key: str, value: object) -> object:
    if key == "name":
        if not isinstance(value, str) or len(value) > LONGEST_NAME or hidden(value):
            raise ScenarioError(
                f"{where}: name must be a text of at most {LONGEST_NAME} characters without unseen ones; "
                f"got {quoted(value)}."
            )
        return value
    if key in _WHOLE:
        low, high = _WHOLE[key]
        given = int(value) if isinstance(value, float) and value.is_integer() else value
        whole = whole_in(given, low, high)
        if whole is None:
            raise ScenarioError(f"{where}: {key} must be a whole number in [{low}, {high}]; got {quoted(value)}.")
        return whole
    least, most = _SHARES[key]
    number = number_in(value, least, most)
    if number is None:
        raise ScenarioError(f"{where}: {key} must be a number in [{least:g}, {most:g}]; got {quoted(value)}.")
    return number


def _area_sizes(asked: Settings, chance: Chance) -> Ints:
    weights = np.exp(0.5 * chance.normal(asked.areas))
    return apportion(asked.sites, weights, FEWEST)


def _mix(size: int) -> Ints:
    """Types of one area's sites, grouped by type; the essential ones at least once each."""
    names = tuple(KINDS)
    least = np.array([int(name in ESSENTIAL) for name in names])
    weights = np.array([max(KINDS[n].mix * size / 40.0 - low, 0.0) for n, low in zip(names, least, strict=True)])
    counts = apportion(size, weights, least)
    return np.repeat(np.array([SITE_TYPES.index(name) for name in names], dtype=np.int32), counts)


def _sites(asked: Settings, area: Ints, kind: Ints, chance: Chance) -> Sites:
    count = len(kind)
    ids = np.array([f"S{number + 1:04d}" for number in range(count)], dtype=np.str_)
    place, locality = _localities(area, chance.stream("localities"))
    staff, roll = _sizes(asked, kind, chance.stream("sizes"))
    latitude, longitude = _coordinates(area, place, chance.stream("coordinates"))
    blank: Texts = np.full(count, "", dtype="<U1")
    unknown = np.full(count, np.nan)
    names = np.array([f"{TYPE_WORDS[SITE_TYPES[k]]} {i}" for k, i in zip(kind, ids, strict=True)], dtype=np.str_)
    return Sites(
        ids=ids,
        names=names,
        pseudonyms=pseudonyms(ids.tolist(), kind),
        area=area,
        agency=_agencies(area, kind, chance.stream("agencies")),
        type=kind,
        roll=roll,
        staff=staff,
        deprivation=_deprivation(asked, place, roll, chance.stream("deprivation")),
        locality=locality,
        latitude=latitude,
        longitude=longitude,
        local_team=blank,
        core_team=blank,
        stage=np.full(count, -1, dtype=np.int32),
        fidelity=unknown,
        using=unknown,
        capacity=unknown,
        generated=np.zeros(count, dtype=np.bool_),
    )


def _sizes(asked: Settings, kind: Ints, chance: Chance) -> tuple[Ints, Ints]:
    """Posts and families of each site; totals as asked, or as the mix of types expects."""
    kinds = [KINDS[SITE_TYPES[k]] for k in kind]
    shrink = np.array([1.0 - asked.rural * _RURAL_SIZE.get(SITE_TYPES[k], 0.0) for k in kind])
    mean = np.array([k.posts for k in kinds]) * shrink
    spread = np.array([k.spread for k in kinds]) + 0.45 * asked.rural * (shrink < 1.0)
    drawn = mean * np.exp(spread * np.clip(chance.normal(len(kind)), -2.5, 2.5) - spread * spread / 2.0)
    posts = asked.practitioners or max(int(np.rint(mean.sum())), len(kind))
    staff = apportion(posts, drawn, 1)
    ratio = np.array([k.families for k in kinds])
    crowded = (drawn / mean) ** 0.15 * np.exp(0.12 * chance.normal(len(kind)))
    families = asked.families or int(np.rint((mean * ratio).sum() * posts / mean.sum()))
    return staff, apportion(families, staff * ratio * crowded)


def _agencies(area: Ints, kind: Ints, chance: Chance) -> Ints:
    """Agencies by type; where several run sites of a type, in fixed proportion in each area, in random order."""
    agency: Ints = np.zeros(len(kind), dtype=np.int32)
    luck = chance.uniform(len(kind))
    for name, made in KINDS.items():
        codes = np.array([AGENCIES.index(a) for a in made.agencies], dtype=np.int32)
        weights = np.array(list(made.agencies.values()))
        for one in np.unique(area):
            mine = np.flatnonzero((area == one) & (kind == SITE_TYPES.index(name)))
            shuffled = mine[np.argsort(luck[mine], kind="stable")]
            agency[shuffled] = np.repeat(codes, apportion(len(mine), weights))
    return agency


def _localities(area: Ints, chance: Chance) -> tuple[Ints, Texts]:
    """A locality for each site: its number over all areas, and its name, unique within the area."""
    counts = np.maximum(1, np.rint(np.bincount(area) / SITES_A_LOCALITY)).astype(np.int32)
    local = chance.below(counts[area])
    names = [_nth_name(LOCALITY_NAMES, int(number)) for number in local]
    return ((np.cumsum(counts) - counts)[area] + local).astype(np.int32), np.array(names, dtype=np.str_)


def _coordinates(area: Ints, place: Ints, chance: Chance) -> tuple[Floats, Floats]:
    centre = chance.stream("centres")
    count = int(place.max()) + 1
    north, east = 0.04 * centre.normal(count), 0.07 * centre.normal(count)
    latitude = 57.2 + 0.35 * (area // 4) + north[place] + 0.008 * chance.normal(len(area))
    longitude = 1.0 + 0.60 * (area % 4) + east[place] + 0.014 * chance.normal(len(area))
    return np.round(latitude, 6), np.round(longitude, 6)


def _deprivation(asked: Settings, place: Ints, roll: Ints, chance: Chance) -> Floats:
    """Share in the most deprived fifth: logit-normal, alike within a locality, its roll-weighted mean as asked."""
    shared = chance.normal(int(place.max()) + 1)[place]
    score = DEPRIVATION_SPREAD * (
        np.sqrt(LOCALITY_PART) * shared + np.sqrt(1 - LOCALITY_PART) * chance.normal(len(place))
    )
    low, high = -12.0, 12.0
    for _ in range(50):
        middle = (low + high) / 2.0
        share = 1.0 / (1.0 + np.exp(-(middle + score)))
        if float((share * roll).sum()) > asked.deprivation * max(float(roll.sum()), 1.0):
            high = middle
        else:
            low = middle
    return np.asarray(np.round(share, 4))


def _nth_name(names: tuple[str, ...], number: int) -> str:
    again = number // len(names)
    return names[number % len(names)] + (f" {again + 1}" if again else "")


def _told(asked: Settings) -> str:
    return (
        f"A fictional place: {asked.sites} sites in {asked.areas} area(s), generated from its settings and "
        f"organisation_seed {asked.organisation_seed}; its sites, people and families are invented."
    )
