"""Scenario files: the shipped catalogue and users' own, with inheritance and `--set`.

A file says what it changes; `base` names a shipped scenario or another file (a path relative to the file), from
which the rest is taken over. Levers, parameters, area settings and notes merge key by key; zones, core teams founded on
the way, events, initiatives and scope are replaced as wholes when given. With `standalone = true` nothing is taken over
and `base` is only what a description compares with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.errors import ScenarioError, UnknownName, WrongArgument, quoted, shortened
from sim.nearby import near, not_there
from sim.organisation.files.endings import LISTS
from sim.parameters import find
from sim.problems import LAST_MONTH, Problems
from sim.scenarios.budget import read_setting
from sim.scenarios.read import Layer, check_plan, read_table, read_value
from sim.scenarios.scenario import Scenario
from sim.strict import is_file, number_of, text_of, toml

HERE = Path(__file__).resolve().parent
ORDER = (
    "with-teams",
    "without-teams",
    "train-and-hope",
    "same-money",
    "single-lead",
    "committee",
    "half-the-team",
    "everywhere-at-once",
    "three-zones",
    "delay-a-year",
    "slow-data",
    "not-scale-worthy",
    "senior-leader-leaves",
    "support-withdrawn",
    "isolated-impact",
    "collective-impact",
    "local-area-1",
    "local-area-2",
    "local-area-3",
    "nation",
)
BY_HAND = "Set by hand for this run."


def names() -> tuple[str, ...]:
    """The shipped scenarios: the three arms first, then what changes teams, plan, conditions and place."""
    there = {p.stem for p in HERE.glob("*.toml")}
    return tuple(n for n in ORDER if n in there) + tuple(sorted(there - set(ORDER)))


def load(name_or_path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Read a shipped scenario or a file, with what it inherits and what is set by hand.

    Args:
        name_or_path: a shipped name, a path to a .toml file, or such a path without its ending.
        overrides: `NAME=VALUE` texts, NAME a lever, an uncertainty, `months` or a limit (`budget.cash=60000,40000`).

    Returns:
        The resolved scenario, named after its file.

    Raises:
        ScenarioError: what is wrong in the file (all of it), a base that leads back to itself, a value not allowed.
        UnknownName: no such scenario, or a name nobody declared; with the nearest.
    """
    if not isinstance(name_or_path, str | Path):
        kind = type(name_or_path).__name__
        raise WrongArgument(
            f"a scenario is loaded by its name or the path of a .toml file; got {quoted(name_or_path)} ({kind})."
        )
    return override(_read(_locate(str(name_or_path), Path(), "scenario"), ()), overrides)


def loads(text: str, name: str, folder: Path | None = None) -> Scenario:
    """Read a scenario from TOML text as if it were the file `<name>.toml` in `folder`.

    Raises:
        ScenarioError: as `load`.
    """
    return _build(toml(text, f"{name}.toml"), f"{name}.toml", name, folder or Path(), ())


def base_of(scenario: Scenario) -> Scenario | None:
    """The scenario it inherits from or was copied from, None where there is none or its file is gone."""
    if not scenario.base:
        return None
    try:
        return load(scenario.base)
    except ScenarioError:
        return None


def override(scenario: Scenario, overrides: Sequence[str], given_by: str = "--set") -> Scenario:
    """The scenario with `NAME=VALUE` texts applied in their order; their notes say that they were set by hand.

    Args:
        scenario: to change.
        overrides: texts.
        given_by: what messages begin with.

    Raises:
        ScenarioError: a text without '=', a value not allowed; all of them at once.
        UnknownName: a name that is neither lever, uncertainty nor `months`.
    """
    if not overrides:
        return scenario
    problems = Problems(given_by)
    levers, parameters, notes, months = (
        dict(scenario.levers),
        dict(scenario.parameters),
        dict(scenario.notes),
        scenario.months,
    )
    budget = scenario.budget
    for text in overrides:
        name, equals, value = (part.strip() for part in text.partition("="))
        where = f"{given_by} {shortened(text)}"
        if not equals or not value:
            problems.add(ScenarioError(f"{where}: write NAME=VALUE, for example {given_by} coaching=0.5."))
        elif name == "months":
            months = _months(problems, where, value)
        elif name.startswith("budget."):
            limits = problems.attempt(lambda n=name, w=where, v=value: read_setting(w, n, v))  # type: ignore[misc]
            budget = budget.changed(*limits) if limits else budget
        else:
            parameter = problems.attempt(lambda n=name, w=where: find(w, n))  # type: ignore[misc]
            if parameter is None:
                continue
            stored = problems.attempt(lambda p=parameter, w=where, v=value: read_value(w, p, v))  # type: ignore[misc]
            if stored is not None:
                (levers if parameter.is_lever else parameters)[name] = stored
        notes[name] = BY_HAND
    problems.stop()
    return replace(scenario, levers=levers, parameters=parameters, months=months, budget=budget, notes=notes)


def _months(problems: Problems, where: str, value: str) -> int:
    months = number_of(value)
    if not isinstance(months, int) or not 1 <= months <= LAST_MONTH:
        problems.add(
            ScenarioError(f"{where}: months must be a whole number in [1, {LAST_MONTH}]; got {quoted(value)}.")
        )
        return LAST_MONTH
    return months


def _locate(name: str, folder: Path, what: str, where: str = "") -> Path:
    """The file of a shipped name or of a path, seen from `folder`."""
    if name in names():
        return HERE / f"{name}.toml"
    prefix = f"{where}: " if where else ""
    path = folder / name
    if path.suffix.lower() in LISTS:
        raise ScenarioError(
            f"{prefix}'{shortened(name, 300)}' is a list of sites, not a scenario; give it as the area and name a "
            f"scenario beside it, for example with-teams."
        )
    for there in (path, path.parent / f"{path.name}.toml"):
        if is_file(there):
            return there.resolve()
    if path.suffix == ".toml" or "/" in name or "\\" in name:
        raise ScenarioError(
            f"{prefix}{what} file: {not_there(path, ['.toml'])}; give a path to a .toml file or one of "
            f"{', '.join(names())}."
        )
    raise UnknownName(where or "scenarios", what, name, names(), near(path, [".toml"]))


def _read(path: Path, seen: tuple[Path, ...]) -> Scenario:
    where, text = path.name, text_of(path, "a scenario")
    return _build(toml(text, where), where, path.stem, path.parent, (*seen, path))


def _build(table: dict[str, object], where: str, name: str, folder: Path, seen: tuple[Path, ...]) -> Scenario:
    layer = read_table(table, where)
    standalone = bool(layer.pop("standalone", False))
    base: Scenario | None = None
    if layer.get("base") and not standalone:
        path = _locate(str(layer["base"]), folder, "base", where)
        if path in seen:
            loop = " -> ".join(p.stem for p in (*seen[seen.index(path) :], path))
            raise ScenarioError(f"{where}: its base leads back to itself: {loop}. Take 'base' out of one of them.")
        base = _read(path, seen)
        if path.parent != HERE:
            layer["base"] = str(path)
    scenario = _merge(base, layer, name)
    check_plan(scenario, where)
    return scenario


def _merge(base: Scenario | None, layer: Layer, name: str) -> Scenario:
    """A base with one file's own keys on top; a note on a value that is set again goes, as it described the old one."""
    if base is None:
        return Scenario(**{"name": name, **layer})
    own = {key: layer.get(key, {}) for key in ("levers", "parameters", "area", "notes")}
    stale = {
        *own["levers"],
        *own["parameters"],
        *(k for k in ("months", "scope", "area", "zones", "core_teams", "events", "initiatives") if k in layer),
    }
    notes = {k: v for k, v in base.notes.items() if k not in stale}
    merged = {key: {**getattr(base, key), **own[key]} for key in ("levers", "parameters", "area")}
    alone = {"name": name, "title": "", "description": "", "base": base.name}
    return replace(base, **{**alone, **layer, **merged, "notes": {**notes, **own["notes"]}})
