"""Reads a list in a separate process, with limits on time and memory, so that no file can harm who else is served.

`read_apart` begins `python -m sim.organisation.files.apart`, which gets the file on its input, answers on its output
and ends.
"""

from __future__ import annotations

import json
import pickle
import sys
from typing import Any

from sim.apart import framed, unframed
from sim.errors import OrganisationError
from sim.organisation.files.cells import Upload
from sim.organisation.files.choices import Choices
from sim.organisation.files.survey import Survey, Today, survey
from sim.platforms.memory import limit_memory
from sim.platforms.processes import answer, start

SECONDS = 30.0
MEBIBYTES = 1536
TOO_MUCH = (
    "it could not be read within {:.0f} seconds and {:,} MiB of memory; is it a plain list of sites? Save the sheet "
    "with the list alone as CSV and open that"
)


def read_apart(
    upload: Upload, choices: Choices, today: Today, *, as_given: bool = False, seconds: float = SECONDS
) -> Survey:
    """What `sim.organisation.files.survey.survey` gives, from a process of its own.

    Args:
        upload: the file in memory.
        choices: what a person has settled.
        today: today's state beside it.
        as_given: generate no teams that the list lacks.
        seconds: how long it may take.

    Raises:
        OrganisationError: it took too long or too much memory, or no process can be begun.
    """
    process = start(["-m", __spec__.name], heard=True)
    if process is None:
        raise OrganisationError(upload.name, ["the system allows no further process just now; try again"])
    asked = {
        "name": upload.name,
        "choices": dict(vars(choices)),
        "today": {k: dict(v) for k, v in today.sites.items()},
        "as_given": as_given,
    }
    head = json.dumps(asked).encode()
    said = answer(process, framed(head) + upload.content, seconds)
    if not said:
        raise OrganisationError(upload.name, [TOO_MUCH.format(seconds, MEBIBYTES)])
    found: Survey = pickle.loads(said)
    return found


def main() -> None:
    """Read what comes on the input, and answer on the output."""
    limit_memory(MEBIBYTES)
    asked: dict[str, Any] = json.loads(unframed(sys.stdin.buffer))
    chosen = asked["choices"]
    choices = Choices(**{**chosen, "sheets": tuple(chosen["sheets"])})
    upload = Upload(asked["name"], sys.stdin.buffer.read())
    found = survey(upload, choices, Today(asked["today"]), as_given=asked["as_given"])
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main()
