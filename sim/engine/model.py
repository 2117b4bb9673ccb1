"""The Mesa model: the compiled engine's month, rules and random numbers, with agents to watch, ask and subclass.

    >>> from sim.engine.model import TransformationModel
    >>> model = TransformationModel(question="with-teams", rng=1)
    >>> model.run_model()
    >>> model.datacollector.get_model_vars_dataframe()
    >>> model.practitioners[0].explain()

Its results equal the compiled engine's to the bit; it is slower, and it is there to be looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mesa import DataCollector, Model

from sim.agents.team import Team
from sim.counts import counted
from sim.engine import census
from sim.engine.batch import begin, check_run, parameters_of
from sim.engine.building import new_record
from sim.engine.claims import Claims
from sim.engine.draws import row_of
from sim.engine.first_day import FirstDay
from sim.engine.ledger import Ledger
from sim.engine.pasts import Pasts
from sim.engine.population import AgentClasses, Population, chosen_classes
from sim.engine.reporters import reporters
from sim.engine.schedule import FIRST_DAY, ORDER, Step
from sim.engine.setup import Setup, prepare
from sim.engine.sums import Ensemble, Sample
from sim.engine.uniforms import Uniforms
from sim.errors import Interrupted
from sim.organisation.generate.synthetic import generate
from sim.organisation.organisation import Organisation
from sim.rules import family as family_rules
from sim.rules import practitioner as practitioner_rules
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import networkx as nx


class TransformationModel(FirstDay, Claims, Model):  # type: ignore[misc]
    """One replicate of a scenario on an organisation, month by month.

    Attributes:
        question: the scenario.
        organisation: the place, within the scenario's scope.
        month: 0 before the first month.
        horizon: the last month; `running` is False from there on.
        parameters: uncertainties of this replicate, by actor.
        areas, groups, leaders, external_support, core_teams, local_teams, sites, practitioners, families: the agents.
        uniforms: this month's random numbers by decision.
        ledger, record: cost so far, and what was counted, a row for each month.
        datacollector: the same, summed over zones, a column for each measure; its first row is month 0.
        keeps_history: whether agents write down what happens to them (`agent.explain()`).
    """

    def __init__(
        self,
        *,
        question: Scenario | str = "with-teams",
        organisation: Organisation | None = None,
        months: int | None = None,
        rng: int = 1,
        replicate: int = 0,
        sample: Sample = (),
        agent_classes: AgentClasses | None = None,
        history: bool = True,
        prepared: Setup | None = None,
        past: tuple[Pasts, int] | None = None,
    ) -> None:
        """Build everybody and set month 0.

        Args:
            question: a scenario, or the name or file of one.
            organisation: the place; the scenario's own generated area if None.
            months: horizon; the scenario's own if None.
            rng: seed, from 0, below KEYS (`engine/draws.py`), as in the compiled engine.
            replicate: number of the replicate under that seed.
            sample: rows of a parameter sample, as in the compiled engine.
            agent_classes: subclasses to use, by the class they replace: `{Practitioner: MyPractitioner}`.
            history: keep a history of every agent.
            prepared: a setup made before (then `question`, `organisation` and `months` are not looked at).
            past: pasts and the position among them of the one that this replicate has; None: its own from month 0.

        Raises:
            ScenarioError: a setting out of range, or a plan that does not fit the organisation.
            OrganisationError: no site within scope.
        """
        check_run(1, months, int(rng))
        super().__init__(rng=int(rng))
        setup = prepared or _prepare(question, organisation, months)
        row = row_of(int(rng), replicate, len(sample)) if sample else -1
        self.setup, self.question, self.organisation = setup, setup.scenario, setup.organisation
        self.keeps_history = history
        self.month, self.horizon = 0, setup.months
        self.parameters = parameters_of(setup.scenario, sample, row)
        self.first_levers: list[float] = setup.levers.tolist()
        self.uniforms = Uniforms(setup, int(rng), replicate, past)
        self.ledger = Ledger(len(setup.scenario.zones), setup.months)
        self.record = new_record(setup)
        self.settling = practitioner_rules.settling(self.parameters.practitioner)
        self.chances = family_rules.chances(self.parameters.family)
        everybody = Population(self, setup, chosen_classes(agent_classes))
        self.areas, self.groups, self.leaders = everybody.areas, everybody.groups, everybody.leaders
        self.external_support = everybody.external_support
        self.core_teams, self.local_teams = everybody.core_teams, everybody.local_teams
        self.sites, self.practitioners, self.families = everybody.sites, everybody.practitioners, everybody.families
        self.teams: list[Team] = [*self.core_teams, *self.local_teams]
        self.datacollector = DataCollector(model_reporters=reporters())
        self._first_day()

    def _first_day(self) -> None:
        """Month 0: everybody's first state, then what the order takes in month 0 too."""
        for step in FIRST_DAY:
            getattr(self, step.name)()
        self._take(ORDER)

    def step(self) -> None:
        """One month; nothing happens beyond the horizon."""
        if self.month >= self.horizon:
            self.running = False
            return
        self.month += 1
        self.uniforms.turn_to(self.month)
        self._take(ORDER)

    def _take(self, order: tuple[Step, ...]) -> None:
        """The steps of the month, in the order of `engine/schedule.py`."""
        for step in order:
            if self.month > 0 or step.in_month_0:
                getattr(self, step.name)()

    # Phase 1: the plan

    def fall_due(self) -> None:
        """Events happen; support ends as planned."""
        for number, event in enumerate(self.question.events):
            for area in self.areas:
                area.meet(number, event)
        for area in self.areas if self.setup.course.external_end == self.month else ():
            area.lose_support()
        for group in self.groups:
            group.gather()

    def surround(self) -> None:
        """The calendar, other initiatives and relationships are read."""
        for area in self.areas:
            area.look_around()

    def remember_support_end(self) -> None:
        """Sites that were certified as support ended are noted."""
        for site in self.sites:
            site.remember_support_end()

    def see_others(self) -> None:
        """Sites see how many others use the practice."""
        for area in self.areas:
            area.see_others()

    def reconsider(self) -> None:
        """Sites give up, or join again."""
        for site in self.sites:
            site.reconsider()

    def advance_sites(self) -> None:
        """Sites move through selection and installation, and are trained."""
        for site in self.sites:
            site.prepare()

    def open_zones(self) -> None:
        """Zones open."""
        for area in self.areas:
            area.open_zones()

    # Phase 2: support

    def shape_teams(self) -> None:
        """Core teams are founded; teams grow and shrink as planned."""
        for team in self.teams:
            team.take_shape()

    def external_strength(self) -> None:
        """External supporters arrive or leave."""
        for area in self.areas:
            self.external_support.visit(area)

    def divide_attention(self) -> None:
        """Core teams divide their attention."""
        for core in self.core_teams:
            core.divide_attention()

    def release_time(self) -> None:
        """Leaders release time to teams."""
        for team in self.teams:
            team.ask_for_time()

    def grow_capacity(self) -> None:
        """Teams' capacities move, all from last month's."""
        for area in self.areas:
            area.survey_teams()
        for team in self.teams:
            team.grow()

    def change_members(self) -> None:
        """Team members leave and are replaced."""
        for team in self.teams:
            team.change_members()

    def buy_help(self) -> None:
        """Other help is bought outside the plan."""
        for area in self.areas:
            area.buy_help()

    def reach_sites(self) -> None:
        """Sites learn what support they get."""
        for core in self.core_teams:
            core.count_staff()
        for site in self.sites:
            site.count_on_team()

    # Phase 3: leaders

    def survey_areas(self) -> None:
        """Leaders see results, and what their teams can take on."""
        for area in self.areas:
            area.survey()

    def commit(self) -> None:
        """Leaders are engaged, drift, leave and are replaced; the groups follow."""
        for leader in self.leaders:
            leader.lead()
        for group in self.groups:
            group.gather()

    def relate(self) -> None:
        """Relationships and alignment move."""
        for area in self.areas:
            area.relate()

    # Phase 4: improvement

    def improve(self) -> None:
        """Decisions on raised barriers; rapid cycles at sites; usability testing; barriers return."""
        for area in self.areas:
            area.barrier_met = area.system_barrier
        for group in self.groups:
            group.decide()
        for site in self.sites:
            site.improve()
        for area in self.areas:
            area.test_usability()
            area.let_barriers_return()

    # Phase 5: practitioners

    def practise(self) -> None:
        """Practitioners stay or leave, hear, start, learn or lapse; then their peers see the change."""
        for site in self.sites:
            site.brief_staff()
        for person in self.practitioners:
            person.look_to_partners()
        for person in self.practitioners:
            person.practise()
        for person in self.practitioners:
            person.show_peers()
        for site in self.sites:
            site.count_users()

    # Phase 6: families

    def serve(self) -> None:
        """Needs arise and resolve; families are noticed, wait and are served."""
        for area in self.areas:
            area.find_places()
        for family in self.families:
            family.live()

    # Phase 7: assessment, cost, counts

    def restage(self) -> None:
        """Fidelity assessments, stages and certification."""
        for site in self.sites:
            site.close_month()

    def spend(self) -> None:
        """What the month cost."""
        self.ledger.open_month(self.month, self.areas)
        for spender in (*self.sites, *self.teams, *self.areas, *self.leaders):
            spender.pay(self.ledger)

    def count_families(self) -> None:
        """Families are counted; gains fade in part."""
        census.take_families(self, self.record, self.month)

    def count(self) -> None:
        """Everything is counted."""
        census.take(self, self.record, self.month)
        self.datacollector.collect(self)
        self.running = self.month < self.horizon

    # For agents and people who look at them

    def zone_number(self, name: str) -> int:
        """The number of a zone of the plan."""
        return [zone.name for zone in self.question.zones].index(name)

    def earlier_zone(self, number: int) -> int | None:
        """The zone that a zone's gate looks at, None without a gate or an earlier zone."""
        earlier = int(self.setup.course.gate_of[number])
        return earlier if earlier >= 0 else None

    def graph(self, *, families: bool | None = None) -> nx.MultiDiGraph[str]:
        """The organisation as a networkx graph (`sim.organisation.files.graph.to_graph`)."""
        from sim.organisation.files.graph import to_graph

        return to_graph(self.organisation, families=families)


def _prepare(question: Scenario | str, organisation: Organisation | None, months: int | None) -> Setup:
    scenario = load(question) if isinstance(question, str) else question
    return prepare(scenario, organisation or generate(scenario.area), months)


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    *,
    replicates: int = 200,
    months: int | None = None,
    seed: int = 1,
    first: int = 0,
    sample: Sample = (),
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    setup: Setup | None = None,
    rows: Sequence[int] | None = None,
    diaries: Sequence[str] = (),
    pasts: Pasts | None = None,
) -> Ensemble:
    """As `sim.engine.batch.simulate`, with agents; replicates run one after the other, whatever `threads` says."""
    setup, ensemble, *_ = begin(scenario, organisation, replicates=replicates, months=months, seed=seed, first=first,
                               sample=sample, setup=setup, rows=rows, diaries=diaries)  # fmt: skip
    for index in range(replicates):
        drawn = sample if rows is None else tuple(sample[row] for row in rows[index : index + 1] if row >= 0)
        model = TransformationModel(rng=seed, replicate=first + index, sample=drawn, history=False, prepared=setup,
                                    past=None if pasts is None else (pasts, index))  # fmt: skip
        page = census.watching(model, ensemble, index)
        while model.running:
            if cancelled and cancelled():
                raise Interrupted(f"Stopped after {index} of {counted(replicates, 'replicate')}; nothing was written.")
            model.step()
            census.watch(model, page)
        census.store(ensemble, index, model)
        if progress:
            progress(index + 1, replicates)
    return ensemble
