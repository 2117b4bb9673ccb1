"""What a practitioner does: hears of the practice, starts, learns, lapses, leaves."""

from __future__ import annotations

from sim.parameters import PractitionerParameters
from sim.rules.rule import clip, hazard_of_yearly, probability, rule, share

UNTRAINED, THEORY, DEMONSTRATION, PRACTICE = 0, 1, 2, 3


@rule
def hears(p: PractitionerParameters, peers: float, engaged: bool) -> float:
    """Monthly hazard of hearing of the practice: mass communication, peers who use it, a site that takes part."""
    hazard = p.awareness_mass + p.awareness_peers * peers
    if engaged:
        hazard = hazard + p.awareness_engaged
    return hazard


@rule
def overload(p: PractitionerParameters, load: float, alignment: float, deprivation: float, secondary: bool) -> float:
    """Share of attention that other initiatives take: their load (heavier in deprived places and secondary schools),
    as far as they are not aligned with the practice.
    """
    total = load + p.load_deprivation * deprivation
    if secondary:
        total = total + p.load_secondary
    return clip(total * (1.0 - alignment))


@rule
def training_factor(p: PractitionerParameters, training: int) -> float:
    """How far the kind of training carries into use, against practice with feedback (Joyce & Showers)."""
    if training == PRACTICE:
        return 1.0
    if training == DEMONSTRATION:
        return p.start_demonstration
    if training == THEORY:
        return p.start_theory
    return p.start_untrained


@rule
def starts(
    p: PractitionerParameters,
    readiness: float,
    peers: float,
    commitment: float,
    support: float,
    mandate: float,
    overloaded: float,
    training: int,
) -> float:
    """Monthly hazard of starting: readiness times what draws one in, cut by overload and by weak training."""
    draw = p.start_peers * peers + p.start_manager * commitment + p.start_support * support
    draw = draw + p.start_mandate * mandate * commitment
    return readiness * draw * (1.0 - overloaded) * training_factor(p, training)


@rule
def first_skill(p: PractitionerParameters, training: int) -> float:
    """Skill on the first day of use."""
    if training == PRACTICE:
        return p.skill_practice
    if training == DEMONSTRATION:
        return p.skill_demonstration
    if training == THEORY:
        return p.skill_theory
    return p.skill_untrained


@rule
def settling(p: PractitionerParameters) -> float:
    """Share of the way back to one's own level that a month without feedback takes."""
    return probability(0.6931471805599453 / p.skill_half_life)


@rule
def next_skill(
    p: PractitionerParameters, skill: float, level: float, dose: float, feedback: float, settle: float
) -> float:
    """Skill after a month of use: coaching closes the gap to 1; below a sufficient dose of feedback it settles at
    one's own level, at or above that dose it holds.
    """
    heard = dose * feedback
    shortfall = 0.0 if heard >= p.dose_sufficient else 1.0 - heard / p.dose_sufficient
    return skill + p.skill_coaching * dose * (1.0 - skill) + settle * shortfall * (level - skill)


@rule
def lapses(p: PractitionerParameters, peers: float, commitment: float, dose: float, overloaded: float) -> float:
    """Monthly hazard of stopping: less with a committed manager, coaching and peers, more under overload."""
    held = (1.0 - p.lapse_manager * commitment) * (1.0 - p.lapse_coaching * dose) * (1.0 - p.lapse_peers * peers)
    return p.lapse * held * (1.0 + overloaded)


@rule
def leaves(p: PractitionerParameters, care: bool, factor: float, deprivation: float, using: bool, dose: float) -> float:
    """Monthly hazard of leaving the post; coached users stay longer (Aarons 2009, Glisson 2006)."""
    yearly = p.turnover_care if care else p.turnover_education
    hazard = hazard_of_yearly(yearly) * factor * (1.0 + p.turnover_deprivation * deprivation)
    if using:
        coached = 1.0 if dose >= p.dose_sufficient else dose / p.dose_sufficient
        hazard = hazard * (1.0 - (1.0 - p.turnover_coached) * coached)
    return hazard


@rule
def inducted(p: PractitionerParameters, capacity: float) -> float:
    """Monthly hazard that a supported site trains a newcomer."""
    return p.induction * capacity


@rule
def fidelity(skill: float, local_barrier: float, system_barrier: float, usability: float) -> float:
    """Delivered share of the practice's core components; omission is one minus this."""
    return skill * (1.0 - local_barrier) * (1.0 - system_barrier) * usability


@rule
def skill_for(target: float, local_barrier: float, system_barrier: float, usability: float) -> float:
    """The skill that gives this fidelity today (for an advisor's own starting assessment), at most 1."""
    room = (1.0 - local_barrier) * (1.0 - system_barrier) * usability
    return clip(target / room) if room > 0.0 else 0.0


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
