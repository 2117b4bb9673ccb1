"""What `sim.run` and `sim.compare` are given, checked and answered in words of Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypedDict

from sim.errors import WrongArgument, quoted, shortened
from sim.organisation.files.cells import Upload
from sim.organisation.files.frames import is_frame
from sim.organisation.organisation import Organisation
from sim.parameters import REGISTRY
from sim.scenarios.scenario import Scenario

MEANT = {
    "set": "overrides", "levers": "overrides", "parameters": "overrides", "runs": "replicates", "n": "replicates",
    "reps": "replicates", "simulations": "replicates", "horizon": "months", "file": "area", "path": "area",
    "organisation": "area", "place": "area", "names": "show_names", "random_state": "seed", "cores": "threads",
}  # fmt: skip
"""What others call these options."""
WHOLE = ("replicates", "months", "seed", "organisation_seed", "threads")
MAY_BE_NONE = ("months", "organisation_seed", "threads")
FLAGS = ("as_given", "sites", "site_months", "spells", "show_names", "parameter_uncertainty")
TEXTS = ("engine", "calibration")
AREAS = "a path of an organisation file or a list of such paths, a pandas DataFrame, or what sim.load_area returned"
OVERRIDES = "a dict such as {'coaching': 0.5} or a list of texts such as ['coaching=0.5']"
SCENARIOS = "a shipped name such as 'with-teams', a path of a .toml file, or what sim.load_scenario returned"

ScenarioLike = str | Path | Scenario


class Options(TypedDict, total=False):
    """How `run` and `compare` run; whatever is left out has its default.

    Attributes:
        area: path or paths of organisation files, a pandas table with a row for each site, or a loaded organisation;
            None: the scenario's generated area.
        replicates: simulated runs, 200.
        months: horizon, None: the longest of the scenarios' own.
        seed: picks the random numbers, 1.
        engine: 'batch' or 'mesa'.
        overrides: values by lever or uncertainty, {'coaching': 0.5}, or texts 'lever=value'.
        as_given: generate no site that the files do not list.
        organisation_seed: another draw of what is generated.
        threads: threads, None: all cores.
        sites: keep the table of sites when saved.
        site_months: write down every site's month: `.site_months()`, and a table of them when saved.
        spells: write down every spell of use by a practitioner: `.spells()`, and a table of them when saved.
        show_names: include the real names of sites in the folder when saved.
        calibration: posterior sample that uncertain parameters are drawn from.
        parameter_uncertainty: False: every parameter at its default or as set.
    """

    area: Any
    replicates: int
    months: int | None
    seed: int
    engine: str
    overrides: Mapping[str, Any] | Sequence[str]
    as_given: bool
    organisation_seed: int | None
    threads: int | None
    sites: bool
    site_months: bool
    spells: bool
    show_names: bool
    calibration: str
    parameter_uncertainty: bool


def _meant(name: str, value: object, known: Sequence[str]) -> str:
    """What an unknown option is likely to mean, as a sentence; '' where nobody can say."""
    if name in REGISTRY:
        return f" Write overrides={{{name!r}: {shortened(repr(value), 20)}}}."
    if name == "years":
        return " Write months=, 12 for each year."
    near = [MEANT[name]] if name in MEANT else get_close_matches(name[:60], known, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def checked(what: str, options: Options) -> dict[str, Any]:
    """Options whose types are sound; their ranges are checked where they are used.

    Args:
        what: 'run' or 'compare', for messages.
        options: as given.

    Returns:
        The options that were given: whole numbers as int, overrides as texts, area as a list or an organisation.

    Raises:
        WrongArgument: an unknown option, or one of the wrong type.
    """
    known = tuple(Options.__annotations__)
    for name in options:
        if name not in known:
            hint = _meant(name, dict(options)[name], known)
            raise WrongArgument(f"{what}() has no option {name!r}; it has {', '.join(known)}.{hint}")
    found: dict[str, Any] = {}
    for name, value in options.items():
        if name in WHOLE:
            found[name] = None if value is None and name in MAY_BE_NONE else whole(what, name, value)
        elif name in FLAGS:
            found[name] = _flag(what, name, value)
        elif name in TEXTS:
            found[name] = _text(what, name, value)
        elif name == "overrides":
            found[name] = overrides_as_texts(what, value)
        else:
            found[name] = area_as_given(what, value)
    return found


def whole(what: str, name: str, value: object) -> int:
    """A whole number, also one of numpy's or a float without a fraction.

    Raises:
        WrongArgument: anything else.
    """
    item = _plain(value)
    if isinstance(item, int) and not isinstance(item, bool):
        return item
    if isinstance(item, float) and item.is_integer():
        return int(item)
    digits = item.strip().replace(",", "").replace("_", "") if isinstance(item, str) else ""
    hint = f" Write {name}={digits[:20]}, without quotes." if digits.isdecimal() and digits.isascii() else ""
    or_none = " or None" if name in MAY_BE_NONE else ""
    raise WrongArgument(f"{what}(): {name} must be a whole number{or_none}; got {_got(value)}.{hint}")


def _flag(what: str, name: str, value: object) -> bool:
    item = _plain(value)
    if isinstance(item, bool):
        return item
    raise WrongArgument(f"{what}(): {name} must be True or False; got {_got(value)}.")


def _text(what: str, name: str, value: object) -> str:
    if isinstance(value, str):
        return str(value)
    raise WrongArgument(f"{what}(): {name} must be a text in quotes; got {_got(value)}.")


def overrides_as_texts(what: str, value: object) -> list[str]:
    """Overrides as texts 'lever=value', from a mapping, a text or texts.

    Raises:
        WrongArgument: anything else.
    """
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [f"{_text(what, 'a lever in overrides', name)}={_setting(what, name, v)}" for name, v in value.items()]
    if isinstance(value, Sequence | set | frozenset) and all(isinstance(v, str) for v in value):
        return list(value)
    raise WrongArgument(f"{what}(): overrides must be {OVERRIDES}; got {_got(value)}.")


def _setting(what: str, name: str, value: object) -> str:
    item = _plain(value)
    if isinstance(item, bool):
        return "on" if item else "off"
    if isinstance(item, str | int):
        return str(item)
    if isinstance(item, float):
        return repr(item)
    raise WrongArgument(f"{what}(): overrides[{name!r}] must be a number, a text or True or False; got {_got(value)}.")


def area_as_given(what: str, value: object) -> Any:
    """An area as a list of files, a pandas table, an organisation, or None for the scenario's own.

    Raises:
        WrongArgument: anything else.
    """
    if value is None or isinstance(value, Organisation):
        return value
    parts = list(value) if isinstance(value, list | tuple) else [value]
    if not parts:
        raise WrongArgument(f"{what}(): area is an empty list; give {AREAS}, or None for the scenario's own area.")
    for part in parts:
        if not (isinstance(part, str | Path | Upload) or is_frame(part)):
            raise WrongArgument(f"{what}(): area must be {AREAS}; got {_got(part)}.")
    return parts


def scenarios_as_given(what: str, given: Sequence[Any]) -> list[ScenarioLike]:
    """Scenarios one after the other; a list or tuple of them counts as its items.

    Raises:
        WrongArgument: something that is not a scenario.
    """
    flat = [s for one in given for s in (one if isinstance(one, list | tuple) else [one])]
    for scenario in flat:
        if not isinstance(scenario, str | Path | Scenario):
            raise WrongArgument(f"{what}(): a scenario must be {SCENARIOS}; got {_got(scenario)}.")
    return flat


def names_as_given(names: object) -> tuple[str, ...]:
    """Names of headlines: one by itself, or several.

    Raises:
        WrongArgument: anything but texts.
    """
    found = (names,) if isinstance(names, str) else tuple(names) if isinstance(names, Iterable) else (names,)
    for name in found:
        _text("headlines", "a name", name)
    return tuple(str(name) for name in found)


def path_as_given(what: str, path: object) -> Path:
    """A path.

    Raises:
        WrongArgument: anything but a text or a path.
    """
    if isinstance(path, str | Path):
        return Path(path)
    raise WrongArgument(f"{what}(): the folder must be a path, a text in quotes; got {_got(path)}.")


def _plain(value: Any) -> object:
    """A number of numpy's as one of Python's."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "size", 0) == 1 else value


def _got(value: object) -> str:
    kind = type(value).__name__
    return "None" if value is None else f"{quoted(value)} ({kind})"
