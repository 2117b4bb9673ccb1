"""The published figures in plain words: what each is about, what was published, what the model's figure is of."""

from __future__ import annotations

from typing import NamedTuple


class Plain(NamedTuple):
    """A published figure as one would say it aloud."""

    heading: str
    published: str


PLAIN = {
    "C1": Plain("How many sites of the first zone are certified three years after they start",
                "about four in five (78 to 90 %)"),
    "C1-as-published": Plain("How many sites of the first zone are ever certified, and how long they take",
                             "75 to 90 % in the end, after three to four years on average"),
    "C2": Plain("Who uses the practice after 17 years when nobody supports it", "10 to 18 % of practitioners"),
    "C3": Plain("How much of the practice is left out where people are trained and then left alone",
                "40 to 65 % at the site in the middle, 20 to 85 % at nearly all sites"),
    "C4": Plain("How much more teams achieve where leaders are committed from the start",
                "three to ten times what they achieve where leaders are least committed"),
    "V1": Plain("Who uses the practice six months after training, by what the training offers",
                "at most 3 % after theory, at most 5 % with demonstration, 3 to 15 % with practice, 70 to 97 % with "
                "coaching"),
    "V2": Plain("Who uses it at fidelity after five years of training and hoping", "5 to 15 % of practitioners"),
    "V3": Plain("Where any site may join, more begin each year at first, then fewer",
                "the most begin in year three to five; the model should agree in at least 80 % of runs"),
    "V4": Plain("A site's own support says more about its fidelity than its neighbours do",
                "capacity and early fidelity raise it; the link with capacity is weak to moderate"),
    "V5": Plain("How much of the practice supported practitioners deliver in their first years",
                "60 to 85 % on average, and hardly a site above 95 %"),
    "V6": Plain("Which sites are certified first",
                "primary schools before secondary schools, the least deprived before the most"),
    "V7": Plain("What a coalition of agencies brings without coaching or data",
                "more people use it, but they deliver no more of it than before"),
    "V8": Plain("How easily a study of 70 classes misses that fidelity helps children",
                "easily: at least one study in five misses it"),
    "V9": Plain("Need, and who takes up what is offered, as they were put in",
                "need in every fifth to within two points; three in four enrol, at most half complete"),
}  # fmt: skip

READINGS = {
    "median over sites": "the site in the middle",
    "5th percentile of sites": "a site near the lowest",
    "95th percentile of sites": "a site near the highest",
    "share of samples significant": "studies that notice it",
    "share of runs": "runs in which it is so",
    "correlation with capacity": "how closely fidelity goes with capacity, from 0 to 1",
    "correlation with neighbours in use": "how closely it goes with neighbours who use it, from 0 to 1",
    "early fidelity and data use beyond neighbours": "by how much early fidelity and data say more than neighbours",
    "mean over sites": "the mean of all sites",
    "sites above 0.95": "sites above 95 %",
    "secondary minus primary": "how much longer secondary schools take",
    "most minus least deprived third, sites of one size and type": "how much longer the most deprived third takes",
    "use, coalition minus usual": "more who use it",
    "fidelity, coalition minus usual": "more delivered by those who use it",
    "largest gap to published need by fifth": "the largest gap to the published need",
    "need, most to least deprived fifth": "times as much need in the most deprived fifth",
}
"""What a model's figure is of, where the analyst's name for it is not a plain one."""

GRADES = {"A": "read at its source", "B": "from a page that quotes it", "C": "indirect", "D": "a judgement"}

KINDS = {
    "predicted": ("Predicted", "Nothing in the model was adjusted to meet these. They say most about it."),
    "fitted": ("Fitted", "The model was adjusted to meet these. That it does proves little; that it misses one says "
               "a lot."),
    "assumed": ("Assumed", "These were put in. They are looked at only to see that they arrive where they should."),
}  # fmt: skip

WORDS = {
    "title": "Why believe this, and where not",
    "lead": "Published figures, each with what the model gives in the situation it describes. What the model misses is "
    "shown like what it meets.",
    "key": "Pale band: what was published. Dark bar: 8 runs in 10. Mark: their median, also in brackets.",
    "choose": "Choose between them under More levers; every figure, link and briefing says which it was.",
    "points": [
        ["Why believe it", [
            "Nothing in the model asks whether there is a team before it gives an outcome. What teams do can be taken "
            "away piece by piece, and each piece moves what it should.",
            "Few of its numbers were adjusted to published figures, and each of them is named. It was never adjusted "
            "to meet a figure marked predicted.",
            "Its ranges hold what is not known: every run differs by chance, and in the numbers that nobody knows "
            "exactly.",
        ]],
        ["Where not", [
            "The model does not meet a figure that is marked ✗ below. Conclude nothing that rests on it.",
            "Much of the literature is quoted at second hand, from other countries and other services. Each line says "
            "how much weight its source can bear.",
            "Trust a difference between two plans more than a level: both plans meet the same chances in each run, "
            "while a level rests on every assumption at once. Nothing here is a forecast for a named site, and the "
            "families are invented.",
        ]],
    ],
    "kinds": {kind: list(words) for kind, words in KINDS.items()},
    "table": {
        "words": "All of it as a table, in the analyst's terms",
        "caption": "Published figures against the model",
        "heads": ["Figure", "Published", "Model: median (8 runs in 10)", "Verdict", "Standing", "Source",
                  "What it can bear"],
    },
}  # fmt: skip
"""What the page says besides the figures."""

UNMEASURED = "not measured yet"


def source_words(source: str, grade: str) -> str:
    """A source with how near to it we have come."""
    near = GRADES.get(grade[:1], "")
    return f"{source} ({grade}: {near})" if near else f"{source} ({grade})"


def verdict(within: bool | None) -> str:
    """Whether the model meets a published figure; None where it has not been measured."""
    if within is None:
        return UNMEASURED
    return "✓ within" if within else "✗ missed"
