"""A sweep's question as a file: scenarios, area, factors with their ranges, the design and what to keep of each run.

Ranges left out come from `sim.parameters`; an unknown key, name or value is refused with its address, all at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.declare import SEEDS_BELOW
from sim.errors import ScenarioError, shortened
from sim.nearby import not_there
from sim.organisation.generate.synthetic import read_settings
from sim.parameters import REGISTRY
from sim.posterior import NAMES
from sim.problems import LAST_MONTH, LONGEST_PATH, Problems
from sim.results.measures import BY_ID, HEADLINE_IDS
from sim.strict import is_there, number_of, text_of, toml
from sim.sweeps import factors as f
from sim.sweeps.factors import Factor, Value
from sim.sweeps.points_file import rows_of

KINDS = ("grid", "list", "lhs", "sobol", "morris")
TOP_KEYS = (
    "question", "scenarios", "set", "months", "replicates", "seed", "sample", "luck_per_draw", "outcomes", "area",
    "design", "factors", "points", "stop", "figure",
)  # fmt: skip
AREA_KEYS = ("files", "settings", "as_given", "organisation_seed")
DESIGN_KEYS = ("kind", "points", "levels", "seed", "file")
FACTOR_KEYS = ("name", "values", "low", "high", "log", "levels", "scenarios")
STOP_KEYS = ("width", "outcome", "least")
FIGURE_KEYS = ("x", "by", "outcome", "against")
MOST_POINTS = 1_000_000
WHOLE = {"seed": (0, SEEDS_BELOW - 1), "replicates": (1, 1_000_000), "points": (1, MOST_POINTS)}
WIDTHS = (1e-9, 1e12)


@dataclass(frozen=True)
class Stop:
    """When a point has enough replicates.

    Attributes:
        width: widest allowed 95 % interval of the paired difference (of the outcome itself with one scenario).
        outcome: which outcome.
        least: fewest replicates before the first look.
    """

    width: float
    outcome: str
    least: int = 30


@dataclass(frozen=True)
class Design:
    """A sweep as it was asked for.

    Attributes:
        name: the file's name without its ending.
        question: one sentence.
        scenarios: names or paths; with several the first is compared with each of the others.
        overrides: `NAME=VALUE` texts for every scenario.
        months: horizon; None: the longest that the scenarios state.
        replicates: runs of each point and scenario (with `stop`: at most).
        seed: of the random numbers, which all points share.
        sample: 'auto', 'defaults', 'posterior' or a posterior's name, or a CSV file of parameter rows.
        luck_per_draw: replicates that share one parameter draw; 2 or more tell parameters and chance apart.
        outcomes: headline ids, or `id@month`.
        area: keys of AREA_KEYS; {} for the first scenario's own area.
        kind: one of KINDS.
        points: size of the design (lhs points, Sobol base samples, Morris trajectories).
        levels: levels of a Morris design.
        design_seed: seed of the design's own draws.
        given: the points of a list, each factor by name.
        factors: what varies.
        stop: the stopping rule, None for none.
        figure: keys of FIGURE_KEYS.
        folder: paths in the file are read from here.
        lists: area files by the number that stands for them here; {}: they stand under their own names.
    """

    name: str
    question: str
    scenarios: tuple[str, ...]
    overrides: tuple[str, ...]
    months: int | None
    replicates: int
    seed: int
    sample: str
    luck_per_draw: int
    outcomes: tuple[str, ...]
    area: dict[str, Any]
    kind: str
    points: int
    levels: int
    design_seed: int
    given: tuple[dict[str, Value], ...]
    factors: tuple[Factor, ...]
    stop: Stop | None
    figure: dict[str, str]
    folder: Path
    lists: dict[str, str] = field(default_factory=dict)

    def factor(self, name: str) -> Factor:
        """The factor of that name."""
        return next(x for x in self.factors if x.name == name)


def load(path: str | Path) -> Design:
    """Read a design file.

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    file = Path(path)
    if not is_there(file):
        raise ScenarioError(f"design: {not_there(file, ['.toml'])}; give a design file (.toml).")
    return loads(text_of(file, "a design"), file.stem, file.resolve().parent)


def loads(text: str, name: str, folder: Path) -> Design:
    """Read a design from TOML text as if it stood in `folder` as `<name>.toml`.

    Raises:
        ScenarioError: as `load`.
    """
    return read(toml(text, f"{name}.toml", "[design]"), name, folder)


def read(table: Mapping[str, Any], name: str, folder: Path, where: str = "") -> Design:
    """Read a design from its table.

    Args:
        table: what the file holds.
        name: the design's name.
        folder: paths in it are read from here.
        where: what messages begin with, `<name>.toml` where nothing is said.

    Raises:
        ScenarioError: as `load`.
    """
    where = where or f"{name}.toml"
    problems = Problems(where)
    problems.known("", "key", table, TOP_KEYS)
    plan = problems.table("design", table.get("design", {}))
    problems.known("design", "key", plan, DESIGN_KEYS)
    given = _given(problems, table, plan, folder)
    kind = "list" if given else problems.one_of("design.kind", plan.get("kind", "grid"), KINDS)
    factors = _factors(problems, table.get("factors", []), given)
    outcomes = _outcomes(problems, table.get("outcomes", list(HEADLINE_IDS)))
    months = table.get("months")
    result = Design(
        name=problems.name("its name", name),
        question=problems.text("question", table.get("question", "")),
        scenarios=problems.texts("scenarios", table.get("scenarios", ["with-teams"])),
        overrides=problems.texts("set", table.get("set", [])),
        months=None if months is None else problems.whole("months", months, 1),
        replicates=problems.whole("replicates", table.get("replicates", 20), *WHOLE["replicates"]),
        seed=problems.whole("seed", table.get("seed", 1), *WHOLE["seed"]),
        sample=problems.name("sample", table.get("sample", "auto"), LONGEST_PATH),
        luck_per_draw=problems.whole("luck_per_draw", table.get("luck_per_draw", 1), 1, 1000),
        outcomes=outcomes,
        area=_area(problems, table.get("area", {})),
        kind=kind,
        points=problems.whole("design.points", plan.get("points", 64), *WHOLE["points"]),
        levels=problems.whole("design.levels", plan.get("levels", 4), 2, 1000),
        design_seed=problems.whole("design.seed", plan.get("seed", 1), 0, 2**32 - 1),
        given=given,
        factors=factors,
        stop=_stop(problems, table.get("stop"), outcomes),
        figure={
            k: problems.name(f"figure.{k}", v) for k, v in problems.table("figure", table.get("figure", {})).items()
        },
        folder=folder,
    )
    problems.known("figure", "key", result.figure, FIGURE_KEYS)
    _whole_design(problems, result)
    problems.stop()
    return result


def with_options(design: Design, options: Mapping[str, Any]) -> Design:
    """The design with options of the command line laid over it, held to what a design file may say.

    Args:
        design: as its file has it.
        options: by name: `set`, `area`, `seed`, `replicates`, `points`, `until-width`, `calibration`; None: not given.

    Raises:
        ScenarioError: everything that is wrong with them.
    """
    problems = Problems("options")
    changes: dict[str, Any] = {
        name: problems.whole(f"--{name}", options[name], low, high)
        for name, (low, high) in WHOLE.items()
        if options.get(name) is not None
    }
    if options.get("set"):
        changes["overrides"] = (*design.overrides, *problems.texts("--set", options["set"]))
    if options.get("area"):
        changes["area"] = {"files": [str(Path(p).resolve()) for p in options["area"]]}
    if options.get("calibration") is not None:
        changes["sample"] = problems.one_of("--calibration", options["calibration"], NAMES)
    if options.get("until-width") is not None:
        width = problems.number("--until-width", options["until-width"], *WIDTHS)
        before = design.stop or Stop(width, design.outcomes[0])
        changes["stop"] = replace(before, width=width)
    asked = replace(design, **changes)
    if not problems.found:
        _whole_design(problems, asked)
    problems.stop()
    return asked


def _whole_design(problems: Problems, design: Design) -> None:
    """What only the whole design shows."""
    if not design.scenarios:
        problems.refuse("scenarios", "one or more scenarios", [])
    if not design.factors and design.kind != "list" and not problems.found:
        problems.refuse("factors", "one or more tables [[factors]]", [])
    for factor in design.factors:
        problems.known(f"factors.{factor.name}.scenarios", "scenario", factor.only, design.scenarios)
    if design.kind == "sobol" and design.points & (design.points - 1):
        problems.refuse("design.points", "a power of two for a Sobol design (64, 128, 256 ...)", design.points)
    size = design.points * (len(design.factors) + (2 if design.kind == "sobol" else 1))
    if design.kind in ("sobol", "morris") and size > MOST_POINTS:
        allowed = f"so few that the whole design has at most {MOST_POINTS:,} points (it would have {size:,})"
        problems.refuse("design.points", allowed, design.points)
    if design.kind == "morris" and (design.levels % 2 or design.points < 2):
        problems.refuse(
            "design", "Morris: an even number of levels and two or more points (trajectories)", design.levels
        )
    if design.area and any(x.name == f.AREA for x in design.factors):
        problems.add(ScenarioError(f"{problems.at('area')} is given and 'area' is a factor too; keep one of them."))


def _given(problems: Problems, table: Mapping[str, Any], plan: Mapping[str, Any], folder: Path) -> tuple[Any, ...]:
    rows = table.get("points", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        problems.refuse("points", "tables [[points]]", rows)
        return ()
    if "file" in plan and (file := problems.name("design.file", plan["file"], LONGEST_PATH)):
        rows = [*rows, *(problems.attempt(lambda: rows_of(folder / file, problems.at("design.file"))) or [])]
    names = list(rows[0]) if rows else []
    for number, row in enumerate(rows, start=1):
        if set(row) != set(names):
            problems.refuse(f"points {number}", f"a value for each of {', '.join(names)}", sorted(row))
            break
        for name, value in row.items():
            if problems.attempt(lambda n=name: f.check_name(n, problems.at("points"))):  # type: ignore[misc]
                problems.attempt(lambda n=name, v=value, k=number: f.check_value(n, v, problems.at(f"points {k}")))  # type: ignore[misc]
    if plan.get("kind") == "list" and not rows and "file" not in plan:
        problems.refuse("points", "one or more tables [[points]], or design.file, a CSV file of points", [])
    return () if problems.found else tuple(rows)


def _factors(problems: Problems, rows: object, given: Sequence[Mapping[str, Value]]) -> tuple[Factor, ...]:
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        problems.refuse("factors", "tables [[factors]]", rows)
        return ()
    found = [x for i, row in enumerate(rows, start=1) if (x := _factor(problems, row, f"factors {i}"))]
    named = {x.name for x in found}
    for name in given[0] if given else ():
        if name not in named and problems.attempt(lambda n=name: f.check_name(n, problems.at("points"))):  # type: ignore[misc,arg-type]
            values = tuple(dict.fromkeys(row[name] for row in given if name in row))
            found.append(Factor(name, values, whole=f.is_whole(name)))
    names = [x.name for x in found]
    for name in sorted({n for n in names if names.count(n) > 1}):
        problems.add(ScenarioError(f"{problems.at('factors')}: '{name}' is given twice; keep one."))
    return tuple(found)


def _factor(problems: Problems, row: Mapping[str, Any], address: str) -> Factor | None:
    problems.known(address, "key", row, FACTOR_KEYS)
    before = len(problems.found)
    name = problems.name(f"{address}.name", row.get("name", ""))
    if len(problems.found) > before or not problems.attempt(lambda: f.check_name(name, problems.at(address))):
        return None
    address = f"factors '{name}'"
    only = problems.texts(f"{address}.scenarios", row.get("scenarios", []))
    choices = list(REGISTRY[name].about.choices) if name in REGISTRY else []
    if "values" in row or (choices and "low" not in row):
        found = _listed_factor(problems, address, name, row.get("values", choices))
    else:
        found = _ranged_factor(problems, address, name, row)
    return replace(found, only=only) if found else None


def _listed_factor(problems: Problems, address: str, name: str, values: object) -> Factor | None:
    """A factor that takes the values of a list."""
    if not isinstance(values, list) or not values:
        problems.refuse(f"{address}.values", "a list of one or more values", values)
        return None
    values = [_as_value(v) for v in values]
    for v in values:
        problems.attempt(lambda x=v: f.check_value(name, x, problems.at(address)))  # type: ignore[misc]
    return Factor(name, tuple(values), whole=f.is_whole(name))


def _ranged_factor(problems: Problems, address: str, name: str, row: Mapping[str, Any]) -> Factor | None:
    """A factor that lies between a low and a high value."""
    about = REGISTRY[name].about if name in REGISTRY else None
    if about is None and not {"low", "high"} <= set(row):
        problems.refuse(address, "given as values = [...], or low and high", sorted(row))
        return None
    bounds = (about.low, about.high) if about else f.bounds(name)
    before = len(problems.found)
    low = problems.number(f"{address}.low", row.get("low", bounds[0]), *bounds)
    high = problems.number(f"{address}.high", row.get("high", bounds[1]), *bounds)
    if len(problems.found) > before:
        return None
    log = problems.flag(f"{address}.log", row.get("log", False))
    if not low < high or (log and low <= 0):
        problems.refuse(address, "a range with low < high" + (" and low > 0 for log" if log else ""), [low, high])
        return None
    levels = problems.whole(f"{address}.levels", row.get("levels", 5), 2, 10_000)
    return Factor(name, (), low, high, f.is_whole(name), log, levels)


def _as_value(value: Any) -> Value:
    """A list of files or a table of settings becomes its JSON text, so that a value is always a text or a number."""
    import json

    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value


def _outcomes(problems: Problems, given: object) -> tuple[str, ...]:
    names = problems.texts("outcomes", given)
    problems.known("outcomes", "headline", [n.partition("@")[0] for n in names], BY_ID)
    for name in names:
        at, month = name.partition("@")[1:]
        read = number_of(month)
        if at and not (month.isdecimal() and isinstance(read, int) and read <= LAST_MONTH):
            problems.refuse(
                f"outcomes '{shortened(name)}'", f"id or id@month with a whole month up to {LAST_MONTH}", name
            )
    return names


def _area(problems: Problems, given: object) -> dict[str, Any]:
    area = problems.table("area", given)
    problems.known("area", "key", area, AREA_KEYS)
    if "files" in area:
        problems.texts("area.files", area["files"])
        if "settings" in area:
            problems.refuse("area", "either files or settings", sorted(area))
    if "settings" in area:
        settings = problems.table("area.settings", area["settings"])
        problems.attempt(lambda: read_settings(settings, problems.at("area.settings")))
    if "as_given" in area:
        problems.flag("area.as_given", area["as_given"])
    if "organisation_seed" in area:
        problems.whole("area.organisation_seed", area["organisation_seed"], 0, SEEDS_BELOW - 1)
    return area


def _stop(problems: Problems, given: object, outcomes: Sequence[str]) -> Stop | None:
    if given is None:
        return None
    rule = problems.table("stop", given)
    problems.known("stop", "key", rule, STOP_KEYS)
    width = problems.number("stop.width", rule.get("width"), *WIDTHS)
    outcome = problems.one_of("stop.outcome", rule.get("outcome", outcomes[0] if outcomes else ""), tuple(outcomes))
    return Stop(width, outcome, problems.whole("stop.least", rule.get("least", 30), 5, 1_000_000))
