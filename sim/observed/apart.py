"""Reads a table of what was seen in a process apart, with limits on time and memory, as lists of sites are read.

`read_apart` begins `python -m sim.observed.apart`, which gets the file on its input, answers on its output and ends.
"""

from __future__ import annotations

import pickle
import sys

from sim.apart import framed, unframed
from sim.errors import OrganisationError
from sim.observed.reader import ObservedFile, read_observed
from sim.observed.reports import Place
from sim.organisation.files.cells import Upload
from sim.platforms.memory import limit_memory
from sim.platforms.processes import answer, start

SECONDS = 30.0
MEBIBYTES = 1536
TOO_MUCH = (
    "it could not be read within {:.0f} seconds and {:,} MiB of memory; is it a plain table of what was seen? Save the "
    "sheet alone as CSV and open that"
)


def read_apart(upload: Upload, place: Place, *, seconds: float = SECONDS) -> ObservedFile:
    """What `sim.observed.reader.read_observed` gives, from a process of its own.

    Args:
        upload: the file in memory.
        place: zones and sites to read it against, with the date of month 0.
        seconds: how long it may take.

    Raises:
        OrganisationError: what is wrong with the file; or it took too long or too much memory, or no process can be
            begun.
    """
    process = start(["-m", __spec__.name], heard=True)
    if process is None:
        raise OrganisationError(upload.name, ["the system allows no further process just now; try again"])
    head = pickle.dumps((upload.name, place))
    said = answer(process, framed(head) + upload.content, seconds)
    if not said:
        raise OrganisationError(upload.name, [TOO_MUCH.format(seconds, MEBIBYTES)])
    found: ObservedFile | tuple[str, list[str]] = pickle.loads(said)
    if isinstance(found, tuple):
        raise OrganisationError(*found)
    return found


def main() -> None:
    """Read what comes on the input, and answer on the output."""
    limit_memory(MEBIBYTES)
    name, place = pickle.loads(unframed(sys.stdin.buffer))
    found: object
    try:
        found = read_observed(Upload(name, sys.stdin.buffer.read()), place, place.start)
    except OrganisationError as error:
        found = (error.where, list(error.problems))
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main()
