"""What holds on every page."""

import json

import pytest
from steps import IDS, THEMES, WIDTHS, go, slide

BAD = (
    "{",
    '{"number": 1}',
    '{"number":1,"ask":{"arms":[]}}',
    '{"number":1,"ask":{"arms":[{"preset":"../../etc/passwd"},{"preset":"with-teams"}]}}',
    '{"number":1,"ask":{"arms":[{"preset":"with-teams","set":{"coaching":1e999}},{"preset":"with-teams"}]}}',
)


def test_names_in_files_reach_no_page_and_run_nothing(hostile_server, opened):
    page = opened(hostile_server)
    for name in IDS:
        go(page, name)
    text = page.content() + json.dumps(page.evaluate("[ZX.full, ZX.pictured, ZX.about]"))
    for secret in ("Secret school", "HACKED", "etc/passwd", "Hill view", "Low road"):
        assert secret not in text, secret
    assert page.evaluate("window.HACKED") is None


def test_a_bad_question_is_refused_in_words_and_nothing_breaks(server, opened):
    page = opened(server)
    for bad in BAD:
        page.evaluate("(text) => ZX.wire.ask(text)", bad)
        page.wait_for_function("!ZX.trouble.hidden", timeout=20_000)
        said = page.locator(".zx-trouble").inner_text()
        assert said.startswith(("question", "scenario", "levers")), said
        page.evaluate("ZX.tell('')")
    slide(page, "coaching", 0.75)
    page.wait_for_function("ZX.answer.arms[0].levers.coaching === 0.75", timeout=30_000)


def test_two_visitors_do_not_see_each_other(server, opened):
    one, other = opened(server), opened(server)
    slide(one, "coaching", 0.1)
    slide(other, "coaching", 0.9)
    one.wait_for_function("ZX.full.arms[0].levers.coaching === 0.1", timeout=60_000)
    other.wait_for_function("ZX.full.arms[0].levers.coaching === 0.9", timeout=60_000)
    assert one.evaluate("ZX.answer.arms[0].levers.coaching") == 0.1


@pytest.mark.parametrize("width", WIDTHS)
def test_narrow_and_doubled_pages_need_no_sideways_scroll(server, opened, width):
    page = opened(server, width=width, height=800)
    for name in IDS:
        go(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(server, opened, axe, theme):
    page = opened(server)
    page.evaluate(f"ZX.theme('{theme}')")
    page.evaluate(axe)
    found = {}
    for name in IDS:
        go(page, name)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        told = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        for v in told["violations"]:
            found[f"{name}: {v['id']}"] = [n["html"][:120] for n in v["nodes"][:3]]
    go(page, "present")
    page.get_by_role("button", name="Begin").first.click()
    page.wait_for_function("ZX.story", timeout=120_000)
    for at in range(page.evaluate("ZX.story.slides.length")):
        page.wait_for_timeout(150)
        for v in page.evaluate("axe.run('.zx-show', { resultTypes: ['violations'] })")["violations"]:
            found[f"slide {at + 1}: {v['id']}"] = [n["html"][:120] for n in v["nodes"][:3]]
        page.keyboard.press("PageDown")
    assert found == {}
