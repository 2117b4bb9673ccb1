"""Zone by zone: plans edited on timeline, list and map; slices."""

from steps import answered, go


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
    assert page.evaluate("document.documentElement.scrollHeight") <= 1_800, "two screens at 1440"
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


def test_asking_for_more_sites_than_there_are_says_what_is_possible_and_loses_nothing(server, opened):
    page = opened(server)
    go(page, "zones")
    page.locator("#zx-plan-0-how").select_option("choose")
    page.wait_for_function("ZX.full.arms[0].zones[0].choose === 6", timeout=60_000)
    number, zones = page.evaluate("ZX.number"), page.evaluate("ZX.full.zones[0].members")
    most = page.evaluate("ZX.full.zones[0].possible[0].most")
    page.get_by_label("first zone: how many sites").fill("60")
    page.get_by_label("first zone: how many sites").press("Tab")
    said = page.locator("main").inner_text()
    assert f"can have at most {most} sites" in said and "Nothing was changed" in said
    assert page.evaluate("ZX.number") == number and page.evaluate("ZX.full.zones[0].members") == zones
    assert page.get_by_label("first zone: how many sites").input_value() == "6"
    page.get_by_label("first zone: how many sites").fill(str(most))
    page.get_by_label("first zone: how many sites").press("Tab")
    answered(page)
    assert page.evaluate("ZX.full.zones[0].rows.length") >= len({z for z in zones if z >= 0})
