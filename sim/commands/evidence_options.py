"""The words after `zones evidence` and `zones calibrate`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from sim.commands import engine_options
from sim.errors import quoted

CALIBRATIONS = ("as-published", "as-cited")


def add(commands: Any, command: Callable[..., argparse.ArgumentParser], whole: Callable[[int], Callable[[str], int]],
        json: Callable[[argparse.ArgumentParser], None]) -> None:  # fmt: skip
    """Declare both commands."""
    words = "compare the model with every published figure: fitted or predicted, met or missed"
    parser = command(commands, "evidence", "evidence.evidence", words, "zones evidence --calibration as-published")
    uncertainty(parser)
    parser.add_argument("--replicates", type=whole(10), default=200, metavar="N", help="runs of each situation (200)")
    parser.add_argument("--seed", type=whole(0), default=1, metavar="N", help="seed of the random numbers (1)")
    parser.add_argument(
        "--threads", type=whole(1), metavar="N", help="number of threads (all cores); it does not affect results"
    )
    json(parser)
    words = "fit the free parameters of a calibration file again and keep the sample of draws"
    parser = command(
        commands, "calibrate", "evidence.calibrate", words, "zones calibrate experiments/calibration-as-published.toml"
    )
    parser.add_argument("file", metavar="FILE", help="a calibration file (.toml); docs/calibration.md lists its keys")
    parser.add_argument("--out", metavar="DIR", help="folder, absent or empty (results/calibration-NAME)")
    parser.add_argument(
        "--threads", type=whole(1), metavar="N", help="number of threads (all cores); it does not affect results"
    )
    engine_options.engine(parser)
    json(parser)


def calibration(parser: argparse.ArgumentParser, default: str | None = CALIBRATIONS[0], usual: str = "") -> None:
    """Which posterior sample runs draw from; `usual`: what happens without it, in words."""
    parser.add_argument(
        "--calibration", type=_calibration, default=default, metavar="NAME",
        help=f"reading of the research behind the parameters: {' or '.join(CALIBRATIONS)} "
        f"({usual or CALIBRATIONS[0]})",
    )  # fmt: skip


def _calibration(text: str) -> str:
    if text not in CALIBRATIONS:
        near = get_close_matches(text[:60], CALIBRATIONS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise argparse.ArgumentTypeError(f"must be {' or '.join(CALIBRATIONS)}; got {quoted(text)}.{hint}")
    return text


def uncertainty(parser: argparse.ArgumentParser) -> None:
    """Which posterior sample runs draw from, if any."""
    calibration(parser)
    parser.add_argument(
        "--no-parameter-uncertainty",
        dest="parameter_uncertainty",
        action="store_false",
        help="keep every parameter at its default or set value; ranges then show chance alone",
    )
