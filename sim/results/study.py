"""One question from end to end: find the place, run the scenarios on it, hold the answer, keep it in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sim.errors import ResultError, ScenarioError
from sim.results import compare as comparing
from sim.results import measures as m
from sim.results import record
from sim.results.report import report
from sim.results.simulate import Progress, Settings, simulate_all
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.engine.sums import Ensemble
    from sim.organisation.files.choices import ListOptions
    from sim.organisation.organisation import Organisation

ScenarioLike = str | Path | Scenario
AreaLike = "str | Path | Sequence[str | Path] | Organisation | None"


@dataclass(frozen=True)
class ChosenOrganisation:
    """An organisation and where it came from.

    Attributes:
        organisation: sites, staff, leaders and families.
        source: for the manifest: area files by name and digest, or the generator's settings.
        remarks: what a reader should know of the choice.
        reading: what was read from where in its files, and what is worth a look: for their owner, not to be handed on.
    """

    organisation: Organisation
    source: dict[str, Any]
    remarks: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()


def choose_organisation(
    scenarios: Sequence[Scenario],
    area: Sequence[str | Path] | Organisation | None = None,
    *,
    as_given: bool = False,
    organisation_seed: int | None = None,
    lists: ListOptions | None = None,
) -> ChosenOrganisation:
    """The place to run on: area files when given, else the first scenario's generated area.

    Args:
        scenarios: in order; all run on the same place.
        area: paths of area files, or an organisation already loaded.
        as_given: generate no site that the files do not list.
        organisation_seed: another draw of whatever is generated.
        lists: how lists of sites are to be read, and whom to tell how far it is.

    Raises:
        OrganisationError: the files are not sound.
        ScenarioError: settings of a generated area that cannot be met.
    """
    if area is not None and not isinstance(area, list | tuple):
        return ChosenOrganisation(area, {"given": "from Python"})  # type: ignore[arg-type]
    if area:
        from sim.organisation.files.tables import build, read

        paths = [Path(p) for p in area]
        choices, step = (lists.choices, lists.step) if lists else (None, None)
        reading = read(paths, choices=choices, step=step)
        place = build(reading, as_given=as_given, organisation_seed=organisation_seed or 0, step=step)
        files = [{"name": p.name, "sha256": record.file_digest(p)} for p in paths if p.is_file()]
        chosen = {"as_given": as_given, "organisation_seed": organisation_seed or 0}
        return ChosenOrganisation(place, {"files": files, **chosen}, reading=tuple(reading.remarks()))
    from sim.organisation.generate.synthetic import generate

    settings = dict(scenarios[0].area)
    if organisation_seed is not None:
        settings["organisation_seed"] = organisation_seed
    others = [s.name for s in scenarios[1:] if s.area != scenarios[0].area]
    remark = (
        f"All run on the area of {scenarios[0].name}; {', '.join(others)} would by itself run on another."
        if others
        else ""
    )
    return ChosenOrganisation(generate(settings), {"generated": settings}, (remark,) if remark else ())


class Answer:
    """What one or more scenarios came to on one place.

    Attributes:
        ensembles: raw results, one a scenario.
        organisation: the place.
        manifest: what was run, once kept in a folder; {} before.
        folder: where it is kept, None while it is not.
    """

    def __init__(self, ensembles: Sequence[Ensemble], place: ChosenOrganisation, origin: record.Origin) -> None:
        self.ensembles = tuple(ensembles)
        self.organisation = place.organisation
        self.folder: Path | None = None
        self.manifest: dict[str, Any] = {}
        self._origin = origin

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios in order."""
        return tuple(e.scenario.name for e in self.ensembles)

    def headlines(self, names: Sequence[str] = m.HEADLINE_IDS) -> list[dict[str, Any]]:
        """Headlines (`id` or `id@month`) of every scenario: median, 10-90 % range, unit, cohort, kind."""
        return [s.as_dict() for s in comparing.summaries(self.ensembles, names)]

    def frame(self) -> pd.DataFrame:
        """The month-by-month series as a pandas table, columns as in docs/data-dictionary.md."""
        from sim.results.series import series_table

        table: pd.DataFrame = series_table(self.ensembles).to_pandas()
        return table

    def sites(self) -> pd.DataFrame:
        """The table of sites as a pandas table."""
        from sim.results.series import sites_table

        table: pd.DataFrame = sites_table(self.ensembles).to_pandas()
        return table

    def plot(self, headline: str = "need_served_at_fidelity_share") -> Figure:
        """The chart of the result folder as a matplotlib figure."""
        from sim.results.charts import chart

        return chart(self.ensembles, headline)

    def as_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "result": None if self.folder is None else str(self.folder),
            "scenarios": list(self.scenarios),
            "headlines": self.headlines(),
            "differences": [d.as_dict() for d in comparing.differences(self.ensembles)],
            "families": self._also(m.of_families(self.ensembles)),
            "costs": self._also(m.COSTS),
            "abandonment": self._also(m.ABANDONMENT),
        }

    def _also(self, measures: Sequence[m.Measure]) -> list[dict[str, Any]]:
        names = [x.id for x in measures]
        paired = comparing.differences(self.ensembles, names)
        return self.headlines(names) + [d.as_dict() for d in paired]

    def save(self, out: str | Path | None = None, *, chart: bool = True) -> Path:
        """Keep everything in a folder of its own.

        Args:
            out: the folder, absent or empty; None for a dated one under results/.
            chart: False: tables and manifest alone; `save_chart` adds the chart.

        Returns:
            The folder.

        Raises:
            ResultError: the folder is taken or cannot be written.
        """
        folder = record.dated_folder(self.scenarios) if out is None else Path(out)
        with record.beside(folder) as part:
            manifest = record.write_result(self.ensembles, self.organisation, self._origin, part)
            if chart:
                self._draw(part)
        self.folder, self.manifest = folder, manifest
        return folder

    def save_chart(self) -> None:
        """Add the chart to the folder that `save` made.

        Raises:
            ResultError: it was not saved, or the chart cannot be written.
        """
        if self.folder is None:
            raise ResultError("save_chart: there is no folder yet; call save first.")
        try:
            self._draw(self.folder)
        except OSError as error:
            raise ResultError(
                f"{error.filename}: cannot be written ({error.strerror}); the tables in {self.folder} are whole."
            ) from error

    def _draw(self, folder: Path) -> None:
        from sim.results.charts import save_chart

        save_chart(self.ensembles, folder)

    def __repr__(self) -> str:
        return report(self.ensembles, self.organisation)


class Result(Answer):
    """What one scenario came to."""

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was run."""
        return self.ensembles[0].scenario


class Comparison(Answer):
    """The results of several scenarios with common random numbers; the first is compared with each of the others."""

    def differences(self, names: Sequence[str] = m.HEADLINE_IDS) -> list[dict[str, Any]]:
        """Paired differences, the first scenario minus each of the others, with their 95 % intervals."""
        return [d.as_dict() for d in comparing.differences(self.ensembles, names)]


@dataclass(frozen=True)
class Asked:
    """How a question was asked, for the manifest, and what is to be kept of its answer.

    Attributes:
        command: the command line, or the call from Python.
        sites: keep the table of sites.
        show_names: let sites' real names into the folder.
    """

    command: str
    sites: bool = False
    show_names: bool = False


def answer(
    scenarios: Sequence[Scenario],
    chosen: ChosenOrganisation,
    settings: Settings,
    asked: Asked,
    progress: Callable[[str], Progress] | None = None,
) -> Answer:
    """Run scenarios on an organisation.

    Args:
        scenarios: one gives a `Result`, several a `Comparison`.
        chosen: where.
        settings: how.
        asked: how it was asked for.
        progress: as in `simulate_all`.
    """
    drawn_from = settings.calibration if settings.parameter_uncertainty and not settings.sample else ""
    origin = record.Origin(
        asked.command, settings.engine, asked.sites, asked.show_names, chosen.source, record.now(), drawn_from
    )
    ensembles = simulate_all(distinct(scenarios), chosen.organisation, settings, progress)
    return (Result if len(ensembles) == 1 else Comparison)(ensembles, chosen, origin)


def distinct(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios with a number after a name that came before, so that one can be compared with itself."""
    seen: dict[str, int] = {}
    found = []
    for scenario in scenarios:
        count = seen[scenario.name] = seen.get(scenario.name, 0) + 1
        found.append(scenario if count == 1 else replace(scenario, name=f"{scenario.name}-{count}"))
    return found


class Options(TypedDict, total=False):
    """How `run` and `compare` run; whatever is left out has its default.

    Attributes:
        area: path or paths of organisation files, or a loaded organisation; None: the scenario's generated area.
        replicates: simulated runs, 200.
        months: horizon, None: the longest of the scenarios' own.
        seed: picks the random numbers, 1.
        engine: 'batch' or 'mesa'.
        overrides: texts 'lever=value'.
        as_given: generate no site that the files do not list.
        organisation_seed: another draw of what is generated.
        threads: threads, None: all cores.
        sites: keep the table of sites when saved.
        show_names: let sites' real names into the folder when saved.
        calibration: posterior sample that uncertain parameters are drawn from.
        parameter_uncertainty: False: every parameter at its default or as set.
    """

    area: Any
    replicates: int
    months: int | None
    seed: int
    engine: str
    overrides: Sequence[str]
    as_given: bool
    organisation_seed: int | None
    threads: int | None
    sites: bool
    show_names: bool
    calibration: str
    parameter_uncertainty: bool


def run(scenario: ScenarioLike, **options: Unpack[Options]) -> Result:
    """Run one scenario.

    Args:
        scenario: a shipped name, a path of a .toml file, or a `Scenario`.
        options: as in `Options`: area, replicates, months, seed, engine, overrides ...

    Returns:
        The result; `.save()` keeps it in a folder.

    Raises:
        ZonesError: bad input; the message says where, what was given, what is allowed and what to do.
        TypeError: an option that there is not.
    """
    found = _ask((scenario,), "run", options)
    if not isinstance(found, Result):
        raise TypeError
    return found


def compare(*scenarios: ScenarioLike, **options: Unpack[Options]) -> Comparison:
    """Run two or more scenarios on the same place with the same random numbers; options as in `run`.

    The first scenario is compared with each of the others; all run the longest of their horizons unless told.

    Raises:
        ScenarioError: fewer than two scenarios.
        ZonesError: as `run`.
    """
    if len(scenarios) < 2:
        raise ScenarioError(f"compare: two or more scenarios are needed; got {len(scenarios)}. Use run for one.")
    found = _ask(scenarios, "compare", options)
    if not isinstance(found, Comparison):
        raise TypeError
    return found


def _ask(given: Sequence[ScenarioLike], what: str, options: Options) -> Answer:
    unknown = sorted(set(options) - set(Options.__annotations__))
    if unknown:
        raise TypeError(f"{what}() has no option {unknown[0]!r}; it has {', '.join(Options.__annotations__)}.")
    scenarios = [_scenario(s, options.get("overrides", ())) for s in given]
    area = options.get("area")
    chosen = choose_organisation(
        scenarios,
        [area] if isinstance(area, str | Path) else area,
        as_given=options.get("as_given", False),
        organisation_seed=options.get("organisation_seed"),
    )
    settings: dict[str, Any] = {k: v for k, v in options.items() if k in Settings.__dataclass_fields__}
    call = f"sim.{what}({', '.join(repr(s.name) for s in scenarios)}, {json.dumps(settings, default=str)})"
    asked = Asked(call, options.get("sites", False), options.get("show_names", False))
    return answer(scenarios, chosen, Settings(**settings), asked)


def _scenario(asked: ScenarioLike, overrides: Sequence[str]) -> Scenario:
    if isinstance(asked, Scenario):
        from sim.scenarios.files import override

        return override(asked, overrides)
    return load(asked, overrides)


__all__ = [
    "Answer",
    "Comparison",
    "ChosenOrganisation",
    "Result",
    "ResultError",
    "answer",
    "compare",
    "choose_organisation",
    "run",
]
