"""A sweep's folder: its design, points, scenarios, areas and parameter rows, all that resuming needs.

`sweep.json` says what is asked, `parts/` holds what was run, the tables are made from both and can be made again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.atomic import write_whole
from sim.counts import counted
from sim.engine.draws import row_of
from sim.errors import ScenarioError, SweepError, UnknownName, ZonesError
from sim.nearby import not_there
from sim.platforms.files import within_reach
from sim.results import record, unnamed
from sim.scenarios.files import load as load_scenario
from sim.scenarios.scenario import Scenario
from sim.scenarios.write import from_dict
from sim.strict import is_file
from sim.sweeps import areas as kept_areas
from sim.sweeps import factors as f
from sim.sweeps import kept_manifest, numbered
from sim.sweeps import points as p
from sim.sweeps import sample as drawn
from sim.sweeps.design import Design
from sim.sweeps.factors import Factor
from sim.sweeps.kept_manifest import FORMAT
from sim.sweeps.runs import digest_of, model_digest, run_key, structure_digest, unit_digest
from sim.sweeps.store import PARTS

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation

MANIFEST, POINTS, SAMPLE = "sweep.json", "points.csv", "sample.csv"
POINTS_STEM = "points-"
MOST_NAMED = 5


@dataclass(frozen=True)
class Unit:
    """One scenario in one area: what points may share.

    Attributes:
        number: its place among the sweep's units.
        digest: what fixes its runs.
        structure: what a prepared place depends on.
        scenario: the scenario.
        area: label of the area.
        problem: why it does not fit the area, '' where it does; its runs are recorded with this error.
    """

    number: int
    digest: str
    structure: str
    scenario: Scenario
    area: str
    problem: str = ""


class Sweep:
    """A sweep as its folder holds it.

    Attributes:
        folder: where.
        design: what was asked.
        manifest: sweep.json.
        points: by number.
        rows: the parameter sample, [] for defaults.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self.design = kept_manifest.design_from(manifest["design"])
        self.points: list[p.Point] = manifest["points"]
        self.rows = drawn.read(folder / SAMPLE) if manifest["sample_rows"] else []
        self._scenarios = {name: from_dict(data, MANIFEST) for name, data in manifest["scenarios"].items()}
        self._scenarios |= numbered.plans(folder)
        self._places: dict[str, Organisation] = {}

    @property
    def months(self) -> int | None:
        """The horizon all runs share, None where points set their own."""
        return None if any(x.name == f.MONTHS for x in self.design.factors) else int(self.manifest["months"])

    def place(self, label: str) -> Organisation:
        """The area of that label."""
        if label not in self._places:
            self._places[label] = kept_areas.recall_area(self.folder, self.manifest["areas"][label])
        return self._places[label]

    @cached_property
    def units(self) -> list[Unit]:
        """What is run, each once, in order of first use."""
        return self._laid[0]

    @cached_property
    def arms(self) -> list[tuple[int, ...]]:
        """Units of each point, one for each scenario of the design."""
        return self._laid[1]

    @cached_property
    def _laid(self) -> tuple[list[Unit], list[tuple[int, ...]]]:
        units: dict[str, Unit] = {}
        arms = []
        for point in self.points:
            mine = []
            for position, name in enumerate(self.design.scenarios):
                unit = self._unit(point, position, name)
                mine.append(units.setdefault(unit.digest, replace(unit, number=len(units))).number)
            arms.append(tuple(mine))
        return list(units.values()), arms

    def check_any_can_be_laid(self) -> None:
        """Refuse a sweep none of whose runs can be run.

        Raises:
            ScenarioError: with the first problem.
        """
        found = (self._unit(point, i, name) for point in self.points for i, name in enumerate(self.design.scenarios))
        problem = ""
        for unit in found:
            if not unit.problem:
                return
            problem = problem or unit.problem
        if problem:
            raise ScenarioError(f"{self.design.name}: nothing can be run. {problem.partition(': ')[2]}")

    def _unit(self, point: p.Point, position: int, name: str) -> Unit:
        label = kept_areas.area_label(self.design, point)
        scenario = self._scenarios[str(point[f.SCENARIO]) if position == 0 and f.SCENARIO in point else name]
        problem = ""
        try:
            for factor in self.design.factors:
                if _moves(factor, name) and f.concerns(scenario, factor.name):
                    scenario = f.lay(scenario, factor.name, point[factor.name], f"factor '{factor.name}'")
        except ZonesError as error:
            problem = f"{type(error).__name__}: {error}"
        months = self.months or scenario.months
        area, model = self.manifest["areas"][label]["digest"], str(self.manifest["model"])
        digest = unit_digest(scenario, area, months, model)
        if problem:
            digest = digest_of([digest, problem, point])
        structure = structure_digest(scenario, area, months)
        return Unit(-1, digest, structure, replace(scenario, months=months), label, problem)

    @cached_property
    def _row_digests(self) -> list[str]:
        return [digest_of(row) for row in self.rows]

    def draw(self, replicate: int) -> int:
        """The parameter row of a replicate, alike at every point; -1 for defaults."""
        if not self.rows:
            return -1
        return row_of(self.design.seed, replicate // self.design.luck_per_draw, len(self.rows))

    def key(self, unit: Unit, replicate: int) -> str:
        """The content-addressed key of one run."""
        draw = self.draw(replicate)
        return run_key(unit.digest, self.design.seed, replicate, self._row_digests[draw] if draw >= 0 else "")


def _moves(factor: Factor, name: str) -> bool:
    """Whether a factor is laid over the scenario of that name."""
    return factor.role != f.PLACE and factor.name != f.SCENARIO and (not factor.only or name in factor.only)


def _check_concerned(design: Design, scenarios: dict[str, Scenario]) -> None:
    """Refuse a factor of a zone or event that no scenario has, or that a scenario named for it lacks.

    Raises:
        ScenarioError: naming it, and the zones or events there are.
    """
    for factor in design.factors:
        if not _moves(factor, factor.only[0] if factor.only else ""):
            continue
        named = [n for n in factor.only or scenarios if n in scenarios]
        lacking = [n for n in named if not f.concerns(scenarios[n], factor.name)]
        if lacking and (factor.only or len(lacking) == len(named)):
            what, _, rest = factor.name.partition(".")
            plan = scenarios[lacking[0]]
            names = [row.name for row in (plan.zones if what == "zone" else plan.events)]
            has = ", ".join(f"{i} ({name})" for i, name in enumerate(names, start=1)) or "none"
            raise ScenarioError(
                f"{design.name}: factor '{factor.name}': {lacking[0]} has no {what} '{rest.rpartition('.')[0]}'; it "
                f"has: {has}. Name one of these, or leave {lacking[0]} out of the factor's scenarios."
            )


def create(design: Design, folder: Path, command: str) -> Sweep:
    """Make a new sweep folder, whole or not at all.

    Raises:
        ScenarioError: a design that cannot be run.
        ResultError: the folder is taken or cannot be written.
    """
    _check_concerned(design, _scenarios(design))
    design = numbered.number(design, {})
    scenarios = _scenarios(design)
    batches = [design.points] if design.kind in p.GROWING else []
    points = p.points_of(design, batches)
    rows = drawn.load(numbered.file_of(design, design.sample), design.folder)
    first = scenarios[design.scenarios[0]]
    months = design.months or max(s.months for s in scenarios.values())
    _check_months(design, months)
    with record.beside(folder) as part:
        (part / PARTS).mkdir()
        areas = kept_areas.keep_areas(design, kept_areas.labels_of(design, points), first, part, {})
        numbered.write(design, part)
        if rows:
            drawn.write(rows, part / SAMPLE)
        manifest = {
            "format": FORMAT,
            "question": design.question,
            "command": unnamed.command(command),
            "start": record.now(),
            "versions": record.versions(),
            "model": model_digest(),
            "design": kept_manifest.design_to(design),
            "batches": batches,
            "months": months,
            "scenarios": numbered.keep_plans(scenarios, part),
            "areas": areas,
            "sample_rows": len(rows),
            "points_sha256": digest_of(points),
        }
        _write(part, manifest, points)
        open_folder(part).check_any_can_be_laid()
    return open_folder(folder)


def _check_months(design: Design, months: int) -> None:
    """Refuse an outcome that is read after the last month.

    Raises:
        ScenarioError: naming it.
    """
    if any(x.name == f.MONTHS for x in design.factors):
        return
    for name in design.outcomes:
        at = name.partition("@")[2]
        if at and int(at) > months:
            raise ScenarioError(
                f"{design.name}: outcomes '{name}': the month must be a whole number in [0, {months}], the months that "
                f"are run; got {at}. Set months = {at} or read an earlier month."
            )


def open_folder(folder: Path) -> Sweep:
    """Read a sweep's folder.

    Raises:
        SweepError: it is none, or was changed by hand.
    """
    folder = within_reach(folder)
    if not folder.exists():
        raise SweepError(f"sweep: {not_there(folder)}; give a folder that `zones sweep` made.")
    if not (folder / MANIFEST).is_file():
        raise SweepError(f"{folder}: is no sweep's folder, as it holds no {MANIFEST}{_sweeps_in(folder)}.")
    try:
        manifest = kept_manifest.read_manifest(folder / MANIFEST)
        points = kept_manifest.read_points(_points_file(folder, manifest), manifest)
        return Sweep(folder, {**manifest, "points": points})
    except ScenarioError as error:
        raise SweepError(
            f"{folder}: is not the folder of a sweep as `zones sweep` makes it (was a file changed by hand?). {error}"
        ) from None


def _sweeps_in(folder: Path) -> str:
    """The sweeps within a folder, newest first, as the end of a sentence."""
    found = sorted((p.parent for p in folder.glob(f"*/{MANIFEST}")), key=lambda p: p.stat().st_mtime, reverse=True)
    return f". It holds sweeps: {', '.join(map(str, found[:MOST_NAMED]))}" if found else ""


def check_model(sweep: Sweep) -> None:
    """Refuse to add runs of another model to a folder.

    Raises:
        SweepError: the model's sources have changed since.
    """
    if sweep.manifest["model"] != model_digest():
        made = sweep.manifest["versions"].get("zones", "unknown")
        raise SweepError(
            f"{sweep.folder}: was begun with another version of the model ({made}, {sweep.manifest['model'][:12]}; "
            f"this is {model_digest()[:12]}). Runs of two models are never mixed: install that version, or start again "
            f"in another folder."
        )


def extend(sweep: Sweep, design: Design) -> Sweep:
    """The folder with more points or replicates; what was run stays as it is. Only with the lock held.

    Raises:
        ScenarioError: something else has changed, or points have been lost.
    """
    check_model(sweep)
    design = _as_kept(sweep, design)
    free = {"points": 0, "replicates": 0, "given": (), "factors": (), "folder": "", "stop": None, "question": ""}
    old, new = kept_manifest.design_to(sweep.design), kept_manifest.design_to(design)
    changed = [k for k in new if k not in (*free, "figure", "name") and old[k] != new[k]]
    if [x.name for x in sweep.design.factors] != [x.name for x in design.factors]:
        changed.append("factors")
    if design.kind not in ("grid", "list") and old["factors"] != new["factors"]:
        changed.append("factors")
    if changed:
        raise SweepError(
            f"{sweep.folder}: holds another sweep (different {', '.join(dict.fromkeys(changed))}). A folder can grow "
            f"in points and replicates only; give another folder (--out)."
        )
    if design.replicates < sweep.design.replicates:
        raise SweepError(
            f"{sweep.folder}: has {counted(sweep.design.replicates, 'replicate')} a point; ask for that or more."
        )
    batches = p.batches_for(design, sweep.manifest["batches"]) if design.kind in p.GROWING else []
    points = p.grown(sweep.points, p.points_of(design, batches), design.name)
    first = from_dict(sweep.manifest["scenarios"][design.scenarios[0]])
    labels = kept_areas.labels_of(design, points)
    areas = kept_areas.keep_areas(design, labels, first, sweep.folder, sweep.manifest["areas"])
    numbered.write(design, sweep.folder)
    scenarios = {**numbered.keep_plans(_scenarios(design), sweep.folder), **sweep.manifest["scenarios"]}
    manifest = {k: v for k, v in sweep.manifest.items() if k != "points"}
    manifest |= {"design": new, "batches": batches, "areas": areas, "scenarios": scenarios}
    manifest["points_sha256"] = digest_of(points)
    _write(sweep.folder, manifest, points)
    return open_folder(sweep.folder)


def _as_kept(sweep: Sweep, design: Design) -> Design:
    """The design with its files named as the folder has them: by number, or as folders from before do."""
    areas = any(about["folder"].startswith(unnamed.APART) for about in sweep.manifest["areas"].values())
    known = numbered.read(sweep.folder)
    told = set(sweep.manifest["scenarios"]) | {sweep.design.sample}
    plans = not any(name.endswith((unnamed.PLAN_END, ".csv")) for name in told - set(known))
    return numbered.number(design, known, areas=areas, plans=plans)


def _scenarios(design: Design) -> dict[str, Scenario]:
    """Every scenario that the design names, `--set` applied; also those of a `scenario` factor."""
    named = list(design.scenarios)
    named += [str(v) for x in design.factors if x.name == f.SCENARIO for v in x.values]
    found = {}
    for name in dict.fromkeys(named):
        file = numbered.file_of(design, name)
        beside = design.folder / file
        path = beside if beside.suffix == unnamed.PLAN_END and is_file(beside) else file
        try:
            loaded = load_scenario(path, design.overrides)
        except UnknownName as error:
            raise ScenarioError(f"{design.name}: {error}") from None
        found[name] = loaded if name == file else numbered.called(name, loaded)
    return found


def _points_file(folder: Path, manifest: dict[str, Any]) -> Path:
    return folder / f"{POINTS_STEM}{str(manifest['points_sha256'])[:16]}.json"


def _write(folder: Path, manifest: dict[str, Any], points: Sequence[p.Point]) -> None:
    """The points under their own digest first: what counts is sweep.json, which names them and moves in one go."""
    named = _points_file(folder, manifest)
    write_whole(named, (json.dumps(points, ensure_ascii=False) + "\n").encode())
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(folder / MANIFEST, text.encode())
    for old in folder.glob(f"{POINTS_STEM}*.json"):
        if old != named:
            old.unlink(missing_ok=True)
