"""The words after `zones app` and `zones brief`; nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from sim.commands.evidence_options import calibration
from sim.errors import quoted

Command = Callable[..., argparse.ArgumentParser]


def add(commands: Any, command: Command, area: Callable[[argparse.ArgumentParser], None]) -> None:
    """Declare both commands."""
    _app(command(commands, "app", "pages.app", _APP, "zones app --area our_sites.csv"), area)
    _story(command(commands, "story", "stories.story", _STORY, "zones story new ours with-teams without-teams"))
    _brief(
        command(commands, "brief", "handouts.brief", _BRIEF, "zones brief with-teams without-teams --out brief"), area
    )


_APP = "open the pages in a browser, served by this machine, with no network"
_STORY = "write a story of your own to edit, or check one: slides that compare two plans"
_BRIEF = "write a page to hand on (PDF and HTML), options side by side, or a file whose levers work offline"


def _story(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="WHAT", help="new: write a story to edit; check: read one")
    parser.add_argument("name", metavar="NAME", help="name of the new story, or the file to read")
    parser.add_argument("plans", metavar="PLAN", nargs="*", help="with new: the plan and what it is compared with")


def _app(parser: argparse.ArgumentParser, area: Callable[[argparse.ArgumentParser], None]) -> None:
    area(parser)
    parser.add_argument("--scenario", metavar="NAME", default="with-teams", help="shipped scenario to start with")
    calibration(parser)
    parser.add_argument("--results", metavar="DIR", help="folder of sweeps to show")
    parser.add_argument("--port", type=_port, default=8765, metavar="N", help="port (8765)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; beyond this machine a key is needed")
    parser.add_argument(
        "--name", metavar="HOST", action="append", default=[], help="another Host header to accept, behind a proxy"
    )
    parser.add_argument("--log", metavar="FILE", help="file of the learning log (results/learning-log.sqlite)")
    parser.add_argument("--show-names", action="store_true", help="show the real names of sites on this machine's page")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def _brief(parser: argparse.ArgumentParser, area: Callable[[argparse.ArgumentParser], None]) -> None:
    parser.add_argument(
        "plans", metavar="PLAN", nargs="*",
        help="two to five scenarios (names or .toml files), or the folder of zones plan or zones update (or its .zip)",
    )  # fmt: skip
    parser.add_argument(
        "--interactive", action="store_true", help="write one HTML file whose levers work without a server"
    )
    parser.add_argument("--story", metavar="FILE", help="with --interactive: a story of your own, its plans and slides")
    parser.add_argument(
        "--lever", metavar="NAME", action="append", default=[], help="with --interactive: a lever to offer (up to five)"
    )
    parser.add_argument(
        "--runs", type=_whole, default=0, metavar="N", help="with --interactive: runs to fit it (15000)"
    )
    area(parser)
    parser.add_argument("--area-of", metavar="NAME", help="use the generated area of this scenario (the first)")
    parser.add_argument("--months", type=_whole, default=0, metavar="N", help="horizon (the longer of the two)")
    parser.add_argument("--seed", type=_whole, default=1, metavar="N", help="seed of the random numbers (1)")
    calibration(parser, None, "as-published, or what the link says")
    parser.add_argument("--link", metavar="LINK", help="a link copied from the page, instead of A and B as shipped")
    parser.add_argument(
        "--out", metavar="NAME", default="briefing", help="NAME.html and NAME.pdf are written (briefing)"
    )
    parser.add_argument("--show-names", action="store_true", help="name the area and its files in the briefing")
    parser.add_argument("--log", metavar="FILE", help="learning log whose entries are added")


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more; got {quoted(text)}")
    return int(text)


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1024 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"must be a whole number in [1024, 65535]; got {quoted(text)}")
    return number
