"""An organisation kept inside a result, so that the result can be run again from its own folder.

Columns are written exactly as they are held in memory. Unless names are to be shown, all that
neither random numbers nor plan depend on is left out (`unnamed`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ResultError
from sim.organisation.organisation import Families, Leaders, Organisation, Practitioners, Sites
from sim.results import unnamed
from sim.strict import from_json

TABLES: dict[str, type] = {"sites": Sites, "practitioners": Practitioners, "leaders": Leaders, "families": Families}
_TIES = ("tie_indptr", "tie_indices")
FACTS = "area.json"


def keep(organisation: Organisation, folder: Path, *, show_names: bool = False) -> None:
    """Write an organisation into a new folder, one Parquet file a table and `area.json` for the rest.

    Args:
        organisation: what was run on.
        folder: created; must not exist.
        show_names: keep sites' real names and staff identifiers.
    """
    folder.mkdir()
    for name, content in files(organisation, show_names=show_names).items():
        (folder / name).write_bytes(content)


def files(organisation: Organisation, *, show_names: bool = False) -> dict[str, bytes]:
    """What `keep` writes: contents by name of the file."""
    shown = organisation if show_names else unnamed.organisation(organisation)
    found = {f"{name}.parquet": _parquet(getattr(shown, name)) for name in TABLES}
    facts = {
        "name": shown.name,
        "areas": list(organisation.areas),
        "senior": organisation.senior.tolist(),
        "group": organisation.group.tolist(),
        "digest": organisation.digest,
        "assumptions": list(shown.assumptions),
        "start_date": organisation.start_date,
        "core_capacity": organisation.core_capacity,
    }
    if not show_names:
        found[unnamed.NOTE] = unnamed.WARNING.encode()
    return found | {FACTS: (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode()}


def recall(folder: Path) -> Organisation:
    """Read back what `keep` wrote.

    Raises:
        ResultError: a file is missing or cannot be read.
    """
    try:
        facts = from_json((folder / FACTS).read_bytes(), FACTS)
        tables = {name: _read(cls, folder / f"{name}.parquet") for name, cls in TABLES.items()}
        agencies = np.array(facts["senior"], dtype=np.int32)
        return Organisation(
            name=facts["name"],
            areas=tuple(facts["areas"]),
            senior=agencies,
            group=np.array(facts["group"], dtype=np.bool_),
            digest=facts["digest"],
            assumptions=tuple(facts["assumptions"]),
            start_date=facts["start_date"],
            core_capacity=dict(facts["core_capacity"]),
            **tables,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(
            f"{folder}: the organisation kept there cannot be read ({error}); was a file changed?"
        ) from error


def _parquet(table: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {}
    for field in fields(table):
        if field.name not in _TIES:
            columns[field.name] = _column(getattr(table, field.name))
    if isinstance(table, Practitioners):
        columns["ties"] = pa.LargeListArray.from_arrays(_column(table.tie_indptr), _column(table.tie_indices))
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written, compression="zstd")
    return written.getvalue()


def _column(values: NDArray[Any]) -> Any:
    import pyarrow as pa

    if values.dtype.kind == "U":
        return pa.array(values.tolist(), pa.string())
    if values.dtype.kind == "b":
        packed = np.packbits(values, bitorder="little").tobytes()
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(packed)])
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def _read(cls: Callable[..., Any], path: Path) -> Any:
    import pyarrow.parquet as pq

    table = pq.read_table(path).combine_chunks()
    found = {name: _values(table.column(name)) for name in table.column_names if name != "ties"}
    if "ties" in table.column_names:
        ties = table.column("ties").combine_chunks()
        found["tie_indptr"] = ties.offsets.to_numpy().astype(np.int64)
        found["tie_indices"] = ties.values.to_numpy().astype(np.int32)
    return cls(**found)


def _values(column: Any) -> NDArray[Any]:
    import pyarrow as pa

    if pa.types.is_string(column.type):
        return np.array(column.to_pylist(), dtype=np.str_)
    return np.array(column.to_numpy())
