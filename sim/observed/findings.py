"""What an area's data show: every finding, worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from sim.observed.changes import Change, look_for_change
from sim.observed.course import Standing, standings
from sim.observed.forecast import Band, Look, bands, looks
from sim.observed.gates import GateChance, gate_chances
from sim.observed.guarding import may_be_shown, shows_site
from sim.observed.moved import Moved, moved
from sim.observed.observables import BY_NAME
from sim.observed.question import Question
from sim.observed.weighed import Weighed

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario


class Findings:
    """What an area's data show.

    Attributes:
        question: what was asked.
        found: runs, data and weights.
        organisation: the place as it was given.
    """

    def __init__(
        self, question: Question, found: Weighed, organisation: Organisation, remarks: Sequence[str] = ()
    ) -> None:
        self.question = question
        self.found = found
        self.organisation = organisation
        self.remarks = tuple(remarks)

    @property
    def scenario(self) -> Scenario:
        """The plan."""
        return self.question.setup.scenario

    @cached_property
    def standings(self) -> list[Standing]:
        """Where each measure stands."""
        return standings(self.found, self.question.place)

    @cached_property
    def change(self) -> Change:
        """Whether something has changed that the model does not know."""
        place = self.question.place
        found = look_for_change(self.found, self.question.settings.seed)
        shown = [(d, z) for d, z in found.surprises if may_be_shown(d.zone, place) and not shows_site(d)]
        return replace(found, surprises=tuple(shown or found.surprises[:0]), chance=found.chance if shown else 1.0)

    @cached_property
    def rows(self) -> list[dict[str, float]]:
        """The row of every run."""
        return [self.found.bank.row(r) for r in range(self.found.bank.runs)]

    @cached_property
    def moved(self) -> list[Moved]:
        """What moved among the parameters."""
        return moved(self.found, self.rows)

    @property
    def forecast_months(self) -> list[int]:
        """Months that the forecast is printed for."""
        last, end = self.found.last, self.found.bank.months
        return sorted({m for m in (last + 12, last + 24, end) if m <= end})

    @cached_property
    def bands(self) -> list[Band]:
        """The forecast of the area and of every zone with data that may be shown, month by month."""
        place = self.question.place
        series = [(n, z) for n, z in self.found.bank.followed.series if may_be_shown(z, place)]
        return bands(self.found, series, list(range(self.found.bank.months + 1)))

    @cached_property
    def gates(self) -> list[GateChance]:
        """When the next zone may open."""
        return gate_chances(self.found, self.scenario)

    @cached_property
    def looks(self) -> list[Look]:
        """What to look at next."""
        latest = {(s.datum.measure, s.datum.zone): s.datum for s in self.standings}
        return looks(self.found, list(latest.values()), "at_fidelity", self.found.bank.months)

    @cached_property
    def small(self) -> list[str]:
        """Zones and measures that are not shown, as so few people stand behind them."""
        place = self.question.place
        hidden = [f"'{z}'" for z in dict.fromkeys(d.zone for d in self.found.data) if not may_be_shown(z, place)]
        single = {d.measure for d in self.found.data if shows_site(d)}
        return hidden + [f"{BY_NAME[m].entry.words} of a single site" for m in BY_NAME if m in single]
