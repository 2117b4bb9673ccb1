"""Sweeps: a curve over one lever, a surface over two."""

from steps import go


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
