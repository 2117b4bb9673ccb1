"""What is seen and can be done: plans edited on timeline, list and map; slices; families; evidence; sweeps; charts."""

import os
import subprocess
import sys

import pytest
from browser_builders import ROOT, end, serve

PLAN = """title = "A small plan"
base = "with-teams"
months = 24

[area]
sites = 12

[[zones]]
name = "first zone"
choose = 3
opens = 1
"""
ONE_LEVER = """question = "How many sites at first?"
scenarios = ["plan.toml"]
months = 24
replicates = 4
outcomes = ["practitioners_using_share", "sites_full_share@24"]

[[factors]]
name = "zone.1.choose"
values = [2, 3, 5]
"""
TWO_LEVERS = """question = "Coaching or turnover?"
scenarios = ["plan.toml"]
months = 24
replicates = 2
outcomes = ["practitioners_using_share"]

[design]
kind = "lhs"
points = 24

[[factors]]
name = "coaching"

[[factors]]
name = "turnover_factor"
low = 0.5
high = 2.0
"""


def go(page, name):
    page.evaluate(f"location.hash = '#/{name}'")
    page.wait_for_function(f"ZX.page.id === '{name}'")
    page.wait_for_timeout(300)


def answered(page):
    """Waits for the full answer to what was asked last."""
    page.wait_for_function("ZX.full && ZX.full.number === ZX.number", timeout=60_000)


@pytest.fixture(scope="module")
def swept_server(needs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    for name, design in (("one", ONE_LEVER), ("two", TWO_LEVERS)):
        (folder / f"{name}.toml").write_text(design, encoding="utf-8")
        told(folder, "sweep", f"{name}.toml", "--out", f"results/{name}", "--workers", "1")
    told(folder, "discover", "results/two", "--when", "practitioners_using_share < 0.5")
    process, address = serve(folder, "--results", "results")
    yield address
    end(process)


def told(folder, *words):
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], cwd=folder, env=around, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_one_site_is_moved_by_list_and_nothing_else_moves(server, opened):
    page = opened(server)
    go(page, "zones")
    before = page.evaluate("ZX.full.zones[0].members")
    digest = page.evaluate("ZX.full.digest")
    page.locator("summary", has_text="Choose single sites").click()
    site = before.index(max(before))
    page.locator(f"#zx-site-{site}").focus()
    page.locator(f"#zx-site-{site}").select_option("0")
    answered(page)
    after = page.evaluate("ZX.full.zones[0].members")
    assert [s for s in range(len(after)) if after[s] != before[s]] == [site] and after[site] == 0
    assert page.evaluate("ZX.full.digest") != digest
    name = page.evaluate(f"ZX.about.place.sites_listed[{site}].id")
    assert name in page.locator(".zx-changed").inner_text()
    assert page.evaluate("document.activeElement.id") == f"zx-site-{site}"


def test_a_site_is_moved_on_the_map_by_mouse_and_by_keyboard(server, opened):
    page = opened(server)
    go(page, "zones")
    page.locator("summary", has_text="Choose single sites").click()
    assert page.locator(".zx-map .zx-site").count() == page.evaluate("ZX.about.place.sites_listed.length")
    page.locator("label[for=zx-brush-1]").click()
    members = page.evaluate("ZX.full.zones[0].members")
    site = members.index(0)
    page.locator(f".zx-map [data-site='{site}']").click()
    answered(page)
    assert page.evaluate("ZX.full.zones[0].members")[site] == 1
    mark = page.locator(f".zx-map [data-site='{site}']")
    assert "second zone" in mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    answered(page)
    assert page.evaluate("ZX.full.zones[0].members")[site] == -1
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.site") != str(site)
    page.locator("#zx-plan-reset").click()
    answered(page)
    assert page.evaluate("ZX.full.zones[0].members") == members


def test_there_is_no_map_where_sites_have_no_coordinates(hostile_server, opened):
    page = opened(hostile_server)
    go(page, "zones")
    page.locator("summary", has_text="Choose single sites").click()
    assert page.locator(".zx-map").count() == 0
    assert page.locator(".zx-sitelist tbody tr").count() == 6


def test_the_timeline_moves_an_opening_adds_a_zone_and_takes_one_out(server, opened):
    page = opened(server)
    go(page, "zones")
    bar = page.locator("#zx-plan-1-opens")
    bar.focus()
    before = int(bar.input_value())
    page.keyboard.press("ArrowRight")
    answered(page)
    assert page.evaluate("ZX.full.arms[0].zones[1].opens") == before + 1
    assert page.evaluate("document.activeElement.id") == "zx-plan-1-opens"
    page.locator("#zx-plan-2-by").select_option("gate")
    answered(page)
    assert page.evaluate("ZX.full.arms[0].zones[2].gate.certified") == 0.5
    assert "percent" in page.locator("#zx-plan-2-certified").get_attribute("aria-label")
    count = page.evaluate("ZX.full.arms[0].zones.length")
    page.locator("#zx-plan-add").click()
    answered(page)
    assert page.evaluate("ZX.full.arms[0].zones.length") == count + 1
    page.locator("#zx-plan-0-out").click()
    answered(page)
    assert page.evaluate("ZX.full.arms[0].zones.map((z) => z.name)")[0] == "second zone"
    assert page.locator(".zx-trouble").is_hidden()


def test_a_plan_that_leaves_a_zone_without_sites_is_not_run(server, opened):
    page = opened(server)
    go(page, "zones")
    page.locator("#zx-plan-0-how").select_option("choose")
    answered(page)
    page.get_by_label("first zone: how many sites").fill("1")
    page.get_by_label("first zone: how many sites").press("Tab")
    answered(page)
    page.locator("summary", has_text="Choose single sites").click()
    number = page.evaluate("ZX.number")
    page.locator(f"#zx-site-{page.evaluate('ZX.full.zones[0].members').index(0)}").select_option("-1")
    assert "no site left" in page.locator("main").inner_text()
    assert page.evaluate("ZX.number") == number


def test_each_zone_is_a_slice_with_what_is_seen_first_and_its_cost(server, opened):
    page = opened(server)
    go(page, "zones")
    zones = page.evaluate("ZX.full.zones[0].rows.filter((r) => r.seen).length")
    assert zones == page.locator(".zx-slice").count() == page.locator(".zx-moments").count()
    first = page.locator("section", has=page.locator(".zx-slice")).first.inner_text()
    for words in (
        "After 6 months",
        "After 12 months",
        "After 24 months",
        "represents the area",
        "released time",
        "in cash",
    ):
        assert words in first, words
    levels = page.locator(".zx-slice").first.get_attribute("aria-label")
    for level in ("multi-agency group", "senior leader", "core team", "site manager", "local team", "practitioner"):
        assert level in levels
    assert "attention" in page.locator("main").inner_text()


def test_names_and_places_of_a_real_area_do_not_reach_the_page(hostile_server, opened):
    page = opened(hostile_server)
    listed = page.evaluate("ZX.about.place.sites_listed")
    assert {row["at"] for row in listed} == {None} and all("name" not in row for row in listed)


def test_families_are_compared_run_by_run(server, opened):
    page = opened(server)
    go(page, "families")
    gaps = page.evaluate("ZX.full.families")
    assert len(gaps[0]["rows"]) == 6
    said = page.locator(".zx-said").all_inner_texts()
    assert len(said) == len(gaps) and all("All families:" in s for s in said)
    assert any("run by run" in s for s in said)


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


def test_no_page_says_a_number_in_words_it_did_not_get(server, opened):
    """The marks are on one chart each, also on zones, families and sweeps."""
    page = opened(server)
    for name in ("zones", "families", "evidence", "sweeps"):
        go(page, name)
        assert page.locator(".zx-markpoint").count() == 0, name
        text = page.locator("main").inner_text()
        assert "80 % mark" not in text and "14 %" not in page.locator("main svg").all_inner_texts(), name


def test_the_evidence_page_shows_every_figure_and_begins_to_measure(server, opened):
    page = opened(server)
    go(page, "evidence")
    page.wait_for_selector(".zx-proof")
    from sim.evidence.situations.table import SITUATIONS

    assert page.locator(".zx-proof").count() == len(SITUATIONS)
    assert page.evaluate("ZX.page.id") == "evidence"
    said = page.locator("main [role=status]").inner_text()
    assert "easured on this machine" in said


def test_a_sweep_of_one_lever_is_a_curve_and_of_two_a_surface(swept_server, opened):
    page = opened(swept_server)
    go(page, "sweeps")
    page.wait_for_selector("#zx-sweep-folder")
    assert page.locator("#zx-sweep-folder").input_value() == "one"
    assert page.locator("main svg rect").count() == 6
    assert "How many sites at first?" in page.locator("main").inner_text()
    page.locator("#zx-sweep-outcome").select_option("sites_full_share@24")
    page.wait_for_function("document.querySelector('.zx-finding').textContent.includes('month 24')")
    page.locator("#zx-sweep-folder").select_option("two")
    page.wait_for_selector(".zx-surface")
    cells = page.locator(".zx-surface tbody td").all_inner_texts()
    assert len(cells) == 36 and any(c.startswith("▲") for c in cells) and any(c.startswith("▼") for c in cells)
    assert "practitioners using it" in page.locator(".zx-told").first.inner_text()
    page.locator("#zx-sweep-y").select_option("")
    page.wait_for_selector("main svg")
    assert page.locator(".zx-surface").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_axe_finds_nothing_on_sweeps_and_opened_plans(swept_server, opened, axe, theme):
    page = opened(swept_server)
    page.evaluate(f"ZX.theme('{theme}')")
    page.evaluate(axe)
    found = {}
    for name, choice in (("sweeps", "one"), ("sweeps", "two"), ("zones", "")):
        go(page, name)
        if choice:
            page.wait_for_selector("#zx-sweep-folder")
            page.locator("#zx-sweep-folder").select_option(choice)
            page.wait_for_selector(".zx-surface" if choice == "two" else "main svg")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        for v in page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]:
            found[f"{name} {choice}: {v['id']}"] = [n["html"][:120] for n in v["nodes"][:3]]
    assert found == {}


@pytest.mark.parametrize("width", [320, 720])
def test_opened_plans_and_sweeps_need_no_sideways_scroll(swept_server, opened, width):
    page = opened(swept_server, width=width, height=800)
    for name in ("zones", "sweeps"):
        go(page, name)
        page.wait_for_timeout(500)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
