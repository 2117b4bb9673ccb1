"""The evidence ledger for the page: published figures against the model, measured in the background when asked."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from sim.errors import ZonesError

REPLICATES = 60


@dataclass
class Proof:
    """What is known so far, filled figure by figure by one background job.

    Attributes:
        found: measured findings by id.
        state: '' not asked, 'measuring', 'done', or what went wrong.
    """

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, heavy: threading.Lock) -> None:
        """Begin, unless it has begun."""
        with self._lock:
            if self.state in ("measuring", "done"):
                return
            self.state = "measuring"
        threading.Thread(target=self._measure, args=(heavy,), name="zones-evidence", daemon=True).start()

    def _measure(self, heavy: threading.Lock) -> None:
        from sim.outcomes.evidence import gather
        from sim.outcomes.situations import SITUATIONS

        try:
            for situation in SITUATIONS:
                with heavy:
                    finding = gather(replicates=REPLICATES, situations=(situation,), threads=1)[0]
                self.found[situation.id] = finding.as_dict()
            self.state = "done"
        except ZonesError as error:
            self.state = str(error)


def ledger(proof: Proof) -> dict[str, Any]:
    """Every published figure, with what the model gives where it has been measured."""
    from sim import posterior
    from sim.outcomes.situations import SITUATIONS

    rows = []
    for s in SITUATIONS:
        row = {
            "id": s.id,
            "measure": s.measure,
            "target": s.target,
            "source": s.source,
            "grade": s.grade,
            "kind": s.kind_under(posterior.DEFAULT),
            "bears": s.bears,
        }
        rows.append(row | {"found": proof.found.get(s.id)})
    return {"rows": rows, "state": proof.state, "calibration": posterior.DEFAULT, "runs": REPLICATES}
