"""Evidence: every published figure, and what the model gives."""

from steps import go


def test_the_evidence_page_shows_every_figure_and_begins_to_measure(server, opened):
    page = opened(server)
    go(page, "evidence")
    page.wait_for_selector(".zx-proof")
    from sim.evidence.situations.table import SITUATIONS

    assert page.locator(".zx-proof").count() == len(SITUATIONS)
    assert page.evaluate("ZX.page.id") == "evidence"
    said = page.locator("main [role=status]").inner_text()
    assert "easured on this machine" in said
