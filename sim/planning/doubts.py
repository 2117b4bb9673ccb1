"""What to doubt in a plan that was found: features that the model rewards, on which nobody should act by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.counts import counted
from sim.scenarios.scenario import Zone
from sim.scenarios.words import listed

SMALL = 2
"""Sites of a zone up to which it is one that nobody would open by itself."""
SAME = 3
"""Sites from which on it is worth saying that they are all of one type."""


def doubts(plans: Mapping[str, Sequence[Zone]], types: Mapping[str, str]) -> list[str]:
    """Sentences on the features to doubt, each with the plans that have it.

    Args:
        plans: the zones that were chosen, by the plan's words ('plan 1').
        types: the type of each site in words, by pseudonym.
    """
    found = []
    small = {name: [z for z in zones if 0 < len(z.sites) <= SMALL] for name, zones in plans.items()}
    if having := [name for name, zones in small.items() if zones]:
        sizes = sorted({len(z.sites) for zones in small.values() for z in zones})
        found.append(
            f"{_plans(having)} {'has' if len(having) == 1 else 'have'} a zone of "
            f"{listed([counted(n, 'site') for n in sizes])}. In the model a zone costs nothing by itself, so a search "
            f"may fill what money is left with a few sites. Open them with the zone before, unless you have a reason."
        )
    alike = {name: _one_type(zones, types) for name, zones in plans.items()}
    if having := [name for name, kind in alike.items() if kind]:
        kinds = sorted({kind for kind in alike.values() if kind})
        found.append(
            f"The first zone of {listed(having)} has sites of one type alone ({listed(kinds)}). The model rewards "
            f"families for each practitioner. It knows little of what agencies learn when they begin together, and a "
            f"first zone without them teaches later zones less. Ask whether one site of another kind should be in it."
        )
    return found


def _one_type(zones: Sequence[Zone], types: Mapping[str, str]) -> str:
    """The only type of the first zone's sites, '' where there are several or few sites."""
    sites = zones[0].sites if zones else ()
    kinds = {types.get(s, "") for s in sites}
    return kinds.pop() if types and len(sites) >= SAME and len(kinds) == 1 else ""


def _plans(names: Sequence[str]) -> str:
    text = listed(list(names))
    return f"{text[:1].upper()}{text[1:]}"
