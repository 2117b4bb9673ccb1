"""The translator that proves the GPU's program on a CPU: what it does not know it refuses."""

from __future__ import annotations

import ctypes
import math
import shutil

import numpy as np
import pytest
from cpu_as_gpu import library
from ptx_in_c import Unknown, in_c

NEEDS_GCC = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
REGISTERS = ".reg .pred %p<9>;\n.reg .b16 %rs<9>;\n.reg .b32 %r<9>;\n.reg .f64 %fd<9>;\n.reg .b64 %rd<9>;\n"


def program(*lines: str) -> str:
    begin = [
        "ld.param.u64 %rd1, [run_param_0];",
        "ld.f64 %fd1, [%rd1];",
        "ld.f64 %fd2, [%rd1+8];",
        "ld.u64 %rd2, [%rd1];",
    ]
    body = "\n".join([*begin, *lines, "ret;"])
    return f".visible .entry run(\n.param .u64 run_param_0\n)\n{{\n{REGISTERS}{body}\n}}\n"


def result(*lines: str, one: float = 0.0, other: float = 0.0, bits: int | None = None) -> np.ndarray:
    """Three words: two numbers given, and what the lines stored at [%rd1+16]."""
    memory = np.array([one, other, 0.0])
    if bits is not None:
        memory.view(np.uint64)[0] = bits
    run = ctypes.CDLL(str(library(in_c(program(*lines), "run"), "-lm"))).run
    words = np.array([memory.ctypes.data], np.uint64)
    run(ctypes.c_void_p(words.ctypes.data), 0, 32, 0)
    return memory[2:]


@NEEDS_GCC
def test_numbers_and_jumps() -> None:
    lines = ["setp.ltu.f64 %p1, %fd1, %fd2;", "@%p1 bra $L__1;", "mov.f64 %fd2, 0d4008000000000000;", "$L__1:",
             "mul.rn.f64 %fd3, %fd1, %fd2;", "st.f64 [%rd1+16], %fd3;"]  # fmt: skip
    assert result(*lines, one=2.0, other=5.0)[0] == 10.0
    assert result(*lines, one=6.0, other=5.0)[0] == 18.0
    assert math.isnan(result(*lines, one=math.nan, other=5.0)[0])


@NEEDS_GCC
def test_a_product_and_a_sum_are_rounded_each() -> None:
    lines = ["mul.rn.f64 %fd3, %fd1, %fd1;", "sub.rn.f64 %fd3, %fd3, %fd2;", "st.f64 [%rd1+16], %fd3;"]
    x = 1.0 + 2.0**-30
    assert result(*lines, one=x, other=x * x)[0] == 0.0


@NEEDS_GCC
@pytest.mark.parametrize(
    ("line", "bits", "found"),
    [
        ("shr.s64 %rd3, %rd2, 70;", 2**63, 2**64 - 1),
        ("shr.u64 %rd3, %rd2, 70;", 2**63, 0),
        ("shl.b64 %rd3, %rd2, 4;", 2**63 + 1, 16),
        ("add.s64 %rd3, %rd2, 1;", 2**64 - 1, 0),
        ("mul.lo.s64 %rd3, %rd2, %rd2;", 2**33, 0),
        ("mul.hi.s64 %rd3, %rd2, 6;", 2**62, 1),
        ("max.s64 %rd3, %rd2, -1;", 2**64 - 5, 2**64 - 1),
        ("not.b64 %rd3, %rd2;", 0, 2**64 - 1),
        ("neg.s64 %rd3, %rd2;", 5, 2**64 - 5),
        ("rem.s64 %rd3, %rd2, 3;", 2**64 - 5, 2**64 - 2),
    ],
)
def test_whole_numbers(line: str, bits: int, found: int) -> None:
    assert result(line, "st.u64 [%rd1+16], %rd3;", bits=bits).view(np.uint64)[0] == found


@NEEDS_GCC
@pytest.mark.parametrize(("given", "found"), [(3.9, 3), (-1.0, 0), (math.nan, 0), (1e300, 2**32 - 1)])
def test_conversions_stop_at_the_ends(given: float, found: int) -> None:
    lines = ["cvt.rzi.u32.f64 %r1, %fd1;", "cvt.u64.u32 %rd3, %r1;", "st.u64 [%rd1+16], %rd3;"]
    assert result(*lines, one=given).view(np.uint64)[0] == found


@pytest.mark.parametrize(
    "line",
    ["fma.rn.f64 %fd1, %fd1, %fd2, %fd3;", "add.f64 %fd1, %fd1, %fd2;", "sin.approx.f32 %f1, %f2;",
     "atom.global.add.f64 %fd1, [%rd1], %fd2;", "mov.u32 %r1, %laneid;", "cvt.rn.f32.f64 %f1, %fd1;"],
)  # fmt: skip
def test_what_is_not_known_is_refused(line: str) -> None:
    with pytest.raises(Unknown):
        in_c(program(line), "run")
