"""An update by what was seen, in a process of its own, so that nobody else's page waits for it.

It is begun when a table has been read, and waits for what is asked on its input. Then it gives a first answer from few
runs as soon as it can, gives way to everybody else, tells how far it is line by line, and ends with the full answer or
when whoever began it has gone.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sim.apart import tell, work
from sim.platforms.processes import give_way

if TYPE_CHECKING:
    from sim.observed.question import UpdateSettings
    from sim.observed.reports import Report
    from sim.observed.weighed import Weighed
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario

ORIGIN = {"command": "made on the page Month 12", "place": {"pages": True}}
STEPS = 100
"""In how many steps it tells how far it is."""


@dataclass(frozen=True)
class Order:
    """What is to be updated.

    Attributes:
        scenario: the plan in force.
        organisation: the place.
        reports: what was read.
        start: date of month 0 as ISO text, '' not known.
        settings: how.
    """

    scenario: Scenario
    organisation: Organisation
    reports: tuple[Report, ...]
    start: str
    settings: UpdateSettings


def _found(order: Order) -> dict[str, Any]:
    from sim.app.kept_update import name_of
    from sim.app.update_story import story
    from sim.app.update_view import view
    from sim.observed.contents import all_files
    from sim.observed.folder import Work
    from sim.observed.one_file import packed
    from sim.observed.predictions import forecasts_of
    from sim.observed.question import ask
    from sim.observed.update import Update

    asked = ask(order.scenario, order.organisation, order.reports, order.settings, order.start)

    def first(found: Weighed) -> None:
        tell({"first": view(Update(asked, found, order.organisation), coarse=True)})
        give_way()

    done = Work(asked, progress=_Progress(), first=first).done()
    update = Update(asked, done, order.organisation)
    seen = view(update)
    return {
        "view": seen,
        "story": story(update, seen),
        "report": "\n".join([*update.lines(), ""]),
        "forecasts": [asdict(f) for f in forecasts_of(update, "")],
        "data": [asdict(d) for d in done.data],
        "place": asked.place_digest,
        "kept": base64.b64encode(packed(all_files(update, ORIGIN), name_of(done.last))).decode("ascii"),
        "last": done.last,
    }


class _Progress:
    """Tells how far the runs are, a hundred times in all."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, runs: int, most: int) -> None:
        step = STEPS * runs // max(1, most)
        if step != self._told:
            self._told = step
            tell({"runs": runs, "most": most})


def _ahead() -> None:
    """Import what an update needs, and load the compiled model."""
    from sim.app import update_story, update_view  # noqa: F401
    from sim.engine.batch import simulate
    from sim.observed import folder  # noqa: F401
    from sim.organisation.generate import synthetic
    from sim.scenarios.files import load

    simulate(load("with-teams"), synthetic.generate({"sites": 6}), replicates=1, months=1)


if __name__ == "__main__":
    work(_found, _ahead)
