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
        later: [payers] coaching and leaders' time of last month, if all had been paid.
        paid: [payers but the whole][cash, time] share of claims paid.
        paid_hours: [payers but the whole] share of coaching, and of what is left to leaders, that is paid.
        least_cash, least_time: share paid to the agency that is paid least of those that claim any.
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
        self.paid = [[1.0, 1.0] for _ in range(WHOLE)]
        self.paid_hours = [1.0] * WHOLE
        self.least_cash = self.least_time = 1.0
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

    def forget_hours(self) -> None:
        """Nothing is expected for next month yet."""
        self.later = [0.0 for _ in self.limits]

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
        self.least_cash = self.least_time = 1.0
        for agency in range(WHOLE):
            cash, time = self.paid[agency] = self._share_of_claims(agency)
            if self.claims[agency][TIME] > 0.0:
                self._falls_to(time)
                self.least_time = min(self.least_time, time)
            if self.claims[agency][CASH] > 0.0:
                self._falls_to(cash)
                self.least_cash = self.least_cash if agency == EXTERNAL else min(self.least_cash, cash)
        for agency in range(WHOLE):
            cash, time = (rules.part(self.claims[agency][column], self.paid[agency][column]) for column in (CASH, TIME))
            self.take(agency, cash, time)
            self.allowed[agency][TIME] -= time
            self.allowed[WHOLE][TIME] -= time

    def _falls_to(self, paid: float) -> None:
        if paid < 1.0:
            self.run_short()

    @property
    def external_paid(self) -> float:
        """Share of the cash for external support, and for a neutral partner, that is paid."""
        return self.paid[EXTERNAL][CASH]

    @property
    def falls_short(self) -> bool:
        """Does anything by which levers are in force fall?"""
        return min(self.least_cash, self.least_time, self.external_paid) < 1.0

    def _share_of_claims(self, agency: int) -> list[float]:
        cash = time = 1.0
        for payer in (agency, WHOLE):
            cash = min(cash, rules.funded(self.allowed[payer][CASH], self.claims[payer][CASH]))
            hours = self.claims[payer][TIME] + self.later[payer]
            time = min(time, rules.funded(self.allowed[payer][TIME], hours))
        return [cash, time]

    def claim_hours(self, agency: int, time: float, full: float) -> None:
        """An agency claims coaching or leaders' time; it would be `full` if all were paid."""
        self.claim(agency, 0.0, time)
        for payer in (agency, WHOLE):
            self.later[payer] += full

    def share_hours(self) -> None:
        """Coaching and leaders' time are paid from what the month has left."""
        for agency in range(EXTERNAL):
            paid = 1.0
            for payer in (agency, WHOLE):
                paid = min(paid, rules.funded(self.allowed[payer][TIME], self.claims[payer][TIME]))
            self.paid_hours[agency] = paid
            if self.claims[agency][TIME] > 0.0:
                self.take(agency, 0.0, rules.part(self.claims[agency][TIME], paid))
                self._falls_to(paid)

    def paid_to_leaders(self, agency: int) -> float:
        """Share of its leaders' time that an agency pays: it falls with all that goes on."""
        return rules.part(self.paid[agency][TIME], self.paid_hours[agency])

    def paid_to_teams(self, agency: int, *, with_cash: bool) -> float:
        """Share of team members' time that an agency pays, with the cash that new posts and cover take."""
        cash, time = self.paid[agency]
        return min(time, cash) if with_cash else time
