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
from sim.results import compare as comparing
from sim.results.words import summary_words
from sim.strict import from_json
from sim.version import version

LONGEST = 1_900
UNPACKED = 20_000
CHECK = 6
PAGES = ("explore", "zones", "families")
REFUSED = "This link was changed or cut off on its way; ask for it to be sent again."


@dataclass(frozen=True)
class Shared:
    """What a link says.

    Attributes:
        question: what was asked.
        page: which page was shown.
        course: which measure was shown.
        version: version of the model that answered.
        digest: names the result.
        place: digest of the place, first 12 digits.
        figures: headline id to its words for both arms, as answered then.
    """

    question: Question
    page: str
    course: str
    version: str
    digest: str
    place: str
    figures: dict[str, list[str]]


def figures(pair: Pair) -> dict[str, list[str]]:
    """Headlines in words, both arms."""
    return {name: [summary_words(comparing.summarise(e, name)) for e in pair] for name in comparing.STANDARD}


def write(question: Question, pair: Pair, *, page: str, course: str, place: str) -> str:
    """A link's text (letters, digits, - and _).

    Raises:
        ScenarioError: the plan is too long for a link.
    """
    body = {
        "q": question.as_dict(),
        "p": page,
        "c": course,
        "v": version(),
        "d": digest(pair),
        "a": place[:12],
        "f": list(figures(pair).values()),
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
        found = [[str(words)[:60] for words in pair][:2] for pair in body["f"]]
        return Shared(
            question=read_question(body["q"]),
            page=body["p"] if body["p"] in PAGES else PAGES[0],
            course=str(body["c"])[:20],
            version=str(body["v"])[:40],
            digest=str(body["d"])[:16],
            place=str(body["a"])[:12],
            figures=dict(zip(comparing.STANDARD, found, strict=False)),
        )
    except ScenarioError:
        raise
    except (ValueError, KeyError, TypeError, zlib.error, AttributeError):
        raise ScenarioError(REFUSED) from None


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
    """How the answer today stands to the one the link was made from."""
    now = figures(pair)
    same = shared.digest == digest(pair)
    moved = [[name, *then, *now[name]] for name, then in shared.figures.items() if now[name] != then]
    return {
        "same": same,
        "version_then": shared.version,
        "version_now": version(),
        "other_place": shared.place != place[:12],
        "moved": moved,
    }
