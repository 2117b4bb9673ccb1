"""Finished work is kept whatever happens to the screen or the disk."""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim import atomic
from sim.cli import main
from sim.errors import ResultError
from sim.results import record

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--replicates", "8", "--months", "24"]
DESIGN = """
question = "Does coaching matter?"
scenarios = ["with-teams", "without-teams"]
months = 12
sample = "defaults"
replicates = 2
outcomes = ["sites_full_share@12"]
[area]
settings = {sites = 6}
[design]
kind = "grid"
[[factors]]
name = "coaching"
values = [0.0, 1.0]
scenarios = ["with-teams"]
"""


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def zones(words: list[str], where: Path, tail: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """A command in a shell, what follows it (a pipe, a redirection) in `tail`."""
    line = f"{shlex.join([sys.executable, '-m', 'sim.cli', *words])} {tail}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=where, env=environment(**more), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def whole(folder: Path) -> bool:
    there = {p.name for p in folder.iterdir()}
    return {"manifest.json", "series.parquet", "summary.csv", "costs.csv", "chart.png", "chart.svg"} <= there


COMPARE = ["compare", "with-teams", "without-teams", *QUICK, "--out", "kept"]


@pytest.mark.parametrize(
    ("tail", "more"),
    [("| head -1", []), ("| true", ["--json"]), (">/dev/full", []), (">/dev/full", ["--json"]), (">&-", [])],
)
def test_a_result_is_kept_though_it_cannot_be_printed(tmp_path: Path, tail: str, more: list[str]) -> None:
    if "/dev/full" in tail and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = zones([*COMPARE, *more], tmp_path, tail)
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, done.stderr
    assert whole(tmp_path / "kept")
    assert "Kept in kept" in done.stderr
    if tail == ">/dev/full":
        assert done.returncode == 1 and "standard output" in done.stderr


def test_a_screen_without_a_pound_sign_gets_words_for_it(tmp_path: Path) -> None:
    done = zones(COMPARE, tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "GBP" in done.stdout and done.stdout.isascii()
    assert whole(tmp_path / "kept")


def test_errors_may_be_lost_but_results_are_not(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = zones(COMPARE, tmp_path, "2>/dev/full")
    assert whole(tmp_path / "kept") and "sites" in done.stdout


def test_the_terminal_closes_while_a_result_is_kept(tmp_path: Path) -> None:
    """The signal comes at the moment when the first table is written; the control: by itself it ends the process."""
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # the tests may have been started by nohup
        "from sim.results import record\n"
        "real = record.write_tables\n"
        "def write(*a, **k):\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    return real(*a, **k)\n"
        "record.write_tables = write\n"
        "from sim.cli import main\n"
        f"sys.exit(main({COMPARE!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert done.returncode == 128 + signal.SIGHUP
    assert whole(tmp_path / "kept")
    plain = code.replace(
        "from sim.cli",
        "import contextlib\nfrom sim.platforms import signals\n"
        "signals.undisturbed = contextlib.nullcontext\nfrom sim.cli",
    )
    plain = plain.replace("'kept'", "'lost'")
    subprocess.run([sys.executable, "-c", plain], cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kept"]


def small_disk(words: list[str], where: Path, most: int) -> subprocess.CompletedProcess[str]:
    """A command whose files cannot grow past `most` bytes: what a full disk does, without a disk.

    Python keeps no compiled modules meanwhile: some of its versions would leave them cut short.
    """

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], cwd=where,
        env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, timeout=120,
        preexec_fn=limit, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "most", "made"),
    [
        (["new", "ours"], 100, ["ours.toml"]),
        (["brief", "--months", "36"], 5_000, ["briefing.html", "briefing.pdf"]),
        (COMPARE, 5_000, ["kept"]),
    ],
    ids=["new", "brief", "compare"],
)
def test_a_full_disk_leaves_nothing_that_blocks_the_next_try(
    tmp_path: Path, words: list[str], most: int, made: list[str]
) -> None:
    done = small_disk(words, tmp_path, most)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []
    again = zones(words, tmp_path)
    assert again.returncode == 0, again.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == made


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("swept")
    (where / "small.toml").write_text(DESIGN, encoding="utf-8")
    done = zones(["sweep", "small.toml", "--out", "kept"], where)
    assert done.returncode == 0, done.stderr
    return where / "kept"


def status(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    assert main(["status", str(folder), "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


TABLES = ("runs.parquet", "summary.csv", "figure.png", "figure.svg", "not_run.csv")
FAULTS = [(n, fault, sealed) for n in TABLES for fault in ("gone", "cut", "empty") for sealed in (True, False)]


@pytest.mark.parametrize("found", FAULTS, ids=str)
def test_a_sweep_is_not_complete_without_its_tables(
    swept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], found: tuple[str, str, bool]
) -> None:
    import shutil

    name, fault, sealed = found
    folder = tmp_path / "mine"
    shutil.copytree(swept, folder)
    if not sealed:
        (folder / "tables.json").unlink()
    assert status(folder, capsys)["complete"] is True
    path = folder / name
    before = path.read_bytes()
    if fault == "gone":
        path.unlink()
    else:
        path.write_bytes(before[: len(before) - 9] if fault == "cut" else b"")
    told = status(folder, capsys)
    assert told["complete"] is False and list(told["tables_amiss"]) == [name]  # type: ignore[call-overload]
    assert main(["status", str(folder)]) == 0
    out = capsys.readouterr().out
    assert name in out and "zones status --tables" in out and "It is complete" not in out
    assert status(folder, capsys, "--tables")["complete"] is True
    assert path.read_bytes() == before


def test_tables_of_a_sweep_on_a_full_disk_are_reported_and_written_later(swept: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "mine"
    shutil.copytree(swept, folder)
    (folder / "figure.png").unlink()
    done = small_disk(["status", "--tables", "mine"], tmp_path, 20_000)
    assert done.returncode == 1 and "All runs are kept" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert not list(folder.glob(".*"))
    assert "It is complete" in zones(["status", "--tables", "mine"], tmp_path).stdout


def test_what_a_killed_run_left_is_taken_away_and_a_living_ones_is_not(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom sim.atomic import whole_folder\n"
        "with whole_folder(Path('other')) as part:\n"
        "    (part / 'half').write_text('x')\n    print('there', flush=True)\n    time.sleep(60)\n"
    )
    words = [sys.executable, "-c", code]
    child = subprocess.Popen(words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None and child.stdout.readline() == "there\n"
        with record.beside(tmp_path / "one") as part:
            (part / "x").write_text("x")
        assert [p for p in tmp_path.iterdir() if p.name.startswith(".other.")], "a living process lost its folder"
    finally:
        child.kill()
        child.communicate()
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".other.")]
    with record.beside(tmp_path / "two") as part:
        (part / "x").write_text("x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]
    assert [p.name for p in (tmp_path / "two").iterdir()] == ["x"]


def test_hidden_folders_of_others_stay(tmp_path: Path) -> None:
    for name in (".git", ".theirs.part", ".new.abc.part"):
        (tmp_path / name).mkdir()
    (tmp_path / ".theirs.part" / "x").write_text("x")
    old = time.time() - 3 * atomic.FORGOTTEN
    for name in (".git", ".theirs.part"):
        os.utime(tmp_path / name, (old, old))
    atomic.clear_forgotten(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".git", ".new.abc.part", ".theirs.part"]


def test_a_file_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    atomic.write_whole(path, "first")
    with pytest.raises(FileExistsError):
        atomic.write_whole(path, "second", new=True)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        atomic.write_whole(path, "third")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"] and path.read_text() == "first"


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("file modes are those of POSIX")
    from sim.app import log

    path = tmp_path / "log.sqlite"
    path.touch(0o644)
    log.add(path, {"question": "Why?"}, plans="a, b", link="")
    assert path.stat().st_mode & 0o777 == 0o600
    atomic.write_whole(tmp_path / "b", "x", private=True)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_may_not_be_written_is_reported_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(ResultError, match=r"cannot be written.*Permission denied"), record.beside(tmp_path / "x"):
        pass
