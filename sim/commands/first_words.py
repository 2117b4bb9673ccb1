"""First lines as people type them: what was plainly meant is done and said; otherwise the line to write is given.

Only words are looked at, and which files are there; nothing heavy is imported.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from sim.commands import word_kinds as kinds
from sim.commands.amounts import check_amounts
from sim.commands.line import Line, Unclear, apart, shown

FIRST, OTHER = "with-teams", "without-teams"
SCENARIOS = ("run", "compare", "describe", "brief", "app")
"""Commands whose plain words are scenarios (of `app`, the one to begin with)."""
BETWEEN = ("vs", "vs.", "versus", "against", "and", "with", "to", ",", "&", "+")
INSTEAD = {
    "simulate": "run", "start": "app", "serve": "app", "gui": "app", "page": "app", "pages": "app", "web": "app",
    "open": "app", "ui": "app", "show": "describe", "explain": "describe", "tell": "describe",
    "create": "new", "copy": "new", "init": "new", "validate": "check", "verify": "check", "import": "check",
    "load": "check", "continue": "resume", "restart": "resume", "repeat": "replay", "rerun": "replay",
    "briefing": "brief", "report": "brief", "diff": "compare", "difference": "compare", "versus": "compare",
    "vs": "compare", "speed": "benchmark", "fit": "calibrate", "scenarios": "list", "ls": "list",
    "scenario": "describe", "progress": "status", "zone": "slice", "choose": "slice", "scan": "sweep",
    "experiment": "sweep", "template": "new-list", "example": "new-list", "plans": "plan", "optimise": "plan",
    "optimize": "plan", "budget": "plan",
}  # fmt: skip
"""Commands by words that others use for them."""


def mended(given: list[str], commands: Mapping[str, argparse.ArgumentParser]) -> tuple[list[str], list[str]]:
    """A command line as it was meant.

    Args:
        given: the words after `zones`.
        commands: each command's own parser.

    Returns:
        The words to parse, and sentences on what was taken otherwise than written.

    Raises:
        Unclear: the line could mean several things; the message says what to write.
    """
    given = given[1:] if given[:1] == ["zones"] else given
    if not given:
        return ["--help"], []
    if given[0] in ("-h", "--help", "--version"):
        return given, []
    command, rest, said = _command(given, commands)
    if command not in commands:
        return [command], said
    if "-h" in rest or "--help" in rest or (rest[:1] == ["help"] and not kinds.exists("help")):
        return [command, "--help"], said
    rest = _other_door(command, rest)
    line = apart(command, rest, commands[command])
    line.said = said + line.said
    for rule in (_addresses, _settings, _lists, _scenarios, _own_words, _kinds, check_amounts):
        rule(line)
    return line.written(), line.said


def _command(given: list[str], commands: Mapping[str, argparse.ArgumentParser]) -> tuple[str, list[str], list[str]]:
    """The command that is meant, the words after it, and what was taken otherwise."""
    word, rest = given[0], given[1:]
    if word in commands:
        return word, rest, []
    plain = word.lstrip("-\N{EN DASH}\N{EM DASH}").lower()
    if plain == "help":
        return (rest[0], ["--help"], []) if rest and rest[0] in commands else ("--help", [], [])
    if plain in ("version", "v"):
        return "--version", [], []
    if plain == "levers":
        return "list", ["--levers", *rest], ["Taken as: zones list --levers"]
    if plain in commands:
        return plain, rest, [f"{word} is taken as the command {plain}."]
    if word.startswith("-") and (first := next((w for w in rest if w in commands), "")):
        at = rest.index(first)
        others = [*rest[at + 1 :], word, *rest[:at]]
        return first, others, [f"Taken as: {shown([first, *others])}"]
    raise Unclear(_no_command(word, plain, rest, commands))


def _no_command(word: str, plain: str, rest: list[str], commands: Mapping[str, argparse.ArgumentParser]) -> str:
    if word.startswith("-"):
        return f"the command comes first, then its options. Write, for example: {shown(['run', FIRST, word, *rest])}"
    if kinds.is_list(word):
        return (
            f"{word} is a list of sites; say what to do with it. To check it: {shown(['check', word])}. To see what "
            f"teams are worth there: {shown(['compare', FIRST, OTHER, '--area', word])}"
        )
    name = kinds.plainly(word) if kinds.plainly(word) in kinds.shipped() else word
    if command := _door(name, rest):
        return f"{word} {_what(name)}; say what to do with it. Write: {shown([command, name, *rest])}"
    close = get_close_matches(plain[:60], commands, n=1, cutoff=0.6)
    meant = INSTEAD.get(plain) or (close[0] if close else "")
    if meant:
        return f"there is no command '{word}'. Did you mean: {shown([meant, *rest])}"
    return f"there is no command '{word}'; there are {', '.join(commands)}. `zones --help` shows what each does."


def _door(word: str, rest: list[str]) -> str:
    """The command for a design, scenario or folder given where a command belongs; '' for anything else."""
    several = any(kinds.is_scenario(w) for w in rest)
    by_kind = {
        "design": "sweep",
        "calibration": "calibrate",
        "question": "plan",
        "scenario": "compare" if several else "run",
    }
    kind = kinds.toml_kind(word) or ("scenario" if word in kinds.shipped() else "")
    return by_kind.get(kind) or {"sweep": "status", "plan": "status", "result": "replay"}.get(
        kinds.folder_kind(word), ""
    )


def _other_door(command: str, rest: list[str]) -> list[str]:
    """`check` and `slice` take lists as plain words; --area before one, in any spelling, is left out."""
    if command not in ("check", "slice"):
        return rest
    found = []
    for word in rest:
        name, equals, value = word.partition("=")
        if name.strip("-").lower() in ("area", "areas", "file", "files"):
            found += [value] if equals else []
        else:
            found.append(word)
    return found


def _addresses(line: Line) -> None:
    """Nothing is fetched from a network."""
    for word in [*line.words, *line.values("--area")]:
        if kinds.is_address(word):
            raise Unclear(
                f"{word}: is a web address, and nothing is fetched from a network; save it as a file and give "
                f"that file."
            )


def _settings(line: Line) -> None:
    """`coaching=0.5`, alone or after another setting, and `--set coaching 0.5`."""
    if line.command not in ("run", "compare", "ladder", "describe", "sweep", "update"):
        return
    for option in line.options:
        if option.name != "--set" or option.joined or "=" in option.values[0]:
            continue
        parts = [w for w in line.words if w != "="]
        value = next((w for w in parts if w.lstrip("=").replace(".", "", 1).isdigit() or w in ("on", "off")), None)
        if value is not None:
            line.words.remove(value)
            line.words[:] = [w for w in line.words if w != "="]
            option.values[0] = f"{option.values[0].rstrip(':=')}={value.lstrip('=')}"
            line.said.append(f"Taken as --set {option.values[0]}.")
    for word in [w for w in line.words if "=" in w and not kinds.exists(w) and w[0] != "="]:
        line.words.remove(word)
        line.add("--set", word)
        line.said.append(f"{word} is taken as --set {word}.")


def _lists(line: Line) -> None:
    """Lists of sites given where scenarios or ids belong."""
    if line.command in ("check", "slice"):
        sites = [o for o in line.options if o.name == "--sites"]
        for option in sites:
            moved = [v for v in option.values if kinds.is_list(v)]
            line.words += moved
            option.values[:] = [v for v in option.values if v not in moved]
        return
    if line.command not in (*SCENARIOS, "ladder", "sweep"):
        return
    for option in [o for o in line.options if o.name == "--area" and not o.joined]:
        if whole := _joined_name(option.values[0], line.words):
            option.values[:] = whole
            line.said.append(f"Taken as: {line.shown()}")
        parts = [part.strip() for part in option.values[0].split(",")]
        if len(parts) > 1 and not kinds.exists(option.values[0]) and all(kinds.exists(p) for p in parts):
            at = line.options.index(option)
            line.options[at : at + 1] = [type(option)("--area", [part]) for part in parts]
            line.said.append(f"{option.values[0]} is taken as {len(parts)} lists.")
    for word in [w for w in line.words if kinds.is_list(w)]:
        line.words.remove(word)
        line.add("--area", word)
        line.said.append(f"{word} is a list of sites: taken as --area {word}.")


def _joined_name(first: str, words: list[str]) -> list[str]:
    """A file's name that was parted at its spaces, taken out of the words; [] where it is none."""
    if kinds.exists(first):
        return []
    for count in range(len(words), 0, -1):
        name = " ".join([first, *words[-count:]])
        if kinds.exists(name):
            del words[-count:]
            return [name]
    return []


def _scenarios(line: Line) -> None:
    """Names of scenarios: parted at a comma or a space, in other letters, with words between them."""
    if line.command not in SCENARIOS:
        return
    known, found, waiting = kinds.shipped(), [], []
    for word in line.words:
        parts = [p for p in word.split(",") if p] if "," in word and not kinds.exists(word) else [word]
        waiting += parts
    while waiting:
        word = waiting.pop(0)
        for count in range(min(3, len(waiting)), 0, -1):
            joined = kinds.plainly(" ".join([word, *waiting[:count]]))
            if joined in known and kinds.plainly(word) not in known and not kinds.exists(word):
                del waiting[:count]
                word = joined
                break
        if word in known or kinds.exists(word):
            found.append(word)
        elif kinds.plainly(word).removesuffix(".toml") in known and "/" not in word:
            found.append(kinds.plainly(word).removesuffix(".toml"))
        elif not (word.lower() in BETWEEN and found):
            found.append(word)
    if found != line.words:
        line.said.append(f"Taken as: {line.shown(*found)}" if found else "")
        line.words[:] = found


def _own_words(line: Line) -> None:
    """What single commands are asked in other words than theirs."""
    rule = OWN.get(line.command)
    if rule is not None:
        rule(line)


def _take(line: Line, word: str, option: str, *values: str) -> None:
    line.words.remove(word)
    line.add(option, *values)
    line.said.append(f"{word} is taken as {' '.join((option, *values))}.")


def _app(line: Line) -> None:
    for word in list(line.words):
        if word in kinds.shipped() and not line.has("--scenario"):
            _take(line, word, "--scenario", word)
        elif kinds.is_number(word) and not line.has("--port"):
            _take(line, word, "--port", word)
        elif kinds.folder_kind(word) and not line.has("--results"):
            _take(line, word, "--results", word)


def _slice(line: Line) -> None:
    for word in [w for w in line.words if kinds.is_number(w) and not kinds.exists(w)]:
        if not line.has("--size") and not line.has("--sites"):
            _take(line, word, "--size", word)
    for option in line.options:
        if option.name == "--sites" and any("," in v for v in option.values):
            option.values[:] = [part.strip() for v in option.values for part in v.split(",") if part.strip()]
            line.said.append(f"Taken as --sites {' '.join(option.values)}.")


def _new(line: Line) -> None:
    if len(line.words) == 2 and not line.has("--from"):
        name = next((w for w in line.words if not kinds.is_scenario(w)), "")
        base = next((w for w in line.words if w != name), "")
        if name and base and kinds.is_scenario(base):
            _take(line, base, "--from", base)


def _evidence(line: Line) -> None:
    for word in [w for w in line.words if w in ("as-cited", "as-published")]:
        _take(line, word, "--calibration", word)


def _discover(line: Line) -> None:
    for word in [w for w in line.words if "<" in w or ">" in w]:
        if not line.has("--when"):
            _take(line, word, "--when", word)


def _update(line: Line) -> None:
    for word in [w for w in line.words if kinds.is_list(w)]:
        if not line.has("--observed"):
            _take(line, word, "--observed", word)


def _flag(*names: str) -> Callable[[Line], None]:
    def take(line: Line) -> None:
        for word in [w for w in line.words if w.lower() in names]:
            _take(line, word, f"--{word.lower()}")

    return take


def _file_named(line: Line) -> None:
    """A design or a calibration by its name alone."""
    if len(line.words) != 1 or kinds.exists(line.words[0]):
        return
    name = line.words[0].removesuffix(".toml")
    for path in (f"{name}.toml", f"experiments/{name}.toml", f"experiments/calibration-{name}.toml"):
        if kinds.exists(path) and path != line.words[0]:
            line.words[0] = path
            line.said.append(f"Taken as: {line.shown()}")
            return


OWN: dict[str, Callable[[Line], None]] = {
    "app": _app,
    "slice": _slice,
    "new": _new,
    "evidence": _evidence,
    "discover": _discover,
    "update": _update,
    "list": _flag("levers"),
    "benchmark": _flag("quick"),
    "sweep": _file_named,
    "plan": _file_named,
    "calibrate": _file_named,
}


def _kinds(line: Line) -> None:
    """A word that belongs to another command."""
    for word in line.words:
        other = _belongs(line.command, word)
        if other and other != line.command:
            command = [other, word] if other in ("check", "status", "replay") else [other, word, *_options(line, other)]
            raise Unclear(f"{word} {_what(word)}, which zones {line.command} does not take. Write: {shown(command)}")


def _options(line: Line, other: str) -> list[str]:
    shared = {"run", "compare", "describe", "sweep"}
    return [w for o in line.options for w in o.words()] if {line.command, other} <= shared else []


def _what(word: str) -> str:
    if kinds.is_list(word):
        return "is a list of sites"
    kind = kinds.toml_kind(word) or ("scenario" if word in kinds.shipped() else "")
    names = {
        "design": "is the design of a sweep",
        "calibration": "is a calibration file",
        "question": "is a question for plans",
        "scenario": "is a scenario",
    }
    folder = kinds.folder_kind(word)
    return names.get(kind) or f"is the folder of a {'search for plans' if folder == 'plan' else folder}"


TAKERS = {"design": "sweep", "calibration": "calibrate", "question": "plan", "scenario": "run", "list": "check"}
"""The command for each kind of file."""
KEEPERS = {"sweep": "status", "plan": "status", "result": "replay"}
"""The command for each kind of folder."""
OWN_KINDS = {
    **dict.fromkeys(("run", "compare", "describe"), ("scenario", "list")),
    "brief": ("scenario", "list", "plan"),
    **dict.fromkeys(("status", "resume", "sensitivity", "discover"), ("sweep", "plan", "calibration", "list")),
    "plan": ("question", "sweep", "result"),
    "sweep": ("design", "list", "sweep", "plan", "result"),
    "calibrate": ("calibration", "sweep", "plan", "result"),
    "check": ("list", "sweep", "plan", "result"),
    "slice": ("list", "sweep", "plan", "result"),
    "replay": ("result", "plan", "calibration", "list"),
}
"""Kinds of words that a command takes, or that it refuses in words of its own."""


def _belongs(command: str, word: str) -> str:
    """The command that takes such a word; '' where this one may."""
    kind = kinds.toml_kind(word) or ("scenario" if word in kinds.shipped() and not kinds.exists(word) else "")
    kind = kind or ("list" if kinds.is_list(word) else kinds.folder_kind(word))
    if not kind or command not in OWN_KINDS or kind in OWN_KINDS[command]:
        return ""
    if kind == "scenario" and command in ("check", "slice"):
        return "describe"
    return {**TAKERS, **KEEPERS}[kind]
