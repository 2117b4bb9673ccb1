"""What the pages show is written on the server: every figure comes in words, rounded once and alike everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim.app import controls
from sim.app.answer import answer
from sim.app.curves import bands, fan
from sim.app.jobs import Jobs
from sim.app.question import FIRST
from sim.organisation.generate.synthetic import generate
from sim.parameters import LEVERS
from sim.results.intervals import quantile, quantiles
from sim.results.measures import CARDS, CHARTED, KNOWN, MEASURES, SHARE, SHOWN
from sim.results.scales import scale_to, share_scales
from sim.results.words import figure, moment_words

PUBLIC = Path(controls.__file__).parent / "public"


@pytest.fixture(scope="module")
def body():
    jobs = Jobs(generate({"sites": 12, "organisation_seed": 4}))
    return answer(jobs, FIRST, jobs.full(FIRST, lambda: False), quick=False)


def test_a_card_and_its_chart_say_the_same(body):
    """Rounded once: '2.8 to 4.1 %' on the card is not '2.8 to 4.0 %' on the chart."""
    for headline in body["headlines"]:
        if headline["id"] in CHARTED:
            for k, arm in enumerate(headline["arms"]):
                assert body["arms"][k]["series"][headline["id"]]["text"][-1] == arm["range"]


def test_words_are_made_of_values_that_are_not_rounded():
    """0.038496 is 3.8 %; of the four decimals that are drawn, 0.0385, it would be 3.9 %."""
    exact = 0.038496
    found = fan(np.full((5, 1), exact), SHARE, 1)
    assert found["text"] == [figure(exact, SHARE)] == ["3.8 %"]
    assert figure(found["bands"][0][0], SHARE) == "3.9 %", "negative control: rounded twice it would be another figure"


def test_quantiles_of_columns_are_those_of_each():
    chance = np.random.default_rng(5)
    values = np.round(chance.random((37, 9)), 2)
    found = quantiles(values, 0.1, 0.25, 0.5, 0.9)
    for q, row in zip((0.1, 0.25, 0.5, 0.9), found, strict=True):
        assert row.tolist() == [quantile(values[:, k], q) for k in range(9)]
    values[chance.random(values.shape) < 0.3] = np.nan
    for month, column in enumerate(bands(values).T):
        known = values[~np.isnan(values[:, month]), month]
        expected = [quantile(known, q) for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
        assert column.tolist() == expected if 2 * len(known) >= len(values) else np.isnan(column).all()


def test_every_measure_says_of_itself_what_is_needed():
    for measure in MEASURES:
        assert measure.words and measure.cohort, measure.id
        assert measure.group == SHOWN or measure.undefined or measure.unit in ("people", "GBP"), measure.id
    for name in CHARTED:
        assert hasattr(KNOWN[name].values, "over_months"), name
        assert KNOWN[KNOWN[name].told_by].sentence, name
    assert set(CARDS) <= set(KNOWN)


@pytest.mark.parametrize("name", sorted(LEVERS))
def test_every_position_of_a_slider_has_its_words(name):
    control = next(c for c in controls.controls() if c["name"] == name)
    if control["choices"]:
        assert len(control["choice_words"]) == len(control["choices"])
        return
    texts = controls.scales()[control["scale"]]
    assert len(texts) == round((control["high"] - control["low"]) / control["step"]) + 1
    for at in (0, len(texts) // 2, len(texts) - 1):
        assert texts[at] == controls.lever_words(name, control["low"] + at * control["step"])


def test_levers_are_written_as_people_say_them():
    assert controls.lever_words("coaching", 0.7) == "70 %"
    assert controls.lever_words("support_places", 200.0) == "no limit"
    assert controls.lever_words("data_lag_months", 1.0) == "1 month"
    assert controls.lever_words("budget", 1500.0) == "£1,500"
    assert next(c for c in controls.controls() if c["name"] == "coaching")["ends"] == ["none", "full"]


def test_scales_hold_their_values():
    for scale in share_scales():
        assert scale["ticks"][0] == [0.0, "0%"] and scale["ticks"][-1][0] == pytest.approx(scale["top"])
    for values in ([0.1], [12.0, 31.0], [1.2e6], []):
        scale = scale_to(values, "GBP")
        assert scale["top"] >= max(values, default=0) and 2 <= len(scale["ticks"]) <= 7


def test_moments_are_written_in_words():
    assert [moment_words(m) for m in (0, 1, 12, 14, 25)] == ["Start", "1 month", "1 year", "1 year 2 months",
                                                            "2 years 1 month"]  # fmt: skip


def test_no_script_rounds_a_figure_or_names_a_measure():
    """`toFixed(1)` places what is drawn; nothing else turns a number into text, and measures come from the server."""
    for path in PUBLIC.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"toPrecision\(2|toPrecision\(3|toFixed\([^1)]|Intl\.NumberFormat", text), path.name
        named = [m.id for m in MEASURES if f'"{m.id}"' in text]
        assert named in ([], ["need_served_at_fidelity_share"]), (path.name, named)


PAGES_AT = PUBLIC.parent / "pages"
SAID = re.compile(r"\bsay\.(\w+)")
FRAMED = re.compile(r"\b(?:app|this)\.words\.(\w+)")


def test_scripts_use_the_words_of_their_page_and_every_word_is_used():
    """Sentences stand in words.toml: a key that is missing would be shown as nothing."""
    from sim.app.words import FRAME, all_words

    known = all_words()
    scripts = (*PUBLIC.glob("*.js"), *PAGES_AT.glob("*/*.js"))
    framed = {key for path in scripts for key in FRAMED.findall(path.read_text(encoding="utf-8"))}
    assert framed == set(known[FRAME])
    for name, words in known.items():
        if name != FRAME:
            scripts = (PAGES_AT / name).glob("*.js")
            used = {key for path in scripts for key in SAID.findall(path.read_text(encoding="utf-8"))}
            assert used == set(words), name


def test_places_in_words_are_those_that_are_filled_in():
    from sim.app.words import all_words

    call = re.compile(r"filled\((?:say|app\.words|this\.words)\.(\w+), \{([^}]*(?:\$\{[^}]*\}[^}]*)*)\}\)")
    found = 0
    for name, words in all_words().items():
        for path in (PUBLIC if name == "frame" else PAGES_AT / name).glob("*.js"):
            for key, given in call.findall(path.read_text(encoding="utf-8")):
                wanted = set(re.findall(r"\{(\w+)\}", words[key]))
                assert wanted <= set(re.findall(r"\b(\w+)\b", given)), (name, key)
                found += 1
    assert found > 30
