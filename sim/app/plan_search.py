"""A search for plans in a process of its own, so that nobody else's page waits for it.

It gets its question on its input, tells how far it is line by line, and ends when whoever began it has gone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.apart import tell, work

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation


@dataclass(frozen=True)
class Order:
    """What is to be searched.

    Attributes:
        question: TOML text; scenarios are named by their files in `scenarios`.
        scenarios: TOML text of each, by file name.
        organisation: the place.
        folder: private and empty; the search keeps its runs there.
        runs: at most so many.
        seed: of everything drawn.
        update: name and content of a kept update that it goes on from, None: the plan has not begun.
    """

    question: str
    scenarios: dict[str, str]
    organisation: Organisation
    folder: str
    runs: int
    seed: int
    update: tuple[str, bytes] | None = None


def _found(order: Order) -> dict[str, Any]:
    from sim.app.plan_view import view
    from sim.planning.study import find
    from sim.sweeps.runner import Threads

    def watch(what: str, runs: int, most: int, best: float | None) -> None:
        tell({"what": what, "runs": runs, "most": most, "best": best})

    made = _made(order)
    return view(find(made, lambda: Threads(1), watch).answer)


def _made(order: Order) -> Any:
    """The search's folder; the list that it was made from is not left there."""
    import shutil

    from sim.organisation.files.tables import write
    from sim.planning.asking import loads
    from sim.planning.begun import asked_from, start_of
    from sim.planning.folder import Asked, create

    here, how = Path(order.folder), Asked(order.runs, order.seed, "on the page")
    if order.update is not None:
        name, content = order.update
        start = start_of(content, name, order.organisation)
        return create(asked_from(loads(order.question, "question"), start), here / "search", how, start=start)
    given = here / "given"
    given.mkdir()
    try:
        for name, text in order.scenarios.items():
            (given / name).write_text(text, encoding="utf-8", newline="\n")
        write(order.organisation, given / "area.csv")
        text = order.question + '\n[area]\nfiles = ["area.csv"]\nas_given = true\n'
        question = loads(text, "question", given)
        question = replace(question, base=str(given / question.base), against=str(given / question.against))
        return create(question, here / "search", how)
    finally:
        with suppress(OSError):
            shutil.rmtree(given)


if __name__ == "__main__":
    work(_found)
