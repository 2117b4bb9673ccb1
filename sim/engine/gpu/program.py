"""The program that a GPU runs: `run_months` itself with every step, rule and piece, compiled by numba-cuda.

No rule and no step is written a second time. numba-cuda compiles a kernel of ours that another calls by itself; pieces
and rules carry a mark, by which they are registered here. What the CPU engine's threads share is declared read-only, so
that a program that wrote to it would not compile.

The same bits as on the CPU, setting by setting:

* `fma=0`: otherwise `a * b + c` is rounded once instead of twice. With it, each product and sum in the PTX names its
  rounding (`mul.rn.f64`), and nothing later may merge those (PTX ISA, on rounding modifiers).
* PTX goes into the link, not LTO IR: the linker would compile LTO IR anew, and merge products and sums as it does.
* `ftz=0`, `prec-div=1`, `prec-sqrt=1`: subnormal numbers stay, divisions and roots are rounded as IEEE 754 says.
* `opt=3`, without fastmath: LLVM changes no floating-point result.

`checked` reads the PTX and refuses it where a version of the libraries has not kept to this; `driver.py` compares
results before the first run.
"""

from __future__ import annotations

import hashlib
import re
import sys
import warnings
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from cachetools import cached

from sim.atomic import write_whole
from sim.engine import by_site, world
from sim.engine.gpu.device import gpu
from sim.engine.gpu.layout import LANES, Tiled, spread
from sim.engine.kernel import cache_folder
from sim.engine.schedule import run_months
from sim.errors import GpuError
from sim.rules.rule import IN_PLACE

ENTRY = "run_month"
COMPILING = {"opt": 3, "fma": 0, "ftz": 0, "prec-div": 1, "prec-sqrt": 1}
MERGED = re.compile(r"\b(fma\.|mad\.[\w.]*f64|(?:add|sub|mul|div|rcp|sqrt)\.(?!rn\.)[\w.]*f64|call\b)[^\n]*")
LIBRARIES = ("numba", "numba-cuda", "llvmlite", "cuda-bindings", "cuda-core", "nvidia-nvvm", "nvidia-nvjitlink")

Capability = tuple[int, int]
_one_at_a_time = Lock()


def source_of(parts: tuple[Any, ...]) -> str:
    """The entry, which hands each thread its lane of what `layout` laid out; parts of one source share a program."""
    own, p, asked, values, out, span = (_picked(part, f"given[{k}]") for k, part in enumerate(parts))
    return (
        f"def {ENTRY}(given, count):\n"
        f"    number = grid(1)\n"
        f"    if number < count:\n"
        f"        tile, lane = number // {LANES}, number % {LANES}\n"
        f"        own, span = {own}, {span}\n"
        f"        run_months(own, {p}, {out}, span)\n"
        f"        if span.first == span.last:\n"
        f"            write_values(own.actors.sites, {asked}, {values})\n"
    )


def _picked(part: Any, name: str) -> str:
    """One lane of a part, as source."""
    if hasattr(part, "_fields"):
        picked = [_picked(value, f"{name}.{field}") for field, value in part._asdict().items()]
        return f"{type(part).__name__}({', '.join(picked)})"
    return f"{name}[tile, lane]" if isinstance(part, Tiled) else name


@cached({}, key=source_of)
def loaded(parts: tuple[Any, ...]) -> Any:
    """The program for replicates that lie like this; compiled and linked once for a machine and its libraries.

    Args:
        parts: what it takes (`wave.Plan.parts`).

    Raises:
        GpuError: it would not give the same bits.
    """
    folder, capability = cache_folder(), gpu().capability
    own = [(Path(__file__).parent / name).read_text("utf-8") for name in ("program.py", "layout.py")]
    about = "\0".join([source_of(parts), *own, *(f"{name} {version(name)}" for name in LIBRARIES)])
    name = f"gpu-{capability[0]}{capability[1]}-{hashlib.sha256(about.encode()).hexdigest()[:16]}.cubin"
    with _one_at_a_time:
        if folder is not None and (folder / name).exists():
            return gpu().load((folder / name).read_bytes(), ENTRY)
        image = linked(checked(compiled(parts, capability)), capability)
        if folder is not None:
            write_whole(folder / name, image)
    return gpu().load(image, ENTRY)


def is_kept(capability: Capability) -> bool:
    """Is a program for such a GPU on disk already?"""
    folder = cache_folder()
    return folder is not None and any(folder.glob(f"gpu-{capability[0]}{capability[1]}-*.cubin"))


def checked(ptx: str) -> str:
    """The PTX, read for what would change a bit.

    Raises:
        GpuError: it merges products and sums, leaves their rounding open or calls something unknown.
    """
    if amiss := MERGED.search(ptx):
        raise GpuError(
            f"this version of numba-cuda does not keep results the same to the bit (it makes {amiss[0][:60]!r}). "
            f'Install the tested one: pip install "transformation-zones[gpu]" with .ci/constraints.txt.'
        )
    return ptx


def linked(ptx: str, capability: Capability) -> bytes:
    """Machine code, by NVIDIA's own linker."""
    from cuda.core import Linker, LinkerOptions, ObjectCode

    options = LinkerOptions(arch=f"sm_{capability[0]}{capability[1]}")
    return bytes(Linker(ObjectCode.from_ptx(ptx.encode()), options=options).link("cubin").code)


def compiled(parts: tuple[Any, ...], capability: Capability) -> str:
    """The program as PTX."""
    from numba import cuda, types
    from numba.cuda.compiler import _compile_pyfunc_with_fixup as compile_to_llvm
    from numba.cuda.cudadrv import nvvm

    _register()
    names = {**vars(world), "grid": cuda.grid, "run_months": run_months, "write_values": by_site.write_values}
    exec(compile(source_of(parts), __file__, "exec"), names)
    signature = types.void(types.Tuple([_typed(part) for part in parts]), types.int64)
    with warnings.catch_warnings(action="ignore"):
        library, _ = compile_to_llvm(names[ENTRY], signature, device=False, abi="numba", cc=capability)
        made = nvvm.compile_ir(library.llvm_strs, arch=f"compute_{capability[0]}{capability[1]}", **COMPILING)
    text: str = made.decode().strip("\0 \n")
    mangled = re.search(r"\.entry\s+([\w$]+)", text)
    return text.replace(mangled[1], ENTRY) if mangled else text


@cache
def _register() -> None:
    """Tell numba-cuda of all pieces, once."""
    from numba.cuda.extending import overload

    for piece in pieces():
        overload(piece, strict=False)(lambda *_given, piece=piece: piece)


def pieces() -> list[Any]:
    """Every function that kernels compile where they call it."""
    modules = [vars(m) for name, m in sorted(sys.modules.items()) if name.startswith(("sim.rules", "sim.engine"))]
    found = (value for module in modules for value in list(module.values()))
    return list(dict.fromkeys(v for v in found if getattr(v, "__dict__", {}).get(IN_PLACE) is True))


def _typed(part: Any) -> Any:
    """The numba type of a part of a replicate."""
    from numba import from_dtype, types

    if isinstance(part, Tiled):
        return types.Array(from_dtype(spread(part.like.dtype)), part.like.ndim + 2, "A", aligned=True)
    if isinstance(part, np.ndarray):
        return types.Array(from_dtype(part.dtype), part.ndim, "C", readonly=True, aligned=True)
    return types.NamedTuple([_typed(value) for value in part], type(part)) if hasattr(part, "_fields") else types.int64
