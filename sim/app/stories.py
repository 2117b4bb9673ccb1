"""Stories for a room: slides over stored answers, speaker notes, and what the room is asked before it sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.app.answer import answer
from sim.app.curves import MIDDLE
from sim.app.jobs import Jobs
from sim.app.network import network
from sim.app.question import Question, read_question, shipped_names
from sim.costs import CostParameters
from sim.counts import counted
from sim.errors import ScenarioError, UnknownName, quoted
from sim.handouts.story import FILLED_IN, StoryFile, read_table, read_text
from sim.results.measures import KNOWN
from sim.results.words import months_words
from sim.strict import text_of, toml

FOLDER = Path(__file__).parent / "stories"
OWN = "your-story"
TEXTS = ("title", "text", "notes")


@dataclass(frozen=True)
class Story:
    """A story as its file describes it.

    Attributes:
        name: the file's name.
        title: what it is called.
        audience: whom it is for.
        question: what is compared.
        area_of: the scenario whose generated area the story uses; '' for the page's area.
        labels: short names of both plans, () for their titles.
        slides: in order, as tables.
    """

    name: str
    title: str
    audience: str
    question: Question
    area_of: str
    labels: tuple[str, ...]
    slides: tuple[dict[str, Any], ...]

    @property
    def minutes(self) -> float:
        """How long it takes to present."""
        return float(sum(s.get("minutes", 1) for s in self.slides))


class Stories(dict[str, dict[str, Any]]):
    """Stories that were worked out, with all that they show, by name."""


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
        raise UnknownName("stories", "story", name if isinstance(name, str) else quoted(name), names())
    return read(toml(text_of(FOLDER / f"{name}.toml", "a story"), f"{name}.toml", "[[slides]]"), name)


def read(table: Mapping[str, Any], name: str, *, notes_needed: bool = True) -> Story:
    """A story from its table.

    Raises:
        ScenarioError: what is wrong with it, slide by slide.
    """
    return _story(read_table(table, name, notes_needed=notes_needed))


def own(text: str) -> Story:
    """A story that a visitor opened, from the text of its file.

    Raises:
        ScenarioError: what is wrong with it, slide by slide.
    """
    return _story(read_text(text, OWN))


def _story(found: StoryFile) -> Story:
    if found.area_of and found.area_of not in shipped_names():
        raise UnknownName(f"{found.name}.toml: area_of", "scenario", found.area_of, shipped_names())
    question = read_question({"arms": [dict(found.plan), dict(found.against)], "months": found.months})
    slides = tuple({k: v for k, v in asdict(one).items() if v not in ("", False)} for one in found.slides)
    return Story(found.name, found.title, found.audience, question, found.area_of, found.labels, slides)


def prepared(jobs: Jobs, name: object, cancelled: Callable[[], bool] = lambda: False) -> dict[str, Any]:
    """A story with everything it shows, so that nothing is asked while it is presented; worked out once.

    Raises:
        Interrupted: `cancelled` said so.
        ScenarioError: as `load`; or a slide concludes from a figure that was not predicted.
    """
    story = load(name)
    held = jobs.hold(Stories)
    kept: dict[str, Any] | None = held.get(story.name)
    if kept is None:
        kept = _prepare(jobs, story, cancelled)
        held[story.name] = kept
    return kept


def prepared_own(jobs: Jobs, text: str) -> dict[str, Any]:
    """A visitor's own story with everything it shows; it is kept nowhere but on that visitor's page.

    Raises:
        ScenarioError: as `own`; or a slide concludes from a figure that was not predicted.
    """
    return _prepare(jobs, own(text), lambda: False)


def _prepare(jobs: Jobs, story: Story, cancelled: Callable[[], bool]) -> dict[str, Any]:
    where = jobs.elsewhere(story.area_of) if story.area_of else jobs
    pair = where.full(story.question, cancelled)
    body = answer(where, story.question, pair, quick=False)
    picture = network(where, story.question, pair, where.followed(story.question, pair, cancelled))
    values = {h["id"]: h for h in (*body["headlines"], *body["costs"])}
    for number, slide in enumerate(story.slides, start=1):
        _only_predicted(story, number, slide, values)
    facts = {
        "posts": posts(values, pair[0].months),
        "runs": str(body["replicates"]),
        "area": where.organisation.name,
        "years": months_words(pair[0].months),
    } | {f"f:{chart}": words for chart, words in body["findings"].items()}
    slides = [
        {**s, **{k: fill(s.get(k, ""), values, facts) for k in TEXTS}, "measures": measures_of(s)} for s in story.slides
    ]
    about = {
        "guesses": _guesses(story, body),
        "name": story.name,
        "title": story.title,
        "audience": story.audience,
        "minutes": story.minutes,
        "labels": list(story.labels),
    }
    return {"story": {**about, "area": where.organisation.name, "slides": slides}, "answer": body, "picture": picture}


def _guesses(story: Story, body: dict[str, Any]) -> dict[str, list[str]]:
    """What is said of the room's guess, 0 to 100 %, for every measure that it guesses; '' where no run has a value."""
    found = {}
    for name in {s["measure"] for s in story.slides if s["kind"] == "predict"}:
        shown = body["arms"][0]["series"][name]
        middle = shown["bands"][MIDDLE][-1]
        found[name] = ["" if middle is None else _guessed(g, middle, shown["text"][-1]) for g in range(101)]
    return found


def _guessed(guess: int, middle: float, text: str) -> str:
    gap = guess - 100.0 * middle
    points = round(abs(gap))
    apart = f"{counted(points, 'point')} {'less' if gap > 0 else 'more'} than guessed" if points else "what was guessed"
    return f"The room said {guess} %. The model: {text}. The median is {apart}."


def _only_predicted(story: Story, number: int, slide: dict[str, Any], values: dict[str, Any]) -> None:
    used = [name for name in measures_of(slide) if name in values]
    fitted = (
        [n for n in used if any(a["kind"] != "predicted" for a in values[n]["arms"])] if slide.get("concludes") else []
    )
    if fitted:
        raise ScenarioError(f"{story.name}.toml: slide {number} concludes from {', '.join(fitted)}, not predicted.")


def measures_of(slide: Mapping[str, Any]) -> list[str]:
    """The measures that a slide shows or names figures of, before its figures are filled in."""
    texts = [m for k in TEXTS for m in FILLED_IN.finditer(slide.get(k, "")) if m.group(2)]
    charts = [m.group(2) for m in texts if m.group(1) == "f"] + ([slide["measure"]] if slide.get("measure") else [])
    named = [m.group(2) for m in texts if m.group(1) != "f"] + ([slide["headline"]] if slide.get("headline") else [])
    return [*named, *(KNOWN[chart].told_by for chart in charts)]


def posts(values: dict[str, Any], months: int) -> str:
    """How many full posts the first plan's cost would pay for, over its months, at the model's own hourly cost."""
    costs = CostParameters()
    post = costs.staff_hour * costs.post_hours * months
    low, high = (values["cost_total"]["arms"][0][k] for k in ("low", "high"))
    return f"{low / post:.1f} to {high / post:.1f}"


def fill(text: str, values: dict[str, Any], facts: dict[str, str]) -> str:
    """A slide's text with its figures: {a:id}, {b:id} of both plans, {d:id} the difference, {f:chart} a chart's
    finding, {posts}, {runs}, {area}, {years}.
    """

    def word(match: re.Match[str]) -> str:
        which, name = match.group(1), match.group(2)
        if which in (None, "f"):
            return facts[match.group(0)[1:-1]]
        if name not in values:
            raise ScenarioError(f"story: no headline '{name}'.")
        told = values[name]["difference"] if which == "d" else values[name]["arms"]["ab".index(which)]["text"]
        return str(told)

    return FILLED_IN.sub(word, text)
