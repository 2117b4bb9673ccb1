"""The page server in a process of its own, and how Chromium is started; shared by tests and benchmark."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FETCHING_SECONDS = 180
OUTSIDE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def chromium():
    """Where Chromium is; this machine's own, else Playwright's, fetched once where possible; '' if neither."""
    given = os.environ.get("ZONES_CHROMIUM")
    if given is not None:
        return given if Path(given).is_file() else ""
    return next((path for path in map(shutil.which, NAMES) if path), "") or _playwrights()


def _playwrights():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = Path(driver.chromium.executable_path)
    if not path.is_file():
        words = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(words, capture_output=True, timeout=FETCHING_SECONDS, check=False)
    return str(path) if path.is_file() else ""


def missing():
    """What the browser tests lack on this machine, in words; '' if nothing."""
    if find_spec("solara") is None or find_spec("playwright") is None:
        return "the extra 'app' or playwright is not installed"
    if not chromium():
        return "no Chromium here and none could be fetched: apt-get install chromium, or set ZONES_CHROMIUM"
    return ""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(folder, *more, port=None, program=("-m", "sim.cli")):
    """A server begun in `folder`; its process and address.

    Args:
        folder: where it runs and keeps its log.
        more: further options of `zones app`.
        port: a free one if None.
        program: what Python runs as `zones`.

    Raises:
        RuntimeError: it did not start; with what it said.
    """
    port = port or free_port()
    words = [sys.executable, *program, "app", "--no-browser", "--port", str(port), "--log", "log.sqlite", *more]
    # A proxy that is not there: whatever the server tried to fetch would fail.
    around = {**os.environ, "PYTHONPATH": str(ROOT), "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": ""}
    with (Path(folder) / f"server-{port}.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(words, cwd=folder, env=around, stderr=said)
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                return process, f"http://localhost:{port}"
        except (URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    process.kill()
    raise RuntimeError((Path(folder) / f"server-{port}.txt").read_text(encoding="utf-8"))


def end(process):
    process.terminate()
    process.wait(20)


def new_context(browser, **options):
    """A fresh profile, in which `window.ZX` is the page: it hands itself over when it is mounted."""
    context = browser.new_context(**options)
    context.add_init_script("document.addEventListener('zones-page', (e) => { window.ZX = e.detail; });")
    return context


def launch(driver):
    """Chromium that can reach nothing but this machine."""
    return driver.chromium.launch(executable_path=chromium(), args=[*FLAGS, OUTSIDE])
