"""Whether a sweep's tables and figure are there, whole, and made from all of its runs."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.atomic import write_whole
from sim.strict import from_json
from sim.sweeps.figure import FIGURE
from sim.sweeps.folder import POINTS, Sweep
from sim.sweeps.store import Store
from sim.sweeps.tables import DICTIONARY, DIFFERENCES, FAILURES, RUNS, SUMMARY

SEAL = "tables.json"


def names(sweep: Sweep) -> list[str]:
    """Every table and figure that a finished sweep has."""
    pairs = [DIFFERENCES] if len(sweep.design.scenarios) > 1 else []
    return [RUNS, POINTS, SUMMARY, *pairs, FAILURES, DICTIONARY, *FIGURE]


def seal(sweep: Sweep, store: Store) -> None:
    """Write down what the tables are now, and how many runs they were made from."""
    there = {name: sweep.folder / name for name in names(sweep)}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items() if path.is_file()}
    text = json.dumps({"runs": len(store.rows), "sha256": digests}, indent=2) + "\n"
    write_whole(sweep.folder / SEAL, text)


def amiss(sweep: Sweep, store: Store) -> dict[str, str]:
    """What is wrong with the tables: 'missing', 'changed or cut' or 'older than the runs', by file.

    A folder from before tables were sealed is judged by what can be read of it.
    """
    found = {name: "missing" for name in names(sweep) if not (sweep.folder / name).is_file()}
    known = _sealed(sweep)
    for name in names(sweep):
        if name in found:
            continue
        data = (sweep.folder / name).read_bytes()
        if known and hashlib.sha256(data).hexdigest() != known["sha256"].get(name):
            found[name] = "changed or cut"
        elif known and known["runs"] != len(store.rows):
            found[name] = "older than the runs"
        elif not known and not _looks_whole(sweep, name, data, len(store.rows)):
            found[name] = "cut"
    return found


def _sealed(sweep: Sweep) -> dict[str, Any]:
    try:
        found = from_json((sweep.folder / SEAL).read_bytes(), SEAL)
        return {"runs": int(found["runs"]), "sha256": dict(found["sha256"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _looks_whole(sweep: Sweep, name: str, data: bytes, runs: int) -> bool:
    if name == RUNS:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return int(pq.read_metadata(sweep.folder / name).num_rows) >= runs
        except (pa.ArrowInvalid, OSError):
            return False
    end = {".png": b"IEND\xaeB`\x82", ".svg": b"</svg>\n"}.get((sweep.folder / name).suffix, b"\n")
    return data.endswith(end)
