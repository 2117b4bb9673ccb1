"""An NVIDIA GPU, asked through numba-cuda's driver and NVIDIA's `cuda.core`: memory, programs, launches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from threading import Condition
from typing import Any

OLDEST = (7, 0)
"""Older GPUs take 4 KB of arguments at most, and a replicate's world needs 9."""

SLEEPS = 4
"""A thread that waits for the GPU sleeps."""

KEPT_FREE = 0.08
"""Share of free memory that is left to the driver and to others."""

THREADS = 128
"""Of a block."""

GIB = 2**30


class NvidiaError(RuntimeError):
    """There is no GPU that can be used, or it stopped: in a sentence."""


@contextmanager
def told() -> Iterator[None]:
    """What a library says of the GPU becomes a sentence."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("numba", "cuda"):
            raise
        raise NvidiaError(f"the GPU stopped working ({' '.join(str(error).split())}).") from error


def first_gpu() -> Gpu:
    """The first GPU of this machine.

    Raises:
        NvidiaError: there is none, or not what is needed to use it.
    """
    if not (find_spec("numba_cuda") and find_spec("cuda")):
        raise NvidiaError(
            'the GPU engine needs packages that are not installed: pip install "transformation-zones[gpu]".'
        )
    from cuda import core
    from numba import cuda
    from numba.cuda.cudadrv.driver import driver

    return Gpu(cuda, driver, core)


class Gpu:
    """A GPU.

    Attributes:
        name: its name.
        capability: what programs it takes, as (9, 0).
    """

    def __init__(self, cuda: Any, driver: Any, core: Any) -> None:
        self._cuda, self._driver, self._core, self._room, self._taken = cuda, driver, core, Condition(), 0
        try:
            driver.cuDevicePrimaryCtxSetFlags(0, SLEEPS)
            device = cuda.get_current_device()
        except Exception as error:
            words = " ".join(str(error).split()).strip(".:")
            raise NvidiaError(f"there is no NVIDIA GPU here; `nvidia-smi` should list one ({words}).") from None
        self.name, self.capability = str(device.name), (*device.compute_capability,)[:2]
        if self.capability < OLDEST:
            raise NvidiaError(f"{self.name} is too old; it takes one of 2017 or later.")

    def load(self, image: bytes, entry: str) -> Any:
        """A linked program's entry, ready to be launched."""
        self._cuda.current_context()
        return self._core.ObjectCode.from_cubin(image).get_kernel(entry)

    def stream(self) -> Any:
        """What is asked on one stream is done in order; streams of several threads work at the same time."""
        self._cuda.current_context()
        return self._cuda.stream()

    def ask(self, stream: Any, name: str, *given: int) -> None:
        """Call a function of the driver whose last argument is a stream."""
        getattr(self._driver, name)(*given, int(stream))

    def launch(self, stream: Any, program: Any, threads: int, words: list[int]) -> None:
        """Begin a program; every argument is a word of 64 bits."""
        shape = self._core.LaunchConfig(grid=-(-threads // THREADS), block=THREADS)
        self._core.launch(stream, shape, program, *words)

    @contextmanager
    def memory(self, common: int, each: int, wanted: int) -> Iterator[tuple[int, int]]:
        """Memory for `common` bytes and as many times `each` as there is room for, `wanted` at most, where other
        threads may have taken theirs; waits while they leave no room for one.

        Returns:
            Its address, and for how many there is room.

        Raises:
            NvidiaError: there is not so much on the whole GPU.
        """
        with self._room:
            self._room.wait_for(lambda: not self._taken or self._free() >= common + each)
            if (free := self._free()) < common + each:
                least = f"{(common + each) / GIB:.1f} GiB of GPU memory"
                raise NvidiaError(f"at least {least} are needed for this area, and {free / GIB:.1f} GiB are free.")
            count = min(wanted, (free - common) // each)
            address = int(self._driver.cuMemAlloc(common + count * each))
            self._taken += 1
        try:
            yield address, count
        finally:
            with self._room, suppress(Exception):  # a GPU that has stopped has said so before
                self._taken -= 1
                self._room.notify_all()
                self._driver.cuMemFree(address)

    def _free(self) -> int:
        self._cuda.current_context()
        return int(self._driver.cuMemGetInfo()[0] * (1 - KEPT_FREE))
