"""The main journeys in this machine's own Firefox, seen as a person sees them: by what stands on the page."""

import time

import marionette
import pytest
from steps import IDS

pytestmark = pytest.mark.slow

WIDTHS = (500, 1024, 1440, 1920)
"""Pixels; this browser makes no window narrower than the first."""
THEMES = ("light", "dark", "contrast")
TRACK = "return getComputedStyle(document.getElementById('zx-lever-coaching'), '::-moz-range-track').height;"
PATIENCE = 120.0
TWO_SCREENS = 1_800
"""Pixels that Zone by zone may be high at 1440."""
MOVE = """
const field = document.getElementById(arguments[0]);
field.value = arguments[1];
field.dispatchEvent(new Event('input', { bubbles: true }));
field.dispatchEvent(new Event('change', { bubbles: true }));
"""
FULL = "/^200 runs/.test(document.querySelector('.zx-count')?.textContent ?? '')"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    if not marionette.firefox():
        pytest.skip("Firefox is not installed")
    with marionette.opened(tmp_path_factory.mktemp("profile")) as session:
        yield session


@pytest.fixture
def fox(server, begun):
    """The first page as a visitor finds it, whatever another test did."""
    begun.resize(1440, 900)
    begun.open("about:blank")
    begun.open(server + "/#/explore")
    until(begun, FULL)
    return begun


def until(session, condition):
    """Waits for what a script says, however slow the machine."""
    end = time.monotonic() + PATIENCE
    while not session.script(f"return Boolean({condition});"):
        assert time.monotonic() < end, condition
        time.sleep(0.2)


def text(session, selector):
    return session.script("return document.querySelector(arguments[0])?.textContent ?? '';", selector)


def go(session, name):
    session.script("location.hash = arguments[0];", f"#/{name}")
    until(session, f"document.querySelector('nav a[aria-current]')?.dataset.page === '{name}'")


def sideways(session):
    """Pixels by which the page is wider than its window."""
    return session.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth;")


def test_the_journeys_of_a_meeting(fox):
    """A lever moves and what was before stays; zones; why; every page; a story from the first to the last slide."""
    before = text(fox, ".zx-card b")
    fox.script(MOVE, "zx-lever-coaching", "0.2")
    until(fox, f"{FULL} && !document.querySelector('.zx-strip-moved').hidden")
    until(fox, f"document.querySelector('.zx-card b').textContent !== {before!r}")
    assert "100 % → 20 %" in text(fox, ".zx-strip-moved") and "Coaching" in text(fox, ".zx-strip-moved")
    assert fox.script(TRACK) != "0px"
    for name in IDS:
        go(fox, name)
        assert sideways(fox) <= 0, name
        assert text(fox, "main h1"), name
    go(fox, "zones")
    until(fox, "document.querySelectorAll('.zx-slice').length === 4")
    assert fox.script("return document.documentElement.scrollHeight;") <= TWO_SCREENS
    go(fox, "why")
    until(fox, "document.querySelector('.zx-why-title').textContent.startsWith('The bottleneck is')")
    assert fox.script("return document.querySelectorAll('.zx-cause-lit').length;") == 1
    go(fox, "present")
    fox.script("document.querySelector('.zx-stories button').click();")
    until(fox, "document.querySelector('.zx-show')")
    slides = int(text(fox, ".zx-slidefoot").split("/")[1].split("·")[0])
    for at in range(1, slides + 1):
        assert text(fox, ".zx-slidefoot").startswith(f"{at} / {slides}")
        assert sideways(fox) <= 0
        fox.script("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true }));")
    fox.script("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));")
    until(fox, "!document.querySelector('.zx-show')")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(fox, width):
    fox.resize(width, 900)
    for theme in THEMES:
        fox.script("document.documentElement.dataset.theme = arguments[0];", theme)
        for name in IDS:
            go(fox, name)
            fox.script("document.querySelectorAll('details').forEach((d) => { d.open = true; });")
            assert sideways(fox) <= 0, (name, theme)
