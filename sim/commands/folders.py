"""`zones status`, `zones resume` and `zones replay`: what a folder holds decides who does it."""

from __future__ import annotations

from argparse import Namespace

from sim.commands import word_kinds as kinds

PLAN = "plan"


def status(asked: Namespace) -> None:
    """How far a sweep or a search for plans is."""
    from sim.commands import plans, sweeps

    (plans.status if kinds.folder_kind(asked.folder) == PLAN else sweeps.status)(asked)


def resume(asked: Namespace) -> None:
    """Run what is missing of a sweep or of a search for plans."""
    from sim.commands import plans, sweeps

    (plans.resume if kinds.folder_kind(asked.folder) == PLAN else sweeps.resume)(asked)


def replay(asked: Namespace) -> None:
    """Make a result, or the answer of a search for plans, again and compare every file."""
    from sim.commands import plans, runs

    (plans.replay if kinds.folder_kind(asked.result) == PLAN else runs.replay)(asked)
