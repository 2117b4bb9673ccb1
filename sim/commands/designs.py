"""`zones new-design`: an example of a sweep's design, to edit."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files
from pathlib import Path

from sim.commands.console import say, show
from sim.errors import SweepError, shortened
from sim.platforms.names import command_line, why_not


def new_design(asked: Namespace) -> None:
    """A commented design, to edit.

    Raises:
        SweepError: something stands there already, or it cannot be written.
    """
    from sim.atomic import write_whole

    path = Path(asked.file if asked.file.endswith(".toml") else f"{asked.file}.toml")
    if amiss := why_not(path.name):
        raise SweepError(f"the name '{shortened(path.name)}' {amiss}; choose another name.")
    text = files("sim.sweeps").joinpath("example.toml").read_text(encoding="utf-8")
    try:
        write_whole(path, text.replace("our-design.toml", path.name), new=True)
    except FileExistsError:
        raise SweepError(f"{path} already exists and is not overwritten; choose another name.") from None
    except OSError as error:
        raise SweepError(
            f"{path}: cannot be written ({error.strerror}); nothing was left there. Make room, or give another folder."
        ) from error
    show(str(path))
    told = command_line(["zones", "sweep", str(path)])
    say(f"Edit it, then: {told} --dry-run (runs, time, disk), and: {told}")
