"""Present: a story by keyboard, with calm where it is asked for."""

from steps import go


def test_a_story_is_presented_by_keyboard_alone(server, opened):
    page = opened(server)
    go(page, "present")
    page.get_by_role("button", name="Begin").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("ZX.story", timeout=120_000)
    slides = page.evaluate("ZX.story.slides.length")
    guessed = False
    for at in range(slides):
        assert page.evaluate("ZX.story.at") == at
        if page.evaluate("ZX.story.slides[ZX.story.at].kind") == "predict":
            page.get_by_role("slider").focus()
            page.keyboard.press("ArrowRight")
            guessed = True
            page.keyboard.press("PageDown")
            assert "The room said 51 %" in page.locator(".zx-slide").inner_text()
            continue
        page.keyboard.press("ArrowRight")
    assert guessed and page.evaluate("ZX.story.at") == slides - 1
    page.keyboard.press("b")
    assert page.locator(".zx-black").is_visible()
    page.keyboard.press("b")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    assert "last slide" in popup.value.locator("body").inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("ZX.story") is None


def test_reduced_motion_is_honoured(server, opened):
    page = opened(server, reduced_motion="reduce")
    go(page, "present")
    page.get_by_role("button", name="Begin").first.click()
    page.wait_for_function("ZX.story", timeout=120_000)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert page.evaluate("ZX.story.clock.playing") is False
