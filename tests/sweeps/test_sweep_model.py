"""A change of any source that figures come from ends the life of a sweep's folder."""

from __future__ import annotations

from pathlib import Path

import grimp

from sim.sweeps.runs import MODEL

ROOT = Path(__file__).resolve().parents[2]
# What these read or name is in a run's key already, or is no figure.
NO_FIGURES = {
    "counts",
    "errors",
    "nearby",
    *(f"platforms.{path.stem}" for path in (ROOT / "sim" / "platforms").glob("*.py")),
    "problems",
    "strict",
    "results.columns",
    "scenarios.files",
    "scenarios.read",
    "scenarios.words",
}


def sources() -> set[Path]:
    return {path for pattern in MODEL for path in (ROOT / "sim").glob(pattern)}


def test_every_pattern_names_a_file():
    assert [pattern for pattern in MODEL if not list((ROOT / "sim").glob(pattern))] == []


def test_whatever_a_run_imports_is_part_of_the_model():
    graph = grimp.build_graph("sim", exclude_type_checking_imports=True, cache_dir=None)
    used = {"sim.engine.batch", "sim.engine.setup", "sim.results.measures"}
    used |= {module for one in tuple(used) for module in graph.find_upstream_modules(one)}
    files = {ROOT / Path(*module.split(".")).with_suffix(".py") for module in used - {f"sim.{n}" for n in NO_FIGURES}}
    assert [path for path in sorted(files - sources()) if path.is_file()] == []
