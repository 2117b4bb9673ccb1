"""The words after `zones benchmark`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any


def add(
    commands: Any, command: Callable[..., argparse.ArgumentParser], json: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Declare the command."""
    words = "measure the speed on this machine against the targets"
    parser = command(commands, "benchmark", "benchmark.benchmark", words, "zones benchmark --quick")
    parser.add_argument("--quick", action="store_true", help="smaller areas and fewer rounds: under a minute")
    parser.add_argument(
        "--nation", nargs="+", default=[], metavar="FILE", help="a nation's lists of sites (a generated nation)"
    )
    json(parser)
