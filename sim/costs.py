"""What things cost, in pounds: prices of an hour, of training and support, and the hours that choices take.

Sources are written as in `parameters.py`.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.declare import About
from sim.levers import ASSUMED

# A parameter stays on its line or two: the file is read as a table.
# fmt: off
_MONTH = "hours per month"


class CostParameters(NamedTuple):
    """Cash and released time. Each hour of a choice is for its whole: half of it takes half the hours."""

    staff_hour: Annotated[float, About("an hour of staff time", "GBP per hour", 40, 65, "lit 8.7, 8.8 B/C")] = 52.0
    post_hours: Annotated[float, About("hours of a full post", _MONTH, 120, 160, ASSUMED)] = 140.0
    training_hours: Annotated[float, About("hours a trained practitioner is released", "hours", 7, 42, ASSUMED)] = 21.0
    training_cash: Annotated[float, About("cash for one trained practitioner", "GBP", 50, 600,
        "lit 8.4 A converted")] = 150.0
    coaching_hours: Annotated[float, About("hours a coached user is released at full dose", _MONTH, 0.5, 6,
        "lit 8.4 A converted")] = 2.0
    external_cash: Annotated[float, About("full external support to one core team", "GBP per month", 1000, 12000,
        "lit 8.4 A: 45,000 USD a district and year")] = 3000.0
    data_cash: Annotated[float, About("decision-support data at a started site when data is immediate", "GBP per month",
        10, 300, "lit 8.4 A converted: monitoring")] = 60.0
    leader_hours: Annotated[float, About("hours a fully engaged leader gives", _MONTH, 0.5, 8, ASSUMED)] = 2.0
    feedback_hours: Annotated[float, About("hours to observe one user and talk it over", _MONTH, 0.1, 2,
        "lit 8.4 A converted: monitoring, a third of the cost of a site")] = 0.5
    cycle_hours: Annotated[float, About("hours of a site's staff beside its team in improvement cycles", _MONTH, 1, 16,
        ASSUMED + "; lit 6.7 A: short meetings every two weeks")] = 4.0
    testing_hours: Annotated[float, About("hours of users and team while the design is tested", _MONTH, 8, 80,
        ASSUMED + "; lit 6.9 C: 4-5 users a round")] = 30.0
    communication_hours: Annotated[float, About("hours of a site's managers in a full communication protocol", _MONTH,
        0.5, 8, ASSUMED + ": a meeting and its papers")] = 3.0
    alignment_hours: Annotated[float, About("hours of a site's managers to bring plans together in full", _MONTH, 0.5,
        8, ASSUMED)] = 2.0
    alignment_work_hours: Annotated[float, About("hours of a core team's members at work on alignment", _MONTH, 2, 40,
        ASSUMED + ": two days")] = 14.0
    network_hours: Annotated[float, About("hours of a local team in the network between teams", _MONTH, 1, 12,
        ASSUMED + "; lit 5.5 A")] = 4.0
    mentoring_hours: Annotated[float, About("hours of a mature local team for each place of attention it lends", _MONTH,
        4, 40, ASSUMED + ": two days")] = 14.0
    terms_hours: Annotated[float, About("hours of a core team's member to agree and keep terms of reference", _MONTH,
        0.25, 4, ASSUMED)] = 1.0
    champion_hours: Annotated[float, About("hours of a site's champions", _MONTH, 1, 16, ASSUMED)] = 4.0
    partner_hours: Annotated[float, About("hours of a neutral partner in an area, paid in cash", _MONTH, 4, 60,
        ASSUMED + ": two days")] = 14.0
    coverage_hours: Annotated[float, About("hours of each agency that the data system covers", _MONTH, 1, 40,
        ASSUMED + ": a day")] = 7.0
    mapping_hours: Annotated[float, About("hours of a site's staff to map data with partners", _MONTH, 2, 24,
        ASSUMED)] = 8.0
    linkage_hours: Annotated[float, About("hours of analysts to link a site's data", _MONTH, 1, 12, ASSUMED)] = 3.0
    place_hours: Annotated[float, About("hours of community partners for each place they add", _MONTH, 2, 30,
        ASSUMED + ": two hours a week")] = 8.0


# fmt: on
