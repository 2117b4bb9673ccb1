"""What a rule is, and the little arithmetic all actors share.

A rule is a scalar function of plain numbers: state, what the actor perceives, parameters and, where chance decides, the
uniform. It returns the new state, a hazard or a decision; it reads no graph, holds no generator and allocates nothing.
The Mesa agents call it as the plain Python function it is; the kernels compile that same function. Both give the same
bits because rules use float64 and only + - * /, comparisons and whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba.extending import register_jitable

Rule = TypeVar("Rule", bound=Callable[..., object])

IN_PLACE = "compiled_in_place"
"""The mark of a function that kernels compile where they call it."""


def rule(function: Rule) -> Rule:
    """Let kernels compile this function, without a door of its own for C; to Python it stays what it is."""
    compiled: Rule = register_jitable(no_cfunc_wrapper=True)(function)
    vars(compiled)[IN_PLACE] = True
    return compiled


@rule
def probability(hazard: float) -> float:
    """1 - exp(-hazard) within 1e-6, from + - * / alone (libm's exp differs between numpy, math and vector code).

    A [3/3] Padé approximant of exp at an eighth of the hazard, squared three times; hazards above 32 count as 32.
    """
    x = (32.0 if hazard > 32.0 else hazard) * 0.125
    square = x * x
    even = 1.0 + square * 0.1
    odd = x * (0.5 + square * (1.0 / 120.0))
    power = (even - odd) / (even + odd)
    power = power * power
    power = power * power
    return 1.0 - power * power


@rule
def clip(value: float) -> float:
    """The value, kept within [0, 1]."""
    if value < 0.0:
        return 0.0
    if value > 1.0:
        return 1.0
    return value


@rule
def share(part: float, whole: float) -> float:
    """Part / whole; 0 of nothing is 0."""
    return part / whole if whole > 0.0 else 0.0


@rule
def either(a: float, b: float) -> float:
    """Two helps at once: what one leaves undone the other may do."""
    return 1.0 - (1.0 - a) * (1.0 - b)


@rule
def around(centre: float, spread: float, uniform: float) -> float:
    """A share drawn evenly from centre +- spread, kept within [0, 1]."""
    return clip(centre + spread * (2.0 * uniform - 1.0))


@rule
def with_error(value: float, deviation: float, u1: float, u2: float) -> float:
    """An observed value: the true one plus a triangular error of that standard deviation, kept within [0, 1]."""
    return clip(value + 2.449489742783178 * deviation * (u1 + u2 - 1.0))


@rule
def hazard_of_yearly(yearly: float) -> float:
    """Monthly hazard of a yearly probability: -ln(1 - q) / 12 to the fourth term of its series (q up to 0.3: 0.1 %)."""
    q = yearly
    return q * (1.0 + q * (0.5 + q * (1.0 / 3.0 + q * (0.25 + q * 0.2)))) / 12.0
