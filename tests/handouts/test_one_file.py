"""One file: whole in itself, nothing runs in it but its own script, whatever plans and places are called."""

import base64
import hashlib
import html
import json
import re

import pytest
from handout_builders import HOSTILE, in_javascript, small_case, small_fitted, small_runs

from sim.errors import ResultError
from sim.handouts import one_file, slides
from sim.handouts.answers import _percents, _pounds, error_words
from sim.handouts.story import Slide
from sim.results.words import percent, pounds


def written(title=""):
    case, runs = small_case(title), small_runs(title)
    told = slides.filled((*slides.plain(case), Slide("text", HOSTILE, HOSTILE)), case, runs)
    return one_file.as_html(case, runs, small_fitted(title), told)


@pytest.fixture(scope="module")
def page():
    return written()


@pytest.fixture(scope="module")
def hostile():
    return written(HOSTILE)


def test_it_asks_for_nothing_outside(page):
    assert not re.findall(r"https?://(?!www\.w3\.org/)", page)
    assert not re.findall(r"<(?:link|img|iframe|object|embed|base)\b|<[^>]*\ssrc=|@import|url\((?!#)", page)
    assert "default-src 'none'" in html.unescape(page)


def test_only_its_own_script_and_style_may_run(page):
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1))
    assert "unsafe" not in policy
    for tag, what in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{what} 'sha256-{digest}'" in policy


def test_nothing_is_run_or_styled_from_an_attribute(page, hostile):
    for text in (page, hostile):
        tags = re.findall(r"<[a-z][^>]*>", text)
        assert not [tag for tag in tags if re.search(r"\s(on[a-z]+|style)\s*=", re.sub(r'"[^"]*"', '""', tag))]


def test_names_are_only_ever_text(hostile):
    assert "<img" not in hostile
    assert hostile.count("</script>") == 2, "its own two alone"
    assert "{{7*7}}" in hostile
    data = json.loads(re.search(r'id="data">(.*?)</script>', hostile, re.DOTALL).group(1))
    assert data["plans"][0] == HOSTILE


def test_it_can_be_sent_by_mail(page, monkeypatch):
    assert len(page.encode()) < one_file.LARGEST
    monkeypatch.setattr(one_file, "LARGEST", 1000)
    with pytest.raises(ResultError, match="MB"):
        written()


def test_every_error_is_printed_beside_its_lever(page):
    found = small_fitted()
    assert page.count('class="slider"') == len(found.levers)
    assert all(error_words(one.error) in page for one in found.levers)
    assert page.count("is not offered: the formula") == len(found.refused)


def test_words_of_figures_come_from_the_file():
    values = [*[v for v, _ in _percents()][::17], 0.0, 0.123, 0.999, 0.0444]
    told = in_javascript("values.map((v) => worded(table, v))", values=values, table=_percents())
    exact = dict(_percents())
    assert all(exact.get(v, w) == w for v, w in zip(values, told, strict=True))
    assert told[-3:] == [percent(0.12), percent(1.0), percent(0.044)]
    money = [7.0, 990.0, 1_240_000.0, 8.66e6, 9.96e5]
    assert in_javascript("values.map((v) => worded(table, v))", values=money, table=_pounds()) == [
        pounds(v) for v in money
    ]
    assert in_javascript('range(table, 0.28, 0.281, " %")', table=_percents()) == "28 %"


def test_with_levers_unmoved_the_page_says_what_was_run(page):
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL).group(1))
    shown = re.search(r'id="now-0">([^<]*)<', page).group(1)
    assert shown == data["measures"][0]["texts"][0][-1]
