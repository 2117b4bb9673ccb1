"""Sensitivity and discovery against models whose answers are known, and against noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sweep_builders import done, made

from sim.errors import ScenarioError, SweepError
from sim.sweeps import discovery, folder, sensitivity, tables
from sim.sweeps.boxes import Cases, find_boxes, inside
from sim.sweeps.design import Design, loads
from sim.sweeps.folder import Sweep
from sim.sweeps.runs import Row
from sim.sweeps.store import Store

Model = Callable[[dict[str, float], int], float]
OUTCOME = "practitioners_using_share"
NAMES = ("coaching", "alignment", "mentoring", "communication", "mandate")  # all run from 0 to 1


def planted(
    place: Path, kind: str, points: int, model: Model, *, names: tuple[str, ...] = NAMES[:3], replicates: int = 1,
    extra: str = 'sample = "defaults"', name: str = "s",
) -> Sweep:  # fmt: skip
    """A sweep's folder whose outcomes come from a known model instead of a simulation."""
    factors = "\n".join(f'[[factors]]\nname = "{n}"' for n in names)
    text = f"""
    scenarios = ["with-teams"]
    months = 6
    replicates = {replicates}
    outcomes = ["{OUTCOME}"]
    {extra}
    area = {{settings = {{sites = 6}}}}
    [design]
    kind = "{kind}"
    points = {points}
    {factors}
    """
    sweep = folder.create(loads(text, "planted", place), place / name, "")
    rows = []
    for point, arms in zip(sweep.points, sweep.arms, strict=True):
        for r in range(replicates):
            rows.append(Row(sweep.key(sweep.units[arms[0]], r), sweep.draw(r), (model(point, r),)))  # type: ignore[arg-type]
    store = Store(sweep.folder, sweep.design.outcomes)
    store.add(list({row.key: row for row in rows}.values()))
    tables.write_tables(sweep, store)
    return sweep


def ishigami(point: dict[str, float], _: int = 0) -> float:
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    x = [math.pi * (2 * point[n] - 1) for n in NAMES[:3]]
    return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])


def test_sobol_indices_of_ishigami(tmp_path: Path) -> None:
    found = sensitivity.analyse(planted(tmp_path, "sobol", 512, ishigami))
    by = {i.factor: i for i in found.indices}
    for name, first, total in (("coaching", 0.3139, 0.5576), ("alignment", 0.4424, 0.4424), ("mentoring", 0.0, 0.2437)):
        assert by[name].first == pytest.approx(first, abs=max(0.06, by[name].first_doubt))
        assert by[name].second == pytest.approx(total, abs=max(0.06, by[name].second_doubt))
    assert [i.factor for i in found.indices] == ["coaching", "alignment", "mentoring"]


def test_morris_ranks_and_finds_curvature(tmp_path: Path) -> None:
    found = sensitivity.analyse(
        planted(tmp_path, "morris", 30, lambda x, _: 3 * x["coaching"] + x["alignment"] + 0.0 * x["mentoring"])
    )
    mu = {i.factor: i.first for i in found.indices}
    assert mu == pytest.approx({"coaching": 3.0, "alignment": 1.0, "mentoring": 0.0}, abs=1e-9)
    assert all(i.second == pytest.approx(0.0, abs=1e-9) for i in found.indices)
    bent = sensitivity.analyse(
        planted(tmp_path, "morris", 30, lambda x, _: x["coaching"] * x["alignment"], name="bent"), method="morris"
    )
    assert all(i.second > 0.2 for i in bent.indices if i.factor != "mentoring")


def _noisy(seed: int, spread: float) -> Model:
    luck = np.random.default_rng(seed)
    return lambda x, r: x["coaching"] + float(luck.normal(0, spread))


@pytest.mark.parametrize("kind", ["morris", "sobol"])
def test_a_factor_without_effect_lies_at_the_noise_floor(tmp_path: Path, kind: str) -> None:
    """Chance alone gives it indices above 0; the floor says how large, so that it is not taken for an effect."""
    found = sensitivity.analyse(planted(tmp_path, kind, 64, _noisy(3, 0.3), names=NAMES, replicates=10))
    by = {i.factor: i for i in found.indices}
    assert by["coaching"].heard
    for name in ("alignment", "mentoring"):
        index = by[name].first if kind == "morris" else by[name].second
        assert index > 0.003
        assert 0.5 * by[name].floor < index < by[name].floor * 1.2
        assert not by[name].heard


@pytest.mark.parametrize(("kind", "points"), [("sobol", 128), ("lhs", 300), ("grid", 1)])
def test_parts_of_plan_parameters_and_chance(tmp_path: Path, kind: str, points: int) -> None:
    """y = 2 a + b + noise with a lever a, an uncertainty b in [0, 1] and noise of known variance."""
    luck = np.random.default_rng(8)
    names = ("coaching", "lapse_peers")

    def model(x: dict[str, float], _: int) -> float:
        return 2 * x["coaching"] + x["lapse_peers"] + float(luck.normal(0, 0.4))

    parts = sensitivity.analyse(planted(tmp_path, kind, points, model, names=names, replicates=8)).parts
    cell = 1 / 12 if kind != "grid" else 0.125  # five levels of a grid spread wider than the range itself
    total = 5 * cell + 0.16
    assert parts.plan == pytest.approx(4 * cell / total, abs=0.06)
    assert parts.parameters == pytest.approx(cell / total, abs=0.05)
    assert parts.chance == pytest.approx(0.16 / total, abs=0.05)
    assert sum(share for _, share in parts.shares()) == pytest.approx(1.0, abs=1e-9)


def test_draws_and_chance_are_separated_only_with_several_runs_a_draw(tmp_path: Path) -> None:
    rows = "\n".join(str(0.003 + 0.0007 * i) for i in range(100))
    (tmp_path / "rows.csv").write_text(f"lapse\n{rows}\n", encoding="utf-8")
    luck = np.random.default_rng(4)
    noise: dict[int, float] = {}

    def model(per_draw: int) -> Model:
        effect = luck.normal(0, 1.0, 500)
        return lambda x, r: x["coaching"] + effect[r // per_draw] + noise.setdefault(r, float(luck.normal(0, 0.5)))

    one = planted(
        tmp_path, "grid", 1, model(1), names=NAMES[:1], replicates=60, extra='sample = "rows.csv"', name="one"
    )
    assert not sensitivity.analyse(one).parts.told_apart
    extra = 'sample = "rows.csv"\nluck_per_draw = 3'
    three = planted(tmp_path, "grid", 1, model(3), names=NAMES[:1], replicates=300, extra=extra, name="three")
    parts = sensitivity.analyse(three).parts
    assert parts.told_apart
    assert parts.parameters / parts.chance == pytest.approx(1.0 / 0.25, rel=0.35)


def test_the_sample_of_a_swept_sweep_is_recorded_and_a_factor_overrides_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("lapse,enrol\n0.01,0.6\n0.02,0.7\n0.03,0.8\n", encoding="utf-8")
    text = """
    scenarios = ["with-teams"]
    months = 6
    replicates = 6
    sample = "rows.csv"
    area = {settings = {sites = 6}}
    [[factors]]
    name = "lapse"
    values = [0.005, 0.05]
    """
    sweep = done(folder.create(loads(text, "drawn", tmp_path), tmp_path / "s", ""))
    runs = tables.read_runs(sweep)
    per_point = [runs["draw"][runs["point"] == p].tolist() for p in (0, 1)]
    assert per_point[0] == per_point[1]
    assert set(per_point[0]) <= {0, 1, 2}
    assert len(set(per_point[0])) > 1
    assert [u.scenario.parameters["lapse"] for u in sweep.units] == [0.005, 0.05]


def test_a_foreign_sample_is_refused(tmp_path: Path) -> None:
    sweep = planted(tmp_path, "sobol", 8, ishigami)
    with pytest.raises(SweepError, match="sobol design, and morris indices mean something only"):
        sensitivity.analyse(sweep, method="morris")
    sweep.points[3]["coaching"] = 0.123
    with pytest.raises(SweepError, match="its points are not those of its sobol design"):
        sensitivity.analyse(sweep)
    listed = planted(tmp_path, "lhs", 70, ishigami, name="lhs")
    with pytest.raises(SweepError, match="came from a lhs design"):
        sensitivity.analyse(listed, method="sobol")
    assert sensitivity.analyse(listed).indices == ()


def test_a_sweep_that_is_not_finished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="is not finished"):
        sensitivity.analyse(made(tmp_path))
    with pytest.raises(SweepError, match="is not finished"):
        discovery.discover(made(tmp_path, "other"), f"{OUTCOME} < 0.5")


def test_the_figure_and_table_are_written(tmp_path: Path) -> None:
    paths = sensitivity.save(sensitivity.analyse(planted(tmp_path, "morris", 10, ishigami)))
    assert all(p.stat().st_size > 100 for p in paths)
    assert paths[0].read_text().startswith("factor,role,mu_star,mu_star_doubt,sigma")


def _in_box(x: dict[str, float]) -> bool:
    return x["coaching"] < 0.45 and x["mentoring"] > 0.4 and x["mandate"] < 0.7


def test_a_planted_box_is_found(tmp_path: Path) -> None:
    luck = np.random.default_rng(2)

    def model(x: dict[str, float], _: int) -> float:
        return float(luck.uniform(0.0, 0.5) if _in_box(x) else luck.uniform(0.5, 1.0))

    sweep = planted(tmp_path, "lhs", 600, model, names=NAMES, replicates=2)
    found = discovery.discover(sweep, f"{OUTCOME} < 0.5")
    box = found.boxes[0]
    assert box.coverage > 0.9
    assert box.density > 0.9
    assert box.coverage_again > 0.85
    assert box.density_again > 0.85
    assert {found.columns[m.column].factor for m in box.limits} == {"coaching", "mentoring", "mandate"}
    text = " ".join(found.sentences())
    assert "coaching of practitioners is at most 0.4" in text
    assert "leaders require use is at most" in text


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_noise_gives_no_box(tmp_path: Path, share: float) -> None:
    luck = np.random.default_rng(5)
    sweep = planted(tmp_path, "lhs", 400, lambda x, r: float(luck.random()), names=NAMES, replicates=3)
    found = discovery.discover(sweep, f"{OUTCOME} < {share}")
    assert found.boxes == ()
    assert "No box is shown" in found.sentences()[2]


@pytest.mark.slow
def test_false_alarms_in_noise_are_as_rare_as_said() -> None:
    """Boxes are reported in at most about 1 in 100 data sets of pure noise, with random numbers shared by points."""
    alarms = 0
    for seed in range(40):
        luck = np.random.default_rng(seed)
        shared = luck.normal(size=(1, 8))
        cases = ((luck.normal(size=(80, 8)) + shared) > 0.5).astype(float)
        data = Cases(luck.random((80, 4)), luck.random((8, 3)), cases, np.ones((80, 8)))
        alarms += bool(find_boxes(data, most=1))
    assert alarms <= 3  # 40 sets, 1 in 100 each: more than 3 has a chance of 0.0007


def test_a_box_in_the_drawn_parameters_is_found_too() -> None:
    luck = np.random.default_rng(7)
    points, draws = luck.random((40, 2)), luck.random((80, 3))
    cases = np.outer(np.ones(40), draws[:, 1] > 0.6) * (points[:, :1] < 0.7)
    box = find_boxes(Cases(points, draws, cases, np.ones((40, 80))))[0]
    assert {m.column for m in box.limits} == {0, 3}
    assert min(box.coverage, box.density) > 0.95


def test_a_second_box_is_found() -> None:
    luck = np.random.default_rng(9)
    x = luck.random((900, 4))
    one, two = (x[:, 0] < 0.3) & (x[:, 1] < 0.5), (x[:, 2] > 0.75) & (x[:, 0] > 0.5)
    cases = (one | two).astype(float)[:, None]
    boxes = find_boxes(Cases(x, np.zeros((1, 0)), cases, np.ones((900, 1))))
    assert len(boxes) == 2
    assert all(box.density > 0.9 for box in boxes)
    member = inside(x, boxes[0].limits) | inside(x, boxes[1].limits)
    assert (member == (one | two)).mean() > 0.95


@pytest.mark.parametrize("text", ["sites_full_share", "sites_full_share = 1", "x < y < 1", "a < --1"])
def test_a_condition_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ScenarioError, match="--when"):
        discovery.read(text)


def test_an_outcome_that_was_not_kept(tmp_path: Path) -> None:
    sweep = planted(tmp_path, "lhs", 5, ishigami)
    with pytest.raises(SweepError, match="keeps no outcome 'cost_total'"):
        discovery.discover(sweep, "cost_total < 5")


@pytest.mark.parametrize("sign", ["<", ">="])
def test_an_outcome_that_no_run_has_a_value_for_is_told(tmp_path: Path, sign: str) -> None:
    sweep = planted(tmp_path, "lhs", 5, lambda x, r: math.nan)
    with pytest.raises(SweepError, match=r"has a value in none of the .* runs of with-teams"):
        discovery.discover(sweep, f"{OUTCOME} {sign} 0.5")


def test_a_few_runs_without_a_value_are_left_out(tmp_path: Path) -> None:
    """The control: some undefined runs are no reason to refuse."""
    sweep = planted(tmp_path, "lhs", 40, lambda x, r: math.nan if r == 0 else x["coaching"], names=NAMES, replicates=3)
    assert discovery.discover(sweep, f"{OUTCOME} < 0.5").left_out == 40


def test_named_values_are_shown_by_name(tmp_path: Path) -> None:
    text = f"""
    scenarios = ["with-teams"]
    outcomes = ["{OUTCOME}"]
    sample = "defaults"
    area = {{settings = {{sites = 6}}}}
    [[factors]]
    name = "training"
    [[factors]]
    name = "coaching"
    levels = 30
    """
    asked: Design = replace(loads(text, "named", tmp_path), replicates=1)
    sweep = folder.create(asked, tmp_path / "s", "")
    rows = [
        Row(sweep.key(sweep.units[a[0]], 0), -1, (float(p["training"] == "practice" and p["coaching"] > 0.3),))
        for p, a in zip(sweep.points, sweep.arms, strict=True)
    ]
    store = Store(sweep.folder, sweep.design.outcomes)
    store.add(rows)
    tables.write_tables(sweep, store)
    found = discovery.discover(sweep, f"{OUTCOME} > 0.5")
    assert (
        "kind of training at installation is practice and coaching of practitioners is above 0.29"
        in found.sentences()[2]
    )
