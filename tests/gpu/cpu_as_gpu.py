"""A CPU that takes a GPU's place: the engine's own program, as PTX, put into C; and a driver that runs it.

Everything of `sim/engine/gpu` runs but the linker, NVIDIA's driver and the hardware.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from cachetools import cached
from ptx_in_c import in_c

from sim.engine.gpu import device, driver, program, wave
from sim.engine.gpu.program import ENTRY, source_of
from sim.engine.kernel import cache_folder
from sim.platforms.nvidia import Gpu

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


def linked(ptx: str, capability: tuple[int, int]) -> bytes:
    """In the linker's place: the path of the program as a library of this machine, its PTX beside it."""
    path = library(in_c(ptx, ENTRY), "-lm")
    path.with_suffix(".ptx").write_text(ptx)
    return str(path).encode()


def kept_ptx() -> str:
    """The PTX that was compiled last, as compiling takes a minute."""
    kept = max((kept_apart() or Path()).glob("gpu-90-*.cubin"), key=lambda path: path.stat().st_mtime)
    return Path(kept.read_text()).with_suffix(".ptx").read_text()


def kept_apart() -> Path | None:
    """Where programs for this CPU are kept: not where those for a GPU are."""
    folder = cache_folder()
    if folder is not None:
        folder = folder / "cpu-as-gpu"
        folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def without_a_gpu(capability: tuple[int, int] = (9, 0)) -> Iterator[None]:
    """numba-cuda asks the GPU at hand what it can take, for every function that another calls; there is none."""
    from numba.cuda import dispatcher

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatcher, "get_current_device", lambda: SimpleNamespace(compute_capability=capability))
        yield


OUT_OF_MEMORY, NO_CONTEXT, LAUNCH_FAILED = "out of memory", "invalid device context", "unspecified launch failure"


class Driver:
    """numba-cuda's driver, streams and `cuda.core` as far as the engine calls them: memory of the GPU is memory of this
    process, a program is a library (its path stands for its image), a launch runs its threads one after another, and
    what is asked is done at once. As NVIDIA's, it answers only threads that have said which GPU they mean.
    """

    def __init__(self) -> None:
        self._memory: dict[int, np.ndarray] = {}
        self._thread = threading.local()
        self.held = threading.Event()
        self.begun = threading.Event()
        self.set()

    def set(self, memory: int = 64 * GIB, fails_at: int = -1, found: bool = True, major: int = 9) -> None:
        """How much memory it has, which launch fails, whether it is there, what programs it takes."""
        self.total, self.fails_at, self.found, self.major = memory, fails_at, found, major
        self.launches = self.came_back = 0
        self.held.set()
        self.begun.clear()

    def hold(self) -> None:
        """Be busy until `held` is set; `begun` is set when somebody waits."""
        self.held.clear()

    @property
    def in_use(self) -> int:
        """Bytes taken and not given back."""
        return sum(values.nbytes for values in self._memory.values())

    @staticmethod
    def fail(name: str, words: str) -> None:
        """As numba-cuda says it."""
        from numba.cuda.cudadrv.driver import CudaAPIError

        raise CudaAPIError(999, f"Call to {name} results in {words}")

    def _check(self, name: str) -> None:
        if not getattr(self._thread, "context", False):
            self.fail(name, NO_CONTEXT)

    def cuDevicePrimaryCtxSetFlags(self, device: int, flags: int) -> None:
        if not self.found:
            from numba.cuda.cudadrv.error import CudaSupportError

            raise CudaSupportError("Error at driver init: CUDA_ERROR_NO_DEVICE")

    def get_current_device(self) -> Any:
        return SimpleNamespace(name="CPU", compute_capability=(self.major, 0))

    def current_context(self) -> None:
        self._thread.context = True

    def stream(self) -> Any:
        self._check("cuStreamCreate")
        return Stream(self)

    def synchronize(self) -> None:
        if not self.held.is_set():
            self.begun.set()
            self.held.wait()
        if 0 <= self.fails_at < self.launches:
            self.fail("cuStreamSynchronize", LAUNCH_FAILED)

    def cuMemGetInfo(self) -> tuple[int, int]:
        self._check("cuMemGetInfo")
        return max(0, self.total - self.in_use), self.total

    def cuMemAlloc(self, size: int) -> int:
        if self.in_use + size > self.total:
            self.fail("cuMemAlloc", OUT_OF_MEMORY)
        values = np.full(size, 0xA5, np.uint8)  # whoever reads what was never written shall see it
        self._memory[values.ctypes.data] = values
        return int(values.ctypes.data)

    def cuMemFree(self, address: int) -> None:
        del self._memory[address]

    def cuMemcpyHtoDAsync(self, to: int, of: int, size: int, stream: int) -> None:
        self._check("cuMemcpyHtoDAsync")
        ctypes.memmove(to, of, size)

    def cuMemcpyDtoDAsync(self, to: int, of: int, size: int, stream: int) -> None:
        ctypes.memmove(to, of, size)

    def cuMemcpyDtoHAsync(self, to: int, of: int, size: int, stream: int) -> None:
        self.came_back += size
        ctypes.memmove(to, of, size)

    def cuMemsetD8Async(self, to: int, value: int, size: int, stream: int) -> None:
        ctypes.memset(to, value, size)

    @property
    def ObjectCode(self) -> Any:
        return SimpleNamespace(from_cubin=Program)

    @staticmethod
    def LaunchConfig(grid: int, block: int) -> tuple[int, int]:
        return grid, block

    def launch(self, stream: Any, shape: tuple[int, int], function: Any, *given: int) -> None:
        self._check("cuLaunchKernel")
        (blocks, threads), (run, count) = shape, function
        assert len(given) == count
        self.launches += 1
        if self.fails_at < 0 or self.launches <= self.fails_at:  # else it fails while it runs, which is seen later
            words = (ctypes.c_uint64 * count)(*(word % 2**64 for word in given))
            for block in range(blocks):
                for thread in range(threads):
                    run(words, thread, threads, block)


class Stream:
    """A queue whose tasks are done at once."""

    def __init__(self, driver: Driver) -> None:
        self.synchronize = driver.synchronize

    def __int__(self) -> int:
        return 1


class Program:
    """A library, whose path is its image."""

    def __init__(self, image: bytes) -> None:
        self._library = ctypes.CDLL(image.decode())

    def get_kernel(self, name: str) -> tuple[Any, int]:
        """The function, and how many words it takes."""
        return self._library[name], ctypes.c_uint32.in_dll(self._library, "params").value


@contextmanager
def as_gpu(*, checked: bool = True) -> Iterator[Driver]:
    """Let the engine find this CPU where it looks for a GPU. `checked`: as if its bits had been compared."""
    pretended = Driver()
    gpu = Gpu(pretended, pretended, pretended)
    with pytest.MonkeyPatch.context() as patch, without_a_gpu():
        for module in (device, program, wave, driver):
            patch.setattr(module, "gpu", lambda: gpu)
        patch.setattr(program, "linked", linked)
        patch.setattr(program, "cache_folder", kept_apart)
        patch.setattr(wave, "loaded", cached({}, key=source_of)(program.loaded.__wrapped__))
        if checked:
            patch.setattr(driver, "ensure", lambda: None)
        yield pretended
