"""The question: what a scenario holds once it has been read, inherited and checked (files are read in `files.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.organisation.codes import INTENDED_USERS
from sim.parameters import LEVERS, UNCERTAINTIES, Levers, Parameters, levers_from, parameters_from

REST = -1


@dataclass(frozen=True)
class Gate:
    """A zone opens once an earlier zone's assessed state allows it.

    Attributes:
        certified: share of the earlier zone's started sites that must be certified now.
        capacity: mean assessed capacity its local teams must have.
        of: name of the earlier zone; '' for the one before in the plan.
    """

    certified: float = 0.5
    capacity: float = 0.5
    of: str = ""


@dataclass(frozen=True)
class Zone:
    """One transformation zone of the plan.

    Its sites are `sites`, or `count` in the file's order, or `choose` by representativeness (each area of a nation on
    its own). REST as count or choose means all that are left.

    Attributes:
        name: name, unique in the plan, not 'outside' or 'all'.
        sites: ids of its sites.
        count: how many sites, in the file's order.
        choose: how many sites, chosen so that the slice resembles its area.
        types: site types to count or choose from, () all.
        opens: month it opens, None when a gate decides.
        gate: the gate, None when a month decides.
        latest: month by which it opens although the gate is not met, None: never without the gate.
        resources: local teams' time against the usual, 1 as usual.
        note: why, and where it comes from.
    """

    name: str
    sites: tuple[str, ...] = ()
    count: int = 0
    choose: int = 0
    types: tuple[str, ...] = ()
    opens: int | None = None
    gate: Gate | None = None
    latest: int | None = None
    resources: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class Condition:
    """When an undated event falls due: `measure` of `zone` reaches `at_least` (once, in any one area: there).

    Attributes:
        measure: 'full_share' or 'certified_share' (of the zone's sites), 'capacity_core' or 'capacity_local'.
        at_least: threshold 0-1.
        zone: zone name; '' for the whole area.
    """

    measure: str
    at_least: float
    zone: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happens to the area: dated (`month`) or conditional (`when`).

    Attributes:
        name: what happens, in words.
        month: month it acts in, in phase 1; 0 is in place in row 0; None when `when` decides.
        when: condition, None when dated.
        set: levers (not structural) and their new stored values.
        leaves: 'senior', 'operational' or 'manager': leaders of that level leave and are replaced; '' nobody.
        agency: whose leaders leave; '' of every agency.
        withdraw_support: external support ends now.
        note: why, and where it comes from.
    """

    name: str
    month: int | None = None
    when: Condition | None = None
    set: dict[str, float] = field(default_factory=dict)
    leaves: str = ""
    agency: str = ""
    withdraw_support: bool = False
    note: str = ""


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
        events: what happens on the way.
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
    events: tuple[Event, ...] = ()
    scope: tuple[str, ...] = INTENDED_USERS
    area: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def lever_values(self) -> Levers:
        """All levers, defaults where nothing was set."""
        return levers_from({n: v for n, v in self.levers.items() if n in LEVERS})

    def parameter_values(self, drawn: dict[str, float] | None = None) -> Parameters:
        """All uncertainties: defaults, then one drawn row of a posterior sample, then what was set by hand."""
        return parameters_from({**(drawn or {}), **{n: v for n, v in self.parameters.items() if n in UNCERTAINTIES}})
