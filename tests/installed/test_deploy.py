"""What docs/deploy/ says is tried as far as this machine allows: user, read-only system, proxy, sign-in, copies."""

from __future__ import annotations

import http.server
import importlib.util
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from sim.app import log

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
NAME = "zones.council.example"
ENTRY = {"question": "Is it worth it?", "decision": "Yes."}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unit(name: str) -> list[tuple[str, str]]:
    text = (DEPLOY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    return [(key, value) for key, _, value in (line.partition("=") for line in lines)]


# The copy of the learning log


@pytest.fixture
def keep_log() -> ModuleType:
    spec = importlib.util.spec_from_file_location("keep_log", DEPLOY / "keep_log.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_copy_can_be_put_back(keep_log: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log.add(path, ENTRY, plans="a against b", link="x")
    with closing(sqlite3.connect(path)) as writing:  # somebody writes while it is copied
        writing.execute("INSERT INTO entries VALUES (9, 'now', 'half', '', '', '', '', '')")
        copy = keep_log.keep(path, tmp_path / "copies")
        writing.rollback()
    assert [e["question"] for e in log.entries(copy)] == ["Is it worth it?"]
    before = log.entries(path)
    log.add(path, {"question": "Later"}, plans="", link="")
    shutil.copyfile(copy, path)
    assert log.entries(path) == before
    assert log.add(path, ENTRY, plans="", link="") == 2
    if os.name == "posix":
        assert copy.stat().st_mode & 0o077 == 0 and copy.parent.stat().st_mode & 0o077 == 0


def test_old_copies_go_and_the_newest_stays(keep_log: ModuleType, tmp_path: Path) -> None:
    path, copies = tmp_path / "log.sqlite", tmp_path / "copies"
    log.add(path, ENTRY, plans="", link="")
    copies.mkdir()
    for name, days in (("2020-01-01-000000", 31), ("2020-01-02-000000", 29)):
        (copies / f"learning-log-{name}.sqlite").write_bytes(b"old")
        old = time.time() - days * 24 * 3600
        os.utime(copies / f"learning-log-{name}.sqlite", (old, old))
    (copies / "other.sqlite").write_bytes(b"not ours")
    made = keep_log.keep(path, copies, 30)
    assert {p.name for p in copies.iterdir()} == {made.name, "learning-log-2020-01-02-000000.sqlite", "other.sqlite"}
    with pytest.raises(SystemExit, match="there is no learning log"):
        keep_log.keep(tmp_path / "none.sqlite", copies)
    (tmp_path / "broken.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises((SystemExit, sqlite3.DatabaseError)):
        keep_log.keep(tmp_path / "broken.sqlite", copies)


# What the files say


def test_the_pages_start_with_words_that_they_know() -> None:
    from sim.cli import build_parser

    words = next(value for key, value in unit("zones.service") if key == "ExecStart").split()
    assert words[0] == "/opt/zones/bin/zones"
    asked = build_parser().parse_args(words[1:])
    assert (asked.host, asked.port, asked.no_browser, asked.name) == ("127.0.0.1", 8765, True, [NAME])
    container = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "USER zones" in container and "/health" in container


def test_the_service_may_write_in_two_folders_alone() -> None:
    said = dict(unit("zones.service"))
    assert said["ProtectSystem"] == "strict" and said["User"] == "zones" and said["NoNewPrivileges"] == "yes"
    assert said["StateDirectory"] == said["CacheDirectory"] == "zones"
    assert "ReadWritePaths" not in said


@pytest.mark.parametrize("name", ["zones.service", "zones-backup.service", "zones-backup.timer"])
def test_systemd_knows_every_word_of_a_unit(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    for one in DEPLOY.glob("zones*.*"):
        text = one.read_text(encoding="utf-8").replace("/opt/zones/bin/zones", sys.executable)
        (tmp_path / one.name).write_text(text.replace("/opt/zones/bin/python", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(tmp_path / name)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if tmp_path.name in line or name in line]
    assert told == []


# The server behind a proxy


class SignIn(http.server.BaseHTTPRequestHandler):
    """Stands for oauth2-proxy: whoever has the cookie is signed in."""

    def do_GET(self) -> None:
        known = "who=me" in self.headers.get("Cookie", "")
        self.send_response(202 if self.path == "/oauth2/auth" and known else 401)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Pages(NamedTuple):
    """A server that answers: its port, its process, its folder for compiled code, and whether it has no rights."""

    port: int
    process: int
    cache: Path
    alone: bool


NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all"


def hides(folder: Path) -> Path | None:
    """The folder above it that hides it from a user without rights, None where none does; /tmp is always covered."""
    above = reversed(folder.parents)
    return next((p for p in above if p == Path("/tmp") or not p.stat().st_mode & stat.S_IXOTH), None)


def within_reach(held: Path) -> str:
    """Commands by which a user without rights reaches Python and these sources, in one mount namespace alone.

    Python may stand below /root (pyenv), which is closed to others. What is needed there is shown, all else is not.
    """
    needed = sorted({Path(p).resolve() for p in (sys.prefix, sys.base_prefix, ROOT)}, key=lambda p: len(p.parts))
    lacking = [(held / str(number), folder) for number, folder in enumerate(needed) if hides(folder)]
    covers = sorted({"/tmp", *(str(hides(folder)) for _, folder in lacking)})
    commands = [f"mkdir -p {place} && mount --bind {folder} {place}" for place, folder in lacking]
    commands += [f"mount -t tmpfs -o mode={1777 if c == '/tmp' else 755} none {c}" for c in covers]
    commands += [f"mkdir -p {folder} && mount --bind {place} {folder}" for place, folder in lacking]
    return " && ".join(commands)


def as_nobody(state: Path, cache: Path) -> list[str]:
    """What stands before a command so that it runs without rights, and can write in two folders alone."""
    steps = ["mount --make-rprivate /", within_reach(state / "held"), f"mount --bind {state} {state}",
             f"mount --bind {cache} {cache}", "mount -o remount,bind,ro /", f'exec {NOBODY} "$@"']  # fmt: skip
    return ["unshare", "-m", "sh", "-c", " && ".join(steps), "sh"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The server as a user without rights, on a system it can only read, where that can be done; else as it is."""
    if importlib.util.find_spec("solara") is None:
        pytest.skip("the extra 'app' is not installed")
    folder = Path("/var/tmp") if os.name == "posix" else tmp_path_factory.mktemp("pages")
    state, cache = folder / f"zones-state-{os.getpid()}", folder / f"zones-cache-{os.getpid()}"
    port = free_port()
    words = [sys.executable, "-m", "sim.cli", "app", "--host", "127.0.0.1", "--port", str(port), "--no-browser"]
    words += ["--name", NAME, "--results", str(state / "results"), "--log", str(state / "learning-log.sqlite")]
    for made in (state, state / "results", cache):
        made.mkdir(mode=0o700)
    alone = os.name == "posix" and os.geteuid() == 0 and all(map(shutil.which, ("unshare", "setpriv", "mount")))
    if alone:
        for made in (state, state / "results", cache):
            os.chown(made, 65534, 65534)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(state),
                   "NUMBA_CACHE_DIR": str(cache), "MPLCONFIGDIR": str(cache / "matplotlib")}  # fmt: skip
    if alone:
        tried = [*as_nobody(state, cache), sys.executable, "-c", "import numpy, sim"]
        done = subprocess.run(tried, cwd=state, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(state)
            shutil.rmtree(cache)
            pytest.skip(f"{sys.executable} cannot be run by a user without rights: {done.stderr.strip()[-300:]}")
        words = [*as_nobody(state, cache), *words]
    process = subprocess.Popen(words, cwd=state, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 240
        while not healthy(port):
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            assert time.monotonic() < end, "the pages did not begin to answer"
            time.sleep(0.5)
        yield Pages(port, process.pid, cache, alone)
    finally:
        process.terminate()
        process.communicate(timeout=60)
        shutil.rmtree(state, ignore_errors=True)
        shutil.rmtree(cache, ignore_errors=True)


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


@pytest.fixture(scope="module")
def proxy(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx with our file: other ports, plain HTTP, and a stand-in for the identity provider."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not here")
    folder, port, sign_in = tmp_path_factory.mktemp("proxy"), free_port(), free_port()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", sign_in), SignIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("127.0.0.1:8765", f"127.0.0.1:{pages.port}").replace("127.0.0.1:4180", f"127.0.0.1:{sign_in}")
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("listen 80;", "listen 127.0.0.1:1;")
    site = "\n".join(line for line in site.splitlines() if "ssl_certificate" not in line)
    start = site.index("server {")  # without its first server, which sends port 80 on to HTTPS
    site = site[:start] + site[site.index("server {", start + 1) :]
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; {temporary}\n{site}\n}}\n", encoding="utf-8",
    )  # fmt: skip
    words = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tested = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)
        server.shutdown()
        server.server_close()


def ask(port: int, path: str = "/", **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": NAME, **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.mark.slow
def test_nobody_passes_without_signing_in(proxy: int) -> None:
    assert ask(proxy)[0] in (401, 403)
    status, page = ask(proxy, Cookie="who=me")
    assert status == 200 and b"Transformation Zones" in page
    assert ask(proxy, Cookie="who=me", Host="evil.example")[0] == 421


def upgraded(port: int, origin: str) -> bytes:
    """The first line of the answer to a page's wish for a websocket."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": NAME, "Cookie": "who=me"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        session = answer.headers["Set-Cookie"].partition(";")[0]
    lines = [
        f"GET /jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()} HTTP/1.1",
        f"Host: {NAME}", f"Origin: {origin}", f"Cookie: who=me; {session}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", "",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return connection.makefile("rb").readline()


@pytest.mark.slow
def test_a_visitor_s_websocket_passes_the_proxy(proxy: int) -> None:
    assert b" 101 " in upgraded(proxy, f"https://{NAME}")
    assert b" 403 " in upgraded(proxy, "https://evil.example")


@pytest.mark.slow
def test_it_runs_without_rights_on_a_system_it_can_only_read(pages: Pages) -> None:
    if not pages.alone:
        pytest.skip("this needs root, unshare and setpriv")
    about = Path(f"/proc/{pages.process}")
    said = dict(line.split(":\t", 1) for line in (about / "status").read_text().splitlines() if ":\t" in line)
    assert said["Uid"].split() == ["65534"] * 4 and int(said["CapEff"], 16) == 0 and said["NoNewPrivs"] == "1"
    mounts = [line.split() for line in (about / "mounts").read_text().splitlines()]
    (root,) = [fields for fields in mounts if fields[1] == "/"][-1:]
    assert "ro" in root[3].split(",")
    made = {p.relative_to(pages.cache).parts[0] for p in pages.cache.rglob("*.nbc")}
    assert made == {"transformation-zones-65534"}, "what was compiled is kept in its own folder"
