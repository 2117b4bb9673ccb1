"""A briefing to take away: finding, charts, what changed, intervals, evidence, log and the command for every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim import posterior
from sim.app import link, log
from sim.app.checks import missed
from sim.app.evidence_job import EvidenceJob, evidence_of, ledger
from sim.app.handing_on import case_of
from sim.app.jobs import Jobs
from sim.app.question import Question
from sim.app.replicates import Pair
from sim.counts import counted
from sim.errors import ScenarioError
from sim.handouts import one_page, page
from sim.handouts.case import Case
from sim.organisation.organisation import Organisation
from sim.platforms.names import command_line
from sim.posterior.words import SHORT
from sim.results import fan, unnamed
from sim.results.charts import drawn
from sim.results.measures import CHARTED, KNOWN
from sim.results.words import months_words
from sim.version import version

CHARTS = tuple(name for name in CHARTED if KNOWN[name].told_by == name)
"""Measures whose charts are in the briefing; those described by another measure's figures are left out."""
LEADING = ("practitioners_at_fidelity_share", "need_served_at_fidelity_share")
CHART_SIZE, CHART_PLACE = (9.6, 4.2), (0.06, 0.14, 0.72, 0.77)
"""Inches; the axes within the figure as left, bottom, width and height."""
STYLE = Path(__file__).parent / "public" / "briefing.css"
TEMPLATES = Path(__file__).parent / "templates"
RANGES = (
    "Range: 8 runs in 10 lie within; median in brackets. Difference: the first plan minus the other, run by run; 8 "
    "runs in 10 lie within."
)
TRUST = (
    "Figures marked fitted were targets of calibration; predicted ones were not. zones evidence sets every published "
    "figure against the model, those it misses included. The people and families are invented."
)


@dataclass(frozen=True)
class Brief:
    """What the briefing says.

    Attributes:
        question: what was asked.
        pair: the ensembles.
        body: the full answer as the page has it.
        place: the area's name and size.
        command: reproduces every number.
        link: opens the page at this answer; '' where the plan is too long.
        entries: the learning log.
        assumptions: what was made up about the area.
        evidence: a row a published figure: what the model gives, and whether that is met.
        footnotes: which of the findings rest on a published figure that is not met.
        case: what its page on paper is made from.
    """

    question: Question
    pair: Pair
    body: dict[str, Any]
    place: str
    command: str
    link: str
    entries: tuple[dict[str, Any], ...]
    assumptions: tuple[str, ...]
    evidence: list[list[str]]
    footnotes: tuple[str, ...]
    case: Case

    @property
    def titles(self) -> list[str]:
        """Both plans' titles."""
        return [arm["title"] for arm in self.body["arms"]]


def make(jobs: Jobs, question: Question, pair: Pair, body: dict[str, Any]) -> Brief:
    """Gather what the briefing says: the area by its name where names may show, its sites not at all."""
    o, shared = jobs.organisation, shared_link(jobs, question, pair)
    again = command(question, shared, jobs.again)
    own, job = "--area" in jobs.again, evidence_of(jobs, question.calibration)
    name = unnamed.place_words(o, show_names=jobs.show_names or not own)
    place = (
        f"{name}: {counted(len(o.sites), 'site')}, {counted(len(o.practitioners), 'practitioner')}, "
        f"{counted(len(o.families), 'family', 'families')}"
    )
    return Brief(
        question,
        pair,
        body,
        place,
        again,
        shared,
        tuple(log.entries(jobs.log)),
        o.assumptions if name == o.name else (),
        _evidence(job),
        tuple(filter(None, (missed(job, LEADING),))),
        case_of(jobs, question, again),
    )


def shared_link(jobs: Jobs, question: Question, pair: Pair) -> str:
    """The link that opens the page at an answer; '' where the plan is too long for one."""
    try:
        return link.write(question, pair, page="explore", measure=CHARTED[0], place=jobs.organisation.digest)
    except ScenarioError:
        return ""


def command(question: Question, shared: str, again: tuple[str, ...], *, answers: bool = False) -> str:
    """The command that reproduces every number of the briefing; a plan too long for a link runs from its settings.

    Args:
        question: what was asked.
        shared: its link, '' where it is too long for one.
        again: options that bring the same place.
        answers: the file that answers levers, instead of the briefing.
    """
    names = [arm.preset for arm in question.arms]
    horizon = ["--months", str(question.months)] if question.months else []
    luck = [*horizon, *(["--seed", str(question.seed)] if question.seed != 1 else [])]
    luck += ["--calibration", question.calibration] if question.calibration != posterior.DEFAULT else []
    luck += ["--interactive"] if answers else []
    if not any(arm.changed for arm in question.arms):
        same = ("--area-of", names[0])
        return command_line(["zones", "brief", *names, *luck, *(again if again != same else ())])
    if shared:
        return command_line(["zones", "brief", "--link", shared, *(["--interactive"] if answers else []), *again])
    files = [f"{name}-as-shown.toml" for name in names]
    return command_line(["zones", "compare", *files, *luck, *(w for w in again if w not in ("--area-of", *names))])


def check_place(shared: link.Shared, organisation: Organisation) -> None:
    """Refuse a link that was made for another place.

    Raises:
        ScenarioError: with what to give.
    """
    if not link.made_for(shared, organisation.digest):
        raise ScenarioError(
            "--link: it was made for another area; give the same --area FILE (or --area-of NAME) as the page had."
        )


def told_since(shared: link.Shared, pair: Pair, organisation: Organisation) -> list[str]:
    """What has moved since the link was made, a line for each headline."""
    found = link.compare(shared, pair, organisation.digest)
    if found["same"]:
        return ["The figures are those the link was made with."]
    lines = [f"  {name}: {a} against {b} then; {c} against {d} now" for name, a, b, c, d in found["moved"]]
    return [f"The figures have moved since version {found['version_then']} made the link:", *lines]


@dataclass(frozen=True)
class Block:
    """One part of the briefing.

    Attributes:
        kind: 'heading', 'subheading', 'text', 'lead', 'small', 'code', 'list', 'table' or 'chart'.
        text: its words; under a chart, what it shows.
        items: of a list.
        heads: of a table.
        rows: of a table, as many cells as heads.
        svg: of a chart.
    """

    kind: str
    text: str = ""
    items: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    svg: str = ""


def as_html(made: Brief) -> str:
    """One file without any outside part; everything from files is escaped."""
    from jinja2 import Environment, FileSystemLoader

    found = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    style = STYLE.read_text(encoding="utf-8")
    text: str = found.get_template("briefing.html.jinja").render(title=_title(made), style=style, blocks=_blocks(made))
    return text


def as_pdf(made: Brief) -> bytes:
    """One page on A4 with its back, tagged, so that it can be read aloud and searched."""
    return one_page.as_pdf(page.of_plans(made.case, made.pair))


def _title(made: Brief) -> str:
    return f"{made.titles[0]}, against {made.titles[1].lower()}"


def _blocks(made: Brief) -> list[Block]:
    body = made.body
    runs = (
        f"{counted(body['replicates'], 'simulated run')} of {months_words(body['months'])} with the same random "
        f"numbers in both"
    )
    return [
        Block("small", f"{made.place}. {runs}. Result {body['digest']}, version {version()}, {_calibration(made)}."),
        *(Block("lead", body["findings"][name]) for name in LEADING),
        Block("heading", "Charts"),
        *(Block("chart", body["findings"][name], svg=_svg(made, name)) for name in CHARTS),
        Block("heading", "Headlines"),
        Block("table", heads=["Headline", *made.titles, "Difference, run by run", "Standing"], rows=_rows(body)),
        Block("small", RANGES),
        Block("heading", "Differences from what is shipped"),
        *(block for arm in body["arms"] for block in _changes(arm)),
        Block("heading", "Families"),
        *(Block("text", words) for words in body["family_words"]),
        Block("heading", "How far to trust it"),
        Block("text", TRUST),
        *([Block("text", words)] if (words := body["reading"]) else []),
        *(Block("text", words) for words in made.footnotes),
        Block("table", heads=["Published figure", "Target", "Model", "Verdict", "Standing"], rows=made.evidence),
        *(Block("small", words) for words in made.assumptions),
        Block("heading", "Learning log"),
        _log(made.entries),
        Block("heading", "To reproduce every number"),
        Block("code", made.command),
    ]


def _evidence(job: EvidenceJob) -> list[list[str]]:
    """Every published figure that the model is held against, with what it gives where that was measured here."""
    rows = []
    for r in ledger(job)["rows"]:
        found = r["found"]
        verdict = "not measured here" if found is None else "met" if found["within"] else "not met"
        given = found["text"] if found else "-"
        rows.append([r["measure"], f"{r['target']} ({r['source']}; grade {r['grade']})", given, verdict, r["kind"]])
    return rows


def _calibration(made: Brief) -> str:
    return f"calibration {made.question.calibration} ({SHORT[made.question.calibration]})"


def _rows(body: dict[str, Any]) -> list[list[str]]:
    rows = []
    for h in (*body["headlines"], *body["costs"]):
        rows.append([h["row"], *(a["text"] for a in h["arms"]), h["difference"], h["standing"]])
    return rows


def _changes(arm: dict[str, Any]) -> list[Block]:
    return [Block("subheading", arm["title"]), Block("list", items=arm["changed"] or ["As shipped."])]


def _log(entries: tuple[dict[str, Any], ...]) -> Block:
    if not entries:
        return Block("text", "Nothing has been written yet.")
    heads = ["Written", "Plans", *(f.capitalize() for f in log.FIELDS)]
    rows = [[str(e["written"])[:10], log.plans_words(e["plans"]), *(e[f] for f in log.FIELDS)] for e in entries]
    return Block("table", heads=heads, rows=rows)


def _svg(made: Brief, name: str) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({**fan.FONTS, "svg.hashsalt": "zones", "svg.fonttype": "path"}):
        figure = Figure(figsize=CHART_SIZE)
        axes = figure.add_axes(CHART_PLACE)
        fan.draw(axes, [_band(made, k, name) for k in (0, 1)])
        axes.set_title(KNOWN[name].axis or KNOWN[name].title, loc="left", fontsize=11, color=fan.QUIET)
        text = drawn(figure, "svg").decode()
    return text[text.index("<svg") :]


def _band(made: Brief, k: int, name: str) -> fan.Band:
    rows = made.body["arms"][k]["series"][name]["bands"]
    return fan.Band(made.titles[k], *(np.array(row, np.float64) for row in rows))
