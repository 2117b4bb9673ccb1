"""The causal picture in finished words: what stands where, how much of each there is by month, and its steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.app.curves import drawn
from sim.app.pages.why.bottleneck import Tried, course
from sim.app.pages.why.links import LINKS
from sim.engine.sums import FAMILY
from sim.engine.trace import USING, WELL, Trace
from sim.results.measures import SHARE
from sim.results.words import moment_words, percent, signed

NOT_HERE = "not in this plan"
LEAST_SHOWN = 5e-5

STEPS = (
    (("support", "time", "core"), "A core team comes first",
     "Supporters from outside teach it, and leaders release the time of its members. Without either it stays weak."),
    (("core", "sites", "local"), "The core team brings sites on",
     "Every site that explores or takes part asks for some of its hours. When more is asked than it has, all get less, "
     "and wait longer."),
    (("local", "coaching", "barriers"), "A local team carries the work at each site",
     "It coaches, looks at data and removes barriers, as far as its capacity and its time allow."),
    (("training", "coaching", "users"), "Training starts people, coaching keeps them",
     "Training makes people likely to start. Coaching builds skill; without coaching, skill falls back."),
    (("barriers", "design", "load", "staff"), "Four things pull the other way",
     "Barriers and faults in the design reduce what is delivered. Other work keeps people from starting. Those who "
     "leave take their skill with them."),
    (("users", "places", "families"), "Families gain from those who use it well",
     "A family is served at fidelity when its practitioner delivers enough of the practice and there is a place in "
     "support."),
)  # fmt: skip
"""The steps of the picture: the links that each is about, a heading, and a sentence or two."""


def nodes(found: Trace, lit: str) -> list[dict[str, Any]]:
    """Every link with its share and its words by month; `here` is False where the plan has nothing of the kind."""
    rows = []
    for link in LINKS:
        values = _outcome(found, link.id) if not link.share else course(found, link)
        here = bool(np.isfinite(values).any())
        rows.append({
            "id": link.id, "title": link.title, "column": link.column, "row": link.row, "feeds": list(link.feeds),
            "here": here, "lit": link.id == lit, "shares": [drawn(v) for v in values],
            "texts": [f"{percent(float(v))} %" if np.isfinite(v) else "none yet" if here else NOT_HERE for v in values],
        })  # fmt: skip
    return rows


def _outcome(found: Trace, name: str) -> Any:
    """Use at fidelity and need served, by month, in the run that is shown."""
    if name == "users":
        return (found.people == WELL).mean(axis=1)
    family = found.ensemble.family[0].sum(axis=(1, 2))
    served, ever = (family[:, FAMILY.index(n)] for n in ("families_reached_at_fidelity", "families_ever_in_need"))
    return np.divide(served, ever, out=np.full(len(ever), np.nan), where=ever > 0)


def steps(words: dict[str, Any], found: Trace) -> list[dict[str, Any]]:
    """The picture step by step; the last step names the bottleneck."""
    told: list[dict[str, Any]] = [{"links": list(links), "title": title, "text": text} for links, title, text in STEPS]
    using = float(np.isin(found.people[-1], (USING, WELL)).mean())
    well = float((found.people[-1] == WELL).mean())
    told[3]["text"] += f" At the end of this run {percent(using)} % use it, {percent(well)} % at fidelity."
    text = " ".join(words[k] for k in ("since", "eased", "next") if words[k])
    return [*told, {"links": [words["lit"]] if words["lit"] else [], "title": words["title"], "text": text}]


def table(tried: Tried) -> dict[str, Any]:
    """What easing each link by itself brings, the most first."""
    by_id = {link.id: link for link in LINKS}
    rows = [
        [by_id[name].title, words, f"{signed(gain, SHARE)} points" if abs(gain) >= LEAST_SHOWN else "nothing"]
        for name, (gain, _, words) in sorted(tried.gains.items(), key=lambda item: -np.nan_to_num(item[1][0], nan=-9.0))
        if words
    ]
    return {"heads": ["What is eased", "How", "Need served at fidelity at the end"], "rows": rows}


def moments(months: int) -> list[str]:
    """What every month is called."""
    return ["Start", *(f"Month {m} · {moment_words(m)}" for m in range(1, months + 1))]
