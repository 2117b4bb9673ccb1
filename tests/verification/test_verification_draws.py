"""Quality of the random numbers: pairs along every axis (agent, month, replicate, seed, decision) fill the square.

For each axis neighbours along it are paired, and 256 cells of the unit square counted (chi-square), and the pairs'
correlation taken. A generator without mixing fails both (positive control).
"""

from __future__ import annotations

import numpy as np
import pytest
from verification_builders import THRESHOLD

from sim.engine import draws
from sim.organisation.arrays import identity

CELLS = 16
BASE = {"seed": 7, "replicate": 3, "month": 11, "decision": 5, "agent": 40}
AXES = tuple(BASE)
LENGTH = 64


def uniform(seed, replicate, month, decision, agent):
    """The model's uniforms of one decision: even decisions are a word's upper half, odd its lower."""
    key = np.uint64(draws.run_key(np.uint64(seed), np.uint64(replicate)))
    word = np.uint64(draws.word_key(key, decision // 2, month))
    bits = np.uint64(draws.bits(word, np.uint64(identity.text_hash(f"agent {agent}"))))
    return float(draws.lower(bits) if decision % 2 else draws.upper(bits))


def unmixed(seed, replicate, month, decision, agent):
    """A generator that only adds up and turns (Weyl): each axis even, pairs in lines."""
    total = (seed * 3 + replicate * 5 + month * 7 + decision * 11 + agent * 13) * 0.6180339887498949
    return total % 1.0


def lattice(generator, one, other, half):
    """Uniforms of one half of a word on a lattice along two axes, the others fixed; [LENGTH, LENGTH]."""
    lengths = {"decision": 30}
    grid = np.empty((lengths.get(one, LENGTH), lengths.get(other, LENGTH)))
    for i in range(grid.shape[0]):
        for j in range(grid.shape[1]):
            grid[i, j] = generator(**{**BASE, "decision": 4 + half, one: i, other: j})
    return grid


def faults(grid):
    """|z| of the cells' chi-square and of the correlation for neighbours along the first axis."""
    a, b = grid[::2][: len(grid) // 2].ravel(), grid[1::2].ravel()
    counts = np.histogram2d(a, b, bins=CELLS, range=[[0, 1], [0, 1]])[0]
    expected, cells = len(a) / CELLS**2, CELLS**2
    chi = ((counts - expected) ** 2 / expected).sum()
    z_chi = (chi - (cells - 1)) / np.sqrt(2.0 * (cells - 1))
    return abs(z_chi), abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(len(a))


PAIRS = [(one, other) for one in AXES for other in AXES if one != other]
GENEROUS = 7.0
"""Chi-square of 255 cells is skewed: its standardised value exceeds 7 with probability below 1e-8. With |z| < 5 asked
of each correlation (5.8e-7), the 41 lattices together raise a false alarm for one seed in 40,000."""
HALVES = (0, 1)


@pytest.mark.parametrize("half", HALVES, ids=("upper half", "lower half"))
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_pairs_along_an_axis_fill_the_square(one, other, half):
    chi, correlation = faults(lattice(uniform, one, other, half))
    assert chi < GENEROUS
    assert correlation < THRESHOLD


@pytest.mark.parametrize("half", HALVES, ids=("upper half", "lower half"))
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_generator_without_mixing_is_found_out(one, other, half):
    chi, correlation = faults(lattice(unmixed, one, other, half))
    assert chi > GENEROUS or correlation > THRESHOLD


def test_the_two_decisions_of_a_word_are_independent():
    words = np.array([[uniform(**{**BASE, "agent": i, "decision": d}) for d in (4, 5)] for i in range(4096)])
    chi, correlation = faults(words.T.reshape(2, -1))
    assert chi < GENEROUS and correlation < THRESHOLD
