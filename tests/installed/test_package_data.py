"""Whatever the package reads at run time is named in pyproject.toml, so that a wheel has it."""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
FILES = [
    p.relative_to(ROOT / "sim").as_posix()
    for p in sorted((ROOT / "sim").rglob("*"))
    if p.is_file() and p.suffix not in (".py", ".pyc") and "__pycache__" not in p.parts
]


def left_out(files: list[str], patterns: list[str]) -> list[str]:
    """Files that no pattern names; a pattern names files of its own folder, as setuptools has it."""
    return [f for f in files if not any(_named(PurePosixPath(f), PurePosixPath(p)) for p in patterns)]


def _named(path: PurePosixPath, pattern: PurePosixPath) -> bool:
    return len(path.parts) == len(pattern.parts) and path.match(pattern.as_posix())


def test_every_file_that_is_no_python_is_in_the_wheel() -> None:
    assert len(FILES) > 50
    assert left_out(FILES, PATTERNS["sim"]) == []


def test_a_pattern_that_names_nothing_is_gone() -> None:
    assert [p for p in PATTERNS["sim"] if not [f for f in FILES if _named(PurePosixPath(f), PurePosixPath(p))]] == []


def test_a_file_that_no_pattern_names_is_found() -> None:
    patterns = [p for p in PATTERNS["sim"] if not p.startswith("posterior")]
    assert "posterior/as-cited.csv" in left_out(FILES, patterns)
    assert left_out(["app/public/deeper/a.js"], ["app/public/*"]) == ["app/public/deeper/a.js"]


def test_every_folder_with_python_is_a_package() -> None:
    folders = {p.parent for p in (ROOT / "sim").rglob("*.py")}
    assert [str(f) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []
