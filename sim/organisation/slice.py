"""Is this set of sites a vertical slice? Its levels, its size against what a team can support, how typical it is.

Also the choice of the most representative sites, and how much one set of sites resembles another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.errors import SliceError
from sim.organisation.codes import AGENCIES, MANAGER, SITE_TYPES, STATUTORY
from sim.organisation.organisation import Floats, Organisation
from sim.parameters import TeamParameters

Mask = NDArray[np.bool_]

FAR = 0.5
SPAN = TeamParameters().span
_SHOWN = 5
_IMPROVES = 1e-9


@dataclass(frozen=True)
class SliceReport:
    """What is to be known of a proposed zone.

    Attributes:
        area: the local area looked at.
        sites: sites in the slice.
        whole: sites it is compared with.
        practitioners: posts in the slice.
        families: families in the slice.
        missing: levels it lacks, in words; () where a zone of these sites can open.
        capacity: sites the core teams can bring on at a time.
        fits: the slice is not larger than that.
        differences: standardised difference between slice and whole by aspect (size, deprivation, staffing, type,
            agency, leadership), NaN where unknown; 0 for the whole itself.
        notes: what was left out, and why.
    """

    area: str
    sites: int
    whole: int
    practitioners: int
    families: int
    missing: tuple[str, ...]
    capacity: float
    fits: bool
    differences: dict[str, float]
    notes: tuple[str, ...]

    @property
    def distance(self) -> float:
        """Root mean square of the known differences: 0 is just like the whole; above 0.5 is far."""
        known = np.array([d for d in self.differences.values() if np.isfinite(d)])
        return float(np.sqrt((known * known).mean())) if len(known) else 0.0

    @property
    def vertical(self) -> bool:
        """Every level is present."""
        return not self.missing

    def sentences(self) -> list[str]:
        """The report in plain sentences, without any site's name."""
        lines = [
            f"{self.sites} of {counted(self.whole, 'site')} in {self.area}, with "
            f"{counted(self.practitioners, 'practitioner')} and "
            f"{counted(self.families, 'family', 'families')}."
        ]
        if self.missing:
            lines.append(
                f"Not a vertical slice: missing are {'; '.join(self.missing)}. A zone of these sites cannot open."
            )
        else:
            lines.append("A vertical slice: sites, managers, senior leaders and multi-agency group are all present.")
        enough = "no more than" if self.fits else "more than"
        advice = "" if self.fits else ": divide it into successive zones, or found a further core team"
        lines.append(
            f"Its {self.sites} sites are {enough} the {self.capacity:g} a core team can bring on at a time{advice}."
        )
        parts = [f"{name} {value:+.2f}" for name, value in self.differences.items() if np.isfinite(value)]
        verdict = "is typical of" if self.distance <= FAR else "is not typical of"
        lines.append(
            f"It {verdict} the whole (distance {self.distance:.2f}, 0 is the whole itself); differences in standard "
            f"deviations: {', '.join(parts)}."
        )
        return [*lines, *self.notes]


def mask_of(organisation: Organisation, sites: Iterable[str]) -> Mask:
    """The sites named by id or pseudonym, as a mask.

    Raises:
        SliceError: names nobody has (with the nearest), or no name at all.
    """
    row_of = {name: row for row, name in enumerate(organisation.sites.pseudonyms.tolist())}
    row_of.update({name: row for row, name in enumerate(organisation.sites.ids.tolist())})
    mask: Mask = np.zeros(len(organisation.sites), dtype=np.bool_)
    unknown = []
    for name in sites:
        if name in row_of:
            mask[row_of[name]] = True
        else:
            near = get_close_matches(name, row_of, n=1, cutoff=0.6)
            unknown.append(f"'{name}'" + (f" (did you mean '{near[0]}'?)" if near else ""))
    if unknown:
        known = ", ".join(organisation.sites.pseudonyms[:_SHOWN].tolist())
        raise SliceError(
            f"{organisation.name}: no site {', '.join(unknown)}; known: {known}, ...; give ids or pseudonyms."
        )
    if not mask.any():
        raise SliceError(f"{organisation.name}: no site given; name at least one, by id or pseudonym.")
    return mask


def examine(
    organisation: Organisation,
    sites: Mask,
    area: int | None = None,
    *,
    capacity: float = SPAN,
    within: Mask | None = None,
) -> SliceReport:
    """Look at a set of sites as a transformation zone.

    Args:
        organisation: where the sites are.
        sites: the slice, shape (sites,).
        area: index of the local area; by default the one all its sites are in.
        capacity: sites that the area's core teams, fully able, can bring on at a time.
        within: the whole that it should represent; by default all sites of the area.

    Returns:
        The report.

    Raises:
        SliceError: no sites, sites of several areas, or sites outside the whole.
    """
    where = _one_area(organisation, sites, area)
    here: Mask = organisation.sites.area == where
    whole: Mask = here if within is None else here & within
    if (sites & ~whole).any():
        outside = organisation.sites.pseudonyms[sites & ~whole]
        raise SliceError(
            f"{organisation.name}: {_listed(outside.tolist())} not among the {counted(int(whole.sum()), 'site')} "
            f"the slice should "
            f"represent in {organisation.areas[where]}; leave them out, or widen the scope."
        )
    differences, notes = _differences(organisation, sites, whole)
    people = sites[organisation.practitioners.site]
    return SliceReport(
        area=organisation.areas[where],
        sites=int(sites.sum()),
        whole=int(whole.sum()),
        practitioners=int(people.sum()),
        families=int(people[organisation.families.practitioner].sum()),
        missing=missing_levels(organisation, sites, where),
        capacity=capacity,
        fits=float(sites.sum()) <= capacity,
        differences=differences,
        notes=notes,
    )


def missing_levels(organisation: Organisation, sites: Mask, area: int) -> tuple[str, ...]:
    """Levels a zone of these sites lacks: sites, their managers, each statutory agency's senior leader, the group."""
    if not sites.any():
        return ("sites",)
    lacking = []
    managed = np.zeros(len(organisation.sites), dtype=np.bool_)
    managed[organisation.leaders.site[organisation.leaders.level == MANAGER]] = True
    unmanaged = organisation.sites.pseudonyms[sites & ~managed]
    if len(unmanaged):
        lacking.append(f"manager of {_listed(unmanaged.tolist())}")
    for name in STATUTORY:
        agency = AGENCIES.index(name)
        if (organisation.sites.agency[sites] == agency).any() and organisation.senior[area, agency] < 0:
            lacking.append(f"senior leader of {name.replace('_', ' ')}")
    if not organisation.group[area]:
        lacking.append("multi-agency group")
    return tuple(lacking)


def choose(organisation: Organisation, eligible: Mask, size: int) -> Mask:
    """The most representative sites: every agency present, then as like all eligible sites as can be found.

    Greedy, then exchanges of one site for another as long as they help; no chance in it.

    Args:
        organisation: where the sites are.
        eligible: sites to choose from, and to represent.
        size: how many, 1 to all of them.

    Returns:
        The chosen sites, shape (sites,).

    Raises:
        SliceError: fewer eligible sites than asked for, or a size under 1.
    """
    rows = np.flatnonzero(eligible)
    if not 1 <= size <= len(rows):
        raise SliceError(
            f"{organisation.name}: {size} sites cannot be chosen from {len(rows)} eligible; give 1 to {len(rows)}."
        )
    features, _ = _features(organisation, eligible)
    chosen = _choose(features[rows], organisation.sites.agency[rows], size)
    mask: Mask = np.zeros(len(eligible), dtype=np.bool_)
    mask[rows[chosen]] = True
    return mask


def similarity(organisation: Organisation, one: Mask, other: Mask) -> float:
    """How much two sets of sites resemble each other, from 0 to 1; 1 for the same composition, symmetric.

    The mean over four aspects: shared part of the mix of types, of the mix of agencies, and nearness of mean size (log
    practitioners) and mean deprivation, where two standard deviations of the sites in either set apart count as nothing
    in common. Sites in neither make no difference.

    Raises:
        SliceError: a set without sites.
    """
    if not one.any() or not other.any():
        raise SliceError(f"{organisation.name}: a set without sites resembles nothing; name at least one site in each.")
    sites = organisation.sites
    parts = []
    for codes, count in ((sites.type, len(SITE_TYPES)), (sites.agency, len(AGENCIES))):
        mixes = [np.bincount(codes[mask], minlength=count) / mask.sum() for mask in (one, other)]
        parts.append(float(np.minimum(*mixes).sum()))
    for values in (np.log(sites.staff), sites.deprivation):
        spread = float(values[one | other].std())
        apart = abs(float(values[one].mean()) - float(values[other].mean()))
        parts.append(1.0 if spread == 0.0 else max(0.0, 1.0 - apart / (2.0 * spread)))
    return min(1.0, max(0.0, float(np.mean(parts))))


def _one_area(organisation: Organisation, sites: Mask, area: int | None) -> int:
    areas = np.unique(organisation.sites.area[sites])
    if not len(areas):
        raise SliceError(f"{organisation.name}: no site given; a slice has at least one.")
    if len(areas) > 1 or (area is not None and area != int(areas[0])):
        named = ", ".join(organisation.areas[a] for a in areas.tolist()[:_SHOWN])
        raise SliceError(
            f"{organisation.name}: the sites are in {named}, but a zone is in one area: look at each area on its own."
        )
    return int(areas[0])


def _features(organisation: Organisation, whole: Mask) -> tuple[Floats, dict[str, list[int]]]:
    """Standardised features of all sites against `whole`, and which columns make up each aspect.

    Each aspect weighs the same: the columns of a mix are divided by the root of their number.
    """
    sites = organisation.sites
    with np.errstate(divide="ignore"):
        numbers = {
            "size": np.log(sites.staff.astype(np.float64)),
            "deprivation": sites.deprivation,
            "staffing": np.log(sites.staff / np.maximum(sites.roll, 1.0)),
        }
    columns: list[Floats] = []
    aspects: dict[str, list[int]] = {}
    for name, values in numbers.items():
        aspects[name] = [len(columns)]
        columns.append(_standardised(values, whole))
    for name, codes in (("type", sites.type), ("agency", sites.agency)):
        present = np.unique(codes[whole]).tolist()
        aspects[name] = list(range(len(columns), len(columns) + len(present)))
        columns.extend(_standardised(codes == code, whole) / np.sqrt(len(present)) for code in present)
    return np.column_stack(columns), aspects


def _standardised(values: NDArray[np.generic], whole: Mask) -> Floats:
    numbers = values.astype(np.float64)
    spread = float(numbers[whole].std())
    centred = numbers - numbers[whole].mean()
    return np.asarray(centred / spread if spread > 0.0 else np.zeros_like(centred))


def _differences(organisation: Organisation, sites: Mask, whole: Mask) -> tuple[dict[str, float], tuple[str, ...]]:
    features, aspects = _features(organisation, whole)
    gap = features[sites].mean(axis=0) - features[whole].mean(axis=0)
    found = {
        name: float(gap[columns[0]]) if len(columns) == 1 else float(np.sqrt((gap[columns] ** 2).sum()))
        for name, columns in aspects.items()
    }
    commitment = np.full(len(sites), np.nan)
    managers = organisation.leaders.level == MANAGER
    commitment[organisation.leaders.site[managers]] = organisation.leaders.commitment[managers]
    known: Mask = np.isfinite(commitment)
    if (known & sites).any():
        scaled = _standardised(np.where(known, commitment, 0.0), whole & known)
        found["leadership"] = float(scaled[sites & known].mean())
        return found, ()
    found["leadership"] = float("nan")
    return found, ("Leadership is left out: the commitment of these sites' managers is not given.",)


def _choose(features: Floats, agency: NDArray[np.int32], size: int) -> NDArray[np.intp]:
    """Rows of the chosen sites; `features` are centred on the whole, so the best mean is 0."""
    taken: Mask = np.zeros(len(features), dtype=np.bool_)
    total = np.zeros(features.shape[1])
    codes, counts = np.unique(agency, return_counts=True)
    for code in codes[np.argsort(-counts, kind="stable")][:size].tolist():
        total = _take_best(features, agency == code, taken, total)
    while int(taken.sum()) < size:
        total = _take_best(features, np.ones_like(taken), taken, total)
    squares = (features * features).sum(axis=1)
    for _ in range(4 * size + 50):
        inside, outside = np.flatnonzero(taken), np.flatnonzero(~taken)
        if not len(outside):
            break
        here, there = features[inside], features[outside]
        leave = squares[inside] - 2.0 * here @ total
        enter = squares[outside] + 2.0 * there @ total
        gain = np.round(leave[:, None] + enter[None, :] - 2.0 * here @ there.T, 9)
        alone = np.bincount(agency[inside], minlength=len(AGENCIES))[agency[inside]] == 1
        gain[alone[:, None] & (agency[inside][:, None] != agency[outside][None, :])] = np.inf
        best = int(np.argmin(gain))
        if gain.flat[best] >= -_IMPROVES:
            break
        out, into = inside[best // len(outside)], outside[best % len(outside)]
        taken[out], taken[into] = False, True
        total = features[taken].sum(axis=0)
    return np.flatnonzero(taken)


def _take_best(features: Floats, allowed: Mask, taken: Mask, total: Floats) -> Floats:
    free = np.flatnonzero(allowed & ~taken)
    distance = np.round(((total + features[free]) ** 2).sum(axis=1), 9)
    best = free[int(np.argmin(distance))]
    taken[best] = True
    return np.asarray(total + features[best])


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
