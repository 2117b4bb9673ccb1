"""The result folder: what was run, on what, and what came of it. Never overwritten, written beside and moved."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import posterior
from sim.atomic import whole_folder
from sim.csv_writer import Writer
from sim.engine.diary import DIARIES
from sim.engine.kernel import source_digest
from sim.errors import ResultError
from sim.organisation.codes import AGENCIES
from sim.platforms.names import safe
from sim.results import diaries, spending, unnamed
from sim.results import measures as m
from sim.results.columns import BUDGETS, COSTS, SUMMARY, names
from sim.results.compare import finite, summarise
from sim.results.kept_organisation import keep
from sim.results.series import series_parts, sites_table
from sim.scenarios.write import to_dict
from sim.version import LIBRARIES, of, version

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.organisation.organisation import Organisation

FORMAT = 1
MANIFEST = "manifest.json"
ORGANISATION, BEFORE = unnamed.APART, "organisation"
DRAWS = "parameters.csv"
LONGEST_PART = 60
TABLES = ("series.parquet", "sites.parquet", "summary.csv", "costs.csv", "budgets.csv")
ROWS_AT_ONCE = 2**16
DIARY_TABLES = tuple(f"{name}.parquet" for name in DIARIES)


@dataclass(frozen=True)
class Origin:
    """How a result came about, apart from scenarios and place.

    Attributes:
        command: the command line, or the call from Python.
        engine: 'batch', 'mesa' or 'gpu'.
        sites: whether the site table is kept.
        show_names: whether sites' real names may appear.
        place: where the organisation came from: area files with their digests, or generator settings.
        start: when the run began, ISO text.
        calibration: the posterior sample's name, '' where parameters are at their defaults.
    """

    command: str
    engine: str
    sites: bool
    show_names: bool
    place: dict[str, Any]
    start: str
    calibration: str = ""


def now() -> str:
    """The time, UTC, ISO text to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def file_digest(path: Path) -> str:
    """SHA-256 of a file as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Version of the package, digest of its sources, version of Python and of every library that can move a bit."""
    found = {
        "zones": version(),
        "sources": source_digest()[:16],
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    return found | {name: of(name) for name in LIBRARIES}


def dated_folder(scenarios: Sequence[str], root: Path | None = None) -> Path:
    """A folder under results/ named for the time and the scenarios, that is not there yet."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    shown = [safe(name, LONGEST_PART) for name in scenarios[:2]]
    words = "-vs-".join(shown) + ("-and-more" if len(scenarios) > 2 else "")
    base = (root or Path("results")) / f"{stamp}-{words}"
    path, number = base, 2
    while path.exists():
        path, number = base.with_name(f"{base.name}-{number}"), number + 1
    return path


def check_free(out: Path) -> None:
    """Refuse a folder that is not empty, before hours are spent on a run.

    Raises:
        ResultError: it is a file, or not empty.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise ResultError(f"--out {out}: is a file or link; give a folder that is absent or empty.")
    if out.is_dir() and any(out.iterdir()):
        raise ResultError(
            f"--out {out}: is not empty, and results are never overwritten; give another folder or empty it."
        )


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A temporary sibling that becomes `out` when all went well, and vanishes otherwise.

    Raises:
        ResultError: the place cannot be written, or was taken meanwhile.
    """
    check_free(out)
    try:
        with whole_folder(out) as part:
            yield part
    except OSError as error:
        raise ResultError(
            f"--out {out}: cannot be written ({error.strerror or error}); nothing half-written stays. Make room, or "
            f"give a folder you may write to."
        ) from error


def write_tables(ensembles: Sequence[Ensemble], folder: Path, *, sites: bool, show_names: bool) -> dict[str, str]:
    """Write every table of a result, sites by pseudonym unless names are to be shown.

    Returns:
        SHA-256 by file name.
    """
    parts = (part for e in ensembles for part in series_parts(e, guarded=not show_names))
    _write_parts(parts, folder / "series.parquet")
    if sites:
        tables = (sites_table([ensemble], show_names=show_names) for ensemble in ensembles)
        _write_parts(tables, folder / "sites.parquet")
    for name, file in zip(DIARIES, DIARY_TABLES, strict=True):
        if all(e.diary is not None and e.diary.keeps(name) for e in ensembles):
            diary = (part for e in ensembles for part in diaries.TABLES[name](e, show_names=show_names))
            _write_parts(diary, folder / file)
    _write_csv(folder / "summary.csv", names(SUMMARY), _summary_rows(ensembles))
    _write_csv(folder / "costs.csv", names(COSTS), _cost_rows(ensembles))
    if planned := spending.limited(ensembles):
        _write_csv(
            folder / "budgets.csv", names(BUDGETS), (list(r.values()) for e in planned for r in spending.rows(e))
        )
    return {name: file_digest(folder / name) for name in (*TABLES, *DIARY_TABLES) if (folder / name).exists()}


def write_result(
    ensembles: Sequence[Ensemble], organisation: Organisation, origin: Origin, folder: Path
) -> dict[str, Any]:
    """Write tables, the organisation and the manifest into an empty folder.

    Returns:
        The manifest.
    """
    tables = write_tables(ensembles, folder, sites=origin.sites, show_names=origin.show_names)
    keep(organisation, folder / ORGANISATION, show_names=origin.show_names)
    kept = {p.name: file_digest(p) for p in sorted((folder / ORGANISATION).iterdir())}
    first = ensembles[0]
    named = origin.show_names
    scenarios = [e.scenario if named else unnamed.scenario(e.scenario, organisation) for e in ensembles]
    manifest = {
        "format": FORMAT,
        "command": origin.command if named else unnamed.command(origin.command),
        "start": origin.start,
        "end": now(),
        "versions": versions(),
        "engine": origin.engine,
        "seed": first.seed,
        "first": first.first,
        "replicates": first.replicates,
        "months": first.months,
        "sites": origin.sites,
        "show_names": named,
        "pseudonyms": not named,
        "scenarios": [to_dict(s) for s in scenarios],
        "calibration": _calibration(origin.calibration, first.sample, folder),
        "draws": {e.scenario.name: e.rows.tolist() for e in ensembles},
        "organisation": {
            **({"digest": organisation.digest, **origin.place} if named else unnamed.source(origin.place)),
            "folder": ORGANISATION,
            "kept": kept,
        },
        "tables": tables,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return manifest


def _calibration(name: str, sample: Sequence[dict[str, float]], folder: Path) -> dict[str, Any] | None:
    """Keep the rows that replicates drew from, so that the result can be run again from nothing but its folder."""
    if not len(sample):
        return None
    columns = list(sample[0])
    _write_csv(folder / DRAWS, columns, ([repr(row[c]) for c in columns] for row in sample))
    return {
        "name": name or "given",
        "rows": len(sample),
        "parameters": columns,
        "file": DRAWS,
        "sha256": file_digest(folder / DRAWS),
        "shipped": posterior.load(name).digest if name else None,
    }


def _write_parts(parts: Iterable[Any], path: Path) -> None:
    """Write a table part by part, each let go before the next is made."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for part in parts:
        if writer is None:
            texts = [f.name for f in part.schema if pa.types.is_string(f.type)]
            writer = pq.ParquetWriter(path, part.schema, compression="zstd", use_dictionary=texts)
        writer.write_table(part, row_group_size=ROWS_AT_ONCE)
    if writer is not None:
        writer.close()


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = Writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _summary_rows(ensembles: Sequence[Ensemble]) -> Iterator[Sequence[Any]]:
    told = (*m.with_fifths(), *m.of_families(ensembles), *m.ABANDONMENT, *m.COSTS, *m.of_means(ensembles))
    for measure in told:
        for ensemble in ensembles:
            s = summarise(ensemble, measure.id)
            figures = [finite(v) for v in (s.median, s.p10, s.p90)]
            yield (
                s.scenario,
                measure.id,
                measure.unit,
                measure.cohort,
                s.month,
                *figures,
                s.beyond_horizon,
                s.undefined,
                s.kind,
            )


def _cost_rows(ensembles: Sequence[Ensemble]) -> Iterator[Sequence[Any]]:
    payers = (*AGENCIES, "external")
    for ensemble in ensembles:
        mean = np.asarray(ensemble.cost.mean(axis=0))
        for i, payer in enumerate(payers):
            for year in range(mean.shape[1]):
                yield (ensemble.scenario.name, payer, year + 1, *(round(float(v), 2) for v in mean[i, year]))
