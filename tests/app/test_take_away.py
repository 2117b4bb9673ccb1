"""What is taken away gives the same numbers again: the briefing's own command, the link, the settings."""

import html
import re
import shlex

import pytest

from sim.app import actions, link
from sim.cli import build_parser, main
from sim.commands.pages import _jobs

AREA = """site_id,name,agency,type,roll,staff
A1,Secret school,education,primary,200,12
A2,<script>window.HACKED=1</script>,education,secondary,600,40
A3,"calc & <b>O'Hara</b>",education,nursery,60,8
A4,../../etc/passwd,health,health_visiting,150,9
A5,Bridge {a:cost_total} $x$,social_work,social_work,120,10
A6,Low road,education,primary,180,11
A7,Fern bank,education,nursery,90,9
"""
PLAIN = {"arms": [{"preset": "with-teams"}, {"preset": "train-and-hope"}], "months": 36, "seed": 1}
CHANGED = {
    "arms": [
        {"preset": "with-teams", "set": {"coaching": 0.5, "core_team_size": 3}},
        {"preset": "without-teams", "set": {"turnover_factor": 2}},
    ],
    "months": 60,
    "seed": 7,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("area")
    (made / "our=sites.csv").write_text(AREA, encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def few_runs(monkeypatch):
    """Page and command alike run fewer, to be quick."""
    monkeypatch.setattr("sim.app.jobs.FULL", 24)


def opened(folder, *words):
    return _jobs(build_parser().parse_args(["app", *words, "--log", str(folder / "log.sqlite")]))


def briefing(jobs, question):
    told = actions.act(jobs, {"do": "brief", "ask": question, "kind": "html"})
    assert "error" not in told, told
    return told["text"]


@pytest.mark.parametrize("question", [PLAIN, CHANGED], ids=["shipped", "changed"])
@pytest.mark.parametrize("words", [(), ("--area", "our=sites.csv", "--as-given")], ids=["generated", "own"])
def test_the_briefings_command_gives_every_number_again(folder, monkeypatch, question, words):
    monkeypatch.chdir(folder)
    page = briefing(opened(folder, *words), question)
    command = html.unescape(re.search(r"<code>(zones brief.*?)</code>", page).group(1))
    assert "our=sites" not in page
    command = command.replace("LIST-1.csv", "our=sites.csv")
    assert main([*shlex.split(command)[1:], "--out", "again"]) in (0, None)
    assert (folder / "again.html").read_text(encoding="utf-8") == page


def test_the_command_knows_an_area_of_another_scenario(folder, monkeypatch):
    monkeypatch.chdir(folder)
    jobs = opened(folder, "--scenario", "local-area-3")
    page = briefing(jobs, PLAIN)
    command = html.unescape(re.search(r"<code>(zones brief.*?)</code>", page).group(1))
    assert "--area-of local-area-3" in command
    main([*shlex.split(command)[1:], "--out", "other"])
    assert (folder / "other.html").read_text(encoding="utf-8") == page


def test_other_numbers_would_be_seen(folder, monkeypatch):
    """Negative control."""
    monkeypatch.chdir(folder)
    page = briefing(opened(folder), PLAIN)
    main(["brief", "with-teams", "train-and-hope", "--months", "36", "--seed", "2", "--out", "else"])
    assert (folder / "else.html").read_text(encoding="utf-8") != page


def test_a_link_for_another_area_is_refused_by_the_briefing(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    told = actions.act(
        opened(folder), {"do": "link", "ask": CHANGED, "page": "explore", "measure": "practitioners_using_share"}
    )
    assert len(told["link"]) < 1900
    assert main(["brief", "--link", told["link"], "--area", "our=sites.csv", "--as-given"]) == 1
    assert "another area" in capsys.readouterr().err


def test_names_of_sites_are_in_nothing_that_is_taken_away(folder, monkeypatch):
    monkeypatch.chdir(folder)
    jobs = opened(folder, "--area", "our=sites.csv", "--as-given")
    taken = [briefing(jobs, CHANGED)]
    for message in (
        {"do": "link", "page": "explore", "measure": "practitioners_using_share"},
        {"do": "settings", "arm": 0},
        {"do": "inspect", "month": 2, "who": 1},
        {"do": "log"},
    ):
        taken.append(str(actions.act(jobs, {"ask": CHANGED, **message})))
    taken.append(
        str(
            link.read(
                actions.act(
                    jobs, {"ask": CHANGED, "do": "link", "page": "explore", "measure": "practitioners_using_share"}
                )["link"]
            )
        )
    )
    taken.append(str(actions.place(jobs)))
    for secret in ("Secret school", "HACKED", "calc", "etc/passwd", "Bridge", "Low road", "Fern bank"):
        for text in taken:
            assert secret not in text, secret


def test_the_paper_briefing_says_the_same(folder, monkeypatch):
    monkeypatch.chdir(folder)
    told = actions.act(opened(folder), {"do": "brief", "ask": PLAIN, "kind": "pdf"})
    import base64

    assert base64.b64decode(told["base64"]).startswith(b"%PDF")


def test_settings_taken_away_are_run_as_they_are(folder, monkeypatch):
    monkeypatch.chdir(folder)
    zones = [{"name": "first", "choose": 2, "opens": 1}, {"name": "rest", "choose": "rest", "opens": 20}]
    arm = {"preset": "with-teams", "set": {"coaching": 0.5, "teams": "core"}, "zones": zones}
    told = actions.act(opened(folder), {"do": "settings", "ask": {"arms": [arm, arm]}, "arm": 0})
    (folder / told["file"]).write_text(told["text"], encoding="utf-8")
    assert main(["run", told["file"], "--replicates", "2", "--months", "24", "--out", "run"]) in (0, None)
    assert (folder / "run" / "manifest.json").is_file()
