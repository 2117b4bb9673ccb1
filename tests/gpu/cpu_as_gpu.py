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
from typing import Any

import numpy as np
import pytest
from cachetools import cached
from ptx_in_c import in_c

from sim.engine.gpu import device, driver
from sim.engine.gpu.device import Gpu
from sim.engine.gpu.program import ENTRY, source_of
from sim.engine.kernel import cache_folder

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


OK, INVALID, OUT_OF_MEMORY, NO_DEVICE, NO_CONTEXT, LAUNCH_FAILED = 0, 1, 2, 100, 201, 719
WORDS = {
    OUT_OF_MEMORY: b"out of memory",
    NO_CONTEXT: b"invalid device context",
    LAUNCH_FAILED: b"unspecified launch failure",
}


class Driver:
    """`cuda.bindings.driver` as far as the engine calls it: memory of the GPU is memory of this process, a program is a
    library (its path stands for its image), a launch runs its threads one after another, and what is asked is done at
    once. As NVIDIA's, it answers only threads that have said which GPU they mean.
    """

    def __init__(self) -> None:
        self._memory: dict[int, np.ndarray] = {}
        self._thread = threading.local()
        self.held = threading.Event()
        self.begun = threading.Event()
        self.set()

    def set(self, memory: int = 64 * GIB, fails_at: int = -1, found: int = 1, major: int = 9) -> None:
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

    def __getattr__(self, name: str) -> Any:
        """Kinds are the driver's own, and so is what is not pretended: it fails here."""
        import cuda.bindings.driver

        return getattr(cuda.bindings.driver, name)

    def _answer(self, *found: Any) -> tuple[Any, ...]:
        return (OK, *found) if getattr(self._thread, "context", 0) else (NO_CONTEXT, *(None for _ in found))

    def cuInit(self, flags: int) -> tuple[Any, ...]:
        return (OK if self.found else NO_DEVICE,)

    def cuDeviceGet(self, number: int) -> tuple[Any, ...]:
        return OK, number

    def cuDeviceGetName(self, length: int, device: int) -> tuple[Any, ...]:
        return OK, b"CPU".ljust(length, b"\0")

    def cuDeviceGetAttribute(self, which: Any, device: int) -> tuple[Any, ...]:
        return OK, self.major if which.name.endswith("CAPABILITY_MAJOR") else 0

    def cuDevicePrimaryCtxSetFlags(self, device: int, flags: int) -> tuple[Any, ...]:
        return (OK,)

    def cuDevicePrimaryCtxRetain(self, device: int) -> tuple[Any, ...]:
        return OK, 1

    def cuCtxSetCurrent(self, context: int) -> tuple[Any, ...]:
        self._thread.context = context
        return (OK,)

    def cuGetErrorString(self, status: int) -> tuple[Any, ...]:
        return OK, WORDS[status]

    def cuModuleLoadData(self, image: bytes) -> tuple[Any, ...]:
        return self._answer(ctypes.CDLL(image.decode()))

    def cuModuleGetFunction(self, module: Any, name: bytes) -> tuple[Any, ...]:
        return self._answer((module[name.decode()], ctypes.c_uint32.in_dll(module, "params").value))

    def cuMemGetInfo(self) -> tuple[Any, ...]:
        return self._answer(max(0, self.total - self.in_use), self.total)

    def cuMemAlloc(self, size: int) -> tuple[Any, ...]:
        if self.in_use + size > self.total:
            return OUT_OF_MEMORY, None
        values = np.full(size, 0xA5, np.uint8)  # whoever reads what was never written shall see it
        self._memory[values.ctypes.data] = values
        return self._answer(values.ctypes.data)

    def cuMemFree(self, address: int) -> tuple[Any, ...]:
        del self._memory[address]
        return self._answer()

    def cuStreamCreate(self, flags: int) -> tuple[Any, ...]:
        return self._answer(1)

    def cuStreamDestroy(self, stream: int) -> tuple[Any, ...]:
        return self._answer()

    def cuStreamSynchronize(self, stream: int) -> tuple[Any, ...]:
        if not self.held.is_set():
            self.begun.set()
            self.held.wait()
        return (LAUNCH_FAILED,) if 0 <= self.fails_at < self.launches else self._answer()

    def cuMemcpyHtoDAsync(self, to: int, of: int, size: int, stream: int) -> tuple[Any, ...]:
        ctypes.memmove(to, of, size)
        return self._answer()

    def cuMemcpyDtoDAsync(self, to: int, of: int, size: int, stream: int) -> tuple[Any, ...]:
        return self.cuMemcpyHtoDAsync(to, of, size, stream)

    def cuMemcpyDtoHAsync(self, to: int, of: int, size: int, stream: int) -> tuple[Any, ...]:
        self.came_back += size
        return self.cuMemcpyHtoDAsync(to, of, size, stream)

    def cuMemcpy2DAsync(self, copy: Any, stream: int) -> tuple[Any, ...]:
        self.came_back += copy.WidthInBytes * copy.Height
        for row in range(copy.Height):
            to, of = int(copy.dstHost) + row * copy.dstPitch, int(copy.srcDevice) + row * copy.srcPitch
            ctypes.memmove(to, of, copy.WidthInBytes)
        return self._answer()

    def cuMemsetD8Async(self, to: int, value: int, size: int, stream: int) -> tuple[Any, ...]:
        ctypes.memset(to, value, size)
        return self._answer()

    def cuLaunchKernel(self, function: Any, *given: Any) -> tuple[Any, ...]:
        (blocks, _, _, threads, _, _, _, _, places, _), (run, count) = given, function
        self.launches += 1
        if self.fails_at < 0 or self.launches <= self.fails_at:  # else it fails while it runs, which is seen later
            at = np.ctypeslib.as_array(ctypes.cast(places, ctypes.POINTER(ctypes.c_uint64)), (count,))
            words = (ctypes.c_uint64 * count)(*(ctypes.c_uint64.from_address(int(a)).value for a in at))
            for block in range(blocks):
                for thread in range(threads):
                    run(words, thread, threads, block)
        return self._answer()


@contextmanager
def as_gpu(*, checked: bool = True) -> Iterator[Driver]:
    """Let the engine find this CPU where it looks for a GPU. `checked`: as if its bits had been compared."""
    pretended = Driver()
    gpu = Gpu(pretended)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(driver, "gpu", lambda: gpu)
        patch.setattr(device, "gpu", lambda: gpu)
        patch.setattr(driver, "image_of", image_of)
        patch.setattr(driver, "loaded", cached({}, key=source_of)(driver.loaded.__wrapped__))
        if checked:
            patch.setattr(driver, "ensure", lambda: None)
        yield pretended
