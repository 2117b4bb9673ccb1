"""Start: the example, one's own list by keyboard, and going on where one was; nothing is kept unless asked."""

import pytest
from steps import answered, go, slide

LIST = """Ref,School,Sector,Kind,Pupils,FTE
S1,Alder school,Council,Primary,200,12
S2,Birch academy,Council,Secondary,600,40
S3,Cedar house,Council,A kind of our own,60,8
S4,Team north,NHS,Health visiting,150,9
S5,Team south,Council,Social work,120,10
S6,Elm school,Council,Primary,180,11
"""


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "our list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def settled(page, listed):
    go(page, "start")
    page.set_input_files("#zx-list-file", str(listed))
    page.wait_for_selector("#zx-word-0", timeout=60_000)
    page.locator("#zx-word-0").focus()
    page.keyboard.type("nursery")
    page.keyboard.press("Tab")
    page.wait_for_selector("#zx-list-use", timeout=60_000)


def used(page):
    page.locator("#zx-list-use").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("window.ZX?.about.start.own && ZX.full", timeout=60_000)


def test_the_first_screen_is_shown_at_the_bare_address_and_leads_to_the_example(server, opened):
    page = opened(server, "/")
    assert page.evaluate("ZX.page.id") == "start"
    page.locator("section.zx-door", has_text="Try the example").get_by_role("button").click()
    page.wait_for_function("ZX.page.id === 'explore'")


def test_an_own_list_goes_from_file_to_map_and_back_and_no_name_leaves(server, opened, listed):
    page, other = opened(server), opened(server)
    settled(page, listed)
    assert "What is assumed" in page.locator("main").inner_text()
    assert "Alder school" in page.locator(".zx-listgrid").inner_text(), "its owner sees her own list"
    used(page)
    assert page.evaluate("ZX.page.id") == "zones" and page.evaluate("ZX.about.place.sites") == 6
    shown = page.content() + page.evaluate(
        "JSON.stringify([ZX.full, ZX.about, ZX.pictured]) + location.href + JSON.stringify(localStorage)"
    )
    assert "Alder" not in shown and "Birch" not in shown
    assert other.evaluate("ZX.about.place.sites") == 40
    slide(other, "coaching", 0.5)
    answered(other)
    go(page, "start")
    page.get_by_role("button", name="Close my list").click()
    page.wait_for_function("!window.ZX.about.start.own && ZX.full", timeout=60_000)


def test_names_are_shown_and_the_list_kept_only_where_that_was_asked(server, opened, listed):
    page = opened(server)
    settled(page, listed)
    page.check("#zx-list-names")
    page.check("#zx-list-keep")
    used(page)
    page.locator("summary", has_text="Choose single sites").click()
    assert "Alder school" in page.locator(".zx-sitelist").inner_text()
    slide(page, "coaching", 0.3)
    answered(page)
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_selector(".zx-notice:not([hidden])")
    assert "open it again and you are back" in page.locator(".zx-notice").inner_text()
    page.get_by_role("button", name="Open my list").click()
    page.get_by_role("button", name="Open our list.csv again").click()
    page.wait_for_selector("#zx-list-use", timeout=60_000)
    used(page)
    page.wait_for_function("ZX.full?.arms[0].levers.coaching === 0.3", timeout=60_000)
    go(page, "start")
    page.get_by_role("button", name="Forget it").click()
    page.wait_for_function("!document.querySelector('main').textContent.includes('our list.csv')")


def test_a_column_is_changed_by_its_choice_list_and_today_is_filled_in(server, opened, listed):
    page = opened(server)
    settled(page, listed)
    page.locator("#zx-column-name").select_option("")
    page.wait_for_function("!document.querySelector('.zx-listgrid').textContent.includes('Alder')", timeout=60_000)
    page.get_by_label("S1: stage today").select_option("initial")
    page.get_by_label("S1: using today, 0 to 1").fill("0.4")
    page.locator("#zx-list-today").click()
    page.wait_for_function(
        "document.querySelector('main [role=status]').textContent.includes('6 sites')", timeout=60_000
    )
    used(page)
    assert page.evaluate("ZX.full.arms[0].series.practitioners_using_share.bands[2][0]") > 0


def test_a_hostile_file_is_refused_in_words_and_harms_nobody(server, opened, tmp_path):
    page, other = opened(server), opened(server)
    go(page, "start")
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 2000)
    page.set_input_files("#zx-list-file", str(path))
    page.wait_for_function(
        "document.querySelector('main [role=alert]:not([hidden])')?.textContent.length > 20 || "
        "document.querySelector('.zx-settlebox')", timeout=60_000)  # fmt: skip
    slide(other, "coaching", 0.55)
    answered(other)
    big = tmp_path / "b.csv"
    big.write_bytes(b"x" * (5 * 1024 * 1024))
    page.set_input_files("#zx-list-file", str(big))
    page.wait_for_function("document.querySelector('main').textContent.includes('larger than 4 MiB')")


def test_one_goes_on_where_one_was(server, opened):
    page = opened(server)
    slide(page, "coaching", 0.65)
    answered(page)
    page.wait_for_timeout(600)
    page.goto(server + "/")
    page.reload()
    page.wait_for_function("window.ZX?.answer && ZX.page.id === 'start'", timeout=60_000)
    page.get_by_role("button", name="Go on", exact=True).click()
    page.wait_for_function("ZX.full?.arms[0].levers.coaching === 0.65 && ZX.page.id === 'explore'", timeout=60_000)
