"""How a parameter is declared: what is known of it, how a user's value is read, and how a refusal is worded."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import ScenarioError, quoted
from sim.strict import WHOLE_BELOW, number_in, number_of

CHOICE, CONDITION = "choice", "condition"

SEEDS_BELOW = WHOLE_BELOW
"""Seeds that may be asked for are whole numbers from 0 that a signed column of 64 bits holds."""


class Scale(str):
    """A unit that is described by what its ends mean: '(0 none - 1 full)'.

    Attributes:
        ends: what the least and the largest value mean.
    """

    ends: tuple[str, ...] = ()

    @classmethod
    def between(cls, low: int, least: str, high: int, most: str, middle: str = "") -> Scale:
        """A scale from `least` at `low` to `most` at `high`, with the values between in words."""
        made = cls(f"({low} {least}, {middle}, {high} {most})" if middle else f"({low} {least} - {high} {most})")
        made.ends = (least, most)
        return made


@dataclass(frozen=True, slots=True)
class About:
    """What is known of one parameter; the default is beside it in its class.

    Attributes:
        words: what it is, in plain words.
        unit: unit of the value.
        low: smallest allowed value.
        high: largest allowed value.
        source: evidence row and grade, or ASSUMED with a reason.
        choices: for a lever with named values, those names; its stored value is their position.
        structural: shapes teams or the plan, so an event cannot change it in mid-run.
        whole: only whole numbers make sense.
        named: values that mean something of their own, with the meaning.
        kind: 'choice', or 'condition' for what nobody can choose or buy.
        price: of a choice, the cost parameters by which it is paid for; '' for a decision without hours of its own.
        ceiling: of a choice, the most that is plausible in practice; None: `high`.
        found: what is there without anybody's work; only what is above it is paid for.
    """

    words: str
    unit: str
    low: float
    high: float
    source: str
    choices: tuple[str, ...] = ()
    structural: bool = False
    whole: bool = False
    named: tuple[tuple[float, str], ...] = ()
    kind: str = CHOICE
    price: str = ""
    ceiling: float | None = None
    found: float = 0.0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter: its name, group ('lever' or the actor's name), default and what is known of it."""

    name: str
    group: str
    default: float
    about: About

    @property
    def is_lever(self) -> bool:
        """Chosen by people, not a property of the world."""
        return self.group == "lever"

    @property
    def is_condition(self) -> bool:
        """A lever that describes the world: nobody chooses it, nobody can buy it."""
        return self.is_lever and self.about.kind == CONDITION

    @property
    def prices(self) -> tuple[str, ...]:
        """Names of the cost parameters by which a choice is paid for; () for a decision without hours of its own."""
        return tuple(self.about.price.split())

    @property
    def ceiling(self) -> float:
        """The most of it that is plausible in practice, as stored."""
        return self.about.high if self.about.ceiling is None else self.about.ceiling

    @property
    def shown_default(self) -> str | float:
        """The default as a user writes it."""
        return self.show(self.default)

    def show(self, value: float) -> str | float:
        """A stored value as a user writes it: a choice's name, or the number."""
        if self.about.choices:
            return self.about.choices[int(value)]
        return int(value) if self.about.whole else value

    def allowed(self) -> str:
        """The allowed values in words, with the unit."""
        if self.about.choices:
            return "one of " + ", ".join(self.about.choices)
        kind = "a whole number" if self.about.whole else "a number"
        meanings = "".join(f", or '{meaning}'" for _, meaning in self.about.named)
        return f"{kind} in [{self.about.low:g}, {self.about.high:g}] {self.about.unit}{meanings}"

    def read(self, where: str, value: object) -> float:
        """Turn what a user gave into the stored value.

        Raises:
            ScenarioError: not a number, not finite, out of range or not one of the choices.
        """
        refusal = ScenarioError(f"{where}: {self.name} must be {self.allowed()}; got {quoted(value)}.")
        if self.about.choices:
            if isinstance(value, bool):
                value = "on" if value else "off"
            if not isinstance(value, str) or value not in self.about.choices:
                raise refusal
            return float(self.about.choices.index(value))
        for meant, meaning in self.about.named:
            if value == meaning:
                return meant
        given = number_of(value) if isinstance(value, str) else value
        number = number_in(given, self.about.low, self.about.high)
        if number is None or (self.about.whole and number != int(number)):
            raise refusal
        return number
