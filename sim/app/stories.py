"""Stories for a room: slides over stored answers, speaker notes, and what the room is asked before it sees."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.app.answer import answer
from sim.app.curves import COHORT, COURSES
from sim.app.desk import Desk
from sim.app.network import network
from sim.app.question import Question, read_question
from sim.errors import ScenarioError, UnknownName
from sim.outcomes.headlines import BY_ID
from sim.parameters import CostParameters

FOLDER = Path(__file__).parent / "stories"
KINDS = ("title", "text", "predict", "course", "headline", "network", "families", "changes")
KEYS = {"kind", "title", "text", "notes", "course", "headline", "minutes", "concludes", "arm", "ask"}
PLACE = re.compile(r"\{(a|b|d):([a-z_0-9]+)\}|\{posts\}|\{runs\}|\{area\}")


@dataclass(frozen=True)
class Story:
    """A story as its file tells it.

    Attributes:
        name: the file's name.
        title: what it is called.
        audience: whom it is for.
        question: what is compared.
        own_area: told on the first scenario's own generated area.
        slides: in order, as tables.
    """

    name: str
    title: str
    audience: str
    question: Question
    own_area: bool
    slides: tuple[dict[str, Any], ...]

    @property
    def minutes(self) -> float:
        """How long it takes to tell."""
        return float(sum(s.get("minutes", 1) for s in self.slides))


def names() -> tuple[str, ...]:
    """The shipped stories."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml")))


def load(name: object) -> Story:
    """A shipped story.

    Raises:
        UnknownName: no such story.
        ScenarioError: what is wrong in its file.
    """
    if not isinstance(name, str) or name not in names():
        raise UnknownName("stories", "story", str(name)[:60], names())
    return read(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")), name)


def read(table: dict[str, Any], name: str) -> Story:
    """A story from its table.

    Raises:
        ScenarioError: what is wrong with it, slide by slide.
    """
    problems = []
    for number, slide in enumerate(table.get("slides", []), start=1):
        problems += [f"slide {number}: {p}" for p in _problems(slide)]
    if not table.get("slides"):
        problems.append("it has no slide")
    if problems:
        raise ScenarioError(f"{name}.toml: " + "; ".join(problems))
    question = read_question({"arms": [table["plan"], table["against"]], "months": table.get("months", 0)})
    return Story(
        name, str(table["title"]), str(table.get("audience", "")), question, bool(table.get("own_area")),
        tuple(table["slides"]),
    )  # fmt: skip


def _problems(slide: dict[str, Any]) -> list[str]:
    found = []
    if slide.get("kind") not in KINDS:
        found.append(f"kind must be one of {', '.join(KINDS)}")
    found += [f"unknown key '{k}'" for k in sorted(set(slide) - KEYS)]
    if slide.get("kind") in ("course", "predict") and slide.get("course") not in (*COURSES, COHORT[0]):
        found.append(f"course must be one of {', '.join((*COURSES, COHORT[0]))}")
    if slide.get("kind") == "headline" and slide.get("headline") not in BY_ID:
        found.append("no such headline")
    if not slide.get("notes"):
        found.append("speaker notes are missing")
    return found


def told(desk: Desk, name: object) -> dict[str, Any]:
    """A story with everything it shows, so that nothing needs to be asked while it is told.

    Raises:
        ScenarioError: as `load`; or a slide concludes from a figure that was not predicted.
    """
    story = load(name)
    where = desk.elsewhere(story.question) if story.own_area else desk
    pair = where.full(story.question, lambda: False)
    body = answer(where, story.question, pair, quick=False)
    picture = network(where, story.question, pair, where.followed(story.question, pair, lambda: False))
    values = {h["id"]: h for h in (*body["headlines"], *body["costs"])}
    for number, slide in enumerate(story.slides, start=1):
        _only_predicted(story, number, slide, values)
    facts = {"posts": posts(values, pair[0].months), "runs": str(body["replicates"]), "area": where.organisation.name}
    slides = [{**s, "text": fill(s.get("text", ""), values, facts)} for s in story.slides]
    about = {"name": story.name, "title": story.title, "audience": story.audience, "minutes": story.minutes}
    return {"story": {**about, "area": where.organisation.name, "slides": slides}, "answer": body, "picture": picture}


def _only_predicted(story: Story, number: int, slide: dict[str, Any], values: dict[str, Any]) -> None:
    used = [m.group(2) for m in PLACE.finditer(slide.get("text", "")) if m.group(2)]
    if slide.get("headline"):
        used.append(slide["headline"])
    fitted = (
        [n for n in used if any(a["kind"] != "predicted" for a in values[n]["arms"])] if slide.get("concludes") else []
    )
    if fitted:
        raise ScenarioError(f"{story.name}.toml: slide {number} concludes from {', '.join(fitted)}, not predicted.")


def posts(values: dict[str, Any], months: int) -> str:
    """How many full posts the first plan's cost would pay for, over its months, at the model's own hourly cost."""
    costs = CostParameters()
    post = costs.staff_hour * costs.post_hours * months
    low, high = (values["cost_total"]["arms"][0][k] for k in ("low", "high"))
    return f"{low / post:.1f} to {high / post:.1f}"


def fill(text: str, values: dict[str, Any], facts: dict[str, str]) -> str:
    """A slide's text with its figures: {a:id}, {b:id} of both plans, {d:id} the difference, {posts}, {runs}, {area}."""

    def word(match: re.Match[str]) -> str:
        which, name = match.group(1), match.group(2)
        if which is None:
            return facts[match.group(0)[1:-1]]
        if name not in values:
            raise ScenarioError(f"story: no headline '{name}'.")
        told = values[name]["difference"] if which == "d" else values[name]["arms"]["ab".index(which)]["text"]
        return str(told)

    return PLACE.sub(word, text)
