"""A GPU, asked through NVIDIA's driver: memory, a program, launches. Nothing here knows of replicates.

What is asked of a `Queue` is done in order; queues of several threads work at the same time.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from threading import Condition
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import GpuError

MAJOR, MINOR = 75, 76
"""Numbers of the driver's for what programs a GPU takes."""

OLDEST = (7, 0)
"""Older GPUs take 4 KB of arguments at most, and a replicate's world needs 9."""

SLEEPS, OWN_ORDER = 4, 1
"""A thread that waits for the GPU sleeps; a queue waits for no other."""

KEPT_FREE = 0.08
"""Share of free memory that is left to the driver and to others."""

INSTEAD = "Without --engine gpu the same results come from the processor."


@cache
def gpu() -> Gpu:
    """The GPU of this machine.

    Raises:
        GpuError: there is none, or not what is needed to use it.
    """
    if not (find_spec("numba_cuda") and find_spec("cuda") and find_spec("cuda.bindings")):
        raise GpuError(
            f'the GPU engine needs packages that are not installed: pip install "transformation-zones[gpu]". {INSTEAD}'
        )
    from cuda.bindings import driver

    return Gpu(driver)


class Gpu:
    """The first GPU of this machine.

    Attributes:
        name: its name.
        capability: what programs it takes, as (9, 0).
        driver: its functions and kinds.
    """

    def __init__(self, driver: Any) -> None:
        self.driver, self._room, self._taken = driver, Condition(), 0
        try:
            status = int(driver.cuInit(0)[0])
        except (ImportError, OSError, RuntimeError):
            raise GpuError(
                "there is no NVIDIA driver on this machine. Use one with an NVIDIA GPU (`nvidia-smi` lists it). "
                + INSTEAD
            ) from None
        if status:
            raise GpuError(f"the NVIDIA driver finds no GPU; `nvidia-smi` should list one. {INSTEAD}")
        device = self.call("cuDeviceGet", 0)
        self.name = self.call("cuDeviceGetName", 100, device).rstrip(b"\0").decode()
        major, minor = (
            self.call("cuDeviceGetAttribute", driver.CUdevice_attribute(which), device) for which in (MAJOR, MINOR)
        )
        self.capability = (int(major), int(minor))
        if self.capability < OLDEST:
            raise GpuError(f"{self.name} is too old; it takes one of 2017 or later. {INSTEAD}")
        self.call("cuDevicePrimaryCtxSetFlags", device, SLEEPS)
        self._context = self.call("cuDevicePrimaryCtxRetain", device)

    def call(self, name: str, *given: Any) -> Any:
        """Call the driver; its answer, a list where there are several.

        Raises:
            GpuError: what the driver says.
        """
        status, *found = getattr(self.driver, name)(*given)
        if int(status):
            words = self.driver.cuGetErrorString(status)[1] or str(status).encode()
            raise GpuError(f"the GPU stopped working ({name}: {words.decode()}). {INSTEAD}")
        return found[0] if len(found) == 1 else found

    def here(self) -> None:
        """Let the calling thread speak to this GPU."""
        self.call("cuCtxSetCurrent", self._context)

    def load(self, image: bytes, entry: str) -> Any:
        """A linked program's entry, ready to be launched."""
        self.here()
        return self.call("cuModuleGetFunction", self.call("cuModuleLoadData", image), entry.encode())

    def allocate(self, each: int, wanted: int, common: int) -> tuple[int, int]:
        """Memory for `common` bytes and as many times `each` as there is room for, `wanted` at most, where others may
        have taken theirs; waits while they leave no room for one.

        Returns:
            Its address, and for how many there is room.

        Raises:
            GpuError: there is not so much on the whole GPU.
        """
        with self._room:
            while True:
                free, total = self.call("cuMemGetInfo")
                count = min(wanted, (int(free * (1 - KEPT_FREE)) - common) // each)
                if count > 0:
                    address = int(self.call("cuMemAlloc", common + count * each))
                    self._taken += 1
                    return address, count
                if not self._taken:
                    raise GpuError(
                        f"32 runs of this area need {(common + each) / 2**30:.1f} GiB of GPU memory, and "
                        f"{free / 2**30:.1f} GiB of {total / 2**30:.1f} are free. {INSTEAD}"
                    )
                self._room.wait()

    def release(self, address: int) -> None:
        """Give memory back."""
        with self._room:
            self._taken -= 1
            self._room.notify_all()
            self.call("cuMemFree", address)


class Queue:
    """What is asked of a GPU in order, by the thread that made it."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu, self._stream = gpu, gpu.call("cuStreamCreate", OWN_ORDER)

    def ask(self, name: str, *given: Any) -> None:
        """A function of the driver whose last argument is a queue."""
        self._gpu.call(name, *given, self._stream)

    def wait(self) -> None:
        """Sleep until all is done."""
        self.ask("cuStreamSynchronize")

    def write(self, address: int, data: NDArray[Any]) -> None:
        """Copy an array to the GPU; it may be changed afterwards."""
        data = np.ascontiguousarray(data)
        if data.nbytes:
            self.ask("cuMemcpyHtoDAsync", address, data.ctypes.data, data.nbytes)
            self.wait()

    def read(self, address: int, into: NDArray[Any]) -> None:
        """Copy from the GPU into an array, which holds it after `wait`."""
        self.ask("cuMemcpyDtoHAsync", into.ctypes.data, address, into.nbytes)

    def read_rows(self, address: int, pitch: int, into: NDArray[np.uint8]) -> None:
        """The same for rows that begin `pitch` bytes apart on the GPU, into [rows, bytes]."""
        driver = self._gpu.driver
        copy = driver.CUDA_MEMCPY2D()
        copy.srcMemoryType = driver.CUmemorytype.CU_MEMORYTYPE_DEVICE
        copy.dstMemoryType = driver.CUmemorytype.CU_MEMORYTYPE_HOST
        copy.srcDevice, copy.srcPitch = address, pitch
        copy.dstHost, copy.dstPitch = into.ctypes.data, into.strides[0]
        copy.Height, copy.WidthInBytes = into.shape
        self.ask("cuMemcpy2DAsync", copy)

    def launch(self, function: Any, blocks: int, threads: int, given: NDArray[np.uint64]) -> None:
        """Begin a program; every argument is a word of 64 bits."""
        places = given.ctypes.data + 8 * np.arange(len(given), dtype=np.uint64)
        shape = (blocks, 1, 1, threads, 1, 1, 0)
        self._gpu.call("cuLaunchKernel", function, *shape, self._stream, int(places.ctypes.data), 0)

    def close(self) -> None:
        """What was asked is done first."""
        self.wait()
        self.ask("cuStreamDestroy")
