"""What is done where a system lacks what another has; the same comes out, so far as it can."""

from __future__ import annotations

import builtins
import errno
import io
import math
import ntpath
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import filelock
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import apart, atomic
from sim.platforms import cores, files, locks, memory, names, ports, private, processes, screen, signals, sources

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system says that it is Windows: every fallback that asks for its name is taken."""
    monkeypatch.setattr(sys, "platform", "win32")


def lack(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """These modules cannot be imported."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".", maxsplit=1)[0] in modules:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)


# Cores


def test_cores_are_those_that_the_process_is_bound_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cores, "SHARE", tmp_path / "none")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 7}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert cores.cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores.cores() == 8
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores.cores() == 1


@pytest.mark.parametrize(
    ("told", "expected"),
    [("max 100000", 8), ("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("0 100000", 1), ("?", 8),
     ("1 0", 8), ("9900000 100000", 8)],
)  # fmt: skip
def test_a_container_s_share_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str, expected: int) -> None:
    (tmp_path / "cpu.max").write_text(told)
    monkeypatch.setattr(cores, "SHARE", tmp_path / "cpu.max")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert cores.cores() == expected


def test_the_load_is_not_known_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1.5, 1.0, 1.0), raising=False)
    assert cores.load() == 1.5
    monkeypatch.delattr(os, "getloadavg")
    assert cores.load() is None


# Files


def test_bytes_are_written_as_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The C library of Windows turns a line feed into two bytes unless the handle is binary from the start."""
    asked: list[int] = []
    real, binary = os.open, 1 << 30

    def spy(path: Any, flags: int, *rest: Any) -> int:
        asked.append(flags)
        return real(path, flags & ~binary, *rest)

    monkeypatch.setattr(os, "O_BINARY", binary, raising=False)
    monkeypatch.setattr(os, "open", spy)
    with files.open_new(tmp_path / "a") as stream:
        stream.write(b"one\ntwo\r\n")
    files.keep_private(tmp_path / "b")
    assert all(flags & binary for flags in asked) and len(asked) == 2
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\r\n"


def fill(out: Path) -> dict[str, bytes]:
    with atomic.whole_folder(out) as part:
        (part / "a.csv").write_bytes(b"1\n")
        (part / "deeper").mkdir()
        (part / "deeper" / "b").write_bytes(b"\r\n")
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


@pytest.mark.parametrize("there", ["nothing", "an empty folder"])
def test_a_folder_comes_out_the_same_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str) -> None:
    here = fill(tmp_path / "here")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(files, "within_reach", lambda path: path)
    real = Path.replace

    def as_windows_does(self: Path, target: Path) -> Path:
        if self.is_dir() and target.exists():
            raise PermissionError(13, "Access is denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", as_windows_does)
    monkeypatch.setattr(files, "PAUSE", 0.0)
    out = tmp_path / "there"
    if there == "an empty folder":
        out.mkdir()
    assert fill(out) == here
    assert sorted(p.name for p in tmp_path.iterdir()) == ["here", "there"]
    with pytest.raises(OSError):
        fill(out)  # it is not empty now
    assert {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} == set(here)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["here", "there"]


def test_the_folder_above_is_not_opened_where_that_cannot_be(
    windows: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = os.open

    def as_windows_does(path: Any, *rest: Any) -> int:
        if Path(path).is_dir():
            raise PermissionError(13, "Access is denied")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", as_windows_does)
    monkeypatch.setattr(files, "within_reach", lambda path: path)
    atomic.write_whole(tmp_path / "a.txt", "£\n")
    assert (tmp_path / "a.txt").read_bytes() == "£\n".encode()
    monkeypatch.setattr(sys, "platform", "linux")
    atomic.write_whole(tmp_path / "a.txt", "again")  # a share that refuses is no reason to lose the file
    assert (tmp_path / "a.txt").read_bytes() == b"again"


def refusing(times: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    tried: list[int] = []
    real = Path.replace

    def busy(self: Path, target: Path) -> Path:
        tried.append(1)
        if len(tried) <= times:
            raise PermissionError(13, "Access is denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr(files, "PAUSE", 0.0)
    return tried


def test_a_virus_scanner_is_waited_for(windows: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "within_reach", lambda path: path)
    tried = refusing(3, monkeypatch)
    atomic.write_whole(tmp_path / "a.txt", "x")
    assert (tmp_path / "a.txt").read_text() == "x" and len(tried) == 4


def test_a_file_that_is_open_elsewhere_is_said_to_be(
    windows: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "within_reach", lambda path: path)
    (tmp_path / "a.csv").write_text("open in Excel")
    tried = refusing(10_000, monkeypatch)
    with pytest.raises(PermissionError, match="another program has it open") as told:
        atomic.write_whole(tmp_path / "a.csv", "x")
    assert told.value.filename == str(tmp_path / "a.csv") and len(tried) == files.TRIES
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_elsewhere_nothing_is_tried_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    tried = refusing(10_000, monkeypatch)
    with pytest.raises(PermissionError, match="Access is denied"):
        atomic.write_whole(tmp_path / "a.csv", "x")
    assert len(tried) == 1


@given(st.lists(st.text("abc -_é", min_size=1, max_size=60).map(lambda s: f"x{s}x"), min_size=1, max_size=12),
       st.sampled_from(["C:\\", "\\\\server\\share\\"]))  # fmt: skip
def test_long_paths_of_windows_are_given_in_their_long_form(parts: list[str], root: str) -> None:
    path = root + "\\".join(parts)
    found = files.long_form(path)
    if len(path) < files.LONG:
        assert found == path
    else:
        assert found.startswith("\\\\?\\") and files.long_form(found) == found
        told = found.removeprefix("\\\\?\\")
        plain = "\\\\" + told.removeprefix("UNC\\") if root.startswith("\\\\") else told
        assert plain == path and ntpath.isabs(plain)


@pytest.mark.parametrize("path", ["C:/a/" + "b" * 200 + "/./c/../d", "C:\\a\\" + "b" * 200 + "\\d"])
def test_a_long_form_has_backslashes_and_no_dots(path: str) -> None:
    assert files.long_form(path) == "\\\\?\\C:\\a\\" + "b" * 200 + "\\d"


def test_elsewhere_a_path_is_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    path = Path("/" + "x/" * 200)
    assert files.within_reach(path) is path


# Locks


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    with locks.held(tmp_path / "lock"):
        other = locks.Lock(tmp_path / "lock")
        with pytest.raises(locks.Held):
            other.take()
    other.take()
    other.let_go()


@pytest.mark.parametrize(
    "lacking", [NotImplementedError(), OSError(errno.ENOLCK, "no locks"), OSError(errno.EOPNOTSUPP, "not here")]
)
def test_without_locks_of_the_system_a_file_stands_for_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lacking: Exception
) -> None:
    class Lacking(filelock.FileLock):  # type: ignore[misc, valid-type]
        def _acquire(self) -> None:
            raise lacking

    monkeypatch.setattr(filelock, "FileLock", Lacking)
    with locks.held(tmp_path / "lock"):
        with pytest.raises(locks.Held):
            locks.Lock(tmp_path / "lock").take()
        assert (tmp_path / "lock.held").exists()
    with locks.held(tmp_path / "lock"):
        pass
    assert fill(tmp_path / "out") == {"a.csv": b"1\n", "deeper/b": b"\r\n"}
    assert not list(tmp_path.glob(".*"))


def test_a_disk_that_cannot_be_written_is_no_missing_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Refusing(filelock.FileLock):  # type: ignore[misc, valid-type]
        def _acquire(self) -> None:
            raise OSError(errno.EROFS, "read-only file system")

    monkeypatch.setattr(filelock, "FileLock", Refusing)
    with pytest.raises(OSError, match="read-only"):
        locks.Lock(tmp_path / "lock").take()


# Memory


@pytest.mark.parametrize("system", ["win32", "darwin", "cygwin"])
def test_memory_is_left_alone_where_the_c_library_is_another(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    """On Windows `ctypes.CDLL(None)` is a TypeError."""
    import ctypes

    def refuse(_: object) -> None:
        raise TypeError("argument 1 must be str, not None")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setattr(sys, "platform", system)
    assert memory.give_back_memory() is False


@pytest.mark.parametrize("lacking", [TypeError("none"), OSError("none"), AttributeError("mallopt")])
def test_a_c_library_without_it_stops_nothing(monkeypatch: pytest.MonkeyPatch, lacking: Exception) -> None:
    import ctypes

    def refuse(_: object) -> None:
        raise lacking

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert memory.give_back_memory() is False


def test_a_python_without_ctypes_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    lack(monkeypatch, "ctypes")
    assert memory.give_back_memory() is False


def test_the_most_memory_is_told_in_one_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")

    class Usage:
        ru_maxrss = 512 * 1024

    monkeypatch.setattr(resource, "getrusage", lambda _: Usage)
    monkeypatch.setattr(sys, "platform", "linux")
    assert memory.peak_memory() == 512.0
    monkeypatch.setattr(sys, "platform", "darwin")  # which counts bytes
    assert memory.peak_memory() == 0.5


def test_the_most_memory_is_told_by_psutil_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    class Psutil:
        class Process:
            def memory_info(self) -> object:
                return type("Told", (), {"peak_wset": 3 * 1024**2})

    monkeypatch.setitem(sys.modules, "psutil", Psutil)
    lack(monkeypatch, "resource")
    assert memory.peak_memory() == 3.0
    lack(monkeypatch, "resource", "psutil")
    assert math.isnan(memory.peak_memory())


# Names and commands


@pytest.mark.parametrize(
    "name",
    ["CON", "con.toml", "Nul", "COM1.tar.gz", "lpt9", "COM²", "aux .txt", "a:b", "a/b", "a\\b", "what?", "tab\t",
     "ends.", "ends ", "", "é" * 130, "CONIN$"],
)  # fmt: skip
def test_names_that_some_system_refuses_are_told_and_mended(name: str) -> None:
    assert names.why_not(name)
    assert names.why_not(names.safe(name)) == ""


@pytest.mark.parametrize("name", ["our-plan.toml", "Contact.csv", "com10", "nullify", "Plan A (2)", "zones", "Ärzte"])
def test_names_that_all_take_stay_as_they_are(name: str) -> None:
    assert names.why_not(name) == "" and names.safe(name) == name


@given(st.text(max_size=300), st.integers(1, 120))
def test_a_mended_name_is_always_taken(name: str, most: int) -> None:
    assert names.why_not(names.safe(name, most)) == "" and len(names.safe(name, most)) <= most + 1


WORDS = st.lists(st.text("abc :/\\=,-$`\"'()@%é", max_size=12), max_size=6)


@given(WORDS)
def test_a_command_is_read_back_on_every_system(words: list[str]) -> None:
    assert shlex.split(names.command_line(words)) == words
    before, sys.platform = sys.platform, "win32"
    try:
        told = names.command_line(words)
    finally:
        sys.platform = before
    assert shlex.split(told) == words


def test_a_command_is_written_as_windows_takes_it(windows: None) -> None:
    words = ["zones", "compare", "with-teams", "--area", "C:\\Our lists\\sites 1.csv", "--sites", "P1,P9"]
    assert names.command_line(words) == 'zones compare with-teams --area "C:\\Our lists\\sites 1.csv" --sites "P1,P9"'


# Ports


def test_a_taken_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as one, socket.socket() as other:
        ports.take(one, "127.0.0.1", 0)
        one.listen()
        with pytest.raises(OSError):
            ports.take(other, "127.0.0.1", one.getsockname()[1])


def test_on_windows_a_port_is_asked_for_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """There the other option would share a port that is in use."""
    asked: list[int] = []

    class Probe:
        def setsockopt(self, _: int, option: int, value: int) -> None:
            asked.append(option)

        def bind(self, address: tuple[str, int]) -> None:
            pass

    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    ports.take(Probe(), "127.0.0.1", 1)  # type: ignore[arg-type]
    assert asked == [-5]


# Where compiled code is kept


def test_a_system_without_owners_has_one_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(os, "geteuid", raising=False)
    assert private.user() == "own"
    folder = private.private_folder(tmp_path, "ours", "digest")
    assert folder.is_dir() and folder.is_relative_to(tmp_path.resolve())
    assert private.private_folder(tmp_path, "ours", "digest") == folder


@pytest.mark.parametrize(
    ("system", "given", "expected"),
    [
        ("linux", {"NUMBA_CACHE_DIR": "/n", "XDG_CACHE_HOME": "/x"}, ["/n"]),
        ("linux", {"XDG_CACHE_HOME": "/x", "LOCALAPPDATA": "/l"}, ["/x", "/tmp"]),
        ("linux", {"HOME": "/h", "LOCALAPPDATA": "/l"}, ["/h/.cache", "/tmp"]),
        ("darwin", {"HOME": "/h"}, ["/h/.cache", "/tmp"]),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/l"}, ["/l", "/tmp"]),
        ("win32", {"HOME": "/h"}, ["/h/.cache", "/tmp"]),
    ],
)
def test_places_for_compiled_code(
    monkeypatch: pytest.MonkeyPatch, system: str, given: dict[str, str], expected: list[str]
) -> None:
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(private.tempfile, "gettempdir", lambda: "/tmp")
    monkeypatch.setattr(sys, "platform", system)
    assert [p.as_posix() for p in private.places()] == expected


def test_a_service_without_a_home_has_a_place_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert private.places() == [Path(private.tempfile.gettempdir())]


# Processes


def test_without_a_python_to_start_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    assert processes.start(["-c", "pass"]) is None
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert processes.start(["-c", "pass"]) is None


def test_a_process_is_heard_and_ends_with_its_input() -> None:
    process = processes.start(["-c", "import sys; print('here', flush=True); sys.stdin.read()"], heard=True)
    assert process is not None and process.stdout is not None
    assert process.stdout.readline().strip() == b"here"
    assert not processes.has_ended(process, 0.05)
    processes.end(process)
    assert process.stdin is not None and process.stdin.closed and process.poll() is not None


ORDERED = """
import sys
from sim import apart
def found(order):
    apart.tell({"order": sorted(order)})
    return {"read": apart.unframed(apart.framed(b"x"))} if order.get("bad") else {"sum": sum(order["numbers"])}
apart.work(found)
"""


def test_a_process_is_given_its_order_and_tells_line_by_line() -> None:
    process = processes.start(["-c", ORDERED], heard=True, environment={**os.environ, "PYTHONPATH": str(ROOT)})
    assert process is not None
    told: list[dict[str, Any]] = []
    apart.follow(process, apart.sent({"numbers": [1, 2], "name": "ä"}), lambda line: not told.append(line))  # type: ignore[func-returns-value]
    assert told == [{"order": ["name", "numbers"]}, {"done": {"sum": 3}}]
    processes.end(process)


class Pipe:
    """A pipe of Windows, as `PeekNamedPipe` sees it: open for some looks, then closed at its other end."""

    def __init__(self, looks: int) -> None:
        self.looks, self.asked = looks, 0

    def get_osfhandle(self, handle: int) -> int:
        return handle + 1000

    def PeekNamedPipe(self, handle: int, size: int) -> tuple[int, int]:
        assert (handle, size) == (1007, 0)
        self.asked += 1
        if self.asked > self.looks:
            raise BrokenPipeError(errno.EPIPE, "the pipe has been ended")
        return 0, 0


def test_on_windows_a_pipe_is_looked_at_and_never_read(windows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read that waits would stop a library that looks at standard input as it is loaded."""
    pipe = Pipe(3)
    monkeypatch.setitem(sys.modules, "_winapi", pipe)
    monkeypatch.setitem(sys.modules, "msvcrt", pipe)
    monkeypatch.setattr(processes, "LOOK", 0.0)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read"))
    processes._wait_for_the_end(7)
    assert pipe.asked == 4


def test_elsewhere_a_pipe_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"not for it")
    os.close(writing)
    processes._wait_for_the_end(reading)
    assert os.read(reading, 1) == b""
    os.close(reading)


ORPHAN = """
import sys, time
import sim.platforms.processes as processes
processes.end_with(sys.stdin.buffer)
print("here", flush=True)
time.sleep(600)
"""


def test_a_process_ends_when_whoever_began_it_has_gone() -> None:
    process = processes.start(["-c", ORPHAN], heard=True, environment={**os.environ, "PYTHONPATH": str(ROOT)})
    assert process is not None and process.stdin is not None and process.stdout is not None
    assert process.stdout.readline().strip() == b"here"
    process.stdin.close()
    assert process.wait(60) == 1
    process.stdout.close()


COMPILED = """
import hashlib, sys
import sim
from sim.platforms import processes
begun = []
real = processes.start
def counted(*a, **k):
    begun.append(1)
    return {start}
processes.start = counted
from sim.engine import compiling
compiling.cores = lambda: 3
found = sim.run("with-teams", replicates=4, months=6).frame()
print(len(begun), hashlib.sha256(found.to_csv().encode()).hexdigest())
"""


@pytest.mark.slow
def test_figures_are_the_same_where_no_process_can_help_to_compile(tmp_path: Path) -> None:
    told = []
    for number, start in enumerate(("real(*a, **k)", "None")):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path / str(number))}
        words = [sys.executable, "-c", COMPILED.format(start=start)]
        told.append(subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout.split())
    assert told[0] == told[1] and told[0][0] == "3"


# Signals


def test_only_endings_that_the_system_knows_are_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP", raising=False)
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    assert signals.numbers() == [signal.SIGTERM, signal.SIGUSR1]
    before = signals.heed(lambda *_: None)
    try:
        assert set(before) == {signal.SIGTERM, signal.SIGUSR1}
    finally:
        signals.restore(before)
    came: list[int] = []
    earlier = signal.signal(signal.SIGUSR1, lambda n, _: came.append(n))
    try:
        with signals.undisturbed():
            signal.raise_signal(signal.SIGUSR1)
            assert came == []
        assert came == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, earlier)


def test_another_thread_heeds_nothing() -> None:
    found: list[object] = []

    def look() -> None:
        with signals.undisturbed():
            found.append(signals.heed(lambda *_: None))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [{}]


# The screen


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "cp437", "ascii", "utf-8", "cp65001"])
def test_every_screen_shows_something_for_every_sign(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    monkeypatch.setattr(sys, "stdout", stream)
    screen.prepare_streams()
    print("£5 – “half” ≤ ½ Ö 家 \u2192")
    stream.flush()
    shown = raw.getvalue().decode(encoding)
    assert "5" in shown and "half" in shown
    assert shown.startswith(("£5 – “half” ≤", "£5", "GBP 5"))


def test_a_process_without_a_console_prints_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    screen.prepare_streams()
    print("nobody sees this")
    sys.stdout.close()
    sys.stderr.close()


def test_a_reader_that_has_gone_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    invalid = OSError(errno.EINVAL, "Invalid argument")
    monkeypatch.setattr(sys, "platform", "linux")
    assert screen.reader_has_gone(BrokenPipeError(errno.EPIPE, "")) and not screen.reader_has_gone(invalid)
    monkeypatch.setattr(sys, "platform", "win32")
    assert screen.reader_has_gone(invalid) and not screen.reader_has_gone(OSError(errno.ENOSPC, "full"))


def test_a_line_is_drawn_over_with_spaces_where_signs_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("TERM", "xterm")
    assert screen.drawn_over("abc", 10) == "\r\033[Kabc"
    monkeypatch.setenv("TERM", "dumb")
    assert screen.drawn_over("abc", 10) == "\rabc      "
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "platform", "win32")
    assert screen.drawn_over("abc", 10) == "\rabc      "
    assert screen.drawn_over("0123456789abc", 10) == "\r012345678"


# Sources


def test_sources_count_alike_whatever_their_line_ends(tmp_path: Path) -> None:
    for name, end in (("one", b"\n"), ("two", b"\r\n")):
        (tmp_path / name / "b").mkdir(parents=True)
        for path in ("b/x.py", "a.py", "B.py"):
            (tmp_path / name / path).write_bytes(b"x = 1" + end + b"y = 2" + end)
    one, two = (b"".join(sources.as_they_count(tmp_path / n, (tmp_path / n).rglob("*.py"))) for n in ("one", "two"))
    assert one == two
    assert one.startswith(b"B.py\0x = 1\ny = 2\n\0a.py\0")
    (tmp_path / "two" / "a.py").write_bytes(b"x = 2")
    assert one != b"".join(sources.as_they_count(tmp_path / "two", (tmp_path / "two").rglob("*.py")))
