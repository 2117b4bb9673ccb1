"""Results stay the same to the bit unless the model was meant to change (then: `python tests/engine/golden.py`)."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from golden import FILE, digest, questions

GOLDEN = json.loads(FILE.read_text())
QUESTIONS = questions()


def test_every_question_has_a_digest_and_every_digest_a_question():
    assert sorted(GOLDEN) == sorted(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_moved(name):
    one = QUESTIONS[name](1)
    assert digest(one) == GOLDEN[name], "numbers moved; if the model was meant to: python tests/engine/golden.py"
    assert digest(QUESTIONS[name](2)) == GOLDEN[name], "two threads give other numbers than one"


def test_one_bit_moves_a_digest():
    ensemble = QUESTIONS["busy"](1)
    sums = ensemble.sums.copy()
    last = sums[-1, -1, -1]
    last[0] = np.nextafter(last[0], np.inf)
    assert digest(replace(ensemble, sums=sums)) != GOLDEN["busy"]
    assert digest(replace(ensemble, counts=ensemble.counts.astype(np.int32))) != GOLDEN["busy"]
