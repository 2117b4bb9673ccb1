"""The worked example of docs/observed-data.md: `python experiments/observed_example.py` makes its data and its answer.

A fictional area, the one that `with-teams` generates, is followed for eighteen months. Its data are made by the model
with a twist that the model which reads them does not know, and are written down as people do, with their slips.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sim.engine.setup import prepare
from sim.observed.example import START, table
from sim.observed.folder import Work
from sim.observed.question import UpdateSettings, ask
from sim.observed.reader import read_observed
from sim.observed.reports import place_of
from sim.observed.update import Update
from sim.organisation.files.cells import Upload
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load

HERE = Path(__file__).parent
DATA = HERE / "observed-example.csv"
PAGE = HERE.parent / "docs" / "observed-data.md"
BEGIN, END = "<!-- made by experiments/observed_example.py: begin -->", "<!-- end -->"
RUNS = 4_000


def data() -> str:
    """The table, as text."""
    plan = load("with-teams")
    return table(plan, generate(dict(plan.area)))


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
