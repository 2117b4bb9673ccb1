"""Random numbers: counter-based uniforms, one for every decision of every agent in every month of every replicate.

A uniform depends on (seed, replicate, decision, month, agent's permanent 64-bit id) and on nothing else: not on
threads, order, other agents or what was drawn before. So two scenarios differ only where a mechanism differs (common
random numbers), and the first 100 of 200 replicates are the 100.

A word of 64 bits carries two uniforms of 32 bits, one for each of its two decisions. Which word and which half carry a
decision is said once, in the list below; both engines call a decision by its name: `draws.leaves_post(key, month, id)`.
Decisions are numbered for ever; never renumber one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import kernel, part

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
KEYS = 2**64
"""Words of 64 bits; a seed is one of them."""

(
    PERSON,
    NEWCOMER,
    TRAINING,
    OBSERVED,
    ERROR,
    FAMILY,
    FAMILY_START,
    SITE,
    SITE_BARRIER,
    SITE_READINESS,
    SITE_CAPACITY_ERROR,
    SITE_DATA_ERROR,
    TEAM,
    LEADER,
    LEADER_START,
    QUEUE,
    SITE_FIRST_DAY,
    OUTCOME,
) = range(18)
"""The words. `SITE_FIRST_DAY` is free; an `OUTCOME` word's month is the zone's number."""

FOR_ROWS = np.uint64(0xA5A5A5A5A5A5A5A5)
"""What a key is mixed with to choose a row of a parameter sample."""

FIRST, SECOND = False, True
"""The halves of a word."""

Draw = Callable[[np.uint64, int, np.uint64], float]
"""A decision's uniform in [0, 1), from a replicate's key, the month and the agent's id."""


class Decision(NamedTuple):
    """Who decides, the word that carries the decision, and which half of it."""

    kind: str
    word: int
    second: bool


@kernel
def mix(x: np.uint64) -> np.uint64:
    """The finaliser of splitmix64: every input bit moves every output bit."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@kernel
def run_key(seed: np.uint64, replicate: np.uint64) -> np.uint64:
    """The key of one replicate of one seed."""
    return mix(mix(seed * GOLDEN + np.uint64(1)) + replicate * GOLDEN)


@kernel
def word_key(key: np.uint64, word: int, month: int) -> np.uint64:
    """The key of one decision word in one month of a replicate."""
    return mix(key + (np.uint64(month) * np.uint64(256) + np.uint64(word) + np.uint64(1)) * GOLDEN)


@kernel
def bits(key: np.uint64, agent: np.uint64) -> np.uint64:
    """64 random bits for one agent."""
    return mix(key + agent)


@kernel
def upper(word: np.uint64) -> float:
    """The first decision's uniform in [0, 1)."""
    return np.float64(word >> np.uint64(32)) * 2.3283064365386963e-10


@kernel
def lower(word: np.uint64) -> float:
    """The second decision's uniform in [0, 1)."""
    return np.float64(word & np.uint64(0xFFFFFFFF)) * 2.3283064365386963e-10


_declared: dict[Draw, Decision] = {}


def _decision(kind: str, word: int, second: bool) -> Draw:
    """Declare a decision: the function that draws its uniform, for kernels; agents find its name in DECISIONS."""

    @part
    def draw(key: np.uint64, month: int, agent: np.uint64) -> float:
        random = np.uint64(bits(np.uint64(word_key(key, word, month)), agent))
        return lower(random) if second else upper(random)

    _declared[draw] = Decision(kind, word, second)
    return draw


leaves_post = _decision("practitioner", PERSON, FIRST)
moves = _decision("practitioner", PERSON, SECOND)
"""Hears, starts or stops: whichever is open."""
own_level = _decision("practitioner", NEWCOMER, FIRST)
own_readiness = _decision("practitioner", NEWCOMER, SECOND)
is_inducted = _decision("practitioner", TRAINING, FIRST)
attends_training = _decision("practitioner", TRAINING, SECOND)
is_observed = _decision("practitioner", OBSERVED, FIRST)
error_observed = _decision("practitioner", OBSERVED, SECOND)
error_observed_too = _decision("practitioner", ERROR, FIRST)
uses_on_first_day = _decision("practitioner", ERROR, SECOND)
need_changes = _decision("family", FAMILY, FIRST)
way_through_service = _decision("family", FAMILY, SECOND)
in_need_on_first_day = _decision("family", FAMILY_START, FIRST)
is_selected = _decision("site", SITE, FIRST)
meets_barrier_beyond = _decision("site", SITE, SECOND)
barrier_needs_all = _decision("site", SITE_BARRIER, FIRST)
barriers_at_first = _decision("site", SITE_BARRIER, SECOND)
readiness_of_staff = _decision("site", SITE_READINESS, FIRST)
level_of_staff = _decision("site", SITE_READINESS, SECOND)
error_in_capacity = _decision("site", SITE_CAPACITY_ERROR, FIRST)
error_in_capacity_too = _decision("site", SITE_CAPACITY_ERROR, SECOND)
error_in_data_use = _decision("site", SITE_DATA_ERROR, FIRST)
error_in_data_use_too = _decision("site", SITE_DATA_ERROR, SECOND)
member_leaves = _decision("team", TEAM, FIRST)
place_is_filled = _decision("team", TEAM, SECOND)
leader_leaves = _decision("leader", LEADER, FIRST)
successor = _decision("leader", LEADER, SECOND)
baseline = _decision("leader", LEADER_START, FIRST)
barrier_is_decided = _decision("queue", QUEUE, FIRST)
error_in_outcome = _decision("area", OUTCOME, FIRST)
error_in_outcome_too = _decision("area", OUTCOME, SECOND)

DECISIONS = {name: _declared[draw] for name, draw in list(globals().items()) if callable(draw) and draw in _declared}
"""Every decision of the model, by the name of the function that draws it."""


@part
def of_practitioner(random: np.uint64) -> tuple[float, float]:
    """`leaves_post` and `moves`, from the bits of the PERSON word."""
    return upper(random), lower(random)


@part
def of_family(random: np.uint64) -> tuple[float, float]:
    """`need_changes` and `way_through_service`, from the bits of the FAMILY word."""
    return upper(random), lower(random)


@kernel
def fill(key: np.uint64, agents: NDArray[np.uint64], first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    """Both uniforms of many agents, written to `first` and `second` (all of one length)."""
    for i in range(agents.shape[0]):
        word = bits(key, agents[i])
        first[i] = upper(word)
        second[i] = lower(word)


@kernel
def fill_keys(seed: np.uint64, replicates: NDArray[np.uint64], keys: NDArray[np.uint64]) -> None:
    """The keys of many replicates of one seed, written to `keys`."""
    for i in range(len(replicates)):
        keys[i] = run_key(seed, replicates[i])


def keys_of(seed: int, replicates: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    """The keys of many replicates of one seed."""
    numbers = np.asarray(replicates, np.uint64)
    keys = np.empty(len(numbers), np.uint64)
    fill_keys(np.uint64(seed), numbers, keys)
    return keys


def row_of(seed: int, replicate: int, rows: int) -> int:
    """The row of a parameter sample that a replicate uses: hash(seed, replicate), the same in every arm and engine."""
    return int(mix(np.uint64(run_key(np.uint64(seed), np.uint64(replicate))) ^ FOR_ROWS)) % rows


def rows_of(seed: int, replicates: Sequence[int] | NDArray[np.integer[Any]], rows: int) -> NDArray[np.int64]:
    """The row of each of many replicates, as `row_of` gives it."""
    mixed: NDArray[np.uint64] = mix.py_func(keys_of(seed, replicates) ^ FOR_ROWS)  # type: ignore[attr-defined]
    return (mixed % np.uint64(rows)).astype(np.int64)
