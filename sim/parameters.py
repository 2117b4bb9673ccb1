"""Every parameter and every lever, each declared once: words, unit, default, range, source.

A *lever* is chosen by people (a scenario sets it); an *uncertainty* belongs to the world (calibration and sweeps vary
it).
Messages, command-line help, sliders, sweep ranges, documentation tables and the tests' invalid values are made from
here.

The classes are NamedTuples of floats, so that a rule reads `p.start_peers` alike in plain Python and in a compiled
kernel.
Sources: "lit 2.4" is row 2.4 of the evidence table in docs/evidence-sources.md with its grade (A-D);
ASSUMED marks a value without a published anchor: sweep it before you lean on it.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

from sim.costs import CostParameters
from sim.declare import About, Parameter
from sim.errors import UnknownName
from sim.family_parameters import FamilyParameters
from sim.levers import ASSUMED, Levers

# A parameter stays on its line or two: the file is read as a table.
# fmt: off
_SHARE = "share"
_MONTH = "per month at most"


class PractitionerParameters(NamedTuple):
    """Awareness, start, skill, lapse and turnover of a practitioner."""

    fidelity_criterion: Annotated[float, About("delivered share of core components that counts as fidelity", _SHARE,
        0.7, 0.8, "lit 1.9 A/B")] = 0.8
    readiness_mean: Annotated[float, About("readiness of staff", _SHARE, 0.3, 0.7, "lit 5.4 C")] = 0.5
    readiness_spread: Annotated[float, About("half-width of readiness over sites and again over their staff", _SHARE,
        0, 0.3, "lit 5.4 C")] = 0.25
    awareness_mass: Annotated[float, About("hears of the practice by mass communication", _MONTH, 0.001, 0.03,
        ASSUMED)] = 0.02
    awareness_peers: Annotated[float, About("hears of it when all peers use it", _MONTH, 0.01, 0.3, ASSUMED)] = 0.06
    awareness_engaged: Annotated[float, About("hears of it at a site that explores or installs", _MONTH, 0.05, 0.5,
        ASSUMED)] = 0.2
    start_peers: Annotated[float, About("starts because peers use it", _MONTH, 0.02, 0.4, "fitted to lit 1.3 B")] = 0.04
    start_manager: Annotated[float, About("starts because the manager is committed", _MONTH, 0.01, 0.3,
        "lit 2.1 B: 6 % within 6 months of practice training")] = 0.15
    start_support: Annotated[float, About("starts because a local team supports", _MONTH, 0.2, 1.2,
        "lit 2.1 B: 70-97 % within 6 months when coached")] = 1.2
    start_mandate: Annotated[float, About("starts because leaders require it", _MONTH, 0, 0.2, ASSUMED)] = 0.06
    training_half_life: Annotated[float, About("time until training leads to use half as often", "months", 1, 24,
        "lit 2.1 B: little use by itself; lit 2.4 A: weeks, not years")] = 6.0
    spare: Annotated[float, About("part of attention that nothing else can take", _SHARE, 0, 0.1,
        ASSUMED + ": a few find a way")] = 0.03
    start_untrained: Annotated[float, About("start without training, compared with practice "
        "training", "times", 0.05, 0.5,
        "fitted to lit 1.3 B")] = 0.18
    start_theory: Annotated[float, About("start after theory only, compared with practice training", "times", 0, 0.5,
        "lit 2.1 B")] = 0.18
    start_demonstration: Annotated[float, About("start after demonstration, compared with practice "
        "training", "times", 0, 0.8,
        "lit 2.1 B")] = 0.28
    skill_untrained: Annotated[float, About("first skill without training", _SHARE, 0, 0.5, "lit 2.1 B")] = 0.15
    skill_theory: Annotated[float, About("first skill after theory", _SHARE, 0, 0.5, "lit 2.1 B")] = 0.2
    skill_demonstration: Annotated[float, About("first skill after demonstration", _SHARE, 0.1, 0.6, "lit 2.1 B")] = 0.3
    skill_practice: Annotated[float, About("first skill after practice with feedback", _SHARE, 0.3, 0.9,
        "lit 2.1 B; lit 2.4 A direction: high for days, then it falls")] = 0.85
    level_mean: Annotated[float, About("how able people are at the practice", _SHARE, 0.4, 0.95,
        "fitted to lit 1.8 B")] = 0.85
    level_spread: Annotated[float, About("half-width of that ability over sites and again over their staff", _SHARE, 0,
        0.4, "lit 1.8 B, 4.11 A direction: sites differ")] = 0.22
    skill_coaching: Annotated[float, About("share of the missing skill gained at full dose", "per month", 0.05, 0.5,
        "lit 2.2 A: size of the coaching effect")] = 0.5
    skill_half_life: Annotated[float, About("half-life of the way to where skill settles without feedback", "months",
        1, 12, "lit 2.4 A direction")] = 4.0
    fall_back: Annotated[float, About("share of skill lost without feedback by the least able; the ablest lose none",
        _SHARE, 0, 1, ASSUMED + "; lit 2.4 A direction")] = 0.9
    norm: Annotated[float, About("weight of what colleagues at the site do in where skill settles", _SHARE, 0, 1,
        ASSUMED + "; lit 3.7 A direction")] = 0.3
    ceiling: Annotated[float, About("skill that full coaching leads the ablest to: everybody adapts", _SHARE, 0.8, 1,
        "lit 1.9 B: results at 60 to 80 %, no study near 100 %")] = 0.905
    adaptation: Annotated[float, About("further loss of that skill for those with no ability", _SHARE, 0, 1,
        ASSUMED)] = 0.1
    workaround: Annotated[float, About("how much less barriers and a faulty design hinder able people (0: no less)",
        _SHARE, 0, 1, ASSUMED + "; Han and Weiss 2005: self-efficacy")] = 0.7
    dose_sufficient: Annotated[float, About("dose of feedback from which skill holds", "dose", 0.05, 0.8,
        "lit 2.4, 2.5 A direction")] = 0.12
    lapse: Annotated[float, About("stops using it, with nothing to prevent it", _MONTH, 0.003, 0.08, ASSUMED)] = 0.013
    lapse_manager: Annotated[float, About("part of lapse that a fully committed manager prevents", _SHARE, 0, 1,
        "lit 3.11 A, 1.13 C")] = 0.5
    lapse_coaching: Annotated[float, About("part of lapse that a full dose of coaching prevents", _SHARE, 0, 1,
        "lit 2.4 A")] = 0.8
    lapse_peers: Annotated[float, About("part of lapse that peers who all use it prevent", _SHARE, 0, 1,
        "lit 3.7 A direction")] = 0.3
    lapse_overload: Annotated[float, About("extra lapse where other initiatives take all attention", "times", 0, 6,
        ASSUMED)] = 2.0
    lapse_design: Annotated[float, About("extra lapse from a design of which nothing works", "times", 0, 3,
        ASSUMED)] = 1.0
    lapse_given_up: Annotated[float, About("stops using where the site has given the practice up", _MONTH, 0, 0.5,
        ASSUMED + "; lit 3.11 A: use ends within a year or two")] = 0.12
    turnover_education: Annotated[float, About("teachers leaving a site", "per year", 0.05, 0.15,
        "lit 4.18 A floor")] = 0.09
    turnover_care: Annotated[float, About("social care or health staff leaving a site", "per year", 0.08, 0.3,
        "lit 4.7, 4.17 A/B bound")] = 0.15
    turnover_coached: Annotated[float, About("turnover of coached users", "times", 0.33, 0.9, "lit 4.14, 4.16 A")] = 0.6
    turnover_deprivation: Annotated[float, About("extra turnover where all families live in the most deprived fifth",
        "times", 0, 1, "lit 3.8 A order; none allowed")] = 0.3
    load_deprivation: Annotated[float, About("extra load where all families live in the most deprived fifth",
        "(as initiative load)", 0, 1, "lit 3.8 A order; none allowed")] = 0.15
    load_secondary: Annotated[float, About("extra load in secondary schools", "(as initiative load)", 0, 1,
        "lit 3.8, 3.9 A order; none allowed")] = 0.2
    attendance: Annotated[float, About("staff in post who attend the training", _SHARE, 0.5, 1, ASSUMED)] = 0.9
    induction: Annotated[float, About("newcomers trained by a supported site at full capacity", _MONTH, 0.05, 0.6,
        ASSUMED)] = 0.3
    turnover_august: Annotated[float, About("turnover of school staff in August, compared with an even "
        "year", "times", 1, 12,
        ASSUMED + ": about half of a year's leavers")] = 6.0


class TeamParameters(NamedTuple):
    """Attention, capacity and members of implementation teams: the support cascade."""

    capacity_start_core: Annotated[float, About("capacity of a new core team", _SHARE, 0.05, 0.3,
        "assumed; docs/odd.md 7")] = 0.1
    capacity_start_local: Annotated[float, About("capacity of a new local team", _SHARE, 0, 0.2, ASSUMED)] = 0.05
    capacity_growth: Annotated[float, About("capacity growth under full support: first slope", "per year", 0.2, 1.0,
        "fitted; lit 6.10: no anchor")] = 0.62
    span: Annotated[float, About("sites a core team of five at full capacity can bring on at a time", "sites", 3, 15,
        ASSUMED + "; recommended in lit 11")] = 8.0
    place_base: Annotated[float, About("part of a place that a site needs however few its people", _SHARE, 0, 1,
        ASSUMED)] = 0.4
    place_staff: Annotated[float, About("people to be supported for whom a site needs a whole place", "people", 5, 80,
        ASSUMED + ": a primary school")] = 22.0
    handed_on: Annotated[float, About("capacity a new local team takes from a full playbook of similar sites",
        _SHARE, 0, 0.8, ASSUMED + "; 2018 summary: each team supports the next")] = 0.4
    thin_time: Annotated[float, About("how much less a little released time is worth than its share (0: no "
        "less)", _SHARE, 0, 2,
        ASSUMED + ": a committee that meets is no team")] = 0.35
    staff_per_member: Annotated[float, About("practitioners at a large site for each member of its local team",
        "people", 5,
        40, ASSUMED)] = 15.0
    maintain: Annotated[float, About("place a mature site needs", "places", 0.05, 0.5, "assumed; docs/odd.md 7")] = 0.2
    thin_support: Annotated[float, About("how much support loses when it is spread thin (0: nothing)", "share", 0, 2,
        ASSUMED + ": support below a working dose changes little")] = 0.35
    overload_learning: Annotated[float, About("part of a core team's own learning lost when it cannot meet any need",
        _SHARE, 0, 1, ASSUMED)] = 0.35
    explore_need: Annotated[float, About("place a site in exploration needs", "places", 0, 1, ASSUMED)] = 1.0
    capacity_criterion: Annotated[float, About("capacity at which a team counts as mature", _SHARE, 0.6, 0.8,
        "lit 6.1 A")] = 0.8
    mentor_places: Annotated[float, About("sites a mature local team at full capacity can mentor", "sites", 0, 2,
        ASSUMED)] = 0.5
    external_span: Annotated[float, About("core teams the external team can support at a time", "teams", 1, 10,
        ASSUMED + ": three areas in 2018")] = 3.0
    own_renewal: Annotated[float, About("capacity at which a team sustains itself half as well as a supporter would",
        _SHARE, 0.2, 0.8, ASSUMED)] = 0.3
    peer_support: Annotated[float, About("support from a full network of able peer teams, against a core team's",
        _SHARE, 0, 0.5, ASSUMED)] = 0.2
    atrophy: Annotated[float, About("capacity lost by a team that neither supports itself nor is supported",
        "per year", 0,
        0.6, ASSUMED)] = 0.2
    member_turnover: Annotated[float, About("team members leaving", "per year", 0.05, 0.3, "lit 4.7-4.18")] = 0.12
    cover: Annotated[float, About("part of a leaver's capacity that a large mixed team keeps", _SHARE, 0, 0.9,
        "2018 summary: cover and pooled skills")] = 0.7
    refill_months: Annotated[float, About("mean time until a member's place is filled", "months", 1, 12, ASSUMED)] = 3.0
    recruit_months: Annotated[float, About("mean time until a new place in a team is first filled (0: at once)",
        "months", 0, 12, ASSUMED + "; as long as refilling one")] = 3.0
    share_of_post: Annotated[float, About("share of a post a core team's member gives", _SHARE, 0.1, 0.6,
        "2018 summary: roles repurposed")] = 0.3
    share_of_post_local: Annotated[float, About("share of a post a local team's member gives", _SHARE, 0.03, 0.3,
        ASSUMED + ": a school-year at fidelity then costs 15,000-45,000 GBP, lit 8.3-8.5 A")] = 0.1
    committee_time: Annotated[float, About("time of a committee's member, compared with a team "
        "member's", "times", 0.02, 0.5,
        ASSUMED)] = 0.15
    coach_span: Annotated[float, About("practitioners one member at full capacity can coach fully, given the time",
        "people", 2, 20, ASSUMED)] = 8.0
    assessment_error: Annotated[float, About("standard deviation of an assessed capacity or data use", _SHARE, 0, 0.2,
        ASSUMED)] = 0.06
    terms_attention: Annotated[float, About("attention that full terms of reference save from waste", _SHARE, 0, 0.5,
        ASSUMED + "; 2018 summary")] = 0.15
    coach_alone: Annotated[float, About("capacity of coaches who work without a team", _SHARE, 0.1, 0.6,
        ASSUMED)] = 0.3
    head_leads: Annotated[float, About("dose of coaching that a wholly committed manager gives without a team",
        _SHARE, 0, 0.6, "lit 1.13 C, 3.11 A direction")] = 0.5
    linkage_mends: Annotated[float, About("service lost to released time that linked data help to mend", _SHARE, 0, 1,
        ASSUMED)] = 0.7


class LeaderParameters(NamedTuple):
    """Commitment of leaders: what raises it, what wears it off, who replaces whom."""

    commitment_mean: Annotated[float, About("baseline commitment of leaders", _SHARE, 0.2, 0.8, ASSUMED)] = 0.5
    commitment_spread: Annotated[float, About("half-width of baseline commitment between leaders", _SHARE, 0, 0.3,
        ASSUMED)] = 0.3
    engage: Annotated[float, About("share of missing commitment gained by full engagement", "per month", 0.01, 1.0,
        "fitted")] = 0.23
    results: Annotated[float, About("share of missing commitment gained when all results are visible", "per month", 0,
        0.2, "2018 summary")] = 0.05
    drift: Annotated[float, About("share of the way back to the baseline", "per month", 0.01, 0.2, "fitted")] = 0.11
    drift_misaligned: Annotated[float, About("extra drift when initiatives pull fully elsewhere", "times", 0, 4,
        ASSUMED)] = 1.0
    turnover: Annotated[float, About("heads and senior leaders leaving", "per year", 0.07, 0.25,
        "lit 4.19 A floor")] = 0.12
    correlation: Annotated[float, About("a new leader's commitment, compared with the old one's", "correlation", 0, 0.7,
        "lit 3.11 A direction")] = 0.3
    weakest: Annotated[float, About("weight of the least committed member in a multi-agency group", _SHARE, 0, 1,
        "assumed; docs/odd.md 7")] = 0.6
    chair_settling: Annotated[float, About("months until a new chair is fully in post", "months", 1, 24, ASSUMED)] = 6.0
    post_settling: Annotated[float, About("months until a new leader releases time as before", "months", 1, 24,
        ASSUMED)] = 6.0
    relationship_growth: Annotated[float, About("share of a missing relationship built by full contact", "per month",
        0.01, 0.2, ASSUMED)] = 0.04
    relationship_loss: Annotated[float, About("share of its relationships an agency loses with its senior leader",
        _SHARE, 0, 1, ASSUMED)] = 0.3
    align_gain: Annotated[float, About("share of missing alignment gained by full work on it, or by collective funding",
        "per month", 0, 0.2, ASSUMED)] = 0.03
    align_new: Annotated[float, About("share of alignment lost to a new initiative of full load", _SHARE, 0, 1,
        ASSUMED)] = 0.3


class SiteParameters(NamedTuple):
    """Selection, installation, barriers, improvement cycles, playbook and assessment of sites and area."""

    select: Annotated[float, About("an offered place is taken by a fully ready, committed and prepared site", _MONTH,
        0.1, 2, "lit 6.8 B/C")] = 0.4
    explore_unaided: Annotated[float, About("readiness work done without a core team", _SHARE, 0, 1, ASSUMED)] = 0.02
    seen: Annotated[float, About("how far a site is drawn by others that use it, where all do", _SHARE, 0, 1,
        "lit 3.7 A, 3.13 direction: number of other schools in the district")] = 0.9
    sign_up: Annotated[float, About("how far an offer of training alone draws a site that has no core team",
        _SHARE, 0, 1, ASSUMED + ": a course asks little of a site")] = 0.9
    give_up_hazard: Annotated[float, About("gives the practice up, with nothing to prevent it and no commitment at all",
        _MONTH, 0, 0.3, "lit 3.11 A; lit 11: 0.01 to 0.08 a year where supported")] = 0.08
    capacity_holds: Annotated[float, About("part of giving up that full capacity prevents, and full use of data again",
        _SHARE, 0, 1, "lit 3.12 A, 4.23 A")] = 0.8
    peers_hold: Annotated[float, About("part of giving up that other sites prevent when all use it", _SHARE, 0, 1,
        "lit 3.7 A: critical mass")] = 0.5
    new_head: Annotated[float, About("extra giving up under a manager who has just come", "times", 0, 10,
        "lit 3.11 A direction: a new leader can end it")] = 5.0
    same_head: Annotated[float, About("joining again under the manager who gave up, compared with a new one",
        "times", 0, 1, "lit 3.11 A: a new administrator is why sites return")] = 0.2
    trust_lost: Annotated[float, About("part of a site's trust that giving up costs", _SHARE, 0, 1, ASSUMED)] = 0.5
    trust_wears: Annotated[float, About("part of trust lost in a month of waiting or installing without any support",
        _SHARE, 0, 0.2, ASSUMED + "; lit 4.2 A: slow starts fail")] = 0.03
    trust_returns: Annotated[float, About("part of lost trust that comes back", _MONTH, 0, 0.1, ASSUMED)] = 0.01
    install: Annotated[float, About("share of installation done with full released time", "per month", 0.05, 0.6,
        "fitted; lit 6.8 B/C")] = 0.35
    barrier_mean: Annotated[float, About("local barriers at start", _SHARE, 0.1, 0.5, "fitted")] = 0.22
    barrier_spread: Annotated[float, About("half-width of local barriers between sites", _SHARE, 0, 0.3,
        "lit 1.8 B direction: sites differ")] = 0.25
    barrier_return: Annotated[float, About("share of removed local barriers that return", "per month", 0, 0.03,
        ASSUMED)] = 0.004
    system_barrier: Annotated[float, About("barriers beyond the site at start", _SHARE, 0.05, 0.4,
        ASSUMED + "; lit 1.8 B: 23 % is the least omitted without support")] = 0.1
    system_return: Annotated[float, About("share of removed system barriers that return", "per month", 0, 0.03,
        ASSUMED)] = 0.002
    system_removal: Annotated[float, About("part of system barriers that one decision removes", _SHARE, 0.01, 0.2,
        ASSUMED)] = 0.1
    cycle_months: Annotated[float, About("own length of a rapid improvement cycle", "months", 1, 6, "lit 6.7 A")] = 2.0
    cycle_waits: Annotated[float, About("part of the data delay that a cycle waits for", _SHARE, 0, 1,
        ASSUMED + ": teams go on with what they see")] = 0.3
    cycle_removal: Annotated[float, About("part of local barriers a fully able cycle removes", _SHARE, 0.05, 0.6,
        ASSUMED)] = 0.5
    data_half_lag: Annotated[float, About("data delay that halves what can be learned from it", "months", 1, 12,
        "2018 summary: quarterly data hides variation")] = 10.0
    data_isolated: Annotated[float, About("data quality where agencies share no measures", "times", 0.2, 1,
        ASSUMED)] = 0.6
    raise_barrier: Annotated[float, About("a cycle that meets a barrier beyond the site", _SHARE, 0.05, 0.9,
        ASSUMED)] = 0.5
    cross_agency: Annotated[float, About("raised barriers that need every agency", _SHARE, 0, 1, ASSUMED)] = 0.4
    zone_latitude: Annotated[float, About("extra ease of removing barriers in an open zone with full commitment",
        "times", 0, 2, "2018 summary: normal rules relaxed")] = 0.5
    usability_rounds: Annotated[float, About("rounds of usability testing", "rounds", 0, 8, "lit 6.9 C",
        whole=True)] = 5.0
    usability_months: Annotated[float, About("months a round takes", "months", 1, 6, ASSUMED)] = 3.0
    usability_users: Annotated[float, About("users in practice with whom a round can be tested", "people", 0, 20,
        "lit 6.9 C: 4-5 users a round")] = 5.0
    usability_gain: Annotated[float, About("share of the design's faults a fully able round mends", _SHARE, 0, 0.6,
        "lit 6.9 C")] = 0.25
    playbook_cycle: Annotated[float, About("share of what is still to learn that one cycle adds", _SHARE, 0, 0.1,
        ASSUMED)] = 0.05
    playbook_carry: Annotated[float, About("part of local barriers a full playbook removes for similar sites", _SHARE,
        0, 1,
        ASSUMED)] = 0.7
    assess_months: Annotated[float, About("months between fidelity assessments", "months", 3, 12, "lit 6.1 A",
        whole=True)] = 6.0
    assess_sample: Annotated[float, About("practitioners observed at a site", "people", 3, 40, ASSUMED,
        whole=True)] = 10.0
    assess_error: Annotated[float, About("standard deviation of one observed fidelity", _SHARE, 0, 0.2, ASSUMED)] = 0.05
    full_share: Annotated[float, About("share of a site's practitioners at fidelity that makes full implementation",
        _SHARE, 0.3, 0.8, "the field's definition")] = 0.5
    terms_speed: Annotated[float, About("how much faster a site installs under full terms of reference", _SHARE, 0, 1,
        ASSUMED + "; 2018 summary")] = 0.25
    reporting_lag: Annotated[float, About("delay of data where the data system does not cover an agency", "months", 3,
        18, "2018 summary: a quarter to a year")] = 9.0
    burden_missing: Annotated[float, About("data left out where collecting takes all there is", _SHARE, 0, 1,
        ASSUMED)] = 0.5
    judgement_hides: Annotated[float, About("what data for judgement keep from those who could learn", _SHARE, 0, 1,
        ASSUMED + "; 2018 summary")] = 0.5
    judgement_bias: Annotated[float, About("part of a shortfall that is not reported where data serve judgement",
        _SHARE, 0, 1, ASSUMED)] = 0.3
    mapping_gain: Annotated[float, About("part of local barriers that full joint mapping exposes in time", _SHARE, 0,
        0.5, ASSUMED)] = 0.15
    outcome_deviation: Annotated[float, About("standard deviation of one family's change in wellbeing", "SD", 0.5, 1.5,
        "by definition about 1")] = 1.0


# fmt: on

GROUPS: dict[str, Any] = {
    "lever": Levers,
    "practitioner": PractitionerParameters,
    "family": FamilyParameters,
    "team": TeamParameters,
    "leader": LeaderParameters,
    "site": SiteParameters,
    "cost": CostParameters,
}


class Parameters(NamedTuple):
    """All uncertainties of one replicate, a field for each actor."""

    practitioner: PractitionerParameters = PractitionerParameters()
    family: FamilyParameters = FamilyParameters()
    team: TeamParameters = TeamParameters()
    leader: LeaderParameters = LeaderParameters()
    site: SiteParameters = SiteParameters()
    cost: CostParameters = CostParameters()


def _declared() -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for group, cls in GROUPS.items():
        for name, hint in get_type_hints(cls, include_extras=True).items():
            if name in found:
                message = f"{name} is declared twice: {found[name].group} and {group}"
                raise TypeError(message)
            found[name] = Parameter(name, group, float(cls._field_defaults[name]), get_args(hint)[1])
    return found


REGISTRY: dict[str, Parameter] = _declared()
LEVERS: dict[str, Parameter] = {n: p for n, p in REGISTRY.items() if p.is_lever}
UNCERTAINTIES: dict[str, Parameter] = {n: p for n, p in REGISTRY.items() if not p.is_lever}


def find(where: str, name: str) -> Parameter:
    """The declared parameter of that name.

    Raises:
        UnknownName: with the known names and the nearest.
    """
    if name not in REGISTRY:
        raise UnknownName(where, "lever or parameter", name, LEVERS, others=UNCERTAINTIES)
    return REGISTRY[name]


def levers_from(values: dict[str, float]) -> Levers:
    """Levers with these stored values instead of their defaults."""
    return Levers()._replace(**values)


def parameters_from(values: dict[str, float]) -> Parameters:
    """Uncertainties with these values instead of their defaults; names of any group, unknown ones refused."""
    result = Parameters()
    for group in result._fields:
        mine = {n: float(v) for n, v in values.items() if REGISTRY[n].group == group}
        if mine:
            result = result._replace(**{group: getattr(result, group)._replace(**mine)})
    return result
