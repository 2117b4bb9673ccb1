"""What is wrong with one source: each kind of value is read strictly, and all problems are listed at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sim.errors import ScenarioError, UnknownName, hidden, quoted
from sim.strict import number_in, whole_in

LAST_MONTH = 1200
LONGEST_NAME = 200
LONGEST_PATH = 1_000
IN_TEXTS = "\n\t\u200c\u200d"
T = TypeVar("T")


class Problems:
    """Collects what is wrong with one source, so that a user sees everything at once.

    Attributes:
        where: the file (or other source) that every address begins with.
        found: the errors so far.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[ScenarioError] = []

    def at(self, address: str) -> str:
        """The full address of a key."""
        return f"{self.where}: {address}"

    def add(self, error: ScenarioError) -> None:
        """Remember one error."""
        self.found.append(error)

    def refuse(self, address: str, allowed: str, given: object) -> None:
        """Note that a value is not allowed."""
        self.add(ScenarioError(f"{self.at(address)} must be {allowed}; got {quoted(given)}."))

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` returns, or None with its error remembered."""
        try:
            return read()
        except ScenarioError as error:
            self.add(error)
            return None

    def known(self, address: str, what: str, given: Iterable[str], names: Iterable[str]) -> bool:
        """Whether every given name is one of `names`; the others are remembered with the nearest."""
        names = tuple(names)
        strange = [n for n in given if n not in names]
        for name in strange:
            self.add(UnknownName(self.at(address) if address else self.where, what, str(name), names))
        return not strange

    def stop(self) -> None:
        """Raise what was found, if anything: the error itself when there is one, else all in one message."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            lines = "\n".join(f"  - {problem}" for problem in self.found)
            raise ScenarioError(f"{self.where}: {len(self.found)} problems\n{lines}")

    def table(self, address: str, value: object) -> dict[str, Any]:
        """A TOML table, {} with a problem remembered otherwise."""
        if isinstance(value, dict):
            return value
        self.refuse(address, "a table", value)
        return {}

    def text(self, address: str, value: object) -> str:
        """A text, over one line or several."""
        if not isinstance(value, str):
            self.refuse(address, "a text in quotes", value)
        elif found := hidden(value, keep=IN_TEXTS):
            self._refuse_hidden(address, found, value)
        else:
            return value
        return ""

    def name(self, address: str, value: object, most: int = LONGEST_NAME) -> str:
        """An id or a name: a text on one line without invisible characters."""
        if not isinstance(value, str):
            self.refuse(address, "a text in quotes", value)
        elif found := hidden(value):
            self._refuse_hidden(address, found, value)
        elif len(value) > most:
            self.refuse(address, f"a text of at most {most:,} characters", value)
        else:
            return value
        return ""

    def whole(self, address: str, value: object, low: int, high: int = LAST_MONTH) -> int:
        """A whole number in [low, high]."""
        found = whole_in(value, low, high)
        if found is None:
            self.refuse(address, f"a whole number in [{low}, {high}]", value)
        return low if found is None else found

    def number(self, address: str, value: object, low: float, high: float) -> float:
        """A finite number in [low, high]."""
        found = number_in(value, low, high)
        if found is None:
            self.refuse(address, f"a number in [{low:g}, {high:g}]", value)
        return low if found is None else found

    def flag(self, address: str, value: object) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.refuse(address, "true or false", value)
        return False

    def one_of(self, address: str, value: object, names: tuple[str, ...]) -> str:
        """One of some names; an unknown one is answered with the nearest."""
        text = self.name(address, value)
        return text if isinstance(value, str) and self.known(address, "value", [text], names) else ""

    def texts(self, address: str, value: object, names: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of ids or names, each one of `names` when those are given, none twice."""
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            self.refuse(address, "a list of texts in quotes", value)
            return ()
        before = len(self.found)
        for given in value:
            self.name(address, given)
        if len(self.found) > before:
            return ()
        if len(set(value)) < len(value):
            twice = sorted(name for name, count in Counter(value).items() if count > 1)
            self.add(ScenarioError(f"{self.at(address)}: named twice: {', '.join(twice)}. Name each once."))
        if names and not self.known(address, "value", value, names):
            return ()
        return tuple(value)

    def _refuse_hidden(self, address: str, found: str, value: str) -> None:
        self.add(
            ScenarioError(
                f"{self.at(address)} holds the invisible character {found}; take it out. Got {quoted(value)}."
            )
        )
