"""From parsed tables to an organisation: joins files, fills gaps, generates what nobody listed, and says so."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from sim.counts import counted
from sim.errors import OrganisationError
from sim.organisation.codes import AGENCIES, SITE_TYPES
from sim.organisation.files.check import check_known, check_leaders, check_posts, check_sites, check_unique, refuse
from sim.organisation.files.columns import COUNCIL_CARE, COUNCIL_CARE_EDUCATION, SCHOOLS, Parsed
from sim.organisation.files.given import Whole, count_posts, leaders_given, practitioners_given
from sim.organisation.files.limits import MOST_FAMILIES, MOST_FAMILIES_IN_ALL, MOST_POSTS_IN_ALL, MOST_SITES
from sim.organisation.files.today import Today, read_today, state_column
from sim.organisation.generate.assemble import Given, Outline, assemble
from sim.organisation.generate.fill import as_floats, fill_deprivation, fill_people, settle_alone
from sim.organisation.generate.governance import govern
from sim.organisation.generate.missing import GENERATED, Neighbourhood, missing_teams
from sim.organisation.generate.naming import pseudonyms
from sim.organisation.generate.people import fifths_of
from sim.organisation.organisation import Ints, Leaders, Organisation, Sites

STEPS = 4


class Step(Protocol):
    """Is told what is being done, and how much of it is done."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """One step."""


@dataclass(frozen=True)
class Source:
    """One file: the area it is for when it names none, its tables, and the digest of its content."""

    area: str
    tables: dict[str, Parsed]
    content: str


@dataclass(frozen=True)
class _Listed:
    """All files joined: the site rows as one table, their areas, and each other table that any file holds."""

    sites: Parsed
    area: list[str]
    areas: list[str]
    boards: list[str]
    others: dict[str, Parsed]
    notes: list[str]


@dataclass
class _About:
    """What one of our own files remembers: its name, whether it is complete, and what was assumed."""

    name: str
    complete: bool
    assumptions: list[str]


def _count_staff(listed: _Listed, sites: Sites, problems: list[str]) -> Sites:
    """Sites with as many staff as the list of posts has, where there is one."""
    if (staff := listed.others.get("staff")) is not None:
        problems.extend(check_known(staff, "site_id", sites.ids.tolist(), "site"))
        problems.extend(check_posts(staff))
        sites = replace(sites, staff=count_posts(staff, sites.ids.tolist(), sites.staff, listed.notes))
    problems.extend(_check_totals(sites))
    return sites


def resolve(
    sources: Sequence[Source],
    where: str,
    problems: list[str],
    *,
    as_given: bool,
    organisation_seed: int,
    step: Step | None = None,
) -> Organisation:
    """Make one organisation of the sources.

    Args:
        sources: parsed files.
        problems: found in their cells; reported together with those that show only across cells.
        where: the files, for messages.
        as_given: generate no teams that the lists lack.
        organisation_seed: another draw of what must be generated.
        step: called with what is being done, and how much of it is done.

    Raises:
        OrganisationError: with every problem.
    """
    tell = step or _silent
    tell("Joining the lists", 1, STEPS)
    listed = _join(sources, where, problems)
    today = read_today([listed.sites], listed.others.get("teams"), listed.others.get("start"), problems)
    problems.extend(_check_people(listed))
    refuse(where, problems)
    about = _about(listed.others.get("about"))
    notes = listed.notes
    tell(f"Filling what {counted(len(listed.area), 'site does', 'sites do')} not say", 2, STEPS)
    sites = _count_staff(listed, _sites(listed, today, about.complete or as_given, notes), problems)
    refuse(where, problems)
    people = practitioners_given(sites, listed.others.get("staff"), listed.others.get("ties"), problems)
    leaders, senior = _leaders(listed, sites, today, problems, notes)
    fifths = _fifths(listed, sites, problems)
    refuse(where, problems)
    if people is None:
        notes.append("Practitioners, their advice ties, readiness and families are generated from the list of sites.")
    elif not people[1]:
        notes.append("Advice ties between practitioners are generated.")
    tell("Generating people and their ties", 3, STEPS)
    content = hashlib.sha256("".join(s.content for s in sources).encode()).hexdigest()
    assert leaders is not None and senior is not None  # else refuse() has raised
    given = Given(
        practitioners=people[0] if people else None,
        tied=bool(people and people[1]),
        leaders=leaders,
        senior=senior,
        fifths=fifths,
        group=_groups(listed),
        core_capacity=today.core_capacity,
        start_date=today.start_date,
    )
    kept = [*about.assumptions, *(line for line in notes if line not in about.assumptions)]
    name = about.name or (listed.areas[0] if len(listed.areas) == 1 else f"{len(listed.areas)} local areas")
    made = assemble(Outline(name, listed.areas, listed.boards, sites, kept), f"{content}/{organisation_seed}", given)
    tell("Organisation complete", STEPS, STEPS)
    return made


def _silent(_what: str, _done: int, _total: int) -> None:
    """Called where nobody wants to know."""


def _check_totals(sites: Sites) -> list[str]:
    """More people than can be held in memory: a slip of the comma, or another kind of figure."""
    problems = []
    for total, most, what, column in (
        (int(sites.staff.sum(dtype=np.int64)), MOST_POSTS_IN_ALL, "practitioners", "staff"),
        (int(sites.roll.sum(dtype=np.int64)), MOST_FAMILIES_IN_ALL, "families", "roll"),
    ):
        if total > most:
            problems.append(
                f"{total:,} {what} in {counted(len(sites), 'site')} are more than the {most:,} one organisation "
                f"may have; check "
                f"the column '{column}', or split the list into one file for each area"
            )
    return problems


def _join(sources: Sequence[Source], where: str, problems: list[str]) -> _Listed:
    total = sum(len(source.tables["sites"].rows) for source in sources)
    if total > MOST_SITES:
        told = f"{total:,} sites are more than the {MOST_SITES:,} one organisation may have; split it by area"
        raise OrganisationError(where, [told])
    notes: list[str] = []
    others: dict[str, Parsed] = {}
    for kind in ("staff", "leaders", "teams", "ties", "areas", "start", "about"):
        parts = [source.tables[kind] for source in sources if kind in source.tables]
        if parts:
            others[kind] = stack(parts)
    tables = [source.tables["sites"] for source in sources]
    area_of = []
    for source, table in zip(sources, tables, strict=True):
        own = table.values.get("area")
        if own is None:
            own = [source.area] * len(table.rows)
        empty = [row for row, name in zip(table.rows, own, strict=True) if name is None]
        if empty:
            more = f" (and {counted(len(empty) - 1, 'more row')})" if len(empty) > 1 else ""
            problems.append(f"{empty[0]}{more}, column 'area': empty; name the local area, as in the other rows")
        area_of.append(own)
    problems.extend(check_sites(tables, area_of))
    sites = stack(tables)
    flat = [name or "" for part in area_of for name in part]
    area = settle_alone(flat, as_floats(sites.column("latitude")), as_floats(sites.column("longitude")), notes)
    areas, boards = _areas(area, sites, others.get("areas"), problems)
    return _Listed(sites, area, areas, boards, others, notes)


def _check_people(listed: _Listed) -> list[str]:
    """Problems of staff and leaders that can be seen before anything is generated."""
    problems: list[str] = []
    staff, leaders = listed.others.get("staff"), listed.others.get("leaders")
    known = [site for site in listed.sites.column("site_id") if site]
    if staff is not None:
        problems += check_unique(staff, "staff_id")
        problems += check_known(staff, "site_id", known, "site", yet_to_come=GENERATED)
    if leaders is not None:
        problems += check_leaders(leaders, listed.areas)
        problems += check_known(leaders, "site_id", known, "site", yet_to_come=GENERATED)
    return problems


def stack(parts: Sequence[Parsed]) -> Parsed:
    """Tables of one kind as one, rows below rows."""
    if len(parts) == 1:
        return parts[0]
    names = dict.fromkeys(name for part in parts for name in part.values)
    values = {name: [v for part in parts for v in part.column(name)] for name in names}
    return Parsed(parts[0].kind, parts[0].where, [row for part in parts for row in part.rows], values)


def _areas(
    area: Sequence[str], sites: Parsed, table: Parsed | None, problems: list[str]
) -> tuple[list[str], list[str]]:
    first = [name for name in table.column("area") if name] if table else []
    if table is not None:
        problems.extend(check_unique(table, "area"))
    areas = list(dict.fromkeys([*first, *area]))
    for name in areas:
        if ";" in name:
            problems.append(f"area '{name}': a semicolon parts names in lists; take it out of the name")
    votes: dict[str, Counter[str]] = {name: Counter() for name in areas}
    for name, board in zip(area, sites.column("health_board"), strict=True):
        if board:
            votes[name][board] += 1
    boards = {name: vote.most_common(1)[0][0] if vote else "" for name, vote in votes.items()}
    if table is not None:
        pairs = zip(table.column("area"), table.column("health_board"), strict=True)
        boards.update({name: board for name, board in pairs if name and board})
    return areas, [boards[name] for name in areas]


def _sites(listed: _Listed, today: Today, complete: bool, notes: list[str]) -> Sites:
    """The sites table, sorted by area; generated teams come after their area's listed sites."""
    table = listed.sites
    number = {name: i for i, name in enumerate(listed.areas)}
    area = np.array([number[name] for name in listed.area], dtype=np.int32)
    types = np.array([SITE_TYPES.index(name) for name in table.column("type")], dtype=np.int32)
    suspect = np.array([bool(flag) for flag in table.column("suspect")], dtype=np.bool_)
    roll, staff = fill_people(types, as_floats(table.column("roll")), as_floats(table.column("staff")), suspect, notes)
    ids = table.column("site_id")
    given_names, shown = table.column("name"), table.column("pseudonym")
    unnamed = [i for i, name in enumerate(shown) if name is None]
    new = pseudonyms([ids[i] for i in unnamed], types[unnamed], [name for name in shown if name])
    fresh = dict(zip(unnamed, new.tolist(), strict=True))
    sites = Sites(
        ids=np.array(ids, dtype=np.str_),
        names=np.array([name or site for name, site in zip(given_names, ids, strict=True)], dtype=np.str_),
        pseudonyms=np.array([name or fresh[i] for i, name in enumerate(shown)], dtype=np.str_),
        area=area,
        agency=_agencies(table, notes),
        type=types,
        roll=roll,
        staff=staff,
        deprivation=fill_deprivation(as_floats(table.column("deprivation")), roll, area, notes),
        locality=np.array([name or "" for name in table.column("locality")], dtype=np.str_),
        latitude=as_floats(table.column("latitude")),
        longitude=as_floats(table.column("longitude")),
        local_team=np.array([today.local_team.get(site, "") for site in ids], dtype=np.str_),
        core_team=np.array([today.core_team.get(site, "") for site in ids], dtype=np.str_),
        stage=np.array(state_column(today, ids, "stage"), dtype=np.int32),
        fidelity=np.array(state_column(today, ids, "fidelity"), dtype=np.float64),
        using=np.array(state_column(today, ids, "using"), dtype=np.float64),
        capacity=np.array(state_column(today, ids, "capacity"), dtype=np.float64),
        generated=np.array([bool(flag) for flag in table.column("generated")], dtype=np.bool_),
    )
    if not complete:
        sites = _with_missing(sites, listed.areas, notes)
    order = np.argsort(sites.area, kind="stable")
    return replace(sites, **{name: getattr(sites, name)[order] for name in sites.__dataclass_fields__})


def _agencies(table: Parsed, notes: list[str]) -> Ints:
    council = [agency == COUNCIL_CARE for agency in table.column("agency")]
    if any(council):
        schools = any(own and kind in SCHOOLS for own, kind in zip(council, table.column("type"), strict=True))
        notes.append(
            f"{sum(council):,} council {'sites' if schools else 'care services'}: "
            f"{'schools, ' if schools else ''}nurseries and school accommodation count as education, the others as "
            "social work."
        )
    words = [
        ("education" if kind in COUNCIL_CARE_EDUCATION else "social_work") if own else agency
        for own, agency, kind in zip(council, table.column("agency"), table.column("type"), strict=True)
    ]
    return np.array([AGENCIES.index(word) for word in words], dtype=np.int32)


def _with_missing(sites: Sites, areas: Sequence[str], notes: list[str]) -> Sites:
    made, home = [], []
    for number, name in enumerate(areas):
        here = np.flatnonzero(sites.area == number)
        if not len(here):
            continue
        known = Neighbourhood(
            sites.type[here],
            sites.roll[here],
            sites.deprivation[here],
            sites.locality[here].tolist(),
            sites.latitude[here],
            sites.longitude[here],
        )
        new = missing_teams(name, known)
        made.extend(new)
        home.extend([number] * len(new))
    if not made:
        return sites
    for kind in dict.fromkeys(team.type for team in made):
        some = [team for team in made if team.type == kind]
        notes.append(
            f"The list has no {SITE_TYPES[kind].replace('_', '-')} teams: {len(some):,} with "
            f"{counted(sum(team.staff for team in some), 'practitioner is', 'practitioners are')} generated from "
            f"the primary rolls (assumed; "
            "--as-given keeps to the list)."
        )
    types = np.array([team.type for team in made], dtype=np.int32)
    ids = [team.id for team in made]
    blank, unknown = [""] * len(made), [np.nan] * len(made)
    columns: dict[str, Any] = {
        "ids": ids, "names": [t.name for t in made], "pseudonyms": pseudonyms(ids, types, sites.pseudonyms.tolist()),
        "area": home, "agency": [t.agency for t in made], "type": types, "roll": [t.roll for t in made],
        "staff": [t.staff for t in made], "deprivation": [t.deprivation for t in made],
        "locality": [t.locality for t in made], "latitude": [t.latitude for t in made],
        "longitude": [t.longitude for t in made], "local_team": blank, "core_team": blank, "stage": [-1] * len(made),
        "fidelity": unknown, "using": unknown, "capacity": unknown, "generated": [True] * len(made),
    }  # fmt: skip
    joined = {}
    for name, column in columns.items():
        old = getattr(sites, name)
        dtype = np.str_ if old.dtype.kind == "U" else old.dtype
        joined[name] = np.concatenate([old, np.array(column, dtype=dtype)])
    return Sites(**joined)


def _leaders(
    listed: _Listed, sites: Sites, today: Today, problems: list[str], notes: list[str]
) -> tuple[Leaders | None, Ints | None]:
    table = listed.others.get("leaders")
    if table is None:
        leaders, senior = govern(sites, listed.areas, listed.boards)
    else:
        found = leaders_given(table, Whole(sites, listed.areas, listed.boards), problems=problems, notes=notes)
        if found is None:
            return None, None
        leaders, senior = found
    row_of = {name: row for row, name in enumerate(leaders.ids.tolist())}
    commitment = leaders.commitment.copy()
    for name, (value, row) in today.commitment.items():
        if name not in row_of:
            tops = ", ".join(leaders.ids[leaders.level == 0].tolist()[:8])
            problems.append(f"{row}, column 'id': no leader '{name}'; senior leaders are {tops}")
        else:
            commitment[row_of[name]] = value
    return replace(leaders, commitment=commitment), senior


def _fifths(listed: _Listed, sites: Sites, problems: list[str]) -> Ints | None:
    """Families by fifth where the file counts them (every one of ours does), else None or from the shares."""
    columns = [listed.sites.column(f"fifth{k}") for k in range(1, 6)]
    if all(value is None for column in columns for value in column):
        return None
    counts = fifths_of(sites, len(listed.areas))
    row_of = {name: row for row, name in enumerate(sites.ids.tolist())}
    for site, row, *given in zip(listed.sites.column("site_id"), listed.sites.rows, *columns, strict=True):
        if all(value is None for value in given):
            continue
        total = sum(int(value or 0) for value in given)
        place = row_of[site]
        if None in given or total != int(sites.roll[place]) or total > MOST_FAMILIES:
            problems.append(f"{row}: families_fifth1 to 5 must all be given and sum to the roll, {sites.roll[place]}")
        else:
            counts[place] = [int(value) for value in given]
    return counts


def _groups(listed: _Listed) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    table = listed.others.get("areas")
    without = set()
    if table is not None:
        pairs = zip(table.column("area"), table.column("group"), strict=True)
        without = {name for name, has in pairs if has is False}
    return np.array([name not in without for name in listed.areas], dtype=np.bool_)


def _about(table: Parsed | None) -> _About:
    pairs = zip(table.column("key"), table.column("value"), strict=True) if table is not None else ()
    found = _About("", False, [])
    for key, value in pairs:
        if key == "name":
            found.name = value or ""
        elif key == "complete":
            found.complete = value == "yes"
        elif key == "assumption" and value:
            found.assumptions.append(value)
    return found
