"""Everything that can go wrong for a user, as one tree.

ZonesError
├── ScenarioError (ValueError)      a scenario, plan, lever or parameter that cannot be run
│   └── UnknownName (KeyError)      a name nobody declared; carries the known names and the nearest
├── OrganisationError (ValueError)  organisation files; carries every problem found, not only the first
├── SliceError (ValueError)         a set of sites that cannot be looked at as a slice
├── ResultError (RuntimeError)      a result folder that cannot be written, read or replayed
├── SweepError (RuntimeError)       a sweep's folder that cannot be run, resumed or read
└── Interrupted (RuntimeError)      the user asked to stop

Every message says where, what was given, what is allowed and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class ZonesError(Exception):
    """Base of all errors a user can cause and mend."""

    def __str__(self) -> str:
        """The message alone (KeyError would print its repr)."""
        return str(self.args[0]) if self.args else self.__class__.__name__


class ScenarioError(ZonesError, ValueError):
    """A scenario, plan, lever or parameter that cannot be run."""


class UnknownName(ScenarioError, KeyError):
    """A name that nobody declared.

    Attributes:
        name: what was given.
        known: the names that exist (of levers and parameters, the levers: there are too many others to print).
        nearest: the name most like it, known or among the others, or None.
    """

    def __init__(self, where: str, what: str, name: str, known: Iterable[str], others: Iterable[str] = ()) -> None:
        self.name = name
        self.known = tuple(known)
        near = get_close_matches(name, [*self.known, *others], n=1, cutoff=0.6)
        self.nearest = near[0] if near else None
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        super().__init__(f"{where}: unknown {what} '{name}'; known: {', '.join(self.known)}.{hint}")


class OrganisationError(ZonesError, ValueError):
    """One organisation file or set of files with all its problems.

    Attributes:
        where: the file or table.
        problems: one sentence a problem: row, column, what was given, what is allowed, what to do.
    """

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        self.where = where
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"{where}: {count}\n" + "\n".join(f"  - {p}" for p in self.problems))


class SliceError(ZonesError, ValueError):
    """A set of sites that cannot be looked at as a slice of the system."""


class ResultError(ZonesError, RuntimeError):
    """A result folder that cannot be written, read or replayed."""


class SweepError(ZonesError, RuntimeError):
    """A sweep's folder that cannot be run, resumed or read."""


class Interrupted(ZonesError, RuntimeError):
    """The user asked to stop before the run was done."""
