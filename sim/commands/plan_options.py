"""The words after `zones plan`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from sim.commands.evidence_options import calibration
from sim.commands.sweep_options import Tools, workers


def add(commands: Any, tools: Tools, area: Callable[[argparse.ArgumentParser], None]) -> None:
    """Declare the command."""
    words = "find plans of successive zones under a budget: `plan new NAME` writes the question, `plan NAME.toml` asks"
    parser = tools.command(commands, "plan", "plans.plan", words, "zones plan ours.toml")
    parser.add_argument(
        "question", metavar="QUESTION", nargs="+", help="a question's file (.toml); or `new NAME` to write one to edit"
    )
    area(parser)
    parser.add_argument(
        "--from",
        dest="update",
        metavar="DIR|FILE",
        help="continue from what was observed: the folder of an update (`zones update`), or one kept as a file (.zip)",
    )
    parser.add_argument("--runs", type=tools.whole(1), default=20_000, metavar="N", help="most runs in total (20,000)")
    parser.add_argument("--seed", type=tools.whole(0), default=1, metavar="N", help="seed of the random numbers (1)")
    calibration(parser, None, "the question's, or as-published")
    parser.add_argument("--out", metavar="DIR", help="folder, absent or empty (a dated one under results/)")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be searched, the number of runs and the expected time"
    )
    workers(parser, tools)
    tools.json(parser)
