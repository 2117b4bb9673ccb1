"""What may be chosen on an organisation, and how a plan is brought within all that can be told without running it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.errors import ScenarioError
from sim.organisation.organisation import Organisation
from sim.planning.begun import NOT_BEGUN, Begun
from sim.planning.candidate import Candidate, PlannedZone, candidate
from sim.planning.question import TERM_MONTHS, Question, SiteWishes
from sim.scenarios.plan import core_teams
from sim.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Space:
    """The plans of a question on an organisation.

    Attributes:
        question: what was asked, its sites by pseudonym.
        place: the organisation within scope.
        sites: pseudonyms of the sites that a plan may take, in the file's order.
        levers: values that each searched lever may take, by name, in rising order.
        fixed: values of levers that wishes bound but nobody searches.
        usual: values of the searched levers in the base.
        begun: what is fixed of a plan that has begun.
    """

    question: Question
    place: Organisation
    sites: tuple[str, ...]
    levers: dict[str, tuple[float, ...]]
    fixed: dict[str, float]
    usual: dict[str, float]
    begun: Begun = NOT_BEGUN

    @property
    def row_of(self) -> dict[str, int]:
        """Row of each site among the organisation's."""
        return {str(name): row for row, name in enumerate(self.place.sites.pseudonyms)}

    @property
    def months(self) -> tuple[int, ...]:
        """Months in which a zone may open: a term apart."""
        first, last = self.question.choices.opens
        return tuple(range(self.earliest, max(last, self.earliest) + 1, TERM_MONTHS)) or (first,)

    @property
    def earliest(self) -> int:
        """The first month in which a zone may open: as asked, not before anybody of the core team is there, nor in
        what is past.
        """
        people = self.question.people
        first = min((p.start for p in people), default=0)
        return max(self.question.choices.opens[0], first, self.begun.month + 1)

    def fitted(self, plan: Candidate) -> Candidate:
        """The plan nearest to `plan` that keeps every wish: sites, sizes, openings in a term, people, support.

        Plans that keep them all are returned as they are.
        """
        zones = self._with_wishes([_copy(z) for z in plan.zones])
        zones = self._sized(zones)
        zones = self._spread(zones)
        return candidate((z.planned() for z in zones), self._within(dict(plan.levers)))

    def unmet(self, plan: Candidate) -> list[str]:
        """What a plan breaks of what can be told without running it, in words; [] for one that may be run."""
        wishes, found = self.question.sites, []
        taken = set(plan.sites)
        first = set(plan.zones[0].sites) if plan.zones else set()
        if missing := sorted(set(wishes.must) - taken):
            found.append(f"leaves out {', '.join(missing)}, which must be in a zone")
        if there := sorted(set(wishes.never) & taken):
            found.append(f"takes {', '.join(there)}, which may be in no zone")
        if late := sorted(set(wishes.first) - first):
            found.append(f"has {', '.join(late)} not in its first zone")
        if self._crowded(plan):
            found.append(f"opens more than {wishes.most_a_term} sites in one school term")
        if len(plan.zones) > self.question.choices.most_zones:
            found.append(f"has {len(plan.zones)} zones; at most {self.question.choices.most_zones} are allowed")
        values = {**self.fixed, **dict(plan.levers)}
        if self.question.people and _team(values) > self.people_at(plan.zones[0].opens if plan.zones else 0):
            found.append("needs more people for the core team than there are")
        return found

    def people_at(self, month: int) -> int:
        """Most members of core teams that can be had in a month."""
        return sum(p.count for p in self.question.people if p.start <= month)

    def _crowded(self, plan: Candidate) -> bool:
        most = self.question.sites.most_a_term
        if most is None:
            return False
        terms: dict[int, int] = {}
        for zone in plan.zones:
            terms[_term(zone.opens)] = terms.get(_term(zone.opens), 0) + len(zone.sites)
        return max(terms.values(), default=0) > most

    def _with_wishes(self, zones: list[_Draft]) -> list[_Draft]:
        """Zones with only sites that are allowed, each once, and with those that are wished for."""
        wishes, allowed = self.question.sites, set(self.sites)
        low, high = min(self.months), max(self.months)
        seen: set[str] = set()
        for zone in zones:
            zone.opens = low if zone.opens < low else high if zone.opens > high else zone.opens
            zone.resources = _nearest(zone.resources, self.question.choices.resources)
        zones.sort(key=_Draft.order)
        zones = zones[: self.question.choices.most_zones]
        wanted = (*wishes.first, *wishes.must)
        if wanted and not zones:
            zones = [_Draft(low, [], _nearest(1.0, self.question.choices.resources))]
        for zone in zones:
            zone.sites = [s for s in zone.sites if s in allowed and s not in seen and s not in wishes.first]
            seen.update(zone.sites)
        if wishes.first:
            zones[0].sites = [*wishes.first, *zones[0].sites]
            seen.update(wishes.first)
        for site in wishes.must:
            if site not in seen:
                min(zones, key=lambda z: (len(z.sites), z.opens)).sites.append(site)
                seen.add(site)
        return [z for z in zones if z.sites]

    def _sized(self, zones: list[_Draft]) -> list[_Draft]:
        """Zones within the allowed sizes: too large ones lose sites that nobody asked for, too small ones merge."""
        least, most = self.question.choices.sizes
        term = self.question.sites.most_a_term
        most = most if term is None else min(most, term)
        wanted = {*self.question.sites.must, *self.question.sites.first}
        loose: list[str] = []
        for zone in zones:
            order = sorted(zone.sites, key=lambda s: (s not in wanted,))
            zone.sites, over = order[:most], order[most:]
            loose += [s for s in over if s in wanted]
        for site in loose:
            room = [z for z in zones if len(z.sites) < most]
            if room:
                min(room, key=lambda z: len(z.sites)).sites.append(site)
            elif len(zones) < self.question.choices.most_zones:
                last = max(zones, key=lambda z: z.opens)
                zones.append(_Draft(min(last.opens + TERM_MONTHS, max(self.months)), [site], last.resources))
        for zone in [z for z in zones if len(z.sites) < least]:
            free = [s for s in self.sites if not any(s in z.sites for z in zones)]
            zone.sites += free[: least - len(zone.sites)]
        return zones

    def _spread(self, zones: list[_Draft]) -> list[_Draft]:
        """Openings moved to later terms, else to earlier ones, until no term has more sites than are allowed."""
        most = self.question.sites.most_a_term
        zones.sort(key=_Draft.order)
        if most is None:
            return zones
        kept: list[_Draft] = []
        terms: dict[int, int] = {}
        first, last = min(self.months), max(self.months)
        for zone in zones:
            later = range(zone.opens, last + 1, TERM_MONTHS)
            earlier = range(zone.opens - TERM_MONTHS, first - 1, -TERM_MONTHS)
            room = (m for m in (*later, *earlier) if terms.get(_term(m), 0) + len(zone.sites) <= most)
            month = next(room, None)
            if month is None:
                continue
            zone.opens = month
            terms[_term(month)] = terms.get(_term(month), 0) + len(zone.sites)
            kept.append(zone)
        return sorted(kept, key=_Draft.order)

    def _within(self, levers: dict[str, float]) -> dict[str, float]:
        """Levers at allowed values; a core team no larger than the people there are."""
        found = {n: _nearest(levers.get(n, v[-1]), v) for n, v in self.levers.items()}
        if not self.question.people:
            return found
        most = self.people_at(max(self.months))
        for name in ("core_team_size", "core_teams"):
            while name in found and _team({**self.fixed, **found}) > most:
                lower = [v for v in self.levers[name] if v < found[name]]
                if not lower:
                    break
                found[name] = lower[-1]
        return found


@dataclass
class _Draft:
    opens: int
    sites: list[str]
    resources: float

    def order(self) -> tuple[int, list[str]]:
        return (self.opens, sorted(self.sites))

    def planned(self) -> PlannedZone:
        return PlannedZone(self.opens, tuple(sorted(self.sites)), self.resources)


def _copy(zone: PlannedZone) -> _Draft:
    return _Draft(zone.opens, list(zone.sites), zone.resources)


def _term(month: int) -> int:
    return max(0, month - 1) // TERM_MONTHS


def _nearest(value: float, values: Sequence[float]) -> float:
    return min(values, key=lambda v: (abs(v - value), v))


def _team(values: dict[str, float]) -> float:
    return values["core_teams"] * values["core_team_size"]


def lay_space(question: Question, place: Organisation, base: Scenario, begun: Begun = NOT_BEGUN) -> Space:
    """The plans of a question on an organisation.

    Args:
        question: what was asked.
        place: the organisation within the base's scope.
        base: gives the value of every lever that is not searched.
        begun: what is fixed of a plan that has begun; its sites are no longer to be had.

    Raises:
        ScenarioError: sites that the organisation lacks; wishes that contradict each other here.
    """
    asked = _with_pseudonyms(question, place)
    never = {*asked.sites.never, *begun.sites}
    allowed = tuple(str(s) for s in place.sites.pseudonyms if str(s) not in never)
    if not allowed:
        what = "the zones that have opened and sites.never leave" if begun else "sites.never leaves"
        raise ScenarioError(f"{question.name}: {what} no site for any zone; there is nothing to choose.")
    values = base.lever_values()
    # One area is asked for at a time, so all its sites are one area's.
    values = values._replace(core_teams=float(core_teams(values, len(place.sites))))
    fixed = {n: getattr(values, n) for n in ("core_teams", "core_team_size") if n not in asked.choices.levers}
    levers = {n: v for n, v in _supported(asked).items() if n in begun.still_open((n,))}
    found = Space(asked, place, allowed, levers, fixed, {n: getattr(values, n) for n in levers}, begun)
    if asked.people and (least := _team({**fixed, **{n: v[0] for n, v in found.levers.items()}})) > (
        most := found.people_at(max(found.months))
    ):
        raise ScenarioError(
            f"{question.name}: people: the smallest core team that may be chosen has {least:g} members, but there are "
            f"{most}. Find {least - most:g} more, or let core_team_size be smaller under choices.levers."
        )
    return found


def _supported(question: Question) -> dict[str, tuple[float, ...]]:
    """Searched levers within what external support can be had."""
    levers = dict(question.choices.levers)
    if "external_level" in levers:
        inside = tuple(v for v in levers["external_level"] if v <= question.support.level)
        levers["external_level"] = inside or (question.support.level,)
    if question.support.ends is not None:
        inside = tuple(v for v in levers.get("external_end", ()) if v <= question.support.ends)
        levers["external_end"] = inside or (float(question.support.ends),)
    return levers


def _with_pseudonyms(question: Question, place: Organisation) -> Question:
    """The question with its sites by pseudonym.

    Raises:
        ScenarioError: names nobody has, each with the nearest; all at once.
    """
    from sim.problems import Problems

    names = {str(i): str(p) for i, p in zip(place.sites.ids, place.sites.pseudonyms, strict=True)}
    names |= {str(p): str(p) for p in place.sites.pseudonyms}
    problems = Problems(question.name)
    wishes = question.sites
    found: dict[str, tuple[str, ...]] = {}
    for key in ("must", "never", "first"):
        given = getattr(wishes, key)
        if problems.known(f"sites.{key}", "site", given, names):
            found[key] = tuple(dict.fromkeys(names[s] for s in given))
    problems.stop()
    return replace(question, sites=SiteWishes(found["must"], found["never"], found["first"], wishes.most_a_term))


def staff_of(space: Space) -> dict[str, int]:
    """Practitioners of each site."""
    return {str(n): int(s) for n, s in zip(space.place.sites.pseudonyms, space.place.sites.staff, strict=True)}


def deprivation_of(space: Space) -> dict[str, float]:
    """Deprivation of each site, 0 where unknown."""
    known = np.nan_to_num(space.place.sites.deprivation)
    return {str(n): float(d) for n, d in zip(space.place.sites.pseudonyms, known, strict=True)}
