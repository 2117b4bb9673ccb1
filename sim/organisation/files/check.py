"""Is a set of organisation tables sound? Every problem that takes more than one cell to see, all at once.

Also `report`: what an organisation holds, in sentences, for `zones check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from sim.counts import counted
from sim.errors import LONGEST_NAME, OrganisationError
from sim.organisation.codes import AGENCIES, INTENDED_USERS, SITE_TYPES
from sim.organisation.files.columns import Parsed, nearest
from sim.organisation.files.limits import MOST_STAFF
from sim.organisation.organisation import Organisation

MOST_TOLD = 200
MOST_ALIKE = 20
SMALL_SITE = 6
MOST_AREAS = 40


def refuse(where: str, problems: Sequence[str]) -> None:
    """Raise all problems as one error, if there are any.

    Raises:
        OrganisationError: with the problems (the first 200 and a count of the others).
    """
    if problems:
        told = list(problems[:MOST_TOLD])
        if len(problems) > MOST_TOLD:
            told.append(f"and {len(problems) - MOST_TOLD} more; mend these first")
        raise OrganisationError(where, told)


def check_sites(sites: Sequence[Parsed], area_of: Sequence[Sequence[str | None]]) -> list[str]:
    """Duplicate ids and pseudonyms, sites in two areas, sites without roll or staff columns.

    Args:
        sites: one table a file.
        area_of: area of each row, aligned with `sites`.
    """
    problems: list[str] = []
    again: list[str] = []
    seen: dict[str, tuple[str, str | None]] = {}
    shown: dict[str, str] = {}
    for table, areas in zip(sites, area_of, strict=True):
        if "roll" not in table.values and "staff" not in table.values:
            problems.append(f"{table.where}: neither a column 'roll' nor 'staff'; give at least one of them")
        pairs = zip(table.rows, table.column("site_id"), areas, table.column("pseudonym"), strict=True)
        for row, site, area, pseudonym in pairs:
            if site is not None:
                if site not in seen:
                    seen[site] = (row, area)
                elif seen[site][1] != area:
                    first, other = seen[site]
                    again.append(f"{row}: site '{site}' is in area '{area}' and in area '{other}' ({first}); keep one")
                else:
                    again.append(f"{row}: site_id '{site}' is already in {seen[site][0]}; keep one row for each site")
            if pseudonym is not None:
                if pseudonym in shown:
                    again.append(f"{row}: pseudonym '{pseudonym}' is already in {shown[pseudonym]}")
                shown.setdefault(pseudonym, row)
    return [*problems, *few(again)]


def few(problems: Sequence[str], most: int = MOST_ALIKE) -> list[str]:
    """Problems of one kind: the first of them, and how many more there are."""
    rest = len(problems) - most
    return [*problems[:most], *([f"and {counted(rest, 'more row')} like these"] if rest > 0 else [])]


def check_posts(staff: Parsed) -> list[str]:
    """Sites with more rows in the staff table than one site may have."""
    counts = Counter(staff.column("site_id"))
    return few(
        [
            f"{staff.where}: {counted(number, 'row')} for site '{site}'; a site may have {MOST_STAFF:,}"
            for site, number in counts.items()
            if site is not None and number > MOST_STAFF
        ]
    )


def check_known(
    table: Parsed, column: str, known: Iterable[str], what: str, *, yet_to_come: str | None = None
) -> list[str]:
    """Cells of a column that name something that is not there.

    Args:
        table: the table.
        column: the column that names.
        known: the names there are.
        what: what they are, in words.
        yet_to_come: beginning of names that are only generated later, and so are let pass.
    """
    allowed = list(known)
    quick = set(allowed)
    lost: dict[str, list[str]] = {}
    for row, cell in zip(table.rows, table.column(column), strict=True):
        for name in cell if isinstance(cell, tuple) else (cell,):
            if name is not None and name not in quick and not (yet_to_come and name.startswith(yet_to_come)):
                lost.setdefault(name, []).append(row)
    told = []
    for name, rows in list(lost.items())[: MOST_ALIKE + 1]:
        more = f" (and {counted(len(rows) - 1, 'more row')})" if len(rows) > 1 else ""
        told.append(f"{rows[0]}{more}, column '{column}': no {what} '{name}'{_nearest(name, allowed)}")
    return few([*told, *[""] * (len(lost) - len(told))])


def check_unique(table: Parsed, column: str) -> list[str]:
    """Values that occur twice in a column of identifiers."""
    seen: dict[str, str] = {}
    problems = []
    for row, name in zip(table.rows, table.column(column), strict=True):
        if name is not None:
            if name in seen:
                problems.append(f"{row}: {column} '{name}' is already in {seen[name]}; keep one")
            seen.setdefault(name, row)
    return few(problems)


def check_teams(teams: Parsed, sites: Sequence[Parsed]) -> list[str]:
    """Orphan teams, teams with two parents, sites in two teams of a kind, teams that support themselves."""
    problems: list[str] = []
    parents: dict[str, tuple[str, str | None, str]] = {}
    member: dict[tuple[str, str], str] = {}
    rows = list(zip(*(teams.column(c) for c in ("team_id", "kind", "supported_by", "sites")), teams.rows, strict=True))
    kinds = {team: kind for team, kind, *_ in rows if team is not None}
    named = {team for table in sites for column in ("local_team", "core_team") for team in table.column(column)}
    for team, kind, parent, members, row in rows:
        if team is None:
            continue
        if team in parents:
            first, other, _ = parents[team]
            both = parent is not None and other is not None and parent != other
            problems.append(
                f"{row}: team '{team}' has two parents, '{other}' ({first}) and '{parent}'; a team has one"
                if both
                else f"{row}: team_id '{team}' is already in {first}; keep one row for each team"
            )
            continue
        parents[team] = (row, parent, kind or "")
        if parent == team:
            problems.append(f"{row}: team '{team}' supports itself; name the team that supports it")
        elif parent is not None and parent != "external" and kinds.get(parent) != "core":
            near = _nearest(parent, [t for t, k in kinds.items() if k == "core"])
            problems.append(f"{row}: orphan team '{team}': there is no core team '{parent}' to support it{near}")
        if kind == "local" and not members and team not in named:
            problems.append(f"{row}: orphan team '{team}': no site belongs to it; name its sites or take it out")
        for site in members or ():
            if (kind, site) in member and member[kind, site] != team:
                problems.append(f"{row}: site '{site}' is in two {kind} teams, '{member[kind, site]}' and '{team}'")
            member.setdefault((kind or "", site), team)
    return problems


def check_leaders(leaders: Parsed, areas: Sequence[str]) -> list[str]:
    """Leaders listed twice, or with an unknown superior, a superior of the wrong level, or no site or known area."""
    problems = [*check_unique(leaders, "leader_id"), *check_known(leaders, "area", areas, "area")]
    problems += check_known(leaders, "reports_to", [n for n in leaders.column("leader_id") if n], "leader")
    columns = ("leader_id", "level", "site_id", "area", "reports_to", "agency")
    rows = list(zip(*(leaders.column(c) for c in columns), leaders.rows, strict=True))
    level_of = {leader: level for leader, level, *_ in rows}
    rank = {"senior": 0, "operational": 1, "manager": 2}
    manages: dict[str, str] = {}
    top: dict[tuple[str, str], str] = {}
    for leader, level, site, area, boss, agency, row in rows:
        if level == "manager":
            if site is None:
                problems.append(f"{row}: site manager '{leader}' has no site_id; name the site")
            elif site in manages:
                problems.append(f"{row}: site '{site}' has two managers, '{manages[site]}' and '{leader}'; keep one")
            manages.setdefault(site, leader)
        elif site is not None:
            problems.append(f"{row}: '{leader}' is {level} and has a site_id; only a manager leads a site")
        if level in ("senior", "operational") and not area and len(areas) > 1:
            problems.append(f"{row}, column 'area': empty; name the area or areas of '{leader}'")
        above = level_of.get(boss) if boss is not None else None
        if level and above and rank[above] >= rank[level]:
            problems.append(f"{row}: '{leader}' ({level}) reports to '{boss}' ({above}); name one above")
        for one in (area or ()) if level == "senior" else ():
            if (one, agency) in top:
                problems.append(
                    f"{row}: {agency} in '{one}' has two senior leaders, '{top[one, agency]}' and '{leader}'"
                )
            top.setdefault((one, agency), leader)
    return problems


def report(organisation: Organisation) -> list[str]:
    """What the organisation holds, sentence by sentence, without any site's name.

    Returns:
        Sentences: totals, areas, agencies, types, sizes, missing levels, and what was assumed.
    """
    sites, people = organisation.sites, organisation.practitioners
    count = len(sites)
    lines = [
        f"{organisation.name}: {counted(count, 'site')}, {counted(len(people), 'practitioner')}, "
        f"{counted(len(organisation.families), 'family', 'families')} "
        f"and {len(organisation.leaders):,} leaders in {counted(len(organisation.areas), 'local area')}."
    ]
    if len(organisation.areas) > 1:
        per_area = np.bincount(sites.area, minlength=len(organisation.areas))
        lines.append("Sites by area: " + _by_area(organisation.areas, per_area.tolist()) + ".")
    lines.append("Sites by agency: " + _tally(sites.agency.tolist(), AGENCIES) + ".")
    lines.append("Sites by type: " + _tally(sites.type.tolist(), SITE_TYPES) + ".")
    out = int(sum(SITE_TYPES[k] not in INTENDED_USERS for k in sites.type.tolist()))
    if out:
        lines.append(f"{counted(out, 'site')} of types outside the practice's intended users.")
    if count:
        low, middle, high = np.quantile(sites.staff, (0.1, 0.5, 0.9))
        small = int((sites.staff < SMALL_SITE).sum())
        lines.append(
            f"Practitioners a site: median {middle:.0f}, 10-90 % {low:.0f}-{high:.0f}, largest {sites.staff.max()}; "
            f"{counted(small, 'site')} under {SMALL_SITE} practitioners {'shares' if small == 1 else 'share'} a local "
            "team with neighbours."
        )
    ties = len(people.tie_indices) // 2
    home = np.repeat(people.site, np.diff(people.tie_indptr))
    across = int((home != people.site[people.tie_indices]).sum()) // 2
    lines.append(f"{ties:,} advice ties, {across:,} of them between sites.")
    lines.extend(_missing_levels(organisation))
    lines.extend(organisation.assumptions)
    return lines


def _missing_levels(organisation: Organisation) -> Iterable[str]:
    for area, name in enumerate(organisation.areas):
        present = np.unique(organisation.sites.agency[organisation.sites.area == area])
        without = [AGENCIES[a] for a in present.tolist() if organisation.senior[area, a] < 0]
        if without:
            yield f"{name} has sites but no senior leader of {', '.join(without)}: a zone with such sites cannot open."
        if not organisation.group[area]:
            yield f"{name} has no multi-agency group: its zones cannot open."


def _tally(codes: list[int], words: Sequence[str]) -> str:
    counts = Counter(codes)
    return ", ".join(f"{words[code].replace('_', ' ')} {counts[code]}" for code in sorted(counts))


def _by_area(areas: Sequence[str], sites: Sequence[int]) -> str:
    """Sites of each area; of many areas, those with the most sites and the range of the others."""
    told = [f"{name} {n:,}" for name, n in zip(areas, sites, strict=True)]
    if len(told) <= MOST_AREAS:
        return ", ".join(told)
    order = sorted(range(len(told)), key=lambda k: -sites[k])
    rest = [sites[k] for k in order[MOST_AREAS:]]
    span = f"{rest[-1]:,} to {rest[0]:,}" if rest[-1] < rest[0] else f"{rest[0]:,}"
    return ", ".join(told[k] for k in order[:MOST_AREAS]) + f", and {len(rest):,} more with {span} each"


def _nearest(name: str, known: Sequence[str]) -> str:
    near = nearest(name[:LONGEST_NAME], known)
    if near:
        return f"; did you mean '{near}'?"
    shown = ", ".join(f"'{k}'" for k in known[:5])
    return f"; known: {shown}{', ...' if len(known) > 5 else ''}" if known else "; none is listed"
