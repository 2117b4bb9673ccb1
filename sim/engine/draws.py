"""Luck: counter-based uniforms, one for every decision of every agent in every month of every replicate.

A uniform depends on (seed, replicate, decision, month, agent's permanent 64-bit id) and on nothing else: not on
threads,
order, other agents or what was drawn before. So two scenarios differ only where a mechanism differs (common random
numbers), and the first 100 of 200 replicates are the 100. Decisions are numbered for ever; never renumber one. Every
64-bit
word carries two uniforms of 32 bits, one for each of a word's two decisions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)

# Words and the decisions they carry (upper half, lower half).
PERSON = 0  # leaves the post; moves (hears, starts or stops: whichever is open)
NEWCOMER = 1  # own level of skill; readiness within the site
TRAINING = 2  # inducted; attends the training at installation
OBSERVED = 3  # is in the assessment's sample; first part of its error
ERROR = 4  # second part of the error; state on the first day
FAMILY = 5  # need arises or resolves; way through service
FAMILY_START = 6  # in need at month 0; free
SITE = 7  # is selected; meets a barrier beyond the site
SITE_BARRIER = 8  # that barrier needs every agency; barriers at month 0
SITE_READINESS = 9  # readiness of its staff; their level of skill
SITE_CAPACITY_ERROR = 10  # two parts
SITE_DATA_ERROR = 11  # two parts
TEAM = 12  # a member leaves; a place is filled
LEADER = 13  # leaves; the successor's baseline
LEADER_START = 14  # baseline at month 0; free
QUEUE = 15  # a raised barrier is decided on; free
SITE_FIRST_DAY = 16  # free; free
OUTCOME = 17  # error in the benefit that a zone's own data show (month: the zone's number), two parts


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


@kernel
def fill(key: np.uint64, agents: NDArray[np.uint64], first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    """Both uniforms of many agents, written to `first` and `second` (all of one length)."""
    for i in range(agents.shape[0]):
        word = bits(key, agents[i])
        first[i] = upper(word)
        second[i] = lower(word)


def row_of(seed: int, replicate: int, rows: int) -> int:
    """The row of a parameter sample that a replicate uses: hash(seed, replicate), alike in every arm and engine."""
    key = int(run_key(np.uint64(seed), np.uint64(replicate)))
    return int(mix(np.uint64(key ^ 0xA5A5A5A5A5A5A5A5))) % rows
