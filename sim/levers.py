"""Every lever, declared once: what people can choose, first for the teams, then for the system around them.

A choice declares the cost parameters by which it is paid for, and the most of it that is plausible in practice
(ASSUMED). What nobody can choose or buy is a condition: a lever to ask "what if" with, not part of a plan.

The levers of the surroundings have a neutral default at which their mechanism vanishes to the bit.
Sources are written as in `parameters.py`.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.declare import CONDITION, About, Scale

ASSUMED = "assumed"

# A lever stays on its line or two: the file is read as a table.
# fmt: off
_ON_OFF = ("off", "on")
_SHARE = "share"
_LEVEL = Scale.between(0, "none", 1, "full")
_NEVER = 1200.0
TEAM_TIME = "post_hours staff_hour"
"""What members of a team cost: their share of a post, by the hour."""
NO_LIMIT = 200.0
"""`support_places` without a limit."""


class Levers(NamedTuple):
    """What people can choose (docs/odd.md, section 2). Those not structural may be changed by an event."""

    teams: Annotated[float, About("kind of implementation teams", "", 0, 4, "docs/odd.md 2",
        ("none", "lead", "committee", "core", "core+local"), structural=True, price=TEAM_TIME)] = 0.0
    core_teams: Annotated[float, About("core implementation teams in an area", "teams", 0, 40,
        "lit 6.4 A: one team an area unless sites are divided", structural=True, whole=True,
        named=((0.0, "as the area needs"),), price=TEAM_TIME)] = 1.0
    core_team_sites: Annotated[float, About("sites that one core team looks after, where teams are founded as "
        "the area needs",
        "sites", 10, 200, ASSUMED + ": what one team can bring on and keep in ten years", structural=True,
        whole=True, price=TEAM_TIME)] = 50.0
    core_team_size: Annotated[float, About("members of a core team", "people", 1, 12, "lit 6.2 A: 3-7",
        whole=True, price=TEAM_TIME, ceiling=7.0)] = 5.0
    core_team_agencies: Annotated[float, About("agencies among a core team's members", "agencies", 1, 5,
        ASSUMED + ": health, social work, education, third sector", structural=True, whole=True)] = 4.0
    split_core_by: Annotated[float, About("how several core teams divide the sites", "", 0, 1, "docs/odd.md 2",
        ("agency", "locality"), structural=True)] = 1.0
    local_team_size: Annotated[float, About("members of a local team", "people", 1, 12, "lit 6.2 A",
        whole=True, price=TEAM_TIME, ceiling=6.0)] = 4.0
    collective: Annotated[float, About("agencies work as one (off: each with its own lead and team)", "", 0, 1,
        "2018 summary: isolated and collective impact", _ON_OFF, structural=True)] = 1.0
    training: Annotated[float, About("kind of training at installation", "", 0, 3, "lit 2.1 B",
        ("none", "theory", "demonstration", "practice"), structural=True, price="training_cash training_hours")] = 0.0
    usability_start: Annotated[float, About("how well defined and workable the design is at the start", _SHARE, 0, 1,
        ASSUMED + ": a design not yet tested with users", structural=True, kind=CONDITION)] = 0.85
    external_start: Annotated[float, About("month external support begins", "month", 0, _NEVER, "lit 4.22 A",
        structural=True, whole=True, price="external_cash")] = 0.0
    external_taper: Annotated[float, About("share of external support lost each year", "per year", 0, 1, "lit 4.22 A",
        structural=True, price="external_cash")] = 0.0
    external_end: Annotated[float, About("month external support ends (1200: beyond any horizon)", "month", 0, _NEVER,
        "lit 4.22 A", structural=True, whole=True, named=((_NEVER, "beyond any horizon"),),
        price="external_cash")] = _NEVER
    external_level: Annotated[float, About("external support to core teams", _LEVEL, 0, 1, "lit 4.22 A",
        price="external_cash")] = 0.0
    external_teams: Annotated[float, About("external support teams for all areas, each for a few core teams", "teams",
        0, 100, ASSUMED + ": one, as in 2018", structural=True, whole=True,
        named=((0.0, "as core teams need"),), price="external_cash")] = 1.0
    coaching: Annotated[float, About("coaching of practitioners", _LEVEL, 0, 1, "lit 2.1 B, 2.2 A",
        price="coaching_hours")] = 0.0
    fidelity_feedback: Annotated[float, About("practitioners see their own fidelity data", _LEVEL, 0, 1,
        "lit 2.4 A", price="feedback_hours", ceiling=1.0)] = 1.0
    improvement_cycles: Annotated[float, About("site teams run rapid improvement cycles", _LEVEL, 0, 1,
        "lit 6.7 A", price="cycle_hours")] = 1.0
    usability_testing: Annotated[float, About("the design is tested with its users", _LEVEL, 0, 1, "lit 6.9 C",
        price="testing_hours")] = 1.0
    data_lag_months: Annotated[float, About("delay until a site sees its own data", "months", 0, 24,
        "2018 summary: days to a month, or a quarter to a year", price="data_cash")] = 6.0
    communication: Annotated[float, About("working communication protocol between levels", _LEVEL, 0, 1,
        "2018 summary; lit 6.6 A", price="communication_hours", found=0.2)] = 0.2
    engagement_group: Annotated[float, About("engagement of the multi-agency group", _LEVEL, 0, 1, "lit 1.11 B",
        price="leader_hours", ceiling=0.9)] = 0.0
    engagement_senior: Annotated[float, About("engagement of senior leaders", _LEVEL, 0, 1, "lit 1.11 B",
        price="leader_hours", ceiling=0.9)] = 0.0
    engagement_manager: Annotated[float, About("engagement of operational and site managers", _LEVEL, 0, 1,
        "lit 1.11 B, 1.13 C", price="leader_hours", ceiling=0.9)] = 0.0
    mentoring: Annotated[float, About("mature local teams support the next zone's teams", _LEVEL, 0, 1,
        "2018 summary: each team supports the next", price="mentoring_hours", ceiling=1.0)] = 1.0
    peer_network: Annotated[float, About("network between sites' teams", _LEVEL, 0, 1, "lit 5.5 A",
        price="network_hours", ceiling=0.8)] = 0.0
    released_time: Annotated[float, About("share of the permitted time that budgets still release", _SHARE, 0, 1,
        ASSUMED, price=TEAM_TIME)] = 1.0
    alignment: Annotated[float, About("alignment of other initiatives with this practice", _LEVEL, 0, 1,
        "2018 summary", price="alignment_hours", ceiling=0.9, found=0.5)] = 0.5
    initiative_load: Annotated[float, About("load of other initiatives",
        Scale.between(0, "none", 1, "as much as staff can carry"), 0, 1,
        ASSUMED, kind=CONDITION)] = 0.5
    give_up: Annotated[float, About("how often sites give the practice up, compared with usual (0: "
        "never)", "times", 0, 4,
        "lit 3.11 A", kind=CONDITION)] = 1.0
    mandate: Annotated[float, About("leaders require use", _LEVEL, 0, 1, ASSUMED, ceiling=0.8)] = 0.0
    turnover_factor: Annotated[float, About("turnover of staff and leaders, compared with today's", "times", 0, 4,
        "lit 4.7-4.19", kind=CONDITION)] = 1.0
    true_effect: Annotated[float, About("effect of a completed episode at full fidelity", "SD", 0, 1,
        "lit 7.10 A/C: 0.25-0.5; 0 is a design that does not work", kind=CONDITION)] = 0.4
    relationships: Annotated[float, About("how far exchange between agencies depends on their relationships", _LEVEL,
        0, 1, ASSUMED + "; 2018 summary: key relationships", kind=CONDITION)] = 0.0
    relationship_start: Annotated[float, About("relationship of each pair of agencies at the "
        "start", _LEVEL, 0, 1, ASSUMED,
        structural=True, kind=CONDITION)] = 0.5
    neutral_partner: Annotated[float, About("a neutral partner helps barriers between agencies to surface", _LEVEL, 0,
        1, "2018 summary", price="partner_hours", ceiling=0.8)] = 0.0
    terms_of_reference: Annotated[float, About("the core team works to agreed terms of reference", _LEVEL, 0, 1,
        "2018 summary", price="terms_hours")] = 0.0
    dissatisfaction: Annotated[float, About("leaders' dissatisfaction with what has not been achieved", _LEVEL, 0, 1,
        ASSUMED + "; 2018 summary: leaders and managers", kind=CONDITION)] = 0.0
    champions: Annotated[float, About("extra influence of peers where champions speak for the practice", "times", 0, 2,
        ASSUMED + "; lit 3.7 A direction", price="champion_hours", ceiling=1.0)] = 0.0
    joint_share: Annotated[float, About("share of the design's components that need a partner in another agency",
        _SHARE, 0, 1, ASSUMED + "; 2018 summary: Team Around the Child", structural=True, kind=CONDITION)] = 0.0
    alignment_work: Annotated[float, About("the core team works on alignment with other initiatives", _LEVEL, 0, 1,
        "2018 summary: alignment", price="alignment_work_hours", ceiling=0.8)] = 0.0
    funding: Annotated[float, About("funding of initiatives",
        Scale.between(-1, "competitive", 1, "collective", "0 neither"), -1, 1,
        "2018 summary: isolated and collective impact", kind=CONDITION)] = 0.0
    support_places: Annotated[float, About("support places for every 100 families in need at the start (200: no limit)",
        "places", 0, 200, ASSUMED, named=((NO_LIMIT, "no limit"),), kind=CONDITION)] = 200.0
    community_places: Annotated[float, About("support places that community partners add for every 100 families "
        "in need", "places", 0,
        100, ASSUMED + "; 2018 summary: community partners", price="place_hours", ceiling=50.0)] = 0.0
    misidentification: Annotated[float, About("families without need who are identified, relative to those with "
        "need", "times", 0,
        1, ASSUMED, kind=CONDITION)] = 0.0
    data_agencies: Annotated[float, About("agencies whose data the system covers, education first",
        "agencies", 1, 5, "2018 summary: data mapping", whole=True, price="coverage_hours")] = 5.0
    data_burden: Annotated[float, About("time that collecting data takes", Scale("(as initiative load)"), 0, 1,
        ASSUMED + "; 2018 summary: low burden", kind=CONDITION)] = 0.0
    data_judgement: Annotated[float, About("data serve judgement rather than improvement", _LEVEL, 0, 1,
        "2018 summary: data for performance", kind=CONDITION)] = 0.0
    data_linkage: Annotated[float, About("data are linked, so that side effects elsewhere are seen", _LEVEL, 0, 1,
        "2018 summary: decision-support data system", price="linkage_hours")] = 0.0
    data_mapping: Annotated[float, About("partners map their data together while a site explores", _LEVEL, 0, 1,
        "2018 summary: data mapping", price="mapping_hours", ceiling=0.8)] = 0.0
    new_posts: Annotated[float, About("share of teams' time in new posts instead of repurposed ones", _SHARE, 0, 1,
        ASSUMED, price=TEAM_TIME, ceiling=0.5)] = 0.0
    displacement: Annotated[float, About("service lost at the releasing site for each hour released", "hours", 0, 3,
        ASSUMED, kind=CONDITION)] = 0.0
    backfill: Annotated[float, About("share of released time that is backfilled", _SHARE, 0, 1, ASSUMED,
        price=TEAM_TIME, ceiling=0.7)] = 0.0
    relaxed_rules: Annotated[float, About("what relaxed rules in a zone depend on", "", 0, 2,
        "2018 summary: normal rules amended or suspended", ("commitment", "person", "policy"))] = 0.0
    school_year: Annotated[float, About("school terms pause cycles and turnover peaks in August", _LEVEL, 0, 1,
        ASSUMED + ": 0 spreads both evenly", kind=CONDITION)] = 0.0
    budget_squeeze: Annotated[float, About("share of released time lost from January until budgets turn in April",
        _SHARE, 0, 1, ASSUMED, kind=CONDITION)] = 0.0
    start_month: Annotated[float, About("calendar month of month 0, unless the area's file gives a date", "month", 1,
        12, ASSUMED + ": the first month is then August", structural=True, whole=True, kind=CONDITION)] = 7.0
    budget: Annotated[float, About("other help bought outside the plan", "GBP per practitioner and year", 0, 20000,
        ASSUMED, price="staff_hour", ceiling=4000.0)] = 0.0
    budget_training: Annotated[float, About("share of other help spent on training", _SHARE, 0, 1, ASSUMED,
        price="training_cash training_hours")] = 0.0
    budget_posts: Annotated[float, About("share of other help spent on extra posts (the rest: uncoordinated coaching)",
        _SHARE, 0, 1, ASSUMED, price=TEAM_TIME)] = 0.0


# fmt: on


class ZoneLevers(NamedTuple):
    """Levers that may differ by zone: the area's own unless a zone, or an event for a zone, says otherwise."""

    coaching: float
    external_level: float
    local_team_size: float
