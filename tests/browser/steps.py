"""What a person does on a page, for the tests of the pages."""

import pytest

from sim.app.pages import PAGES

IDS = tuple(page.id for page in PAGES)
THEMES = ("light", pytest.param("dark", marks=pytest.mark.slow), pytest.param("contrast", marks=pytest.mark.slow))
WIDTHS = (320, pytest.param(720, marks=pytest.mark.slow))


def go(page, name):
    """Shows a page by its address."""
    page.evaluate(f"location.hash = '#/{name}'")
    page.wait_for_function(f"ZX.page.id === '{name}'")
    page.wait_for_timeout(300)


def slide(page, lever, value):
    """Moves a lever's slider."""
    page.evaluate(
        """([name, value]) => { const f = document.getElementById('zx-lever-' + name); f.value = value;
        f.dispatchEvent(new Event('input', { bubbles: true })); }""",
        [lever, value],
    )


def answered(page):
    """Waits for the full answer to what was asked last."""
    page.wait_for_function("ZX.full && ZX.full.number === ZX.number", timeout=60_000)
