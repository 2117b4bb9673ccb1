"""The order of a month is data: what runs in both engines is what is declared, printed and timed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from engine_builders import busy, place

from sim.cli import main
from sim.engine import schedule
from sim.engine.benchmark.steps import NAMES, timed
from sim.engine.model import TransformationModel
from sim.engine.schedule import FIRST_DAY, ORDER, PHASES
from sim.engine.setup import prepare

STEPS = [step.name for step in ORDER]


def test_the_mesa_model_takes_the_declared_steps_in_their_order():
    seen: list[str] = []

    class Watched(TransformationModel):
        def __getattribute__(self, name):
            if name in {step.name for step in (*FIRST_DAY, *ORDER)}:
                seen.append(name)
            return super().__getattribute__(name)

    model = Watched(question=busy(months=3), organisation=place(sites=8), history=False)
    first = [step.name for step in FIRST_DAY]
    assert seen == [*first, *(step.name for step in ORDER if step.in_month_0)]
    seen.clear()
    model.step()
    assert seen == STEPS


def test_what_is_compiled_is_the_declared_order():
    called = re.findall(r"(\w+)\((?:world|p|out|now)[.,)]", schedule.written().partition("\n")[2])
    assert called == [step.name for step in (*FIRST_DAY, *ORDER)]
    code = schedule.run_months.py_func.__code__.co_names
    assert [name for name in code if name in called] == list(dict.fromkeys(called))


@pytest.mark.parametrize("step", (*FIRST_DAY, *ORDER), ids=lambda step: step.name)
def test_every_step_has_words_a_phase_and_a_method_of_the_mesa_model(step):
    assert step.words
    assert step.phase in PHASES
    assert set(step.needs) <= set(schedule.GIVEN)
    assert callable(getattr(TransformationModel, step.name))


def test_phases_follow_one_another():
    phases = [PHASES.index(step.phase) for step in ORDER]
    assert phases == sorted(phases)


def test_the_order_is_printed(capsys):
    assert main(["describe", "--order"]) == 0
    lines = capsys.readouterr().out
    assert re.findall(r"^   [ *] (\w+)", lines.partition("Then")[2], re.MULTILINE) == STEPS
    assert main(["describe", "--order", "--json"]) == 0
    assert [row["step"] for row in json.loads(capsys.readouterr().out)["every_month"]] == STEPS
    with pytest.raises(SystemExit, match="2"):
        main(["describe"])
    assert "name the scenario" in capsys.readouterr().err


def test_the_page_gives_the_order_as_it_is_run():
    page = (Path(schedule.__file__).parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \d \| `(\w+)` \|", page, re.MULTILINE) == STEPS


def test_every_step_is_timed():
    found = timed(prepare(busy(months=12), place(sites=8)), 2)
    assert found.shape == (2, len(NAMES))
    assert np.isfinite(found).all()
    assert (np.median(found, axis=0)[[NAMES.index("practise"), NAMES.index("serve")]] > 0).all()
