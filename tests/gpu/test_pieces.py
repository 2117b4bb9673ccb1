"""What kernels compile where they call it is found, so that a GPU's program has it, too."""

from __future__ import annotations

from sim.engine.gpu.program import pieces


def test_rules_and_pieces_are_found_by_their_mark() -> None:
    names = {piece.__name__ for piece in pieces()}
    assert {"clip", "probability", "draw", "both", "happens", "note", "start_using", "list_word"} <= names
    assert "list_flagged" not in names
