"""What all agents have in common: a row in their table, random numbers of their own, and a history people can read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mesa import Agent


def total(values: Iterable[float]) -> float:
    """Sum from left to right; the built-in `sum` rounds differently from Python 3.12 on."""
    result = 0.0
    for value in values:
        result += value
    return result


class Actor(Agent):  # type: ignore[misc]
    """An agent of the model.

    An agent perceives (its neighbours, its team, its manager, its area), asks the rules of `sim.rules` and keeps the
    answer. It holds no formula and no generator: each uniform is its own for one decision in one month.

    Attributes:
        index: row in the organisation's table of its kind.
        history: (month, what happened), oldest first; None until something did.
    """

    __slots__ = ("history", "index")

    def __init__(self, model: Any, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.history: list[tuple[int, str]] | None = None

    @property
    def name(self) -> str:
        """What to call it; never a person's or a site's real name."""
        return f"{type(self).__name__} {self.index + 1}"

    def chance(self, decision: str) -> float:
        """This agent's uniform in [0, 1) for one decision of this month (names: `engine/draws.py`)."""
        uniform: float = self.model.uniforms[decision][self.index]
        return uniform

    def note(self, words: str) -> None:
        """Write down what happened this month, if the model keeps histories."""
        if self.model.keeps_history:
            if self.history is None:
                self.history = []
            self.history.append((self.model.month, words))

    def explain(self) -> list[str]:
        """What has happened to it, one sentence for each event, and its state now."""
        past = [f"Month {month}: {words}." for month, words in self.history or []]
        return [*past, f"Now, in month {self.model.month}: {self.now()}."]

    def now(self) -> str:
        """Its state, in words."""
        return "there"

    def __repr__(self) -> str:
        """Class and name."""
        return f"<{type(self).__name__}: {self.name}>"
