"""A GPU, asked through numba-cuda's driver and NVIDIA's `cuda.core`. Nothing here knows of replicates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from threading import Condition
from typing import Any

from sim.errors import GpuError

OLDEST = (7, 0)
"""Older GPUs take 4 KB of arguments at most, and a replicate's world needs 9."""

SLEEPS = 4
"""A thread that waits for the GPU sleeps."""

KEPT_FREE = 0.08
"""Share of free memory that is left to the driver and to others."""

THREADS = 128
INSTEAD = "Without --engine gpu the same results come from the processor."


@cache
def gpu() -> Gpu:
    """The first GPU of this machine.

    Raises:
        GpuError: there is none, or not what is needed to use it.
    """
    if not (find_spec("numba_cuda") and find_spec("cuda")):
        raise GpuError(
            f'the GPU engine needs packages that are not installed: pip install "transformation-zones[gpu]". {INSTEAD}'
        )
    from cuda import core
    from numba import cuda
    from numba.cuda.cudadrv.driver import driver

    return Gpu(cuda, driver, core)


class Gpu:
    """A GPU: its `name`, its `capability` (what programs it takes, as (9, 0)), and numba-cuda's way to it."""

    def __init__(self, cuda: Any, driver: Any, core: Any) -> None:
        self.cuda, self.driver, self._core, self._room, self._taken = cuda, driver, core, Condition(), 0
        try:
            driver.cuDevicePrimaryCtxSetFlags(0, SLEEPS)
            device = cuda.get_current_device()
        except Exception as error:
            words = " ".join(str(error).split()).strip(".:")
            raise GpuError(f"there is no NVIDIA GPU here; `nvidia-smi` should list one ({words}). {INSTEAD}") from None
        self.name, self.capability = str(device.name), (*device.compute_capability,)[:2]
        if self.capability < OLDEST:
            raise GpuError(f"{self.name} is too old; it takes one of 2017 or later. {INSTEAD}")

    def load(self, image: bytes, entry: str) -> Any:
        """A linked program's entry, ready to be launched."""
        self.cuda.current_context()
        return self._core.ObjectCode.from_cubin(image).get_kernel(entry)

    def launch(self, stream: Any, program: Any, threads: int, words: list[int]) -> None:
        """Begin a program; every argument is a word of 64 bits."""
        shape = self._core.LaunchConfig(grid=-(-threads // THREADS), block=THREADS)
        self._core.launch(stream, shape, program, *words)

    @contextmanager
    def memory(self, common: int, each: int, wanted: int) -> Iterator[tuple[int, int]]:
        """Memory for `common` bytes and as many times `each` as there is room for, `wanted` at most, where others may
        have taken theirs; waits while they leave no room for one. Gives its address, and for how many there is room.

        Raises:
            GpuError: there is not so much on the whole GPU, or it has stopped.
        """
        with self._telling():
            with self._room:
                self._room.wait_for(lambda: not self._taken or self._free() >= common + each)
                if (free := self._free()) < common + each:
                    raise GpuError(
                        f"32 runs of this area need {(common + each) / 2**30:.1f} GiB of GPU memory, and "
                        f"{free / 2**30:.1f} GiB are free. {INSTEAD}"
                    )
                count = min(wanted, (free - common) // each)
                address = int(self.driver.cuMemAlloc(common + count * each))
                self._taken += 1
            try:
                yield address, count
            finally:
                with self._room, suppress(Exception):  # a GPU that has stopped has said so before
                    self._taken -= 1
                    self._room.notify_all()
                    self.driver.cuMemFree(address)

    def _free(self) -> int:
        self.cuda.current_context()
        return int(self.driver.cuMemGetInfo()[0] * (1 - KEPT_FREE))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What a library says of the GPU becomes a sentence of ours."""
        try:
            yield
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("numba", "cuda"):
                raise
            raise GpuError(f"the GPU stopped working ({' '.join(str(error).split())}). {INSTEAD}") from error
