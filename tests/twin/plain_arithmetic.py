"""Shared arithmetic and random numbers as docs/odd.md describes them (7.1, 7.2), in plain Python."""

from __future__ import annotations

ALL_BITS = 2**64 - 1
G = 0x9E3779B97F4A7C15

FIRST, SECOND = 0, 1
DECISIONS = {
    "leaves the post": (0, FIRST),
    "moves": (0, SECOND),
    "own level of skill": (1, FIRST),
    "own readiness": (1, SECOND),
    "is inducted": (2, FIRST),
    "attends the training": (2, SECOND),
    "is observed": (3, FIRST),
    "error of observation": (3, SECOND),
    "second error of observation": (4, FIRST),
    "uses it on the first day": (4, SECOND),
    "need arises or resolves": (5, FIRST),
    "way through service": (5, SECOND),
    "in need on the first day": (6, FIRST),
    "is selected": (7, FIRST),
    "meets a barrier beyond": (7, SECOND),
    "barrier needs every agency": (8, FIRST),
    "barriers at first": (8, SECOND),
    "readiness of staff": (9, FIRST),
    "level of skill of staff": (9, SECOND),
    "error in capacity": (10, FIRST),
    "second error in capacity": (10, SECOND),
    "error in data use": (11, FIRST),
    "second error in data use": (11, SECOND),
    "member leaves": (12, FIRST),
    "place is filled": (12, SECOND),
    "leader leaves": (13, FIRST),
    "successor": (13, SECOND),
    "baseline": (14, FIRST),
    "barrier is decided on": (15, FIRST),
    "error in outcome data": (17, FIRST),
    "second error in outcome data": (17, SECOND),
}


def mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & ALL_BITS
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & ALL_BITS
    return x ^ (x >> 31)


class Luck:
    """luck("moves", person) is this month's uniform of that decision."""

    def __init__(self, seed, replicate):
        self.key = mix((mix((seed * G + 1) & ALL_BITS) + replicate * G) & ALL_BITS)
        self.month = 0

    def __call__(self, decision, agent_id, month=None):
        word, half = DECISIONS[decision]
        when = self.month if month is None else month
        word_key = mix((self.key + (256 * when + word + 1) * G) & ALL_BITS)
        bits = mix((word_key + agent_id) & ALL_BITS)
        return (bits >> 32 if half == FIRST else bits & 0xFFFFFFFF) / 2**32


def prob(h):
    x = min(h, 32.0) / 8
    even = 1 + 0.1 * x**2
    odd = x * (0.5 + x**2 / 120)
    return 1 - ((even - odd) / (even + odd)) ** 8


def clip(v):
    return min(1.0, max(0.0, v))


def share(a, b):
    return a / b if b else 0.0


def mean(values):
    """Mean; 0 of none."""
    values = list(values)
    return share(sum(values), len(values))


def either(a, b):
    return 1 - (1 - a) * (1 - b)


def around(c, s, u):
    return clip(c + s * (2 * u - 1))


def with_error(v, sd, u, w):
    return clip(v + 2.449489742783178 * sd * (u + w - 1))


def thin(a, b):
    """All of it at a = 1, ever less than its share below."""
    return a * a * (1 + b) / (a + b) if a > 0 else 0.0


def hazard_of_yearly(q):
    return q * (1 + q * (1 / 2 + q * (1 / 3 + q * (1 / 4 + q / 5)))) / 12
