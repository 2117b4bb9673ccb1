"""All errors that a user can meet, as one tree.

ZonesError
├── ScenarioError (ValueError)      a scenario, plan, lever or parameter that cannot be run
│   └── UnknownName (KeyError)      an unknown name; carries the known names and the nearest
├── WrongArgument (TypeError)       an argument from Python of a type that is not taken
├── OrganisationError (ValueError)  organisation files; carries every problem found, not only the first
├── SliceError (ValueError)         a set of sites that cannot be looked at as a slice
├── ResultError (RuntimeError)      a result folder that cannot be written, read or replayed
├── SweepError (RuntimeError)       a sweep's folder that cannot be run, resumed or read
├── GpuError (RuntimeError)         there is no GPU, or it cannot give what is asked of it
└── Interrupted (RuntimeError)      the user asked to stop

Every message says where, what was given, what is allowed and what to do. What a user gave is shown by `quoted`, and
a whole message passes through `visible`, so that nothing in it can steer a terminal or turn the order of letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sim.counts import counted

LONGEST_QUOTED = 80
LONGEST_NAME = 100
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def visible(text: str, *, keep: str = "") -> str:
    r"""The text with all that a reader cannot see written out: '\x1b' for escape, '\u202e' for a turn of order.

    Control and direction characters, lone halves of a character, spaces of no width and unusual spaces.

    Args:
        text: any text.
        keep: characters to leave as they are, for example the line ends of a whole message.
    """
    if text.isprintable():
        return text
    return "".join(c if c in keep or c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in text)


def hidden(text: str, *, keep: str = "") -> str:
    """The first control, direction or other unseen character of the text written out, '' where there is none.

    Ids and names must not hold such characters: two that look the same would differ.

    Args:
        text: any text.
        keep: characters to allow, for example the line ends of a description.
    """
    if text.isprintable():
        return ""
    return next((visible(c) for c in text if c not in keep and unicodedata.category(c) in _HIDDEN), "")


def quoted(value: object, most: int = LONGEST_QUOTED) -> str:
    """What a user gave, as a message shows it: short, on one line, texts in quotes, nothing unseen.

    Args:
        value: anything that a file, a page or a caller can hold.
        most: characters of it to show.
    """
    if isinstance(value, str):
        value = value[: most + 1]
    try:
        text = visible(repr(value))
    except (ValueError, RecursionError, MemoryError):  # whole numbers of thousands of digits have no text
        return "a whole number of thousands of digits" if isinstance(value, int) else "something too large to show"
    return text if len(text) <= most else f"{text[:most]} ..."


def shortened(name: str, most: int = LONGEST_NAME) -> str:
    """A name without quotes on one line, cut where it is longer than any real name."""
    text = visible(name[: most + 1])
    return text if len(name) <= most else f"{text[:most]} ..."


class ZonesError(Exception):
    """Base of all errors that a user can cause and put right."""

    def __str__(self) -> str:
        """The message alone (KeyError would print its repr), with nothing unseen in it."""
        return visible(str(self.args[0]), keep="\n") if self.args else self.__class__.__name__


class ScenarioError(ZonesError, ValueError):
    """A scenario, plan, lever or parameter that cannot be run."""


class UnknownName(ScenarioError, KeyError):
    """An unknown name.

    Attributes:
        name: what was given.
        known: the names that exist (of levers and parameters, the levers: there are too many others to print).
        nearest: the name most like it, known or among the others, or None.
    """

    def __init__(self, where: str, what: str, name: str, known: Iterable[str], others: Iterable[str] = ()) -> None:
        self.name = name
        self.known = tuple(known)
        near = get_close_matches(name[:LONGEST_NAME], [*self.known, *others], n=1, cutoff=0.6)
        self.nearest = near[0] if near else None
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        super().__init__(f"{where}: unknown {what} '{shortened(name)}'; known: {', '.join(self.known)}.{hint}")


class WrongArgument(ZonesError, TypeError):
    """An argument from Python that there is not, or of a type that is not taken."""


class OrganisationError(ZonesError, ValueError):
    """One organisation file or set of files with all its problems.

    Attributes:
        where: the file or table.
        problems: one sentence for each problem: row, column, what was given, what is allowed, what to do.
        so_far: what could be read, a sentence each; it grows from try to try.
    """

    def __init__(self, where: str, problems: Sequence[str], so_far: Sequence[str] = ()) -> None:
        self.where = where
        self.problems = tuple(problems)
        self.so_far = tuple(so_far)
        count = counted(len(self.problems), "problem")
        lines = [f"{where}: {count}", *(f"  - {p}" for p in self.problems)]
        if self.so_far:
            lines += ["Read so far:", *(f"  {line}" for line in self.so_far)]
        super().__init__("\n".join(lines))


class SliceError(ZonesError, ValueError):
    """A set of sites that cannot be looked at as a slice of the system."""


class ResultError(ZonesError, RuntimeError):
    """A result folder that cannot be written, read or replayed."""


class SweepError(ZonesError, RuntimeError):
    """A sweep's folder that cannot be run, resumed or read."""


class GpuError(ZonesError, RuntimeError):
    """There is no GPU that can be used, or it stopped."""


class Interrupted(ZonesError, RuntimeError):
    """The user asked to stop before the run was done."""
