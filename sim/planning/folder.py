"""The folder of a search for plans: question, organisation, parameter rows and runs; all that resuming needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.atomic import write_whole
from sim.errors import SweepError
from sim.nearby import not_there
from sim.planning.begun import AS_IT_STANDS, NO_MORE, NOT_BEGUN, Begun, Start
from sim.planning.question import Choices, Counted, Limits, People, Question, SiteWishes, Support
from sim.results import record, unnamed
from sim.results.kept_organisation import keep, recall
from sim.results.study import ChosenOrganisation, choose_organisation
from sim.scenarios.files import load as load_scenario
from sim.scenarios.scenario import Scenario
from sim.scenarios.write import from_dict, to_dict
from sim.strict import kept_table
from sim.sweeps import sample as drawn
from sim.sweeps.runs import model_digest, organisation_digest
from sim.sweeps.store import PARTS

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation

FORMAT = 2
KEPT: dict[str, type] = {
    "format": int, "command": str, "start": str, "versions": dict, "model": str, "runs": int, "seed": int,
    "question": dict, "scenarios": dict, "organisation": dict, "sample_rows": int, "begun": dict,
}  # fmt: skip
"""What a manifest holds, and of what kind."""
MANIFEST, SAMPLE = "plan.json", "sample.csv"
BASE, OWN, AGAINST = "base", "own", "against"
_Laid = tuple[dict[str, Scenario], ChosenOrganisation, list[dict[str, float]]]


@dataclass(frozen=True)
class Asked:
    """How a search is asked for.

    Attributes:
        runs: at most so many in all.
        seed: of everything drawn.
        command: the command line, or the call from Python.
    """

    runs: int
    seed: int = 1
    command: str = ""


@dataclass(frozen=True)
class PlanFolder:
    """A search as its folder holds it.

    Attributes:
        folder: where.
        manifest: plan.json.
        question: what was asked.
        asked: how.
        scenarios: the base, the one gains are measured against and the user's own, by BASE, AGAINST and OWN.
        rows: parameter sample.
        begun: what is fixed of a plan that has begun.
    """

    folder: Path
    manifest: dict[str, Any]
    question: Question
    asked: Asked
    scenarios: dict[str, Scenario]
    rows: tuple[dict[str, float], ...]
    begun: Begun = NOT_BEGUN

    def place(self) -> Organisation:
        """The organisation, as it was kept."""
        return recall(self.folder / unnamed.APART)


def create(question: Question, folder: Path, asked: Asked, lists: Any = None, start: Start | None = None) -> PlanFolder:
    """Make a new folder, whole or not at all.

    Args:
        question: what is asked.
        folder: absent or empty.
        asked: how.
        lists: how lists of sites are read, as for `choose_organisation`.
        start: the update that it goes on from, None: the plan has not begun.

    Raises:
        ScenarioError: a scenario that the question names cannot be read.
        OrganisationError: the area's files are not sound.
        ResultError: the folder is taken or cannot be written.
    """
    scenarios, place, rows = _laid(question, lists) if start is None else _going_on(start)
    scenarios = {name: replace(s, months=question.months) for name, s in scenarios.items()}
    with record.beside(folder) as part:
        (part / PARTS).mkdir()
        keep(place.organisation, part / unnamed.APART)
        if rows:
            drawn.write(rows, part / SAMPLE)
        manifest = {
            "format": FORMAT,
            "command": unnamed.command(asked.command),
            "start": record.now(),
            "versions": record.versions(),
            "model": model_digest(),
            "runs": asked.runs,
            "seed": asked.seed,
            "question": question_to(question, place.organisation),
            "scenarios": {n: to_dict(unnamed.scenario(s, place.organisation)) for n, s in scenarios.items()},
            "organisation": {
                "digest": organisation_digest(recall(part / unnamed.APART)),
                "source": unnamed.source(place.source),
            },
            "sample_rows": len(rows),
            "begun": start.begun.as_dict() if start else {},
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(part / MANIFEST, text + "\n")
    return open_folder(folder)


def _laid(question: Question, lists: Any) -> _Laid:
    """Scenarios, place and parameter rows as the question names them."""
    scenarios = _scenarios(question)
    base = scenarios[BASE]
    area = question.area
    if "settings" in area:
        base = replace(base, area=dict(area["settings"]))
    place = choose_organisation(
        [base],
        list(area.get("files", [])) or None,
        as_given=bool(area.get("as_given")),
        organisation_seed=area.get("organisation_seed"),
        lists=lists,
    )
    scenarios = {name: replace(s, area=base.area) for name, s in scenarios.items()}
    return scenarios, place, drawn.load(question.calibration or drawn.DEFAULTS, Path())


def _going_on(start: Start) -> _Laid:
    """Scenarios, place and parameter rows of the update that a search goes on from."""
    stands = start.scenario
    scenarios = {
        BASE: stands,
        OWN: replace(stands, name=AS_IT_STANDS),
        AGAINST: replace(stands, name=NO_MORE, zones=start.begun.zones),
    }
    return scenarios, ChosenOrganisation(start.organisation, {"update": True}), start.rows


def _scenarios(question: Question) -> dict[str, Scenario]:
    named = {BASE: question.base, AGAINST: question.against, **({OWN: question.own} if question.own else {})}
    return {role: load_scenario(name) for role, name in named.items()}


def open_folder(folder: Path) -> PlanFolder:
    """Read a folder.

    Raises:
        SweepError: it is none, or was changed by hand.
    """
    if not folder.exists():
        raise SweepError(f"plan: {not_there(folder)}; give a folder that `zones plan` made.")
    try:
        manifest = kept_table((folder / MANIFEST).read_bytes(), MANIFEST, KEPT)
        if manifest["format"] != FORMAT:
            raise SweepError(f"{folder}: has format {manifest['format']}; this version reads {FORMAT}.")
        if not isinstance(manifest["organisation"].get("digest"), str):
            raise SweepError(f"{folder}: {MANIFEST} does not say which organisation was kept.")
        return PlanFolder(
            folder=folder,
            manifest=manifest,
            question=question_from(manifest["question"]),
            asked=Asked(manifest["runs"], manifest["seed"], manifest["command"]),
            scenarios={n: from_dict(s, MANIFEST) for n, s in manifest["scenarios"].items()},
            rows=tuple(drawn.read(folder / SAMPLE)) if manifest["sample_rows"] else (),
            begun=_begun(manifest),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SweepError(
            f"{folder}: is not the folder of a search for plans ({MANIFEST}: {reason}); give a folder that "
            f"`zones plan` made."
        ) from None


def _begun(manifest: dict[str, Any]) -> Begun:
    kept = manifest["begun"]
    if not kept:
        return NOT_BEGUN
    zones = from_dict(manifest["scenarios"][BASE], MANIFEST).zones[: kept["zones"]]
    numbers = tuple(int(n) for n in kept["numbers"])
    if len(numbers) != manifest["sample_rows"]:
        raise ValueError(f"{len(numbers)} runs for {manifest['sample_rows']} rows")
    return Begun(int(kept["month"]), zones, int(kept["seed"]), numbers)


def check_model(found: PlanFolder) -> None:
    """Refuse to add runs of another model to a folder.

    Raises:
        SweepError: the model's sources have changed since.
    """
    if found.manifest["model"] != model_digest():
        raise SweepError(
            f"{found.folder}: was begun with another version of the model ({found.manifest['model'][:12]}; this is "
            f"{model_digest()[:12]}). Runs of two models are never mixed: install that version, or start again in "
            f"another folder."
        )


def question_to(question: Question, place: Organisation) -> dict[str, Any]:
    """The question as JSON-safe data, sites by pseudonym and files by number."""
    data = asdict(question)
    known = dict(zip(place.sites.ids.tolist(), place.sites.pseudonyms.tolist(), strict=True))
    for key in ("must", "never", "first"):
        data["sites"][key] = [known.get(s, s) for s in data["sites"][key]]
    given = bool(data["area"].get("files"))
    data["area"] = {k: v for k, v in data["area"].items() if k != "files"} | ({"files_given": True} if given else {})
    for key in ("own", "base", "against"):
        data[key] = Path(data[key]).stem
    found: dict[str, Any] = json.loads(json.dumps(data, ensure_ascii=False))
    return found


def question_from(data: dict[str, Any]) -> Question:
    """The question that `question_to` wrote."""
    limits, choices, sites = data["limits"], data["choices"], data["sites"]
    return Question(
        **{k: data[k] for k in ("name", "text", "base", "own", "against", "months", "second", "area", "calibration")},
        limits=Limits(tuple(limits["cash"]), tuple(limits["released"]), limits["chance"]),
        people=tuple(People(**p) for p in data["people"]),
        support=Support(**data["support"]),
        sites=SiteWishes(_texts(sites["must"]), _texts(sites["never"]), _texts(sites["first"]), sites["most_a_term"]),
        counts=tuple(Counted(**c) for c in data["counts"]),
        choices=Choices(
            choices["most_zones"],
            (choices["sizes"][0], choices["sizes"][1]),
            (choices["opens"][0], choices["opens"][1]),
            tuple(choices["resources"]),
            {n: tuple(v) for n, v in choices["levers"].items()},
        ),
    )


def _texts(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(x) for x in given)
