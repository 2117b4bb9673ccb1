"""The purse of an area: what is left of its year's budget, what the month claims, and what share of that is paid."""

from __future__ import annotations

from sim.costs import CostParameters
from sim.organisation.codes import AGENCIES
from sim.rules import budget as rules
from sim.rules import work

CASH, TIME = 0, 1
EXTERNAL = len(AGENCIES)
WHOLE = EXTERNAL + 1
UNLIMITED = float("inf")


class Purse:
    """An area's budget of cash and time, in pounds, by who pays: the agencies, external support, the area as a whole.

    Attributes:
        limits: [payers][years][cash, hours].
        limited: is anything limited?
        left: [payers][cash, time] of the year.
        taken: of it set aside this month.
        claims: what this month claims.
        allowed: what this month may spend on what goes on.
        later: [payers] coaching and leaders' time claimed last month.
        paid, paid_hours: [payers but the whole] share of claims paid; of coaching and leaders' time.
        least: share paid to the agency that is paid least.
        short, year_short: the budget does not reach this month; it did not in some month of this year.
    """

    def __init__(self, limits: list[list[list[float]]]) -> None:
        self.limits = limits
        self.limited = any(value < UNLIMITED for years in limits for year in years for value in year)
        self.left = [[UNLIMITED, UNLIMITED] for _ in limits]
        self.allowed = [[UNLIMITED, UNLIMITED] for _ in limits]
        self.taken = [[0.0, 0.0] for _ in limits]
        self.claims = [[0.0, 0.0] for _ in limits]
        self.later = [0.0 for _ in limits]
        self.paid = [1.0] * WHOLE
        self.paid_hours = [1.0] * WHOLE
        self.least = 1.0
        self.short = self.year_short = False

    def open(self, p: CostParameters, month: int) -> None:
        """A month begins with nothing set aside, and a year with its budget."""
        self.taken = [[0.0, 0.0] for _ in self.limits]
        self.short = False
        if rules.opens(month):
            self.year_short = False
            years = [years[(month - 1) // 12] for years in self.limits]
            self.left = [[rules.spendable(cash), work.worth(p, rules.spendable(hours))] for cash, hours in years]

    def run_short(self) -> None:
        """It does not reach for what is asked of it this month."""
        self.short = self.year_short = True

    def covers(self, agency: int, cash: float, time: float) -> bool:
        """Does what is left of the year cover this, for the agency and for the area?"""
        return all(
            self.taken[payer][column] + amount <= self.left[payer][column]
            for payer in (agency, WHOLE)
            for column, amount in ((CASH, cash), (TIME, time))
        )

    def take(self, agency: int, cash: float, time: float) -> None:
        """Set it aside this month."""
        for payer in (agency, WHOLE):
            self.taken[payer][CASH] += cash
            self.taken[payer][TIME] += time

    def buys(self, agency: int, cash: float, time: float) -> bool:
        """Set it aside if the year's money covers it."""
        if not self.covers(agency, cash, time):
            self.run_short()
            return False
        self.take(agency, cash, time)
        return True

    def forget_claims(self) -> None:
        """Nothing is claimed yet."""
        self.claims = [[0.0, 0.0] for _ in self.limits]

    def claim(self, agency: int, cash: float, time: float) -> None:
        """An agency claims it."""
        for payer in (agency, WHOLE):
            self.claims[payer][CASH] += cash
            self.claims[payer][TIME] += time

    def pay(self, agency: int, column: int, amount: float) -> None:
        """Pay a bill."""
        self.left[agency][column] -= amount
        self.left[WHOLE][column] -= amount

    def share_out(self, month: int) -> None:
        """What share of its claims each agency is paid: by what is left for a month, of its own and in all."""
        months = rules.months_left(month)
        for payer, taken in enumerate(self.taken):
            self.allowed[payer] = [rules.allowance(self.left[payer][c] - taken[c], months) for c in (CASH, TIME)]
        self.least = 1.0
        for agency in range(WHOLE):
            self.paid[agency] = self._share_of_claims(agency)
            if self.claims[agency][CASH] > 0.0 or self.claims[agency][TIME] > 0.0:
                self.least = min(self.least, self.paid[agency])
                if self.paid[agency] < 1.0:
                    self.run_short()
        for agency in range(WHOLE):
            cash, time = (rules.part(self.claims[agency][column], self.paid[agency]) for column in (CASH, TIME))
            self.take(agency, cash, time)
            self.allowed[agency][TIME] -= time
            self.allowed[WHOLE][TIME] -= time

    def _share_of_claims(self, agency: int) -> float:
        paid = 1.0
        for payer in (agency, WHOLE):
            paid = min(paid, rules.funded(self.allowed[payer][CASH], self.claims[payer][CASH]))
            hours = self.claims[payer][TIME] + self.later[payer]
            paid = min(paid, rules.funded(self.allowed[payer][TIME], hours))
        return paid

    def share_hours(self) -> None:
        """Coaching and leaders' time are paid from what the month has left, no better than the rest was."""
        for agency in range(EXTERNAL):
            paid = self.paid[agency]
            for payer in (agency, WHOLE):
                paid = min(paid, rules.funded(self.allowed[payer][TIME], self.claims[payer][TIME]))
            self.paid_hours[agency] = paid
            if self.claims[agency][TIME] > 0.0:
                self.take(agency, 0.0, rules.part(self.claims[agency][TIME], paid))
                if paid < 1.0:
                    self.run_short()
        self.later = [claimed[TIME] for claimed in self.claims]
