"""A wheel, built and installed as people do it, works outside the checkout under every Python that we name."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.scenarios.files import names

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ("3.11", "3.12", "3.13")
QUICK = ["--replicates", "8", "--months", "24"]
NO_NETWORK = re.compile(r"No matching distribution|Could not find a version|ConnectionError|Max retries")


def python(version: str) -> str:
    """An interpreter of that version: this one, one on the path, or one of pyenv's."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    pyenv = shutil.which("pyenv")
    root = Path(os.environ.get("PYENV_ROOT") or (Path(pyenv).resolve().parents[1] if pyenv else "nowhere"))
    kept = sorted(root.glob(f"versions/{version}.*"))
    for name in (f"python{version}", *(str(p / "bin" / "python") for p in reversed(kept))):
        found = shutil.which(name)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    pytest.skip(f"there is no Python {version} on this machine")


def pip(*words: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PIP_TARGET")}
    done = subprocess.run(list(words), capture_output=True, text=True, check=False, env=environment)
    if done.returncode and NO_NETWORK.search(done.stderr):
        pytest.skip(f"packages cannot be had here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what the repository keeps, so that nothing of a developer's folder gets in."""
    copy, out = tmp_path_factory.mktemp("source") / "copy", tmp_path_factory.mktemp("wheel")
    kept = ("sim", "pyproject.toml", "README.md", "LICENSE")
    copy.mkdir()
    for name in kept:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    pip(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(out), str(copy))
    (found,) = out.glob("*.whl")
    return found


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    there = set(zipfile.ZipFile(wheel).namelist())
    ours = {p.relative_to(ROOT).as_posix() for p in (ROOT / "sim").rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert ours <= there, sorted(ours - there)
    about = {n for n in there if ".dist-info/" in n}
    assert there - ours == about
    assert "-py3-none-any" in wheel.name


class Installed:
    """A clean environment with the wheel and its extra, outside the checkout, and a home of its own."""

    def __init__(self, version: str, wheel: Path, folder: Path) -> None:
        self.version, self.folder, self.venv = version, folder / "work", folder / "venv"
        self.folder.mkdir()
        subprocess.run([python(version), "-m", "venv", str(self.venv)], check=True)
        self.bin = self.venv / ("Scripts" if os.name == "nt" else "bin")
        constraints = ROOT / ".ci" / "constraints.txt"
        pip(str(self.bin / "python"), "-m", "pip", "install", "-q", "-c", str(constraints), f"{wheel}[app]")
        away = ("PYTHONPATH", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "VIRTUAL_ENV")
        self.environment = {k: v for k, v in os.environ.items() if k not in away} | {"HOME": str(folder)}

    def zones(self, *words: str, expected: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.bin / "zones"), *words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            encoding="utf-8", timeout=900, check=False,
        )  # fmt: skip
        assert done.returncode == expected, f"zones {' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done


@pytest.fixture(scope="module", params=VERSIONS)
def installed(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(request.param, wheel, tmp_path_factory.mktemp(f"python-{request.param}"))


def test_it_is_the_installed_package_that_answers(installed: Installed) -> None:
    told = subprocess.run(
        [str(installed.bin / "python"), "-c", "import sim; print(sim.__file__)"], cwd=installed.folder,
        env=installed.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(told.stdout.strip()).is_relative_to(installed.venv)
    first = installed.zones("--version").stdout
    assert first.startswith("zones 0.") and "calibration: " in first and "numba" in first


def test_the_main_job(installed: Installed) -> None:
    compared = installed.zones("compare", "with-teams", "without-teams", *QUICK, "--out", "kept", "--json")
    ours = subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", "with-teams", "without-teams", *QUICK, "--json", "--out",
         str(installed.folder / "ours")],
        cwd=installed.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures, expected = json.loads(compared.stdout), json.loads(ours.stdout)
    assert figures["headlines"] and figures.pop("result") == "kept" and expected.pop("result")
    if installed.version == ".".join(map(str, sys.version_info[:2])):  # elsewhere another numpy may move the last bit
        assert figures == expected
    assert json.loads(installed.zones("replay", "kept", "--json").stdout)["identical"] is True
    assert (installed.folder / "kept" / "chart.png").stat().st_size > 10_000


def test_an_own_list(installed: Installed) -> None:
    installed.zones("new-list", "our_sites.csv")
    installed.zones("check", "our_sites.csv")
    installed.zones("run", "with-teams", *QUICK, "--area", "our_sites.csv", "--out", "own")
    installed.zones("new-list", "our_sites.xlsx")
    installed.zones("check", "our_sites.xlsx")


def test_every_shipped_scenario(installed: Installed) -> None:
    listed = json.loads(installed.zones("list", "--json").stdout)
    found = {row["name"] for row in (listed["scenarios"] if isinstance(listed, dict) else listed)}
    assert found == set(names())
    for name in ("three-zones", "local-area-2", "nation"):
        installed.zones("describe", name)
    installed.zones("new", "our-plan", "--from", "three-zones")
    installed.zones("run", "our-plan.toml", "--replicates", "2", "--months", "12", "--out", "plan")


def test_a_sweep(installed: Installed) -> None:
    installed.zones("new-design", "our-design.toml")
    installed.zones("sweep", "our-design.toml", "--points", "12", "--replicates", "1", "--out", "swept")
    assert json.loads(installed.zones("status", "swept", "--json").stdout)["complete"] is True
    installed.zones("sensitivity", "swept")


def test_a_briefing(installed: Installed) -> None:
    installed.zones("brief", "--months", "36", "--out", "briefing")
    assert (installed.folder / "briefing.pdf").read_bytes().startswith(b"%PDF")
    assert "<html" in (installed.folder / "briefing.html").read_text(encoding="utf-8")


@pytest.fixture
def served(installed: Installed) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [str(installed.bin / "zones"), "app", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(words, cwd=installed.folder, env=installed.environment, stderr=subprocess.PIPE)
    try:
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_the_pages(served: str) -> None:
    def ask(path: str) -> tuple[int, bytes]:
        with urllib.request.urlopen(served + path, timeout=30) as answer:
            return answer.status, answer.read()

    end = time.monotonic() + 180
    while True:
        try:
            assert ask("/health") == (200, b"ok")
            break
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < end, "the pages did not begin to answer"
            time.sleep(0.5)
    status, page = ask("/")
    assert status == 200 and b"Transformation Zones" in page
    for script in ("/static/public/main.js", "/pages/list.js", "/pages/zones/page.js", "/pages/zones/plan.js"):
        assert ask(script)[0] == 200
