"""What was reported, row by row, and added up to zones: sites are counted, and never shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.observed.observables import BY_NAME, FAMILIES, MONEY, NUMBERS, PEOPLE, SCORE, SITES, STAGE, Observable
from sim.organisation.files.vocabulary import key
from sim.results.columns import ALL, OUTSIDE

if TYPE_CHECKING:
    from sim.engine.setup import Setup
    from sim.organisation.organisation import Organisation

STARTED_STAGES = ("initial", "full", "not_sustained")
BETWEEN_SITES = 0.25
"""Standard deviation of a share between the sites of a zone where too few report to see it; assumed."""
LEAST_SITES = 3


@dataclass(frozen=True)
class Report:
    """One row as it was read.

    Attributes:
        row: where it stands, 'list.csv row 7'.
        month: of the plan.
        measure: name of an observable, or STAGE.
        value: a share 0-1, a score 0-1, a number of families, pounds.
        zone: its zone, ALL the whole area.
        site: position among the sites in scope, -1 none.
        observed: how many the value rests on (people, or sites), 0 not said.
        of: how many there are, 0 not said.
        stage: of a site, '' for other measures.
    """

    row: str
    month: int
    measure: str
    value: float
    zone: str = ALL
    site: int = -1
    observed: int = 0
    of: int = 0
    stage: str = ""


@dataclass(frozen=True)
class Datum:
    """One measure of one zone (or of the area) in one month: what runs are compared with.

    Attributes:
        measure: name of an observable.
        zone: a zone's name, or ALL.
        month: of the plan.
        value: share, score, number of families or pounds.
        observed: how many people (sites, teams) it rests on; at least 1.
        of: how many there are.
        between: variance that comes from sites which did not report.
        sites: how many sites reported; 0: reported for the zone as a whole.
    """

    measure: str
    zone: str
    month: int
    value: float
    observed: int
    of: int
    between: float = 0.0
    sites: int = 0

    @property
    def observable(self) -> Observable:
        """What was observed."""
        return BY_NAME[self.measure]

    @property
    def count(self) -> float:
        """The number of people, sites or families that the value stands for."""
        return self.value * self.observed if self.observable.kind in (PEOPLE, SITES) else self.value


@dataclass(frozen=True)
class Place:
    """What a file's zones and sites are read against: S sites in scope.

    Attributes:
        zones: names in plan order.
        site_zone: zone of each site by its position, len(zones) outside.
        staff: practitioners of each site.
        families: families of each site.
        names: everything that a site may be called, by its position.
        start: date of month 0 as ISO text, '' not known.
        sample: how many practitioners the model's assessment observes at a site.
        out_of_scope: keys of the names of sites that the scenario leaves out.
    """

    zones: tuple[str, ...]
    site_zone: tuple[int, ...]
    staff: tuple[int, ...]
    families: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]
    start: str = ""
    sample: int = 10
    out_of_scope: frozenset[str] = frozenset()

    def zone_of(self, site: int) -> str:
        """The name of a site's zone."""
        return (*self.zones, OUTSIDE)[self.site_zone[site]]

    def sites_of(self, zone: str) -> list[int]:
        """Positions of a zone's sites; all for ALL."""
        return [i for i in range(len(self.site_zone)) if zone == ALL or self.zone_of(i) == zone]


def place_of(setup: Setup, whole: Organisation | None = None, start: str = "") -> Place:
    """What a prepared scenario says of its zones and sites.

    Args:
        setup: scenario and organisation, prepared.
        whole: the organisation with what lies outside the scenario's scope.
        start: date of month 0 as ISO text, '' the organisation's own.
    """
    within = setup.organisation
    count = len(within.sites)
    people = np.bincount(within.practitioners.site, minlength=count)
    families = np.bincount(within.practitioners.site[within.families.practitioner], minlength=count)
    s = within.sites
    others = () if whole is None else (whole.sites.ids, whole.sites.names, whole.sites.pseudonyms)
    called = zip(s.ids.tolist(), s.names.tolist(), s.pseudonyms.tolist(), strict=True)
    return Place(
        zones=tuple(z.name for z in setup.scenario.zones),
        site_zone=tuple(int(z) for z in setup.course.site_zone),
        staff=tuple(people.tolist()),
        families=tuple(families.tolist()),
        names=tuple(tuple(dict.fromkeys(str(n) for n in names if n)) for names in called),
        start=start or within.start_date,
        out_of_scope=frozenset(key(str(n)) for names in others for n in names.tolist() if n),
        sample=int(setup.scenario.parameter_values().site.assess_sample),
    )


def data_of(reports: Iterable[Report], place: Place) -> tuple[Datum, ...]:
    """Reports as data of zones and of the area, sorted by measure, zone and month.

    Rows of sites are added up to their zone; a zone's own row counts before them.
    """
    found: dict[tuple[str, str, int], Datum] = {}
    by_site: dict[tuple[str, str, int], list[Report]] = {}
    for report in reports:
        if report.site >= 0:
            for one in _of_stage(report):
                by_site.setdefault((one.measure, place.zone_of(report.site), one.month), []).append(one)
        else:
            found[report.measure, report.zone, report.month] = _whole(report, place)
    for (measure, zone, month), rows in by_site.items():
        found.setdefault((measure, zone, month), _added_up(measure, zone, rows, place))
    order = list(BY_NAME)
    zones = [*place.zones, OUTSIDE, ALL]
    return tuple(found[k] for k in sorted(found, key=lambda k: (order.index(k[0]), zones.index(k[1]), k[2])))


def _of_stage(report: Report) -> list[Report]:
    """A site's stage as what it says of those started and those in full implementation."""
    if report.measure != STAGE:
        return [report]
    started, full = float(report.stage in STARTED_STAGES), float(report.stage == "full")
    return [
        Report(report.row, report.month, name, value, report.zone, report.site, 1, 1)
        for name, value in (("sites_started", started), ("sites_full", full))
    ]


def _there(kind: str, zone: str, place: Place) -> int:
    """How many people, sites or families a zone has."""
    sites = place.sites_of(zone)
    of = {PEOPLE: place.staff, SCORE: place.staff, FAMILIES: place.families}.get(kind)
    return len(sites) if of is None else sum(of[i] for i in sites)


def _whole(report: Report, place: Place) -> Datum:
    """A report for a zone or the area as a whole."""
    kind = BY_NAME[report.measure].kind
    there = _there(kind, report.zone, place)
    observed = report.observed or (_usual(report, place) if kind == SCORE else there)
    if kind in (*NUMBERS, MONEY):
        observed = there
    return Datum(report.measure, report.zone, report.month, report.value, max(1, observed), max(1, there, observed))


def _usual(report: Report, place: Place) -> int:
    """How many a score rests on where nobody says: one for a core team, a team a site, the model's sample a site."""
    if report.measure == "capacity_core":
        return 1
    sites = place.sites_of(report.zone)
    return len(sites) if report.measure == "capacity_local" else sum(min(place.sample, place.staff[i]) for i in sites)


def _added_up(measure: str, zone: str, rows: Sequence[Report], place: Place) -> Datum:
    """The rows of a zone's sites as one datum, with what their number leaves open."""
    kind = BY_NAME[measure].kind
    sites, month = place.sites_of(zone), rows[0].month
    there = _there(kind, zone, place)
    if kind in (*NUMBERS, MONEY):
        # What did not report is taken to be like what did; how unlike it may be is told by the spread.
        size = place.families if kind == FAMILIES else place.staff
        covered = sum(size[r.site] for r in rows) / max(1, sum(size[i] for i in sites))
        total = math.fsum(r.value for r in rows)
        value = total / covered if covered > 0 else total
        between = (1 - covered) * value**2 * BETWEEN_SITES / max(1, len(rows))
        return Datum(measure, zone, month, value, max(1, there), max(1, there), between, len(rows))
    if kind == SITES:
        value = math.fsum(r.value for r in rows) / len(rows)
        return Datum(measure, zone, month, value, len(rows), len(sites), 0.0, len(rows))
    weights = [float(r.observed or (1 if measure == "capacity_local" else place.staff[r.site])) for r in rows]
    value = math.fsum(r.value * w for r, w in zip(rows, weights, strict=True)) / math.fsum(weights)
    left_open = 1.0 - len(rows) / len(sites)
    between = left_open * _spread([r.value for r in rows]) ** 2 / len(rows)
    observed = len(rows) if measure == "capacity_local" else int(math.fsum(weights))
    of = len(sites) if measure == "capacity_local" else there
    return Datum(measure, zone, month, value, max(1, observed), max(1, of, observed), between, len(rows))


def _spread(values: Sequence[float]) -> float:
    """Standard deviation between sites: what is seen where enough report, and never nothing."""
    if len(values) < LEAST_SITES:
        return BETWEEN_SITES
    return max(float(np.std(values, ddof=1)), BETWEEN_SITES / 5)
