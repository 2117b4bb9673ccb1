"""The example of a design can be edited, run and asked what matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["ours", "ours.toml"])
def test_it_is_written_once_and_can_be_run(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-design", name]) == 0
    said = capsys.readouterr()
    assert said.out.strip() == "ours.toml" and "zones sweep ours.toml --dry-run" in said.err
    before = (here / "ours.toml").read_bytes()
    assert b"zones sweep ours.toml" in before and b"\r" not in before
    assert main(["new-design", name]) == 1
    assert "not overwritten" in capsys.readouterr().err and (here / "ours.toml").read_bytes() == before
    assert main(["sweep", "ours.toml", "--points", "12", "--replicates", "1", "--out", "kept"]) == 0
    assert main(["sensitivity", "kept"]) == 0
    assert (here / "kept" / "summary.csv").is_file()


def test_a_folder_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-design", "nowhere/ours.toml"]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert main(["new-design", "aux"]) == 1
    assert "Windows" in capsys.readouterr().err
