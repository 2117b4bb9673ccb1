"""Month 12: a table of what was seen by keyboard, the room's guess, the update beside other visitors, kept and told."""

import pytest
from steps import answered, go, slide

HIDDEN = "<script>window.HACKED=1</script>"
SEEN = f"""month,zone,measure,value,observed
12,first zone,using,5,30
12,first zone,families_served,3,
12,first zone,{HIDDEN},7,
"""


def troubles(page, axe):
    """What axe finds, in light and in dark."""
    page.evaluate(axe)
    found = {}
    for theme in ("light", "dark"):
        page.evaluate(f"ZX.theme('{theme}')")
        for v in page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]:
            found[f"{theme}: {v['id']}"] = [n["html"][:160] for n in v["nodes"][:3]]
    return found


def test_a_table_is_brought_by_keyboard_updates_beside_others_and_is_kept_nowhere(
    hostile_server, opened, axe, tmp_path
):
    path = tmp_path / "seen.csv"
    path.write_text(SEEN, encoding="utf-8")
    page, other = opened(hostile_server), opened(hostile_server)
    page.select_option("#zx-months", "36")
    answered(page)
    go(page, "month")
    page.set_input_files("#zx-seen-file", str(path))
    page.wait_for_selector("#zx-seen-go", timeout=60_000)
    assert HIDDEN in page.locator("main").inner_text()
    assert page.evaluate("window.HACKED") is None
    page.locator("#zx-guess-low").focus()
    for number in ("10", "20", "40"):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    page.locator("#zx-seen-go").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main progress", timeout=30_000)
    slide(other, "coaching", 0.35)
    answered(other)
    page.wait_for_selector("#zx-seen-story", timeout=300_000)
    shown = page.locator("main").inner_text()
    assert "fewer than 5" in shown and "effective number of runs" in shown and "gate is met" in shown
    assert page.locator(".zx-fan .zx-seen").count() == 1, "the value that may be told is drawn on its band"
    page.select_option("#zx-seen-chart", "families_served|first zone")
    assert page.locator(".zx-fan .zx-seen").count() == 0
    page.locator("#zx-keep-question").fill("Do we open the second zone?")
    page.locator("#zx-keep").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('main').textContent.includes('kept in the learning log')")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert troubles(page, axe) == {}
    page.locator("#zx-seen-story").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("ZX.story")
    for _ in range(page.evaluate("ZX.story.slides.length")):
        told = page.evaluate("axe.run('.zx-show', { resultTypes: ['violations'] })")["violations"]
        assert [v["id"] for v in told] == []
        page.keyboard.press("PageDown")
    page.keyboard.press("Escape")
    go(page, "log")
    page.wait_for_function("document.querySelector('main').textContent.includes('still to be seen')")
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, "month")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    kept = page.evaluate("JSON.stringify(localStorage) + location.href + JSON.stringify(ZX.about)")
    assert "seen.csv" not in kept
    page.get_by_role("button", name="Forget the table").click()
    page.wait_for_function("!document.querySelector('#zx-seen-go')")


@pytest.mark.slow
def test_made_up_data_gives_a_first_answer_soon_and_the_full_one_tells_what_the_plan_does_not_know(server, opened):
    page = opened(server)
    go(page, "month")
    page.get_by_role("button", name="Try it with made-up data").click()
    page.wait_for_selector("#zx-seen-go", timeout=60_000)
    page.select_option("#zx-seen-runs", "short")
    page.locator("#zx-seen-go").click()
    page.wait_for_selector(".zx-stand", timeout=120_000)
    assert page.locator("#zx-seen-story").count() == 0, "the first answer comes before the full one"
    page.wait_for_selector("#zx-seen-story", timeout=400_000)
    shown = page.locator("main").inner_text()
    assert "Something has changed that the model does not know of" in shown and "more than expected" in shown
    page.locator("#zx-seen-go").click()
    page.wait_for_selector("#zx-seen-stop:not([hidden])")
    page.locator("#zx-seen-stop").click()
    page.wait_for_function("document.querySelector('main [role=status]').textContent.toLowerCase().includes('stopped')")
