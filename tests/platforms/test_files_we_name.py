"""Files and folders that we name can be made on every system, and text in them ends its lines in one way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.platforms import names
from sim.results import record


@pytest.mark.parametrize("name", ["con", "NUL.toml", "our:plan", "plan?", "aux"])
def test_no_scenario_gets_a_name_that_some_system_refuses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 1
    told = capsys.readouterr().err
    assert name in told and "Windows" in told and "choose another name" in told
    assert list(tmp_path.iterdir()) == []
    assert main(["new", "our-plan"]) == 0


@pytest.mark.parametrize("scenarios", [["con"], ["a:b", "c?d"], ["x" * 250, "y" * 250, "z"], ["end.", " "]])
def test_a_result_s_folder_can_be_made_everywhere(scenarios: list[str], tmp_path: Path) -> None:
    folder = record.dated_folder(scenarios, tmp_path)
    assert names.why_not(folder.name) == ""
    with record.beside(folder) as part:
        (part / "x").write_bytes(b"x")
    assert folder.is_dir()


def test_all_text_of_a_result_ends_its_lines_in_one_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where text goes out with two signs a line unless it is told otherwise."""
    import io

    real = io.TextIOWrapper

    def as_windows_does(*args: object, **options: object) -> object:
        if options.get("newline") is None and len(args) < 4:
            options["newline"] = "\r\n"
        return real(*args, **options)  # type: ignore[arg-type]

    asked: list[str | None] = []
    text = Path.write_text

    def write_text(self: Path, data: str, *args: object, newline: str | None = None, **more: object) -> int:
        asked.append(newline)
        return text(self, data, *args, newline=newline or "\r\n", **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", write_text)
    monkeypatch.setattr(io, "TextIOWrapper", as_windows_does)
    folder = sim.run("with-teams", replicates=4, months=6).save(tmp_path / "kept")
    assert asked and set(asked) == {"\n"}
    for path in folder.rglob("*"):
        if path.suffix in (".json", ".csv", ".txt", ".svg"):
            assert b"\r" not in path.read_bytes(), path
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["format"] == 1
