"""Many machines: the same jobs on Dask workers. Results do not depend on them; dead ones are replaced.

A job that was lost with its worker is given again to another, some times, then recorded as a run that went wrong. Areas
are sent as tasks that unpack them, not as data held by workers, so that no worker's death can lose one.
"""

from __future__ import annotations

import contextlib
import pickle
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from sim.errors import SweepError
from sim.platforms.cores import cores
from sim.sweeps.runs import Job, Row, do, model_digest
from sim.sweeps.schedule import LARGEST_BLOCK

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario

LOCAL = "local"
TRIES = 4
WORKERS_SECONDS = 60.0


def unpack(data: bytes) -> Organisation:
    """An area as it was sent."""
    found: Organisation = pickle.loads(data)
    return found


class Workers:
    """Jobs on a Dask cluster.

    Args:
        address: `tcp://host:port` of a scheduler, or LOCAL for processes of this machine.
        workers: how many local processes, None one for each core.
        patience: seconds to wait for workers.

    Raises:
        SweepError: Dask is not installed, no scheduler or no worker there, or workers with another model.
    """

    def __init__(self, address: str = LOCAL, workers: int | None = None, patience: float = WORKERS_SECONDS) -> None:
        try:
            import distributed
        except ImportError:
            raise SweepError(
                "--cluster: Dask is not installed; install the extra: pip install 'transformation-zones[cluster]'."
            ) from None
        library: Any = distributed
        if address != LOCAL and "://" not in address:
            raise SweepError(f"--cluster {address}: give 'local', or an address like tcp://that-machine:8786.")
        self._cluster: Any = None
        self._places: dict[int, Any] = {}
        self._jobs: dict[Any, tuple[Job, Scenario, Organisation, int]] = {}
        try:
            if address == LOCAL:
                self._cluster = library.LocalCluster(
                    n_workers=workers or cores(), threads_per_worker=1, dashboard_address=None
                )
            self._client: Any = library.Client(self._cluster or address, timeout=patience)
            self._client.wait_for_workers(1, timeout=patience)
        except (OSError, TimeoutError, ValueError) as error:
            self.close()
            raise SweepError(
                f"--cluster {address}: no scheduler with workers answers within {patience:.0f} s ({error}); is it "
                f"running, and are the address and port right?"
            ) from error
        self._check(address)

    def _check(self, address: str) -> None:
        there = self._client.run(model_digest)
        other = sorted(name for name, digest in there.items() if digest != model_digest())
        if other:
            self.close()
            raise SweepError(
                f"--cluster {address}: {len(other)} of {len(there)} workers have another version of the model "
                f"({other[0]}); install the same one everywhere."
            )

    @property
    def block(self) -> tuple[int, int]:
        """As threads of one machine."""
        return 1, LARGEST_BLOCK

    @property
    def size(self) -> int:
        """How many jobs run at once, as the cluster is now."""
        return max(1, int(sum(self._client.nthreads().values())))

    def submit(self, job: Job, scenario: Scenario, organisation: Organisation) -> None:
        """Begin a job."""
        self._submit(job, scenario, organisation, 1)

    def _submit(self, job: Job, scenario: Scenario, organisation: Organisation, tries: int) -> None:
        place = self._places.get(id(organisation))
        if place is None or place.status not in ("pending", "finished"):
            place = self._client.submit(unpack, pickle.dumps(organisation), pure=False)
            self._places[id(organisation)] = place
        future = self._client.submit(do, job, scenario, place, pure=False, retries=0)
        self._jobs[future] = (job, scenario, organisation, tries)

    def ready(self, timeout: float) -> list[tuple[Job, list[Row]]]:
        """Jobs that are done; those lost with a worker are given out again."""
        until = time.monotonic() + timeout
        while True:
            finished = [future for future in self._jobs if future.done()]
            if finished or time.monotonic() >= until:
                break
            time.sleep(0.02)
        found = []
        for future in finished:
            job, scenario, organisation, tries = self._jobs.pop(future)
            try:
                found.append((job, future.result()))
            except (Exception, CancelledError) as error:
                if _ours(error):
                    raise SweepError(f"--cluster: {error}") from error
                if tries >= TRIES:
                    found.append((job, _lost(job)))
                else:
                    self._submit(job, scenario, organisation, tries + 1)
        return found

    def stop(self) -> None:
        """Give up what is running: a scheduler forgets the jobs of a client that leaves."""
        self._jobs.clear()

    def close(self) -> None:
        """Leave the cluster; a local one is ended."""
        self.stop()
        for part in (getattr(self, "_client", None), self._cluster):
            if part is not None:
                with contextlib.suppress(Exception, CancelledError):
                    part.close(timeout=2)


def _ours(error: BaseException) -> bool:
    return isinstance(error, RuntimeError) and "version of the model" in str(error)


def _lost(job: Job) -> list[Row]:
    nothing = (float("nan"),) * len(job.outcomes)
    words = f"WorkerLost: {TRIES} workers ended while running it"
    return [Row(key, draw, nothing, words) for key, draw in zip(job.keys, job.draws, strict=True)]
