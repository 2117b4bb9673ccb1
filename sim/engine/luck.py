"""Luck for the Mesa model: the kernels' own uniforms, by decision, for all agents of a kind at once.

An agent asks for one decision by its words; the first that asks in a month has them drawn for its whole kind. A uniform
depends on seed, replicate, decision, month and the agent's permanent id alone, so neither order nor company matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import draws
from sim.engine.setup import Setup


class Decision(NamedTuple):
    """Who decides, the word of 64 bits that carries the decision, and which half of it."""

    kind: str
    word: int
    lower: bool


DECISIONS = {
    "leaves the post": Decision("practitioner", draws.PERSON, False),
    "moves": Decision("practitioner", draws.PERSON, True),
    "own level of skill": Decision("practitioner", draws.NEWCOMER, False),
    "own readiness": Decision("practitioner", draws.NEWCOMER, True),
    "is inducted": Decision("practitioner", draws.TRAINING, False),
    "attends the training": Decision("practitioner", draws.TRAINING, True),
    "is observed": Decision("practitioner", draws.OBSERVED, False),
    "error of observation": Decision("practitioner", draws.OBSERVED, True),
    "second error of observation": Decision("practitioner", draws.ERROR, False),
    "uses it on the first day": Decision("practitioner", draws.ERROR, True),
    "need arises or resolves": Decision("family", draws.FAMILY, False),
    "way through service": Decision("family", draws.FAMILY, True),
    "in need on the first day": Decision("family", draws.FAMILY_START, False),
    "is selected": Decision("site", draws.SITE, False),
    "meets a barrier beyond": Decision("site", draws.SITE, True),
    "barrier needs every agency": Decision("site", draws.SITE_BARRIER, False),
    "barriers at first": Decision("site", draws.SITE_BARRIER, True),
    "readiness of staff": Decision("site", draws.SITE_READINESS, False),
    "level of skill of staff": Decision("site", draws.SITE_READINESS, True),
    "error in capacity": Decision("site", draws.SITE_CAPACITY_ERROR, False),
    "second error in capacity": Decision("site", draws.SITE_CAPACITY_ERROR, True),
    "error in data use": Decision("site", draws.SITE_DATA_ERROR, False),
    "second error in data use": Decision("site", draws.SITE_DATA_ERROR, True),
    "member leaves": Decision("team", draws.TEAM, False),
    "place is filled": Decision("team", draws.TEAM, True),
    "leader leaves": Decision("leader", draws.LEADER, False),
    "successor": Decision("leader", draws.LEADER, True),
    "baseline": Decision("leader", draws.LEADER_START, False),
    "barrier is decided on": Decision("queue", draws.QUEUE, False),
}
"""The decisions of the model by their words."""


class Luck(dict[str, list[float]]):
    """Uniforms of this month by decision: one for each agent of the kind, in the order of the organisation's table."""

    def __init__(self, setup: Setup, seed: int, replicate: int) -> None:
        super().__init__()
        place = setup.place
        self._key = np.uint64(draws.run_key(np.uint64(seed), np.uint64(replicate)))
        self._month = 0
        self._areas = place.area_id
        self._ids = {
            "practitioner": place.person_id,
            "family": place.family_id,
            "site": place.site_id,
            "team": setup.teams.id,
            "leader": place.leader_id,
            "queue": np.ascontiguousarray(place.queue_id).reshape(-1),
        }

    def turn_to(self, month: int) -> None:
        """A new month, new luck."""
        self._month = month
        self.clear()

    def of_outcome(self, zone: int, area: int) -> tuple[float, float]:
        """Both parts of the error in what a zone's own outcome data show; the same in every month."""
        key = draws.word_key(self._key, draws.OUTCOME, zone)
        first, second = np.empty(1), np.empty(1)
        draws.fill(np.uint64(key), self._areas[area : area + 1], first, second)
        return float(first[0]), float(second[0])

    def __missing__(self, decision: str) -> list[float]:
        kind, word, _ = DECISIONS[decision]
        ids = self._ids[kind]
        halves = np.empty((2, len(ids)))
        draws.fill(np.uint64(draws.word_key(self._key, word, self._month)), ids, halves[0], halves[1])
        for other, (its_kind, its_word, its_lower) in DECISIONS.items():
            if its_kind == kind and its_word == word:
                self[other] = halves[int(its_lower)].tolist()
        return self[decision]
