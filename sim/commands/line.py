"""The words after a command taken apart into plain words and options, and put together again."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from sim.platforms.names import command_line

DASHES = "-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
NEGATIVE = re.compile(r"-\.?\d")
MEANT = {
    "--file": "--area", "--files": "--area", "--csv": "--area", "--data": "--area", "--input": "--area",
    "--list": "--area", "--schools": "--area", "--place": "--area", "--organisation": "--area",
    "--runs": "--replicates", "--reps": "--replicates", "--n": "--replicates", "--repeats": "--replicates",
    "--simulations": "--replicates", "--iterations": "--replicates", "--horizon": "--months", "--years": "--months",
    "--random-seed": "--seed", "--output": "--out", "--folder": "--out", "--dir": "--out", "--names": "--show-names",
    "--cores": "--threads", "--jobs": "--threads", "--cpus": "--threads", "--processes": "--workers",
    "--lever": "--set", "--override": "--set", "--param": "--set", "--parameter": "--set", "--ids": "--sites",
    "--number": "--size", "--count": "--size", "--browser": "--no-browser", "--address": "--host",
    "--condition": "--when", "--where": "--when",
}  # fmt: skip
"""What others call these options. They are only suggested, since what follows may mean something else."""


class Unclear(Exception):
    """A command line that is not understood; the message says what to write instead."""


@dataclass
class Option:
    """One option as it was given.

    Attributes:
        name: as the command declares it, '--area'.
        values: what follows it.
        joined: written as one word, '--area=FILE'.
    """

    name: str
    values: list[str]
    joined: bool = False

    def words(self) -> list[str]:
        """As it is written."""
        return [f"{self.name}={self.values[0]}"] if self.joined else [self.name, *self.values]


@dataclass
class Line:
    """A command line taken apart.

    Attributes:
        command: the command.
        words: what belongs to no option.
        options: the options in order.
        said: sentences on what was taken otherwise than written.
    """

    command: str
    words: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return any(o.name == name for o in self.options)

    def values(self, name: str) -> list[str]:
        """All values of an option."""
        return [v for o in self.options if o.name == name for v in o.values]

    def add(self, name: str, *values: str) -> None:
        """Add an option."""
        self.options.append(Option(name, list(values)))

    def written(self) -> list[str]:
        """The words after `zones`, plain words before options."""
        plain = ["--", *self.words] if any(w.startswith("-") for w in self.words) else self.words
        options = [word for o in self.options for word in o.words()]
        return [self.command, *options, *plain] if plain is not self.words else [self.command, *plain, *options]

    def shown(self, *words: str) -> str:
        """The whole line as one can type it.

        Args:
            words: plain words instead of those given.
        """
        return shown([self.command, *(words or self.words), *(w for o in self.options for w in o.words())])


def shown(words: list[str]) -> str:
    """A command line as it can be typed; words in capitals are to be filled in."""
    return f"zones {command_line(words)}"


def apart(command: str, given: list[str], parser: argparse.ArgumentParser) -> Line:
    """Take a command's words apart.

    Args:
        command: the command.
        given: the words after it.
        parser: the command's own parser, whose options count.

    Raises:
        Unclear: an unknown option, or one that lacks its value.
    """
    line, waiting = Line(command), list(given)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            line.words += waiting
            break
        if not _optional(word):
            line.words.append(word)
            continue
        name, equals, value = word.partition("=")
        named = _named(name, line, parser, [value] if equals else waiting[:1])
        action = parser._option_string_actions[named]
        if equals:
            line.options.append(Option(named, [value], joined=True))
            continue
        line.options.append(Option(named, _taken(action, waiting)))
        if action.nargs != 0 and not line.options[-1].values:
            raise Unclear(_lacks(line, named, action))
    return line


def _optional(word: str) -> bool:
    return len(word) > 1 and word[0] in DASHES and not NEGATIVE.match(word) and word.strip(DASHES) != ""


def _taken(action: argparse.Action, waiting: list[str]) -> list[str]:
    most = 0 if action.nargs == 0 else 1 if action.nargs is None else len(waiting)
    found: list[str] = []
    while waiting and len(found) < most and not _optional(waiting[0]) and waiting[0] != "--":
        found.append(waiting.pop(0))
    return found


def _lacks(line: Line, name: str, action: argparse.Action) -> str:
    line.options.pop()
    likely = {"--area": "our_sites.csv", "--set": "coaching=0.5", "--sites": "P1 P2", "--replicates": "200"}
    value = likely.get(name, str(action.metavar or "VALUE")).split()
    line.add(name, *value)
    return f"{name} needs something after it ({action.help}). Write, for example: {line.shown()}"


def _named(given: str, line: Line, parser: argparse.ArgumentParser, then: list[str]) -> str:
    """The option that is meant by what was given."""
    known = parser._option_string_actions
    if given in known:
        return given
    plain = "--" + given.lstrip(DASHES).lower().replace("_", "-").replace("organiz", "organis").rstrip(":")
    longer = [name for name in known if name.startswith("--") and name.startswith(plain) and len(plain) > 3]
    same = [name for name in known if name.startswith("--") and name.rstrip("s") == plain.rstrip("s")]
    one = same[:1] if plain in (*known, *same) or same else longer
    if plain in known:
        one = [plain]
    if len(one) == 1:
        if not (given.startswith("--") and one[0].startswith(given)):
            line.said.append(f"{given} is taken as {one[0]}.")
        return one[0]
    raise Unclear(_unknown(given, plain, line, parser, then))


def _unknown(given: str, plain: str, line: Line, parser: argparse.ArgumentParser, then: list[str]) -> str:
    """What to write instead of an unknown option."""
    known = [name for name in parser._option_string_actions if name.startswith("--")]
    value = [v for v in then if not _optional(v)]
    if lever := _lever(plain):
        if "--set" in known:
            setting = f"{lever}={value[0]}" if value else f"{lever}=VALUE"
            line.add("--set", setting)
            return f"{given}: {lever} is a lever, set with --set. Write: {line.shown()}"
        return (
            f"{given}: {lever} is a lever; zones {line.command} does not set levers. `zones list --levers` lists them."
        )
    if plain == "--scenario":
        named = list(dict.fromkeys([*line.words, *(value or ["with-teams"])]))
        return f"{given}: give the scenario's name without an option. Write: {line.shown(*named)}"
    close = get_close_matches(plain[:60], known, n=1, cutoff=0.8)
    meant = MEANT.get(plain, "")
    meant = meant if meant in known else "".join(close)
    if meant:
        if plain == "--years" and value and value[0].isdecimal():
            value = [str(12 * int(value[0]))]
        action = parser._option_string_actions[meant]
        follows = [] if action.nargs == 0 else value or [str(action.metavar or "VALUE")]
        line.add(meant, *follows)
        return f"there is no option {given}; did you mean {meant} ({action.help})? Write: {line.shown()}"
    others = ", ".join(name for name in known if name != "--help")
    return f"there is no option {given}. zones {line.command} has {others or 'none'}."


def _lever(option: str) -> str:
    """The lever or uncertainty that the option is named after."""
    from sim.parameters import REGISTRY

    name = option.lstrip("-").replace("-", "_")
    return name if name in REGISTRY else ""
