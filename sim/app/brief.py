"""A briefing to take away: finding, charts, what changed, intervals, evidence, log and the command for every number."""

from __future__ import annotations

import html
import io
import shlex
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.app import evidence_job, link, log
from sim.app.curves import COURSES, months_words
from sim.app.jobs import Jobs
from sim.app.question import Question
from sim.app.replicates import Pair
from sim.errors import ScenarioError
from sim.organisation.organisation import Organisation
from sim.version import version

CHARTS = ("using", "well", "full", "served")
COLOURS = ("#00695c", "#a3420b")
PAGE = (8.27, 11.69)
STYLE = Path(__file__).parent / "public" / "briefing.css"


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
    """

    question: Question
    pair: Pair
    body: dict[str, Any]
    place: str
    command: str
    link: str
    entries: tuple[dict[str, Any], ...]
    assumptions: tuple[str, ...]

    @property
    def titles(self) -> list[str]:
        """Both plans' titles."""
        return [arm["title"] for arm in self.body["arms"]]


def make(jobs: Jobs, question: Question, pair: Pair, body: dict[str, Any]) -> Brief:
    """Gather what the briefing says: the area by its name, its sites not at all."""
    o = jobs.organisation
    try:
        shared = link.write(question, pair, page="explore", course="using", place=o.digest)
    except ScenarioError:
        shared = ""
    again = command(question, shared, jobs.again)
    place = f"{o.name}: {len(o.sites):,} sites, {len(o.practitioners):,} practitioners, {len(o.families):,} families"
    return Brief(question, pair, body, place, again, shared, tuple(log.entries(jobs.log)), o.assumptions)


def command(question: Question, shared: str, again: tuple[str, ...]) -> str:
    """The command that reproduces every number of the briefing; a plan too long for a link runs from its settings."""
    names = [arm.preset for arm in question.arms]
    horizon = ["--months", str(question.months)] if question.months else []
    luck = [*horizon, *(["--seed", str(question.seed)] if question.seed != 1 else [])]
    if not any(arm.changed for arm in question.arms):
        same = ("--area-of", names[0])
        return shlex.join(["zones", "brief", *names, *luck, *(again if again != same else ())])
    if shared:
        return shlex.join(["zones", "brief", "--link", shared, *again])
    files = [f"{name}-as-shown.toml" for name in names]
    return shlex.join(["zones", "compare", *files, *luck, *(w for w in again if w not in ("--area-of", *names))])


def check_place(shared: link.Shared, organisation: Organisation) -> None:
    """Refuse a link that was made for another place.

    Raises:
        ScenarioError: with what to give.
    """
    if shared.place != organisation.digest[:12]:
        raise ScenarioError(
            "--link: it was made for another area; give the same --area FILE (or --area-of NAME) as the page had."
        )


def told_since(shared: link.Shared, pair: Pair, organisation: Organisation) -> list[str]:
    """What has moved since the link was made, a line a headline."""
    found = link.compare(shared, pair, organisation.digest)
    if found["same"]:
        return ["The figures are those the link was made with."]
    lines = [f"  {name}: {a} against {b} then; {c} against {d} now" for name, a, b, c, d in found["moved"]]
    return [f"The figures have moved since version {found['version_then']} made the link:", *lines]


def as_html(made: Brief) -> str:
    """One file without any outside part; everything from files is escaped."""
    e, body = html.escape, made.body
    parts = [
        f"<h1>{e(made.titles[0])}, against {e(made.titles[1].lower())}</h1>",
        f'<p class="small">{e(made.place)}. {body["replicates"]} simulated runs of {e(months_words(body["months"]))} '
        f"with the same luck in both. Result {e(body['digest'])}, version {e(version())}.</p>",
        *(f'<p class="lead">{e(body["findings"][name])}</p>' for name in ("well", "served")),
        "<h2>Charts</h2>",
        *(_figure(made, name) for name in CHARTS),
        "<h2>Headlines</h2>",
        _table(["Headline", *made.titles, "Difference, run by run", "Standing"], _rows(body)),
        '<p class="small">Range: 8 runs in 10 lie within; median in brackets. Difference: 95 % interval.</p>',
        "<h2>Differences from what is shipped</h2>",
        *(_changes(arm) for arm in body["arms"]),
        "<h2>Families</h2>",
        *(f"<p>{e(words)}</p>" for words in body["family_words"]),
        "<h2>How far to trust it</h2>",
        "<p>Figures marked predicted were no target of calibration; fitted ones were. <code>zones evidence</code> sets "
        "every published figure against the model, those it misses included. The people and families are invented.</p>",
        _table(["Published figure", "Target", "Grade", "Standing"], _evidence()),
        *(f'<p class="small">{e(words)}</p>' for words in made.assumptions),
        "<h2>Learning log</h2>",
        _log(made.entries),
        "<h2>To reproduce every number</h2>",
        f"<p><code>{e(made.command)}</code></p>",
    ]
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    )
    style = STYLE.read_text(encoding="utf-8")
    text = "".join(parts)
    return f"{head}<title>{e(made.titles[0])}</title><style>{style}</style></head><body>{text}</body></html>"


def _evidence() -> list[list[str]]:
    """What the evidence asks of the model: every published figure that it is held against."""
    rows = evidence_job.ledger(evidence_job.EvidenceJob(kept=None))["rows"]
    return [[r["measure"], f"{r['target']} ({r['source']})", r["grade"], r["kind"]] for r in rows]


def _rows(body: dict[str, Any]) -> list[list[str]]:
    rows = []
    for h in (*body["headlines"], *body["costs"]):
        kinds = sorted({a["kind"] for a in h["arms"]})
        rows.append(
            [f"{h['words']} ({h['cohort']})", *(a["text"] for a in h["arms"]), h["difference"], ", ".join(kinds)]
        )
    return rows


def _table(heads: list[str], rows: list[list[str]]) -> str:
    top = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in heads)
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows
    )  # fmt: skip
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def _changes(arm: dict[str, Any]) -> str:
    said = arm["changed"] or ["As it was shipped."]
    items = "".join(f"<li>{html.escape(s)}</li>" for s in said)
    return f"<h3>{html.escape(arm['title'])}</h3><ul>{items}</ul>"


def _log(entries: tuple[dict[str, Any], ...]) -> str:
    if not entries:
        return "<p>Nothing was written yet.</p>"
    heads = ["Written", "Plans", *(f.capitalize() for f in log.FIELDS)]
    rows = [[str(e["written"])[:10], e["plans"], *(e[f] for f in log.FIELDS)] for e in entries]
    return _table(heads, rows)


def _figure(made: Brief, name: str) -> str:
    words = html.escape(made.body["findings"][name])
    return f'<figure role="img" aria-label="{words}">{_svg(made, name)}<figcaption>{words}</figcaption></figure>'


def _svg(made: Brief, name: str) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "zones", "svg.fonttype": "path"}):
        figure = Figure(figsize=(8.4, 3.6), layout="constrained")
        _draw(figure.subplots(), made, name)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def _draw(axes: Any, made: Brief, name: str) -> None:
    for k in (1, 0):
        q = [[float("nan") if v is None else 100 * v for v in row] for row in made.body["arms"][k]["courses"][name]]
        months = range(len(q[2]))
        axes.fill_between(months, q[0], q[4], color=COLOURS[k], alpha=0.18, linewidth=0)
        axes.fill_between(months, q[1], q[3], color=COLOURS[k], alpha=0.3, linewidth=0)
        axes.plot(
            months, q[2], color=COLOURS[k], linewidth=2.2, linestyle="-" if k == 0 else "--", label=made.titles[k]
        )
    axes.set_title(COURSES[name][0], loc="left", fontsize=11, fontweight="bold")
    axes.set_xlim(0, made.body["months"])
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(0, made.body["months"] + 1, 12))
    axes.set_xticklabels([f"year {m // 12}" if m else "start" for m in range(0, made.body["months"] + 1, 12)])
    axes.yaxis.set_major_formatter(lambda v, _: f"{v:g} %")
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)


def as_pdf(made: Brief) -> bytes:
    """The same on paper: A4, text first, then the charts."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    out = io.BytesIO()
    lines = _lines(made)
    with PdfPages(out, metadata={"Title": made.titles[0], "CreationDate": None}) as pages:
        for start in range(0, len(lines), 62):
            figure = Figure(figsize=PAGE)
            for row, (text, weight) in enumerate(lines[start : start + 62]):
                size = 15 if start + row == 0 else 9.5
                shown = text.replace("$", r"\$")
                figure.text(0.09, 0.945 - 0.0143 * row, shown, fontsize=size, fontweight=weight, va="top")
            pages.savefig(figure)
        figure = Figure(figsize=PAGE, layout="constrained")
        for axes, name in zip(figure.subplots(len(CHARTS), 1), CHARTS, strict=True):
            _draw(axes, made, name)
        pages.savefig(figure)
    return out.getvalue()


def _lines(made: Brief) -> list[tuple[str, str]]:
    body = made.body
    found: list[tuple[str, str]] = [(made.titles[0], "bold"), ("", "normal")]

    def say(text: str, weight: str = "normal", indent: str = "") -> None:
        found.extend(
            (line, weight) for line in textwrap.wrap(text, 104, initial_indent=indent, subsequent_indent=indent)
        )

    runs = f"{body['replicates']} simulated runs of {months_words(body['months'])}, same luck in both."
    say(f"against {made.titles[1].lower()}. {made.place}. {runs} Result {body['digest']}, version {version()}.")
    for name in CHARTS:
        found.append(("", "normal"))
        say(body["findings"][name])
    found += [
        ("", "normal"),
        ("Headlines: range of 8 runs in 10 (median); difference run by run, 95 % interval", "bold"),
    ]
    for row in _rows(body):
        say(f"{row[0]}: {row[1]}; against {row[2]}; difference {row[3]} [{row[4]}]", indent="  ")
    for arm in body["arms"]:
        found += [("", "normal"), (f"Changed in {arm['title']}", "bold")]
        for said in arm["changed"] or ["As it was shipped."]:
            say(said, indent="  ")
    found += [("", "normal"), ("Families", "bold")]
    for said in body["family_words"]:
        say(said, indent="  ")
    found += [("", "normal"), ("Published figures that the model is held against (zones evidence)", "bold")]
    for measure, target, grade, standing in _evidence():
        say(f"{measure}: {target}, grade {grade} [{standing}]", indent="  ")
    found += [("", "normal"), ("Learning log", "bold")]
    for entry in made.entries:
        say(f"{entry['written'][:10]}: " + "; ".join(f"{f}: {entry[f]}" for f in log.FIELDS if entry[f]), indent="  ")
    found += [("", "normal"), ("To reproduce every number", "bold")]
    say(made.command, indent="  ")
    return found
