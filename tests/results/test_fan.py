"""The fan: one style for result folders, briefings and the pages."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from sim.app import serve
from sim.results import fan

MONTHS = 25


def band(name, middle):
    return fan.Band(name, *(np.linspace(0, middle * part, MONTHS) for part in (0.8, 0.9, 1.0, 1.1, 1.2)))


@pytest.fixture
def axes():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def test_each_line_is_the_median_and_is_named_at_its_end(axes):
    fan.draw(axes, [band("With teams", 0.3), band("Without teams", 0.1)])
    ends = {to_hex(line.get_color()): line.get_ydata()[-1] for line in axes.lines}
    assert ends == pytest.approx({fan.COLOURS[0].lower(): 0.3, fan.COLOURS[1].lower(): 0.1})
    assert {text.get_text() for text in axes.texts} == {"With teams\n24 to 36 %", "Without teams\n8.0 to 12 %"}


def test_the_inner_band_lies_within_the_outer(axes):
    fan.draw(axes, [band("With teams", 0.3)])
    outer, inner = (c.get_paths()[0].get_extents() for c in axes.collections)
    assert outer.y1 == pytest.approx(0.36) and inner.y1 == pytest.approx(0.33)


def test_a_plan_has_the_same_colour_on_the_pages_in_a_briefing_and_in_a_result():
    style = (Path(serve.__file__).parent / "assets" / "custom.css").read_text(encoding="utf-8")
    assert re.search(r"--a: (#\w+); --b: (#\w+);", style).groups() == fan.COLOURS[:2]
