"""From a diary to its tables: every site's month, and every spell of use, in parts that fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import diary
from sim.organisation.codes import STAGES
from sim.results.columns import OUTSIDE, SITE_MONTHS, SPELLS, names
from sim.results.series import divide, table, text_column
from sim.results.small_numbers import small_sites_of_zones

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.engine.sums import Ensemble

Array = NDArray[Any]
ROWS = 1_000_000
"""Rows of a part, more or less."""


def site_months(ensemble: Ensemble, *, show_names: bool = True) -> Iterator[pa.Table]:
    """One row for each replicate, month and site in scope.

    Without names, the figures of sites so small that they could reveal somebody are null.
    """
    kept = _kept(ensemble).site_months
    sites, months = ensemble.organisation.sites, ensemble.months + 1
    small = _small(ensemble, show_names)
    staff = np.bincount(ensemble.organisation.practitioners.site, minlength=len(sites))
    at_once = max(1, ROWS // (months * len(sites)))
    for begin in range(0, ensemble.replicates, at_once):
        part = {name: values[begin : begin + at_once] for name, values in kept.items()}
        shape = part["users"].shape
        keys = np.indices(shape)
        found: dict[str, Array] = {
            "replicate": keys[0] + begin + ensemble.first,
            "month": keys[1],
            "staff": np.broadcast_to(staff, shape),
            "fidelity_mean": divide(part["fidelity"], part["users"]),
            "commitment_manager": part["commitment"],
            **{name: part[name] for name in ("at_fidelity", "users", "capacity", "attention")},
            **{name: part[name].astype(np.int64) for name in ("given_up", "returned")},
        }
        texts = _texts(ensemble, keys[2], show_names=show_names)
        texts["stage"] = text_column(part["stage"], list(STAGES))
        shown = ("replicate", "month", "given_up", "returned")
        hidden = np.broadcast_to(small, shape).ravel() if small.any() else None
        yield table(names(SITE_MONTHS), texts, found, hidden=hidden, kept=shown)


def spells(ensemble: Ensemble, *, show_names: bool = True) -> Iterator[pa.Table]:
    """One row for each replicate and spell of use; without names, the smallest sites are left empty."""
    small = _small(ensemble, show_names)
    site_of = ensemble.organisation.practitioners.site
    for begin, end in _parts([len(one) for one in _kept(ensemble).spells]):
        parts = _kept(ensemble).spells[begin:end]
        part, lengths = np.concatenate(parts), [len(one) for one in parts]
        site = site_of[part["person"]]
        found: dict[str, Array] = {
            "replicate": np.repeat(np.arange(begin, end) + ensemble.first, lengths),
            "month_began": part["began"],
            "months_used": part["months"],
            "ended": part["ended"].astype(np.int64),
            "coached": part["coached"] / part["months"],
        }
        texts = _texts(ensemble, site, show_names=show_names, hidden=small[site])
        yield table(names(SPELLS), texts, found)


TABLES: dict[str, Callable[..., Iterator[Any]]] = {diary.SITE_MONTHS: site_months, diary.SPELLS: spells}
"""How each of `engine.diary.DIARIES` becomes a table; its file is called by its name, with `.parquet`."""


def whole(ensembles: Sequence[Ensemble], what: str, *, show_names: bool = True) -> pa.Table:
    """One of DIARIES of several scenarios as one table."""
    import pyarrow as pa

    parts = [part for e in ensembles for part in TABLES[what](e, show_names=show_names)]
    return pa.concat_tables(parts).combine_chunks()


def _kept(ensemble: Ensemble) -> diary.Diary:
    if ensemble.diary is None:
        raise ValueError("this run kept no diary")
    return ensemble.diary


def _small(ensemble: Ensemble, show_names: bool) -> Array:
    if show_names:
        return np.zeros(len(ensemble.organisation.sites), np.bool_)
    return small_sites_of_zones(ensemble.organisation, ensemble.site_zone)


def _texts(ensemble: Ensemble, site: Array, *, show_names: bool, hidden: Array | None = None) -> dict[str, Any]:
    sites = ensemble.organisation.sites
    labels = [str(i) for i in (sites.ids if show_names else sites.pseudonyms)]
    return {
        "scenario": text_column(np.zeros(site.size, np.int32), [ensemble.scenario.name]),
        "site_id": text_column(site, labels, hidden),
        "zone": text_column(ensemble.site_zone[site], [*ensemble.zones, OUTSIDE], hidden),
    }


def _parts(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Replicates that make a part together: from, to before."""
    begin = rows = 0
    for index, length in enumerate(lengths):
        if rows and rows + length > ROWS:
            yield begin, index
            begin, rows = index, 0
        rows += length
    yield begin, len(lengths)
