"""Which reading of the research parameters are drawn by: chosen in every command and page, kept and replayed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim import posterior
from sim.app import actions, brief, link, log
from sim.app.answer import answer
from sim.app.jobs import Jobs
from sim.app.question import FIRST, read_question
from sim.cli import build_parser, main
from sim.errors import ScenarioError, UnknownName
from sim.organisation.generate.synthetic import generate
from sim.posterior.words import TWO_READINGS
from sim.results.replay import replay

OTHER = "as-cited"
COMMANDS = {
    "run": ["run", "with-teams"],
    "compare": ["compare", "with-teams", "without-teams"],
    "sweep": ["sweep", "a.toml"],
    "plan": ["plan", "a.toml"],
    "update": ["update", "with-teams", "--observed", "a.csv"],
    "brief": ["brief", "with-teams", "without-teams"],
    "evidence": ["evidence"],
    "app": ["app"],
}
DESIGN = """
scenarios = ["with-teams", "without-teams"]
months = 12
replicates = 2
outcomes = ["practitioners_using_share"]
area = {settings = {sites = 6}}
[[factors]]
name = "coaching"
values = [0.5, 1.0]
"""
QUESTION = """
months = 24
[limits]
cash = 200000
[area]
settings = {sites = 6}
"""


def rows_of(folder: Path, name: str) -> tuple[posterior.Row, ...]:
    return posterior.read((folder / name).read_text(), name)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_command_takes_it_and_refuses_a_name_that_there_is_not(words: list[str], capsys: Any) -> None:
    parser = build_parser()
    assert parser.parse_args([*words, "--calibration", OTHER]).calibration == OTHER
    assert parser.parse_args(words).calibration in (None, posterior.DEFAULT)
    with pytest.raises(SystemExit):
        parser.parse_args([*words, "--calibration", "as-citd"])
    said = capsys.readouterr().err
    assert "must be as-published or as-cited; got 'as-citd'. Did you mean as-cited?" in said


def test_a_result_keeps_which_it_was_and_is_run_again_with_it(tmp_path: Path) -> None:
    quick = ["--replicates", "4", "--months", "12"]
    for name in posterior.NAMES:
        out = tmp_path / name
        assert main(["run", "with-teams", *quick, "--calibration", name, "--out", str(out)]) == 0
        assert json.loads((out / "manifest.json").read_text())["calibration"]["name"] == name
        assert rows_of(out, "parameters.csv") == posterior.load(name).rows
        assert replay(out).identical
    one, other = (tmp_path / name / "series.parquet" for name in posterior.NAMES)
    assert one.read_bytes() != other.read_bytes()


def test_a_sweep_draws_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text(DESIGN)
    for name in posterior.NAMES:
        assert main(["sweep", "a.toml", "--calibration", name, "--out", name]) == 0
        assert rows_of(tmp_path / name, "sample.csv") == posterior.load(name).rows
    assert main(["sweep", "a.toml", "--calibration", OTHER, "--out", posterior.DEFAULT]) != 0, (
        "another sweep is refused"
    )


def test_a_search_for_plans_draws_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim
    from sim.commands.plans import _question
    from sim.planning.asking import loads

    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text(QUESTION)
    asked = build_parser().parse_args(["plan", "a.toml", "--calibration", OTHER])
    assert _question("a.toml", asked).calibration == OTHER
    asked = build_parser().parse_args(["plan", "a.toml"])
    assert _question("a.toml", asked).calibration == posterior.DEFAULT
    assert loads(QUESTION, "a").calibration == posterior.DEFAULT
    with pytest.raises(UnknownName, match="Did you mean 'as-cited'"):
        sim.plan(QUESTION, calibration="as-citd")


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    place = generate({"sites": 8, "organisation_seed": 3})
    return Jobs(place, sample=posterior.load().rows, log=tmp_path_factory.mktemp("log") / "log.sqlite")


CITED = {**FIRST.as_dict(), "months": 36, "calibration": OTHER}


def test_a_page_asks_by_it(jobs: Jobs) -> None:
    cited, published = read_question(CITED), read_question({**CITED, "calibration": posterior.DEFAULT})
    one, other = jobs.quick(cited), jobs.quick(published)
    assert one[0].sample == posterior.load(OTHER).rows and other[0].sample == posterior.load().rows
    both = min(one[0].replicates, other[0].replicates)  # an answer that is kept in full is given at once
    assert (one[0].counts[:both] != other[0].counts[:both]).any()
    bodies = [answer(jobs, q, p, quick=True) for q, p in ((cited, one), (published, other))]
    assert bodies[0]["arms"][0]["series"] != bodies[1]["arms"][0]["series"], (
        "what was kept of one is not shown for the other"
    )
    assert "as cited in 2018" in bodies[0]["reading"] and bodies[1]["reading"] == ""
    assert "calibration as-cited" in bodies[0]["foot"]


def test_a_question_without_it_is_the_usual_one_and_an_unknown_one_is_refused() -> None:
    assert read_question(FIRST.as_dict()) == FIRST and FIRST.calibration == posterior.DEFAULT
    assert "calibration" not in FIRST.as_dict(), "links from before stay as they were"
    assert read_question(read_question(CITED).as_dict()).calibration == OTHER
    for odd in ("as-citd", None, 3, ["as-cited"]):
        with pytest.raises(ScenarioError, match="known: as-published, as-cited"):
            read_question({**CITED, "calibration": odd})


def test_it_is_in_the_link_the_log_and_the_briefing(jobs: Jobs) -> None:
    question = read_question(CITED)
    pair = jobs.full(question, lambda: False)
    text = link.write(question, pair, page="explore", measure="sites_full_share", place=jobs.organisation.digest)
    assert link.read(text).question == question
    reply = actions.act(jobs, {"do": "log-add", "number": 1, "entry": {"finding": "x"}, "ask": CITED})
    plans = "With implementation teams against Without implementation teams (as cited in 2018)"
    assert reply["entries"][-1]["plans"] == plans
    assert link.read(log.entries(jobs.log)[-1]["link"]).question == question
    made = brief.make(jobs, question, pair, answer(jobs, question, pair, quick=False))
    page = brief.as_html(made)
    assert "calibration as-cited" in page and "Read as cited in 2018" in page
    assert "--calibration as-cited" in made.command


def test_the_page_evidence_tells_the_two_readings_and_the_ledger_of_the_one_chosen(jobs: Jobs) -> None:
    replies = [actions.act(jobs, {"do": "evidence", "number": 1, "calibration": name}) for name in posterior.NAMES]
    assert [r["calibration"] for r in replies] == list(posterior.NAMES)
    kinds = [{row["id"]: row["kind"] for row in r["rows"]} for r in replies]
    assert (kinds[0]["C1"], kinds[1]["C1"]) == ("predicted", "fitted")
    assert (kinds[0]["C1-as-published"], kinds[1]["C1-as-published"]) == ("fitted", "predicted")
    assert "four in five within three years" in replies[0]["readings"]
    assert (
        "calibration must be one of" in actions.act(jobs, {"do": "evidence", "number": 1, "calibration": "x"})["error"]
    )


def test_the_page_of_documents_tells_the_two_readings_in_the_same_words() -> None:
    page = " ".join((Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8").split())
    assert TWO_READINGS in page
