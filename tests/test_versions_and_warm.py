"""`zones --version` tells all that a figure can depend on; `zones warm` leaves nothing for a first start to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

from sim import posterior, version
from sim.cli import main
from sim.engine.kernel import source_digest

ROOT = Path(__file__).resolve().parents[1]


def test_the_version_tells_model_calibration_and_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    first, model, calibration, libraries = capsys.readouterr().out.splitlines()
    assert first == f"zones {version.version()}"
    assert version.EDITION in model and source_digest()[:16] in model
    sample = posterior.load()
    assert f"{sample.name} (the default)" in calibration and sample.digest[:16] in calibration
    assert all(f"{name}" in calibration and posterior.load(name).digest[:16] in calibration for name in posterior.NAMES)
    for name in version.LIBRARIES:
        assert f"{name} {metadata.version(name)}" in libraries


def test_a_library_that_is_not_there_is_told() -> None:
    assert version.of("no-such-library-anywhere") == "not installed"


def zones(*words: str, cache: Path, where: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(cache)}
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], env=environment, capture_output=True, text=True, cwd=where,
        timeout=600, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_after_warm_nothing_is_compiled(tmp_path: Path) -> None:
    run = ("run", "with-teams", "--replicates", "2", "--months", "2", "--out")
    cold = zones(*run, "one", cache=tmp_path, where=tmp_path)
    assert "Compiling the model" in cold.stderr  # the control: a start without it says what it waits for
    there = {p.name for p in tmp_path.rglob("*.nbc")}
    assert there
    warm = zones("warm", "--json", cache=tmp_path, where=tmp_path)
    assert warm.returncode == 0, warm.stderr
    told = json.loads(warm.stdout)
    assert told["steps"][0]["done"] == "compiled before"
    assert {p.name for p in tmp_path.rglob("*.nbc")} >= there
    if find_spec("solara") is not None:
        assert len(told["steps"]) == 4 and list(tmp_path.rglob("evidence-*.json"))
    again = zones("warm", cache=tmp_path, where=tmp_path)
    assert "compiled before" in again.stderr and "Ready after" in again.stdout
    quick = zones(*run, "two", cache=tmp_path, where=tmp_path)
    assert quick.returncode == 0 and "Compiling" not in quick.stderr


def test_warm_says_when_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told = zones("warm", cache=tmp_path / "file", where=tmp_path)
    assert told.returncode == 1
    assert "no safe folder" in told.stderr and "NUMBA_CACHE_DIR" in told.stderr and "Traceback" not in told.stderr
