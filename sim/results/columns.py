"""What every table of a result holds: each column once, in its order, with type, unit and meaning.

The writers take their columns from here and `docs/data-dictionary.md` is made from here, so the three cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.sums import MARKED, MARKS
from sim.organisation.codes import FIFTHS

OUTSIDE, ALL = "outside", "all"
TEXT, WHOLE, NUMBER, FLAG = "text", "whole number", "number", "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result table.

    Attributes:
        name: its name in the file.
        kind: TEXT, WHOLE, NUMBER or FLAG.
        unit: unit of the value, '' for none.
        words: what it is, and when it is null.
    """

    name: str
    kind: str
    unit: str
    words: str


def _counts(unit: str, **words: str) -> tuple[Column, ...]:
    return tuple(Column(name, WHOLE, unit, text) for name, text in words.items())


def _shares(**words: str) -> tuple[Column, ...]:
    return tuple(Column(name, NUMBER, "share 0-1", text) for name, text in words.items())


_SITES = _counts(
    "sites",
    sites="sites in scope",
    sites_not_engaged="not engaged: no place in an open zone, even if some of its staff use the practice",
    sites_exploration="exploration: offered a place, or waiting for readiness",
    sites_installation="installation: selected; team forming, training",
    sites_initial="initial implementation: trained and in use",
    sites_full="full implementation now: at least half of its intended practitioners at fidelity by assessment",
    sites_not_sustained="not sustained: started, and nobody has used the practice for six months; may restart",
    sites_started="training delivered at any time so far",
    sites_certified="certified now: full implementation in two assessments in a row",
    sites_ever_certified="certified at any time so far",
)
_PRACTITIONERS = _counts(
    "people",
    practitioners="posts in scope",
    practitioners_aware="has heard of the practice",
    practitioners_trained="trained",
    practitioners_using="uses the practice",
    practitioners_at_fidelity="uses it with true fidelity at or above the criterion",
)
_PRACTICE = (
    *_shares(
        fidelity_mean="true fidelity, mean of practitioners who use the practice; null if none does",
        fidelity_assessed="latest assessed fidelity, mean of assessed sites with somebody using; null if none",
        capacity_core="capacity of core teams, mean over the area's; null without one; same in every zone's rows",
        capacity_local_mean="capacity of formed local teams, mean over their sites; null if none",
    ),
    Column(
        "attention_core",
        NUMBER,
        "needed / available",
        "core team attention needed against available (above 1: overstretched); null without a core team; "
        "same in every zone's rows",
    ),
    *_shares(
        commitment_group="commitment of the multi-agency group; null if there is none; same in every zone's rows",
        commitment_senior="commitment of senior leaders, mean; same in every zone's rows",
        commitment_manager="commitment of site managers, mean; same in every zone's rows",
        barrier_local_mean="local barriers, mean over sites; null for a zone without sites",
        barrier_system="barriers beyond the site; same in every zone's rows",
    ),
    Column("barriers_raised", NUMBER, "barriers", "raised to leaders since month 0; same in every zone's rows"),
    Column("barriers_removed", NUMBER, "barriers", "removed by leaders since month 0; same in every zone's rows"),
    *_shares(
        playbook="what zones so far have learned; same in every zone's rows",
        usability="how well defined and workable the design is; same in every zone's rows",
    ),
    Column("cycles", WHOLE, "cycles", "rapid improvement cycles (PDSA) completed since month 0"),
)
FAMILY_COLUMNS = (
    *_counts(
        "families",
        families="families (children's households) of sites in scope now",
        families_in_need="with unmet need now",
        families_identified="need now known to the named practitioner",
        families_waiting="identified and waiting for service",
        families_ever_in_need="in need at any time so far, each family once, those who have left among them",
        families_reached="served at least a month so far, each family once, those who have left among them",
        families_reached_at_fidelity="served at least a month with the practitioner at fidelity, each family once, "
        "those who have left among them",
    ),
    Column(
        "wellbeing_all",
        NUMBER,
        "SD",
        "wellbeing, mean of all families there now (0: no unmet need, no benefit); null without families",
    ),
    Column("wellbeing_in_need", NUMBER, "SD", "wellbeing, mean of families in need now; null if none"),
    Column(
        "wellbeing_reached", NUMBER, "SD", "wellbeing, mean of families there now who were ever reached; null if none"
    ),
)
EPISODE_COLUMNS = (
    *_counts("families", families_completed="completed an episode so far, each family once"),
    Column(
        "wellbeing_completed",
        NUMBER,
        "SD",
        "gain of families who completed an episode, mean: what service had brought them by its end; null if none",
    ),
)
TURN_COLUMNS = _counts(
    "sites",
    sites_given_up="gave the practice up at any time so far; each site once",
    sites_returned="gave it up and joined again at any time so far; each site once",
)
# Known to `series.columns` and not in the month-by-month table, whose columns others read by position and name.
SUPPORT_COLUMNS = _counts(
    "families",
    families_gave_up_waiting="stopped waiting so far because there was no place, each family once",
    families_identified_wrongly="identified without need so far, each family once",
    families_ever="there at any time so far, those who have left among them",
)
_COST = (
    Column(
        "cost_cash",
        NUMBER,
        "GBP",
        "cash since month 0; what is spent for the whole area is shared by zones' need of support",
    ),
    Column(
        "cost_released_time", NUMBER, "GBP", "staff time released since month 0, valued by the hour; shared likewise"
    ),
)


def _by_fifth(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    ends = {1: " (most deprived)", FIFTHS: " (least deprived)"}
    return tuple(
        Column(f"{c.name}_fifth{k}", c.kind, c.unit, f"as {c.name}, deprivation fifth {k}{ends.get(k, '')}")
        for c in columns
        for k in range(1, FIFTHS + 1)
    )


SERIES = (
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("replicate", WHOLE, "", "replicate, from 0; the same number has the same random numbers in every scenario"),
    Column("month", WHOLE, "months", "0 is the state before the first month"),
    Column("zone", TEXT, "", f"zone's name, in plan order; '{OUTSIDE}': in no zone; '{ALL}': the area"),
    Column("draw", WHOLE, "", "row of the parameter sample used; -1: none, every parameter at its default or as set"),
    *_SITES,
    *_PRACTITIONERS,
    *_PRACTICE,
    *FAMILY_COLUMNS,
    *_COST,
    *_by_fifth(FAMILY_COLUMNS),
    *EPISODE_COLUMNS,
    *TURN_COLUMNS,
    Column(
        "budget_short",
        NUMBER,
        "0 or 1",
        "1 where the budget of some area did not reach for all that was asked of it; same in every zone's rows",
    ),
)
"""`series.parquet`: one row for each scenario, replicate, month and zone."""

_MARKED_WORDS = dict(
    zip(
        MARKED,
        (
            "fidelity as assessed, mean of its users",
            "capacity of its local team as assessed",
            "use of data in its improvement cycles as assessed",
            "share of practitioners using the practice as assessed",
        ),
        strict=True,
    )
)

SITES = (
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("replicate", WHOLE, "", "replicate, from 0"),
    Column(
        "site_id", TEXT, "", "the site's pseudonym; with --show-names its identifier as the organisation file gives it"
    ),
    Column("zone", TEXT, "", f"zone's name; '{OUTSIDE}': in no zone"),
    Column("month_started", WHOLE, "month", "training first delivered; -1 never"),
    Column("month_initial", WHOLE, "month", "first month in initial implementation; -1 never"),
    Column("month_full", WHOLE, "month", "first month in full implementation; -1 never"),
    Column("month_certified", WHOLE, "month", "first certified; -1 never"),
    Column(
        "certified_at_36", FLAG, "", "certified 36 months after its own start; null: not started, or beyond the horizon"
    ),
    Column("not_sustained", FLAG, "", "not sustained at the end of the run"),
    *(
        Column(
            f"{what}_m{mark}",
            NUMBER,
            "share 0-1",
            f"{_MARKED_WORDS[what]}, {mark} months after its start; null: not known",
        )
        for mark in MARKS
        for what in MARKED
    ),
    Column("month_given_up", WHOLE, "month", "first gave the practice up; -1 never"),
    Column("month_returned", WHOLE, "month", "first joined again after giving up; -1 never"),
    Column(
        "generation",
        WHOLE,
        "teams",
        "how many teams lie between it and the external supporters at the end of the run (its own local team counts as "
        "part of it): 1 where a core team supports it, 2 where a local team of an earlier zone does, and so on; "
        "0: it never took part, or there is no team",
    ),
)
"""`sites.parquet`: one row for each scenario, replicate and site in scope."""

_SITE = (
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("replicate", WHOLE, "", "replicate, from 0"),
    Column("site_id", TEXT, "", "as in `sites.parquet`"),
    Column("zone", TEXT, "", f"zone's name; '{OUTSIDE}': in no zone"),
)
SITE_MONTHS = (
    *_SITE,
    Column("month", WHOLE, "months", "0 is the state before the first month"),
    Column("stage", TEXT, "", "stage at the end of the month: one of the stages that `series.parquet` counts"),
    Column("users", WHOLE, "people", "practitioners who use the practice"),
    Column("staff", WHOLE, "people", "posts at the site"),
    Column("at_fidelity", WHOLE, "people", "practitioners who use it with true fidelity at or above the criterion"),
    Column("fidelity_mean", NUMBER, "share 0-1", "true fidelity, mean of its users; null if nobody uses it"),
    Column("capacity", NUMBER, "share 0-1", "capacity of the team that supports it; 0: none does"),
    Column(
        "attention",
        NUMBER,
        "share 0-1",
        "share of the support it needs that its core team gives; 0 while it neither waits for a place nor takes part",
    ),
    Column("commitment_manager", NUMBER, "share 0-1", "commitment of its manager"),
    Column("given_up", WHOLE, "0 or 1", "1: has given the practice up at any time so far"),
    Column("returned", WHOLE, "0 or 1", "1: has joined again at any time so far"),
)
"""`site_months.parquet`: one row for each scenario, replicate, month and site in scope."""

SPELLS = (
    *_SITE,
    Column("month_began", WHOLE, "month", "month in which the practitioner began to use the practice; 0: before"),
    Column(
        "months_used",
        WHOLE,
        "months",
        "months at the end of which the practitioner used it, without a gap; over all spells of a run they add up to "
        "`practitioners_using` over all months",
    ),
    Column("ended", WHOLE, "0 or 1", "1: stopped using it, or left the post; 0: still uses it at the end of the run"),
    Column(
        "coached",
        NUMBER,
        "share of months",
        "share of these months in which coaching by a team, or coaching that was bought, reached the site",
    ),
)
"""`spells.parquet`: one row for each scenario, replicate and spell of use, in the order in which they ended."""

SUMMARY = (
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("id", TEXT, "", "the headline"),
    Column("unit", TEXT, "", "unit of the figures"),
    Column("cohort", TEXT, "", "what is counted, and among which people"),
    Column("month", WHOLE, "month", "read at this month"),
    Column("median", NUMBER, "", "median of simulated runs; empty: beyond the horizon, or not defined"),
    Column("p10", NUMBER, "", "10 % of simulated runs lie below"),
    Column("p90", NUMBER, "", "90 % of simulated runs lie below"),
    Column("beyond_horizon", NUMBER, "share of runs", "runs in which the horizon hides the answer"),
    Column("undefined", NUMBER, "share of runs", "runs in which there is nothing to divide by"),
    Column("kind", TEXT, "", "fitted (was a target), predicted (was not) or assumed (an input)"),
)
"""`summary.csv`: one row for each scenario and headline."""

COSTS = (
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("agency", TEXT, "", "who pays; 'external': the external support"),
    Column("year", WHOLE, "year", "year of the run, from 1"),
    Column("cash", NUMBER, "GBP", "cash in that year, mean of simulated runs"),
    Column("released_time", NUMBER, "GBP", "staff time released in that year, mean of simulated runs"),
)
"""`costs.csv`: one row for each scenario, agency and year."""

BUDGETS = (
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("year", WHOLE, "year", "year of the run, from 1"),
    Column("chance_short", NUMBER, "share of runs", "runs in which a budget did not reach in some month of the year"),
    Column("cash", NUMBER, "GBP", "cash in that year, all areas together, mean of simulated runs"),
    Column("cash_limit", NUMBER, "GBP", "the year's limit of cash; empty: none"),
    Column("hours", NUMBER, "hours", "staff time released in that year, all areas together, mean of simulated runs"),
    Column("hours_limit", NUMBER, "hours", "the year's limit of staff time; empty: none"),
)
"""`budgets.csv`: one row for each scenario with a budget, and year."""

TABLES = {
    "series.parquet": SERIES,
    "sites.parquet": SITES,
    "site_months.parquet": SITE_MONTHS,
    "spells.parquet": SPELLS,
    "summary.csv": SUMMARY,
    "costs.csv": COSTS,
    "budgets.csv": BUDGETS,
}


def names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The columns' names in order."""
    return tuple(c.name for c in columns)
