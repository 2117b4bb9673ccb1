"""A lever's value as people say it, for readers who know no scale from 0 to 1."""

from __future__ import annotations

from sim.declare import Scale
from sim.parameters import LEVERS

LABELS = {
    "core_team_size": "Members of the core team", "local_team_size": "Members of each local team",
    "coaching": "Coaching of practitioners", "released_time": "Released time that budgets still give",
    "external_level": "External support to the core team", "improvement_cycles": "Rapid improvement cycles at sites",
    "fidelity_feedback": "Practitioners see their own fidelity data",
    "data_lag_months": "Delay until a site sees its data",
    "communication": "Communication protocol between levels", "engagement_senior": "Engagement of senior leaders",
    "engagement_manager": "Engagement of managers", "engagement_group": "Engagement of the multi-agency group",
    "alignment": "Alignment of other initiatives", "alignment_work": "Core team works on alignment",
    "mentoring": "Mature teams support new ones", "peer_network": "Network between sites' teams",
    "mandate": "Leaders require use", "terms_of_reference": "Agreed terms of reference",
    "turnover_factor": "Turnover, against today's", "initiative_load": "Load of other initiatives",
}  # fmt: skip
"""Short names of the levers that handouts offer."""
_ONE = {"months": "month", "people": "person"}


def lever_words(name: str, value: float) -> str:
    """A lever's stored value: '70 %', '3 months', '1.5 times'."""
    about = LEVERS[name].about
    scaled = isinstance(about.unit, Scale) and (about.low, about.high) == (0, 1)
    if about.unit == "share" or scaled:
        return f"{100 * value:.3g} %"
    number = f"{float(f'{value:.3g}'):,.10g}"
    return f"{number} {_ONE.get(about.unit, about.unit) if value == 1 else about.unit}".strip()
