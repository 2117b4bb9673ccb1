"""One question from start to finish: find the place, run the scenarios on it, hold the answer, keep it in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from sim.engine.diary import DIARIES, SITE_MONTHS, SPELLS
from sim.errors import ResultError, ScenarioError, WrongArgument
from sim.organisation.files.endings import ENDS
from sim.results import compare as comparing
from sim.results import measures as m
from sim.results import record, spending
from sim.results.marked import MEASURES, at_mark, has_mark
from sim.results.python_arguments import (
    Options,
    ScenarioLike,
    checked,
    names_as_given,
    path_as_given,
    scenarios_as_given,
)
from sim.results.report import report
from sim.results.simulate import Progress, Settings, simulate_all
from sim.scenarios.files import load, override
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.engine.sums import Ensemble
    from sim.organisation.files.choices import ListOptions
    from sim.organisation.files.tables import File
    from sim.organisation.organisation import Organisation


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
    area: Sequence[File] | Organisation | None = None,
    *,
    as_given: bool = False,
    organisation_seed: int | None = None,
    lists: ListOptions | None = None,
) -> ChosenOrganisation:
    """The place to run on: area files when given, else the first scenario's generated area.

    Args:
        scenarios: in order; all run on the same place.
        area: area files (paths, or tables of pandas), or an organisation already loaded.
        as_given: generate no site that the files do not list.
        organisation_seed: another draw of whatever is generated.
        lists: how lists of sites are to be read, and what to call with the progress.

    Raises:
        OrganisationError: the files are not sound.
        ScenarioError: settings of a generated area that cannot be met.
    """
    if area is not None and not isinstance(area, list | tuple):
        return ChosenOrganisation(area, {"given": "from Python"})  # type: ignore[arg-type]
    if area:
        from sim.organisation.files.tables import build, read

        paths = [Path(p) if isinstance(p, str) else p for p in area]
        choices, step = (lists.choices, lists.step) if lists else (None, None)
        reading = read(paths, choices=choices, step=step)
        place = build(reading, as_given=as_given, organisation_seed=organisation_seed or 0, step=step)
        there = [p for p in paths if isinstance(p, Path) and p.is_file()]
        files = [{"name": p.name, "sha256": record.file_digest(p)} for p in there]
        chosen = {"as_given": as_given, "organisation_seed": organisation_seed or 0}
        return ChosenOrganisation(place, {"files": files, **chosen}, reading=tuple(reading.remarks()))
    from sim.organisation.generate.synthetic import generate

    settings = dict(scenarios[0].area)
    if organisation_seed is not None:
        settings["organisation_seed"] = organisation_seed
    others = [s.name for s in scenarios[1:] if s.area != scenarios[0].area]
    remark = (
        f"All run on the area of {scenarios[0].name}; {', '.join(others)} would otherwise run on another."
        if others
        else ""
    )
    return ChosenOrganisation(generate(settings), {"generated": settings}, (remark,) if remark else ())


class Answer:
    """What one or more scenarios achieved on one place.

    Attributes:
        ensembles: raw results, one for each scenario.
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

    def headlines(self, names: str | Sequence[str] = m.HEADLINE_IDS) -> list[dict[str, Any]]:
        """Headlines (`id` or `id@month`) of every scenario: median, 10-90 % range, unit, cohort, kind."""
        return [s.as_dict() for s in comparing.summaries(self.ensembles, names_as_given(names))]

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

    def site_months(self) -> pd.DataFrame:
        """Every site's month as a pandas table, where the run was asked to keep them (`site_months=True`).

        Raises:
            ResultError: it was not.
        """
        return self._diary(SITE_MONTHS)

    def spells(self) -> pd.DataFrame:
        """Every spell of use by a practitioner as a pandas table, where the run was asked to keep them (`spells=True`).

        Raises:
            ResultError: it was not.
        """
        return self._diary(SPELLS)

    def _diary(self, what: str) -> pd.DataFrame:
        from sim.results.diaries import whole

        if not all(e.diary is not None and e.diary.keeps(what) for e in self.ensembles):
            raise ResultError(f"{what}: this run did not keep it; ask for it with {what}=True.")
        table: pd.DataFrame = whole(self.ensembles, what).to_pandas()
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
            "after_5_years": self._at_mark(),
            "families": self._also(m.of_families(self.ensembles)),
            "costs": self._also(m.COSTS),
            "budget": [row for e in spending.limited(self.ensembles) for row in spending.rows(e)],
            "abandonment": self._also(m.ABANDONMENT),
        }

    def _at_mark(self) -> list[dict[str, Any]]:
        names = [at_mark(name) for name in MEASURES] if has_mark(self.ensembles[0].months) else []
        return self.headlines(names) + [d.as_dict() for d in comparing.differences(self.ensembles, names)]

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
        folder = record.dated_folder(self.scenarios) if out is None else path_as_given("save", out)
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

        save_chart(self.ensembles, folder, show_names=self._origin.show_names)

    def __repr__(self) -> str:
        return report(self.ensembles, self.organisation)


class Result(Answer):
    """What one scenario achieved."""

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was run."""
        return self.ensembles[0].scenario


class Comparison(Answer):
    """The results of several scenarios with common random numbers; the first is compared with each of the others."""

    def differences(self, names: str | Sequence[str] = m.HEADLINE_IDS) -> list[dict[str, Any]]:
        """Paired differences, the first scenario minus each of the others, with their 95 % intervals."""
        return [d.as_dict() for d in comparing.differences(self.ensembles, names_as_given(names))]


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
    """The scenarios, with a number added to a name that has come before, so that one can be compared with itself."""
    seen: dict[str, int] = {}
    found = []
    for scenario in scenarios:
        count = seen[scenario.name] = seen.get(scenario.name, 0) + 1
        found.append(scenario if count == 1 else replace(scenario, name=f"{scenario.name}-{count}"))
    return found


def run(scenario: ScenarioLike, *others: object, **options: Unpack[Options]) -> Result:
    """Run one scenario.

    Args:
        scenario: a shipped name, a path of a .toml file, or a `Scenario`.
        others: nothing; a list of sites or a second scenario here is told where it belongs.
        options: as in `Options`: area, replicates, months, seed, engine, overrides ...

    Returns:
        The result; `.save()` keeps it in a folder.

    Raises:
        ZonesError: bad input; the message says where, what was given, what is allowed and what to do.
        WrongArgument: an unknown option, or one of the wrong type; it is also a TypeError.
    """
    given = scenarios_as_given("run", (scenario, *others))
    if any(str(one).lower().endswith(ENDS) for one in given[1:]):
        raise WrongArgument(f"run(): a list of sites is given by name. Write area={str(given[1])!r}.")
    if len(given) != 1:
        raise WrongArgument(f"run(): takes one scenario; got {len(given)}. Use compare for several.")
    found = ask(given, "run", options)
    if not isinstance(found, Result):
        raise TypeError
    return found


def compare(*scenarios: ScenarioLike | Sequence[ScenarioLike], **options: Unpack[Options]) -> Comparison:
    """Run two or more scenarios on the same place with the same random numbers; options as in `run`.

    The first scenario is compared with each of the others; all run for the longest of their horizons, or `months`.

    Raises:
        ScenarioError: fewer than two scenarios.
        ZonesError: as `run`.
    """
    given = scenarios_as_given("compare", scenarios)
    if len(given) < 2:
        raise ScenarioError(f"compare: two or more scenarios are needed; got {len(given)}. Use run for one.")
    found = ask(given, "compare", options)
    if not isinstance(found, Comparison):
        raise TypeError
    return found


def ask(given: Sequence[ScenarioLike], what: str, options: Options) -> Answer:
    """What `run` and `compare` do with scenarios that have been checked; `what`: how it was called."""
    asked = checked(what, options)
    scenarios = [_scenario(s, asked.get("overrides", ())) for s in given]
    diaries = tuple(name for name in DIARIES if asked.get(name))
    settings = Settings(**{k: v for k, v in asked.items() if k in Settings.__dataclass_fields__}, diaries=diaries)
    settings.check()
    chosen = choose_organisation(
        scenarios,
        asked.get("area"),
        as_given=asked.get("as_given", False),
        organisation_seed=asked.get("organisation_seed"),
    )
    told = {k: v for k, v in asked.items() if k in (*Settings.__dataclass_fields__, *DIARIES)}
    call = f"sim.{what}({', '.join(repr(s.name) for s in scenarios)}, {json.dumps(told)})"
    how = Asked(call, asked.get("sites", False), asked.get("show_names", False))
    return answer(scenarios, chosen, settings, how)


def _scenario(asked: ScenarioLike, overrides: Sequence[str]) -> Scenario:
    scenario = asked if isinstance(asked, Scenario) else load(asked)
    return override(scenario, overrides, "overrides:")


__all__ = [
    "Answer",
    "Comparison",
    "ChosenOrganisation",
    "Result",
    "ResultError",
    "answer",
    "ask",
    "compare",
    "choose_organisation",
    "run",
]
