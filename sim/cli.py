"""`zones ...`: parse, call, print. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import argparse
import errno
import gc
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

from sim.commands import (
    benchmark_options,
    engine_options,
    evidence_options,
    ladder_options,
    list_options,
    observed_options,
    pages_options,
    plan_options,
    sweep_options,
)
from sim.errors import quoted

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
TOLD = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO)
DESCRIPTION = """How good practice with children and families spreads, reaches fidelity and lasts in a local area,
with and without implementation teams."""
FIRST_STEPS = """first steps:
  zones list                                    the scenarios that come with the tool
  zones compare with-teams without-teams        what teams are worth, in a fictional area
  zones compare with-teams without-teams --area our_sites.csv     the same for your own sites
  zones COMMAND --help                          options and an example"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: words after `zones`; None: those of the process.

    Returns:
        The exit code.
    """
    from sim.errors import Interrupted, ZonesError
    from sim.platforms import signals
    from sim.platforms.screen import let_go, prepare_streams

    given = list(sys.argv[1:] if arguments is None else arguments)
    prepare_streams()
    before = signals.heed(_terminated)
    try:
        parser = build_parser()
        if not given:
            parser.print_help(sys.stderr)
            return USAGE
        asked = _understood(given, parser)
        engine_options.check(asked)
        asked.do(asked)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _interrupted("Interrupted; nothing was written.")
    except Interrupted as stopped:
        return _interrupted(f"Interrupted. {stopped}")
    except BrokenPipeError:  # the reader (head, less) has seen enough
        let_go()
        return FAILED
    except (ZonesError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in TOLD:
            raise
        return _failed(error)
    finally:
        signals.restore(before)
    return DONE


def _understood(given: list[str], parser: Parser) -> argparse.Namespace:
    """What is asked for; what was understood differently from what was written is said."""
    from sim.commands.console import say

    if given[0] in ("-h", "--help", "--version"):
        return parser.parse_args(given)
    from sim.commands.first_words import mended
    from sim.commands.line import Unclear

    try:
        words, said = mended(given, parser.commands)
    except Unclear as told:
        parser.commands.get(given[0], parser).error(str(told))
    asked = parser.parse_args(words, argparse.Namespace(words=words))
    say(*said)
    return asked


def _failed(error: Exception) -> int:
    """Print the message; where standard output is what failed, nothing more goes there."""
    from sim.commands.console import say_at_most
    from sim.platforms.screen import let_go

    told = str(error)
    if isinstance(error, OSError):
        told = f"{error.filename or 'a file'}: {error.strerror}; make room, or give a folder you may use."
    say_at_most(f"zones: {told}")
    if isinstance(error.__cause__ or error, OSError):
        let_go()
    return FAILED


def _interrupted(told: str) -> int:
    """Print the message and end at once: collecting what the compiler made would take half a second."""
    from sim.commands.console import say

    say("", told)
    gc.freeze()
    return INTERRUPTED


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)  # unwinds, so that nothing half-written stays


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(prog="zones", description=DESCRIPTION, epilog=FIRST_STEPS, formatter_class=_AsWritten)
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    parser.commands = commands.choices
    _list(commands)
    _describe(commands)
    _new(commands)
    _run(commands)
    _compare(commands)
    ladder_options.add(commands, _command, _running)
    _check(commands)
    _new_list(commands)
    _slice(commands)
    _replay(commands)
    tools = sweep_options.Tools(_command, _whole, _assignment, _json)
    sweep_options.add(commands, tools)
    plan_options.add(commands, tools, _area)
    evidence_options.add(commands, _command, _whole, _json)
    observed_options.add(commands, _command, _whole, _place, _json)
    pages_options.add(commands, _command, _area)
    _warm(commands)
    benchmark_options.add(commands, _command, _json)
    return parser


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong first, and in few lines.

    Attributes:
        commands: the commands' own parsers by name.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.commands: dict[str, Parser] = {}

    def error(self, message: str) -> NoReturn:
        """Print the message, and end with the code of wrong usage."""
        from sim.commands.console import say

        say(f"{self.prog}: {message}", "", f"usage: {self.prog} ...; `{self.prog} --help` shows all options.")
        self.exit(USAGE)


_AsWritten = argparse.RawDescriptionHelpFormatter
Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


class _Version(argparse.Action):
    """Looks the versions up only when asked, which keeps help instant."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(
            option_strings,
            dest,
            nargs=0,
            help="show versions: zones, model, calibration, libraries",
        )

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from sim.commands.about import lines

        print("\n".join(lines()))
        parser.exit()


def _command(commands: Commands, name: str, do: str, words: str, example: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    """One command; `do` is 'module.function' within sim.commands, imported when it is called."""
    parser: argparse.ArgumentParser = commands.add_parser(  # type: ignore[attr-defined]
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=_AsWritten,
    )
    parser.set_defaults(do=_late(do))
    return parser


def _late(do: str) -> Callable[[argparse.Namespace], None]:
    def call(asked: argparse.Namespace) -> None:
        from importlib import import_module

        module, function = do.split(".")
        getattr(import_module(f"sim.commands.{module}"), function)(asked)

    return call


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _list(commands: Commands) -> None:  # type: ignore[valid-type]
    parser = _command(
        commands, "list", "scenarios.list_all", "list the scenarios, or every lever", "zones list --levers --json"
    )
    parser.add_argument("--levers", action="store_true", help="list levers: words, values, default, source")
    _json(parser)


def _describe(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "describe a scenario and its plan in plain sentences, without running it"
    parser = _command(commands, "describe", "scenarios.describe", words, "zones describe three-zones")
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="a scenario's name or a .toml file")
    parser.add_argument("--order", action="store_true", help="show the order in which things happen in a month instead")
    _area(parser)
    _set(parser)
    _json(parser)


def _new(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "write a commented scenario file to edit"
    parser = _command(commands, "new", "scenarios.new", words, "zones new our-plan --from three-zones")
    parser.add_argument("name", metavar="NAME", help="name of the new scenario; the file is NAME.toml")
    parser.add_argument(
        "--from", dest="base", metavar="SCENARIO", default="with-teams", help="scenario to copy (with-teams)"
    )


def _run(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "run one scenario and keep the result in a folder"
    parser = _command(commands, "run", "runs.run", words, "zones run with-teams --set coaching=0.5 --months 120")
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario's name or a .toml file")
    _running(parser)


def _compare(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "run scenarios in the same area with common random numbers, and show how they differ"
    example = "zones compare with-teams without-teams --area our_sites.csv"
    parser = _command(commands, "compare", "runs.compare", words, example)
    parser.add_argument("first", metavar="A", help="the first scenario is compared with each of the others")
    parser.add_argument("others", metavar="B", nargs="+", help="one or more scenarios to compare it with")
    _running(parser)


def _check(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "check organisation files, and show what would be assumed"
    parser = _command(commands, "check", "organisation.check", words, "zones check our_sites.csv")
    parser.add_argument("area", metavar="AREA", nargs="+", help="organisation files (.csv, .xlsx, .graphml)")
    parser.add_argument(
        "--save", metavar="FILE", help="write the list as it was understood, to a new .csv or .xlsx file"
    )
    _generated(parser)
    _json(parser)


def _new_list(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "write an example list of sites, to be replaced by your own"
    parser = _command(commands, "new-list", "organisation.new_list", words, "zones new-list our_sites.csv")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="our_sites.csv", help="a .csv or .xlsx file (our_sites.csv)"
    )


def _slice(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "check whether a set of sites is a vertical slice of the area, or choose one"
    parser = _command(commands, "slice", "organisation.slice_of", words, "zones slice our_sites.csv --size 6")
    parser.add_argument("area", metavar="AREA", nargs="+", help="organisation files (.csv, .xlsx, .graphml)")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--sites", metavar="ID", nargs="+", help="ids of the sites to look at")
    which.add_argument("--size", metavar="N", type=_whole(1), help="choose N sites that resemble the area")
    parser.add_argument("--show-names", action="store_true", help="show sites' real names")
    _generated(parser)
    _json(parser)


def _replay(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "run a result again from its folder alone, and check that every table is byte-identical"
    parser = _command(commands, "replay", "folders.replay", words, "zones replay results/our-result")
    parser.add_argument("result", metavar="RESULT", help="folder of a result or of a search for plans")
    _threads(parser)
    _json(parser)


def _warm(commands: Commands) -> None:  # type: ignore[valid-type]
    words = "do in advance what a first run, chart or page would wait for: compile, list fonts, measure the evidence"
    _json(_command(commands, "warm", "warm.warm", words, "zones warm"))


def _running(parser: argparse.ArgumentParser) -> None:
    _area(parser)
    _set(parser)
    parser.add_argument(
        "--replicates", type=_whole(1), default=200, metavar="N", help="simulated runs of each scenario (200)"
    )
    parser.add_argument("--months", type=_whole(1), metavar="N", help="horizon (the longest that the scenarios state)")
    parser.add_argument(
        "--seed", type=_whole(0), default=1, metavar="N", help="seed of the random numbers; any whole number from 0 (1)"
    )
    engine_options.any_engine(parser)
    evidence_options.uncertainty(parser)
    parser.add_argument("--sites", action="store_true", help="also keep sites.parquet: one row for each site and run")
    parser.add_argument(
        "--site-months", action="store_true", help="also keep site_months.parquet: every month of every site"
    )
    parser.add_argument("--spells", action="store_true", help="also keep spells.parquet: every spell of use")
    parser.add_argument("--out", metavar="DIR", help="result folder, absent or empty (a dated one under results/)")
    parser.add_argument("--show-names", action="store_true", help="include the real names of sites in the result")
    _threads(parser)
    _json(parser)


def _area(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--area",
        metavar="FILE",
        action="append",
        help="organisation file or folder; may be given more than once (a generated area)",
    )
    _generated(parser)


def _generated(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-given", action="store_true", help="use the files as they are: do not generate missing teams"
    )
    parser.add_argument(
        "--organisation-seed",
        type=_whole(0),
        metavar="N",
        help="seed of what is generated in the organisation (0)",
    )
    list_options.add(parser)


def _set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        metavar="LEVER=VALUE",
        action="append",
        default=[],
        type=_assignment,
        help="set a lever or uncertainty, in every scenario; may be given more than once",
    )


def _place(parser: argparse.ArgumentParser) -> None:
    _area(parser)
    _set(parser)


def _threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads", type=_whole(1), metavar="N", help="number of threads (all cores); it does not affect results"
    )


def _whole(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"must be a whole number of at least {least}; got {quoted(text)}")
        return number

    return read


def _assignment(text: str) -> str:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise argparse.ArgumentTypeError(f"write LEVER=VALUE, for example coaching=0.5; got {quoted(text)}")
    return text


if __name__ == "__main__":
    sys.exit(main())
