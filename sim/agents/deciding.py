"""Sites decide: to take part, to give the practice up, to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.actor import total
from sim.rules import site as rules
from sim.rules import team as team_rules
from sim.rules.rule import probability, share

if TYPE_CHECKING:
    from sim.agents.site import Site

NEVER = -1


def reconsider(site: Site) -> None:
    """Trust moves; a site that takes part may give the practice up, one that gave it up may join again."""
    p = site.model.parameters.site
    if site.stage == rules.EXPLORATION or (site.stage == rules.INSTALLATION and not site.started):
        site.trust = rules.trust_waiting(p, site.trust, site.core.attention if site.core else 0.0)
    else:
        site.trust = rules.trust_returning(p, site.trust)
    if site.given_up >= 0:
        new_head = site.manager.in_post_since > site.given_up
        if site.chance("is_selected") < probability(rules.won_again(p, invitation(site), new_head)):
            site.take_part_again()
    elif site.engaged and site.chance("is_selected") < probability(rules.gives_up(p, holding(site))):
        site.give_up()


def invitation(site: Site) -> rules.Invitation:
    """What it meets while it decides whether to take part."""
    p, levers = site.model.parameters.team, site.area.levers
    return rules.Invitation(
        readiness=share(total(person.readiness for person in site.staff), len(site.staff)),
        commitment=site.manager.commitment,
        trust=site.trust,
        prepared=team_rules.thinned(p, site.core.attention) if site.core else 0.0,
        seen=rules.heard_of(site.area.in_use, levers.communication),
        mandate=levers.mandate,
        alone=0.0 if site.core else 1.0,
    )


def holding(site: Site) -> rules.Holding:
    """What holds it while it takes part."""
    levers = site.area.levers
    return rules.Holding(
        commitment=site.manager.commitment,
        capacity=site.able,
        data_use=rules.data_use(site.data_quality(), site.able, levers.improvement_cycles),
        seen=site.area.in_use,
        settling=rules.just_come(site.model.month - site.manager.in_post_since),
        give_up=levers.give_up,
    )


def give_up(site: Site) -> None:
    """It gives the practice up; its team disbands, with all that it could do, unless other sites share it."""
    site.given_up = site.model.month
    site.enter(rules.NOT_SUSTAINED)
    site.note(f"gave the practice up (manager's commitment {site.manager.commitment:.2f}, support {site.able:.2f})")
    site.streak = 0
    site.trust = rules.trust_after_giving_up(site.model.parameters.site, site.trust)
    site.month_given_up = site.first_time(site.month_given_up)
    if site.team and not any(other.engaged for other in site.team.sites):
        site.team.disband()


def take_part_again(site: Site) -> None:
    """It joins again: it installs what is still to install; where it had started, those who no longer use the
    practice are trained again if the year's budget covers it.
    """
    site.given_up, site.idle = NEVER, 0
    site.enter(rules.INSTALLATION)
    site.note("joined again")
    site.month_returned = site.first_time(site.month_returned)
    if site.started and site.can_pay_for_training(site.attending(again=True)):
        site.deliver_training(again=True)
    if site.team:
        site.team.come_together(site.likeness)


def seek_place(site: Site) -> None:
    """The site and its zone choose each other, or it waits."""
    p = site.model.parameters.site
    if site.chance("is_selected") < probability(rules.selected(p, invitation(site))):
        site.enter(rules.INSTALLATION)
        site.barrier = rules.barrier_on_entry(p, site.barrier, site.area.playbook, site.likeness)
        site.barrier = rules.mapped(p, site.barrier, site.area.levers.data_mapping)
        if site.team:
            site.team.come_together(site.likeness)
