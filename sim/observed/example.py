"""Made-up data of an area: the model makes them with a twist that the model which reads them does not know."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sim import posterior
from sim.csv_writer import Writer
from sim.engine.drivers import driver
from sim.engine.setup import prepare
from sim.observed.bank import Followed, kept_of
from sim.observed.likelihood import observe
from sim.observed.observables import BY_NAME, FAMILIES, LEAVERS, PEOPLE, SITES
from sim.observed.prior import Widened
from sim.observed.reports import Datum, Place, place_of
from sim.results.columns import ALL
from sim.scenarios.events import Event, LeversChange

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario

START, LAST, EVERY = "2025-08-01", 18, 3
TRUTH = 20_253
"""Number of the run that is the truth; its seed is the example's own."""
SEED = 2_025
ASKED = (("trained", 0), ("using", 48), ("at_fidelity", 48), ("fidelity", 24), ("capacity_core", 1),
         ("capacity_local", 6), ("sites_started", 0), ("families_served", 0), ("left", 0))  # fmt: skip
"""What is observed, of how many (0: all there are): of the first zone, but what is known of the area alone."""
SMALL = 7
"""The row whose value is written as too small to tell."""
OF_AREA = ("capacity_core", "left")


def twist() -> Event:
    """What happens that the plan does not know of."""
    return Event("staff turnover doubles", 8, (LeversChange({"turnover_factor": 2.0}),))


@dataclass(frozen=True)
class Made:
    """What is made up.

    Attributes:
        last: the last month with data.
        twist: what happens that the plan does not know of, None for nothing.
        start: date of month 0 as ISO text.
    """

    last: int = LAST
    twist: Event | None = field(default_factory=twist)
    start: str = START


def table(plan: Scenario, area: Organisation, made: Made | None = None) -> str:
    """A table as people write it, with their slips, as CSV text.

    Args:
        plan: what the area follows.
        area: the place.
        made: what is made up, None for the example of the documentation.
    """
    made = made or Made()
    events = (*plan.events, made.twist) if made.twist else plan.events
    setup = prepare(replace(plan, events=events), area, made.last)
    place = place_of(setup, area, made.start)
    sample = Widened(posterior.load().rows, SEED)
    truth = driver("batch")(
        setup.scenario, area, replicates=1, months=made.last, seed=SEED, first=TRUTH, sample=sample, setup=setup
    )
    zone = place.zones[0] if place.zones else ALL
    followed = tuple((name, ALL if name in OF_AREA else zone) for name, _ in ASKED)
    bank = kept_of(truth, Followed(followed), sample)
    errors = truth.parameters(0)
    known = {"assess_error": errors.site.assess_error, "assessment_error": errors.team.assessment_error}
    dice = np.random.default_rng(SEED)
    rows = []
    for month in range(EVERY, made.last + 1, EVERY):
        for (name, asked), (_, where) in zip(ASKED, followed, strict=True):
            one, value = BY_NAME[name], float(bank.at(name, where, month)[0])
            if np.isnan(value):
                continue
            datum = _asked(name, where, month, asked, place)
            uniforms = (float(dice.random()), float(dice.random()))
            rows.append(_written(observe(datum, value, known.get(one.error, one.known_to), uniforms), made.start))
    return _as_csv(rows, zone, area.name)


def _asked(name: str, zone: str, month: int, asked: int, place: Place) -> Datum:
    """A datum still without its value: how many are observed of how many."""
    kind = BY_NAME[name].kind
    each = {PEOPLE: place.staff, FAMILIES: place.families, LEAVERS: place.staff}.get(kind)
    sites = place.sites_of(zone)
    of = len(sites) if kind == SITES else sum(each[i] for i in sites) if each else max(asked, 1)
    return Datum(name, zone, month, 0.0, min(asked, of) or of, max(of, asked) if each is None else of)


def _written(datum: Datum, start: str) -> list[str]:
    """One row as a person writes it."""
    years, rest = divmod(int(start[5:7]) - 1 + datum.month, 12)
    kind = datum.observable.kind
    if kind in (PEOPLE, SITES):
        value, observed = str(round(datum.count)), str(datum.observed)
    elif kind in (FAMILIES, LEAVERS):
        value, observed = str(round(datum.value)), ""
    else:
        value, observed = f"{datum.value:.2f}", str(datum.observed) if datum.observed > 1 else ""
    return [f"{int(start[:4]) + years}-{rest + 1:02d}", datum.zone, datum.measure, value, observed, ""]


def _as_csv(rows: Sequence[list[str]], zone: str, area: str) -> str:
    """The table with what people add: a title, a value too small to tell, a measure nobody knows, a correction."""
    told = [
        [f"{area}: what we see, {zone}", *[""] * 5],
        ["month", "zone", "measure", "value", "observed", "note"],
        *rows,
    ]
    if len(rows) > SMALL:
        rows[SMALL][3] = "<5"
    using = [row for row in rows if row[2] == "using"]
    told.append([rows[len(rows) // 2][0], zone, "coffee mornings held", "7", "", ""])
    if len(using) > 1:
        late = using[-2]
        told.append([*late[:3], str(max(0, int(late[3]) - 2)), late[4], "recounted"])
    told.append(["Note: numbers are of staff in post; the core team went round with the assessment sheet.", *[""] * 5])
    text = io.StringIO()
    Writer(text).writerows(told)
    return text.getvalue()
