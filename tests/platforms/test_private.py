"""Compiled code is kept only where no other user can have put any."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine import kernel
from sim.platforms import private
from sim.platforms.private import private_folder

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
OWN = f"transformation-zones-{os.geteuid()}" if hasattr(os, "geteuid") else ""

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners of folders")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives folders away")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def shared(tmp_path):
    """A folder for all users, as /tmp is."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


def test_it_is_made_for_this_user_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        folder = private_folder(tmp_path, "ours", "digest")
    finally:
        os.umask(before)
    assert folder == tmp_path.resolve() / "ours" / "digest"
    assert [mode(folder), mode(folder.parent)] == [0o700, 0o700]
    assert private_folder(tmp_path, "ours", "digest") == folder


def test_a_folder_that_all_users_share_will_do(shared):
    assert private_folder(shared, "ours").is_relative_to(shared.resolve())


def test_what_others_could_only_read_is_closed(tmp_path):
    (tmp_path / "ours").mkdir(mode=0o755)
    assert mode(private_folder(tmp_path, "ours")) == 0o700


@pytest.mark.parametrize("bits", [0o777, 0o770, 0o1777, 0o702])
@pytest.mark.parametrize("which", ["ours", "ours/digest"])
def test_what_others_may_have_written_to_is_not_used(tmp_path, which, bits):
    private_folder(tmp_path, "ours", "digest")
    (tmp_path / which).chmod(bits)
    with pytest.raises(PermissionError, match="other users"):
        private_folder(tmp_path, "ours", "digest")


@as_root
@pytest.mark.parametrize("which", ["ours", "ours/digest"])
def test_what_another_user_made_is_not_used(shared, which):
    private_folder(shared, "ours", "digest")
    os.chown(shared / which, NOBODY, NOBODY)
    with pytest.raises(PermissionError, match="belongs to another user"):
        private_folder(shared, "ours", "digest")


@pytest.mark.parametrize("leads_to", ["folder", "nowhere"])
def test_a_link_in_its_place_is_not_followed(shared, tmp_path, leads_to):
    (tmp_path / "folder").mkdir(mode=0o700)
    (shared / "ours").symlink_to(tmp_path / leads_to)
    with pytest.raises(PermissionError, match="not a folder"):
        private_folder(shared, "ours")
    assert not list((tmp_path / "folder").iterdir())


@as_root
def test_parents_that_another_user_owns_or_may_write_are_refused(tmp_path):
    theirs = tmp_path / "theirs"
    (theirs / "below").mkdir(parents=True)
    assert private_folder(theirs / "below", "ours")
    theirs.chmod(0o777)
    with pytest.raises(PermissionError, match="may be written by other users"):
        private_folder(theirs / "below", "ours")
    theirs.chmod(0o755)
    os.chown(theirs, NOBODY, NOBODY)
    with pytest.raises(PermissionError, match="belongs to another user"):
        private_folder(theirs / "below", "ours")


@as_root
def test_a_base_that_is_a_link_is_judged_by_where_it_leads(shared, tmp_path):
    (shared / "theirs").mkdir()
    os.chown(shared / "theirs", NOBODY, NOBODY)
    (shared / "to-theirs").symlink_to(shared / "theirs")
    with pytest.raises(PermissionError, match="theirs belongs to another user"):
        private_folder(shared / "to-theirs", "ours")
    (tmp_path / "sound").mkdir()
    (shared / "to-sound").symlink_to(tmp_path / "sound")
    assert private_folder(shared / "to-sound", "ours") == tmp_path.resolve() / "sound" / "ours"


@as_root
def test_the_next_folder_is_tried_and_a_given_one_is_the_only_one(shared, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    monkeypatch.setattr(private.tempfile, "gettempdir", lambda: str(shared))
    folder, amiss = kernel._found()
    assert folder.is_relative_to(shared.resolve() / OWN)
    assert "another user" in amiss[0]
    os.chown(shared / OWN, NOBODY, NOBODY)
    assert kernel._found()[0] is None
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(shared))
    folder, amiss = kernel._found()
    assert folder is None
    assert amiss == [f"{shared.resolve() / OWN} belongs to another user"]


PLANTED = """
from sim.engine import draws, kernel
draws.row_of(7, 0, 1000)
print(kernel.cache_folder())
"""


class Planted:
    """Writes a file when it is unpickled, as another user's code would do anything else."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (Path.touch, (self.mark,))


def start(base: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(base)}
    words = [sys.executable, "-c", PLANTED]
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@as_root
def test_what_another_user_planted_is_never_run(shared, tmp_path):
    """The control: the same file in a folder of our own is read and does run."""
    mark = tmp_path / "ran"
    indexes = list(Path(start(shared).stdout.strip()).rglob("*.nbi"))
    assert indexes
    for index in indexes:
        index.write_bytes(pickle.dumps(Planted(mark)))
    start(shared)
    assert mark.exists()
    mark.unlink()
    for index in indexes:
        index.write_bytes(pickle.dumps(Planted(mark)))
    os.chown(shared / OWN, NOBODY, NOBODY)
    refused = start(shared)
    assert (refused.returncode, refused.stdout.strip()) == (0, "None")
    assert not mark.exists()
