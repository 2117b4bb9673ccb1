"""A picture of every page at 1440 in light and dark: `python tests/browser/screenshots.py` writes results/screenshots/.

With `--carry` six small ones go to docs/pictures/, which README.md shows.
"""

import argparse
import tempfile
from pathlib import Path

from browser_builders import ROOT, end, launch, new_context, serve
from PIL import Image

from sim.app.pages import PAGES

WIDTH, HEIGHT, SMALL = 1440, 900, 720
SEEN = ROOT / "results" / "screenshots"
CARRIED = ROOT / "docs" / "pictures"
CARRY = ("explore-light", "zones-light", "families-dark", "evidence-light", "present-light", "answers-light")
SETTLING = 1_500
LEVERS_KNOWN = "document.querySelector('.zx-moves-most').textContent !== ''"
WHOLE = {
    "explore": LEVERS_KNOWN,
    "zones": LEVERS_KNOWN,
    "families": LEVERS_KNOWN,
    "why": "document.querySelector('.zx-why-title').textContent.includes('.')",
    "evidence": "document.querySelector('main [role=status]').textContent.startsWith('Measured')",
    "inspect": "document.querySelectorAll('#zx-inspect-worth option').length > 0",
}
"""What a page must show before its picture is taken; the others are whole at once."""
COLOURS = 224


def taken(browser, address, theme):
    """Every page in one theme: name and path."""
    context = new_context(browser, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme)
    page = context.new_page()
    page.goto(address + "/")
    page.wait_for_function("window.ZX && window.ZX.full && window.ZX.pictured", timeout=180_000)
    for one in PAGES:
        page.evaluate(f"location.hash = '#/{one.id}'")
        page.wait_for_function(WHOLE.get(one.id, "true"), timeout=400_000)
        page.wait_for_timeout(SETTLING)
        path = SEEN / f"{one.id}-{theme}.png"
        page.screenshot(path=path, full_page=True)
        yield path
    context.close()


def answering(browser, theme, file):
    """The file that answers levers, with one moved."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme)
    page.goto(file.as_uri())
    if page.locator("#lever-0").count():
        page.focus("#lever-0")
        page.keyboard.press("PageDown")
        page.keyboard.press("PageDown")
    path = SEEN / f"answers-{theme}.png"
    page.screenshot(path=path, full_page=True)
    page.close()
    return path


def carry(names):
    """Small copies for the docs."""
    CARRIED.mkdir(parents=True, exist_ok=True)
    for name in names:
        with Image.open(SEEN / f"{name}.png") as whole:
            shown = whole.convert("RGB").crop((0, 0, WIDTH, min(whole.height, HEIGHT)))
        small = shown.resize((SMALL, round(SMALL * shown.height / shown.width)), Image.Resampling.LANCZOS)
        few = small.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(CARRIED / f"{name}.png", optimize=True)


def main():
    """Take them all."""
    from playwright.sync_api import sync_playwright

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--carry", action="store_true", help="six small ones go to docs/pictures")
    asked.add_argument("--answers", type=Path, help="a file that `zones brief --interactive` wrote")
    given = asked.parse_args()
    SEEN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        process, address = serve(folder)
        browser = launch(driver)
        for theme in ("light", "dark"):
            for path in taken(browser, address, theme):
                print(path.relative_to(ROOT))
            if given.answers:
                print(answering(browser, theme, given.answers).relative_to(ROOT))
        browser.close()
        end(process)
    if given.carry:
        carry(CARRY if given.answers else CARRY[:-1])


if __name__ == "__main__":
    main()
