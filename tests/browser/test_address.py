"""What is shown is in the address: after a reload, a restart, in another tab; and a damaged address runs nothing."""

import pytest
from browser_builders import end, free_port, new_context, serve
from steps import answered, go, slide

KEPT = "JSON.stringify([ZX.state, ZX.measure])"


def changed(page):
    """A plan with a lever moved, a zone opened later, five years, another seed; and the address of it."""
    slide(page, "coaching", 0.4)
    page.select_option("#zx-months", "60")
    go(page, "zones")
    answered(page)
    page.locator("#zx-plan-1-opens").focus()
    page.keyboard.press("ArrowRight")
    answered(page)
    go(page, "explore")
    page.locator("label[for=zx-measure-sites_full_share]").click()
    page.wait_for_timeout(600)
    return page.url


def test_a_reload_and_another_tab_show_what_was_shown(server, opened):
    page = opened(server)
    address = changed(page)
    before, digest = page.evaluate(KEPT), page.evaluate("ZX.full.digest")
    page.reload()
    page.wait_for_function("window.ZX?.full")
    assert page.evaluate(KEPT) == before and page.evaluate("ZX.full.digest") == digest
    assert page.locator("#zx-measure-sites_full_share").is_checked()
    other = opened(server, address[len(server) :])
    assert other.evaluate(KEPT) == before and other.evaluate("ZX.full.digest") == digest
    assert other.locator("output[for=zx-lever-coaching]").inner_text() == "40 %"


def test_every_change_is_in_the_address(server, opened):
    page = opened(server)
    page.wait_for_timeout(500)
    seen = {page.url}
    for act in (
        lambda: slide(page, "coaching", 0.4),
        lambda: page.select_option("#zx-preset-1", "train-and-hope"),
        lambda: page.select_option("#zx-months", "84"),
        lambda: page.locator("label[for=zx-measure-sites_full_share]").click(),
        lambda: go(page, "families"),
    ):
        act()
        page.wait_for_timeout(500)
        assert page.url not in seen
        seen.add(page.url)


@pytest.mark.slow
def test_a_restart_of_the_server_loses_nothing(needs, browser, tmp_path):
    port = free_port()
    process, address = serve(tmp_path, port=port)
    context = new_context(browser)
    page = context.new_page()
    try:
        page.goto(f"{address}/#/explore")
        page.wait_for_function("window.ZX?.full", timeout=60_000)
        where, before = changed(page), page.evaluate(KEPT)
        end(process)
        process, _ = serve(tmp_path, port=port)
        page.wait_for_function(f"window.ZX?.full && !ZX.lost && {KEPT} === {before!r}", timeout=60_000)
        page.goto(where)
        page.reload()
        page.wait_for_function(f"window.ZX?.full && {KEPT} === {before!r}", timeout=60_000)
    finally:
        context.close()
        end(process)


def damaged(path):
    """The address of a question, damaged in five ways."""
    text, _, mark = path.partition("?q=")[2].partition(".")
    return {
        "letter": f"/#/explore?q={text[:20]}{'A' if text[20] != 'A' else 'B'}{text[21:]}.{mark}",
        "cut": path[: len(path) // 2],
        "no sum": f"/#/explore?q={text}",
        "share": "/#/explore?share=AAAABBBBCCCC",
        "share letters": "/#/explore?share=%3Cscript%3E",
    }


def test_a_damaged_address_runs_nothing_and_says_so_until_something_is_chosen(server, opened):
    page = opened(server)
    slide(page, "coaching", 0.4)
    answered(page)
    page.wait_for_timeout(500)
    other = None
    for harm, bad in damaged(page.url[len(server) :]).items():
        if other is None:
            other = opened(server, bad, answered=False)
        else:
            other.goto("about:blank")
            other.goto(server + bad)
        other.wait_for_selector(".zx-notice:not([hidden])", timeout=30_000)
        other.wait_for_timeout(1200)
        assert other.locator(".zx-notice").is_visible(), f"{harm}: it stays"
        assert other.evaluate("ZX.answer") is None, f"{harm}: the example is not run in its place"
        assert other.evaluate("ZX.side.node.inert"), harm
    other.get_by_role("button", name="Begin with the example").click()
    other.wait_for_function("ZX.full && !ZX.side.node.inert", timeout=60_000)
    assert other.locator(".zx-notice").is_hidden()


def test_an_address_pasted_into_an_open_tab_is_opened_and_a_damaged_one_leaves_what_is_shown(server, opened):
    page, other = opened(server), opened(server)
    slide(page, "coaching", 0.4)
    answered(page)
    page.wait_for_timeout(500)
    other.evaluate("(hash) => { location.hash = hash; }", page.evaluate("location.hash"))
    other.wait_for_function("ZX.full.arms[0].levers.coaching === 0.4", timeout=60_000)
    other.evaluate("() => { location.hash = '#/explore?q=nonsense.1'; }")
    other.wait_for_selector(".zx-notice:not([hidden])")
    assert "still what you had before" in other.locator(".zx-notice").inner_text()
    assert other.evaluate("ZX.full.arms[0].levers.coaching") == 0.4
    other.get_by_role("button", name="Close").click()
    other.wait_for_timeout(500)
    assert other.url == page.url


def test_an_address_of_another_area_says_so_and_runs_only_what_is_chosen(server, hostile_server, opened):
    page = opened(server)
    slide(page, "coaching", 0.4)
    answered(page)
    page.wait_for_timeout(500)
    other = opened(hostile_server, page.url[len(server) :], answered=False)
    other.wait_for_selector(".zx-notice:not([hidden])")
    other.wait_for_timeout(1500)
    assert "another area" in other.locator(".zx-notice").inner_text() and other.evaluate("ZX.answer") is None
    other.get_by_role("button", name="Ask the same of").click()
    other.wait_for_function("ZX.full?.arms[0].levers.coaching === 0.4", timeout=60_000)


def test_what_a_question_in_an_address_asks_wrongly_is_said_and_the_example_is_not_run(server, opened):
    page = opened(server)
    wrong = page.evaluate(
        """async () => { const a = await import('/static/public/address.js');
        return a.written({ ...ZX, page: ZX.page, about: ZX.about, measure: ZX.measure,
          state: { arms: [{ preset: 'no-such-plan' }, { preset: 'without-teams' }], months: 0, seed: 1 } }); }"""
    )
    other = opened(server, wrong, answered=False)
    other.wait_for_selector(".zx-notice:not([hidden])", timeout=30_000)
    assert "no-such-plan" in other.locator(".zx-notice").inner_text()
    assert other.evaluate("ZX.answer") is None


def test_a_page_that_was_asked_for_is_not_lost_to_the_address_of_the_one_before(server, opened):
    """The address is written a moment after an answer; a page asked for in that moment has not been shown yet."""
    page = opened(server)
    page.evaluate(
        """() => { const later = window.setTimeout;
        window.setTimeout = (act) => { act(); return 0; };
        location.hash = '#/families';
        ZX.remember();
        window.setTimeout = later; }"""
    )
    page.wait_for_function("ZX.page.id === 'families'", timeout=30_000)
    page.wait_for_function("location.hash.startsWith('#/families?q=')", timeout=30_000)
