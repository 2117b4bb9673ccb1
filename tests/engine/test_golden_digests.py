"""Results stay the same to the bit unless the model was meant to change (then: `python tests/engine/golden.py`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from golden import FILE, digest, questions
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

GOLDEN = json.loads(FILE.read_text())
QUESTIONS = questions()


def test_every_question_has_a_digest_and_every_digest_a_question():
    assert sorted(GOLDEN) == sorted(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_moved(name):
    one = QUESTIONS[name](1)
    assert digest(one) == GOLDEN[name], "numbers moved; if the model was meant to: python tests/engine/golden.py"
    assert digest(QUESTIONS[name](2)) == GOLDEN[name], "two threads give other numbers than one"


def widest() -> str:
    """This processor's features, with the widest vectors it has."""
    return f"{get_host_cpu_features().flatten()},-prefer-256-bit"


@pytest.mark.slow
@pytest.mark.parametrize(
    "processor",
    [{"NUMBA_CPU_NAME": "generic"}, {"NUMBA_CPU_NAME": get_host_cpu_name(), "NUMBA_CPU_FEATURES": widest()}],
    ids=["narrowest", "widest"],
)
def test_the_width_of_vectors_moves_nothing(processor, tmp_path):
    """The digests again, compiled anew for another processor."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, "-k", "test_nothing_moved"]
    environment = {**os.environ, **processor, "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout
    assert f"{len(QUESTIONS)} passed" in done.stdout


def test_one_bit_moves_a_digest():
    ensemble = QUESTIONS["busy"](1)
    sums = ensemble.sums.copy()
    last = sums[-1, -1, -1]
    last[0] = np.nextafter(last[0], np.inf)
    assert digest(replace(ensemble, sums=sums)) != GOLDEN["busy"]
    assert digest(replace(ensemble, counts=ensemble.counts.astype(np.int32))) != GOLDEN["busy"]
