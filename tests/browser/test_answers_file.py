"""The file that answers levers, opened from a disk: no server, no network, Chromium and Firefox."""

import json
import re
import time

import marionette
import numpy as np
import pytest

from sim.handouts import one_file, slides
from sim.handouts.case import Case
from sim.handouts.curves import moved, read_months
from sim.handouts.fitting import Effort, Fitting, shares_of
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load

HOSTILE = "</title></script><img src=x onerror=window.HACKED=1>"
MOVE = """
const [k, stop] = arguments;
const slider = document.getElementById(`lever-${k}`);
slider.value = stop;
slider.dispatchEvent(new Event("input"));
return document.getElementById("now-0").textContent;
"""


IN_PAGE = "([k, stop]) => {" + MOVE.replace("const [k, stop] = arguments;", "") + "}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    plans = (load("with-teams"), load("without-teams"))
    case = Case(plans, (HOSTILE, "Without"), generate({"sites": 8}), HOSTILE, 36, command="zones brief", runs=24)
    runs = case.ensembles()
    fitted = Fitting(case, Effort(600, block=12)).done(runs, ["coaching", "turnover_factor", "core_team_size"])
    if not fitted.levers:
        pytest.fail("no lever is offered: nothing to look at")
    told = slides.filled(slides.plain(case), case, runs)
    path = tmp_path_factory.mktemp("answers") / "answers.html"
    path.write_text(one_file.as_html(case, runs, fitted, told), encoding="utf-8")
    return path, fitted


@pytest.fixture
def page(made, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    found, wrong = context.new_page(), []
    found.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    found.on("pageerror", lambda e: wrong.append(str(e)))
    found.on("request", lambda r: wrong.append(r.url) if not r.url.startswith("file:") else None)
    found.goto(made[0].as_uri())
    yield found
    context.close()
    assert wrong == []


def told_by_python(made, k, stop):
    """The first share's last median, once lever k stands at this stop."""
    fitted = made[1]
    dial = fitted.levers[k].dial
    x = fitted.models[0].origin.copy()
    x[k] = round(dial.share(dial.stops()[stop]), 9)
    data = json.loads(re.search(r'id="data">(.*?)</script>', made[0].read_text(encoding="utf-8"), re.DOTALL).group(1))
    curves = np.array(data["measures"][0]["curves"][0])
    months = read_months(36)
    return moved(curves, shares_of(fitted.models[0].shift(x), len(months))[0], months)[:, -1]


def middle(text):
    return float(re.search(r"\(([\d.]+)\)", text).group(1))


def test_a_lever_moves_the_line_to_what_python_says(page, made):
    before = page.inner_text("#now-0")
    text = page.evaluate(IN_PAGE, [0, 0])
    expected = 100 * told_by_python(made, 0, 0)[2]
    assert text.startswith("about")
    assert middle(text) == pytest.approx(expected, abs=max(0.06, 0.06 * expected))
    assert page.inner_text("#changes li")
    page.click("#back")
    assert page.inner_text("#now-0") == before
    assert page.inner_text("#changes") == ""


def test_it_plays_and_turns_by_keyboard(page):
    page.focus("#month")
    page.keyboard.press("Home")
    assert page.inner_text("#when") == "Start"
    page.focus("#play")
    page.keyboard.press("Enter")
    end = time.monotonic() + 20
    while int(page.input_value("#month")) <= 3:  # the policy forbids what Playwright would wait with
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    if page.inner_text("#play") == "Pause":  # on a busy machine it may have played to the end meanwhile
        page.keyboard.press("Enter")
    assert page.inner_text("#play") == "Play"
    page.focus("#next")
    page.keyboard.press("Enter")
    assert page.inner_text("#at") == "Slide 2 of 5"
    page.focus("#lever-0")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#lever-0-value") != page.inner_text(".lever .ends span:nth-child(2)").removeprefix("plan: ")


def test_another_measure_has_its_own_axis(page):
    before = page.inner_text("#axis")
    page.check("input[name=measure][value='2']")
    assert page.inner_text("#axis") != before
    assert page.locator("#picture .grid").count() >= 3


THEMES = {"light": {}, "dark": {"color_scheme": "dark"}, "contrast": {"contrast": "more"}}


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(made, browser, axe, theme):
    context = browser.new_context(**THEMES[theme])
    page = context.new_page()
    page.goto(made[0].as_uri())
    page.evaluate(axe)  # by the debugger: the policy of the file lets no other script run
    found = page.evaluate("axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.length]))")
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [390, 1024, 1440, 1920])
def test_nothing_is_wider_than_the_window(made, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(made[0].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_names_run_nothing(page):
    assert page.evaluate("window.HACKED") is None
    assert page.locator("img").count() == 0


def test_without_scripts_the_plans_can_be_read(made, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(made[0].as_uri())
    assert page.locator("#picture path.line").count() == 2
    assert not page.locator("#play").is_visible()
    context.close()


def test_firefox_answers_like_chromium(page, made, tmp_path):
    if not marionette.firefox():
        pytest.skip("no Firefox on this machine: apt-get install firefox-esr")
    with marionette.opened(tmp_path) as other:
        other.open(made[0].as_uri())
        assert other.script("return document.body.classList.contains('live')")
        for k in range(len(made[1].levers)):
            assert other.script(MOVE, k, 1) == page.evaluate(IN_PAGE, [k, 1])
        assert other.script("return document.getElementById('cost-0').textContent") == page.inner_text("#cost-0")
