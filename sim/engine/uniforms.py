"""Random numbers for the Mesa model: the kernels' own uniforms, by decision, for all agents of a kind at once.

An agent asks for one decision by its name in `engine/draws.py`; the first that asks in a month has it drawn for its
whole kind. A uniform depends on seed, replicate, decision, month and the agent's permanent id alone, so neither order
nor who else is there matters.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.draws import DECISIONS
from sim.engine.pasts import Pasts
from sim.engine.setup import Setup


class Uniforms(dict[str, list[float]]):
    """Uniforms of this month by decision: one for each agent of the kind, in the order of the organisation's table."""

    def __init__(self, setup: Setup, seed: int, replicate: int, past: tuple[Pasts, int] | None = None) -> None:
        super().__init__()
        place = setup.place
        self._own = np.uint64(draws.run_key(np.uint64(seed), np.uint64(replicate)))
        self._past = (-1, self._own) if past is None else (past[0].month, past[0].key(past[1]))
        self._month = 0
        self._ids = {
            "practitioner": place.person_id,
            "family": place.family_id,
            "site": place.site_id,
            "team": setup.teams.id,
            "leader": place.leader_id,
            "area": place.area_id,
            "queue": np.ascontiguousarray(place.queue_id).reshape(-1),
        }

    @property
    def _key(self) -> np.uint64:
        """The key of this month's random numbers."""
        last, key = self._past
        return key if self._month <= last else self._own

    def turn_to(self, month: int) -> None:
        """A new month, new random numbers."""
        self._month = month
        self.clear()

    def of_outcome(self, zone: int, area: int) -> tuple[float, float]:
        """Both parts of the error in what a zone's own outcome data show; the same in every month."""
        first = self._drawn("error_in_outcome", zone)[area]
        return first, self._drawn("error_in_outcome_too", zone)[area]

    def __missing__(self, decision: str) -> list[float]:
        self[decision] = self._drawn(decision, self._month)
        return self[decision]

    def _drawn(self, decision: str, month: int) -> list[float]:
        kind, word, second = DECISIONS[decision]
        ids = self._ids[kind]
        halves = np.empty((2, len(ids)))
        draws.fill(np.uint64(draws.word_key(self._key, word, month)), ids, halves[0], halves[1])
        drawn: list[float] = halves[int(second)].tolist()
        return drawn
