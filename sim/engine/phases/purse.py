"""The purse of an area: a year's budget begins, money is set aside, training waits for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.kernel import part, step
from sim.engine.world import Actors, Books, Now
from sim.organisation.codes import AGENCIES
from sim.parameters import Parameters
from sim.rules import budget, money, work

CASH, TIME = 0, 1
EXTERNAL = len(AGENCIES)
WHOLE = EXTERNAL + 1
"""Who pays: the agencies, external support, and the area as a whole."""


@part
def payers(agency: int) -> Any:
    """Whose budgets an agency's bill is paid from: its own and the area's."""
    return np.int64(agency), np.int64(WHOLE)


@step
def open_budgets(w: Actors, books: Books, p: Parameters, now: Now) -> None:
    """A year's budget begins with its first month; a month begins with nothing claimed."""
    if w.limited == 0:
        return
    w.taken[:] = 0.0
    for a in range(w.areas.shape[0]):
        w.areas[a].short = 0
        if budget.opens(now.month):
            w.areas[a].year_short = 0
            for payer in range(WHOLE + 1):
                year = (now.month - 1) // 12
                w.left[a, payer, CASH] = books.limits[payer, year, CASH]
                w.left[a, payer, TIME] = work.worth(p.cost, books.limits[payer, year, TIME])


@part
def run_short(w: Actors, a: int) -> None:
    """An area's budget does not reach for what is asked of it this month."""
    w.areas[a].short = w.areas[a].year_short = 1


@part
def covers(w: Actors, at: tuple[int, int], cash: float, time: float) -> bool:
    """Does what is left of the year cover this, for an agency of an area (`at`) and for the area?"""
    a, agency = at
    for payer in payers(agency):
        if w.taken[a, payer, CASH] + cash > w.left[a, payer, CASH]:
            return False
        if w.taken[a, payer, TIME] + time > w.left[a, payer, TIME]:
            return False
    return True


@part
def take(w: Actors, at: tuple[int, int], cash: float, time: float) -> None:
    """Set it aside this month."""
    a, agency = at
    for payer in payers(agency):
        w.taken[a, payer, CASH] += cash
        w.taken[a, payer, TIME] += time


@part
def claim(books: Books, at: tuple[int, int], cash: float, time: float) -> None:
    """An agency of an area claims it."""
    a, agency = at
    for payer in payers(agency):
        books.claims[a, payer, CASH] += cash
        books.claims[a, payer, TIME] += time


@part
def trains_affordably(w: Actors, p: Parameters, i: int, people: int) -> bool:
    """May a site train so many people now? Where the year's money does not cover them they wait."""
    if w.limited == 0:
        return True
    at = (w.sites[i].area, w.sites[i].agency)
    cash, time = money.training_cash(p.cost, people), money.training_time(p.cost, people)
    if not covers(w, at, cash, time):
        run_short(w, w.sites[i].area)
        return False
    take(w, at, cash, time)
    return True
