"""What a page may send besides a question: typed messages, read from JSON and checked once, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, TypeVar, get_type_hints

from sim.app.question import Question, read_question
from sim.errors import ScenarioError, quoted
from sim.strict import whole_in

M = TypeVar("M")
Reader = Callable[[object, str], Any]
"""Reads a field's value; raises ScenarioError with where it stands, what was given and what is allowed."""


@dataclass(frozen=True)
class Nothing:
    """A message that says no more than what should be done."""


def read_message(kind: type[M], given: Mapping[str, Any]) -> M:
    """A message of a kind from what a page sent; keys that the kind does not know are left alone.

    Args:
        kind: a dataclass whose fields are `Annotated[type, reader]`.
        given: the message as a table, already held to what any message may hold (`sim.strict.check`).

    Raises:
        ScenarioError: a field is missing or is not what its reader allows.
    """
    hints = get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in given and not (field.default is MISSING and field.default_factory is MISSING):
            continue
        reader: Reader = hints[field.name].__metadata__[0]
        values[field.name] = reader(given.get(field.name), field.name)
    return kind(**values)


def _question(value: object, _name: str) -> Question:
    return read_question(value)


Asked = Annotated[Question, _question]
"""The question on the page."""


def whole(low: int, high: int) -> Reader:
    """Reads a whole number in [low, high]."""

    def read(value: object, name: str) -> int:
        found = whole_in(value, low, high)
        if found is None:
            raise ScenarioError(f"{name} must be a whole number in [{low:,}, {high:,}]; got {quoted(value)}.")
        return found

    return read


def one_of(*allowed: str) -> Reader:
    """Reads one of some texts."""

    def read(value: object, name: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ScenarioError(f"{name} must be one of {', '.join(allowed)}; got {quoted(value)}.")
        return value

    return read


def text(longest: int) -> Reader:
    """Reads a text of at most so many characters."""

    def read(value: object, name: str) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise ScenarioError(f"{name} must be a text of at most {longest:,} characters.")
        return value

    return read


def flag(value: object, _name: str) -> bool:
    """True only where true was sent."""
    return value is True


def table(value: object, name: str) -> Mapping[str, Any]:
    """A table of names and values, its content read by whoever takes it."""
    if not isinstance(value, dict):
        raise ScenarioError(f"{name} must be a table of names and values; got {quoted(value)}.")
    return value


def anything(value: object, _name: str) -> object:
    """Left as it is, for a reader of its own."""
    return value
