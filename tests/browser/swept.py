"""Two small sweeps, of one lever and of two, in a folder that a server shows."""

import os
import subprocess
import sys

from browser_builders import ROOT

PLAN = """title = "A small plan"
base = "with-teams"
months = 24

[area]
sites = 12

[[zones]]
name = "first zone"
choose = 3
opens = 1
"""
ONE_LEVER = """question = "How many sites at first?"
scenarios = ["plan.toml"]
months = 24
replicates = 4
outcomes = ["practitioners_using_share", "sites_full_share@24"]

[[factors]]
name = "zone.1.choose"
values = [2, 3, 5]
"""
TWO_LEVERS = """question = "Coaching or turnover?"
scenarios = ["plan.toml"]
months = 24
replicates = 2
outcomes = ["practitioners_using_share"]

[design]
kind = "lhs"
points = 24

[[factors]]
name = "coaching"

[[factors]]
name = "turnover_factor"
low = 0.5
high = 2.0
"""


def make(folder):
    """Sweeps and what was discovered in one, under `results`."""
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    for name, design in (("one", ONE_LEVER), ("two", TWO_LEVERS)):
        (folder / f"{name}.toml").write_text(design, encoding="utf-8")
        told(folder, "sweep", f"{name}.toml", "--out", f"results/{name}", "--workers", "1")
    told(folder, "discover", "results/two", "--when", "practitioners_using_share < 0.5")


def told(folder, *words):
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], cwd=folder, env=around, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
