"""What a run records month by month where it is asked to: every site's month, and every spell of use.

Both engines show the end of a month as `Seen`; a `DiaryWriter` for each replicate keeps what was asked for. Runs that
keep no diary never come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.rules.site import EXPLORATION

if TYPE_CHECKING:
    from sim.engine.setup import Setup
    from sim.engine.world import World

Array = NDArray[Any]

SPELLS, SITE_MONTHS = "spells", "site_months"
DIARIES = (SPELLS, SITE_MONTHS)


class Seen(NamedTuple):
    """The end of a month: N practitioners, S sites."""

    using: Array  # bool [N]
    coached: Array  # bool [S] coaching of a team, or coaching that was bought, reached its staff
    stage: Array  # int [S] index into `codes.STAGES`
    users: Array  # int [S]
    at_fidelity: Array  # int [S]
    fidelity: Array  # float64 [S] sum of its users' own
    capacity: Array  # float64 [S] capacity that supports it
    attention: Array  # float64 [S] share of the support it needs that its core team gives
    commitment: Array  # float64 [S] its manager's
    given_up: Array  # bool [S] at some time so far
    returned: Array  # bool [S] at some time so far


KINDS = {
    "stage": np.int8, "users": np.int32, "at_fidelity": np.int32, "fidelity": np.float64, "capacity": np.float64,
    "attention": np.float64, "commitment": np.float64, "given_up": np.int8, "returned": np.int8,
}  # fmt: skip
"""What is kept of every site's month, and as what."""

SPELL = np.dtype([("person", "i4"), ("began", "i4"), ("months", "i4"), ("coached", "i4"), ("ended", "i1")])
"""A spell of use: whose, the month it began, how many months it lasted and was coached, whether it ended."""


@dataclass(frozen=True)
class Diary:
    """What one ensemble keeps: R replicates, T months, S sites.

    Attributes:
        site_months: by name of KINDS, [R, T+1, S]; {} where not asked for.
        spells: records SPELL, an array a replicate, in order of the month they ended, then of the person; [] where not
            asked for.
    """

    site_months: dict[str, Array] = field(default_factory=dict)
    spells: list[Array] = field(default_factory=list)

    def keeps(self, what: str) -> bool:
        """Whether one of DIARIES is kept."""
        return bool(self.spells if what == SPELLS else self.site_months)


def empty(setup: Setup, replicates: int, asked: Sequence[str]) -> Diary | None:
    """Room for what is asked for; None for nothing.

    Raises:
        ScenarioError: there is not so much memory.
    """
    if not asked:
        return None
    shape = (replicates, setup.months + 1, len(setup.place.site_id))
    try:
        months = {name: np.zeros(shape, kind) for name, kind in KINDS.items()} if SITE_MONTHS in asked else {}
    except MemoryError:
        raise ScenarioError(
            f"{replicates:,} replicates of {setup.months:,} months at {shape[2]:,} sites need more memory than this "
            f"machine has to write every site's month down; ask for fewer replicates or months."
        ) from None
    return Diary(months, [np.zeros(0, SPELL)] * replicates if SPELLS in asked else [])


class DiaryWriter:
    """One replicate's part of a diary while it is being written."""

    def __init__(self, diary: Diary, index: int, person_site: Array) -> None:
        """`person_site`: site of each practitioner [N]."""
        people = len(person_site)
        self._diary, self._index, self._site = diary, index, person_site
        self._using = np.zeros(people, np.bool_)
        self._began, self._coached = np.zeros(people, np.int32), np.zeros(people, np.int32)
        self._ended: list[Array] = []

    def write(self, month: int, seen: Seen) -> None:
        """Write the end of a month down."""
        for name, kept in self._diary.site_months.items():
            kept[self._index, month] = getattr(seen, name)
        if self._diary.spells:
            self._follow(month, seen)

    def _follow(self, month: int, seen: Seen) -> None:
        """Note spells that ended and open those that began. A newcomer never uses it in the month of arrival."""
        self._ended.append(self._noted(self._using & ~seen.using, month, ended=True))
        began = seen.using & ~self._using
        self._began[began], self._coached[began] = month, 0
        self._coached += seen.using & seen.coached[self._site]
        self._using = seen.using.copy()

    def _noted(self, whose: Array, end: int, *, ended: bool) -> Array:
        people = np.flatnonzero(whose)
        found = np.zeros(len(people), SPELL)
        found["person"], found["began"], found["ended"] = people, self._began[people], ended
        found["months"], found["coached"] = end - self._began[people], self._coached[people]
        return found

    def close(self, last: int) -> None:
        """The run is over: note spells that continue, up to the last month."""
        if self._diary.spells:
            going_on = self._noted(self._using, last + 1, ended=False)
            self._diary.spells[self._index] = np.concatenate([*self._ended, going_on])


def seen(world: World) -> Seen:
    """The end of a month in the compiled engine."""
    w = world.actors
    sites, area = w.sites, w.sites["area"]
    has_core, core = sites["core"] >= 0, np.maximum(sites["core"], 0)
    counts_on_it = has_core & (sites["stage"] >= EXPLORATION) & (sites["given_up"] < 0)
    attention = w.teams["attention"][core] if len(w.teams) else np.zeros(len(sites))
    taught = (sites["able"] > 0.0) & (w.zone_levers["coaching"][area, sites["zone"]] > 0.0)
    return Seen(
        using=world.people.using > 0,
        coached=taught | (w.areas["bought"][area] > 0.0),
        stage=sites["stage"],
        users=sites["users"],
        at_fidelity=sites["at_fidelity"],
        fidelity=sites["fidelity"],
        capacity=sites["able"],
        attention=np.where(counts_on_it, attention, 0.0),
        commitment=w.leaders["commitment"][sites["manager"]],
        given_up=sites["month_given_up"] >= 0,
        returned=sites["month_returned"] >= 0,
    )
