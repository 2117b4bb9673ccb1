"""What a page is to the server: its name in the head, what it may ask, and what it needs before it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.app.jobs import Jobs
from sim.app.messages import Nothing
from sim.app.visit import Visit

Reply = dict[str, Any]


@dataclass(frozen=True)
class Action:
    """Something that a page asks of the server besides a question.

    Attributes:
        name: as the script says it.
        do: takes the jobs (the visit, if `of_visit`) and the message; returns the reply, JSON-safe.
        message: the kind of message that it takes, a dataclass read by `sim.app.messages.read_message`.
        of_visit: it changes what this visit alone holds.
    """

    name: str
    do: Callable[[Any, Any], Reply]
    message: type[Any] = Nothing
    of_visit: bool = False


@dataclass(frozen=True)
class Page:
    """A page: a folder of `sim.app.pages` with its Python part and its script `page.js`.

    Attributes:
        id: the folder's name, also in the address.
        title: its name in the head.
        levers: the levers stand beside it.
        more: it stands under More.
        actions: what its script may ask.
        about: what it needs to know of the place once, JSON-safe, by key.
        ahead: worked out in the background once the server listens, while nobody waits.
        leave: lets go of what a visit holds, when its page is left.
    """

    id: str
    title: str
    levers: bool = False
    more: bool = False
    actions: tuple[Action, ...] = ()
    about: Callable[[Jobs], Reply] | None = None
    ahead: Callable[[Jobs], None] | None = None
    leave: Callable[[Visit], None] | None = None

    def words(self) -> Reply:
        """What the head needs."""
        return {"id": self.id, "title": self.title, "levers": self.levers, "more": self.more}
