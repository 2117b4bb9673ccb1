"""What a practitioner does: hears of the practice, starts, learns, lapses, leaves."""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters import PractitionerParameters
from sim.rules.rule import clip, hazard_of_yearly, probability, rule, share

UNTRAINED, THEORY, DEMONSTRATION, PRACTICE = 0, 1, 2, 3


class Setting(NamedTuple):
    """What everybody at a site meets this month. Each engine has one place that gathers it.

    Chances are worked out ahead of time (`docs/odd.md`, section 7), so what is not named in HELPS, HINDERS or
    WHETHER has them worked out anew whenever it changes.
    """

    dose: float  # coaching each of them gets, 0-1
    commitment: float  # of the site's manager, 0-1
    through: float  # how far advice of partners in other agencies is heard, 0-1
    overloaded: float  # share of attention that other initiatives take, 0-1
    mandate: float  # how far leaders require use, 0-1
    champions: float  # extra influence of peers who use the practice, times
    training: float  # kind of training: THEORY, DEMONSTRATION or PRACTICE; UNTRAINED without
    engaged: float  # 1 where the site takes part, else 0
    turnover: float  # against today's, times
    deprivation: float  # of the site, 0-1
    induction: float  # monthly probability that the site trains one of its untrained
    taught: float  # monthly probability that other help trains one
    feedback: float  # how far practitioners see their own fidelity data, 0-1
    joint: float  # share of the design's components that need a partner in another agency
    usability: float  # how workable the design is, 0-1
    given_up: float  # 1 where the site has given the practice up, else 0


class Oneself(NamedTuple):
    """What one practitioner brings to a decision."""

    readiness: float  # 0-1
    trained: bool
    since: float  # months since the training


class Ability(NamedTuple):
    """How well one user does it."""

    skill: float  # 0-1
    level: float  # how able one is at the practice, 0-1
    norm: float  # mean skill of the site's users a month before, 0-1; negative where nobody used it


HELPS = ("dose", "commitment", "through")
"""More of these lets more people hear and start, and fewer stop."""

HINDERS = ("overloaded",)
"""More of these lets fewer people hear and start, and more stop."""

WHETHER = ("induction", "taught")
"""Of these it matters only whether there is any."""


class Obstacles(NamedTuple):
    """What stands between skill and delivery."""

    local: float  # barriers at the site, 0-1
    system: float  # barriers beyond it, 0-1
    usability: float  # how workable the design is, 0-1


@rule
def hears(p: PractitionerParameters, peers: float, met: Setting) -> float:
    """Monthly hazard of hearing of the practice: mass communication, peers who use it, a site that takes part."""
    hazard = p.awareness_mass + p.awareness_peers * peers
    if met.engaged > 0.0:
        hazard = hazard + p.awareness_engaged
    return hazard


@rule
def overload(p: PractitionerParameters, load: float, alignment: float, deprivation: float, secondary: bool) -> float:
    """Share of attention that other initiatives take: their load (heavier in deprived places and secondary schools),
    as far as they are not aligned with the practice. A little attention is always left.
    """
    total = load + p.load_deprivation * deprivation
    if secondary:
        total = total + p.load_secondary
    return (1.0 - p.spare) * clip(total * (1.0 - alignment))


@rule
def training_factor(p: PractitionerParameters, training: float) -> float:
    """How far the kind of training carries into use, against practice with feedback (Joyce & Showers)."""
    if training == PRACTICE:
        return 1.0
    if training == DEMONSTRATION:
        return p.start_demonstration
    if training == THEORY:
        return p.start_theory
    return p.start_untrained


@rule
def trained_by(met: Setting, trained: bool) -> float:
    """The kind of training that somebody at this site has had."""
    return met.training if trained else UNTRAINED


@rule
def fresh(p: PractitionerParameters, months: float) -> float:
    """How much of what training does for starting is left after so many months."""
    age = months / p.training_half_life
    return 1.0 / (1.0 + age * age)


@rule
def prepared(p: PractitionerParameters, me: Oneself, met: Setting) -> float:
    """How far training carries into use today: as far as its kind did at first, ever less, down to no training."""
    kind = training_factor(p, trained_by(met, me.trained))
    return p.start_untrained + fresh(p, me.since) * (kind - p.start_untrained)


@rule
def starts(p: PractitionerParameters, me: Oneself, peers: float, met: Setting) -> float:
    """Monthly hazard of starting: readiness times what draws one in, cut by overload and by a design that hardly works.
    Colleagues who use the practice show how; what leaders and coaches ask for needs training.
    """
    asked = p.start_manager * met.commitment + p.start_support * met.dose
    asked = asked + p.start_mandate * met.mandate * met.commitment
    draw = p.start_peers * with_champions(peers, met.champions) + prepared(p, me, met) * asked
    return me.readiness * draw * (1.0 - met.overloaded) * met.usability


@rule
def first_skill(p: PractitionerParameters, training: float) -> float:
    """Skill that a kind of training leads to: that of a first day of use, and of a user who is trained only now."""
    if training == PRACTICE:
        return p.skill_practice
    if training == DEMONSTRATION:
        return p.skill_demonstration
    if training == THEORY:
        return p.skill_theory
    return p.skill_untrained


@rule
def trained_skill(p: PractitionerParameters, skill: float, training: float) -> float:
    """Skill of somebody with this much of it who is trained: training takes nothing away."""
    return max(skill, first_skill(p, training))


@rule
def settling(p: PractitionerParameters) -> float:
    """Share of the way to where skill settles that a month without feedback takes."""
    return probability(0.6931471805599453 / p.skill_half_life)


@rule
def attainable(p: PractitionerParameters, level: float) -> float:
    """The skill that full coaching leads to: short of 1, as everybody adapts the practice, and the shorter, the lower
    one's own level.
    """
    return p.ceiling * (1.0 - p.adaptation * (1.0 - level))


@rule
def unaided(p: PractitionerParameters, level: float) -> float:
    """Where skill settles with neither feedback nor colleagues: short of one's own level, and the shorter, the lower it
    is. What training gave is lost within weeks (Noell and others 1997); the able hold on to most of it.
    """
    return level * (1.0 - p.fall_back * (1.0 - level))


@rule
def settles_at(p: PractitionerParameters, me: Ability) -> float:
    """Where skill settles without feedback: between what one keeps unaided and what colleagues at the site do."""
    own = unaided(p, me.level)
    return own + p.norm * (me.norm - own) if me.norm >= 0.0 else own


@rule
def next_skill(p: PractitionerParameters, me: Ability, met: Setting, settle: float) -> float:
    """Skill after a month of use: coaching closes the gap to what is attainable; as far as there is no feedback, skill
    settles where it does by itself.
    """
    coached = p.skill_coaching * met.dose * (attainable(p, me.level) - me.skill)
    alone = settle * (1.0 - met.dose * met.feedback) * (settles_at(p, me) - me.skill)
    return clip(me.skill + coached + alone)


@rule
def lapses(p: PractitionerParameters, peers: float, met: Setting) -> float:
    """Monthly hazard of stopping: less with a committed manager, coaching and peers, more under overload, with a design
    that hardly works, and where the site has given the practice up.
    """
    held = (1.0 - p.lapse_manager * met.commitment) * (1.0 - p.lapse_coaching * met.dose)
    strain = (1.0 + p.lapse_overload * met.overloaded) * (1.0 + p.lapse_design * (1.0 - met.usability))
    return p.lapse * (held * (1.0 - p.lapse_peers * peers)) * strain + p.lapse_given_up * met.given_up


@rule
def leaves(p: PractitionerParameters, care: bool, using: bool, met: Setting) -> float:
    """Monthly hazard of leaving the post; coached users stay longer (Aarons 2009, Glisson 2006)."""
    yearly = p.turnover_care if care else p.turnover_education
    hazard = hazard_of_yearly(yearly) * met.turnover * (1.0 + p.turnover_deprivation * met.deprivation)
    if using:
        coached = 1.0 if met.dose >= p.dose_sufficient else met.dose / p.dose_sufficient
        hazard = hazard * (1.0 - (1.0 - p.turnover_coached) * coached)
    return hazard


@rule
def inducted(p: PractitionerParameters, capacity: float) -> float:
    """Monthly hazard that a supported site trains a newcomer."""
    return p.induction * capacity


@rule
def room(p: PractitionerParameters, level: float, met: Obstacles) -> float:
    """What barriers and the design's faults leave of full delivery: more to able people, who work around them."""
    hindered = 1.0 - p.workaround * (2.0 * level - 1.0)
    left = (1.0 - clip(hindered * met.local)) * (1.0 - clip(hindered * met.system))
    return left * (1.0 - clip(hindered * (1.0 - met.usability)))


@rule
def fidelity(p: PractitionerParameters, skill: float, level: float, met: Obstacles) -> float:
    """Delivered share of the practice's core components; omission is one minus this."""
    return skill * room(p, level, met)


@rule
def at_fidelity(p: PractitionerParameters, fidelity: float) -> bool:
    """Does this fidelity, true or observed, count as delivering the practice at fidelity?"""
    return fidelity >= p.fidelity_criterion


@rule
def skill_for(p: PractitionerParameters, target: float, level: float, met: Obstacles) -> float:
    """The skill that gives this fidelity today (for an advisor's own starting assessment), at most 1."""
    left = room(p, level, met)
    return clip(target / left) if left > 0.0 else 0.0


@rule
def advice(users: int, ties: int, partners_using: int, partners: int, through: float) -> float:
    """Share of those one listens to who use the practice: one's ties, and partners in other agencies as far as their
    advice comes through.
    """
    return share(users + through * partners_using, ties + through * partners)


@rule
def with_champions(peers: float, champions: float) -> float:
    """Influence of peers who use the practice, where champions speak for it."""
    return peers * (1.0 + champions)


@rule
def joint_skill(skill: float, partner: float, joint: float) -> float:
    """Skill with which the design is delivered: its joint components no better than the best partner can."""
    weaker = min(partner, skill)
    return (1.0 - joint) * skill + joint * weaker


@rule
def burdened(load: float, burden: float, started: bool) -> float:
    """Load of other work, and of collecting data where the practice is in use."""
    return load + burden if started else load


@rule
def relieved(load: float, staff: float, extra: float) -> float:
    """Load when extra posts share it."""
    return load * (staff / (staff + extra)) if extra > 0.0 else load


@rule
def taught(affordable: float, untrained: int) -> float:
    """Monthly probability of training for each untrained practitioner, with places bought for so many."""
    if untrained <= 0:
        return 0.0
    return affordable / untrained if affordable < untrained else 1.0
