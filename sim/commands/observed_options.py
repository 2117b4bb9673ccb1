"""The words after `zones observe` and `zones update`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from sim.commands import engine_options, evidence_options

Command = Callable[..., argparse.ArgumentParser]


def add(
    commands: Any,
    command: Command,
    whole: Callable[[int], Callable[[str], int]],
    shared: Callable[[argparse.ArgumentParser], None],
    json: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Declare both commands; `shared` adds the options of area and levers."""
    _observe(commands, command, whole, shared, json)
    _update(commands, command, whole, shared, json)


def _observe(
    commands: Any,
    command: Command,
    whole: Callable[[int], Callable[[str], int]],
    shared: Callable[[argparse.ArgumentParser], None],
    json: Callable[[argparse.ArgumentParser], None],
) -> None:
    words = (
        "write a table for what your area has observed (new), check it once filled in, or show how "
        "forecasts fared (scores)"
    )
    parser = command(
        commands, "observe", "observed.observe", words,
        "zones observe new with-teams --area our_sites.csv --out seen.xlsx",
    )  # fmt: skip
    parser.add_argument("what", metavar="new|check|scores", choices=("new", "check", "scores"), help="what to do")
    parser.add_argument(
        "named",
        metavar="SCENARIO|FILE",
        help="new: the scenario; check: the table, filled in; scores: the learning log",
    )
    parser.add_argument("--out", metavar="FILE", help="new: the file to write, .csv or .xlsx (observed.csv)")
    parser.add_argument("--months", type=whole(1), default=24, metavar="N", help="new: months to make rows for (24)")
    parser.add_argument("--scenario", metavar="SCENARIO", help="check: read zones and sites against this scenario")
    _start(parser)
    shared(parser)
    json(parser)


def _update(
    commands: Any,
    command: Command,
    whole: Callable[[int], Callable[[str], int]],
    shared: Callable[[argparse.ArgumentParser], None],
    json: Callable[[argparse.ArgumentParser], None],
) -> None:
    words = "update a scenario's forecast by what your area has observed: is it on course, what was learned"
    example = "zones update with-teams --area our_sites.csv --observed seen.xlsx"
    parser = command(commands, "update", "observed.update", words, example)
    parser.add_argument("scenario", metavar="SCENARIO", help="the plan you follow: a scenario's name or a .toml file")
    parser.add_argument("--observed", metavar="FILE", required=True, help="what was observed: a .csv or .xlsx file")
    _start(parser)
    shared(parser)
    parser.add_argument("--log", metavar="FILE", help="learning log in which to keep forecasts and score earlier ones")
    parser.add_argument("--question", metavar="TEXT", default="", help="your question, for the learning log")
    parser.add_argument(
        "--guess",
        metavar="MEASURE,ZONE,MONTH,LOW,MIDDLE,HIGH",
        action="append",
        default=[],
        help="what the room expects, kept in the log beside the model's, as 'using,first zone,24,20%%,30%%,45%%'",
    )
    parser.add_argument("--runs", type=whole(100), default=16000, metavar="N", help="most simulated runs (16000)")
    parser.add_argument(
        "--months", type=whole(1), metavar="N", help="horizon (the scenario's, but at least two more years)"
    )
    parser.add_argument(
        "--seed", type=whole(0), default=1, metavar="N", help="seed of the random numbers; any whole number from 0 (1)"
    )
    evidence_options.uncertainty(parser)
    parser.add_argument("--out", metavar="DIR", help="folder for the answer; give the same one to continue "
                        "after a stop (a dated one under results/)")  # fmt: skip
    parser.add_argument(
        "--threads", type=whole(1), metavar="N", help="number of threads (all cores); it does not affect results"
    )
    engine_options.engine(parser)
    json(parser)


def _start(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--start", metavar="DATE", default="", help="date of month 0, as 2026-08, for tables with dates"
    )
