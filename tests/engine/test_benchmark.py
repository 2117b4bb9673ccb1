"""The table of `zones benchmark`: what counts as reached, and that the peers play the same small model."""

from __future__ import annotations

import json
from math import nan

import numpy as np
import pytest

from sim.commands.benchmark import told
from sim.engine import draws
from sim.engine.benchmark import peers
from sim.engine.benchmark.row import Row, medians


@pytest.mark.parametrize(
    ("asked", "measured", "most", "met"),
    [
        (2.0, 1.9, True, True),
        (2.0, 2.1, True, False),
        (2.0, 2.1, False, True),
        (2.0, 1.9, False, False),
        (nan, 1.0, True, None),
        (1.0, nan, True, None),
    ],
)
def test_a_figure_is_reached_or_not(asked, measured, most, met):
    row = Row("something", asked, measured, "s", most, "how")
    assert row.met is met
    assert json.loads(json.dumps(row.as_dict(), allow_nan=False))["met"] is met
    assert {True: "yes", False: "NO", None: "-"}[met] in told(row)[0].split()
    assert told(row)[1].strip() == "how"


def test_tasks_take_turns():
    seen = []
    assert len(medians([lambda: seen.append("a"), lambda: seen.append("b")], 3)) == 2
    assert "".join(seen) == "ababab"


def plainly(people, months, key):
    """The small model in plain Python, with our random numbers."""
    users, total = [int(u) for u in peers._first(people)], 0
    for month in range(months):
        word = draws.word_key(key, draws.PERSON, month)
        before = list(users)
        for i in range(people):
            luck = draws.upper(np.uint64(draws.bits(np.uint64(word), np.uint64(i))))
            known = sum(before[(i + d) % people] for d in range(-peers.REACH, peers.REACH + 1) if d)
            chance = 1.0 - (1.0 - peers.BETA) ** known
            users[i] = int(luck >= peers.LAPSE) if before[i] else int(luck < chance)
        total += sum(users)
    return total


def test_our_small_model_is_the_one_described():
    people, months = 60, 20
    chances = np.array([1.0 - (1.0 - peers.BETA) ** k for k in range(2 * peers.REACH + 1)])
    users = peers._first(people)
    assert peers.spread(users, users.copy(), chances, months, np.uint64(5)) == plainly(people, months, np.uint64(5))


def test_mesa_plays_the_same_small_model():
    shares = [engine(2_000, 40)[1] for engine in (peers.ours, peers.mesa)]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
    assert min(shares) > 0.03
