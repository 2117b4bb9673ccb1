"""Explore: two plans side by side, levers, charts, the months."""

from steps import answered, slide

from sim.results.measures import CHARTED

COUNT_SENDS = """() => { const send = WebSocket.prototype.send; window.SENT = [];
  WebSocket.prototype.send = function (data) {
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    if (!text.includes('"moves"')) { window.SENT.push(text); }
    return send.call(this, data); }; }"""
"""What is sent, but for what asks how much each lever moves: the page asks that by itself, whoever plays."""


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
    assert page.locator(".zx-panel .zx-ghost").count() == 2, "what was before stays on the screen"
    strip = page.locator(".zx-strip-moved").inner_text()
    assert "100 % → 25 %" in strip and "Practitioners using it: " in strip
    top = page.evaluate("document.querySelector('.zx-panel svg .zx-axis').textContent")
    page.wait_for_function("ZX.full.arms[0].levers.coaching === 0.25 && ZX.full.replicates === 200", timeout=60_000)
    assert page.evaluate("document.querySelector('.zx-panel svg .zx-axis').textContent") == top, "the axis stays"
    page.locator("#zx-forget").click()
    assert page.locator(".zx-panel .zx-ghost").count() == 0 and page.locator(".zx-strip-moved").is_hidden()
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
    assert page.locator(".zx-panel .zx-five").count() > 0
    assert page.locator(".zx-mark:not(.zx-five), .zx-markpoint").count() == 0
    page.locator("label[for=zx-measure-certified_by_age_share]").click()
    assert page.locator(".zx-panel .zx-mark:not(.zx-five)").count() == 2
    page.locator("label[for=zx-measure-practitioners_using_share]").click()
    page.select_option("#zx-months", "204")
    page.wait_for_function("ZX.answer.months === 204", timeout=90_000)
    assert page.locator(".zx-panel .zx-markpoint").count() == 2
    page.locator("label[for=zx-measure-sites_full_share]").click()
    assert page.locator(".zx-mark:not(.zx-five), .zx-markpoint").count() == 0


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
    assert len(page.evaluate("window.SENT")) <= 1  # at most a sign of life


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


def test_words_of_levers_are_those_of_people(server, opened):
    page = opened(server, full=False)
    out = page.locator("output[for=zx-lever-engagement_senior]").inner_text()
    assert out.endswith("%")
    shown = page.locator("#zx-lever-teams option").all_inner_texts()
    assert "a core team and local teams" in shown and "core+local" not in shown


def test_both_scenarios_can_be_any_two_and_what_sets_them_apart_is_listed(server, opened):
    page = opened(server)
    page.select_option("#zx-preset-0", "with-teams")
    page.select_option("#zx-preset-1", "with-teams")
    answered(page)
    assert page.evaluate("ZX.full.between") == []
    page.select_option("#zx-preset-1", "everywhere-at-once")
    answered(page)
    assert page.evaluate("ZX.full.between.length") > 0


def test_a_figure_that_rests_on_a_missed_check_is_marked_and_leads_to_its_row(server, opened):
    page = opened(server)
    page.evaluate(
        """() => { const words = 'Rests on a published figure that the model does not meet.';
        ZX.checks = { ...ZX.checks, [ZX.about.cards[0]]: { badge: 'not met', words, row: 'V2' } };
        ZX.answer = { ...ZX.answer, checks: ZX.checks }; ZX.pages.get('explore').update(ZX.answer); }"""
    )
    assert "does not meet" in page.locator(".zx-feet").inner_text()
    page.locator(".zx-card .zx-check-missed").first.click()
    page.wait_for_function("ZX.page.id === 'evidence' && document.activeElement.id === 'zx-row-V2'", timeout=60_000)


def test_a_card_and_its_chart_round_once(server, opened):
    page = opened(server)
    for name in page.evaluate("ZX.about.cards.filter((id) => id in ZX.about.charts)"):
        card = page.evaluate(f"ZX.full.headlines.find((h) => h.id === '{name}').arms.map((a) => a.range)")
        assert page.evaluate(f"ZX.full.arms.map((a) => a.series['{name}'].text.at(-1))") == card


def test_a_difference_means_the_same_on_explore_families_and_zones(server, opened):
    page = opened(server)
    name = "need_served_at_fidelity_share"
    card = page.evaluate(f"ZX.full.headlines.find((h) => h.id === '{name}').difference")
    assert "higher in 200 of 200 runs" in card
    families = page.evaluate(f"ZX.full.families.find((f) => f.id === '{name}').rows.at(-1).gap")
    compared = page.evaluate("ZX.full.compared.rows.map((row) => row[3])")
    assert families == card and card in compared


def test_beside_each_lever_stands_how_much_it_moves_the_outcome(server, opened):
    page = opened(server, "/")
    page.locator("section.zx-door", has_text="Try the example").get_by_role("button").click()
    page.wait_for_function("document.querySelectorAll('.zx-moves:not([hidden])').length >= 10", timeout=120_000)
    page.wait_for_function("document.querySelector('.zx-moves-most').textContent.length > 20", timeout=120_000)
    hint = page.locator("#zx-lever-coaching-hint").inner_text()
    assert "From " in hint and "Source: " in hint
    before = page.locator(".zx-moves-most").inner_text()
    page.locator("label[for=zx-measure-sites_full_share]").click()
    assert page.locator(".zx-moves-most").inner_text() != before, "it follows the chart"
    term = page.locator(".zx-card .zx-term", has_text="full implementation").first
    assert not term.locator(".zx-term-says").is_visible()
    term.focus()
    assert "half or more" in term.locator(".zx-term-says").inner_text()
    page.locator("#zx-tour-begin").focus()
    page.keyboard.press("Enter")
    seen = []
    while page.locator(".zx-tour").count():
        seen.append(page.locator(".zx-tour p").inner_text())
        page.locator(".zx-tour button").first.press("Enter")
    assert len(set(seen)) == len(seen) == page.evaluate("ZX.words.tour.length")
    assert page.evaluate("document.activeElement.id") == "zx-tour-begin"
