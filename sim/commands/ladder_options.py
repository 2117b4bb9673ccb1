"""The words after `zones ladder`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any


def add(
    commands: Any,
    command: Callable[..., argparse.ArgumentParser],
    running: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Declare the command; `running` declares the options of every command that runs scenarios."""
    words = "show what each step from nothing to full teams adds, what each feature contributes, and the cost"
    running(command(commands, "ladder", "runs.ladder", words, "zones ladder --area our_sites.csv"))
