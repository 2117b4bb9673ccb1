"""`zones new-design`: an example of a sweep's design, to edit."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files

from sim.commands.console import say, show
from sim.commands.new_file import path_for, write_new
from sim.platforms.names import command_line


def new_design(asked: Namespace) -> None:
    """A commented design, to edit.

    Raises:
        ScenarioError: something is there already, or it cannot be written.
    """
    path = path_for(asked.file)
    text = files("sim.sweeps").joinpath("example.toml").read_text(encoding="utf-8")
    write_new(path, text.replace("our-design.toml", path.name))
    show(str(path))
    told = command_line(["zones", "sweep", str(path)])
    say(f"Edit it, then: {told} --dry-run (runs, time, disk), and: {told}")
