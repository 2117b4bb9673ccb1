"""Where there is no GPU that can be used: each command says why and what to do instead, and nothing is touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numba
import pytest

import sim
from sim.cli import main
from sim.engine.benchmark import memory, peers, phases, replicates, starting, steps, table
from sim.engine.gpu import device
from sim.errors import GpuError
from sim.platforms import nvidia

COMMANDS = {
    "run": ("run", "with-teams", "--out", "result"),
    "compare": ("compare", "with-teams", "without-teams", "--out", "result"),
    "sweep": ("sweep", "design.toml", "--out", "kept"),
    "resume": ("resume", "kept"),
    "plan": ("plan", "question.toml", "--out", "kept"),
    "update": ("update", "with-teams", "--observed", "seen.csv", "--start", "2025-08", "--log", "log.sqlite"),
    "calibrate": ("calibrate", "calibration.toml"),
}
FILES = ("design.toml", "question.toml", "calibration.toml", "seen.csv", "log.sqlite", "kept/part-0001.parquet")


class Support(ImportError):
    """What numba-cuda raises."""


def numba_cuda(words: str) -> ModuleType:
    """numba-cuda, whose driver begins like this; '': with a GPU of 2016."""

    def begin(*_: int) -> None:
        if words:
            raise Support(words)

    found = ModuleType("numba.cuda.cudadrv.driver")
    found.driver = SimpleNamespace(cuDevicePrimaryCtxSetFlags=begin)  # type: ignore[attr-defined]
    return found


DRIVERS = {
    r"needs packages that are not installed: pip install \"transformation-zones\[gpu\]\"": None,
    r"no NVIDIA GPU here; `nvidia-smi` should list one \(.*CUDA driver library cannot be found.*\)": (
        "Error at driver init: \n\nCUDA driver library cannot be found.\n:"
    ),
    r"no NVIDIA GPU here; `nvidia-smi` should list one \(.*CUDA_ERROR_NO_DEVICE.*\)": (
        "Error at driver init: Call to cuInit results in CUDA_ERROR_NO_DEVICE (100)"
    ),
    r"Tesla P100 is too old; it takes one of 2017 or later": "",
}


@pytest.fixture(params=DRIVERS)
def words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What is said on such a machine."""
    words = DRIVERS[request.param]
    of_2016 = SimpleNamespace(name="Tesla P100", compute_capability=(6, 0))
    fakes = {"cuda": ModuleType("cuda"), "numba.cuda": ModuleType("numba.cuda")}
    fakes["cuda"].core = SimpleNamespace()  # type: ignore[attr-defined]
    fakes["numba.cuda"].get_current_device = lambda: of_2016  # type: ignore[attr-defined]
    fakes["numba.cuda.cudadrv"] = ModuleType("numba.cuda.cudadrv")
    fakes["numba.cuda.cudadrv.driver"] = numba_cuda(words or "")
    for name, module in fakes.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(numba, "cuda", fakes["numba.cuda"], raising=False)
    monkeypatch.setattr(nvidia, "find_spec", lambda name: None if words is None else ModuleSpec(name, None))
    device.gpu.cache_clear()
    yield request.param + r".*Without --engine gpu the same results come from the processor\."
    device.gpu.cache_clear()


def reason(words: str) -> str:
    """The whole sentence."""
    with pytest.raises(GpuError, match=words) as found:
        device.gpu()
    return str(found.value)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_so_and_touches_nothing(
    words: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()
    for name in FILES:
        (tmp_path / name).write_text(f"as it was: {name}")
    assert main([*COMMANDS[command], "--engine", "gpu"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert said.err == f"zones: {reason(words)}\n"
    found = {p.relative_to(tmp_path).as_posix(): p.read_text() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {name: f"as it was: {name}" for name in FILES}


def test_the_benchmark_says_so_in_the_gpus_row(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (memory, peers, phases, steps):
        monkeypatch.setattr(module, "rows", lambda quick: iter(()))
    for name in ("default_area", "against_mesa", "threads", "growth", "nation"):
        monkeypatch.setattr(replicates, name, lambda *given: iter(()))
    for name in ("command_line", "files"):
        monkeypatch.setattr(starting, name, lambda *given: iter(()))
    (row,) = table.table(quick=True, nation=[], progress=lambda line: None)
    assert row.measure == "a GPU" and row.met is None
    assert row.note == f"could not be measured: {reason(words)}"


def test_python_raises_it(words: str) -> None:
    with pytest.raises(GpuError, match=words):
        sim.run("with-teams", replicates=1, months=1, engine="gpu")
