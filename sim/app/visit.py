"""What an open page holds for itself, as pages see it: the work behind it, and things kept until it is left."""

from __future__ import annotations

from typing import Protocol, TypeVar

from sim.app.jobs import Jobs

K = TypeVar("K")


class Visit(Protocol):
    """An open page."""

    jobs: Jobs

    def hold(self, kind: type[K]) -> K:
        """The one object of a kind that this visit holds, made when it is first asked for; gone when it is left."""
        ...

    def move_to(self, jobs: Jobs) -> None:
        """Go on with the work on another place; the page is drawn anew."""
        ...

    def shared(self) -> Jobs:
        """The work that the server was started with."""
        ...
