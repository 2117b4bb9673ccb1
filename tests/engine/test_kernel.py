"""How kernels are compiled: a cache that cannot keep yesterday's rule, and none where nothing is writable."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine import kernel

PACKAGE = Path(sim.__file__).parent


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A copy of the package that may be edited; digests are taken of the copy."""
    copy = tmp_path / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kernel, "__file__", str(copy / "engine" / "kernel.py"))
    return copy


def digest() -> str:
    """Of the sources as they are now."""
    return kernel.source_digest.__wrapped__()


def folder() -> Path | None:
    """The cache folder as found now."""
    return kernel.cache_folder.__wrapped__()


def test_an_edited_rule_has_another_folder(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(kernel, "source_digest", kernel.source_digest.__wrapped__)
    before = folder()
    assert before.is_dir()
    assert before.is_relative_to(tmp_path / "cache")
    assert folder() == before
    rule = sources / "rules" / "practitioner.py"
    rule.write_text(rule.read_text() + "\n# another thought\n")
    assert folder() != before


@pytest.mark.parametrize("edited", ["engine/phases/families.py", "engine/draws.py", "parameters.py", "rules/rule.py"])
def test_the_digest_follows_all_that_kernels_are_made_of(sources, edited):
    before = digest()
    assert digest() == before
    path = sources / edited
    text = path.read_text()
    path.write_text(text + "#")
    assert digest() != before
    path.write_text(text)
    assert digest() == before


def test_the_digest_follows_a_new_and_a_renamed_rule(sources):
    before = digest()
    (sources / "rules" / "neighbour.py").write_text("")
    added = digest()
    assert added != before
    (sources / "rules" / "neighbour.py").rename(sources / "rules" / "other.py")
    assert digest() not in (before, added)


def test_what_kernels_import_is_all_in_the_digest():
    """From the month's order downwards; what only lays the world out is not compiled."""
    covered = {path for pattern in kernel.COMPILED_FROM for path in PACKAGE.glob(pattern)}
    for pattern in kernel.COMPILED_FROM:
        assert list(PACKAGE.glob(pattern)), f"{pattern} names no file"
    compiled = [PACKAGE / "engine" / "schedule.py", PACKAGE / "engine" / "draws.py"]
    compiled += [*(PACKAGE / "engine" / "phases").glob("*.py"), *(PACKAGE / "rules").glob("*.py")]
    for path in compiled:
        assert path in covered
        for module in imported(path):
            assert module in covered, f"{path.name} imports {module.name}, which the digest leaves out"


def imported(path: Path) -> set[Path]:
    """Modules of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("sim"):
            continue
        base = PACKAGE.joinpath(*node.module.split(".")[1:])
        for name in node.names:
            inner = base / f"{name.name}.py"
            found.add(inner if inner.exists() else base.with_suffix(".py"))
    return found


def test_nothing_is_cached_where_nothing_is_writable(tmp_path, monkeypatch):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked / "below"))
    assert folder() is None
    monkeypatch.setattr(kernel, "cache_folder", lambda: None)
    assert not kernel.is_warm()
    halved = kernel.kernel(lambda x: x / 2.0)
    assert halved(3.0) == 1.5


def test_a_temporary_folder_serves_where_home_is_not_writable(tmp_path, monkeypatch):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(kernel.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    assert folder().is_relative_to(tmp_path / "temporary")


def test_division_by_zero_is_infinite_in_a_kernel():
    divided = kernel.kernel(lambda x, y: x / y)
    assert np.isinf(divided(1.0, 0.0))
