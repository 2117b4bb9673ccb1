"""The learning log."""

from steps import go


def test_the_learning_log_keeps_text_as_text(server, opened):
    page = opened(server)
    go(page, "log")
    page.fill("#zx-log-question", '=cmd|"/c calc" <img src=x onerror=window.HACKED=1>')
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_selector("main tbody tr")
    assert page.evaluate("window.HACKED") is None
    with page.expect_download() as got:
        page.get_by_role("button", name="Export as CSV").click()
    assert "\"'=cmd" in got.value.path().read_text(encoding="utf-8-sig")
