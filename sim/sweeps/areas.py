"""The areas of a sweep: read once and kept in its folder, so that resuming needs nothing else."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError, SweepError
from sim.results import unnamed
from sim.results.kept_organisation import keep, recall
from sim.results.study import ChosenOrganisation, choose_organisation
from sim.scenarios.scenario import Scenario
from sim.sweeps import factors as f
from sim.sweeps.design import Design
from sim.sweeps.points import Point
from sim.sweeps.runs import organisation_digest

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation

AREAS = unnamed.APART


def area_label(design: Design, point: Mapping[str, f.Value]) -> str:
    """What fixes the area of a point: its own area factors, as JSON text; '{}' for the design's area."""
    return json.dumps({k: v for k, v in point.items() if k.split(".")[0] == f.AREA}, sort_keys=True)


def labels_of(design: Design, points: Sequence[Point]) -> list[str]:
    """The areas that the points need, in order of first use."""
    return list(dict.fromkeys(area_label(design, p) for p in points))


def find(design: Design, label: str, first: Scenario) -> ChosenOrganisation:
    """The place of one label.

    Args:
        design: the sweep.
        label: as `area_label`.
        first: the first scenario, whose generated area is used when nothing else is said.

    Raises:
        OrganisationError: files that are not sound.
        ScenarioError: settings that cannot be met.
    """
    asked = json.loads(label)
    area = dict(design.area)
    given = asked.pop(f.AREA, None)
    if given is not None:
        area = _read(given)
    changed = {k.partition(".")[2]: v for k, v in asked.items()}
    chosen = area.get("organisation_seed")
    files = [str(path) for path in files_of(design, label)]
    if not files:
        settings = {**(area.get("settings", first.area)), **changed}
        if chosen is not None:
            settings.setdefault("organisation_seed", chosen)
        return choose_organisation([_with_area(first, settings)])
    strange = sorted(set(changed) - {"organisation_seed"})
    if strange:
        raise ScenarioError(f"factor 'area.{strange[0]}': belongs to a generated area, but the area comes from files.")
    seed = changed.get("organisation_seed", chosen)
    return choose_organisation([first], files, as_given=bool(area.get("as_given")), organisation_seed=seed)


def files_of(design: Design, label: str) -> list[Path]:
    """The lists that an area of that label is read from; [] for a generated one."""
    given = json.loads(label).get(f.AREA)
    area = design.area if given is None else _read(given)
    return [design.folder / design.lists.get(name, name) for name in area.get("files", [])]


def _with_area(scenario: Scenario, settings: dict[str, Any]) -> Scenario:
    from dataclasses import replace

    return replace(scenario, area=settings)


def _read(given: f.Value) -> dict[str, Any]:
    """A factor's value: a file's path, or the JSON text of files or settings."""
    text = str(given)
    if text[:1] in "[{":
        value = json.loads(text)
        return {"files": value} if isinstance(value, list) else {"settings": value}
    return {"files": [text]}


def keep_areas(
    design: Design, labels: Sequence[str], first: Scenario, folder: Path, known: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep the areas that are not in the folder yet.

    Returns:
        For the manifest, by label: folder, digest and source; those in `known` unchanged.

    Raises:
        SweepError: a list has changed since it was kept.
    """
    found = dict(known)
    for label in labels:
        if label in found:
            if "files" in found[label]["source"]:
                _check_unchanged(design, label, first, str(found[label]["digest"]))
            continue
        place = find(design, label, first)
        inside = f"{AREAS}/{len(found):04d}"
        (folder / AREAS).mkdir(exist_ok=True)
        keep(place.organisation, folder / inside)
        found[label] = {
            "folder": inside,
            "digest": organisation_digest(recall(folder / inside)),
            "source": unnamed.source(place.source),
        }
    return found


def _check_unchanged(design: Design, label: str, first: Scenario, digest: str) -> None:
    """Refuse lists that say something else than when the sweep was begun; lists that are gone are not needed.

    Raises:
        SweepError: naming the lists.
    """
    files = files_of(design, label)
    if not all(file.exists() for file in files):
        return
    with tempfile.TemporaryDirectory() as temporary:
        keep(find(design, label, first).organisation, Path(temporary) / "area")
        same = organisation_digest(recall(Path(temporary) / "area")) == digest
    if not same:
        raise SweepError(
            f"{', '.join(file.name for file in files)}: has changed since this sweep was begun, and runs of two places "
            "are never mixed; start again in another folder (--out)."
        )


def recall_area(folder: Path, about: Mapping[str, Any]) -> Organisation:
    """An area kept in the folder."""
    return recall(folder / str(about["folder"]))
