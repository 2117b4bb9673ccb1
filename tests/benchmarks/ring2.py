"""A month of the default area with everything around the teams in use: `python tests/benchmarks/ring2.py`.

Three settings. The mechanisms alone. With other help as well, at what `same-money` pays on average, GBP 430 a
practitioner and year. Rich: GBP 2,500, which makes several times as many users, and so more for any model to do. Then
each mechanism by itself.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "engine"))

from engine_builders import AROUND

from sim.engine.batch import simulate
from sim.engine.sums import COUNTS
from sim.organisation.generate import synthetic
from sim.scenarios.files import load
from sim.scenarios.scenario import Initiative

MONTHS, ROUNDS, REPLICATES = 60, 15, 10
SHIPPED = {"budget": 430.0}
LOADS = (Initiative("other", 0.2, begins=6),)
PARTS = {
    "relationships": ("relationships", "relationship_start", "neutral_partner", "terms_of_reference"),
    "deciding to change": ("dissatisfaction", "champions"),
    "joint practice": ("joint_share",),
    "places in support": ("support_places", "community_places"),
    "identified wrongly": ("misidentification",),
    "data": ("data_agencies", "data_burden", "data_judgement", "data_linkage", "data_mapping"),
    "posts": ("new_posts", "displacement", "backfill", "relaxed_rules"),
    "the year and money": ("school_year", "budget_squeeze", "start_month", "funding"),
    "other help": ("budget", "budget_training", "budget_posts"),
}


def measured(scenarios, area):
    """Processor time a month of one replicate (ms), the best of some rounds taken in turn; users at the end."""
    found = [[] for _ in scenarios]
    users = []
    for scenario in scenarios:
        counts = simulate(scenario, area, replicates=REPLICATES, months=MONTHS, threads=1).counts
        users.append(counts[:, -1, :, COUNTS.index("practitioners_using")].sum(axis=1).mean())
    for _ in range(ROUNDS):
        for times, scenario in zip(found, scenarios, strict=True):
            start = time.process_time()
            simulate(scenario, area, replicates=REPLICATES, months=MONTHS, threads=1)
            times.append(time.process_time() - start)
    return [1000.0 * min(times) / MONTHS / REPLICATES for times in found], users


if __name__ == "__main__":
    plain, area = load("with-teams"), synthetic.generate({})
    settings = AROUND | SHIPPED
    arms = {
        "neutral": plain,
        "all mechanisms": replace(plain, levers=plain.levers | settings | {"budget": 0.0}, initiatives=LOADS),
        "everything, as shipped": replace(plain, levers=plain.levers | settings, initiatives=LOADS),
        "everything, rich": replace(plain, levers=plain.levers | AROUND, initiatives=LOADS),
        "other initiatives": replace(plain, levers=plain.levers | {"alignment_work": 0.6}, initiatives=LOADS),
    }
    for name, levers in PARTS.items():
        arms[name] = replace(plain, levers=plain.levers | {lever: settings[lever] for lever in levers})
    milliseconds, users = measured(list(arms.values()), area)
    for name, took, using in zip(arms, milliseconds, users, strict=True):
        print(f"{name:24} {took:.3f} ms a month, {took / milliseconds[0]:.2f} times, {using:.0f} users at the end")
