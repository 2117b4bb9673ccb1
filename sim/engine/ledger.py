"""The books of the Mesa model: cash and released time by zone, and by agency and year.

The rules say how much, the ledger adds up. What is common to an area is shared among its zones in proportion to their
sites that take part; before any does, the first zone carries it, or 'outside' where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.agents.area import LocalArea
from sim.agents.site import Site
from sim.organisation.codes import AGENCIES
from sim.rules.site import NOT_ENGAGED

CASH, TIME = 0, 1
EXTERNAL = len(AGENCIES)


class Ledger:
    """Cost so far, in pounds.

    Attributes:
        by_zone: [zones + outside][cash, time].
        by_agency: [agencies + external][years][cash, time].
    """

    def __init__(self, zones: int, months: int) -> None:
        self.by_zone = [[0.0, 0.0] for _ in range(zones + 1)]
        years = max(1, -(-months // 12))
        self.by_agency = [[[0.0, 0.0] for _ in range(years)] for _ in range(EXTERNAL + 1)]
        self._year = 0
        self._shares: list[list[float]] = []

    def open_month(self, month: int, areas: Sequence[LocalArea]) -> None:
        """Turn to a month (1 to 12 are the first year) and see how areas share what is common to their zones."""
        self._year = max(0, (month - 1) // 12)
        self._shares = [self._shares_of(area) for area in areas]

    def _shares_of(self, area: LocalArea) -> list[float]:
        taking_part = [0] * len(self.by_zone)
        for site in area.sites:
            taking_part[site.zone] += site.stage != NOT_ENGAGED
        everyone = sum(taking_part)
        if everyone == 0:
            return [1.0] + [0.0] * (len(taking_part) - 1)
        return [number / everyone for number in taking_part]

    def _charge(self, site: Site, column: int, amount: float) -> None:
        self.by_zone[site.zone][column] += amount
        self.by_agency[site.agency][self._year][column] += amount
        site.area.purse.pay(site.agency, column, amount)

    def charge_cash(self, site: Site, amount: float) -> None:
        """Book cash to a site's zone and agency."""
        self._charge(site, CASH, amount)

    def charge_time(self, site: Site, amount: float) -> None:
        """Book released time to a site's zone and agency."""
        self._charge(site, TIME, amount)

    def share_among_sites(self, sites: Sequence[Site], time: float, cash: float) -> None:
        """Book released time and cash in equal shares for sites."""
        for site in sites:
            self.charge_time(site, time / len(sites))
            self.charge_cash(site, cash / len(sites))

    def share_among_agencies(self, area: LocalArea, agencies: int, time: float, cash: float) -> None:
        """Book released time and cash in equal shares for the first `agencies` agencies of an area."""
        for agency in range(agencies):
            self._charge_area(area, agency, TIME, time / agencies)
            self._charge_area(area, agency, CASH, cash / agencies)

    def charge_areas(self, areas: Sequence[LocalArea], agency: int, amount: float) -> None:
        """Book released time in equal shares for areas."""
        for area in areas:
            self._charge_area(area, agency, TIME, amount / len(areas))

    def charge_area(self, area: LocalArea, agency: int, amount: float) -> None:
        """Book released time that an agency gives to an area as a whole."""
        self._charge_area(area, agency, TIME, amount)

    def charge_external(self, area: LocalArea, amount: float) -> None:
        """Book cash for external support."""
        self._charge_area(area, EXTERNAL, CASH, amount)

    def _charge_area(self, area: LocalArea, agency: int, column: int, amount: float) -> None:
        if amount == 0.0:
            return
        self.by_agency[agency][self._year][column] += amount
        area.purse.pay(agency, column, amount)
        for zone, part in enumerate(self._shares[area.index]):
            self.by_zone[zone][column] += amount * part
