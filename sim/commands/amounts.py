"""How many plain words each command takes, and what to write where one lacks or is too many."""

from __future__ import annotations

from pathlib import Path

from sim.commands import word_kinds as kinds
from sim.commands.line import Line, Unclear, shown
from sim.nearby import not_there

FIRST, OTHER = "with-teams", "without-teams"
ANY = 10_000
TAKES = {
    "list": (0, 0), "describe": (1, 1), "new": (1, 1), "new-list": (0, 1), "new-design": (0, 1),
    "run": (1, 1), "compare": (2, ANY), "ladder": (0, 0),
    "check": (1, ANY), "slice": (1, ANY), "replay": (1, 1), "sweep": (1, 1), "status": (1, 1),
    "resume": (1, 1), "sensitivity": (1, 1), "discover": (1, 1), "evidence": (0, 0),
    "calibrate": (1, 1), "observe": (2, 2), "update": (1, 1), "plan": (1, 2), "app": (0, 0), "brief": (0, 5),
    "story": (2, 4), "benchmark": (0, 0), "warm": (0, 0),
}  # fmt: skip
"""Fewest and most plain words."""
_SITES = "the list of sites, a .csv, .xlsx or .graphml file"
LACKING = {
    "run": ("the scenario to run (`zones list` names them)", (FIRST,)),
    "describe": ("the scenario to describe (`zones list` names them)", (FIRST,)),
    "compare": ("two scenarios or more to compare (`zones list` names them)", (FIRST, OTHER)),
    "new": ("the new scenario", ("our-plan",)),
    "sweep": ("the design to run, a .toml file", ("experiments/first-zone-size.toml",)),
    "calibrate": ("the calibration file", ("experiments/calibration-as-cited.toml",)),
    "update": ("the scenario you follow (`zones list` names them)", (FIRST,)),
    "observe": ("what to do, new or check, and the scenario or the filled table", ("new", FIRST)),
    "story": ("what to do, new or check, and the story", ("new", "ours")),
    "plan": ("the question, a .toml file; `zones plan new ours` writes one", ("ours.toml",)),
    "check": (_SITES, ("our_sites.csv",)),
    "slice": (_SITES, ("our_sites.csv",)),
}
"""What is to be named, and what is likely."""
SWEEPS = ("status", "resume", "sensitivity", "discover")


def check_amounts(line: Line) -> None:
    """Refuse a line with too few plain words or too many.

    Raises:
        Unclear: with the line to write.
    """
    least, most = TAKES.get(line.command, (0, ANY))
    if len(line.words) < least and not (line.command == "describe" and line.has("--order")):
        raise Unclear(_few(line))
    if len(line.words) > most:
        raise Unclear(_many(line, most))
    if line.command == "slice" and not (line.values("--sites") or line.has("--size")):
        whole = Line("slice", line.words, [o for o in line.options if o.name != "--sites"])
        whole.add("--size", "6")
        raise Unclear(f"say which sites, or how many to choose. Write, for example: {whole.shown()}")
    if line.command == "discover" and not line.has("--when"):
        line.add("--when", "sites_full_share@60 < 0.5")
        raise Unclear(f"say what to look for, in quotes. Write, for example: {line.shown()}")


def _few(line: Line) -> str:
    missing = [f" {_missing(v)}." for v in line.values("--area") if not kinds.exists(v)]
    return "".join([_lacking(line), *missing])


def _lacking(line: Line) -> str:
    if line.command in LACKING:
        what, likely = LACKING[line.command]
        given = line.words if line.command != "observe" else []
        words = [*given, *(w for w in likely if w not in given)][: max(1, TAKES[line.command][0])]
        return f"name {what}. Write, for example: {line.shown(*words)}"
    kind = "sweep" if line.command in SWEEPS else "result"
    there = kinds.folders_of(kind)
    latest = f"The latest: {line.shown(there[0])}" if there else f"Write: {line.shown(f'results/our-{kind}')}"
    return f"name the folder of the {kind}. {latest}"


def _many(line: Line, most: int) -> str:
    command, extra = line.command, line.words[most:]
    names = " ".join(extra)
    if command == "run" and all(kinds.is_scenario(w) for w in line.words):
        whole = Line("compare", line.words, line.options)
        return f"run takes one scenario. To compare several, write: {whole.shown()}"
    if command in ("describe", "new", "sweep", "calibrate", "replay", *SWEEPS):
        if command == "new" and not any(kinds.is_scenario(w) or kinds.exists(w) for w in line.words):
            told, most_words = "a name is one word", ["-".join(line.words)]
        else:
            told, most_words = f"{command} takes one at a time; leave out {names}", line.words[:most]
        return f"{told}. Write: {line.shown(*most_words)}"
    if line.has("--json") and any(w.endswith(".json") for w in extra):
        kept = [w for w in line.words if w not in extra]
        whole = Line(command, kept, line.options)
        return f"--json prints; to keep it in a file, write: {whole.shown()} > {names}"
    if command == "list" and (kinds.is_scenario(extra[0])):
        return f"list takes no name. To see that scenario described, write: {shown(['describe', extra[0]])}"
    if any(kinds.exists(w) for w in extra) or "." not in names:
        fitting = Line(command, line.words[:most], line.options)
        return f"{names} is not expected here. Write: {fitting.shown()}; `zones {command} --help` shows what it takes."
    return "; ".join(_missing(w) for w in extra)


def _missing(word: str) -> str:
    """What to say of a word that looks like a file."""
    return f"{word}: {not_there(Path(word))}"
