"""The folder that `zones plan` wrote as a case: the plans found, and the scenario that they are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import ResultError, ScenarioError
from sim.handouts.case import Case
from sim.organisation.organisation import Organisation
from sim.planning.folder import AGAINST, MANIFEST, PlanFolder, open_folder
from sim.planning.purposes import LEAST_COST, LEAST_REGRET, purposes
from sim.planning.writing import DATA
from sim.results import unnamed
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario
from sim.strict import kept_table

MOST_FOUND = 4
"""Plans of a folder that are shown beside the one they are compared with."""
OTHER_PURPOSES = {LEAST_COST: "costs least of those near the best", LEAST_REGRET: "has the least regret"}
ANSWER: dict[str, type] = {"seed": int, "replicates": int, "plans": list}


def is_plan_folder(folder: Path) -> bool:
    """Whether `zones plan` wrote it."""
    return (folder / MANIFEST).is_file()


def case_of(folder: Path) -> Case:
    """The plans that a search found, with the random numbers of its reporting set, so that its figures come again.

    Raises:
        ResultError: the search is not finished, found no plan, or something in the folder was changed.
        SweepError: it cannot be read.
    """
    found = open_folder(folder)
    answer = _answer(folder)
    plans = [_plan(folder, one) for one in answer["plans"][:MOST_FOUND]]
    if not plans:
        raise ResultError(
            f"{folder}: no plan keeps the limits; why.md says which one binds. There is nothing to hand on."
        )
    against = found.scenarios[AGAINST]
    place = found.place()
    best = {p.id: p.words for p in purposes(found.question)} | OTHER_PURPOSES
    names = [_name(k, one, best) for k, one in enumerate(answer["plans"][:MOST_FOUND], start=1)]
    return Case(
        plans=(*plans, against),
        names=(*names, against.title or against.name),
        organisation=place,
        place=_place(found, place),
        months=found.question.months,
        seed=answer["seed"],
        sample=found.rows,
        command=f"zones brief {folder.name}",
        runs=answer["replicates"],
    )


def _answer(folder: Path) -> dict[str, Any]:
    try:
        return kept_table((folder / DATA).read_bytes(), DATA, ANSWER)
    except (OSError, ScenarioError) as error:
        raise ResultError(
            f"{folder}: {DATA} cannot be read ({error}); finish the search first: zones resume {folder}"
        ) from None


def _plan(folder: Path, told: Any) -> Scenario:
    name = told.get("name") if isinstance(told, dict) else None
    if not isinstance(name, str) or Path(name).name != name:
        raise ResultError(f"{folder}: {DATA} names no plan; was it changed?")
    return load(str(folder / f"{name}.toml"))


def _name(number: int, told: Any, best: dict[str, str]) -> str:
    purposes = told.get("best_for")
    words = [best[one] for one in purposes if one in best] if isinstance(purposes, list) else []
    return f"Plan {number}{' ' + words[0] if words else ''}"


def _place(found: PlanFolder, place: Organisation) -> str:
    source = found.manifest["organisation"].get("source", {})
    return unnamed.place_words(place, show_names="generated" in source)
