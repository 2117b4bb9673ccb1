"""One family's story in words: from one run, of an invented family; never of a real one."""

from __future__ import annotations

from typing import Any

from sim.app.pages.why.story import site_words
from sim.engine.phases.families import COMPLETED, EVER_IN_NEED, GAVE_UP, MISTAKEN, REACHED, REACHED_AT_FIDELITY
from sim.engine.setup import Setup
from sim.engine.trace import FamilyMonths
from sim.rules.family import ENDED, UNKNOWN, WAITING, in_service

ONE_FAMILY = (
    "One simulated run of an invented family: nobody real, and no prediction for anybody. Nothing in the model scores "
    "a family."
)
NEWS = (
    (MISTAKEN, "it is taken to need help, though it does not"),
    (GAVE_UP, "it stops waiting, as there is no place"),
    (REACHED, "it is served for the first time"),
    (REACHED_AT_FIDELITY, "those who serve it deliver the practice at fidelity"),
    (COMPLETED, "it has had all of the help that was planned"),
)
"""What a family's history gains, in words."""
FIFTHS = ("the most deprived fifth", "the second most deprived fifth", "the middle fifth",
          "the second least deprived fifth", "the least deprived fifth")  # fmt: skip


def told(setup: Setup, lived: FamilyMonths, index: int) -> dict[str, Any]:
    """The story of the family in one home, month by month.

    Args:
        setup: scenario and organisation brought together.
        lived: its months, one home.
        index: the home's place in `setup.place`.
    """
    lines = [] if not lived.need[0, 0] else ["At the start: it is in need."]
    for month in range(1, len(lived.need)):
        news = _news(lived, month)
        if news:
            lines.append(f"Month {month}: {'; '.join(news)}.")
    if not lines:
        lines.append("It has no need in all this time.")
    lines.append(f"At the end, in month {len(lived.need) - 1}: {_now(int(lived.need[-1, 0]), int(lived.path[-1, 0]))}.")
    person = int(setup.place.family_person[index])
    site = int(setup.organisation.practitioners.site[person])
    where = FIFTHS[int(setup.place.family_fifth[index])]
    title = f"A family in {where} of neighbourhoods, with a practitioner at a {site_words(setup, site)}"
    return {"title": title, "lines": lines, "small": ONE_FAMILY}


def _news(lived: FamilyMonths, month: int) -> list[str]:
    """What happens to the family in a month."""
    (was_need, need), (was, now) = (
        (int(column[month - 1, 0]), int(column[month, 0])) for column in (lived.need, lived.history)
    )
    path = [int(lived.path[m, 0]) for m in (month - 1, month)]
    if was & ~now:
        moved = "the family moves away, and another one comes"
        return [f"{moved}, in need" if need else moved]
    news = []
    if need and not was_need:
        news.append("a need arises" if not was & EVER_IN_NEED else "a need arises again")
    if path[0] in (UNKNOWN, ENDED) and path[1] == WAITING and not now & MISTAKEN & ~was:
        news.append("its need is noticed, and it waits for help")
    if in_service(path[1]) and not in_service(path[0]):
        news.append("help begins")
    news += [words for flag, words in NEWS if now & ~was & flag]
    if in_service(path[0]) and path[1] == ENDED and not now & COMPLETED & ~was:
        news.append("help ends")
    if was_need and not need:
        news.append("its need is over")
    return news


def _now(need: int, path: int) -> str:
    if not need:
        return "it has no need"
    if in_service(path):
        return "it is in need, and gets help"
    return {UNKNOWN: "it is in need, and nobody knows", WAITING: "it is in need, and waits for help"}.get(
        path, "it is in need; help has ended, or it declined"
    )
