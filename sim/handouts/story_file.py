"""A story written down: a commented file to edit, or one that a page has edited; it reads back as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Table

from sim.handouts.story import KINDS, Slide, StoryFile
from sim.results.measures import CHARTED

HEAD = (
    "A story of your own. docs/handouts.md says what a slide may hold.",
    "Figures are filled in from the runs: {a:headline} and {b:headline} of both plans, {d:headline} their difference,",
    "{f:chart} a chart's finding, {runs}, {years}, {area}.",
    f"Kinds of slide: {', '.join(KINDS)}.",
    f"Charts: {', '.join(CHARTED)}.",
)
FIRST_SLIDES = (
    Slide("title", "What is this worth to us?", "{area}. {runs} simulated runs of each plan over {years}.",
          "Say what this is: invented practitioners and families, for thinking a plan through. It is not a forecast."),
    Slide("predict", "How many practitioners will do it well after {years}?", "Write your guess down before we look.",
          "Make everybody commit to a number. The point is the difference, whichever way it goes.",
          "practitioners_at_fidelity_share"),
    Slide("network", "Two futures, the same people", "Every dot is a practitioner.",
          "Let it play once without speaking. One run is shown: the one nearest the median."),
    Slide("chart", "Doing it well: the two plans", "{f:practitioners_at_fidelity_share}",
          "Read the range, not the line.", "practitioners_at_fidelity_share"),
    Slide("headline", "What it comes to for families",
          "{a:need_served_at_fidelity_share} against {b:need_served_at_fidelity_share}.",
          "Read the difference out unchanged: {d:need_served_at_fidelity_share}.",
          headline="need_served_at_fidelity_share"),
    Slide("text", "What would you do on Monday?", "Who sits on the team. Which sites go first.",
          "Stop talking. Write down what they say.", minutes=3.0),
)  # fmt: skip
"""What a new story begins with."""
MULTILINE = 60


def draft(name: str, plan: Mapping[str, Any], against: Mapping[str, Any], months: int = 0) -> StoryFile:
    """A story to begin with.

    Args:
        name: what it is kept under.
        plan: the first plan, as a page's question holds one.
        against: what it is compared with.
        months: horizon, 0 for the plans' own.
    """
    return StoryFile(name, f"{name}: our plan", "", plan, against, (), "", months, FIRST_SLIDES)


def dump(story: StoryFile) -> str:
    """The file's text."""
    document = tomlkit.document()
    for line in HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document.add("title", tomlkit.item(story.title))
    document.add("audience", tomlkit.item(story.audience))
    if story.labels:
        document.add("labels", tomlkit.item(list(story.labels)))
    if story.area_of:
        document.add("area_of", tomlkit.item(story.area_of))
    if story.months:
        document.add("months", tomlkit.item(story.months))
    document.add("plan", _plain(story.plan))
    document.add("against", _plain(story.against))
    slides = tomlkit.aot()
    for slide in story.slides:
        slides.append(_slide(slide))
    document.add("slides", slides)
    return tomlkit.dumps(document)


def _plain(plan: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in plan.items():
        if key == "zones" or value not in ({}, []):
            table.add(key, tomlkit.item(_inline(value)))
    return table


def _inline(value: Any) -> Any:
    """Tables within become inline ones, so that each plan is one paragraph of the file."""
    if isinstance(value, Mapping):
        found = tomlkit.inline_table()
        found.update({k: _inline(v) for k, v in value.items()})
        return found
    if isinstance(value, Sequence) and not isinstance(value, str):
        array = tomlkit.array()
        array.extend(_inline(v) for v in value)
        return array
    return value


def _slide(slide: Slide) -> Table:
    table = tomlkit.table()
    table.add("kind", slide.kind)
    for key in ("measure", "headline", "title", "text", "notes"):
        if value := getattr(slide, key):
            table.add(key, tomlkit.string(value, multiline="\n" in value))
    table.add("minutes", slide.minutes)
    if slide.concludes:
        table.add("concludes", True)
    return table
