"""Permanent 64-bit ids: a hash of the site's id, the kind of agent and its slot; random numbers follow the agent."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from sim.errors import OrganisationError

PRACTITIONER, FAMILY, SITE, TEAM, LEADER, QUEUE = 1, 2, 3, 4, 5, 6
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def text_hash(text: str) -> int:
    """64 bits of BLAKE2b of a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def agent_ids(owner: NDArray[np.uint64], kind: int, slot: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Permanent ids from the owners' hashes (a site's, mostly), the kind of agent and the slot; all uint64 [n]."""
    with np.errstate(over="ignore"):
        tagged = owner + np.uint64((kind * int(_GOLDEN)) & 0xFFFFFFFFFFFFFFFF)
        return _mix(_mix(tagged) + slot.astype(np.uint64) * _GOLDEN)


def refuse_duplicates(where: str, *ids: NDArray[np.uint64]) -> None:
    """Two agents with one id would share their random numbers.

    Raises:
        OrganisationError: two ids are equal.
    """
    everyone = np.concatenate(ids)
    if len(np.unique(everyone)) != len(everyone):
        raise OrganisationError(where, ["two agents share a permanent id: give every site a distinct site_id"])
