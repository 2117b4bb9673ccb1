"""Every control of the pages, made from the declared parameters: words, unit, range, choices, default, source."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sim import posterior
from sim.app.question import HORIZONS
from sim.app.zone_words import SLICES, STAGE_NAMES
from sim.declare import About, Scale
from sim.engine.trace import PERSON_STATES
from sim.parameters import LEVERS
from sim.posterior.words import SHORT
from sim.results.marked import MARKED
from sim.results.measures import CARDS, CHARTED, KNOWN, Measure
from sim.results.scales import share_scales
from sim.results.words import moment_words, months_words
from sim.scenarios.files import load, names

LEVERS_FIRST = (
    "teams",
    "training",
    "coaching",
    "core_team_size",
    "engagement_senior",
    "released_time",
    "data_lag_months",
)
CONDITIONS = ("turnover_factor", "initiative_load", "true_effect")
"""Conditions that are the same for both scenarios."""
GROUPS = {
    "Implementation teams": ("teams", "core_teams", "core_team_size", "core_team_agencies", "split_core_by",
                             "local_team_size", "collective", "mentoring", "peer_network"),
    "Training, coaching and data": ("training", "coaching", "fidelity_feedback", "improvement_cycles",
                                    "usability_start", "usability_testing", "data_lag_months"),
    "Leaders": ("engagement_senior", "engagement_group", "engagement_manager", "communication", "released_time",
                "alignment", "mandate"),
    "External support": ("external_level", "external_teams", "external_start", "external_taper", "external_end"),
    "What happens to both": CONDITIONS,
}  # fmt: skip
SLIDER_STEPS = 100
LATEST = 1199
"""The last month in which a zone may open."""
CHOICES = {
    "teams": {"none": "no team", "lead": "one lead person", "committee": "a committee", "core": "a core team alone",
              "core+local": "a core team and local teams"},
    "split_core_by": {"agency": "by agency", "locality": "by locality"},
    "collective": {"off": "each agency on its own", "on": "agencies together"},
    "training": {"none": "no training", "theory": "theory", "demonstration": "theory and demonstration",
                 "practice": "theory, demonstration and practice"},
    "relaxed_rules": {"commitment": "commitment", "person": "one person", "policy": "policy"},
}  # fmt: skip
"""How a choice reads on the page; the declared word where none is given."""
ONE = {"months": "month", "hours": "hour", "agencies": "agency", "places": "place", "teams": "team", "people": "person"}
"""A unit where there is one of it."""


def controls() -> list[dict[str, Any]]:
    """A row for each lever, in the order of the groups; a lever in no group comes last, so that none is missing."""
    grouped = {name: group for group, members in GROUPS.items() for name in members}
    order = [*(n for members in GROUPS.values() for n in members), *(n for n in LEVERS if n not in grouped)]
    return [_control(name, grouped.get(name, "More")) for name in order if name in LEVERS]


def _control(name: str, group: str) -> dict[str, Any]:
    about = LEVERS[name].about
    words = about.words
    for value, meaning in about.named:
        words = words.removesuffix(f" ({value:g}: {meaning})")
    words_of = CHOICES.get(name, {})
    return {
        "name": name,
        "words": words[0].upper() + words[1:],
        "ends": list(about.unit.ends) if isinstance(about.unit, Scale) else [],
        "scale": "" if about.choices else scale_of(name),
        "choice_words": [words_of.get(c, c) for c in about.choices],
        "low": about.low,
        "high": about.high,
        "step": _step(about),
        "choices": list(about.choices),
        "default": LEVERS[name].shown_default,
        "hint": _hint(about),
        "front": name in LEVERS_FIRST,
        "both": name in CONDITIONS,
        "condition": LEVERS[name].is_condition,
        "group": group,
    }


def _hint(about: About) -> str:
    """What a screen reader says of a control besides its name and value."""
    ends = about.unit.ends if isinstance(about.unit, Scale) else ()
    between = f"From {' to '.join(ends)}. " if ends else ""
    return f"{between}Source: {about.source}"


def scale_of(name: str) -> str:
    """Levers of one scale have the same values, in the same words."""
    about = LEVERS[name].about
    return f"{about.low:g} {about.high:g} {about.whole} {about.unit} {about.named}"


def scales() -> dict[str, list[str]]:
    """The words of every value that a slider can take, by scale."""
    found: dict[str, list[str]] = {}
    for name, lever in LEVERS.items():
        about = lever.about
        if not about.choices and scale_of(name) not in found:
            step = _step(about)
            count = round((about.high - about.low) / step) + 1
            found[scale_of(name)] = [lever_words(name, about.low + k * step) for k in range(count)]
    return found


def _step(about: About) -> float:
    return 1 if about.whole else (about.high - about.low) / SLIDER_STEPS


def lever_words(name: str, value: float) -> str:
    """A lever's stored value as people say it: '70 %', '3 months', 'no limit'."""
    about = LEVERS[name].about
    if about.choices:
        shown = about.choices[int(value)]
        return CHOICES.get(name, {}).get(shown, shown)
    named = dict(about.named)
    if value in named:
        return named[value]
    levels = isinstance(about.unit, Scale)
    if about.unit == "share" or (levels and (about.low, about.high) == (0, 1)):
        return f"{100 * value:.3g} %"
    number = f"{float(f'{value:.3g}'):,.10g}"
    if about.unit.startswith("GBP"):
        return f"£{number}"
    return f"{number} {_unit_words(about.unit, value)}".strip()


def _unit_words(unit: str, value: float) -> str:
    if isinstance(unit, Scale):
        return ""
    unit = {"times": "×", "per year": "a year"}.get(unit, unit)
    return ONE.get(unit, unit) if value == 1 else unit


def presets() -> list[dict[str, Any]]:
    """Every shipped scenario: its name, title and what it asks."""
    found = (load(name) for name in names())
    return [
        {"name": s.name, "title": s.title, "words": " ".join(s.description.split()), "months": s.months,
         "levers": {n: LEVERS[n].show(v) for n, v in s.lever_values()._asdict().items()},
         "lever_texts": {n: lever_words(n, v) for n, v in s.lever_values()._asdict().items()}}
        for s in found
    ]  # fmt: skip


YEARS = ["start", *(f"year {k}" for k in range(1, LATEST // 12 + 1))]
"""What a time axis calls the beginning and the end of each year."""
WITHIN = {"month": MARKED, "words": months_words(MARKED)}
"""The moment that is marked within a longer run."""


CHART_WORDS = {"table": "The figures as a table", "when": "When", "within": "{plan}: 8 runs in 10 within",
               "median": "{plan}: median", "none": "no site has started"}  # fmt: skip
"""What stands on and behind a chart; the plan's name is filled in."""


def about_page() -> dict[str, Any]:
    """What the page needs once."""
    charts = {
        m.id: {
            "title": m.title,
            "short": m.title.split(",")[0],
            "cohort": m.cohort,
            "origin": m.origin,
            "mark": _mark(m),
            "years": YEARS,
            "within": WITHIN if m.origin == "start" else None,
            "words": CHART_WORDS | {"later": f"{{months}} months from {m.origin}"},
        }
        for m in (KNOWN[name] for name in CHARTED)
    }
    return {
        "controls": controls(),
        "scales": scales(),
        "presets": presets(),
        "charts": charts,
        "chart_scales": share_scales(),
        "cards": list(CARDS),
        "stages": list(STAGE_NAMES),
        "slices": SLICES,
        "practitioner_states": list(PERSON_STATES),
        "horizons": [[m, months_words(m)] for m in HORIZONS],
        "latest": LATEST,
        "years": YEARS,
        "months": [f"month {m}" for m in range(LATEST + 1)],
        "moments": ["Start", *(f"Month {m} · {moment_words(m)}" for m in range(1, max(HORIZONS) + 1))],
        "within": WITHIN,
        "calibrations": [[name, SHORT[name]] for name in posterior.NAMES],
    }


def _mark(measure: Measure) -> dict[str, Any] | None:
    return None if measure.mark is None else asdict(measure.mark)
