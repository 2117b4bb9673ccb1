"""What every plan on a place shares: the organisation within scope, its arrays, who works with whom; made once."""

from __future__ import annotations

from threading import Lock
from typing import Any, NamedTuple

from cachetools import LRUCache, cached
from numpy.typing import NDArray

from sim.engine.partners import find_partners
from sim.organisation.arrays.compile import Place, compile_place, in_scope
from sim.organisation.organisation import Organisation

Array = NDArray[Any]
KEPT = 4


class Compiled(NamedTuple):
    """An organisation within scope, as arrays; the same for every plan that is applied to it.

    `given` keeps the organisation alive, so that its id stays its own for as long as this is kept.
    """

    within: Organisation
    place: Place
    partners: Array
    given: Organisation


@cached(LRUCache(KEPT), key=lambda organisation, scope: (id(organisation), scope), lock=Lock())
def _compiled(organisation: Organisation, scope: tuple[str, ...]) -> Compiled:
    within = in_scope(organisation, scope)
    place = compile_place(within)
    return Compiled(within, place, find_partners(place, within.sites.locality), organisation)


def compiled(organisation: Organisation, scope: tuple[str, ...]) -> tuple[Organisation, Place, Array]:
    """The organisation within scope, its arrays and who works with whom: made once, as no plan changes them."""
    found = _compiled(organisation, scope)
    return found.within, found.place, found.partners
