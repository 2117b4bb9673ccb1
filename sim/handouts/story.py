"""A story of one's own: slides over a question, read strictly from a file that somebody wrote or a page sent.

The same rules hold for the stories that are shipped. A story's words are only ever text; its figures are filled in from
the answer, so that a story stays true when figures move.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sim.errors import ScenarioError
from sim.problems import Problems
from sim.results.measures import BY_ID, CHARTED
from sim.strict import toml

KINDS = ("title", "text", "predict", "chart", "headline", "network", "families", "changes")
KEYS = ("title", "audience", "plan", "against", "labels", "area_of", "months", "slides")
SLIDE_KEYS = ("kind", "title", "text", "notes", "measure", "headline", "minutes", "concludes", "arm", "ask")
FILLED_IN = re.compile(r"\{(a|b|d|f):([a-z_0-9]+)\}|\{posts\}|\{runs\}|\{area\}|\{years\}")
LIKE_FIGURES = re.compile(r"\{[^{}\n]{0,60}\}")
MOST_SLIDES = 40
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTES = 200, 2_000, 4_000
LONGEST_LABEL, LONGEST_MINUTES = 60, 120.0
EXAMPLE = "[[slides]]"


@dataclass(frozen=True)
class Slide:
    """One slide as it is shown.

    Attributes:
        kind: one of KINDS.
        title: its heading.
        text: what stands below it.
        notes: for the speaker alone.
        measure: id of a charted measure, '' where it shows none.
        headline: id of a measure, '' where it shows none.
        minutes: how long it takes.
        concludes: it draws a conclusion, which must rest on what was predicted.
        answer: what is shown once the room has guessed.
    """

    kind: str
    title: str = ""
    text: str = ""
    notes: str = ""
    measure: str = ""
    headline: str = ""
    minutes: float = 1.0
    concludes: bool = False
    answer: str = ""


@dataclass(frozen=True)
class StoryFile:
    """A story as its file holds it; both plans are still as they were written.

    Attributes:
        name: what it is kept under.
        title: what it is called.
        audience: whom it is for.
        plan: the first plan, as a page's question holds one.
        against: what it is compared with.
        labels: two short names, () for the plans' titles.
        area_of: the scenario whose generated area it uses, '' for the area at hand.
        months: horizon, 0 for the plans' own.
        slides: in order.
    """

    name: str
    title: str
    audience: str
    plan: Mapping[str, Any]
    against: Mapping[str, Any]
    labels: tuple[str, ...]
    area_of: str
    months: int
    slides: tuple[Slide, ...]

    @property
    def minutes(self) -> float:
        """How long it takes to present."""
        return float(sum(s.minutes for s in self.slides))


def as_table(story: StoryFile) -> dict[str, Any]:
    """The story as `read_table` reads it, JSON-safe."""
    slides = [{k: v for k, v in asdict(one).items() if k in SLIDE_KEYS} for one in story.slides]
    told = {k: v for k, v in asdict(story).items() if k in KEYS and v not in ("", (), 0)}
    bare = [{k: v for k, v in slide.items() if v not in ("", False)} for slide in slides]
    return {**told, "labels": list(story.labels), "slides": bare}


def read_text(text: str, name: str, *, notes_needed: bool = False) -> StoryFile:
    """A story from TOML text.

    Args:
        text: what the file holds.
        name: what it is kept under, and what messages begin with.
        notes_needed: refuse a slide without speaker's notes, as shipped stories are held to.

    Raises:
        ScenarioError: everything that is wrong with it, slide by slide.
    """
    return read_table(toml(text, f"{name}.toml", EXAMPLE), name, notes_needed=notes_needed)


def read_table(table: Mapping[str, Any], name: str, *, notes_needed: bool = False) -> StoryFile:
    """A story from its table; as `read_text`."""
    problems = Problems(f"{name}.toml")
    problems.known("", "key", table, KEYS)
    for key in ("title", "plan", "against", "slides"):
        if key not in table:
            problems.add(ScenarioError(f"{problems.where}: {key} is missing."))
    slides = table.get("slides", [])
    if not isinstance(slides, list) or not 1 <= len(slides) <= MOST_SLIDES:
        problems.refuse("slides", f"a list of 1 to {MOST_SLIDES} slides, each under {EXAMPLE}", _count(slides))
        slides = []
    found = StoryFile(
        name=name,
        title=problems.name("title", table.get("title", ""), LONGEST_TITLE),
        audience=problems.name("audience", table.get("audience", ""), LONGEST_TITLE),
        plan=problems.table("plan", table.get("plan", {})),
        against=problems.table("against", table.get("against", {})),
        labels=_labels(problems, table.get("labels", [])),
        area_of=problems.name("area_of", table.get("area_of", "")),
        months=problems.whole("months", table.get("months", 0), 0),
        slides=tuple(_slide(problems, k, s, notes_needed) for k, s in enumerate(slides, start=1)),
    )
    problems.stop()
    return found


def _count(slides: object) -> object:
    return f"{len(slides)} slides" if isinstance(slides, list) else slides


def _labels(problems: Problems, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) not in (0, 2):
        problems.refuse("labels", "two short names", given)
        return ()
    return tuple(problems.name(f"labels[{k}]", one, LONGEST_LABEL) for k, one in enumerate(given, start=1))


def _slide(problems: Problems, number: int, given: object, notes_needed: bool) -> Slide:
    where = f"slide {number}:"
    table = problems.table(f"slide {number}", given)
    problems.known(where.removesuffix(":"), "key", table, SLIDE_KEYS)
    kind = problems.one_of(f"{where} kind", table.get("kind", ""), KINDS)
    found = Slide(
        kind,
        _words(problems, f"{where} title", table.get("title", ""), LONGEST_TITLE),
        _words(problems, f"{where} text", table.get("text", ""), LONGEST_TEXT),
        _words(problems, f"{where} notes", table.get("notes", ""), LONGEST_NOTES),
        _named(problems, f"{where} measure", table, CHARTED, needed=kind in ("chart", "predict")),
        _named(problems, f"{where} headline", table, tuple(BY_ID), needed=kind == "headline"),
        problems.number(f"{where} minutes", table.get("minutes", 1), 0, LONGEST_MINUTES),
        problems.flag(f"{where} concludes", table.get("concludes", False)),
    )
    if notes_needed and not found.notes:
        problems.add(ScenarioError(f"{problems.where}: {where} speaker notes are missing."))
    return found


def _words(problems: Problems, address: str, given: object, most: int) -> str:
    """A text with the figures that are filled in, each of a measure that there is."""
    text = problems.text(address, given)
    if len(text) > most:
        problems.refuse(address, f"a text of at most {most:,} characters", f"{len(text):,} characters")
        return ""
    for match in FILLED_IN.finditer(text):
        which, name = match.group(1), match.group(2)
        if name:
            kind, known = ("chart", CHARTED) if which == "f" else ("headline", tuple(BY_ID))
            problems.known(address, kind, [name], known)
    for match in LIKE_FIGURES.finditer(FILLED_IN.sub("", text)):
        problems.refuse(
            address, "a text whose braces hold a:ID, b:ID, d:ID, f:CHART, posts, runs, area or years", match.group(0)
        )
    return text


def _named(problems: Problems, address: str, table: Mapping[str, Any], known: tuple[str, ...], *, needed: bool) -> str:
    key = address.rpartition(" ")[2]
    if key not in table and not needed:
        return ""
    return problems.one_of(address, table.get(key, ""), known)
