"""Why: the bottleneck of this plan, step by step, by mouse and by keyboard; a site's and a practitioner's story."""

from steps import answered, go, slide


def ready(page, words):
    page.wait_for_function(
        f"document.querySelector('.zx-why-title')?.textContent.startsWith({words!r})", timeout=120_000
    )


def test_why_names_the_bottleneck_of_this_plan_and_tells_stories(server, opened):
    page = opened(server)
    box = page.locator(".zx-panel-0 canvas").bounding_box()
    at = page.evaluate("[ZX.pictured.sites[3].x / ZX.pictured.width, ZX.pictured.sites[3].y / ZX.pictured.height]")
    page.locator(".zx-panel-0 canvas").click(position={"x": at[0] * box["width"], "y": at[1] * box["height"]})
    page.wait_for_function("ZX.page.id === 'why'")
    ready(page, "The bottleneck is")
    page.wait_for_selector(".zx-told ol li", timeout=60_000)
    assert page.locator("#zx-why-site").input_value() == "3"
    assert "At the end, in month 120" in page.locator(".zx-told").inner_text()
    before = page.locator(".zx-cause-lit").get_attribute("id")
    steps = page.evaluate("document.querySelector('.zx-why-step .zx-small').textContent.split(' ').length")
    page.get_by_role("button", name="Next", exact=True).focus()
    for _ in range(steps - 1):
        page.keyboard.press("Enter")
    assert "The bottleneck is" in page.locator(".zx-why-step h3").inner_text()
    assert page.locator(".zx-cause:not(.zx-cause-dim)").evaluate_all("n => n.map((x) => x.id)") == [before]
    page.locator("#zx-why-month").focus()
    page.keyboard.press("Home")
    assert page.locator("output.zx-now").inner_text() == "Start"
    page.locator("#zx-why-person").select_option(index=2)
    page.wait_for_function("document.querySelector('.zx-told h3')?.textContent.startsWith('A practitioner at a')")
    page.locator("#zx-why-family").select_option(index=1)
    page.wait_for_function("document.querySelector('.zx-told h3')?.textContent.startsWith('A family in ')")
    # Negative control: without coaching something else holds the plan back.
    slide(page, "coaching", 0)
    answered(page)
    page.wait_for_function("document.querySelector('.zx-cause-lit')?.id === 'zx-cause-coaching'", timeout=120_000)
    assert before != "zx-cause-coaching" and "coaching" in page.locator(".zx-why-title").inner_text()
    page.locator("label[for=zx-why-1]").click()
    ready(page, "The bottleneck is that there is no team")
    go(page, "explore")
    assert page.locator("main a[href='#/why']").count() == 1
    go(page, "why")
    page.locator("#zx-hard-everywhere-at-once").click()
    answered(page)
    assert page.evaluate("ZX.full.arms.map((a) => a.preset)") == ["everywhere-at-once", "with-teams"]
    ready(page, "The bottleneck is ")
