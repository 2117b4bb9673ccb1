"""What the GPU compiles in another's place gives the same."""

from __future__ import annotations

import inspect

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.gpu.program import TWINS, pieces
from sim.engine.phases.due import list_flagged, one_at_a_time


@given(st.lists(st.sampled_from((0, 0, 0, 1)), max_size=70), st.integers(1, 3))
def test_flags_are_listed_alike_wherever_they_lie(flags: list[int], apart: int) -> None:
    near = np.array(flags, np.uint8)
    far = np.zeros((len(flags), apart), np.uint8)
    far[:, 0] = near
    mine, theirs = np.full(len(flags), -1, np.int32), np.full(len(flags), -1, np.int32)
    assert list_flagged(near, mine) == one_at_a_time(far[:, 0], theirs)
    assert mine.tolist() == theirs.tolist()


def test_twins_take_what_their_originals_take() -> None:
    assert set(TWINS) <= set(pieces())
    for piece, twin in TWINS.items():
        assert inspect.signature(piece) == inspect.signature(twin)


def test_rules_and_pieces_are_found_by_their_mark() -> None:
    names = {piece.__name__ for piece in pieces()}
    assert {"clip", "probability", "draw", "both", "happens", "note", "start_using"} <= names
    assert "list_flagged" not in names
