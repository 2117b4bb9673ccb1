"""A real server in a process of its own and Debian's Chromium.

Every test fails on a console error, a 4xx or 5xx, or a request to anywhere else.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import swept
from browser_builders import end, launch, missing, new_context, serve

AXE = "axe-core@4.14.1"
AREA = """site_id,name,agency,type,roll,staff
A1,Secret school,education,primary,200,12
A2,<script>window.HACKED=1</script>,education,secondary,600,40
A3,../../etc/passwd,education,nursery,60,8
A4,Hill view,health,health_visiting,150,9
A5,Bridge,social_work,social_work,120,10
A6,Low road,education,primary,180,11
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def needs():
    if missing():
        pytest.skip(missing())


@pytest.fixture(scope="session")
def server(needs, tmp_path_factory):
    process, address = serve(tmp_path_factory.mktemp("app"))
    yield address
    end(process)


@pytest.fixture(scope="session")
def hostile_server(needs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "area.csv").write_text(AREA, encoding="utf-8")
    process, address = serve(folder, "--area", "area.csv", "--as-given")
    yield address
    end(process)


@pytest.fixture(scope="session")
def swept_server(needs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    swept.make(folder)
    process, address = serve(folder, "--results", "results")
    yield address
    end(process)


@pytest.fixture(scope="module")
def browser(needs):
    """Ends with its module: Playwright keeps an event loop running in the thread that began it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = launch(driver)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser):
    """Opens a page and watches it; what went wrong is asserted at the end."""
    wrong, contexts = [], []

    def watch(page, address):
        page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: wrong.append(f"page: {e}"))
        page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on(
            "request",
            lambda r: None if r.url.startswith((address, "data:", "blob:")) else wrong.append(f"outside: {r.url}"),
        )
        page.on(
            "requestfailed",
            lambda r: wrong.append(f"failed: {r.url}") if "ERR_ABORTED" not in (r.failure or "") else None,
        )

    def open_page(address, path="/#/explore", *, width=1440, height=900, full=True, answered=True, **options):
        context = new_context(browser, viewport={"width": width, "height": height}, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        watch(page, address)
        page.goto(address + path)
        page.wait_for_function("window.ZX && window.ZX.answer" if answered else "window.ZX", timeout=120_000)
        if full and answered:
            page.wait_for_function("window.ZX.full && window.ZX.pictured", timeout=120_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The text of axe-core, fetched by npm when the tests are set up; never kept in the project."""
    kept = Path(os.environ.get("ZONES_AXE", ""))
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    if shutil.which("npm") is None:
        pytest.skip("no npm to fetch axe-core with; set ZONES_AXE to its axe.min.js")
    folder = tmp_path_factory.mktemp("axe")
    # Tried once: npm would wait for more than a minute between its tries, and both workers with it.
    words = ["npm", "install", "--fetch-retries=0", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix",
             str(folder), AXE]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    path = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip(f"npm could not fetch {AXE}: {done.stderr.strip()[-200:]}")
    return path.read_text(encoding="utf-8")
