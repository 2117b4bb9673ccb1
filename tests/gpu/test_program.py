"""What of a program would change a bit is refused; what is kept of it depends on everything it is made from."""

from __future__ import annotations

import re
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.commands import engine_options
from sim.engine.gpu import device, program
from sim.engine.gpu.device import gpu
from sim.errors import GpuError

NEEDED = pytest.mark.skipif(
    find_spec("numba_cuda") is None, reason='numba-cuda is not installed: pip install -e ".[gpu]"'
)


def test_rounded_products_and_sums_pass() -> None:
    ptx = "mul.rn.f64 %fd1, %fd2, %fd3;\nadd.rn.f64 %fd1, %fd1, %fd4;\nmul.lo.s64 %rd1, %rd2, %rd3;"
    assert program.check(ptx) == ptx


@pytest.mark.parametrize(
    "line",
    ["fma.rn.f64 %fd1, %fd2, %fd3, %fd4;", "add.f64 %fd1, %fd2, %fd3;", "mul.f64 %fd1, %fd2, %fd3;",
     "call.uni (retval0), sin, (param0);", "div.approx.ftz.f64 %fd1, %fd2, %fd3;"],
)  # fmt: skip
def test_what_changes_a_bit_or_is_unknown_is_refused(line: str) -> None:
    with pytest.raises(GpuError, match=re.escape(line[:8]) + r".*pip install"):
        program.check(f"ret;\n{line}\nret;")


def test_a_kept_program_is_named_by_source_libraries_and_gpu() -> None:
    names = {program.fingerprint(*given) for given in (("a", (9, 0)), ("b", (9, 0)), ("a", (8, 0)))}
    assert len(names) == 3
    assert program.fingerprint("a", (9, 0)) == program.fingerprint("a", (9, 0))


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

    assert "fma.rn.f64" not in program.check(ptx())
    with pytest.raises(GpuError, match="fma"):
        program.check(ptx(fma=1))


@NEEDED
@pytest.mark.skipif(find_spec("nvidia") is None, reason="nvJitLink is not installed")
def test_a_program_is_linked_for_a_gpu_without_one() -> None:
    ptx = ".version 8.0\n.target sm_90\n.address_size 64\n.visible .entry run_month(.param .u64 p)\n{\nret;\n}\n"
    assert program._linked(ptx.encode(), (9, 0))[:4] == b"\x7fELF"


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.engine.gpu.device.find_spec", lambda name: None)
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
