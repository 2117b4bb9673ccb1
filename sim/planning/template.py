"""A commented question to edit, as `zones plan new` writes it."""

from __future__ import annotations

from sim.planning.prices import PRICES, USUAL

_TEXT = """\
# What is asked of a plan. Lines that begin with # are comments; remove the # to use one.
# Find plans with: zones plan {name}.toml   (zones plan {name}.toml --dry-run says how long it takes)

question = "Which zones, which sites first, when, with how large a team?"

# How many months the plan runs, and an earlier month at which its results are read too.
months = 120
second_reading = 60

# Everything that is not searched is as in this scenario (a shipped name, or your own file).
base = "with-teams"
# Gains are measured against this one: what would happen otherwise.
against = "without-teams"
# Your own plan, if you have one: it is judged beside those that are found, and the search begins from it too.
# own = "our-plan.toml"

# GBP for each year, April to April or however you count from month 1: one figure holds for every year, and the last of
# a list for all later ones. Released time is the time of staff whose roles are repurposed, at what an hour costs.
[limits]
cash = [60000, 60000, 60000, 50000]
released_time = [150000, 250000, 400000, 600000]
# The chance with which no limit is broken in any year. A limit that holds on average is broken every other year.
chance = 0.9

# People for the core team, and the month from which they are there. Leave it out if only money is limited.
# [[people]]
# role = "core team"
# count = 5
# start = 0

# External support that can be had: the highest level (0 none, 1 full), and the month by which it must have ended.
[support]
level = 1.0
# ends = 60

# Sites by the name that results use, or by the id in your list.
[sites]
must = []
never = []
first = []
# Most sites whose zone opens in the same school term (four months).
# most_a_term = 8

# What counts, the first foremost, and the smallest difference worth having (0.005 is half a point in a hundred).
[[counts]]
measure = "need_served_at_fidelity_share"
worth = 0.005

[[counts]]
measure = "sites_full_share"
worth = 0.02

[[counts]]
measure = "need_served_at_fidelity_share_fifth1"
worth = 0.005

# What may be chosen: the most zones, the fewest and the most sites of a zone, the first and the last month in which a
# zone may open, and the time that local teams may have (1 is as usual).
[choices]
zones = 4
sizes = [2, 20]
opens = [1, 84]
local_time = [0.75, 1.0, 1.25]
# Levers that may be chosen; what is charged for each, and its values:
{levers}
levers = [{usual}]
# To allow fewer values: levers = {{ coaching = [0.5, 1.0] }}

# The area: leave it out for the base's generated one, or name your files.
# [area]
# files = ["our_sites.csv"]
"""


def template(name: str) -> str:
    """The text of a new question `<name>.toml`."""
    levers = "\n".join(
        f"#   {lever}: {price.charged}; {price.low:g} to {price.top:g} in steps of {price.step:g}"
        for lever, price in PRICES.items()
    )
    return _TEXT.format(name=name, levers=levers, usual=", ".join(f'"{lever}"' for lever in USUAL))
