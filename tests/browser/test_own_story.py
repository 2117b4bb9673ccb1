"""A story of one's own on the page Present: begun, edited, saved, opened again, shown; hostile files harm nobody."""

import pytest
from steps import go

MARKUP = "<img src=x onerror=window.HACKED=1>"


@pytest.fixture
def page(server, opened):
    found = opened(server)
    go(found, "present")
    return found


def bring(page, tmp_path, text, name="tale.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    page.set_input_files("#zx-own-file", tmp_path / name)


def test_a_story_is_begun_saved_opened_and_shown(page, tmp_path):
    page.get_by_role("button", name="Start from the plan on the page").click()
    page.wait_for_selector("#zx-own-title", state="visible")
    page.fill("#zx-own-title", "Our story " + MARKUP)
    page.fill("#zx-own-title-0", MARKUP)
    page.get_by_role("button", name="Take out slide 2").click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Save as a file").click()
    got.value.save_as(tmp_path / "kept.toml")
    text = (tmp_path / "kept.toml").read_text(encoding="utf-8")
    assert got.value.suggested_filename.startswith("our-story-")
    bring(page, tmp_path, text)
    page.wait_for_function("document.getElementById('zx-own-title').value.startsWith('Our story')")
    assert page.locator(".zx-owns li").count() == 5
    page.get_by_role("button", name="Present it").click()
    page.wait_for_selector(".zx-slide", timeout=120_000)
    assert MARKUP in page.locator(".zx-slide").inner_text()
    assert page.evaluate("window.HACKED") is None
    page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\x00\x01 no story", "TOML"),
        ('title = "t"\n[[slides]]\nkind = "script"\n', "script"),
        ("[" * 5000, "TOML"),
        ("x" * 250_000, "larger than a story"),
    ],
)
def test_hostile_files_are_refused_in_words(page, tmp_path, text, said):
    bring(page, tmp_path, text)
    page.wait_for_function("(said) => document.body.innerText.includes(said)", arg=said, timeout=20_000)
    assert page.locator("#zx-own-title").is_hidden()


def test_axe_finds_nothing_in_the_editor(page, axe):
    page.get_by_role("button", name="Start from the plan on the page").click()
    page.wait_for_selector("#zx-own-title", state="visible")
    page.evaluate(axe)
    found = page.evaluate("axe.run('main').then((r) => r.violations.map((v) => [v.id, v.nodes.length]))")
    assert found == []
