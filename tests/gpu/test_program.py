"""What of a program would change a bit is refused; what is kept of it depends on everything it is made from."""

from __future__ import annotations

import re
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.commands import engine_options
from sim.engine.gpu import device, program
from sim.engine.gpu.device import gpu
from sim.engine.gpu.layout import Tiled
from sim.errors import GpuError

NEEDED = pytest.mark.skipif(
    find_spec("numba_cuda") is None, reason='numba-cuda is not installed: pip install -e ".[gpu]"'
)


def test_rounded_products_and_sums_pass() -> None:
    ptx = "mul.rn.f64 %fd1, %fd2, %fd3;\nadd.rn.f64 %fd1, %fd1, %fd4;\nmul.lo.s64 %rd1, %rd2, %rd3;"
    assert program.checked(ptx) == ptx


@pytest.mark.parametrize(
    "line",
    ["fma.rn.f64 %fd1, %fd2, %fd3, %fd4;", "add.f64 %fd1, %fd2, %fd3;", "mul.f64 %fd1, %fd2, %fd3;",
     "call.uni (retval0), sin, (param0);", "div.approx.ftz.f64 %fd1, %fd2, %fd3;"],
)  # fmt: skip
def test_what_changes_a_bit_or_is_unknown_is_refused(line: str) -> None:
    with pytest.raises(GpuError, match=re.escape(line[:8]) + r".*pip install"):
        program.checked(f"ret;\n{line}\nret;")


def test_a_kept_program_is_named_by_what_it_takes_the_gpu_and_the_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program is compiled once for each; nothing is compiled here but a mark."""

    class Pair(NamedTuple):
        one: Any
        other: Any

    made: list[str] = []
    libraries, gpu = {"numba-cuda": "1"}, SimpleNamespace(capability=(9, 0), load=lambda image, entry: image)
    monkeypatch.setattr(program, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(program, "gpu", lambda: gpu)
    monkeypatch.setattr(program, "version", lambda name: libraries.get(name, "-"))
    monkeypatch.setattr(program, "compiled", lambda *given: made.append("ptx") or "ret;")
    monkeypatch.setattr(program, "linked", lambda *given: b"image %d" % len(made))
    parts = (Tiled(0, 0, np.zeros(1)),) * 6
    assert [program.loaded.__wrapped__(parts) for _ in range(2)] == [b"image 1"] * 2
    gpu.capability = (8, 0)
    assert program.loaded.__wrapped__(parts) == b"image 2"
    libraries["numba-cuda"] = "2"
    assert program.loaded.__wrapped__(parts) == b"image 3"
    assert program.loaded.__wrapped__((Pair(*parts[:2]), *parts[1:])) == b"image 4"
    assert len(list(tmp_path.iterdir())) == len(made) == 4


@NEEDED
def test_the_compiler_merges_where_it_may_and_does_not_with_our_settings() -> None:
    from numba import types
    from numba.cuda.compiler import _compile_pyfunc_with_fixup as compile_to_llvm
    from numba.cuda.cudadrv import nvvm

    def sums(values: list[float]) -> None:
        values[0] = values[0] * values[1] + values[2]

    given = types.void(types.Array(types.float64, 1, "C"))
    library, _ = compile_to_llvm(sums, given, device=False, abi="numba", cc=(9, 0))

    def ptx(**more: int) -> str:
        text: str = nvvm.compile_ir(library.llvm_strs, arch="compute_90", **{**program.COMPILING, **more}).decode()
        return text

    assert "fma.rn.f64" not in program.checked(ptx())
    with pytest.raises(GpuError, match="fma"):
        program.checked(ptx(fma=1))


@NEEDED
@pytest.mark.skipif(find_spec("nvidia") is None, reason="nvJitLink is not installed")
def test_a_program_is_linked_for_a_gpu_without_one() -> None:
    ptx = ".version 8.0\n.target sm_90\n.address_size 64\n.visible .entry run_month(.param .u64 p)\n{\nret;\n}\n"
    assert program.linked(ptx, (9, 0))[:4] == b"\x7fELF"


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.platforms.nvidia.find_spec", lambda name: None)
    with pytest.raises(GpuError, match=r'pip install "transformation-zones\[gpu\]"'):
        gpu.__wrapped__()


def test_a_first_start_says_that_it_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(device, "gpu", lambda: SimpleNamespace(capability=(9, 0)))
    (tmp_path / "gpu-80-0123.cubin").touch()
    engine_options.check(Namespace(engine="gpu"))
    assert "Compiling the model for this GPU: once" in capsys.readouterr().err
    (tmp_path / "gpu-90-0123.cubin").touch()
    engine_options.check(Namespace(engine="gpu"))
    engine_options.check(Namespace(engine="batch"))
    assert capsys.readouterr().err == ""
