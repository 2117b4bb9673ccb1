"""The answer as plain text: a line of figures for each headline, what differs and how sure that is, cost and effect."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.counts import counted
from sim.results import attention, spending
from sim.results.compare import Difference, Summary, Verdict, difference, summarise
from sim.results.marked import MARKED, MEASURES, at_mark, has_mark
from sim.results.measures import ABANDONMENT, COSTS, HEADLINE_IDS, measure_of, of_families, of_means
from sim.results.words import difference_words, gap_words, months_words, often_words, summary_notes, summary_words

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.organisation.organisation import Organisation

WIDTH = 100
GAP = "  "


def report(ensembles: Sequence[Ensemble], organisation: Organisation) -> str:
    """What a person reads on the screen, within 100 columns as far as scenarios' names allow.

    Args:
        ensembles: one for each scenario, same random numbers.
        organisation: the place as it was given.
    """
    body = _side_by_side(ensembles) if len(ensembles) <= 2 else []
    if not body or max(len(line) for line in body) > WIDTH:
        body = _one_below_the_other(ensembles)
    body += _at_mark(ensembles)
    budgets = list(spending.lines(ensembles))
    body += ["", *budgets] if budgets else []
    for sentence in attention.lines(ensembles):
        body += ["", *textwrap.wrap(sentence, WIDTH)]
    return "\n".join([*_head(ensembles, organisation), "", *body, "", *_foot(ensembles)])


def _rows(ensembles: Sequence[Ensemble]) -> tuple[str, ...]:
    """What is reported, in order: headlines, families, cost, budgets, abandonment."""
    reported = (*of_families(ensembles), *COSTS, *of_means(ensembles), *ABANDONMENT)
    return (*HEADLINE_IDS, *(x.id for x in reported))


def _head(ensembles: Sequence[Ensemble], organisation: Organisation) -> list[str]:
    first = ensembles[0]
    within = first.organisation
    return [
        f"{organisation.name}: {counted(len(within.sites), 'site')}, "
        f"{counted(len(within.practitioners), 'practitioner')}, "
        f"{counted(len(within.families), 'family', 'families')} in scope",
        f"{counted(first.replicates, 'simulated run')} of {counted(first.months, 'month')} each, seed {first.seed}",
    ]


def _side_by_side(ensembles: Sequence[Ensemble]) -> list[str]:
    """A column for each scenario and one for the difference; below each row of figures, what is counted."""
    heads = ["", *(e.scenario.name for e in ensembles), *(["difference"] if len(ensembles) == 2 else [])]
    rows, notes = [heads], [""]
    for name in _rows(ensembles):
        found = [summarise(e, name) for e in ensembles]
        pair = [difference(ensembles[0], ensembles[1], name)] if len(ensembles) == 2 else []
        cells = [_short(d) for d in pair]
        rows.append([measure_of(name).row, *(summary_words(s) for s in found), *cells])
        notes.append("; ".join([_note(found), *(often_words(d) for d in pair if d.verdict is Verdict.APART)]))
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    lines = []
    for row, note in zip(rows, notes, strict=True):
        lines.append(GAP.join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip())
        lines += _wrapped(note)
    return lines


def _short(found: Difference) -> str:
    """A difference for a column; in how many runs it is so stands in the note below."""
    return gap_words(found) if found.verdict is Verdict.APART else difference_words(found)


def _one_below_the_other(ensembles: Sequence[Ensemble]) -> list[str]:
    """A row for each scenario under each headline, for many scenarios or long figures."""
    lines: list[str] = []
    width = max(len(e.scenario.name) for e in ensembles)
    for name in _rows(ensembles):
        found = [summarise(e, name) for e in ensembles]
        cells = [summary_words(s) for s in found]
        wide = max(len(c) for c in cells)
        lines += [measure_of(name).row, *_wrapped(_note(found))]
        for ensemble, cell in zip(ensembles, cells, strict=True):
            line = f"  {ensemble.scenario.name:<{width}}{GAP}{cell:<{wide}}"
            if ensemble is not ensembles[0]:
                line += f"{GAP}{difference_words(difference(ensembles[0], ensemble, name))}"
            lines.append(line.rstrip())
    return lines


def _at_mark(ensembles: Sequence[Ensemble]) -> list[str]:
    """The same figures after five years, where the run is longer."""
    months = ensembles[0].months
    if not has_mark(months):
        return []
    lines = ["", f"After {months_words(MARKED)} of {months_words(months)}"]
    width = max(len(e.scenario.name) for e in ensembles)
    for name in MEASURES:
        lines.append(f"  {measure_of(name).row}")
        for ensemble in ensembles:
            line = f"    {ensemble.scenario.name:<{width}}{GAP}{summary_words(summarise(ensemble, at_mark(name)))}"
            if ensemble is not ensembles[0]:
                line += f"{GAP}difference {_short(difference(ensembles[0], ensemble, at_mark(name)))}"
            lines.append(line)
    return lines


def _note(found: Sequence[Summary]) -> str:
    """What is counted, whether it was fitted, and what the figures leave out."""
    parts = [found[0].measure.cohort]
    kinds = {s.kind for s in found}
    if found[0].measure.id in HEADLINE_IDS:
        parts.append(kinds.pop() if len(kinds) == 1 else ", ".join(f"{s.scenario} {s.kind}" for s in found))
    left_out = [summary_notes(s) for s in found]
    if all(notes == left_out[0] for notes in left_out):
        parts += left_out[0]
    else:
        parts += [f"{s.scenario}: {note}" for s, notes in zip(found, left_out, strict=True) for note in notes]
    return "; ".join(parts)


def _wrapped(note: str) -> list[str]:
    return textwrap.wrap(note, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _foot(ensembles: Sequence[Ensemble]) -> list[str]:
    lines = ["Range of simulated runs: 80 % of them lie within (10-90 %), their median in brackets."]
    if len(ensembles) > 1:
        first = ensembles[0].scenario.name
        words = f"Difference: {first} minus the other, run by run with common random numbers; 8 runs in 10 lie within."
        lines += textwrap.wrap(words, WIDTH)
    return lines
