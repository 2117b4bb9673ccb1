"""Every example of README.md and docs/ is run unchanged."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from docs_examples import PAGES, ROOT, Example, Failed, Reader, examples, of_pages

from sim.cli import build_parser

ELSEWHERE = {
    r"pip3? install": "installs packages; .ci/run does what the README says",
    r"^(pipx|uv) ": "installs packages; tests/installed does the same with pip",
    r"^(kubectl|helm) ": "needs Kubernetes",
    r"^sbatch |^python slurm_cluster.py": "needs Slurm",
    r"^unshare ": "needs a user namespace, and runs all tests of the pages",
    r"^python experiments/findings.py FOLDER\.\.\.": "needs every sweep of experiments/ at full length",
    r"^python tests/browser/": "takes minutes in a browser; what it opens is tested in tests/browser",
    r"--engine gpu": "needs an NVIDIA GPU; tests/gpu runs the same program without one",
    r"from dask_(jobqueue|kubernetes)": "needs Slurm or Kubernetes",
}
"""What cannot be run here, and why; its grammar is looked at all the same."""
LONG = (
    r"^zones (evidence|benchmark|calibrate|app|discover)\b",
    r"^zones sweep .*\.toml *(#.*)?$",
    r"^zones (plan|replay|status) .*ours",
    r"^zones (ladder|update)\b",
    r"--interactive",
    r"^zones brief .*--out three",
    r"--cluster",
    r"^dask ",
    r"^python tests/benchmarks/",
    r"^python -m sim.evidence\.",
)
"""Commands that take more than some five seconds."""
FORMULAS = "docs/odd.md"
SITES = """site_id,name,agency,type,roll,staff,simd_q1_share,locality,area
P1,First School,education,primary,210,14.2,0.40,North,Glen
P2,Second School,education,primary,180,11.0,0.25,South,Glen
H1,High School,education,secondary,700,60,0.25,North,Glen
"""
SERVICES = """site_id,name,agency,type,roll,staff,simd_q1_share,locality,area
N1,Little Steps,private,nursery,40,6.6,0.30,North,Glen
F1,Family Centre,third_sector,family_support,50,8,0.30,South,Glen
"""
WRONG = """site_id,name,agency,type,roll,staff
P1,First School,education,primary,210,14
P2,Second School,educaton,primary,180,11
P3,A School,education,primary,180,11
P4,A School,education,primary,180,11
P5,A School,education,primary,180,11
P6,A School,education,primary,180,11
P7,A School,education,primary,180,11
P1,A School,education,primary,180,11
"""
DESIGN = """question = "Does coaching matter?"
scenarios = ["with-teams", "without-teams"]
months = 24
replicates = 20
[design]
kind = "grid"
[[factors]]
name = "coaching"
values = [0.2, 0.8]
scenarios = ["with-teams"]
"""
SWEEP = "zones sweep experiments/first-zone-size.toml --replicates 2"
WORDS = {"NAME": "with-teams", "FILE": "our_sites.csv", "N": "8799", "CONDITION": "'sites_full_share@120 < 0.5'"}


def is_long(command: str) -> bool:
    return any(re.search(pattern, command) for pattern in LONG)


def elsewhere(text: str) -> bool:
    return any(re.search(pattern, text.partition("  #")[0]) for pattern in ELSEWHERE)


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Reader:
    """Somebody who has made the results that examples start from."""
    return Reader(tmp_path_factory.mktemp("library"))


@pytest.fixture
def reader(tmp_path: Path, library: Reader) -> Iterator[Reader]:
    reader = Reader(tmp_path, library)
    yield reader
    reader.leave()


def provide(reader: Reader, command: str) -> None:
    """The files that a command names as the reader's own, but those that it writes."""
    words = shlex.split(command, comments=True)
    for before, word in zip(["", *words], words, strict=False):
        path = reader.folder / word
        if before in ("--save", "--out", "new-list", "new") or "/" in word or path.exists():
            continue
        if word == "our_sites.csv":
            reader.run("zones new-list our_sites.csv")
        elif word == "design.toml":
            path.write_text(DESIGN, encoding="utf-8")
        elif word == "children_services_2024.csv":
            path.write_text(SERVICES, encoding="utf-8")
        elif word.endswith(".csv"):
            path.write_text(SITES, encoding="utf-8")
        elif word.endswith(".xlsx"):
            (reader.folder / "sites.csv").write_text(SITES, encoding="utf-8")
            pd.read_csv(reader.folder / "sites.csv").to_excel(path, index=False)


def folder_of(reader: Reader, pattern: str, made_by: str) -> str:
    """The newest folder of that kind; where the reader has none, a copy of one that is made once."""
    own, kept = reader.results(pattern), reader.library.results(pattern)
    if not own and not kept:
        reader.library.run(made_by)
        kept = reader.library.results(pattern)
    if not own:
        own = [shutil.copytree(kept[-1], reader.folder / "results" / kept[-1].name)]
    return str(own[-1].relative_to(reader.folder))


def stood_in(reader: Reader, command: str) -> str:
    """A command with what a page leaves open filled in."""
    command = re.sub(r"\s#.*$", "", command)
    command = re.sub(r"[\[\]]", "", command) if command.startswith("zones ") else command
    command = re.sub(r"^make ", "make -n ", command).replace(" ... ", " ")
    if "CONDITION" in command:
        made = "zones sweep experiments/where-it-stalls.toml --replicates 1 --points 100"
        command = re.sub(r"\bDIR\b", lambda _: folder_of(reader, "*where-it-stalls", made), command)
    command = re.sub(
        r"results/\d{4}-\.\.\.-first-zone-size|\bDIR\b", lambda _: folder_of(reader, "*zone-size", SWEEP), command
    )
    run = "zones run with-teams --replicates 4 --months 12"
    command = re.sub(r"results/\.\.\.", lambda _: folder_of(reader, "*with-teams*", run), command)
    if "experiments/NAME" in command:
        command = command.replace("NAME", "first-zone-size")
    command = re.sub(r"tcp://[a-z-]+:8786", "tcp://127.0.0.1:8786", command).replace("/project/", "./project/")
    return re.sub(r"\b(NAME|FILE|N|CONDITION)\b", lambda found: WORDS[found[1]], command)


def exactly(command: str) -> None:
    """Parse it, with nothing taken otherwise than written."""
    try:
        build_parser().parse_args(shlex.split(command, comments=True)[1:])
    except SystemExit as ended:
        if ended.code:
            raise Failed(command) from ended


def follow(reader: Reader, command: str) -> None:
    """Do what a page says, as it says it."""
    command = stood_in(reader, command)
    provide(reader, command)
    if command.startswith("zones "):
        exactly(command)
    if command.startswith("zones app"):
        reader.serve(command, until="The page is at")
        reader.answers(command)
        reader.leave()
    elif command.startswith("dask "):
        reader.serve(command, until="Scheduler at" if "scheduler" in command else "Starting established connection")
    else:
        if "--cluster tcp://" in command and not reader.serving:
            follow(reader, "dask scheduler --port 8786")
            follow(reader, "dask worker tcp://that-machine:8786 --nworkers 1 --nthreads 1")
        reader.run(command)


def only_named(command: str) -> bool:
    """A command that a sentence names, without what it is to be done to."""
    words = shlex.split(command)
    if words[0] != "zones" or any(not w.startswith("--") for w in words[2:]) or "--help" in words:
        return False
    known = build_parser().commands[words[1]]
    assert all(w in known.format_help() for w in words[2:]), command
    needs = [action for action in known._actions if not action.option_strings]
    return bool(needs) and words[1] != "list"


EVERY = of_pages()
BLOCKS = [e for e in EVERY if e.language != "inline" and any(not elsewhere(c) for c in e.commands())]
IN_BLOCKS = {c.partition("  #")[0].strip() for e in BLOCKS for c in e.commands()}
NAMED = [e for e in EVERY if e.language == "inline" and not elsewhere(e.text) and e.text not in IN_BLOCKS]
NAMED = list({e.text: e for e in NAMED}.values())
PYTHON = [e for e in EVERY if e.language == "python" and not elsewhere(e.text)]
SHORT_BLOCKS = [e for e in BLOCKS if any(not is_long(c) for c in e.commands())]
LONG_BLOCKS = [e for e in BLOCKS if any(is_long(c) for c in e.commands())]
ELSE = [e for e in EVERY if any(elsewhere(c) for c in (e.commands() or [e.text]))]


def of(language: str, page: str) -> Example:
    (found,) = [e for e in EVERY if e.language == language and e.page == page]
    return found


def test_every_block_is_run_or_says_why_not():
    """A block of a new kind has to be given a way to be run."""
    run = [*BLOCKS, *NAMED, *PYTHON, *ELSE, *(e for e in EVERY if e.language == "inline" and e.text in IN_BLOCKS)]
    run += [of("csv", "docs/organisation-files.md"), of("toml", "docs/scenarios.md"), of("toml", "docs/sweeps.md")]
    run += [of("powershell", "README.md")]  # tests/test_readme.py
    run += [of("sql", "docs/sweeps.md"), *(e for e in EVERY if e.text.startswith("glen_sites.csv: 2 problems"))]
    # Its commands are typed in tests/observed; its answer is made by experiments/observed_example.py.
    run += [e for e in EVERY if e.page == "docs/observed-data.md" and e.language == "text"]
    texts = {e.text for e in run}
    left = [str(e) for e in EVERY if e.text not in texts and (e.language, e.page) != ("", FORMULAS)]
    assert left == []
    assert len(EVERY) > 60
    for pattern in ELSEWHERE:
        assert any(re.search(pattern, e.text) for e in EVERY), f"{pattern}: no example needs this any longer"
    for pattern in LONG:
        commands = [c for e in EVERY for c in e.commands()]
        assert any(re.search(pattern, c) for c in commands), f"{pattern}: no example needs this any longer"


@pytest.mark.parametrize("example", SHORT_BLOCKS, ids=str)
def test_a_block_of_commands(example, reader):
    for command in example.commands():
        if not is_long(command) and not elsewhere(command):
            follow(reader, command)


@pytest.mark.slow
@pytest.mark.parametrize("example", LONG_BLOCKS, ids=str)
def test_a_whole_block_of_commands(example, reader):
    for command in example.commands():
        if not elsewhere(command):
            follow(reader, command)


@pytest.mark.parametrize("example", [e for e in NAMED if not is_long(e.text)], ids=str)
def test_a_command_in_the_text(example, reader):
    if not only_named(example.text):
        follow(reader, example.text)


@pytest.mark.slow
@pytest.mark.parametrize("example", [e for e in NAMED if is_long(e.text)], ids=str)
def test_a_long_command_in_the_text(example, reader):
    if not only_named(example.text):
        follow(reader, example.text)


@pytest.mark.parametrize("example", PYTHON, ids=str)
def test_python(example, reader):
    source = example.text
    if "results/.../runs.parquet" in source:
        folder = folder_of(reader, "*zone-size", SWEEP)
        source = source.replace("results/...", folder)
    reader.python(source)


@pytest.mark.parametrize("example", ELSE, ids=str)
def test_what_cannot_be_run_here_is_sound_as_far_as_can_be_seen(example, reader):
    if example.language == "python":
        compile(example.text, str(example), "exec")
    for command in example.commands():
        reader.run(f"bash -n -c {shlex.quote(command)}")
        if command.startswith("zones "):
            exactly(command)


def test_the_query(reader):
    """SQLite reads the same words; the table's name is the file's."""
    folder = reader.folder / folder_of(reader, "*zone-size", SWEEP)
    query = of("sql", "docs/sweeps.md").text
    (name,) = re.findall(r"FROM '(.*?)'", query)
    with sqlite3.connect(":memory:") as base:
        pd.read_parquet(folder / "runs.parquet").to_sql(name, base)
        rows = base.execute(query).fetchall()
    base.close()
    assert [row[0] for row in rows] == tomllib.loads((ROOT / "experiments" / "first-zone-size.toml").read_text())[
        "factors"
    ][0]["values"]


def test_the_smallest_list(reader):
    (reader.folder / "glen_sites.csv").write_text(of("csv", "docs/organisation-files.md").text, encoding="utf-8")
    reader.run("zones check glen_sites.csv && zones run with-teams --area glen_sites.csv --replicates 4")


def test_the_problems_of_a_list(reader):
    (reader.folder / "glen_sites.csv").write_text(WRONG, encoding="utf-8")
    (shown,) = [e.text for e in EVERY if e.text.startswith("glen_sites.csv: 2 problems")]
    with pytest.raises(Failed) as told:
        reader.run("zones check glen_sites.csv")
    assert " ".join(shown.split()) in " ".join(str(told.value).split())


def test_the_scenario_file(reader):
    (reader.folder / "ours.toml").write_text(of("toml", "docs/scenarios.md").text, encoding="utf-8")
    reader.run("zones describe ours.toml && zones compare ours.toml without-teams --replicates 4")


def sweep(reader: Reader, more: str) -> pd.DataFrame:
    """The runs of the design that docs/sweeps.md shows, on the list that it names."""
    (reader.folder / "design.toml").write_text(of("toml", "docs/sweeps.md").text, encoding="utf-8")
    provide(reader, "zones check our_sites.csv")
    reader.run(f"zones sweep design.toml --out swept {more}")
    assert len(pd.read_csv(reader.folder / "swept" / "not_run.csv")) == 0
    return pd.read_parquet(reader.folder / "swept" / "runs.parquet")


def test_the_design_file_with_few_points(reader):
    runs = sweep(reader, "--points 4 --replicates 2")
    assert len(runs) == 4 * 2 * 2
    assert runs.error.isna().all() if "error" in runs else True


@pytest.mark.slow
def test_the_design_file(reader):
    design = tomllib.loads(of("toml", "docs/sweeps.md").text)
    runs = sweep(reader, "")
    assert len(runs) == design["design"]["points"] * design["replicates"] * len(design["scenarios"])


BROKEN = """
```sh
zones list
zones describe with-teamz   # no such scenario
```
~~~python
import sim
sim.compare("with-teams")
~~~
Type `zones list --lever` or `zones run`, then, `zones runn with-teams`.
"""


def test_a_broken_example_fails(reader):
    """The control, one of each kind."""
    block, python, option, named, command = examples(BROKEN, "page.md")
    assert block.commands() == ["zones list", "zones describe with-teamz   # no such scenario"]
    follow(reader, block.commands()[0])
    with pytest.raises(Failed, match="with-teamz"):
        follow(reader, block.commands()[1])
    with pytest.raises(Failed, match="two or more scenarios are needed"):
        reader.python(python.text)
    with pytest.raises(Failed, match="--lever"):
        reader.run(option.text + "x")
    assert only_named(named.text)
    with pytest.raises(KeyError, match="runn"):
        only_named("zones runn")
    with pytest.raises(Failed, match="runn"):
        follow(reader, command.text)


def test_a_server_that_ends_is_no_server(reader):
    with pytest.raises(Failed, match="did not say"):
        reader.serve("zones list", until="The page is at")


def test_comments_go_on_to_name_commands():
    example = Example("page.md", 1, "sh", "zones new ours   # a file to edit, then: zones run ours.toml\n\n# nothing\n")
    assert example.commands() == ["zones new ours   # a file to edit, then: zones run ours.toml", "zones run ours.toml"]
    assert PAGES[0] == "README.md" and (ROOT / PAGES[1]).is_file()
