"""The one page Solara serves: a component of our own that shows everything, and a session that answers it."""

from __future__ import annotations

from itertools import count
from typing import Any

import solara
from solara.server import kernel_context

from sim.app import actions
from sim.app.answer import answer, as_text
from sim.app.controls import about_page
from sim.app.network import network
from sim.app.question import Question, read_question, read_sent
from sim.app.replicates import Pair
from sim.app.session import Session
from sim.app.web.served import the_jobs
from sim.engine.trace import Trace
from sim.errors import ZonesError


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
        self.answered = solara.reactive("")
        self.picture = solara.reactive("")
        self.reply = solara.reactive("")
        self._replies = count(1)
        self._context = kernel_context.get_current_context()
        self._asked: tuple[int, Question] | None = None
        self.session = Session(the_jobs(), self._answered)

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
            self.session.ask(question, lambda pair: self._send(answer(the_jobs(), question, pair, quick=True), number))
        except ZonesError as error:
            self._send({"error": str(error)}, number)

    def _answered(self, question: Question, pair: Pair, followed: tuple[Trace, Trace] | None) -> None:
        asked = self._asked
        if asked is None or asked[1] != question:
            return
        if followed is None:
            body = answer(the_jobs(), question, pair, quick=False)
            with self._context:
                self._send(body, asked[0])
        else:
            picture = {"number": asked[0], **network(the_jobs(), question, pair, followed)}
            with self._context:
                self.picture.value = as_text(picture)

    def _send(self, body: dict[str, Any], number: int) -> None:
        self.answered.value = self._said({"number": number, **body})

    def _said(self, body: dict[str, Any]) -> str:
        """What is sent, never the same text twice: a value that does not change is not sent again."""
        return as_text({**body, "reply": next(self._replies)})

    def act(self, message: Any) -> None:
        """Something else than a question: a link, a file, a story, the log."""
        self.reply.value = self._said(actions.act(the_jobs(), message))


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:  # noqa: N802
    """Everything."""
    visit = solara.use_memo(Visit, [])
    about = solara.use_memo(lambda: as_text({**about_page(), **actions.place(the_jobs())}), [])

    def leave() -> Any:
        return visit.session.close

    solara.use_effect(leave, [])
    solara.Title("Transformation Zones")
    Pages(
        about=about,
        answered=visit.answered.value,
        picture=visit.picture.value,
        reply=visit.reply.value,
        event_ask=visit.ask,
        event_act=visit.act,
    )
