"""Running a result again from its own folder, and saying table by table whether it is the same to the byte."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import posterior
from sim.declare import SEEDS_BELOW
from sim.engine.diary import DIARIES
from sim.engine.drivers import BATCH, ENGINES, GPU
from sim.errors import ResultError, ScenarioError, quoted, shortened
from sim.nearby import not_there
from sim.platforms.files import within_reach
from sim.problems import Problems
from sim.results import record
from sim.results.kept_organisation import recall
from sim.results.record import (
    BEFORE,
    DIARY_TABLES,
    DRAWS,
    FORMAT,
    MANIFEST,
    ORGANISATION,
    file_digest,
    versions,
    write_tables,
)
from sim.results.simulate import MOST_REPLICATES, Progress, Settings, simulate_all
from sim.scenarios.write import from_dict
from sim.strict import from_json, whole_in

IDENTICAL, DIFFERENT, MISSING = "byte-identical", "differs", "missing"
CHANGED = "changed since it was written"
LARGEST = 2**28
MOST_VALUES = 50_000_000
EDITED = "Was it edited by hand? Only a manifest as it was written can be replayed."
NEEDED = (
    "replicates", "months", "seed", "first", "engine", "scenarios", "organisation", "tables", "versions", "calibration",
)  # fmt: skip


@dataclass(frozen=True)
class Replayed:
    """What a replay found.

    Attributes:
        folder: the result.
        tables: verdict by file: IDENTICAL, DIFFERENT, CHANGED (the file is not what the manifest says) or MISSING.
        moved: versions that differ, 'then -> now' by name.
    """

    folder: Path
    tables: dict[str, str]
    moved: dict[str, str]

    @property
    def identical(self) -> bool:
        """Whether every table is byte-identical."""
        return bool(self.tables) and all(v == IDENTICAL for v in self.tables.values())

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {
            "result": str(self.folder),
            "identical": self.identical,
            "tables": self.tables,
            "versions_moved": self.moved,
        }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result folder.

    Raises:
        ResultError: no folder, no manifest, or not one that this version can read.
    """
    path = within_reach(folder) / MANIFEST
    if not folder.exists():
        raise ResultError(f"result: {not_there(folder)}; no {MANIFEST} there. Give a folder that a run wrote.")
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        manifest = from_json(data, MANIFEST, most=MOST_VALUES)
    except FileNotFoundError:
        raise ResultError(
            f"{folder}: no {MANIFEST} there; give a result folder that `zones run` or `zones compare` wrote."
        ) from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({error.strerror}).") from error
    except ScenarioError as error:
        raise ResultError(f"{folder}: {error} {EDITED}") from None
    if not isinstance(manifest, dict) or whole_in(manifest.get("format"), FORMAT, FORMAT) is None:
        given = manifest.get("format") if isinstance(manifest, dict) else None
        raise ResultError(
            f"{path}: format must be {FORMAT}; got {quoted(given)}. Replay it with the version that wrote it."
        )
    try:
        _check(manifest)
    except ScenarioError as error:
        raise ResultError(f"{folder}: {error}\n{_other_version(manifest) or EDITED}") from None
    return manifest


def _other_version(manifest: dict[str, Any]) -> str:
    """What to say of a manifest that another version wrote; '' where this one did, or where it does not say."""
    versions = manifest.get("versions")
    then = str(versions.get("zones", "")) if isinstance(versions, dict) else ""
    now = record.versions()["zones"]
    if then in ("", now):
        return ""
    return f"It was written by version {shortened(then)}, and this is {now}: replay it with the version that wrote it."


def _check(manifest: dict[str, Any]) -> None:
    """Check that a manifest is one that `zones run` writes.

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    problems = Problems(MANIFEST)
    for key in NEEDED:
        if key not in manifest:
            problems.add(ScenarioError(f"{problems.at(key)} is missing."))
    problems.stop()
    problems.whole("replicates", manifest["replicates"], 1, MOST_REPLICATES)
    problems.whole("months", manifest["months"], 1)
    problems.whole("seed", manifest["seed"], 0, SEEDS_BELOW - 1)
    problems.whole("first", manifest["first"], 0, MOST_REPLICATES)
    problems.one_of("engine", manifest["engine"], ENGINES)
    for key in ("sites", "show_names", "pseudonyms"):
        problems.flag(key, manifest.get(key, False))
    problems.table("draws", manifest.get("draws", {}))
    scenarios = manifest["scenarios"]
    if not isinstance(scenarios, list) or not scenarios:
        problems.refuse("scenarios", "a list of one or more tables", scenarios)
    else:
        for number, data in enumerate(scenarios, start=1):
            table = problems.table(f"scenarios[{number}]", data)
            problems.attempt(lambda t=table, n=number: from_dict(t, problems.at(f"scenarios[{n}]")))  # type: ignore[misc]
    organisation = problems.table("organisation", manifest["organisation"])
    _names(problems, "organisation.kept", organisation.get("kept"))
    for name in _names(problems, "tables", manifest["tables"]):
        problems.known("tables", "table", [name], (*record.TABLES, *DIARY_TABLES))
    _names(problems, "versions", manifest["versions"])
    if manifest["calibration"] is not None:
        kept = problems.table("calibration", manifest["calibration"])
        problems.name("calibration.sha256", kept.get("sha256"))
    problems.stop()


def _names(problems: Problems, address: str, value: object) -> dict[str, Any]:
    """A table of one or more texts by names without a path."""
    table = problems.table(address, value)
    if not table and isinstance(value, dict):
        problems.refuse(address, "a table with one or more entries", value)
    for name, given in table.items():
        if name in ("", ".", "..") or "/" in name or "\\" in name:
            problems.refuse(f"{address}: each name", "the name of a file without its folder", name)
        problems.name(f"{address}.{shortened(problems.name(address, name))}", given)
    return table


def replay(
    folder: Path,
    *,
    threads: int | None = None,
    progress: Callable[[str], Progress] | None = None,
) -> Replayed:
    """Run a result again from its manifest and its kept organisation alone.

    Args:
        folder: the result folder.
        threads: threads to use, None for all cores.
        progress: as in `simulate_all`.

    Raises:
        ResultError: the folder cannot be replayed.
    """
    folder = within_reach(folder)
    manifest = read_manifest(folder)
    _check_kept(folder, manifest)
    try:
        expected: dict[str, str] = dict(manifest["tables"])
        scenarios = [from_dict(s) for s in manifest["scenarios"]]
        settings = Settings(
            replicates=int(manifest["replicates"]),
            months=int(manifest["months"]),
            seed=int(manifest["seed"]),
            first=int(manifest["first"]),
            engine=BATCH if manifest["engine"] == GPU else str(manifest["engine"]),  # same bits
            threads=threads,
            diaries=tuple(name for name in DIARIES if f"{name}.parquet" in expected),
            **_draws(folder, manifest),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ResultError(f"{folder / MANIFEST}: cannot be replayed ({error!r}); was it edited?") from error
    ensembles = simulate_all(scenarios, recall(_apart(folder, manifest)), settings, progress)
    with tempfile.TemporaryDirectory(prefix="zones-replay-") as scratch:
        found = write_tables(
            ensembles,
            Path(scratch),
            sites="sites.parquet" in expected,
            show_names=not manifest.get("pseudonyms", False),
        )
    verdicts = {name: _verdict(folder / name, digest, found.get(name)) for name, digest in expected.items()}
    return Replayed(folder, verdicts, _moved(manifest.get("versions", {})))


def _draws(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The parameter rows that the run drew from, as settings."""
    kept = manifest.get("calibration")
    if not kept:
        return {"parameter_uncertainty": False}
    path = folder / DRAWS
    if not path.is_file() or file_digest(path) != kept["sha256"]:
        state = "has been changed" if path.is_file() else "is missing"
        raise ResultError(f"{path}: {state} since the run, so the run cannot be repeated with the same draws.")
    return {"sample": posterior.read(path.read_text(encoding="utf-8"), DRAWS)}


def _apart(folder: Path, manifest: dict[str, Any]) -> Path:
    """Where the organisation is kept: in a folder of its own, or where older results have it."""
    return folder / (ORGANISATION if manifest["organisation"].get("folder") == ORGANISATION else BEFORE)


def _check_kept(folder: Path, manifest: dict[str, Any]) -> None:
    for name, digest in manifest.get("organisation", {}).get("kept", {}).items():
        path = _apart(folder, manifest) / name
        if not path.is_file() or file_digest(path) != digest:
            state = "has been changed" if path.is_file() else "is missing"
            raise ResultError(
                f"{path}: {state} since the run, so the run cannot be repeated on the same place. "
                f"Ask for the whole result again."
            )


def _verdict(path: Path, then: str, again: str | None) -> str:
    if not path.is_file():
        return MISSING
    if file_digest(path) != then:
        return CHANGED
    return IDENTICAL if again == then else DIFFERENT


def _moved(then: dict[str, str]) -> dict[str, str]:
    today = versions()
    return {n: f"{v} -> {today.get(n, 'unknown')}" for n, v in then.items() if today.get(n) != v}
