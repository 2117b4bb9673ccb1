"""`--engine`, where there is no agent to look at; nothing heavy is imported here."""

from __future__ import annotations

import argparse


def engine(parser: argparse.ArgumentParser) -> None:
    """Declare `--engine` where there is no agent to look at."""
    parser.add_argument(
        "--engine",
        choices=("batch", "gpu"),
        default="batch",
        help="this machine's processor (batch), or its NVIDIA GPU (gpu); same results",
    )
