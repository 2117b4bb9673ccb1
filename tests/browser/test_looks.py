"""What is so on several pages: no number without its words, nothing for axe, nothing sideways."""

import pytest
from steps import THEMES, WIDTHS, go


def test_no_page_says_a_number_in_words_it_did_not_get(server, opened):
    """The marks are on one chart each, also on zones, families and sweeps."""
    page = opened(server)
    for name in ("zones", "families", "evidence", "sweeps"):
        go(page, name)
        assert page.locator(".zx-markpoint").count() == 0, name
        text = page.locator("main").inner_text()
        assert "80 % mark" not in text and "14 %" not in page.locator("main svg").all_inner_texts(), name


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_sweeps_and_opened_plans(swept_server, opened, axe, theme):
    page = opened(swept_server)
    page.evaluate(f"ZX.theme('{theme}')")
    page.evaluate(axe)
    found = {}
    for name, choice in (("sweeps", "one"), ("sweeps", "two"), ("zones", "")):
        go(page, name)
        if choice:
            page.wait_for_selector("#zx-sweep-folder")
            page.locator("#zx-sweep-folder").select_option(choice)
            page.wait_for_selector(".zx-surface" if choice == "two" else "main svg")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        for v in page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]:
            found[f"{name} {choice}: {v['id']}"] = [n["html"][:120] for n in v["nodes"][:3]]
    assert found == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_opened_plans_and_sweeps_need_no_sideways_scroll(swept_server, opened, width):
    page = opened(swept_server, width=width, height=800)
    for name in ("zones", "sweeps"):
        go(page, name)
        page.wait_for_timeout(500)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
