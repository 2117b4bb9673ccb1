"""The answer to `zones update` and `sim.update(...)`: findings that print themselves."""

from __future__ import annotations

from typing import Any

from sim.observed.findings import Findings
from sim.observed.tables import as_dict
from sim.observed.words import lines


class Update(Findings):
    """What an area's data show; printing it shows everything."""

    def lines(self) -> list[str]:
        """The answer in sentences."""
        return lines(self)

    def as_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return as_dict(self)

    def __repr__(self) -> str:
        return "\n".join(self.lines())
