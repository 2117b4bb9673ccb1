"""Events: something happens to an area, in a month or once a condition is met. Each kind of effect is a class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from sim.levers import ZoneLevers
from sim.parameters import LEVERS
from sim.scenarios.words import listed, number, shown

MEASURES = {
    "full_share": "the share of {} in full implementation",
    "certified_share": "the certified share of {}",
    "capacity_core": "the core team's capacity",
    "capacity_local": "the mean capacity of the local teams of {}",
}
"""What a condition may measure, in words."""

BY_ZONE = ZoneLevers._fields
"""Levers that an event may change in one zone."""

LEADER_WORDS = {"senior": "senior leaders", "operational": "operational managers", "manager": "site managers"}


@dataclass(frozen=True)
class Condition:
    """When an undated event falls due: `measure` of `zone` reaches `at_least` (once, in any one area: there).

    Attributes:
        measure: one of MEASURES; the shares are of the zone's sites.
        at_least: threshold 0-1.
        zone: zone name; '' for the whole area.
    """

    measure: str
    at_least: float
    zone: str = ""

    def sentence(self) -> str:
        """When it is met, in words."""
        whose = f"zone '{self.zone}'" if self.zone else "the area"
        return f"Once {MEASURES[self.measure].format(whose)} reaches {number(self.at_least)}"


class Affected(Protocol):
    """What an effect may ask of the area that it happens to."""

    def change_levers(self, levers: dict[str, float], zone: str) -> None:
        """Levers take new values, in one zone or ('') everywhere."""

    def replace_leaders(self, level: str, agency: str) -> None:
        """Leaders of a level (and agency) leave and are replaced."""

    def lose_support(self) -> None:
        """External support ends for good."""


class Effect(ABC):
    """A kind of effect.

    Attributes:
        KEYS: its keys in a scenario's file; with the first of them a file says that an event has this effect.
    """

    KEYS: ClassVar[tuple[str, ...]]

    @abstractmethod
    def words(self) -> list[str]:
        """What it does, in words."""

    @abstractmethod
    def row(self) -> dict[str, Any]:
        """Its keys and values in a scenario's file."""

    @abstractmethod
    def happen_to(self, area: Affected) -> None:
        """It happens to an area of the Mesa model."""


@dataclass(frozen=True)
class LeversChange(Effect):
    """Levers change.

    Attributes:
        levers: levers (not structural) and their new stored values.
        zone: the zone in which they change (levers of `ZoneLevers` only); '' everywhere.
    """

    levers: dict[str, float]
    zone: str = ""
    KEYS: ClassVar[tuple[str, ...]] = ("set", "zone")

    def words(self) -> list[str]:
        """One item a lever."""
        where = f" in zone '{self.zone}'" if self.zone else ""
        return [f"{LEVERS[name].about.words}{where} becomes {shown(name, v)}" for name, v in self.levers.items()]

    def row(self) -> dict[str, Any]:
        """Values as a user writes them."""
        row: dict[str, Any] = {"set": {name: LEVERS[name].show(value) for name, value in self.levers.items()}}
        return row | ({"zone": self.zone} if self.zone else {})

    def happen_to(self, area: Affected) -> None:
        """The area's levers change."""
        area.change_levers(self.levers, self.zone)


@dataclass(frozen=True)
class LeadersLeave(Effect):
    """Leaders of one level leave and are replaced.

    Attributes:
        level: 'senior', 'operational' or 'manager'.
        agency: whose leaders leave; '' of every agency.
    """

    level: str
    agency: str = ""
    KEYS: ClassVar[tuple[str, ...]] = ("leaves", "agency")

    def words(self) -> list[str]:
        """Who leaves."""
        whose = f" of {self.agency.replace('_', ' ')}" if self.agency else ""
        return [f"{LEADER_WORDS[self.level]}{whose} leave and are replaced"]

    def row(self) -> dict[str, Any]:
        """The level, and the agency where one is named."""
        return {"leaves": self.level, **({"agency": self.agency} if self.agency else {})}

    def happen_to(self, area: Affected) -> None:
        """The area's leaders are replaced."""
        area.replace_leaders(self.level, self.agency)


@dataclass(frozen=True)
class SupportWithdrawn(Effect):
    """External support ends."""

    KEYS: ClassVar[tuple[str, ...]] = ("withdraw_support",)

    def words(self) -> list[str]:
        """That it ends."""
        return ["external support ends"]

    def row(self) -> dict[str, Any]:
        """Its one key."""
        return {"withdraw_support": True}

    def happen_to(self, area: Affected) -> None:
        """The area loses its support."""
        area.lose_support()


KINDS: tuple[type[Effect], ...] = (LeversChange, LeadersLeave, SupportWithdrawn)
"""The kinds of effect, in the order in which those of one event take place."""

Kind = TypeVar("Kind", bound=Effect)


@dataclass(frozen=True)
class Event:
    """Something that happens to the area once.

    Attributes:
        name: what happens, in words.
        when: the month it acts in, in phase 1 (0 is in place in row 0), or the condition it waits for.
        effects: what it does, at most one effect of a kind; kept in the order of KINDS.
        note: why, and where it comes from.
    """

    name: str
    when: int | Condition
    effects: tuple[Effect, ...]
    note: str = ""

    def __post_init__(self) -> None:
        kinds = [type(effect) for effect in self.effects]
        if len(set(kinds)) < len(kinds):
            raise ValueError(f"event '{self.name}' has two effects of one kind; make two events of it.")
        in_order = tuple(sorted(self.effects, key=lambda effect: KINDS.index(type(effect))))
        object.__setattr__(self, "effects", in_order)

    @property
    def month(self) -> int | None:
        """The month it acts in, None where a condition decides."""
        return self.when if isinstance(self.when, int) else None

    @property
    def condition(self) -> Condition | None:
        """The condition it waits for, None where it has a month."""
        return self.when if isinstance(self.when, Condition) else None

    @property
    def levers(self) -> dict[str, float]:
        """The levers that it changes, and their new stored values; none in most events."""
        change = self.effect(LeversChange)
        return change.levers if change else {}

    def effect(self, kind: type[Kind]) -> Kind | None:
        """Its effect of a kind, None where it has none."""
        return next((effect for effect in self.effects if isinstance(effect, kind)), None)

    def words(self) -> str:
        """What it does, in words."""
        return listed([item for effect in self.effects for item in effect.words()])

    def sentence(self) -> str:
        """The event in one sentence."""
        when = f"In month {self.when}" if isinstance(self.when, int) else self.when.sentence()
        return f"{when}: {self.name} ({self.words()})."
