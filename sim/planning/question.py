"""What is asked: limits, people, wishes, what counts and what may be chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CASH, RELEASED = "cash", "released time"
MONEY = (CASH, RELEASED)
TERM_MONTHS = 4
"""Three school terms a year."""


@dataclass(frozen=True)
class Limits:
    """What may be spent, GBP in each year of the horizon.

    Attributes:
        cash: one for each year, infinite for a year that is over, () no limit.
        released: released time, one for each year, () no limit.
        chance: share of runs in which no limit may be broken in any year.
    """

    cash: tuple[float, ...] = ()
    released: tuple[float, ...] = ()
    chance: float = 0.9

    def of(self, kind: str) -> tuple[float, ...]:
        """The limits of a kind of MONEY."""
        return self.cash if kind == CASH else self.released

    def scaled(self, factor: float) -> Limits:
        """The same limits, each so many times as high."""
        return Limits(tuple(factor * x for x in self.cash), tuple(factor * x for x in self.released), self.chance)


@dataclass(frozen=True)
class People:
    """People who can be had for the core team.

    Attributes:
        count: how many.
        start: month from which they are there.
    """

    count: int
    start: int = 0


@dataclass(frozen=True)
class Support:
    """External support that can be had.

    Attributes:
        level: highest level, 0 to 1.
        ends: month by which it must have ended, None: it may go on.
    """

    level: float = 1.0
    ends: int | None = None


@dataclass(frozen=True)
class SiteWishes:
    """Wishes for sites, by pseudonym or id.

    Attributes:
        must: in some zone.
        never: in no zone.
        first: in the first zone.
        most_a_term: most sites whose zone opens in the same school term (four months), None: no limit.
    """

    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    most_a_term: int | None = None


@dataclass(frozen=True)
class Counted:
    """Something that counts.

    Attributes:
        measure: id of a measure, a share that is better the larger it is.
        worth: smallest difference worth having, in the measure's unit.
    """

    measure: str
    worth: float


@dataclass(frozen=True)
class Choices:
    """What may be chosen.

    Attributes:
        most_zones: most zones of a plan.
        sizes: fewest and most sites of a zone.
        opens: first and last month in which a zone may open.
        resources: times the usual that local teams of a zone may have.
        levers: values that each searched lever may take, by name, in rising order.
    """

    most_zones: int = 4
    sizes: tuple[int, int] = (2, 20)
    opens: tuple[int, int] = (1, 84)
    resources: tuple[float, ...] = (1.0,)
    levers: dict[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """The whole question.

    Attributes:
        name: the file's name without its ending.
        text: the question in a sentence.
        base: scenario that everything not searched is taken from.
        own: the user's own plan (a scenario's name or path), '' none.
        against: scenario that gains are measured against.
        months: horizon.
        second: an earlier month at which results are read too.
        limits: what may be spent.
        people: members for the core team; () no limit.
        support: external support.
        sites: wishes for sites.
        counts: what counts, the first foremost.
        choices: what may be chosen.
        area: settings or files of the area, {} the base's own.
        calibration: posterior sample that uncertain parameters are drawn from, '' their defaults.
    """

    name: str
    text: str = ""
    base: str = "with-teams"
    own: str = ""
    against: str = "without-teams"
    months: int = 120
    second: int = 60
    limits: Limits = Limits()
    people: tuple[People, ...] = ()
    support: Support = Support()
    sites: SiteWishes = SiteWishes()
    counts: tuple[Counted, ...] = ()
    choices: Choices = Choices()
    area: dict[str, Any] = field(default_factory=dict)
    calibration: str = ""

    @property
    def years(self) -> int:
        """Years of the horizon, the last one perhaps not whole."""
        return -(-self.months // 12)

    @property
    def year_ends(self) -> tuple[int, ...]:
        """The last month of each year."""
        return tuple(min(12 * (year + 1), self.months) for year in range(self.years))
