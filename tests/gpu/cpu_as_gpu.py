"""A CPU that takes a GPU's place: the engine's own program, as PTX, put into C; and a driver that runs it.

Everything of `sim/engine/gpu` runs but the linker and the hardware.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest
from ptx_in_c import in_c

from sim.engine.gpu import batch, same_bits
from sim.engine.gpu.device import Gpu
from sim.engine.gpu.program import ENTRY
from sim.engine.kernel import cache_folder

HERE = Path(__file__).parent
FLAGS = ("-O1", "-fwrapv", "-ffp-contract=off", "-fno-strict-aliasing", "-w", "-shared", "-fPIC")
"""-O1 takes seconds; no product is merged with a sum."""

GIB = 2**30


def why_not() -> str:
    """Why there can be no such CPU here, '' where there can."""
    if find_spec("numba_cuda") is None or find_spec("cuda") is None:
        return 'numba-cuda is not installed: pip install -e ".[gpu]"'
    return "" if shutil.which("gcc") else "gcc is not installed"


@cache
def library(code: str, *more: str) -> Path:
    """C, compiled; kept, as compiling takes seconds."""
    name = f"{sha256('|'.join((code, *FLAGS, *more)).encode()).hexdigest()[:16]}.so"
    path = (cache_folder() or Path(tempfile.mkdtemp())) / name
    if not path.exists():
        beside = path.with_suffix(".part")
        command = ["gcc", *FLAGS, "-xc", "-", "-o", str(beside), *more]
        subprocess.run(command, input=code, text=True, check=True)
        beside.rename(path)
    return path


def image_of(ptx: str, capability: tuple[int, int]) -> bytes:
    """In the linker's place: the path of the program as a library of this machine."""
    return str(library(in_c(ptx, ENTRY), "-lm")).encode()


class Pretended:
    """The CPU that takes a GPU's place."""

    def __init__(self) -> None:
        self.driver = ctypes.CDLL(str(library((HERE / "driver.c").read_text(), "-ldl")))
        self.driver.pretended_use.restype = ctypes.c_uint64
        self.driver.pretended_launches.restype = ctypes.c_int64
        self.set()
        self.gpu = Gpu(self.driver)

    def set(self, memory: int = 64 * GIB, fails_at: int = -1, busy: int = 0, found: int = 1, major: int = 9) -> None:
        """How much memory it has, which launch fails, how often it is busy still, whether it is there, what it can."""
        self.driver.pretend(ctypes.c_uint64(memory), *(ctypes.c_int64(n) for n in (fails_at, busy, found, major)))

    @property
    def in_use(self) -> int:
        """Bytes taken and not given back."""
        return int(self.driver.pretended_use())

    @property
    def launches(self) -> int:
        """Programs begun since `set`."""
        return int(self.driver.pretended_launches())


@contextmanager
def as_gpu(*, checked: bool = True) -> Iterator[Pretended]:
    """Let the engine find this CPU where it looks for a GPU. `checked`: as if its bits had been compared."""
    pretended = Pretended()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "gpu", lambda: pretended.gpu)
        patch.setattr(batch, "image_of", image_of)
        patch.setattr(batch, "loaded", cache(batch.loaded.__wrapped__))
        patch.setattr(same_bits, "gpu", lambda: pretended.gpu)
        if checked:
            patch.setattr(same_bits, "ensure", lambda: None)
        yield pretended
