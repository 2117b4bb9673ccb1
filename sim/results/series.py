"""From an engine's raw sums to the published tables: the month-by-month series and the sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.sums import AREA, COUNTS, COURSE, FAMILY, MARKED, MARKS, SUMS
from sim.results.columns import ALL, EPISODE_COLUMNS, FAMILY_COLUMNS, OUTSIDE, SERIES, SITES, SUPPORT_COLUMNS, names
from sim.results.small_numbers import small_sites, small_zones

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.engine.sums import Ensemble

Array = NDArray[Any]
MICRO = 1e-6
AT_ONCE = 50


def with_all(ensemble_part: Array) -> Array:
    """Zones and 'outside' on axis 2, with their sum appended as 'all'."""
    return np.concatenate([ensemble_part, ensemble_part.sum(axis=2, keepdims=True)], axis=2)


def divide(part: Array, whole: Array) -> Array:
    """Part / whole, NaN where whole is 0."""
    result = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def need_gap(ensemble: Ensemble) -> NDArray[np.float64]:
    """Wellbeing lost while in need, by replicate [R], SD."""
    return np.array([ensemble.parameters(i).family.need_gap for i in range(ensemble.replicates)])


def gain_lasts(ensemble: Ensemble) -> NDArray[np.float64]:
    """Part of a gain that lasts, by replicate [R]."""
    return np.array([ensemble.parameters(i).family.gain_lasts for i in range(ensemble.replicates)])


def columns(ensemble: Ensemble) -> dict[str, Array]:
    """Every measure of the series, by name.

    Args:
        ensemble: raw results of one scenario.

    Returns:
        Arrays [R, T+1, Z+2] (zones in plan order, 'outside', 'all'): int64, or float64 with NaN where undefined.
    """
    counts, sums = with_all(ensemble.counts), with_all(ensemble.sums)
    shape = counts.shape[:3]
    found: dict[str, Array] = {name: counts[..., i] for i, name in enumerate(COUNTS)}
    raw = {name: sums[..., i] for i, name in enumerate(SUMS)}
    for i, name in enumerate(AREA):
        found[name] = np.broadcast_to(ensemble.area[:, :, None, i], shape)
    found["fidelity_mean"] = divide(raw["fidelity"], found["practitioners_using"])
    found["fidelity_assessed"] = divide(raw["fidelity_assessed"], found["sites_assessed"])
    found["capacity_local_mean"] = divide(raw["capacity_local"], found["teams_local"])
    found["barrier_local_mean"] = divide(raw["barrier_local"], found["sites"])
    found["cost_cash"], found["cost_released_time"] = raw["cost_cash"], raw["cost_released_time"]
    found |= _turns(ensemble)
    found["draw"] = np.broadcast_to(ensemble.rows[:, None, None], shape)
    family = with_all(ensemble.family)
    taken = need_gap(ensemble)[:, None, None], gain_lasts(ensemble)[:, None, None]
    found |= _families(family.sum(axis=3), *taken, "")
    for fifth in range(family.shape[3]):
        found |= _families(family[:, :, :, fifth], *taken, f"_fifth{fifth + 1}")
    return found


def _turns(ensemble: Ensemble) -> dict[str, Array]:
    """How many sites had given up, and how many had joined again, up to each month."""
    zones = len(ensemble.zones) + 1
    found = {}
    for column, name in enumerate(("sites_given_up", "sites_returned")):
        happened = np.zeros((ensemble.replicates, ensemble.months + 1, zones), np.int64)
        replicate, site = np.nonzero(ensemble.site_course[:, :, column] >= 0)
        month = ensemble.site_course[replicate, site, column]
        np.add.at(happened, (replicate, month, ensemble.site_zone[site]), 1)
        found[name] = with_all(np.cumsum(happened, axis=1))
    return found


def _families(family: Array, gap: Array, lasts: Array, suffix: str) -> dict[str, Array]:
    """Family counts and wellbeing of one deprivation fifth or of all."""
    value = {name: family[..., i] for i, name in enumerate(FAMILY)}
    in_need, reached = value["families_in_need"], value["reached_here"]
    # benefit accrues to served families alone, so the sum over all families is the sum over those ever reached
    gain = lasts * value["benefit_here"] + value["gain_fading"]
    kept = np.where(value["benefit_here"] > 0, divide(gain, value["benefit_here"]), 1.0)
    wellbeing = {
        "wellbeing_all": divide(gain * MICRO - gap * in_need, value["families"]),
        "wellbeing_in_need": divide(value["benefit_in_need"] * kept * MICRO - gap * in_need, in_need),
        "wellbeing_reached": divide(gain * MICRO - gap * value["reached_in_need"], reached),
        "wellbeing_completed": divide(value["benefit_completed"] * MICRO, value["families_completed"]),
    }
    told = (*FAMILY_COLUMNS, *EPISODE_COLUMNS, *SUPPORT_COLUMNS)
    return {c.name + suffix: wellbeing.get(c.name, value.get(c.name)) for c in told}  # type: ignore[misc]


def zone_names(ensemble: Ensemble) -> tuple[str, ...]:
    """Names on the zone axis of `columns`."""
    return (*ensemble.zones, OUTSIDE, ALL)


def series_table(ensembles: Sequence[Ensemble], *, guarded: bool = False) -> pa.Table:
    """The month-by-month table of one or more scenarios, rows sorted by scenario as given, replicate, month, zone.

    Args:
        ensembles: one for each scenario.
        guarded: leave the figures of zones empty that few people work in (`small_numbers`).
    """
    return _joined([part for e in ensembles for part in series_parts(e, guarded=guarded)])


def series_parts(ensemble: Ensemble, *, guarded: bool = False) -> Iterator[pa.Table]:
    """The month-by-month table of one scenario, some replicates at a time: ten years of all take a lot of memory.

    Args:
        ensemble: raw results.
        guarded: leave the figures of zones empty that few people work in (`small_numbers`).
    """
    hidden = None
    if guarded:
        posts = with_all(ensemble.counts[..., [COUNTS.index("practitioners")]])[..., 0]
        homes = with_all(ensemble.family[..., FAMILY.index("families")].sum(axis=3, keepdims=True))[..., 0]
        hidden = small_zones(posts, homes)
    for start in range(0, ensemble.replicates, AT_ONCE):
        yield _series(_some(ensemble, slice(start, start + AT_ONCE)), hidden)


def _some(ensemble: Ensemble, which: slice) -> Ensemble:
    """Some replicates of an ensemble; nothing is copied."""
    by_replicate = (
        "rows", "counts", "sums", "area", "family", "site_month", "certified_at_36", "kept", "not_sustained", "marked",
        "cost", "site_course",
    )  # fmt: skip
    cut = {name: getattr(ensemble, name)[which] for name in by_replicate}
    return replace(ensemble, first=ensemble.first + which.start, diary=None, **cut)


def sites_table(ensembles: Sequence[Ensemble], *, show_names: bool = True) -> pa.Table:
    """One row a scenario, replicate and site in scope; sites by pseudonym unless names may be shown."""
    return _joined([_sites(e, show_names=show_names) for e in ensembles])


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks()


def _series(ensemble: Ensemble, hidden: NDArray[np.bool_] | None) -> pa.Table:
    found = columns(ensemble)
    zones = zone_names(ensemble)
    shape = (ensemble.replicates, ensemble.months + 1, len(zones))
    keys = np.indices(shape)
    found["replicate"], found["month"] = keys[0] + ensemble.first, keys[1]
    rows = int(np.prod(shape))
    texts = {
        "scenario": text_column(np.zeros(rows, dtype=np.int32), [ensemble.scenario.name]),
        "zone": text_column(keys[2], list(zones)),
    }
    if hidden is not None and hidden.any():
        kept = ("replicate", "month", "draw")
        rows_hidden = np.broadcast_to(hidden, shape).ravel()
        return table(names(SERIES), texts, found, hidden=rows_hidden, kept=kept)
    return table(names(SERIES), texts, found)


def _sites(ensemble: Ensemble, *, show_names: bool) -> pa.Table:
    sites = ensemble.organisation.sites
    shape = (ensemble.replicates, len(sites))
    keys = np.indices(shape)
    zone = np.broadcast_to(ensemble.site_zone, shape)
    texts = {
        "scenario": text_column(np.zeros(shape[0] * shape[1], dtype=np.int32), [ensemble.scenario.name]),
        "site_id": text_column(keys[1], [str(i) for i in (sites.ids if show_names else sites.pseudonyms)]),
        "zone": text_column(zone, [*ensemble.zones, OUTSIDE]),
    }
    found: dict[str, Array] = {"replicate": keys[0] + ensemble.first}
    for i, name in enumerate(("month_started", "month_initial", "month_full", "month_certified")):
        found[name] = ensemble.site_month[:, :, i].astype(np.int64)
    found["certified_at_36"] = ensemble.certified_at_36
    found["not_sustained"] = ensemble.not_sustained
    hidden = np.zeros(len(sites), dtype=np.bool_) if show_names else small_sites(ensemble.organisation)
    for m, mark in enumerate(MARKS):
        for k, what in enumerate(MARKED):
            found[f"{what}_m{mark}"] = np.where(hidden, np.nan, ensemble.marked[:, :, m, k])
    for i, name in enumerate(COURSE):
        found[name] = ensemble.site_course[:, :, i].astype(np.int64)
    return table(names(SITES), texts, found)


def table(
    order: Sequence[str],
    texts: dict[str, Any],
    found: dict[str, Array],
    *,
    hidden: NDArray[np.bool_] | None = None,
    kept: Sequence[str] = (),
) -> pa.Table:
    """Columns in order; in rows that are `hidden` all are null but texts and those `kept`."""
    import pyarrow as pa

    return pa.table(
        {
            name: texts[name] if name in texts else _array(found[name], None if name in kept else hidden)
            for name in order
        }
    )


def _array(values: Array, hidden: NDArray[np.bool_] | None = None) -> pa.Array:
    """A numpy array as an Arrow column: NaN becomes null; int8 with -1 for unknown becomes true, false or null.

    What is `hidden` (whole numbers and numbers alone) becomes null, and its value 0.

    Buffers are handed over directly because `pyarrow.array` imports pandas, which costs half a second.
    """
    import pyarrow as pa

    flat = values.ravel()
    if flat.dtype == np.int8:
        return pa.Array.from_buffers(
            pa.bool_(), len(flat), [_bits(flat >= 0), pa.py_buffer(np.packbits(flat > 0, bitorder="little").tobytes())]
        )
    if flat.dtype.kind == "f":
        data = np.ascontiguousarray(flat if hidden is None else np.where(hidden, np.nan, flat), dtype=np.float64)
        return pa.Array.from_buffers(pa.float64(), len(flat), [_bits(~np.isnan(data)), pa.py_buffer(data)])
    data = np.ascontiguousarray(flat if hidden is None else np.where(hidden, 0, flat), dtype=np.int64)
    known = None if hidden is None else _bits(~hidden)
    return pa.Array.from_buffers(pa.int64(), len(flat), [known, pa.py_buffer(data)])


def _bits(valid: NDArray[np.bool_]) -> Any:
    import pyarrow as pa

    return None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())


def text_column(index: Array, values: list[str], hidden: NDArray[np.bool_] | None = None) -> pa.Array:
    """Texts by their position in `values`; null where `hidden`."""
    import pyarrow as pa

    flat = np.ascontiguousarray(index, dtype=np.int32).ravel()
    known = None if hidden is None else _bits(~hidden)
    numbers = pa.Array.from_buffers(pa.int32(), len(flat), [known, pa.py_buffer(flat)])
    return pa.DictionaryArray.from_arrays(numbers, pa.array(values, pa.string())).cast(pa.string())
