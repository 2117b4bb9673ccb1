"""What changed: the page of docs, in the app."""

from steps import go


def test_old_and_new_figures_stand_side_by_side(server, opened):
    page = opened(server, full=False)
    go(page, "changed")
    page.wait_for_selector("main table tbody tr")
    assert page.locator("main table").count() == 2
    assert page.locator("main thead").first.inner_text().split("\t")[1:3] == ["first edition", "second edition"]
    assert page.locator("main ul li").count() >= 2
