"""A GPU, spoken to through NVIDIA's driver: memory, a program, launches. Nothing here knows of replicates.

The driver's own functions are called, as they stay the same from version to version. Whatever is asked of a `Queue` is
done in order; queues of several threads work at the same time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import GpuError
from sim.platforms import nvidia
from sim.platforms.nvidia import Handle, Pointer, Size, Unsigned, by_reference

Program = Handle
NOT_READY = 600
MAJOR, MINOR = 75, 76
OLDEST = (7, 0)
"""Older GPUs take 4 KB of arguments at most, and a replicate's world needs 9."""

KEPT_FREE = 0.08
"""Share of free memory that is left to the driver and to others."""

INSTEAD = "Without --engine gpu the same results come from the processor."


class Gpu:
    """The first GPU of this machine.

    Attributes:
        name: its name.
        capability: what programs it takes, as (9, 0).
    """

    def __init__(self, library: Any = None) -> None:
        self._driver = library or nvidia.driver()
        if self._driver is None:
            raise GpuError(
                "there is no NVIDIA driver on this machine. Use one with an NVIDIA GPU (`nvidia-smi` lists it). "
                + INSTEAD
            )
        self._room, self._taken = Condition(), 0
        device, context, name = nvidia.Int(), Handle(), nvidia.text(100)
        if self.status("cuInit", 0) or self.status("cuDeviceGet", by_reference(device), 0):
            raise GpuError(f"the NVIDIA driver finds no GPU; `nvidia-smi` should list one. {INSTEAD}")
        self.call("cuDeviceGetName", name, 100, device)
        self.name = name.value.decode()
        self.capability = self._attribute(MAJOR, device), self._attribute(MINOR, device)
        if self.capability < OLDEST:
            raise GpuError(f"{self.name} is too old; it takes one of 2017 or later. {INSTEAD}")
        self.call("cuDevicePrimaryCtxRetain", by_reference(context), device)
        self._context = context

    def call(self, name: str, *given: Any) -> None:
        """Call the driver.

        Raises:
            GpuError: what the driver says.
        """
        if status := self.status(name, *given):
            words = nvidia.Text()
            self._driver.cuGetErrorString(status, by_reference(words))
            said = (words.value or b"error %d" % status).decode()
            raise GpuError(f"the GPU stopped working ({name}: {said}). {INSTEAD}")

    def status(self, name: str, *given: Any) -> int:
        """Call the driver; its answer, 0 where all is well."""
        answer: int = getattr(self._driver, name)(*given)
        return answer

    def _attribute(self, number: int, device: Any) -> int:
        found = nvidia.Int()
        self.call("cuDeviceGetAttribute", by_reference(found), number, device)
        return found.value

    def load(self, image: bytes, entry: str) -> Program:
        """A linked program's entry, ready to be launched."""
        module, function = Handle(), Handle()
        self.here()
        self.call("cuModuleLoadData", by_reference(module), image)
        self.call("cuModuleGetFunction", by_reference(function), module, entry.encode())
        return function

    def here(self) -> None:
        """Let the calling thread speak to this GPU."""
        self.call("cuCtxSetCurrent", self._context)

    def allocate(self, each: int, wanted: int, common: int) -> tuple[int, int]:
        """Memory for `common` bytes and as many times `each` as there is room for, `wanted` at most, where others may
        have taken theirs; waits while they leave no room for one.

        Returns:
            Its address, and for how many there is room.

        Raises:
            GpuError: there is not so much on the whole GPU.
        """
        free, total, address = Size(), Size(), Pointer()
        with self._room:
            while True:
                self.call("cuMemGetInfo_v2", by_reference(free), by_reference(total))
                count = min(wanted, (int(free.value * (1 - KEPT_FREE)) - common) // each)
                if count > 0:
                    self.call("cuMemAlloc_v2", by_reference(address), Size(common + count * each))
                    self._taken += 1
                    return address.value, count
                if not self._taken:
                    raise GpuError(
                        f"32 runs of this area need {(common + each) / 2**30:.1f} GiB of GPU memory, and "
                        f"{free.value / 2**30:.1f} GiB of {total.value / 2**30:.1f} are free. {INSTEAD}"
                    )
                self._room.wait()

    def release(self, address: int) -> None:
        """Give memory back."""
        with self._room:
            self._taken -= 1
            self._room.notify_all()
            self.call("cuMemFree_v2", Pointer(address))


class Queue:
    """What is asked of a GPU in order."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu, self._stream = gpu, Handle()
        gpu.here()
        gpu.call("cuStreamCreate", by_reference(self._stream), 1)
        self._until_done: list[Any] = []

    def write(self, address: int, data: NDArray[Any]) -> None:
        """Copy an array to the GPU."""
        data = np.ascontiguousarray(data)
        self._until_done.append(data)
        if data.nbytes:
            self._gpu.call("cuMemcpyHtoDAsync_v2", Pointer(address), _at(data), Size(data.nbytes), self._stream)

    def read(self, address: int, into: NDArray[Any]) -> None:
        """Copy from the GPU into an array, which holds it after `wait`."""
        self._gpu.call("cuMemcpyDtoHAsync_v2", _at(into), Pointer(address), Size(into.nbytes), self._stream)

    def copy(self, source: int, target: int, size: int) -> None:
        """Copy within the GPU."""
        self._gpu.call("cuMemcpyDtoDAsync_v2", Pointer(target), Pointer(source), Size(size), self._stream)

    def clear(self, address: int, size: int) -> None:
        """Fill with zeros."""
        self._gpu.call("cuMemsetD8Async", Pointer(address), nvidia.Byte(0), Size(size), self._stream)

    def launch(self, function: Program, blocks: int, threads: int, given: NDArray[np.uint64]) -> None:
        """Begin a program; every argument is a word of 64 bits."""
        places = given.ctypes.data + 8 * np.arange(len(given), dtype=np.uint64)
        grid = [Unsigned(n) for n in (blocks, 1, 1, threads, 1, 1, 0)]
        self._gpu.call("cuLaunchKernel", function, *grid, self._stream, _at(places), None)

    def wait(self, cancelled: Callable[[], bool] | None = None) -> bool:
        """Wait until all is done; False where `cancelled` said so first. Ctrl-C is heard: the GPU is only looked at."""
        pause = 1e-4
        while (status := self._gpu.status("cuStreamQuery", self._stream)) == NOT_READY:
            if cancelled is not None and cancelled():
                return False
            time.sleep(pause)
            pause = min(1.2 * pause, 0.02)
        self._gpu.call("cuStreamSynchronize", self._stream)
        self._until_done.clear()
        return status == 0

    def close(self) -> None:
        """What was asked is done first."""
        self._gpu.here()
        self._gpu.call("cuStreamSynchronize", self._stream)
        self._gpu.call("cuStreamDestroy_v2", self._stream)


def _at(array: NDArray[Any]) -> Any:
    return Handle(array.ctypes.data)
