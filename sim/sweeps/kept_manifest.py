"""`sweep.json` and the points beside it: written as data, read back as strictly as a design file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, shortened
from sim.problems import Problems
from sim.results import unnamed
from sim.scenarios.write import from_dict
from sim.strict import from_json, whole_in
from sim.sweeps import factors as f
from sim.sweeps.areas import labels_of
from sim.sweeps.design import MOST_POINTS, Design, read
from sim.sweeps.points import GROWING, Point
from sim.sweeps.runs import digest_of

FORMAT = 1
LARGEST = 2**28
MOST_VALUES = 60 * MOST_POINTS
_AREA_FOLDER = re.compile(rf"(areas|{unnamed.APART})/[0-9]{{4,7}}")
_DIGEST = re.compile(r"[0-9a-f]{16,64}")


def design_to(design: Design) -> dict[str, Any]:
    """The design as JSON-safe data, without the folder it stood in and without the files that numbers stand for."""
    data = {**asdict(design), "folder": ""}
    del data["lists"]
    if "files" in design.area:
        data["area"] = {**design.area, "files": [Path(name).name for name in design.area["files"]]}
    return json.loads(json.dumps(data, ensure_ascii=False))  # type: ignore[no-any-return]


def design_from(data: dict[str, Any], where: str = "design") -> Design:
    """The design that `design_to` wrote, read with the checks of a design file.

    Raises:
        ScenarioError: a key missing, or a value that no design file could hold.
    """
    problems = Problems(where)
    known = tuple(name for name in Design.__dataclass_fields__ if name != "lists")
    problems.known("", "key", data, known)
    missing = [key for key in known if key not in data]
    if missing:
        problems.add(ScenarioError(f"{where}: lacks {', '.join(missing)}."))
    problems.stop()
    same = ("question", "scenarios", "replicates", "seed", "sample", "luck_per_draw", "outcomes", "area", "figure")
    table = {key: data[key] for key in same}
    table |= {key: data[key] for key in ("months", "stop") if data[key] is not None}
    plan = {"points": data["points"], "levels": data["levels"], "seed": data["design_seed"], "kind": data["kind"]}
    table |= {"set": data["overrides"], "points": data["given"], "design": plan}
    rows = data["factors"]
    table["factors"] = [_factor(row) for row in rows] if isinstance(rows, list) else rows
    name = problems.name("name", data["name"])
    problems.stop()
    return read(table, name, Path(), where)


def _factor(row: object) -> object:
    """A factor in the words of a design file."""
    if not isinstance(row, dict):
        return row
    table = {("scenarios" if k == "only" else k): v for k, v in row.items() if k != "whole"}
    for key in ("low", "high", "log", "levels") if table.get("values") else ("values",):
        table.pop(key, None)
    return table


def read_manifest(path: Path) -> dict[str, Any]:
    """`sweep.json`, its points apart.

    Raises:
        ScenarioError: not readable, of another format, or holding what no sweep writes.
    """
    data = _read(path)
    problems = Problems(path.name)
    manifest = problems.table("the file", data)
    if whole_in(manifest.get("format"), FORMAT, FORMAT) is None:
        problems.refuse("format", f"{FORMAT}, which this version reads", manifest.get("format"))
        problems.stop()
    needed = ("design", "scenarios", "areas", "months", "sample_rows", "points_sha256", "model", "versions", "batches")
    for key in needed:
        if key not in manifest:
            problems.add(ScenarioError(f"{problems.at(key)} is missing."))
    problems.stop()
    problems.whole("months", manifest["months"], 1)
    problems.whole("sample_rows", manifest["sample_rows"], 0, MOST_POINTS)
    for key in ("points_sha256", "model"):
        if not _DIGEST.fullmatch(problems.name(key, manifest[key])):
            problems.refuse(key, "a digest", manifest[key])
    for name, version in problems.table("versions", manifest["versions"]).items():
        problems.name(f"versions.{shortened(name)}", version)
    design = problems.attempt(lambda: design_from(problems.table("design", manifest["design"]), problems.at("design")))
    _check_batches(problems, manifest["batches"], design)
    _check_scenarios(problems, manifest["scenarios"], design)
    _check_areas(problems, manifest["areas"])
    problems.stop()
    return manifest


def read_points(path: Path, manifest: dict[str, Any]) -> list[Point]:
    """The points of a checked manifest, with every value within what its factor can take.

    Raises:
        ScenarioError: not those that the manifest names, or not of its factors, scenarios and areas.
    """
    points: list[Point] = _read(path)
    if manifest["points_sha256"] != digest_of(points):
        raise ScenarioError(f"{path.name}: its points are not those of its design.")
    design = design_from(manifest["design"])
    names = {x.name for x in design.factors}
    problems = Problems(path.name)
    if not isinstance(points, list) or not points or not all(isinstance(p, dict) and set(p) == names for p in points):
        problems.refuse("points", f"a list of one or more tables of {', '.join(sorted(names))}", points)
        problems.stop()
    for number, point in enumerate(points, start=1):
        for name, value in point.items():
            f.check_value(name, value, f"{path.name}: point {number}")
        if f.SCENARIO in point and point[f.SCENARIO] not in manifest["scenarios"]:
            problems.known(f"point {number}", "scenario", [str(point[f.SCENARIO])], manifest["scenarios"])
    for label in labels_of(design, points):
        if label not in manifest["areas"]:
            problems.add(ScenarioError(f"{problems.at('areas')}: the area {shortened(label)} is missing."))
    problems.stop()
    return points


def _read(path: Path) -> Any:
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise ScenarioError(f"{path.name}: cannot be read ({error.strerror}).") from None
    return from_json(data, path.name, most=MOST_VALUES)


def _check_batches(problems: Problems, given: object, design: Design | None) -> None:
    if not isinstance(given, list):
        problems.refuse("batches", "a list of whole numbers", given)
        return
    sizes = [problems.whole("batches", size, 1, MOST_POINTS) for size in given]
    if design and design.kind in GROWING and sum(sizes) != design.points:
        problems.refuse("batches", f"sizes that add up to the design's {design.points} points", given)


def _check_scenarios(problems: Problems, given: object, design: Design | None) -> None:
    scenarios = problems.table("scenarios", given)
    for name, data in scenarios.items():
        table = problems.table(f"scenarios.{shortened(name)}", data)
        problems.attempt(lambda t=table, n=name: from_dict(t, problems.at(f"scenarios.{shortened(n)}")))  # type: ignore[misc]
    if design:
        problems.known("scenarios", "scenario", design.scenarios, scenarios)


def _check_areas(problems: Problems, given: object) -> None:
    for label, about in problems.table("areas", given).items():
        address = f"areas.{shortened(label)}"
        row = problems.table(address, about)
        if not _AREA_FOLDER.fullmatch(problems.name(f"{address}.folder", row.get("folder"))):
            problems.refuse(f"{address}.folder", f"a folder in {unnamed.APART}/", row.get("folder"))
        if not _DIGEST.fullmatch(problems.name(f"{address}.digest", row.get("digest"))):
            problems.refuse(f"{address}.digest", "a digest", row.get("digest"))
