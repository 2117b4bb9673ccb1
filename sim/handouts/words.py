"""What handouts say: a plain finding, shares as people count them, how often one plan is ahead of another."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.engine.sums import Ensemble
from sim.results import compare as comparing
from sim.results.words import months_words

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_hundred(share: float) -> str:
    """A share as people count: 'about 30 in 100', 'fewer than 1 in 100'."""
    if math.isnan(share):
        return "nobody to count:"
    if share < 0.01:
        return "fewer than 1 in 100"
    if share > 0.99:
        return "more than 99 in 100"
    return f"about {round(100.0 * share)} in 100"


def of_many(share: float, many: int, what: str) -> str:
    """A share as a number of people: 'about 330 of 883 practitioners', at two significant figures."""
    number = 0.0 if math.isnan(share) else share * many
    if number < 1.0:
        return f"hardly any of {many:,} {what}"
    places = max(0, math.floor(math.log10(number)) - 1)
    return f"about {round(number / 10**places) * 10**places:,} of {many:,} {what}"


def years_words(months: int) -> str:
    """A length of time with small numbers in words: 'ten years', 'one year', '30 months'."""
    years, rest = divmod(months, 12)
    if rest or not 0 < years < len(_SMALL):
        return months_words(months)
    return f"{_SMALL[years]} {'year' if years == 1 else 'years'}"


def number_words(number: int) -> str:
    """A small number in words."""
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def lower_first(title: str) -> str:
    """A title within a sentence: its first letter small, unless the word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def question(names: Sequence[str]) -> str:
    """What is to be decided: 'With implementation teams, or without implementation teams?'."""
    if len(names) > 2:
        return f"Which of {number_words(len(names))} options?"
    return f"{', or '.join([names[0], *(lower_first(name) for name in names[1:])])}?"


def finding(ensembles: Sequence[Ensemble], names: Sequence[str], identity: str, month: int | None = None) -> str:
    """A plain finding on a share, a sentence for each plan.

    Args:
        ensembles: the plans' runs.
        names: what they are called.
        identity: the share's id.
        month: read then; None: at the end.
    """
    at = ensembles[0].months if month is None else month
    sums = [comparing.summarise(e, f"{identity}@{at}") for e in ensembles]
    what = sums[0].measure.sentence.removeprefix("of ")
    first, *others = (in_hundred(s.median) for s in sums)
    rest = [f"{name}: {share}." for name, share in zip(names[1:], others, strict=True)]
    return " ".join([f"{names[0]}: after {years_words(at)} {first} {what}.", *rest])
