"""Which measures each published figure bears on, so that a finding can say whether what it rests on is met."""

from __future__ import annotations

from collections.abc import Mapping

USING, FIDELITY, FULL = "practitioners_using_share", "practitioners_at_fidelity_share", "sites_full_share"
SERVED, GAIN = "need_served_at_fidelity_share", "family_gain"
CERTIFIED = ("certified_36_share", "months_to_80")

SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "C1": CERTIFIED,
    "C1-as-published": CERTIFIED,
    "C2": (USING,),
    "C3": (FIDELITY, SERVED),
    "C4": (FIDELITY, SERVED),
    "V1": (USING,),
    "V2": (FIDELITY,),
    "V3": (FULL,),
    "V4": (FIDELITY,),
    "V5": (FIDELITY, SERVED),
    "V6": CERTIFIED,
    "V7": (USING,),
    "V8": (GAIN,),
    "V9": (SERVED,),
}
"""Ids of measures by id of the published figure. None bears on cost, or on what is kept after support."""
