"""A story before a room: stored before it begins, presented to its end without the server, notes, blackout, guess."""

import pytest
from browser_builders import end, new_context, serve


@pytest.fixture
def mortal(needs, tmp_path_factory):
    """A server that a test may end."""
    process, address = serve(tmp_path_factory.mktemp("mortal"))
    yield process, address
    if process.poll() is None:
        end(process)


def stored(page):
    page.evaluate("location.hash = '#/present'")
    page.wait_for_function(
        "document.querySelector('main [role=status]')?.textContent.startsWith('All')", timeout=180_000
    )


@pytest.mark.slow
def test_every_story_runs_to_its_end_after_the_server_has_died(mortal, browser):
    process, address = mortal
    context = new_context(browser, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    wrong = []
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.goto(address)
    page.wait_for_function("window.ZX && window.ZX.full", timeout=120_000)
    stored(page)
    end(process)
    stories = page.get_by_role("button", name="Begin")
    assert stories.count() == 5
    for number in range(stories.count()):
        stories.nth(number).click()
        slides = page.evaluate("ZX.story.slides.length")
        for at in range(slides):
            assert page.evaluate("ZX.story.at") == at
            assert len(page.locator(".zx-slide").inner_text()) > 10
            assert "{" not in page.locator(".zx-slide").inner_text()
            inside = page.evaluate(
                "[document.querySelector('.zx-slide').scrollWidth, document.documentElement.scrollWidth]"
            )
            assert max(inside) <= 1280, (number, at)
            page.keyboard.press("PageDown")
        page.keyboard.press("Escape")
    context.close()
    assert wrong == []


def test_no_guess_is_suggested_and_none_is_invented(server, opened):
    page = opened(server)
    stored(page)
    page.get_by_role("button", name="Begin").first.click()
    at = page.evaluate("ZX.story.slides.findIndex((s) => s.kind === 'predict')")
    for _ in range(at):
        page.keyboard.press("ArrowRight")
    assert page.locator(".zx-guess").inner_text() == "?"
    page.keyboard.press("PageDown")
    assert "The room said" not in page.locator(".zx-slide").inner_text()
    page.keyboard.press("PageUp")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    said = page.locator(".zx-slide").inner_text()
    assert "The room said 49 %" in said and "than guessed" in said
    assert page.locator(".zx-slide svg", has_text="the room's guess: 49 %").count() == 1


def test_the_notes_follow_and_the_blackout_hides(server, opened):
    page = opened(server)
    stored(page)
    page.get_by_role("button", name="Begin").nth(1).click()
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    first = notes.locator("body").inner_text()
    page.keyboard.press("ArrowRight")
    second = notes.locator("body").inner_text()
    assert first != second and "Next:" in second and "gone" in second
    assert page.evaluate("ZX.story.slides[1].notes") in second
    page.keyboard.press("b")
    assert page.locator(".zx-black").is_visible()
    page.keyboard.press("ArrowRight")
    assert not page.locator(".zx-black").is_visible() and page.evaluate("ZX.story.at") == 1
    page.keyboard.press("Escape")
    page.wait_for_function("ZX.story === null")
    assert notes.is_closed()
