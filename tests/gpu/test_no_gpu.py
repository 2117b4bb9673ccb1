"""Where there is no GPU that can be used: each command says why and what to do instead, and nothing is touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import sim
from sim.cli import main
from sim.engine.benchmark import memory, peers, phases, replicates, starting, steps, table
from sim.engine.gpu import device
from sim.errors import GpuError

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


def without_driver(flags: int) -> Any:
    raise RuntimeError('"cuda" is an NVIDIA driver library and can only be found via system search.')


def answering(status: int) -> dict[str, Any]:
    """An NVIDIA driver that begins like this, of a GPU of 2016."""
    return {
        "cuInit": lambda flags: (status,),
        "cuDeviceGet": lambda number: (0, number),
        "cuDeviceGetName": lambda length, number: (0, b"Tesla P100\0\0"),
        "cuDeviceGetAttribute": lambda which, number: (0, 6 if which == device.MAJOR else 0),
        "CUdevice_attribute": int,
    }


DRIVERS = {
    r"needs packages that are not installed: pip install \"transformation-zones\[gpu\]\"": None,
    r"no NVIDIA driver on this machine.*`nvidia-smi` lists it": {"cuInit": without_driver},
    r"the NVIDIA driver finds no GPU; `nvidia-smi` should list one": answering(100),
    r"Tesla P100 is too old; it takes one of 2017 or later": answering(0),
}


@pytest.fixture(params=DRIVERS)
def words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What is said on such a machine."""
    driver = DRIVERS[request.param]
    cuda, bindings = ModuleType("cuda"), ModuleType("cuda.bindings")
    bindings.driver = SimpleNamespace(**(driver or {}))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cuda", cuda)
    monkeypatch.setitem(sys.modules, "cuda.bindings", bindings)
    monkeypatch.setattr(device, "find_spec", lambda name: ModuleSpec(name, None) if driver else None)
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
