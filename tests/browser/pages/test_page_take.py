"""Take away: links and files."""

import tomllib

from steps import go, slide


def test_a_link_shows_the_same_and_a_tampered_one_is_refused(server, opened):
    page = opened(server)
    slide(page, "coaching", 0.5)
    page.wait_for_function("ZX.full.arms[0].levers.coaching === 0.5", timeout=60_000)
    go(page, "take")
    page.get_by_role("button", name="Make and copy the link").click()
    page.wait_for_function("document.getElementById('zx-link').value", timeout=60_000)
    link = page.locator("#zx-link").input_value()
    assert len(link) < 2000 and link.startswith(server)
    path = link[len(server) :]
    again = opened(server, path)
    assert again.evaluate("ZX.full.arms[0].levers.coaching") == 0.5
    assert again.locator(".zx-moved-figures").count() == 0
    tampered = opened(server, path[:-4] + ("AAAA" if not path.endswith("AAAA") else "BBBB"), answered=False)
    tampered.wait_for_selector(".zx-notice:not([hidden])")
    tampered.wait_for_timeout(1500)
    assert "This link was changed" in tampered.locator(".zx-notice").inner_text()
    assert tampered.evaluate("ZX.answer") is None, "the example is not run in place of what was sent"


def test_files_to_take_away(server, opened, tmp_path):
    page = opened(server)
    go(page, "take")
    for name, kind in (("as png", "png"), ("as svg", "svg"), ("as csv", "csv")):
        with page.expect_download() as got:
            page.get_by_role("button", name=f"Practitioners using it {name}").click()
        path = tmp_path / f"chart.{kind}"
        got.value.save_as(path)
        assert path.stat().st_size > 1000
    with page.expect_download() as got:
        page.get_by_role("button", name="The plan").click()
    got.value.save_as(tmp_path / "plan.toml")
    from sim.scenarios.files import load

    text = (tmp_path / "plan.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["base"] == "with-teams"
    assert load(tmp_path / "plan.toml").lever_values() == load("with-teams").lever_values()
    with page.expect_download(timeout=60_000) as got:
        page.get_by_role("button", name="As a page").click()
    got.value.save_as(tmp_path / "brief.html")
    brief = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "http://" not in brief.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons", ""
    )
    assert page.evaluate("ZX.full.digest") in brief


def test_options_are_pinned_and_made_into_a_paper(server, opened, tmp_path):
    page = opened(server)
    go(page, "take")
    for name in ("First", "Second <b>", "Third"):
        page.fill("#zx-option", name)
        page.get_by_role("button", name="Pin it").click()
    page.get_by_role("button", name="Take out Third").click()
    page.get_by_role("button", name="Make the paper").click()
    page.wait_for_function("document.querySelector('main [role=status]').textContent.includes('pin 3 to 5')")
    page.fill("#zx-option", "Third")
    page.get_by_role("button", name="Pin it").click()
    with page.expect_download(timeout=120_000) as got:
        page.get_by_role("button", name="Make the paper").click()
    got.value.save_as(tmp_path / "options.pdf")
    assert (tmp_path / "options.pdf").read_bytes().startswith(b"%PDF")
