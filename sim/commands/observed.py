"""`zones observe` and `zones update`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import list_options
from sim.commands.console import Progress, clear_line, say, show_json, tell
from sim.platforms.signals import undisturbed

if TYPE_CHECKING:
    from sim.observed.reader import ObservedFile
    from sim.observed.reports import Place
    from sim.observed.update import Update
    from sim.observed.weighed import Weighed
    from sim.results.study import ChosenOrganisation
    from sim.scenarios.scenario import Scenario


def observe(asked: Namespace) -> None:
    """A table to fill, or a filled one checked."""
    {"new": _new, "check": _check, "scores": _scores}[asked.what](asked)


def _new(asked: Namespace) -> None:
    from sim.observed.template import how_to_fill, write_template

    _, _, place = _place(asked, asked.named)
    path = write_template(Path(asked.out or "observed.csv"), place, asked.months)
    say(*how_to_fill(path, place), f"Then: zones observe check {path} --scenario {asked.named}")


def _check(asked: Namespace) -> None:
    from sim.observed.months import read_start
    from sim.observed.reader import read_observed

    place = None
    if asked.scenario or asked.area:
        _, _, place = _place(asked, asked.scenario or "with-teams")
    found = read_observed(Path(asked.named), place, read_start(asked.start))
    told = _report(found, place)
    if asked.json:
        show_json({"file": found.name, "rows": len(found.reports), "report": told, "remarks": found.remarks()})
        return
    tell(told)
    if found.remarks():
        tell(["", "How it was read:", *(f"  - {line}" for line in found.remarks())])


def _scores(asked: Namespace) -> None:
    from sim.observed.predictions import score_lines, scored

    found = scored(Path(asked.named))
    if asked.json:
        show_json({"scored": len(found), "told": score_lines(found)})
    else:
        tell(score_lines(found))


def _report(found: ObservedFile, place: Place | None) -> list[str]:
    from sim.counts import counted
    from sim.observed.observables import BY_NAME

    months = sorted({r.month for r in found.reports})
    lines = [
        f"{found.name}: {counted(len(found.reports), 'value')} that can be used, months {months[0]} to {months[-1]}."
    ]
    for name in dict.fromkeys(r.measure for r in found.reports):
        mine = [r for r in found.reports if r.measure == name]
        words = BY_NAME[name].entry.words if name in BY_NAME else "stage of sites"
        when = sorted({r.month for r in mine})
        lines.append(f"  {name} ({words}): {counted(len(mine), 'value')}, months {', '.join(map(str, when))}")
    if place is None:
        lines.append("Zones and sites were not checked: give --scenario, and --area with your list of sites.")
    return lines


def _place(asked: Namespace, name: str) -> tuple[Scenario, ChosenOrganisation, Place]:
    """Scenario, organisation, and the zones and sites that a table is read against."""
    from sim.engine.setup import prepare
    from sim.observed.months import read_start
    from sim.observed.reports import place_of
    from sim.results.study import choose_organisation
    from sim.scenarios.files import load

    scenario = load(name, asked.set)
    chosen = choose_organisation(
        [scenario],
        asked.area,
        as_given=asked.as_given,
        organisation_seed=asked.organisation_seed,
        lists=list_options.lists(asked),
    )
    say(*chosen.remarks, *chosen.reading)
    start = read_start(asked.start) or chosen.organisation.start_date
    return scenario, chosen, place_of(prepare(scenario, chosen.organisation), chosen.organisation, start)


def update(asked: Namespace) -> None:
    """The forecast updated by what was seen."""
    from sim.commands.runs import command_line, warn_if_cold
    from sim.observed.folder import Work, begin, finish, held
    from sim.observed.question import UpdateSettings, ask
    from sim.observed.reader import read_observed
    from sim.observed.update import Update
    from sim.results.record import dated_folder

    scenario, chosen, place = _place(asked, asked.scenario)
    file = read_observed(Path(asked.observed), place, place.start)
    say(*file.remarks())
    settings = UpdateSettings(
        asked.runs,
        asked.months,
        asked.seed,
        asked.calibration,
        asked.parameter_uncertainty,
        asked.threads,
        asked.engine,
    )
    question = ask(scenario, chosen.organisation, file.reports, settings, place.start)
    folder = Path(asked.out) if asked.out else dated_folder([f"update-{scenario.name}"])
    begin(folder, question, chosen.organisation, {"command": command_line(asked.words), "place": chosen.source})
    warn_if_cold("batch")

    def first(found: Weighed) -> None:
        clear_line()
        soon = Update(question, found, chosen.organisation)
        say(f"First answer, from {found.bank.runs:,} runs (more runs will refine it):", *_soon(soon), "")

    with held(folder):
        try:
            found = Update(
                question, Work(question, folder, progress=Progress(scenario.name), first=first).done(),
                chosen.organisation, file.remarks(),
            )  # fmt: skip
        except KeyboardInterrupt:
            from sim.errors import Interrupted

            raise Interrupted(f"The runs so far are kept; to continue: {_again(asked, folder)}") from None
        clear_line()
        with undisturbed():
            finish(folder, found)
    if asked.json:
        show_json({"result": str(folder), **found.as_dict()})
    else:
        tell(found.lines())
    if asked.log:
        say("", *_log(asked, found))
    say("", f"Kept in {folder}: report, tables and what makes it again; `zones replay {folder}` does so.")


def _log(asked: Namespace, found: Update) -> list[str]:
    """Score what was forecast before, keep what is forecast now, in the learning log."""
    from sim.observed.predictions import forecasts_of, guesses_of, hear, keep, score_lines, scored

    path = Path(asked.log)
    heard = hear(path, found.question.place_digest, found.found.data)
    new = forecasts_of(found, asked.question or f"zones update {asked.scenario}")
    guesses = guesses_of(asked.guess, new)
    kept = keep(path, [*new, *guesses])
    told = score_lines(scored(path, found.question.place_digest))
    return [f"Learning log {path}: {kept} forecasts kept, {heard} outcomes recorded.", *told]


def _soon(update: Update) -> list[str]:
    from sim.observed.words import standing_words

    return [f"  {standing_words(s)}" for s in update.standings]


def _again(asked: Namespace, folder: Path) -> str:
    from sim.platforms.names import command_line

    words = list(asked.words)
    if "--out" not in words and not any(w.startswith("--out=") for w in words):
        words += ["--out", str(folder)]
    return command_line(["zones", *words])
