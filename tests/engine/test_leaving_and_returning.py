"""What becomes of teams, leaders and training where a site gives the practice up, and where it is won again."""

from __future__ import annotations

import pytest
from engine_builders import FULL, KEEN, busy, place

from sim.agents.team import LocalTeam
from sim.engine.model import TransformationModel
from sim.scenarios.scenario import Zone


def at_work(months=24, **parameters) -> TransformationModel:
    """A model some months on, with teams of one site and of several; nobody gives up by chance."""
    question = busy(
        months=90,
        levers=FULL | {"give_up": 0.0, "engagement_manager": 1.0},
        zones=(Zone("all", count=12, opens=0),),
        events=(),
        parameters=KEEN | parameters,
    )
    model = TransformationModel(question=question, organisation=place(sites=14), rng=5)
    while model.month < months:
        model.step()
    return model


def alone(model):
    """A started site with a formed team of its own."""
    return next(s for s in model.sites if s.started and s.team and s.team.formed and len(s.team.sites) == 1)


def sharing(model):
    """A formed team of several sites that take part."""
    return next(t for t in model.local_teams if t.formed and sum(s.engaged for s in t.sites) > 1)


def test_a_team_that_went_apart_starts_anew_with_what_is_handed_on():
    model = at_work(36)
    site = alone(model)
    before = site.team.capacity
    site.give_up()
    assert (site.team.formed, site.team.capacity) == (False, 0.0)
    site.take_part_again()
    p = model.parameters.team
    handed_on = 1 - (1 - p.capacity_start_local) * (1 - p.handed_on * site.area.playbook * site.likeness)
    assert site.team.formed
    assert site.team.capacity == pytest.approx(handed_on)
    assert site.team.capacity < before


def test_a_new_team_of_a_returning_site_is_recruited_anew():
    model = at_work(36, recruit_months=6.0, member_turnover=0.05)
    site = alone(model)
    assert site.team.members > 1
    site.give_up()
    site.take_part_again()
    assert site.team.members == 1


def test_a_shared_team_goes_on_with_the_sites_that_take_part():
    """Its attention, coaching and time are theirs; the control is the same team before one of them left."""
    model = at_work()
    team = sharing(model)
    gone, stays = [s for s in team.sites if s.engaged][:2]
    before, capacity = team.served, team.capacity
    gone.give_up()
    assert team.formed
    assert team.capacity == capacity
    assert team.served == before - len(gone.staff)
    assert gone not in team.sites_served
    team.ask_for_time()
    with_unwilling = team.released
    gone.manager.commitment = 0.0
    team.ask_for_time()
    assert team.released == with_unwilling
    stays.manager.commitment = 0.0
    team.ask_for_time()
    assert team.released < with_unwilling


def test_what_a_shared_team_costs_is_borne_by_the_sites_that_take_part(monkeypatch):
    model = at_work()
    team = sharing(model)
    borne = []
    monkeypatch.setattr(model.ledger, "share_among_sites", lambda sites, *_: borne.append(list(sites)))
    team.pay(model.ledger)
    gone = next(s for s in team.sites if s.engaged)
    gone.give_up()
    team.pay(model.ledger)
    assert gone in borne[0]
    assert gone not in borne[1]
    assert borne[1]


def test_a_team_at_work_whose_sites_do_not_take_part_yet_has_to_do_with_all():
    team = next(t for t in at_work(0).local_teams if len(t.sites) > 1)
    assert not any(site.engaged for site in team.sites)
    assert team.sites_served == team.sites
    assert isinstance(team, LocalTeam)


def test_who_no_longer_uses_it_is_trained_again_when_a_site_returns():
    model = at_work(36)
    site = next(s for s in model.sites if s.started and sum(p.using for p in s.staff) >= 2)
    keeps = next(p for p in site.staff if p.using)
    others = [p for p in site.staff if p is not keeps]
    for person in others:
        person.using = False
    site.give_up()
    site.trained_now = 0
    before = keeps.taught
    site.take_part_again()
    attending = [p for p in others if p.taught == model.month]
    assert attending
    assert site.trained_now == len(attending)
    assert all(p.trained for p in attending)
    assert keeps.taught == before


def test_a_site_that_left_before_it_started_is_not_trained_on_return():
    model = at_work(0)
    site = model.sites[0]
    site.give_up()
    site.take_part_again()
    assert not site.started
    assert site.trained_now == 0


def test_the_manager_of_a_site_that_gave_up_is_no_longer_engaged():
    model = at_work()
    site = alone(model)
    manager = site.manager
    assert manager.gather(1.0).engagement > 0.0
    site.give_up()
    met = manager.gather(1.0)
    assert (met.engagement, met.felt) == (0.0, 0.0)
    site.take_part_again()
    assert manager.gather(1.0).engagement > 0.0
