"""A file that a visitor brings in the browser: it comes in parts, is held in memory, and is gone with the page."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Annotated

from sim.app.messages import text, whole
from sim.errors import ScenarioError
from sim.organisation.files.cells import Upload

LARGEST = 4 * 1024 * 1024
PART = 500_000
MOST_PARTS = 24
ENDS = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Part:
    """A part of a file, in order; the first forgets what came before."""

    name: Annotated[str, text(200)]
    at: Annotated[int, whole(0, MOST_PARTS - 1)]
    of: Annotated[int, whole(1, MOST_PARTS)]
    data: Annotated[str, text(PART)]


@dataclass
class Coming:
    """A file on its way.

    Attributes:
        what: what it is called in messages.
        instead: what one may do with one that is too large.
        ends: how the names of its kind end.
        kind: what to give instead of another kind.
    """

    what: str
    instead: str
    ends: tuple[str, ...] = ENDS
    kind: str = "in a spreadsheet, save it as .xlsx or CSV"
    _parts: list[bytes] = field(default_factory=list)

    def forget(self) -> None:
        """Let go of what has come."""
        self._parts = []

    def take(self, part: Part) -> Upload | None:
        """The file, once its last part has come.

        Raises:
            ScenarioError: not base64, out of order, too large, or of a kind that is not read.
        """
        if part.at == 0:
            self.forget()
        if part.at != len(self._parts) or part.at >= part.of:
            raise ScenarioError(f"{self.what}: its parts arrived out of order; choose the file again.")
        try:
            self._parts.append(base64.b64decode(part.data, validate=True))
        except (binascii.Error, ValueError):
            raise ScenarioError(f"{self.what}: part of it was damaged in transit; choose the file again.") from None
        if sum(map(len, self._parts)) > LARGEST:
            self.forget()
            raise ScenarioError(f"{self.what}: more than {LARGEST // 1024**2} MiB; {self.instead}")
        if len(self._parts) < part.of:
            return None
        found = Upload(self._name(part.name), b"".join(self._parts))
        self.forget()
        return found

    def _name(self, given: str) -> str:
        """The file's own name, with no folder."""
        name = PurePath(given.replace("\\", "/")).name
        if not name.lower().endswith(self.ends):
            raise ScenarioError(f"{self.what}: give a file that ends in {', '.join(self.ends)}; {self.kind}.")
        return name
