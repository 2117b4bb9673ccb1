"""The worked example of docs/observed-data.md: `python experiments/observed_example.py` makes its data and its answer.

A fictional area, the one that `with-teams` generates, is followed for eighteen months. Its data are made by the model
with a twist that the model which reads them does not know, and are written down as people do, with their slips.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim import posterior
from sim.engine.batch import simulate
from sim.engine.setup import prepare
from sim.observed.bank import Followed, kept_of
from sim.observed.folder import Work
from sim.observed.likelihood import observe
from sim.observed.observables import BY_NAME, FAMILIES, LEAVERS, PEOPLE, SITES
from sim.observed.prior import Widened
from sim.observed.question import UpdateSettings, ask
from sim.observed.reader import read_observed
from sim.observed.reports import Datum, place_of
from sim.observed.update import Update
from sim.organisation.files.cells import Upload
from sim.organisation.generate.synthetic import generate
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.files import load

HERE = Path(__file__).parent
DATA = HERE / "observed-example.csv"
PAGE = HERE.parent / "docs" / "observed-data.md"
BEGIN, END = "<!-- made by experiments/observed_example.py: begin -->", "<!-- end -->"
START, LAST, EVERY = "2025-08-01", 18, 3
TRUTH = 20_253
"""Number of the run that is the truth; its seed is the example's own."""
SEED = 2_025
TWIST = Event("staff turnover doubles", 8, (LeversChange({"turnover_factor": 2.0}),))
ASKED = (
    ("trained", "first zone", 0), ("using", "first zone", 48), ("at_fidelity", "first zone", 48),
    ("fidelity", "first zone", 24), ("capacity_core", "all", 1), ("capacity_local", "first zone", 6),
    ("sites_started", "first zone", 0), ("families_served", "first zone", 0), ("left", "all", 0),
)  # fmt: skip
"""What is observed: measure, zone, of how many (0: all there are)."""
RUNS = 4_000


def data() -> str:
    """The table, as text."""
    plan = load("with-teams")
    area = generate(dict(plan.area))
    twisted = prepare(replace(plan, events=(*plan.events, TWIST)), area, LAST)
    place = place_of(twisted, area, START)
    sample = Widened(posterior.load().rows, SEED)
    truth = simulate(twisted.scenario, area, replicates=1, months=LAST, seed=SEED, first=TRUTH, sample=sample)
    bank = kept_of(truth, Followed(tuple((m, z) for m, z, _ in ASKED)), sample)
    errors = truth.parameters(0)
    dice = np.random.default_rng(SEED)
    rows = [
        ["Lochmarrow: what we see, first zone", "", "", "", "", ""],
        ["month", "zone", "measure", "value", "observed", "note"],
    ]
    for month in range(EVERY, LAST + 1, EVERY):
        for name, zone, asked in ASKED:
            one = BY_NAME[name]
            there = {PEOPLE: place.staff, FAMILIES: place.families, LEAVERS: place.staff}.get(one.kind)
            sites = place.sites_of(zone)
            of = len(sites) if one.kind == SITES else sum(there[i] for i in sites) if there else max(asked, 1)
            datum = Datum(name, zone, month, 0.0, asked or of, max(of, asked))
            value = float(bank.at(name, zone, month)[0])
            error = {"assess_error": errors.site.assess_error, "assessment_error": errors.team.assessment_error}
            if np.isnan(value):
                continue
            seen = observe(
                datum, value, error.get(one.error, one.known_to), (float(dice.random()), float(dice.random()))
            )
            rows.append(_written(seen, month))
    rows[9][3] = "<5"
    rows.append(["2026-08", "first zone", "coffee mornings held", "7", "", ""])
    using = next(r for r in rows if r[0] == "2026-11" and r[2] == "using")
    rows.append([*using[:3], str(max(0, int(using[3]) - 2)), using[4], "recounted"])
    rows.append(
        ["Note: numbers are of staff in post; the core team went round with the assessment sheet.", "", "", "", "", ""]
    )
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _written(datum: Datum, month: int) -> list[str]:
    """One row as a person writes it."""
    years, rest = divmod(int(START[5:7]) - 1 + month, 12)
    kind = datum.observable.kind
    if kind in (PEOPLE, SITES):
        value, observed = str(round(datum.count)), str(datum.observed)
    elif kind in (FAMILIES, LEAVERS):
        value, observed = str(round(datum.value)), ""
    else:
        value, observed = f"{datum.value:.2f}", str(datum.observed) if datum.observed > 1 else ""
    return [f"{int(START[:4]) + years}-{rest + 1:02d}", datum.zone, datum.measure, value, observed, ""]


def answer(text: str, runs: int = RUNS) -> Update:
    """What `zones update` makes of the table."""
    plan = load("with-teams")
    area = generate(dict(plan.area))
    place = place_of(prepare(plan, area), area, START)
    file = read_observed(Upload(DATA.name, text.encode("utf-8")), place, START)
    question = ask(plan, area, file.reports, UpdateSettings(runs=runs), START)
    return Update(question, Work(question).done(), area, file.remarks())


def block(update: Update) -> str:
    """The answer as it stands in the page."""
    return "\n".join([BEGIN, "", "```text", *update.remarks, "", *update.lines(), "```", "", END])


def main() -> None:
    """Write the table, and the answer into the page."""
    text = data()
    DATA.write_text(text, encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + block(answer(text)) + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
