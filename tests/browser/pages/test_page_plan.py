"""Plan: a question by form, a search that freezes nobody, plans beside the limits, one taken to Zone by zone."""

import time

import pytest
from steps import answered, go, slide


@pytest.mark.slow
def test_a_search_runs_beside_other_visitors_and_its_plan_is_taken(server, opened):
    page, other = opened(server), opened(server)
    page.select_option("#zx-months", "60")
    answered(page)
    go(page, "plan")
    page.locator("#zx-ask-go").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main progress", timeout=30_000)
    waits = []
    for step in range(5):
        begun = time.monotonic()
        slide(other, "coaching", 0.2 + step / 10)
        other.wait_for_function(
            f"Math.abs(ZX.answer.arms[0].levers.coaching - {0.2 + step / 10}) < 1e-6", timeout=30_000
        )
        waits.append(time.monotonic() - begun)
    print("waited beside a search", [round(w, 2) for w in waits])
    assert max(waits) < 8.0, waits
    page.wait_for_selector(".zx-found", timeout=300_000)
    assert page.locator(".zx-found").count() >= 1 and "need served at fidelity" in page.locator("main").inner_text()
    first = page.locator("output[for=zx-budget]").inner_text()
    page.locator("#zx-budget").focus()
    page.keyboard.press("Home")
    assert page.locator("output[for=zx-budget]").inner_text() != first
    page.locator("#zx-take-0").click()
    page.wait_for_function("ZX.page.id === 'zones'")
    answered(page)
    assert page.evaluate("ZX.state.arms[0].zones.every((z) => z.sites)") and page.locator(".zx-trouble").is_hidden()


def test_a_search_can_be_stopped_and_what_is_wrong_is_said(server, opened):
    page = opened(server)
    go(page, "plan")
    page.fill("#zx-ask-cash-0", "1000")
    page.locator("#zx-ask-go").click()
    page.get_by_role("button", name="Stop the search").click()
    page.wait_for_function(
        "document.querySelector('main [role=status]').textContent.includes('stopped')", timeout=30_000
    )
    page.locator("summary", has_text="What may be chosen").click()
    page.fill("#zx-ask-fewest", "9")
    page.fill("#zx-ask-most", "3")
    page.locator("#zx-ask-go").click()
    page.wait_for_function("document.querySelector('main [role=alert]').textContent.length > 20", timeout=30_000)
