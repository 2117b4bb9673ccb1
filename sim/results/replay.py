"""Running a result again from its own folder, and saying table by table whether it is the same to the byte."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import posterior
from sim.errors import ResultError
from sim.nearby import not_there
from sim.results.kept_organisation import recall
from sim.results.record import BEFORE, DRAWS, FORMAT, MANIFEST, ORGANISATION, file_digest, versions, write_tables
from sim.results.simulate import Progress, Settings, simulate_all
from sim.scenarios.write import from_dict

IDENTICAL, DIFFERENT, MISSING = "byte-identical", "differs", "missing"
CHANGED = "changed since it was written"


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
    path = folder / MANIFEST
    if not folder.exists():
        raise ResultError(f"result: {not_there(folder)}; no {MANIFEST} there. Give a folder that a run wrote.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultError(
            f"{folder}: no {MANIFEST} there; give a result folder that `zones run` or `zones compare` wrote."
        ) from None
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: cannot be read ({error}).") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        given = manifest.get("format") if isinstance(manifest, dict) else None
        raise ResultError(f"{path}: format must be {FORMAT}; got {given!r}. Replay it with the version that wrote it.")
    return manifest


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
    manifest = read_manifest(folder)
    _check_kept(folder, manifest)
    try:
        scenarios = [from_dict(s) for s in manifest["scenarios"]]
        settings = Settings(
            replicates=int(manifest["replicates"]),
            months=int(manifest["months"]),
            seed=int(manifest["seed"]),
            first=int(manifest["first"]),
            engine=str(manifest["engine"]),
            threads=threads,
            **_draws(folder, manifest),
        )
        expected: dict[str, str] = dict(manifest["tables"])
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
    """Where the place is kept: apart, or as folders from before have it."""
    return folder / (ORGANISATION if manifest["organisation"].get("folder") == ORGANISATION else BEFORE)


def _check_kept(folder: Path, manifest: dict[str, Any]) -> None:
    for name, digest in manifest.get("organisation", {}).get("kept", {}).items():
        path = _apart(folder, manifest) / name
        if not path.is_file() or file_digest(path) != digest:
            state = "has been changed" if path.is_file() else "is missing"
            raise ResultError(
                f"{path}: {state} since the run, so the run cannot be repeated on the same place: ask whoever made the "
                f"result."
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
