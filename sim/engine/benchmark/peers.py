"""One small model in our way and in that of the peers that are installed, so that anyone can check the claim.

N people in a ring know the four on either side. A person who does not use a practice starts with a chance of
1 - (1 - BETA)^k a month, where k of those known use it; a user stops with a chance of LAPSE. All act on last
month's state. The share of users in the last months is reported for every engine, to show that they do the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.engine import draws
from sim.engine.benchmark.row import Row
from sim.engine.kernel import kernel

BETA, LAPSE, REACH, SEED_SHARE = 0.02, 0.1, 4, 0.05
Timed = tuple[float, float]


@kernel
def spread(users: Any, before: Any, chances: Any, months: int, key: Any) -> Any:
    """Months of the model over uint8 arrays; person-months of use."""
    n = users.shape[0]
    total = np.int64(0)
    for month in range(months):
        word = draws.word_key(key, draws.PERSON, month)
        for i in range(n):
            before[i] = users[i]
        around = np.int64(0)
        for j in range(-REACH, REACH + 1):
            around += before[j]
        for i in range(n):
            luck = draws.upper(draws.bits(word, np.uint64(i)))
            known = around - before[i]
            users[i] = luck >= LAPSE if before[i] == 1 else luck < chances[known]
            total += users[i]
            around += np.int64(before[(i + REACH + 1) % n]) - np.int64(before[i - REACH])
    return total


def ours(people: int, months: int) -> Timed:
    """Seconds, and mean share of users."""
    chances = np.array([1.0 - (1.0 - BETA) ** k for k in range(2 * REACH + 1)])
    users = _first(people)
    spread(users.copy(), users.copy(), chances, 1, np.uint64(1))
    start = time.perf_counter()
    total = spread(users, users.copy(), chances, months, np.uint64(1))
    return time.perf_counter() - start, total / people / months


def mesa(people: int, months: int) -> Timed:
    """Mesa, with lists of neighbours and two passes: its fast way."""
    from mesa import Agent, Model

    class Person(Agent):  # type: ignore[misc]
        def __init__(self, model: Any, uses: bool) -> None:
            super().__init__(model)
            self.uses = self.next = uses
            self.known: list[Person] = []

        def decide(self) -> None:
            luck = self.model.random.random()
            if self.uses:
                self.next = luck >= LAPSE
            else:
                self.next = luck < 1.0 - (1.0 - BETA) ** sum(other.uses for other in self.known)

        def change(self) -> None:
            self.uses = self.next

    model = Model(rng=1)
    everyone = [Person(model, bool(uses)) for uses in _first(people)]
    for i, person in enumerate(everyone):
        person.known = [everyone[(i + d) % people] for d in range(-REACH, REACH + 1) if d]
    total = 0
    start = time.perf_counter()
    for _ in range(months):
        model.agents.do("decide")
        model.agents.do("change")
        total += sum(person.uses for person in everyone)
    return time.perf_counter() - start, total / people / months


def ndlib(people: int, months: int) -> Timed:
    """NDlib's SIS model, which is this one."""
    import networkx as nx
    from ndlib.models.epidemics import SISModel  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from ndlib.models.ModelConfig import Configuration  # type: ignore[import-not-found,import-untyped,unused-ignore]

    model = SISModel(nx.circulant_graph(people, list(range(1, REACH + 1))), seed=1)
    how = Configuration()
    how.add_model_parameter("beta", BETA)
    how.add_model_parameter("lambda", LAPSE)
    how.add_model_initial_configuration("Infected", np.flatnonzero(_first(people)).tolist())
    model.set_initial_status(how)
    model.iteration()
    start = time.perf_counter()
    steps = model.iteration_bunch(months, node_status=False)
    return time.perf_counter() - start, sum(step["node_count"][1] for step in steps) / people / months


PEERS: dict[str, Callable[[int, int], Timed]] = {"mesa": mesa, "ndlib": ndlib}


def rows(quick: bool) -> Iterator[Row]:
    """Person-months a second of one core, and how many times that of each peer is ours."""
    people, months = (2_000, 20) if quick else (10_000, 60)
    nan = float("nan")
    taken, share = min(ours(people, months) for _ in range(5))
    note = f"{people:,} people, {months} months; mean share of users {share:.3f}"
    yield Row("common small model, our kernels", nan, people * months / taken / 1e6, "million a second", False, note)
    for name, peer in PEERS.items():
        try:
            its, theirs = peer(people, months)
        except ImportError as error:
            note = f"not installed ({error})"
            yield Row(f"common small model, {name}", nan, nan, "million a second", False, note)
            continue
        note = f"mean share of users {theirs:.3f}; ours is {its / taken:,.0f} times as fast"
        yield Row(f"common small model, {name}", nan, people * months / its / 1e6, "million a second", False, note)


def _first(people: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The same users at first for everybody, spread evenly."""
    users = np.zeros(people, np.uint8)
    users[:: round(1 / SEED_SHARE)] = 1
    return users
