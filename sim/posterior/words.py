"""The two readings of the research in words, for pages, briefings and documents."""

from __future__ import annotations

from sim.posterior import DEFAULT

SHORT = {"as-published": "as published", "as-cited": "as cited in 2018"}
"""How a calibration reads in a list of choices."""

TWO_READINGS = (
    "Teams are best known for one figure: how soon sites are certified. It reaches us in two versions. "
    "The study, as published, found that about four sites in five were certified in the end, and that they took "
    "three and a half years on average. A summary of 2018 cites it as four in five within three years. No model "
    "can meet both. This one is fitted to the study as published. The other reading, as cited, can be chosen "
    "instead; teams then help sooner. If your decision is the same under both, it does not depend on which is "
    "right. If it is not, say so before somebody else does."
)
"""What a chief executive needs to know of the two."""


def reading_words(calibration: str) -> str:
    """What a reader must know of an answer's calibration; '' for the usual one."""
    if calibration == DEFAULT:
        return ""
    return f"Read {SHORT[calibration]}: parameters are fitted to the summary's reading, not to the study's."
