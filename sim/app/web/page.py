"""The one page Solara serves: a component of our own that shows everything, and a session that answers it."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

import solara
from solara.server import kernel_context

from sim.app import actions
from sim.app.answer import answer, as_text
from sim.app.controls import about_page
from sim.app.jobs import Jobs
from sim.app.network import network
from sim.app.pages import PAGES
from sim.app.question import Question, read_question, read_sent
from sim.app.replicates import Pair
from sim.app.session import Session
from sim.app.web.served import the_jobs
from sim.engine.trace import Trace
from sim.errors import ZonesError

K = TypeVar("K")


@solara.component_vue("pages.vue")  # type: ignore[untyped-decorator]
def Pages(  # noqa: N802, PLR0913, PLR0917  a component's arguments are the page's properties
    about: str = "",
    answered: str = "",
    picture: str = "",
    reply: str = "",
    event_ask: Any = None,
    event_act: Any = None,
) -> None:
    """What the visitor sees; each text is JSON, a whole message at once."""


@solara.component  # type: ignore[untyped-decorator]
def Layout(children: Any = ()) -> None:  # noqa: N802
    """Nothing around the page: its own head is enough."""
    solara.Column(children=list(children), gap="0px", margin=0, style={"padding": "0"})


class Visit:
    """One open page: its texts, and the session behind them."""

    def __init__(self) -> None:
        self.about = solara.reactive("")
        self.answered = solara.reactive("")
        self.picture = solara.reactive("")
        self.reply = solara.reactive("")
        self._replies = count(1)
        self._context = kernel_context.get_current_context()
        self._asked: tuple[int, Question] | None = None
        self._held: dict[type[Any], Any] = {}
        self.jobs = the_jobs()
        self.session = Session(self.jobs, self._answered)
        self.about.value = self._place()

    def shared(self) -> Jobs:
        """The work that the server was started with."""
        return the_jobs()

    def hold(self, kind: type[K]) -> K:
        """The one object of a kind that this visit holds, made when it is first asked for."""
        found: K = self._held.setdefault(kind, kind())
        return found

    def move_to(self, jobs: Jobs) -> None:
        """Go on with the work on another place; the page is drawn anew from what is sent of it."""
        self.session.close()
        self._asked = None
        self.jobs = jobs
        self.session = Session(jobs, self._answered)
        self.about.value = self._place()

    def leave(self) -> None:
        """The page was closed: nothing that it held stays."""
        self.session.close()
        for page in PAGES:
            if page.leave:
                page.leave(self)
        self._held.clear()

    def _place(self) -> str:
        return self._said({**about_page(), **actions.place(self.jobs)})

    def ask(self, text: Any) -> None:
        """A new question from the page: answered quickly here, in full later.

        It comes as an event, not as a shared value: a value that the browser sets while another thread renders is lost.
        """
        number = 0
        try:
            number, asked = read_sent(text)
            question = read_question(asked)
        except ZonesError as error:
            self._send({"error": str(error)}, number)
            return
        self._asked = (number, question)
        try:
            self.session.ask(question, lambda pair: self._send(answer(self.jobs, question, pair, quick=True), number))
        except ZonesError as error:
            self._send({"error": str(error)}, number)

    def _answered(self, question: Question, pair: Pair, followed: tuple[Trace, Trace] | None) -> None:
        asked = self._asked
        if asked is None or asked[1] != question:
            return
        if followed is None:
            body = answer(self.jobs, question, pair, quick=False)
            with self._context:
                self._send(body, asked[0])
        else:
            picture = {"number": asked[0], **network(self.jobs, question, pair, followed)}
            with self._context:
                self.picture.value = as_text(picture)

    def _send(self, body: dict[str, Any], number: int) -> None:
        self.answered.value = self._said({"number": number, **body})

    def _said(self, body: dict[str, Any]) -> str:
        """What is sent, never the same text twice: a value that does not change is not sent again."""
        return as_text({**body, "reply": next(self._replies)})

    def act(self, message: Any) -> None:
        """Something else than a question: a link, a file, a story, the log."""
        self.reply.value = self._said(actions.act(self.jobs, message, self))


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:  # noqa: N802
    """Everything."""
    visit = solara.use_memo(Visit, [])

    def leave() -> Any:
        return visit.leave

    solara.use_effect(leave, [])
    solara.Title("Transformation Zones")
    Pages(
        about=visit.about.value,
        answered=visit.answered.value,
        picture=visit.picture.value,
        reply=visit.reply.value,
        event_ask=visit.ask,
        event_act=visit.act,
    )
