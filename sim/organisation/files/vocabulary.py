"""The words people use in lists: headings, types, agencies, marks for unknown (`vocabulary.toml`)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_QUALIFIERS = re.compile(
    r"\((?!\s*(?:name|lat|lon)\b)[^()]*\)"  # in brackets, unless it says which of two columns this is
    r"|\b(?:19|20)\d\d(?:\s*[/-]\s*\d{2,4})?\b"  # years
    r"|\b(?:sep(?:t|tember)?|census|as at|at)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The whole table of words, as the file has it."""
    return tomllib.loads(files("sim.organisation.files").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def key(text: str) -> str:
    """A heading or word without what makes no difference: capitals, accents, spaces, punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("%", " percent ").replace("&", " and ")
    return "".join(c for c in plain if c.isalnum())


def bare(heading: str) -> str:
    """The key of a heading without years, months and anything in brackets, '' if nothing is left."""
    return key(_QUALIFIERS.sub(" ", heading))


def spaced(heading: str) -> str:
    """A heading in words: 'NumberOfPupils' is 'number of pupils'."""
    parted = _CAMEL.sub(" ", heading)
    return " ".join("".join(c if c.isalnum() else " " for c in parted.casefold()).split())


@lru_cache(maxsize=16)
def heading_words(kind: str) -> dict[str, tuple[str, ...]]:
    """Headings of a table beyond our own, by item."""
    return {item: tuple(words) for item, words in vocabulary()["headings"].get(kind, {}).items()}


@lru_cache(maxsize=16)
def offered_words(kind: str) -> dict[str, tuple[str, ...]]:
    """Headings that may be meant for an item, asked before they are read."""
    return {item: tuple(words) for item, words in vocabulary()["offered"].get(kind, {}).items()}


@lru_cache(maxsize=4)
def code_words(item: str) -> dict[str, tuple[str, ...]]:
    """Words by code, for 'type' or 'agency'."""
    return {code: tuple(words) for code, words in vocabulary()["words"][item].items()}


@lru_cache(maxsize=4)
def synonyms(item: str) -> dict[str, str]:
    """Code by key of a word, for 'type' or 'agency'."""
    return {key(word): code for code, words in vocabulary()["words"][item].items() for word in words}


@lru_cache(maxsize=1)
def unknown_marks() -> frozenset[str]:
    """Cells that people write for 'not known', in small letters."""
    return frozenset(vocabulary()["marks"]["unknown"])


_BELOW = re.compile(r"(?:<|≤|<=|under |fewer than |less than )\s*\d{1,3}")


def is_unknown(cell: str) -> bool:
    """Whether a cell looks like a mark for a value that is unknown or withheld."""
    small = cell.casefold()
    return small in unknown_marks() or _BELOW.fullmatch(small) is not None


def agency_of_type() -> dict[str, str]:
    """The agency of types that belong to one alone."""
    return dict(vocabulary()["agency_of_type"])
