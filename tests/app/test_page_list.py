"""The one list of pages: each page is a folder with its script and its test, and nothing else is served from there."""

from pathlib import Path

import pytest

from sim.app import actions, scripts
from sim.app.pages import PAGES

HERE = Path(actions.__file__).parent / "pages"
TESTS = Path(__file__).resolve().parents[1] / "browser" / "pages"


def test_every_folder_is_a_page_and_every_page_a_folder():
    folders = {p.name for p in HERE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders == {page.id for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_page_has_a_script_and_a_test(page):
    assert b"export function make(app)" in (scripts.script(f"{page.id}/page.js") or b"")
    assert (TESTS / f"test_page_{page.id}.py").is_file()


def test_no_two_pages_answer_the_same_action():
    named = [action.name for page in PAGES for action in page.actions]
    assert sorted(named) == sorted(set(named)) == sorted(actions.ACTIONS)


def test_the_list_for_the_browser_is_made_from_the_list():
    listed = scripts.script(scripts.LIST).decode()
    assert [page.id for page in PAGES if f"/pages/{page.id}/page.js" not in listed] == []


@pytest.mark.parametrize(
    "path",
    ["", "explore", "explore/", "explore/__init__.py", "explore/../zones/page.js", "../public/main.js",
     "nowhere/page.js", "explore/no_such.js", "explore//page.js", "explore/page.js/", "EXPLORE/page.js",
     "explore/page.js\n"],
)  # fmt: skip
def test_nothing_else_is_served(path):
    assert scripts.script(path) is None
