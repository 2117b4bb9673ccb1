"""The pages as a person uses them."""

import json
import tomllib

import pytest

from sim.results.measures import CHARTED

THEMES = ("light", "dark", "contrast")
PAGES = ("explore", "zones", "families", "evidence", "present", "take", "sweeps", "log", "inspect")
COUNT_SENDS = """() => { const send = WebSocket.prototype.send; window.SENT = 0;
  WebSocket.prototype.send = function (data) { window.SENT += 1; return send.call(this, data); }; }"""
BAD = (
    "{",
    '{"number": 1}',
    '{"number":1,"ask":{"arms":[]}}',
    '{"number":1,"ask":{"arms":[{"preset":"../../etc/passwd"},{"preset":"with-teams"}]}}',
    '{"number":1,"ask":{"arms":[{"preset":"with-teams","set":{"coaching":1e999}},{"preset":"with-teams"}]}}',
)


def go(page, name):
    page.evaluate(f"location.hash = '#/{name}'")
    page.wait_for_function(f"ZX.page.id === '{name}'")
    page.wait_for_timeout(300)


def slide(page, lever, value):
    page.evaluate(
        """([name, value]) => { const f = document.getElementById('zx-lever-' + name); f.value = value;
        f.dispatchEvent(new Event('input', { bubbles: true })); }""",
        [lever, value],
    )


def test_both_scenarios_are_side_by_side_with_ranges_before_points(server, opened):
    page = opened(server)
    assert page.locator(".zx-panel svg.zx-fan").count() == 2
    assert page.locator(".zx-panel canvas").count() == 2
    assert page.locator(".zx-card").count() == 4
    assert page.evaluate("ZX.full.replicates") == 200
    first = page.locator(".zx-card b").first.inner_text()
    assert " to " in first and first.endswith("%")
    assert page.locator(".zx-card").first.locator(".zx-tag").inner_text() in ("predicted", "fitted", "assumed")
    assert "nearest the median of 200" in page.locator(".zx-caption").first.inner_text()
    assert "same sites, no zone" in page.locator(".zx-caption").nth(1).inner_text()


def test_a_lever_answers_quickly_then_in_full_and_says_what_changed(server, opened):
    page = opened(server)
    slide(page, "coaching", 0.25)
    page.wait_for_function("ZX.answer.arms[0].levers.coaching === 0.25", timeout=30_000)
    assert "coaching of practitioners" in page.locator(".zx-changed").inner_text()
    assert page.evaluate("ZX.answer.arms[0].changed").__len__() == 1
    page.wait_for_function("ZX.full.arms[0].levers.coaching === 0.25 && ZX.full.replicates === 200", timeout=60_000)
    slide(page, "coaching", 1)
    page.wait_for_function("ZX.answer.arms[0].levers.coaching === 1", timeout=30_000)
    assert page.evaluate("ZX.answer.arms[0].changed") == []


def test_a_drag_ends_at_the_last_value_and_nothing_queues(server, opened):
    page = opened(server)
    for step in range(20):
        slide(page, "engagement_senior", step / 20)
        page.wait_for_timeout(25)
    page.wait_for_function("ZX.full.arms[0].levers.engagement_senior === 0.95", timeout=60_000)
    assert page.evaluate("ZX.perf.length") < 24


def test_conditions_change_both_scenarios(server, opened):
    page = opened(server)
    slide(page, "turnover_factor", 2)
    page.wait_for_function("ZX.answer.arms.every((a) => a.levers.turnover_factor === 2)", timeout=30_000)


def test_every_lever_has_a_control_made_from_its_declaration(server, opened):
    from sim.parameters import LEVERS

    page = opened(server, full=False)
    for name, lever in LEVERS.items():
        field = page.locator(f"#zx-lever-{name}")
        assert field.count() == 1, name
        if not lever.about.choices:
            assert float(field.get_attribute("min")) == lever.about.low
            assert float(field.get_attribute("max")) == lever.about.high


def test_every_shipped_scenario_is_a_preset_that_runs(server, opened):
    from sim.scenarios.files import names

    page = opened(server, full=False)
    assert page.locator("#zx-preset-0 option").evaluate_all("n => n.map((o) => o.value)") == list(names())
    page.select_option("#zx-preset-0", "three-zones")
    page.wait_for_function("ZX.answer.arms[0].preset === 'three-zones'", timeout=60_000)


def test_marks_are_on_their_own_chart_only(server, opened):
    page = opened(server)
    assert page.locator(".zx-mark, .zx-markpoint").count() == 0
    page.locator("label[for=zx-measure-certified_by_age_share]").click()
    assert page.locator(".zx-panel .zx-mark").count() == 2
    page.locator("label[for=zx-measure-practitioners_using_share]").click()
    page.select_option("#zx-months", "204")
    page.wait_for_function("ZX.answer.months === 204", timeout=90_000)
    assert page.locator(".zx-panel .zx-markpoint").count() == 2
    page.locator("label[for=zx-measure-sites_full_share]").click()
    assert page.locator(".zx-mark, .zx-markpoint").count() == 0


def test_the_months_play_pause_and_scrub_without_the_server(server, opened):
    page = opened(server)
    page.evaluate(COUNT_SENDS)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause").click()
    assert 0 < page.evaluate("ZX.clock.month") < 60
    page.evaluate("ZX.clock.go(24)")
    assert "Month 24" in page.locator(".zx-now").inner_text()
    assert page.evaluate("window.SENT") <= 1  # at most a sign of life


def test_the_picture_counts_what_was_counted(server, opened):
    page = opened(server)
    found = page.locator(".zx-net").evaluate_all("nets => nets.map((n) => n.getAttribute('aria-label'))")
    assert all("month 120, one run" in words for words in found)


def test_every_chart_has_a_finding_and_a_table(server, opened):
    page = opened(server)
    for measure in CHARTED:
        page.locator(f"label[for=zx-measure-{measure}]").click()
        assert len(page.locator(".zx-finding").first.inner_text()) > 30
        assert page.locator("main table").first.locator("tbody tr").count() > 5


def test_the_plan_can_be_changed_and_is_described(server, opened):
    page = opened(server)
    go(page, "zones")
    page.locator("#zx-plan-0-how").select_option("choose")
    page.wait_for_function("ZX.full.arms[0].zones[0].choose === 6", timeout=60_000)
    page.get_by_label("first zone: how many sites").fill("4")
    page.get_by_label("first zone: how many sites").press("Tab")
    page.wait_for_function("ZX.full.arms[0].zones[0].choose === 4", timeout=60_000)
    assert "4 sites" in page.locator(".zx-changed").inner_text()
    assert page.evaluate("ZX.full.zones[0].rows[0].sites") == 4


def test_families_are_never_dots_and_it_says_so_plainly(server, opened):
    page = opened(server)
    go(page, "families")
    words = page.locator("main").inner_text()
    assert "These families are invented" in words and "no risk score" in words
    assert "hardly moves" in words
    assert page.locator("main canvas, main circle").count() == 0


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
    assert again.locator(".zx-notice").count() == 0
    tampered = opened(server, path[:-4] + ("AAAA" if not path.endswith("AAAA") else "BBBB"))
    assert tampered.evaluate("ZX.notice").startswith("This link was changed")
    assert tampered.evaluate("ZX.answer.arms[0].levers.coaching") == 1


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


def test_the_learning_log_keeps_text_as_text(server, opened):
    page = opened(server)
    go(page, "log")
    page.fill("#zx-log-question", '=cmd|"/c calc" <img src=x onerror=window.HACKED=1>')
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_selector("main tbody tr")
    assert page.evaluate("window.HACKED") is None
    with page.expect_download() as got:
        page.get_by_role("button", name="Export as CSV").click()
    assert "\"'=cmd" in got.value.path().read_text(encoding="utf-8-sig")


def test_names_in_files_reach_no_page_and_run_nothing(hostile_server, opened):
    page = opened(hostile_server)
    for name in PAGES:
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


@pytest.mark.parametrize("width", [320, 720])
def test_narrow_and_doubled_pages_need_no_sideways_scroll(server, opened, width):
    page = opened(server, width=width, height=800)
    for name in PAGES:
        go(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_reduced_motion_is_honoured(server, opened):
    page = opened(server, reduced_motion="reduce")
    go(page, "present")
    page.get_by_role("button", name="Begin").first.click()
    page.wait_for_function("ZX.story", timeout=120_000)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert page.evaluate("ZX.story.clock.playing") is False


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(server, opened, axe, theme):
    page = opened(server)
    page.evaluate(f"ZX.theme('{theme}')")
    page.evaluate(axe)
    found = {}
    for name in PAGES:
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
