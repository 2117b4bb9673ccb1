"""The words after `zones sweep`, `status`, `resume`, `sensitivity` and `discover`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

from sim.commands import engine_options
from sim.commands.evidence_options import calibration
from sim.errors import quoted


class Tools(NamedTuple):
    """Helpers of the command line: how a command, a whole number, an assignment and `--json` are declared."""

    command: Callable[..., argparse.ArgumentParser]
    whole: Callable[[int], Callable[[str], int]]
    assignment: Callable[[str], str]
    json: Callable[[argparse.ArgumentParser], None]


def add(commands: Any, tools: Tools) -> None:
    """Declare the six commands."""
    _new_design(commands, tools)
    _sweep(commands, tools)
    _status(commands, tools)
    _resume(commands, tools)
    _sensitivity(commands, tools)
    _discover(commands, tools)


def _new_design(commands: Any, tools: Tools) -> None:
    words = "write a commented design of a sweep to edit"
    parser = tools.command(commands, "new-design", "designs.new_design", words, "zones new-design our-design.toml")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="our-design.toml", help="a .toml file (our-design.toml)"
    )


def _sweep(commands: Any, tools: Tools) -> None:
    words = "run a design: many points, many runs at each; nothing is lost when it is stopped"
    parser = tools.command(commands, "sweep", "sweeps.sweep", words, "zones sweep experiments/first-zone-size.toml")
    parser.add_argument("design", metavar="DESIGN", help="a design file (.toml); docs/sweeps.md lists its keys")
    parser.add_argument(
        "--dry-run", action="store_true", help="print the number of runs, expected time and disk space; run nothing"
    )
    parser.add_argument(
        "--set",
        metavar="LEVER=VALUE",
        action="append",
        default=[],
        type=tools.assignment,
        help="set a lever or uncertainty in every scenario; may be given more than once",
    )
    parser.add_argument(
        "--area", metavar="FILE", action="append", help="organisation file instead of the design's area"
    )
    parser.add_argument("--seed", type=tools.whole(0), metavar="N", help="seed of the random numbers (the design's)")
    calibration(parser, None, "the design's sample")
    parser.add_argument("--replicates", type=tools.whole(1), metavar="N", help="runs of each point (the design's)")
    parser.add_argument("--points", type=tools.whole(1), metavar="N", help="size of the design (the design's)")
    parser.add_argument(
        "--out", metavar="DIR", help="folder; a folder with this sweep in it is completed or extended (a dated one)"
    )
    parser.add_argument(
        "--until-width",
        type=_positive,
        metavar="W",
        help="stop each point once the 95 %% interval of its paired difference is no wider than W",
    )
    workers(parser, tools)
    tools.json(parser)


def _status(commands: Any, tools: Tools) -> None:
    words = "show how far a sweep or a search for plans has got"
    parser = tools.command(commands, "status", "folders.status", words, "zones status results/our-sweep")
    parser.add_argument("folder", metavar="DIR", help="folder of a sweep or of a search for plans")
    parser.add_argument("--tables", action="store_true", help="write the tables from the runs so far")
    tools.json(parser)


def _resume(commands: Any, tools: Tools) -> None:
    words = "continue a sweep or a search for plans that was stopped"
    parser = tools.command(commands, "resume", "folders.resume", words, "zones resume results/our-sweep")
    parser.add_argument("folder", metavar="DIR", help="folder of a sweep or of a search for plans")
    parser.add_argument("--retry-failed", action="store_true", help="repeat the runs that ended in an error")
    workers(parser, tools)
    tools.json(parser)


def _sensitivity(commands: Any, tools: Tools) -> None:
    words = "show what matters: Morris or Sobol indices, and the shares of plan, parameters and chance"
    parser = tools.command(commands, "sensitivity", "sweeps.sensitivity", words, "zones sensitivity results/our-sweep")
    parser.add_argument("folder", metavar="DIR", help="the folder of a finished sweep")
    parser.add_argument("--outcome", metavar="ID", help="headline, id or id@month (the design's first)")
    parser.add_argument("--scenario", metavar="NAME", help="scenario (the design's first)")
    parser.add_argument("--method", choices=("morris", "sobol"), help="refuse any other design (the design's own)")
    tools.json(parser)


def _discover(commands: Any, tools: Tools) -> None:
    words = "find the parts of the factors' ranges in which an outcome occurs, in sentences"
    example = 'zones discover results/our-sweep --when "sites_full_share@60 < 0.5"'
    parser = tools.command(commands, "discover", "sweeps.discover", words, example)
    parser.add_argument("folder", metavar="DIR", help="the folder of a finished sweep")
    parser.add_argument("--when", metavar="CONDITION", required=True, help='"OUTCOME < NUMBER", also <=, > and >=')
    parser.add_argument("--scenario", metavar="NAME", help="scenario (the design's first)")
    tools.json(parser)


def workers(parser: argparse.ArgumentParser, tools: Tools) -> None:
    """Declare `--workers` and `--cluster`."""
    parser.add_argument(
        "--workers",
        type=tools.whole(1),
        metavar="N",
        help="threads, or local processes with --cluster local (all cores)",
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="tcp://host:port of a Dask scheduler, or local; needs the extra 'cluster'"
    )
    engine_options.engine(parser)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, for example 0.02; got {quoted(text)}")
    return number
