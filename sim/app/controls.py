"""Every control of the pages, made from the declared parameters: words, unit, range, choices, default, source."""

from __future__ import annotations

import re
from typing import Any

from sim.app.question import HORIZONS
from sim.parameters import LEVERS
from sim.scenarios.files import load, names

FRONT = ("teams", "training", "coaching", "core_team_size", "engagement_senior", "released_time", "data_lag_months")
CONDITIONS = ("turnover_factor", "initiative_load", "true_effect")
"""What the world does to both scenarios alike."""
GROUPS = {
    "Implementation teams": ("teams", "core_teams", "core_team_size", "core_team_agencies", "split_core_by",
                             "local_team_size", "collective", "mentoring", "peer_network"),
    "Training, coaching and data": ("training", "coaching", "fidelity_feedback", "improvement_cycles",
                                    "usability_start", "usability_testing", "data_lag_months"),
    "Leaders": ("engagement_senior", "engagement_group", "engagement_manager", "communication", "released_time",
                "alignment", "mandate"),
    "External support": ("external_level", "external_start", "external_taper", "external_end"),
    "What happens to both": CONDITIONS,
}  # fmt: skip
STEPS = 100
CHOICES = {
    "teams": {"none": "no team", "lead": "one lead person", "committee": "a committee", "core": "a core team alone",
              "core+local": "a core team and local teams"},
    "split_core_by": {"agency": "by agency", "locality": "by locality"},
    "collective": {"off": "each agency for itself", "on": "agencies as one"},
    "training": {"none": "no training", "theory": "theory", "demonstration": "theory and demonstration",
                 "practice": "theory, demonstration and practice"},
    "relaxed_rules": {"commitment": "commitment", "person": "one person", "policy": "policy"},
}  # fmt: skip
"""How a choice reads on the page; the declared word where none is given."""
_ENDS = re.compile(r"^\((-?\d+) (.+?)(?: - |, )(?:.*, )?(-?\d+) (.+)\)$")
_NAMED = re.compile(r" \((-?\d+): ([^)]+)\)$")


def controls() -> list[dict[str, Any]]:
    """A row a lever, in the order of the groups; a lever in no group comes last, so that none is ever missing."""
    grouped = {name: group for group, members in GROUPS.items() for name in members}
    order = [*(n for members in GROUPS.values() for n in members), *(n for n in LEVERS if n not in grouped)]
    return [_control(name, grouped.get(name, "More")) for name in order if name in LEVERS]


def _control(name: str, group: str) -> dict[str, Any]:
    about = LEVERS[name].about
    span = about.high - about.low
    ends, named = _ENDS.match(about.unit), _NAMED.search(about.words)
    words = _NAMED.sub("", about.words)
    told = CHOICES.get(name, {})
    return {
        "name": name,
        "words": words[0].upper() + words[1:],
        "unit": "" if about.unit.startswith("(") else about.unit,
        "ends": [ends[2], ends[4]] if ends else [],
        "percent": about.unit == "share" or (about.unit.startswith("(") and (about.low, about.high) == (0, 1)),
        "named": {f"{float(named[1]):g}": named[2]} if named else {},
        "told": [told.get(c, c) for c in about.choices],
        "low": about.low,
        "high": about.high,
        "step": 1 if about.whole else span / STEPS,
        "choices": list(about.choices),
        "default": LEVERS[name].shown_default,
        "source": about.source,
        "front": name in FRONT,
        "both": name in CONDITIONS,
        "group": group,
    }


def presets() -> list[dict[str, Any]]:
    """Every shipped scenario: its name, title and what it asks."""
    found = (load(name) for name in names())
    return [
        {"name": s.name, "title": s.title, "words": " ".join(s.description.split()), "months": s.months,
         "levers": {n: LEVERS[n].show(v) for n, v in s.lever_values()._asdict().items()}}
        for s in found
    ]  # fmt: skip


def about_page() -> dict[str, Any]:
    """What the page needs once."""
    from sim.app.curves import COHORT, COHORT_WORDS, COURSES

    courses = {name: words for name, (words, _, _) in COURSES.items()} | dict([COHORT])
    return {
        "controls": controls(),
        "presets": presets(),
        "courses": courses,
        "course_words": COHORT_WORDS,
        "horizons": list(HORIZONS),
    }
