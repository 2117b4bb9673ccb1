"""What the tests of the organisation share: small lists of sites, equality of organisations, where real data lies."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sim.organisation.organisation import Organisation

HEADER = "site_id,name,agency,type,roll,staff,simd_q1_share,locality,lat,lon"
SITES = (
    "P1,First School,education,primary,210,14.2,0.4,North,56.1,-3.1",
    "P2,Second School,education,primary,45,3.4,0.1,South,56.2,-3.2",
    "H1,High School,education,secondary,700,60,0.25,North,56.1,-3.1",
    "N1,Little Steps,private,nursery,40,6.6,0.3,North,56.1,-3.1",
    "N2,Tiny Steps,third_sector,nursery,24,2,0.2,South,56.2,-3.2",
    "V1,Visitors,health,health_visiting,120,8,0.3,North,56.1,-3.1",
    "S1,Children's Team,social_work,social_work,90,9,0.5,South,56.2,-3.2",
)


def site_list(folder: Path, *rows: str, header: str = HEADER, name: str = "glen_sites.csv") -> Path:
    """A CSV file of sites; SITES where no rows are given."""
    path = folder / name
    path.write_text("\n".join([header, *(rows or SITES)]) + "\n", encoding="utf-8")
    return path


def differing(one: Organisation, other: Organisation) -> list[str]:
    """Names of everything in which two organisations differ; [] for equal ones."""
    found = []
    for part in ("sites", "practitioners", "leaders", "families"):
        for column in fields(getattr(one, part)):
            a, b = getattr(getattr(one, part), column.name), getattr(getattr(other, part), column.name)
            if a.shape != b.shape or not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                found.append(f"{part}.{column.name}")
    plain = ("name", "areas", "digest", "assumptions", "start_date", "core_capacity")
    found += [name for name in plain if getattr(one, name) != getattr(other, name)]
    found += [n for n in ("senior", "group") if not np.array_equal(getattr(one, n), getattr(other, n))]
    return found


def shared(*parts: str) -> Path:
    """A file of the real data, or a skip where it is not there."""
    default = Path(__file__).resolve().parents[3] / "shared"
    path = Path(os.environ.get("ZONES_SHARED", default)).joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"the real data is not here ({path.name}); set ZONES_SHARED to where it is")
    return path
