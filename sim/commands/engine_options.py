"""`--engine`; nothing heavy is imported here."""

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


def any_engine(parser: argparse.ArgumentParser) -> None:
    """Declare `--engine` where agents may be looked at."""
    parser.add_argument(
        "--engine",
        choices=("batch", "mesa", "gpu"),
        default="batch",
        help="compiled (batch), agents that can be inspected (mesa), or an NVIDIA GPU (gpu); same results",
    )


def check(asked: argparse.Namespace) -> None:
    """Refuse a GPU that is not there, before anything is written; say where the program for it must be compiled.

    Raises:
        GpuError: with what is missing and what to do.
    """
    if getattr(asked, "engine", "") == "gpu":
        from sim.commands.console import say
        from sim.engine.gpu.device import gpu
        from sim.engine.gpu.program import is_kept

        if not is_kept(gpu().capability):
            say("Compiling the model for this GPU: once, for one to two minutes ...")
