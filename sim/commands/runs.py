"""`zones run`, `zones compare`, `zones ladder`, `zones replay`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import list_options
from sim.commands.console import Progress, clear_line, say, show, show_json
from sim.errors import ResultError
from sim.platforms.names import command_line as in_this_shell
from sim.platforms.signals import undisturbed

if TYPE_CHECKING:
    from sim.results.replay import Replayed
    from sim.results.study import Answer
    from sim.scenarios.scenario import Scenario

PATHS = ("--area", "--out", "--observed")


def run(asked: Namespace) -> None:
    """Run one scenario."""
    _answer(asked, [asked.scenario])


def compare(asked: Namespace) -> None:
    """Run several scenarios in the same area with common random numbers."""
    _answer(asked, [asked.first, *asked.others])


def ladder(asked: Namespace) -> None:
    """From nothing to full teams, rung by rung, and full teams without one feature at a time."""
    from sim.results.charts import save_chart
    from sim.results.ladder import RUNGS, read, scenarios

    found = _answered(asked, scenarios(asked.set))
    told = read(found.ensembles)

    def draw(folder: Path) -> None:
        save_chart(found.ensembles[: len(RUNGS)], folder, show_names=asked.show_names)

    with _kept(found, asked, draw):
        if asked.json:
            show_json(found.as_dict() | {"ladder": told.as_dict()})
        else:
            show(repr(told))


def _answer(asked: Namespace, names: list[str]) -> None:
    """Tables first, for a print may fail; the chart last, for its library takes longer to load than the runs take."""
    from sim.scenarios.files import load

    found = _answered(asked, [load(name, asked.set) for name in names])
    with _kept(found, asked, lambda _folder: found.save_chart()):
        if asked.json:
            show_json(found.as_dict())
        else:
            show(repr(found))


def _answered(asked: Namespace, scenarios: list[Scenario]) -> Answer:
    from sim.engine.diary import DIARIES
    from sim.results.record import check_free
    from sim.results.simulate import Settings
    from sim.results.study import Asked, answer, choose_organisation

    if asked.out is not None:
        check_free(Path(asked.out))
    settings = Settings(
        asked.replicates,
        asked.months,
        asked.seed,
        0,
        asked.engine,
        asked.threads,
        calibration=asked.calibration,
        parameter_uncertainty=asked.parameter_uncertainty,
        diaries=tuple(name for name in DIARIES if getattr(asked, name)),
    )
    place = choose_organisation(
        scenarios,
        asked.area,
        as_given=asked.as_given,
        organisation_seed=asked.organisation_seed,
        lists=list_options.lists(asked),
    )
    say(*place.remarks, *place.reading)
    if asked.area:
        say(*place.organisation.assumptions)
    warn_if_cold(asked.engine)
    how = Asked(command_line(asked.words), asked.sites, asked.show_names)
    found = answer(scenarios, place, settings, how, Progress)
    clear_line()
    return found


@contextmanager
def _kept(found: Answer, asked: Namespace, draw: Callable[[Path], None]) -> Iterator[None]:
    """Keep the tables, let the answer be shown, say where it is kept, draw its chart; no signal comes between."""
    with undisturbed():
        folder = found.save(asked.out, chart=False)
        try:
            yield
        finally:
            say("", f"Kept in {folder}: tables, chart and manifest; `zones replay {folder}` runs it again.")
            draw(folder)


def command_line(words: Sequence[str]) -> str:
    """The command for the manifest, files by name alone: a folder's name may reveal more than a reader should know."""
    shown = []
    for before, word in zip(("", *words), words, strict=False):
        option, equals, value = word.partition("=")
        if before in PATHS:
            shown.append(Path(word).name)
        elif option in PATHS and equals:
            shown.append(f"{option}={Path(value).name}")
        else:
            shown.append(Path(word).name if word.endswith(".toml") else word)
    return in_this_shell(["zones", *shown])


def warn_if_cold(engine: str) -> None:
    """Say why the first run takes longer."""
    if engine == "mesa":
        return
    from sim.engine.kernel import is_warm, why_uncached

    if is_warm():
        return
    amiss = why_uncached()
    if amiss:
        say(f"Compiling the model, 15 to 30 seconds at every start: there is no safe folder to keep it in ({amiss}).")
    else:
        say("Compiling the model for this machine: once, 15 to 30 seconds (`zones warm` does this in advance) ...")


def replay(asked: Namespace) -> None:
    """Run a result again and compare every table byte by byte."""
    from sim.observed.one_file import as_folder

    with as_folder(Path(asked.result)) as folder:
        _replay(folder, asked)


def _replay(folder: Path, asked: Namespace) -> None:
    from sim.observed.folder import is_update
    from sim.results.replay import read_manifest
    from sim.results.replay import replay as again

    if is_update(folder):
        from sim.observed.folder import replay as update_again

        warn_if_cold("batch")
        _tell_replay(update_again(folder, threads=asked.threads, progress=Progress(folder.name)), asked)
        return
    warn_if_cold(str(read_manifest(folder).get("engine")))
    _tell_replay(again(folder, threads=asked.threads, progress=Progress), asked)


def _tell_replay(found: Replayed, asked: Namespace) -> None:
    clear_line()
    if asked.json:
        show_json(found.as_dict())
    else:
        width = max(len(name) for name in found.tables)
        show(f"{name:<{width}}  {verdict}" for name, verdict in found.tables.items())
    say(*(f"The version of {name} has changed: {moved}" for name, moved in found.moved.items()))
    if not found.identical:
        raise ResultError(f"{found.folder}: not all tables are byte-identical.")
