"""Replicates enough: the stopping rule, what it saves, and whether its interval covers what it says it covers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sweep_builders import bytes_of, design, done, made

from sim.results.intervals import mean_difference
from sim.sweeps import schedule, stopping
from sim.sweeps.design import Stop
from sim.sweeps.runner import Threads, run
from sim.sweeps.store import Store

REPEATS = 1000
OUTCOME = "practitioners_using_share"


def _stopped(draw: object, width: float, *, least: int = 30, most: int = 5000) -> tuple[float, float, int]:
    """One point of a known model under the rule: its final interval and how many runs it took."""
    values = np.array([], np.float64)
    wanted = least
    while True:
        values = np.concatenate([values, draw(wanted - len(values))])  # type: ignore[operator]
        found = stopping.estimate(OUTCOME, values, None)
        following = stopping.next_look(found, wanted, width, most)
        if following == wanted:
            return found.low, found.high, wanted
        wanted = following


def _difference(luck: np.random.Generator) -> object:
    """A paired difference as sites give it: shares of ten, the second arm often at 0 (true mean 0.3 - 0.1)."""
    return lambda n: luck.binomial(10, 0.3, n) / 10 - luck.binomial(10, 0.1, n) / 10


def _skewed(luck: np.random.Generator) -> object:
    return lambda n: luck.beta(1.0, 3.0, n) - 0.05


@pytest.mark.parametrize(("model", "truth", "width"), [(_difference, 0.2, 0.06), (_skewed, 0.2, 0.06)])
def test_the_interval_covers_as_often_as_it_says(model: object, truth: float, width: float) -> None:
    """93 to 97 % over 1,000 repeats (by chance alone 93.6 to 96.4 % would hold 95 % of times)."""
    luck = np.random.default_rng(11)
    found = [_stopped(model(luck), width) for _ in range(REPEATS)]  # type: ignore[operator]
    covered = sum(low <= truth <= high for low, high, _ in found) / REPEATS
    runs = [n for *_, n in found]
    print(f"covered {100 * covered:.1f} %, {np.mean(runs):.0f} runs on average ({min(runs)} to {max(runs)})")
    assert 0.93 <= covered <= 0.97
    assert all(high - low <= width for low, high, _ in found)


def test_looking_after_every_run_would_not_cover() -> None:
    """What the rule guards against: stopping from three runs on at the first narrow interval."""
    luck = np.random.default_rng(12)
    covered = 0
    for _ in range(300):
        values = _difference(luck)(400)  # type: ignore[operator]
        for n in range(3, 400):
            found = mean_difference(values[:n])
            if found.high - found.low <= 0.15:
                break
        covered += found.low <= 0.2 <= found.high
    assert covered / 300 < 0.93


def _asked(place: Path, width: float, most: int = 200):  # type: ignore[no-untyped-def]
    return replace(design(place, replicates=most, points=3), stop=Stop(width, OUTCOME, 10))


def test_points_stop_by_themselves_and_the_rest_is_saved(tmp_path: Path) -> None:
    sweep = done(made(tmp_path, asked=_asked(tmp_path, 0.05)))
    store = Store(sweep.folder, sweep.design.outcomes)
    wants = schedule.replay_wants(sweep, store.rows)
    assert all(10 <= n < 200 for n in wants)
    for point, n in enumerate(wants):
        found = stopping.estimate(OUTCOME, *schedule.pair(sweep, store.rows, schedule.Seen(point, n, OUTCOME)))
        assert found.high - found.low <= 0.05


def test_it_stops_alike_however_it_was_run(tmp_path: Path) -> None:
    whole = done(made(tmp_path, "whole", asked=_asked(tmp_path, 0.03)))
    cut = made(tmp_path, "cut", asked=_asked(tmp_path, 0.03))

    class Cutting(Threads):
        def ready(self, timeout):  # type: ignore[no-untyped-def]
            found = super().ready(timeout)
            times.extend(found)
            if len(times) > 15 and not pressed:
                pressed.append(True)
                raise KeyboardInterrupt
            return found

    times: list[object] = []
    pressed: list[bool] = []
    with pytest.raises(Exception, match="Stopped after"):
        run(cut, lambda: Cutting(1))
    done(cut)
    assert bytes_of(cut) == bytes_of(whole)


def test_a_wide_limit_needs_no_more_than_the_least(tmp_path: Path) -> None:
    sweep = done(made(tmp_path, asked=_asked(tmp_path, 5.0)))
    rows = Store(sweep.folder, sweep.design.outcomes).rows
    assert schedule.replay_wants(sweep, rows) == [10, 10, 10]
    assert len(rows) == len(sweep.units) * 10


def test_months_and_pounds_go_by_their_median() -> None:
    values = np.array([10.0, 12.0, 14.0, np.inf] * 20)
    assert stopping.estimate("months_to_80", values, None).kind == "median"
    assert stopping.estimate("cost_total", values, None).pairs == 60
