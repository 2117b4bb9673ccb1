"""Partners across agencies: a few for each practitioner, from other agencies of the same locality.

Advice stays mostly inside an agency (silos); partners are those one meets over a family all the same. They are fixed by
each practitioner's permanent id.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import GOLDEN, KEYS, mix
from sim.organisation.arrays.compile import Place

MOST = 3


def find_partners(place: Place, locality: NDArray[Any]) -> NDArray[np.int32]:
    """Partners of every practitioner [N, MOST], -1 none: in the same locality, else anywhere in the area.

    Args:
        place: the organisation as arrays.
        locality: of every site [S].
    """
    area = place.site_area[place.person_site]
    agency = place.site_agency[place.person_site]
    _, home = np.unique(np.asarray(locality), return_inverse=True)
    near = home[place.person_site]
    found = np.full((len(area), MOST), -1, np.int32)
    for a, h, g in np.unique(np.stack([area, near, agency], 1), axis=0):
        me = np.flatnonzero((area == a) & (near == h) & (agency == g))
        others = np.flatnonzero((area == a) & (agency != g))
        at_home = others[near[others] == h]
        pool = at_home if len(at_home) else others
        if len(pool):
            for k in range(MOST):
                found[me, k] = pool[[_choice(int(one), k, len(pool)) for one in place.person_id[me]]]
    return found


def _choice(person: int, number: int, among: int) -> int:
    key = (person + (number + 1) * int(GOLDEN)) % KEYS
    return int(mix(np.uint64(key))) % among
