"""Inspect: the agents of one run, month by month."""

from steps import go


def test_the_model_is_stepped_to_a_month_and_one_on(server, opened):
    page = opened(server)
    go(page, "inspect")
    page.wait_for_function("document.querySelectorAll('#zx-inspect-worth option').length > 1", timeout=120_000)
    assert "practitioner in " in page.locator("#zx-inspect-worth option").first.inner_text()
    page.fill("#zx-inspect-month", "6")
    page.get_by_role("button", name="Step there").click()
    page.wait_for_function(
        "document.querySelector('main [role=status]').textContent.includes('month 6')", timeout=60_000
    )
    assert page.locator("main tbody tr").count() > 10
    page.get_by_role("button", name="One month on").click()
    page.wait_for_function(
        "document.querySelector('main [role=status]').textContent.includes('month 7')", timeout=60_000
    )
