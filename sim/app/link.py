"""Links to share: the question as difference from what is shipped, the view, version, digest and figures of the answer.

A link holds no name of a site and nothing secret. It carries a checksum, so that one that was changed is refused; all
it says is read with the same checks as any other question.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

from sim.app.answer import digest
from sim.app.question import Question, read_question
from sim.app.replicates import Pair
from sim.errors import ScenarioError
from sim.results.compare import summarise
from sim.results.measures import CHARTED, HEADLINE_IDS, KNOWN
from sim.results.words import summary_words
from sim.strict import from_json
from sim.version import version

LONGEST = 1_900
UNPACKED = 20_000
CHECK = 6
PAGES = ("explore", "zones", "families")
FORMER_FIGURES = (
    "sites_full_share",
    "certified_36_share",
    "months_to_80",
    "practitioners_using_share",
    "need_served_at_fidelity_share",
    "kept_5y_share",
    "cost_per_family_at_fidelity",
)
"""Measures in the order in which links of version 0.1 held their figures, without names. It never changes."""
FORMER_CHARTS = {
    "using": "practitioners_using_share",
    "well": "practitioners_at_fidelity_share",
    "full": "sites_full_share",
    "served": "need_served_at_fidelity_share",
    "certified": "certified_by_age_share",
}
"""What those links called the charts."""
REFUSED = "This link was changed or cut off on its way; ask for it to be sent again."


@dataclass(frozen=True)
class Shared:
    """What a link says.

    Attributes:
        question: what was asked.
        page: which page was shown.
        measure: which measure was shown, its id.
        version: version of the model that answered.
        digest: names the result.
        place: digest of the place and of the result, first 12 digits (`place_mark`).
        figures: headline id to its words for both arms, as answered then.
    """

    question: Question
    page: str
    measure: str
    version: str
    digest: str
    place: str
    figures: dict[str, list[str]]


def figures(pair: Pair) -> dict[str, list[str]]:
    """Headlines in words, both arms."""
    return {name: [summary_words(summarise(e, name)) for e in pair] for name in HEADLINE_IDS}


def place_mark(place: str, answer: str) -> str:
    """12 digits that show whether a link was made for this place; they differ between links about the same place.

    They are not a secret: anyone with the place's lists can ask the same question and compare, as with the figures.
    """
    return hashlib.sha256(f"{place}/{answer}".encode()).hexdigest()[:12]


def made_for(shared: Shared, place: str) -> bool:
    """Whether the link was made for the place of that digest; links from before carry 12 digits of the digest."""
    return shared.place in (place_mark(place, shared.digest), place[:12])


def write(question: Question, pair: Pair, *, page: str, measure: str, place: str) -> str:
    """A link's text (letters, digits, - and _).

    Raises:
        ScenarioError: the plan is too long for a link.
    """
    body = {
        "q": question.as_dict(),
        "p": page,
        "c": measure,
        "v": version(),
        "d": digest(pair),
        "a": place_mark(place, digest(pair)),
        "f": figures(pair),
    }
    packed = zlib.compress(json.dumps(body, separators=(",", ":"), sort_keys=True).encode(), 9)
    text = base64.urlsafe_b64encode(_check(packed) + packed).decode().rstrip("=")
    if len(text) > LONGEST:
        raise ScenarioError(
            f"link: this plan needs {len(text):,} characters, more than {LONGEST:,}; save its settings."
        )
    return text


def read(text: object) -> Shared:
    """What a link says.

    Raises:
        ScenarioError: not a link, changed on its way, or a question that cannot be asked.
    """
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
        raise ScenarioError(REFUSED)
    try:
        body = from_json(_unpacked(text), "link")
        return Shared(
            question=read_question(body["q"]),
            page=body["p"] if body["p"] in PAGES else PAGES[0],
            measure=_chart(body["c"]),
            version=str(body["v"])[:40],
            digest=str(body["d"])[:16],
            place=str(body["a"])[:12],
            figures=_figures(body["f"]),
        )
    except ScenarioError:
        raise
    except (ValueError, KeyError, TypeError, zlib.error, AttributeError):
        raise ScenarioError(REFUSED) from None


def _chart(told: object) -> str:
    name = FORMER_CHARTS.get(str(told), str(told))
    return name if name in CHARTED else CHARTED[0]


def _figures(told: Any) -> dict[str, list[str]]:
    """Figures by measure; those of a measure that this version does not know are left out."""
    named = told.items() if isinstance(told, dict) else zip(FORMER_FIGURES, told, strict=False)
    return {name: [str(words)[:60] for words in pair][:2] for name, pair in named if name in KNOWN}


def _unpacked(text: str) -> bytes:
    """The text behind its checksum; never more than UNPACKED bytes of it."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    check, packed = data[:CHECK], data[CHECK:]
    opened = zlib.decompressobj()
    plain = opened.decompress(packed, UNPACKED) if check == _check(packed) else b""
    if not plain or opened.unconsumed_tail:
        raise ScenarioError(REFUSED)
    return plain


def _check(packed: bytes) -> bytes:
    return hashlib.sha256(b"zones link 1" + packed).digest()[:CHECK]


def compare(shared: Shared, pair: Pair, place: str) -> dict[str, Any]:
    """How today's answer compares with the one the link was made from."""
    now = figures(pair)
    same = shared.digest == digest(pair)
    moved = [
        [KNOWN[name].words, *then, *now[name]]
        for name, then in shared.figures.items()
        if name in now and now[name] != then
    ]
    return {
        "same": same,
        "version_then": shared.version,
        "version_now": version(),
        "other_place": not made_for(shared, place),
        "moved": moved,
    }
