"""What an organisation is called and known by: pseudonyms of sites, and the digest of everything it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from sim.organisation.codes import SITE_TYPES
from sim.organisation.organisation import Ints, Organisation, Texts

AT_A_TIME = 1 << 20
"""Values of a column that are turned into bytes together."""
TYPE_WORDS = {
    "primary": "Primary",
    "secondary": "Secondary",
    "special": "Special school",
    "nursery": "Nursery",
    "health_visiting": "Health visiting team",
    "social_work": "Social work team",
    "family_support": "Family support",
    "residential": "Residential service",
    "school_accommodation": "School accommodation",
    "secure": "Secure service",
    "fostering": "Fostering service",
    "adoption": "Adoption service",
    "care_agency": "Care agency",
}


def pseudonyms(ids: Sequence[str], types: Ints, taken: Sequence[str] = ()) -> Texts:
    """A name for each site that says its type and a number, and nothing that identifies it.

    The number comes from the order of the hashed ids: the order of the file (often the alphabet's) would give a hint.

    Args:
        ids: site ids, unique.
        types: index into SITE_TYPES, same length.
        taken: names that are given already and must not come again.

    Returns:
        Names, unique among themselves and against `taken`.
    """
    order = sorted(range(len(ids)), key=lambda row: hashlib.sha256(ids[row].encode("utf-8")).digest())
    totals = np.bincount(types, minlength=len(SITE_TYPES)) if len(ids) else np.zeros(len(SITE_TYPES), dtype=int)
    used, numbers, names = set(taken), [0] * len(SITE_TYPES), [""] * len(ids)
    for row in order:
        kind = int(types[row])
        width = max(2, len(str(int(totals[kind]))))
        while not names[row] or names[row] in used:
            numbers[kind] += 1
            names[row] = f"{TYPE_WORDS[SITE_TYPES[kind]]} {numbers[kind]:0{width}d}"
        used.add(names[row])
    return np.array(names, dtype=np.str_)


def digest_of(organisation: Organisation) -> str:
    """SHA-256 of all that can change a run: every table, the areas, groups, start date and team capacities.

    Names and assumptions do not count. Two files in different formats with the same content have the same digest.
    """
    state = hashlib.sha256(b"organisation 1")
    for part in (organisation.sites, organisation.practitioners, organisation.leaders, organisation.families):
        for column in fields(part):
            if column.name not in ("names", "pseudonyms"):
                _add(state, column.name, getattr(part, column.name))
    _add(state, "areas", np.array(organisation.areas, dtype=np.str_))
    _add(state, "senior", organisation.senior)
    _add(state, "group", organisation.group)
    _add(state, "start", np.array([organisation.start_date], dtype=np.str_))
    capacity = sorted(organisation.core_capacity.items())
    _add(state, "core", np.array([f"{key}={value!r}" for key, value in capacity], dtype=np.str_))
    return state.hexdigest()


def _add(state: Any, label: str, values: np.ndarray[Any, Any]) -> None:
    if values.dtype.kind == "U":
        content = "\x1f".join(values.ravel().tolist()).encode("utf-8")
        state.update(f"{label}:{values.shape}:{len(content)}:".encode())
        state.update(content)
        return
    kind = np.dtype({"f": "<f8", "b": "u1"}.get(values.dtype.kind, "<i8"))
    state.update(f"{label}:{values.shape}:{values.size * kind.itemsize}:".encode())
    flat = values.ravel()
    for first in range(0, len(flat), AT_A_TIME):
        state.update(flat[first : first + AT_A_TIME].astype(kind).tobytes())
