"""`sim.update(...)`: the same as `zones update`, from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict, Unpack

from sim.engine.setup import prepare
from sim.errors import WrongArgument, quoted
from sim.observed.folder import Work, begin, finish, held
from sim.observed.months import read_start
from sim.observed.question import UpdateSettings, ask
from sim.observed.reader import read_observed
from sim.observed.reports import place_of
from sim.observed.update import Update
from sim.organisation.files.cells import Upload
from sim.organisation.files.frames import as_file, is_frame
from sim.results.python_arguments import ScenarioLike, area_as_given, overrides_as_texts, scenarios_as_given, whole
from sim.results.study import choose_organisation
from sim.scenarios.files import load, override
from sim.scenarios.scenario import Scenario

OBSERVED = "a path of a CSV or Excel file, or a pandas DataFrame with the columns month, measure and value"


class UpdateOptions(TypedDict, total=False):
    """How `update` updates; whatever is left out has its default.

    Attributes:
        area: organisation files or a loaded organisation; None: the scenario's generated area.
        out: a folder to keep everything in, so that it can be made again; None: nowhere.
        start: date of month 0, as '2026-08', where the file gives dates; '' the organisation's own.
        overrides: values by lever or uncertainty.
        runs: most runs to make, 16,000.
        months: horizon, None: the scenario's own, and at least two years after the last data.
        seed: of the random numbers, 1.
        calibration: posterior sample that runs begin from.
        parameter_uncertainty: False: begin from defaults.
        threads: threads, None: all cores.
    """

    area: Any
    out: str | Path | None
    start: str
    overrides: Any
    runs: int
    months: int | None
    seed: int
    calibration: str
    parameter_uncertainty: bool
    threads: int | None


def update(scenario: ScenarioLike, observed: Any, **options: Unpack[UpdateOptions]) -> Update:
    """Update a scenario's forecast by what an area has observed.

    Args:
        scenario: a shipped name, a path of a .toml file, or a `Scenario`.
        observed: a path of a CSV or Excel file, or a pandas table.
        options: as in `UpdateOptions`.

    Returns:
        The update: printing it shows everything; `as_dict()` is what `--json` prints.

    Raises:
        ZonesError: bad input; the message says where, what was given, what is allowed and what to do.
        WrongArgument: an unknown option, or one of the wrong type; it is also a TypeError.
    """
    known = tuple(UpdateOptions.__annotations__)
    for name in options:
        if name not in known:
            raise WrongArgument(f"update() has no option {name!r}; it has {', '.join(known)}.")
    settings: dict[str, Any] = {k: v for k, v in options.items() if k in UpdateSettings.__dataclass_fields__}
    for name in ("runs", "months", "seed", "threads"):
        if settings.get(name) is not None:
            settings[name] = whole("update", name, settings[name])
    out = options.get("out")
    given = scenarios_as_given("update", (scenario,))[0]
    plan = given if isinstance(given, Scenario) else load(given)
    plan = override(plan, overrides_as_texts("update", options.get("overrides")), "overrides:")
    chosen = choose_organisation([plan], area_as_given("update", options.get("area")))
    how = UpdateSettings(**settings)
    how.run_settings()
    begin_at = read_start(options.get("start", ""), "start") or chosen.organisation.start_date
    place = place_of(prepare(plan, chosen.organisation), chosen.organisation, begin_at)
    file = read_observed(_observed(observed), place, begin_at)
    question = ask(plan, chosen.organisation, file.reports, how, begin_at)
    if out is None:
        return Update(question, Work(question).done(), chosen.organisation, file.remarks())
    folder = Path(out)
    begin(folder, question, chosen.organisation, {"command": f"sim.update({plan.name!r})", "place": chosen.source})
    with held(folder):
        found = Update(question, Work(question, folder).done(), chosen.organisation, file.remarks())
        finish(folder, found)
    return found


def _observed(given: Any) -> Path | Upload:
    if isinstance(given, str | Path):
        return Path(given)
    if isinstance(given, Upload):
        return given
    if is_frame(given):
        return as_file(given, "data frame.csv")
    raise WrongArgument(f"update(): observed must be {OBSERVED}; got {quoted(given)}.")
