"""An update kept as one file: taken wherever its folder is, and checked before anything of it is read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import ResultError
from sim.observed.contents import MANIFEST, OBSERVED, ROWS, all_files
from sim.observed.one_file import SIZES, packed, unpacked
from sim.observed.python import update
from sim.observed.tables import RUNS
from sim.organisation.generate.synthetic import generate
from sim.planning.begun import start_from, start_of
from sim.scenarios.files import load

SEEN = """month,zone,measure,value,observed
6,first zone,using,4,60
12,first zone,using,12,60
12,all,core team capacity,0.24,
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    at = tmp_path_factory.mktemp("kept")
    (at / "seen.csv").write_text(SEEN)
    found = update("with-teams", at / "seen.csv", runs=300, out=at / "year-1")
    return at, found


@pytest.fixture(scope="module")
def kept(made):
    return all_files(made[1], {"command": "made here", "place": {"pages": True}})


@pytest.fixture(scope="module")
def content(kept):
    return packed(kept, "update-month-12")


@pytest.fixture(scope="module")
def place():
    return generate(dict(load("with-teams").area))


def archive(files, top="update-month-12/"):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files:
            made.writestr(f"{top}{name}", data)
    return written.getvalue()


def test_the_file_holds_what_the_folder_does(made, kept, content):
    folder = made[0] / "year-1"
    there = {str(p.relative_to(folder).as_posix()): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert set(there) == set(kept) == set(unpacked(content, "x", SIZES))
    assert {n for n in there if there[n] != kept[n]} == {MANIFEST}
    dated = ("command", "start", "end", "organisation")
    one, other = ({k: v for k, v in json.loads(f[MANIFEST]).items() if k not in dated} for f in (there, kept))
    assert one == other
    assert b"row 3" not in kept[OBSERVED]
    assert packed(kept, "update-month-12") == content


def test_commands_take_the_file_like_the_folder(made, content, tmp_path, capsys):
    path = tmp_path / "kept.zip"
    path.write_bytes(content)
    assert main(["replay", str(path)]) == 0
    assert "identical" in capsys.readouterr().out
    assert main(["brief", str(path), "--out", str(tmp_path / "page")]) == 0
    assert "Are we on course?" in (tmp_path / "page.html").read_text(encoding="utf-8")
    from_file, from_folder = start_from(path), start_from(made[0] / "year-1")
    assert (from_file.begun, from_file.rows) == (from_folder.begun, from_folder.rows)
    path.write_bytes(content[: len(content) // 2])
    assert main(["replay", str(path)]) == 1
    assert "kept.zip: is not a sound ZIP archive" in capsys.readouterr().err


def test_a_place_at_hand_is_not_read_from_the_file(made, kept, content, place):
    start = start_of(content, "kept.zip", place)
    assert start.begun == start_from(made[0] / "year-1").begun
    without = {n: c for n, c in kept.items() if not n.endswith(".parquet")}
    assert start_of(packed(without, "x"), "kept.zip", place).rows == start.rows
    with pytest.raises(ResultError, match="another place"):
        start_of(content, "kept.zip", generate({**load("with-teams").area, "organisation_seed": 7}))


def test_whatever_was_changed_is_noticed(kept, place):
    rows, seen, table = json.loads(kept[ROWS]), json.loads(kept[OBSERVED]), kept[RUNS].decode().split("\n")
    name = next(iter(rows[0]))
    table[1] = table[1].replace(",", ",9", 1)
    changed = {
        ROWS: [{**rows[0], name: rows[1][name]}, *rows[1:]],
        OBSERVED: [{**seen[0], "value": 0.5}, *seen[1:]],
        MANIFEST: {**json.loads(kept[MANIFEST]), "month_0": "2020-01-01"},
        RUNS: "\n".join(table),
    }
    for file, value in changed.items():
        data = value if isinstance(value, str) else json.dumps(value)
        with pytest.raises(ResultError, match="changed"):
            start_of(packed({**kept, file: data.encode()}, "x"), "kept.zip", place)
    for file, data in ((ROWS, b"[" * 5000), (OBSERVED, b"[{}]"), (MANIFEST, b"{}"), (OBSERVED, b"[1e999]")):
        with pytest.raises(ResultError, match=r"kept.zip"):
            start_of(packed({**kept, file: data}, "x"), "kept.zip", place)


def test_nothing_is_unpacked_by_its_own_name_or_beyond_its_size(kept, tmp_path, place):
    files = list(kept.items())
    odd = [("../../escaped.txt", b"x"), ("notes/own.txt", b"x"), ("__MACOSX/._update.json", b"x"), ("run.sh", b"x")]
    path = tmp_path / "kept.zip"
    path.write_bytes(archive([*files, *odd]))
    assert start_from(path).begun == start_of(path.read_bytes(), "kept.zip", place).begun
    assert [p.name for p in tmp_path.iterdir()] == ["kept.zip"]
    assert not Path(tmp_path.parent / "escaped.txt").exists()
    assert start_of(archive(files, top=""), "kept.zip", place).begun.month == 12
    large = {**kept, MANIFEST: b" " * (SIZES[MANIFEST] * 1024**2 + 1)}
    cut = bytearray(archive([(MANIFEST, kept[MANIFEST]), *(f for f in files if f[0] != MANIFEST)]))
    cut[150] ^= 0xFF
    refused = {
        "larger than 1 MiB": archive(large.items()),
        "update.json, and holds 0": archive(odd),
        "update.json, and holds 2": archive([*files, ("../update.json", b"")], ""),
        f"lacks {ROWS}": archive([f for f in files if f[0] != ROWS]),
        "more than an update has": archive([*files, *((f"{i}.txt", b"") for i in range(300))]),
        "not a sound ZIP": bytes(cut),
        "sound ZIP archive": b"PK\x03\x04" + bytes(500),
    }
    for words, data in refused.items():
        with pytest.raises(ResultError, match=words):
            start_of(data, "kept.zip", place)


def test_a_file_that_is_there_twice_or_locked_is_refused(kept, place):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = archive([*kept.items(), (ROWS, b"[]")])
    with pytest.raises(ResultError, match="twice"):
        start_of(twice, "kept.zip", place)
    locked = bytearray(archive(kept.items()))
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    with pytest.raises(ResultError, match="not a sound ZIP"):
        start_of(bytes(locked), "kept.zip", place)
