"""What a person does on a page, for the tests of the pages."""

from sim.app.pages import PAGES

IDS = tuple(page.id for page in PAGES)
THEMES = ("light", "dark", "contrast")


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
