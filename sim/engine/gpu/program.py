"""The program that a GPU runs: `run_months` itself with every step, rule and piece, compiled by numba-cuda.

No rule and no step is written a second time. numba-cuda compiles a kernel of ours that another calls by itself; pieces
and rules carry a mark, by which they are registered here. What the CPU engine's threads share is declared read-only, so
that a program that wrote to it would not compile.

The same bits as on the CPU, setting by setting:

* `fma=0` for the compiler: otherwise `a * b + c` is rounded once instead of twice. With it, each product and sum in
  the PTX names its rounding (`mul.rn.f64`), and nothing later may merge those (PTX ISA, on rounding modifiers).
* PTX goes into the link, not LTO IR: the linker would compile LTO IR anew, and merge products and sums as it does.
  `fma=0` is said to it, too.
* `ftz=0`, `prec-div=1`, `prec-sqrt=1`: subnormal numbers stay, divisions and roots are rounded as IEEE 754 says.
* `opt=3`, without fastmath: LLVM changes no floating-point result.

`check` reads the PTX and refuses it where a version of the libraries has not kept to this; `driver.py` compares results
before the first run.
"""

from __future__ import annotations

import hashlib
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.atomic import write_whole
from sim.engine import world
from sim.engine.gpu.layout import LANES, Tiled, spread
from sim.engine.kernel import cache_folder
from sim.engine.schedule import run_months
from sim.errors import GpuError
from sim.rules.rule import IN_PLACE

ENTRY = "run_month"
COMPILING = {"opt": 3, "fma": 0, "ftz": 0, "prec-div": 1, "prec-sqrt": 1}
LINKING = ("-O3", "-fma=0", "-ftz=0", "-prec-div=1", "-prec-sqrt=1")
LIBRARIES = ("numba", "numba-cuda", "llvmlite", "cuda-bindings", "nvidia-nvvm", "nvidia-nvjitlink")

Capability = tuple[int, int]
_one_at_a_time = Lock()


def source_of(parts: tuple[Any, ...]) -> str:
    """The entry, which hands each thread its lane of what `layout` laid out; parts of one source share a program."""
    picked = [_picked(part, f"given[{k}]") for k, part in enumerate(parts)]
    return (
        f"def {ENTRY}(given, count):\n"
        f"    number = grid(1)\n"
        f"    if number < count:\n"
        f"        tile, lane = number // {LANES}, number % {LANES}\n"
        f"        run_months({', '.join(picked)})\n"
    )


def _picked(part: Any, name: str) -> str:
    """One lane of a part, as source."""
    if hasattr(part, "_fields"):
        picked = [_picked(value, f"{name}.{field}") for field, value in part._asdict().items()]
        return f"{type(part).__name__}({', '.join(picked)})"
    return f"{name}[tile, lane]" if isinstance(part, Tiled) else name


def ptx_of(parts: tuple[Any, ...], capability: Capability) -> str:
    """The program as PTX; compiled once for a machine and its libraries.

    Args:
        parts: what it takes: world, parameters, record and span, as `layout` lays them out.
        capability: of the GPU, as (9, 0).

    Raises:
        GpuError: it would not give the same bits.
    """
    source = source_of(parts)
    ptx = _kept("ptx", source, capability, lambda: _compiled(source, parts, capability).encode())
    return check(ptx.decode())


def image_of(ptx: str, capability: Capability) -> bytes:
    """PTX linked for a GPU; kept, too."""
    return _kept("cubin", ptx, capability, lambda: _linked(ptx.encode(), capability))


def is_kept(capability: Capability) -> bool:
    """Is a program for such a GPU on disk already?"""
    folder = cache_folder()
    return folder is not None and any(folder.glob(f"gpu-{capability[0]}{capability[1]}-*.cubin"))


def _kept(kind: str, text: str, capability: Capability, make: Callable[[], bytes]) -> bytes:
    folder = cache_folder()
    with _one_at_a_time:
        if folder is None:
            return make()
        path = folder / f"gpu-{capability[0]}{capability[1]}-{fingerprint(text, capability)}.{kind}"
        if not path.exists():
            write_whole(path, make())
        return path.read_bytes()


def fingerprint(text: str, capability: Capability) -> str:
    """What a kept program depends on beside the model's own sources, which name the folder that it is kept in."""
    own = [(Path(__file__).parent / name).read_text("utf-8") for name in ("program.py", "layout.py")]
    known = [text, str(capability), *own, *map(_version, LIBRARIES)]
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "-"


def check(ptx: str) -> str:
    """The PTX, read for what would change a bit.

    Raises:
        GpuError: it merges products and sums, leaves their rounding open or calls something unknown.
    """
    amiss = re.search(r"\b(fma\.|mad\.[\w.]*f64|(?:add|sub|mul|div|rcp|sqrt)\.(?!rn\.)[\w.]*f64|call\b)[^\n]*", ptx)
    if amiss:
        raise GpuError(
            f"this version of numba-cuda does not keep results the same to the bit (it makes {amiss[0][:60]!r}). "
            f'Install the tested one: pip install "transformation-zones[gpu]" with .ci/constraints.txt.'
        )
    return ptx


def pieces() -> Iterator[Callable[..., Any]]:
    """Every function that kernels compile where they call it."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("sim.rules.", "sim.engine.")):
            yield from (v for v in list(vars(module).values()) if getattr(v, "__dict__", {}).get(IN_PLACE) is True)


@cache
def _register() -> None:
    """Tell numba-cuda of all pieces, once."""
    from numba.cuda.extending import overload

    for piece in dict.fromkeys(pieces()):
        overload(piece, strict=False)(_giving(piece))


def _giving(piece: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *_given: piece


def _compiled(source: str, parts: tuple[Any, ...], capability: Capability) -> str:
    from numba import cuda, types
    from numba.cuda.compiler import _compile_pyfunc_with_fixup as compile_to_llvm
    from numba.cuda.cudadrv import nvvm

    _register()
    names = {**vars(world), "grid": cuda.grid, "run_months": run_months}
    exec(compile(source, __file__, "exec"), names)
    signature = types.void(types.Tuple([_typed(part) for part in parts]), types.int64)
    with _for(capability):
        library, _ = compile_to_llvm(names[ENTRY], signature, device=False, abi="numba", cc=capability)
        ptx = nvvm.compile_ir(library.llvm_strs, arch=f"compute_{capability[0]}{capability[1]}", **COMPILING)
    text: str = ptx.decode().strip("\0 \n")
    own = re.search(r"\.entry\s+([\w$]+)", text)
    return text.replace(own[1], ENTRY) if own else text


def _typed(part: Any) -> Any:
    """The numba type of a part of a replicate."""
    from numba import from_dtype, types

    if isinstance(part, Tiled):
        return types.Array(from_dtype(spread(part.like.dtype)), part.like.ndim + 2, "A", aligned=True)
    if isinstance(part, np.ndarray):
        return types.Array(from_dtype(part.dtype), part.ndim, "C", readonly=True, aligned=True)
    return types.NamedTuple([_typed(value) for value in part], type(part)) if hasattr(part, "_fields") else types.int64


@contextmanager
def _for(capability: Capability) -> Iterator[None]:
    """numba-cuda asks the GPU at hand what it can take, for every function that another calls; there may be none."""
    from numba.cuda import dispatcher

    before = dispatcher.get_current_device
    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=capability)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        dispatcher.get_current_device = before


def _linked(ptx: bytes, capability: Capability) -> bytes:
    """By NVIDIA's own linker: cuda.core's way to it writes `-fma=false`, and it takes any word there without a sign."""
    from cuda.bindings import nvjitlink

    options = [f"-arch=sm_{capability[0]}{capability[1]}", *LINKING]
    handle = nvjitlink.create(len(options), options)
    try:
        nvjitlink.add_data(handle, nvjitlink.InputType.PTX, ptx, len(ptx), ENTRY)
        nvjitlink.complete(handle)
        image = bytearray(nvjitlink.get_linked_cubin_size(handle))
        nvjitlink.get_linked_cubin(handle, image)
    finally:
        nvjitlink.destroy(handle)
    return bytes(image)
