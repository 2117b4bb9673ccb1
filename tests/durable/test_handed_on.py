"""What is handed on names nobody: every byte of every result is searched for tell-tale strings."""

from __future__ import annotations

import base64
import io
import json
import shutil
import zlib
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.results import unnamed
from sim.results.unnamed import APART, NOTE

TOLD = ("5312345", "5312301", "Quixley", "Zennor", "Vaultby", "Grimswold", "56.4617", "-2.9702", "8.1234")
LIST = "vaultby_council_sites.csv"
PLAN = """title = "Ours"
base = "with-teams"
[[zones]]
name = "first"
sites = ["5312301", "5312303"]
opens = 1
"""
DESIGN = """
question = "Does coaching matter?"
scenarios = ["with-teams", "without-teams"]
months = 12
sample = "defaults"
replicates = 2
outcomes = ["sites_full_share@12"]
[area]
files = ["{list}"]
as_given = true
[design]
kind = "grid"
[[factors]]
name = "coaching"
values = [0.0, 1.0]
scenarios = ["with-teams"]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kinds = ["primary"] * 5 + ["secondary", "nursery", "nursery"]
    rows = [
        f"53123{k:02d},Quixley School {k},Vaultby,education,{kind},200,14,"
        f"{'Zennor' if k % 2 else 'Grimswold'},56.46{k}7,-2.97{k}2"
        for k, kind in enumerate(kinds)
    ]
    rows += ["5312345,Quixley Visitors,Vaultby,health,health_visiting,150,9,Zennor,56.4617,-2.9702"]
    rows += ["5312346,Quixley Social,Vaultby,social_work,social_work,120,10,Zennor,56.4618,-2.9703"]
    head = "site_id,name,area,agency,type,roll,staff,locality,lat,lon"
    (tmp_path / LIST).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "ours.toml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "design.toml").write_text(DESIGN.format(list=LIST), encoding="utf-8")
    one, two, _ = DESIGN.partition("[area]")[0], DESIGN.partition("[design]")[2].partition("[[factors]]")[0], 0
    areas = f'[[factors]]\nname = "area"\nvalues = ["{LIST}", ["vaultby_two.csv"]]\n'
    (tmp_path / "areas.toml").write_text(f"{one}[design]{two}{areas}", encoding="utf-8")
    (tmp_path / "vaultby_two.csv").write_text("\n".join([head, *rows[1:]]) + "\n", encoding="utf-8")
    planned = DESIGN.format(list=LIST).replace('"with-teams"', '"ours.toml"')
    (tmp_path / "planned.toml").write_text(planned, encoding="utf-8")
    (tmp_path / "vaultby").mkdir()
    (tmp_path / "vaultby" / "basis.toml").write_text('base = "with-teams"\n', encoding="utf-8")
    (tmp_path / "vaultby" / "vaultby_plan.toml").write_text(PLAN.replace("with-teams", "basis.toml"), encoding="utf-8")
    (tmp_path / "vaultby" / "vaultby_draws.csv").write_text("engage\n0.03\n0.05\n", encoding="utf-8")
    files = DESIGN.format(list=LIST).replace('"with-teams"', '"vaultby/vaultby_plan.toml"')
    files = files.replace('"defaults"', '"vaultby/vaultby_draws.csv"')
    (tmp_path / "files.toml").write_text(files, encoding="utf-8")
    plans = '[[factors]]\nname = "scenario"\nvalues = ["vaultby/vaultby_plan.toml", "half-the-team"]\n'
    (tmp_path / "plans.toml").write_text(DESIGN.format(list=LIST).partition("[[factors]]")[0] + plans, encoding="utf-8")
    based = PLAN.replace('"with-teams"', '"vaultby/basis.toml"')
    (tmp_path / "based.toml").write_text(based, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def content(path: Path) -> bytes:
    """A file's bytes, and what is packed inside them."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        data += json.dumps(table.to_pydict(), default=str, ensure_ascii=False).encode() + str(table.schema).encode()
    for mark in (b"stream\r\n", b"stream\n"):  # a PDF's text is deflated
        for piece in data.split(mark)[1:]:
            try:
                data += zlib.decompressobj().decompress(piece)
            except zlib.error:
                continue
    return data


def found(folder: Path) -> dict[str, list[str]]:
    """Tell-tale strings by file, names of files included."""
    told: dict[str, list[str]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = str(path.relative_to(folder)).encode() + content(path)
        seen = [word for word in TOLD if word.lower().encode() in text.lower()]
        if seen:
            told[str(path.relative_to(folder))] = seen
    return told


AREA = ["--area", LIST, "--as-given"]
QUICK = ["--replicates", "4", "--months", "24"]
MADE = {
    "run": ["run", "with-teams", *AREA, *QUICK, "--sites", "--out", "made/result"],
    "compare": ["compare", "with-teams", "without-teams", *AREA, *QUICK, "--sites", "--out", "made/result"],
    "named in the plan": ["run", "ours.toml", *AREA, *QUICK, "--sites", "--out", "made/result"],
    "brief": ["brief", *AREA, "--months", "36", "--out", "made/briefing"],
    "sweep": ["sweep", "design.toml", "--out", "made/result"],
    "sweep over areas": ["sweep", "areas.toml", "--out", "made/result"],
    "sweep with plan": ["sweep", "planned.toml", "--out", "made/result"],
    "sweep with files": ["sweep", "files.toml", "--out", "made/result"],
    "sweep over plans": ["sweep", "plans.toml", "--out", "made/result"],
    "made from a file": ["run", "based.toml", *AREA, *QUICK, "--out", "made/result"],
}


@pytest.mark.parametrize("kind", list(MADE))
def test_nothing_that_is_handed_on_names_the_place(here: Path, kind: str) -> None:
    (here / "made").mkdir()
    assert main(MADE[kind]) == 0
    apart = list((here / "made").rglob(APART))
    for folder in apart:
        assert "Leave this folder out" in next(folder.rglob(NOTE)).read_text(encoding="utf-8")
        told = found(folder)
        for word in ("Quixley", "Zennor", "Grimswold", "56.4617", "-2.9702"):
            assert not any(word in words for words in told.values()), told
        shutil.move(folder, here / "left-out")
    assert found(here / "made") == {}
    if apart and "sweep" not in kind:
        shutil.move(here / "left-out", apart[0])
        assert main(["replay", "made/result"]) == 0


@pytest.mark.parametrize("kind", ["run", "compare", "brief", "named in the plan"])
def test_with_names_they_are_found(here: Path, kind: str) -> None:
    """The control: the search finds what it looks for."""
    (here / "made").mkdir()
    assert main([*MADE[kind], "--show-names"]) == 0
    seen = {word for words in found(here / "made").values() for word in words}
    assert "Vaultby" in seen
    if kind != "brief":
        assert {"5312345", "5312301", "Quixley", "Zennor"} <= seen
        assert main(["replay", "made/result"]) == 0


def test_a_link_names_no_place(here: Path) -> None:
    from sim.app import link
    from sim.app.question import read_question
    from sim.cli import build_parser
    from sim.commands.pages import _jobs
    from sim.results.measures import CHARTED

    jobs = _jobs(build_parser().parse_args(["app", *AREA, "--log", "log.sqlite"]))
    question = read_question({"arms": [{"preset": "with-teams"}, {"preset": "without-teams"}], "months": 36, "seed": 1})
    place = jobs.organisation.digest
    text = link.write(question, jobs.quick(question), page="explore", measure=CHARTED[0], place=place)
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[link.CHECK :]
    plain = io.BytesIO(zlib.decompress(data)).read().decode()
    assert not [word for word in TOLD if word.lower() in plain.lower()]
    assert place[:12] not in plain
    shared = link.read(text)
    assert link.made_for(shared, place)
    assert link.made_for(replace(shared, place=place[:12]), place), "links from before"
    assert not link.made_for(shared, place[::-1])


def both(here: Path, words: list[str]) -> None:
    """The same run, guarded and with names, in a place whose nurseries have a staff of three."""
    rows = (here / LIST).read_text(encoding="utf-8").replace("nursery,200,14", "nursery,9,3")
    (here / LIST).write_text(rows, encoding="utf-8")
    for out, more in (("guarded", []), ("shown", ["--show-names"])):
        assert main([*words, *AREA, "--sites", "--out", out, *more]) == 0
        assert main(["replay", out]) == 0


def test_small_zones_show_no_figures(here: Path) -> None:
    plan = PLAN.replace('"5312301", "5312303"', '"5312306"')
    (here / "ours.toml").write_text(plan, encoding="utf-8")
    both(here, ["run", "ours.toml", *QUICK])
    series, shown = (pq.read_table(f"{out}/series.parquet").to_pandas() for out in ("guarded", "shown"))
    assert (shown[shown.zone == "first"].practitioners == 3).all(), "the control: there is such a zone"
    told = series[["zone", "practitioners", "families", "cost_cash"]]
    for zone in ("first", "outside"):  # all less outside would reveal the first
        assert told[told.zone == zone].drop(columns="zone").isna().all(axis=None)
    assert not told[told.zone == "all"].isna().any(axis=None)
    assert (series[series.zone == "all"].cost_cash == shown[shown.zone == "all"].cost_cash).all()


def test_small_sites_show_no_figures(here: Path) -> None:
    both(here, ["run", "with-teams", "--replicates", "20", "--months", "60"])
    sites, named = (pq.read_table(f"{out}/sites.parquet").to_pandas() for out in ("guarded", "shown"))
    marked = [c for c in sites if c.rpartition("_m")[2].isdecimal()]
    small = sites.site_id.str.startswith("Nursery").to_numpy()
    assert sites[small][marked].isna().all(axis=None)
    assert named[small][marked].notna().any(axis=None), "the control: they have figures"
    assert sites[~small][marked].equals(named[~small][marked])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("zones run our --area x/Vaultby.CSV --area b.xlsx", "zones run our --area LIST-1.csv --area LIST-2.xlsx"),
        ("zones run our --area=Vaultby.csv --out=Vaultby", "zones run our --area=LIST-1.csv --out=RESULT"),
        ("zones run Vaultby.csv --replicates 4", "zones run LIST-1.csv --replicates 4"),
        ("zones run /Vaultby/ours.toml --sheet Vaultby", "zones run ours.toml --sheet SHEET"),
        ("zones run our --column 'roll=Vaultby pupils'", "zones run our --column roll=HEADING"),
        ("zones run our --word 'Vaultby High=secondary'", "zones run our --word WORD=secondary"),
        ("zones run our --as-given with-teams", "zones run our --as-given with-teams"),
    ],
)
def test_a_command_names_no_file_sheet_or_heading(given: str, shown: str) -> None:
    assert unnamed.command(given) == shown
