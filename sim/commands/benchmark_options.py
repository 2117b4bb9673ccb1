"""The words after `zones benchmark`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
import shlex
import shutil
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
    parser.add_argument(
        "--clang", type=_compiler, default="", metavar="WORDS", help="C compiler for the C twin (clang, if found)"
    )
    json(parser)


def _compiler(words: str) -> str:
    """A command whose program exists; otherwise a typing error would only show after half a minute."""
    if words.strip() and shutil.which(shlex.split(words)[0]) is None:
        raise argparse.ArgumentTypeError(
            f"there is no such program: {words!r}; write what calls a C compiler, for example 'clang'"
        )
    return words
