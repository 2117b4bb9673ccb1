"""Families: compared run by run, never a dot."""

from steps import go


def test_families_are_never_dots_and_it_says_so_plainly(server, opened):
    page = opened(server)
    go(page, "families")
    words = page.locator("main").inner_text()
    assert "These families are invented" in words and "no risk score" in words
    assert "hardly moves" in words
    assert page.locator("main canvas, main circle").count() == 0


def test_families_are_compared_run_by_run(server, opened):
    page = opened(server)
    go(page, "families")
    gaps = page.evaluate("ZX.full.families")
    assert len(gaps[0]["rows"]) == 6
    said = page.locator(".zx-said").all_inner_texts()
    assert len(said) == len(gaps) and all("All families:" in s for s in said)
    assert any("higher in 200 of 200 runs" in s for s in said)
