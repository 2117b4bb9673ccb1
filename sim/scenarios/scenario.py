"""The question: what a scenario holds once it has been read, inherited and checked (files are read in `files.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.counts import counted
from sim.levers import Levers, ZoneLevers
from sim.organisation.codes import INTENDED_USERS
from sim.parameters import LEVERS, UNCERTAINTIES, Parameters, levers_from, parameters_from
from sim.scenarios.budget import Budget
from sim.scenarios.events import Event
from sim.scenarios.words import listed, number, shown

REST = -1
LEAST_SHARE = 0.001
LEAST_OF_A_SHARE = 2
"""Sites of a zone that is a share of a small area: the lower end of what a first zone has (lit 11 A)."""


@dataclass(frozen=True)
class Gate:
    """A zone opens once an earlier zone's assessed state allows it.

    Attributes:
        certified: share of the earlier zone's started sites that must be certified now.
        capacity: mean assessed capacity its local teams must have.
        of: name of the earlier zone; '' for the one before in the plan.
        outcome: benefit (SD) that the earlier zone's own data must show for the families reached, None: not asked.
    """

    certified: float = 0.5
    capacity: float = 0.5
    of: str = ""
    outcome: float | None = None

    def sentence(self, before: str) -> str:
        """What it asks of the earlier zone; `before` is the zone before it in the plan."""
        shows = (
            ""
            if self.outcome is None
            else (f", and its own data show a benefit of {number(self.outcome)} SD for the families it reached")
        )
        return (
            f"once {number(round(100 * self.certified, 10))} % of the started sites of '{self.of or before}' are "
            f"certified and its local teams' mean assessed capacity is {number(self.capacity)}{shows}"
        )


@dataclass(frozen=True)
class Zone:
    """One transformation zone of the plan.

    Its sites are `sites`, or `count` in the file's order, or `choose` by representativeness (each area of a nation on
    its own), or a `share` of the area's sites, chosen likewise. REST as count or choose means all that are left.

    Attributes:
        name: name, unique in the plan, not 'outside' or 'all'.
        sites: ids of its sites.
        count: how many sites, in the file's order.
        choose: how many sites, chosen so that the slice resembles its area.
        share: share of the area's sites in scope (and of `types`) to choose so, above 0; 0: `choose` says how many.
        types: site types to count or choose from, () all.
        opens: month it opens, None when a gate decides.
        gate: the gate, None when a month decides.
        latest: month by which it opens although the gate is not met, None: never without the gate.
        resources: local teams' time against the usual, 1 as usual.
        coaching: coaching of its practitioners, None as in the area.
        external_level: external support to core teams for its sites, None as in the area.
        local_team_size: members of its local teams, None as in the area.
        note: why, and where it comes from.
    """

    name: str
    sites: tuple[str, ...] = ()
    count: int = 0
    choose: int = 0
    share: float = 0.0
    types: tuple[str, ...] = ()
    opens: int | None = None
    gate: Gate | None = None
    latest: int | None = None
    resources: float = 1.0
    coaching: float | None = None
    external_level: float | None = None
    local_team_size: int | None = None
    note: str = ""

    @property
    def size(self) -> int:
        """How many sites it asks for, REST for all that are left; 0 where it asks for a share of the area."""
        return len(self.sites) or self.count or self.choose

    def of(self, sites: int) -> int:
        """How many sites it asks for where so many are in scope and of its types, REST for all that are left."""
        if not self.share:
            return self.size
        return min(sites, max(LEAST_OF_A_SHARE, round(self.share * sites)))

    def membership(self) -> str:
        """Which sites it takes, in words."""
        kinds = f" of type {listed(self.types)}" if self.types else ""
        if self.sites:
            return f"{counted(len(self.sites), 'site')} named in the plan ({', '.join(self.sites)})"
        if self.size == REST:
            return f"all the sites{kinds} that are left"
        if self.share:
            return f"{number(round(100 * self.share, 10))} % of the area's sites{kinds}, chosen to resemble the area"
        how = "in the file's order" if self.count else "chosen to resemble the area"
        return f"{counted(self.size, 'site')}{kinds} {how}"

    def opening(self, before: str) -> str:
        """When it opens, in words; `before` is the zone before it in the plan."""
        if self.gate is None:
            return f"opens in month {self.opens}"
        end = "and not otherwise" if self.latest is None else f"at the latest in month {self.latest}"
        return f"opens {self.gate.sentence(before)}, {end}"

    def sentence(self, before: str = "") -> str:
        """The zone in one sentence."""
        extra = "" if self.resources == 1.0 else f" Its local teams have {number(self.resources)} times the usual time."
        own = [f"{LEVERS[name].about.words} ({shown(name, value)})" for name, value in self.own_levers().items()]
        extra += f" It has its own {listed(own)}." if own else ""
        return f"Zone '{self.name}' takes {self.membership()}; it {self.opening(before)}.{extra}"

    def own_levers(self) -> dict[str, float]:
        """Levers that have a value of its own here."""
        given = {name: getattr(self, name) for name in ZoneLevers._fields}
        return {name: float(value) for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class FurtherCoreTeam:
    """A core team that is founded on the way (in a nation: one in each area) and takes over sites.

    Attributes:
        founded: the month.
        size: its members, None as the plan's core teams.
        agencies: agencies among its members, None as the plan's core teams.
        zones: names of the zones it takes over; () a fair part of each core team's sites, those of the last zones.
        note: why, and where it comes from.
    """

    founded: int
    size: int | None = None
    agencies: int | None = None
    zones: tuple[str, ...] = ()
    note: str = ""

    def takes_over(self) -> str:
        """Which sites it takes over, in words."""
        if self.zones:
            return " and ".join(f"zone '{name}'" for name in self.zones)
        return "an equal share of the people, those of the last zones first"

    def sentence(self) -> str:
        """The team in one sentence."""
        who = [counted(self.size, "member")] if self.size is not None else []
        who += [f"people of {counted(self.agencies, 'agency', 'agencies')}"] if self.agencies is not None else []
        made_of = f" with {listed(who)}" if who else ""
        return f"In month {self.founded} a further core team{made_of} is founded; it takes over {self.takes_over()}."


@dataclass(frozen=True)
class Initiative:
    """Another initiative that staff and leaders carry beside the practice.

    Attributes:
        name: what it is called.
        load: load while it runs (0 none - 1 as much as staff can carry).
        agency: whose load it is; '' every agency's.
        overlap: share of it that is the same work as the practice, and so no extra load.
        begins: month it begins; one that begins at 0 is there already and takes nobody by surprise.
        ends: month it ends, None: beyond any horizon.
        note: why, and where it comes from.
    """

    name: str
    load: float
    agency: str = ""
    overlap: float = 0.0
    begins: int = 0
    ends: int | None = None
    note: str = ""

    def sentence(self) -> str:
        """The initiative in one sentence."""
        whose = self.agency.replace("_", " ") if self.agency else "every agency"
        when = f"from month {self.begins} on" if self.ends is None else f"from month {self.begins} to {self.ends}"
        same = f", of which {number(round(100 * self.overlap, 10))} % is the same work" if self.overlap else ""
        return f"'{self.name}' adds a load of {number(self.load)} to {whose} {when}{same}."


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario: ready to run on an organisation.

    Attributes:
        name: its id on the command line.
        title: one line for people.
        description: what question it asks.
        base: name of the scenario it inherits from, '' for none.
        months: horizon it states.
        levers: stored values of the levers that were set (others keep their defaults).
        parameters: uncertainties set by hand (they override the posterior sample).
        zones: the plan, in order.
        core_teams: core teams founded later.
        events: events.
        initiatives: other initiatives beside the practice.
        budget: yearly limits of cash and staff time.
        scope: site types that are the practice's intended users.
        area: settings of the generated default area (keys of `organisation.synthetic`), used when no --area is given.
        notes: a sentence and source for a choice, by the choice's key.
    """

    name: str
    title: str = ""
    description: str = ""
    base: str = ""
    months: int = 60
    levers: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    zones: tuple[Zone, ...] = ()
    core_teams: tuple[FurtherCoreTeam, ...] = ()
    events: tuple[Event, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    budget: Budget = field(default_factory=Budget)
    scope: tuple[str, ...] = INTENDED_USERS
    area: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def lever_values(self) -> Levers:
        """All levers, defaults where nothing was set."""
        return levers_from({n: v for n, v in self.levers.items() if n in LEVERS})

    def parameter_values(self, drawn: dict[str, float] | None = None) -> Parameters:
        """All uncertainties: defaults, then one drawn row of a posterior sample, then what was set by hand."""
        return parameters_from({**(drawn or {}), **{n: v for n, v in self.parameters.items() if n in UNCERTAINTIES}})
