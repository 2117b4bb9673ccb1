"""What `import sim` gives, and that it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sim

SURFACE = [
    "Comparison",
    "Result",
    "__version__",
    "compare",
    "ladder",
    "list_scenarios",
    "load_area",
    "load_scenario",
    "plan",
    "run",
    "update",
]


def test_the_surface_is_pinned_and_sorted():
    assert sim.__all__ == SURFACE == sorted(SURFACE)
    assert dir(sim) == SURFACE


def test_every_name_is_there():
    assert all(getattr(sim, name) is not None for name in SURFACE)
    assert "with-teams" in sim.list_scenarios()


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(AttributeError, match=r"'sim' has no attribute 'simulate'; it has Comparison"):
        _ = sim.simulate


def test_importing_loads_nothing_heavy():
    code = "import sys, sim; sys.exit(any(m in sys.modules for m in ('numpy', 'numba', 'pandas', 'matplotlib')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_question_in_a_notebook():
    answer = sim.compare("with-teams", "without-teams", replicates=2, months=6, overrides=["coaching=0.5"])
    assert isinstance(answer, sim.Comparison)
    assert "difference" in repr(answer).lower()
    frame = answer.frame()
    assert set(frame["scenario"]) == {"with-teams", "without-teams"}
    assert frame["fidelity_mean"].isna().any()
    assert answer.plot().axes
    one = sim.run("with-teams", replicates=2, months=6, area=answer.organisation)
    assert isinstance(one, sim.Result)
    assert one.scenario.name == "with-teams"
    assert len(one.headlines()) == 7
