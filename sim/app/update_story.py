"""The review of what was seen as a story for the room: guess first, look, say what surprises, decide."""

from __future__ import annotations

from typing import Any

from sim.counts import counted
from sim.observed import words
from sim.observed.findings import Findings
from sim.observed.forecast import FORECAST
from sim.observed.gates import GateChance
from sim.observed.guarding import too_few
from sim.observed.observables import BY_NAME, PEOPLE, SITES
from sim.results.columns import ALL

MOST_LINES = 10
LEAD = ("using", "at_fidelity", "trained", "sites_started", "sites_full", "sites_certified")
"""What the room guesses: the first of these that was seen."""
AHEAD = "at_fidelity"
"""Whose forecast is shown at the end."""

Slide = dict[str, Any]


def story(update: Findings, view: dict[str, Any]) -> dict[str, Any]:
    """The slides, and what is said of every guess that the room may make, JSON-safe.

    Args:
        update: the update.
        view: what the page shows of it, as `sim.app.update_view.view` gives it.
    """
    lead = _lead(update, view)
    told = view["told"]
    slides = [
        _title(view),
        *_guessed_first(lead),
        *_list("Where do we stand?", view["finding"], _short(view), _STAND_NOTES, signed=True),
        _fit(view),
        *_list("What we learned about this place", "", told.get(words.LEARNED, []), _LEARN_NOTES),
        *_ahead(view),
        *_list("The next zone", "", [_gate_short(g) for g in update.gates], _GATE_NOTES),
        *_list("What to look at next", "", told.get(words.LOOK, []), _LOOK_NOTES),
        _slide("text", "What do we decide today?", "We go on, or we change this. Who sees to it, and by when. What we "
               "report next, and when.", "Write the answers down in the learning log before people leave.", minutes=10),
        _slide("text", "What this does not say", "A forecast is what the model gives if the plan goes on as it stands. "
               "It is no promise and no target. 'Slower' says nothing about whose fault it is.",
               f"{view['foot']} If somebody asks how sure this is: {' '.join(told.get(words.SURE, [])[:1])}"),
    ]  # fmt: skip
    return {
        "name": "review",
        "title": f"Month {view['last']}: are we on course?",
        "audience": "everyone who works in the zone",
        "minutes": sum(s["minutes"] for s in slides),
        "labels": view["names"],
        "area": update.organisation.name,
        "slides": slides,
        "guesses": {} if lead is None else {lead["id"]: lead["guesses"]},
    }


_STAND_NOTES = (
    "Read one aloud, then ask who can explain it. The expected range is what the plan gave before anything was seen. "
    "Nothing of a single site is shown, and no number below five."
)
_LEARN_NOTES = "A parameter that has moved is a hint at what to ask about, not a measurement. Ask: does this ring true?"
_GATE_NOTES = "A chance of 80 % fails one time in five. What would have to happen for the gate to be met sooner?"
_LOOK_NOTES = "Agree now what you would do in either case. Then the next figures decide, not the next argument."


def _slide(kind: str, title: str, text: str = "", notes: str = "", **more: Any) -> Slide:
    return {"kind": kind, "title": title, "text": text, "notes": notes, "minutes": 2, **more}


def _list(title: str, text: str, lines: list[str], notes: str, **more: Any) -> list[Slide]:
    """Slides with a line each for what is to be said, none where there is nothing."""
    parts = [lines[k : k + MOST_LINES] for k in range(0, len(lines), MOST_LINES)]
    return [
        _slide("list", title if k == 0 else f"{title} (continued)", text if k == 0 else "", notes, lines=part, **more)
        for k, part in enumerate(parts)
    ]


def _title(view: dict[str, Any]) -> Slide:
    return _slide(
        "title",
        f"Month {view['last']}: are we on course?",
        view["head"],
        "Say first what this is for: to learn and to adapt the plan. It judges nobody, and shows no single site.",
        minutes=1,
    )


def _lead(update: Findings, view: dict[str, Any]) -> dict[str, Any] | None:
    """The measure that the room guesses first: a share that was seen, and may be shown."""
    charts = {c["id"]: c for c in view["charts"]}
    for name in LEAD:
        for s in update.standings:
            datum = s.datum
            if datum.measure != name or too_few(datum) or BY_NAME[name].kind not in (PEOPLE, SITES):
                continue
            found = charts.get(f"{name}|{datum.zone}")
            if found is not None and found["marks"]:
                what = f"{BY_NAME[name].entry.title}, {words.place_words(datum.zone)}"
                guesses = [_guessed(g, datum.value, words.seen_words(s)) for g in range(101)]
                return {"id": found["id"], "what": what, "verdict": s.verdict, "told": words.standing_words(s),
                        "guesses": guesses}  # fmt: skip
    return None


def _guessed(guess: int, seen: float, text: str) -> str:
    gap = guess - 100.0 * seen
    points = round(abs(gap))
    apart = f"{counted(points, 'point')} {'less' if gap > 0 else 'more'} than guessed" if points else "what was guessed"
    return f"The room said {guess} %. Seen: {text}. That is {apart}."


def _guessed_first(lead: dict[str, Any] | None) -> list[Slide]:
    if lead is None:
        return []
    return [
        _slide("predict", f"Guess first. {lead['what']}: how many by now?", "Write your guess down before we look.",
               "Make everybody commit to a number. Take one guess for the room.", measure=lead["id"]),
        _slide("chart", f"{lead['what']}: {lead['verdict']}", lead["told"],
               "The marks are what was seen. The solid band is expected now, the dashed line was expected before.",
               measure=lead["id"]),
    ]  # fmt: skip


def _short(view: dict[str, Any]) -> list[str]:
    return [
        f"{s['sign']} {s['title']}: {s['seen_text']}, {s['verdict']} (expected {s['expected_text']})"
        for s in view["standings"]
    ]


def _gate_short(gate: GateChance) -> str:
    """When a gate is met, so short that a room can read it."""
    parts = ", ".join(
        f"{words.chance_words(chance)} by month {month}" for month, chance in zip(gate.months, gate.after, strict=True)
    )
    return f"'{gate.zone}': '{gate.of}' is half certified and able with a chance of {parts}."


def _fit(view: dict[str, Any]) -> Slide:
    lines = view["told"].get(words.FITS, [])
    title = "The model explains what was seen" if view["fits"] else "What the model does not explain"
    notes = (
        "That the model can explain it does not make the model right."
        if view["fits"]
        else "Look there first: has something changed that the plan does not know of, or is a report wrong?"
    )
    return _slide("list", title, "", notes, lines=lines)


def _ahead(view: dict[str, Any]) -> list[Slide]:
    charts = {c["id"]: c for c in view["charts"]}
    found = next((charts[i] for n in (AHEAD, *FORECAST) if (i := f"{n}|{ALL}") in charts), None)
    if found is None:
        return []
    notes = "Read the range, not the line. Ask what would move us to the upper edge."
    return [_slide("chart", "What the next two years look like", found["finding"], notes, measure=found["id"])]
