"""The published Scottish lists, where they are at hand: they load as they are, and generated areas resemble them."""

from __future__ import annotations

import csv
import subprocess
import sys

import numpy as np
import pytest
from organisation_builders import differing, shared

from sim.organisation.codes import SITE_TYPES
from sim.organisation.files.tables import load, write
from sim.organisation.generate.synthetic import generate
from sim.organisation.slice import examine

AREAS = ("aberdeen_city", "dundee_city", "fife", "glasgow_city", "highland", "renfrewshire")
CITIES = ("aberdeen_city", "dundee_city", "renfrewshire")


@pytest.mark.parametrize("name", AREAS)
def test_an_area_loads_as_it_is(name):
    path = shared("scotland", "areas", f"{name}_sites.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    place = load(path)
    listed = ~place.sites.generated
    assert place.sites.ids[listed].tolist() == [row["site_id"] for row in rows]
    for site, row in zip(np.flatnonzero(listed).tolist(), rows, strict=True):
        fte = float(row["staff_fte"] or 0)
        if fte > 0 and row["staff_suspect"] == "0":
            assert place.sites.staff[site] == max(1, round(fte))
        if row["roll"]:
            assert place.sites.roll[site] == round(float(row["roll"]))
    assert {"health_visiting", "social_work"} == {SITE_TYPES[k] for k in place.sites.type[place.sites.generated]}
    assert (place.senior >= 0).all()
    assert examine(place, np.ones(len(place.sites), dtype=np.bool_)).vertical
    assert len(load(path, as_given=True).sites) == len(rows)


def test_a_real_name_is_never_a_pseudonym():
    place = load(shared("scotland", "areas", "dundee_city_sites.csv"))
    shown = " ".join(place.sites.pseudonyms.tolist())
    assert not any(len(word) > 3 and word in shown for name in place.sites.locality.tolist() for word in [name])
    assert not set(place.sites.names.tolist()) & set(place.sites.pseudonyms.tolist())
    order = [n for n, k in zip(place.sites.pseudonyms.tolist(), place.sites.type.tolist(), strict=True) if k == 0]
    assert order != sorted(order)


def test_an_area_makes_the_round_trip(tmp_path):
    place = load(shared("scotland", "areas", "dundee_city_sites.csv"))
    for name in ("out.csv", "out.xlsx"):
        assert differing(load(write(place, tmp_path / name)), place) == []


def test_the_nation_council_by_council():
    paths = [shared("scotland", f) for f in ("schools_2024.csv", "children_services_2024.csv")]
    nation = load(paths)
    assert int((~nation.sites.generated).sum()) == 2276 + 3639
    assert len(nation.areas) == 29
    assert "Grant aided" not in nation.areas
    assert (nation.senior[:, :3] >= 0).all()
    boards = nation.senior[:, 2].tolist()
    assert len(set(boards)) < 20
    assert (nation.leaders.area[boards] == -1).any()


def spread(place, kind):
    mine = place.sites.type == SITE_TYPES.index(kind)
    return np.quantile(place.sites.staff[mine], (0.1, 0.5, 0.9)), float(np.median(place.sites.roll[mine]))


def resembles(found, real) -> bool:
    """The check itself: median posts within a third, tails within a factor of two, median roll within half."""
    (low, middle, high), roll = found
    (real_low, real_middle, real_high), real_roll = real
    return (
        abs(middle / real_middle - 1) < 0.34
        and 0.5 < low / real_low < 2.01
        and 0.5 < high / real_high < 2
        and abs(roll / real_roll - 1) < 0.5
    )


@pytest.mark.parametrize("kind", ["primary", "secondary"])
def test_generated_schools_have_the_sizes_of_real_towns(kind):
    real = load([shared("scotland", "areas", f"{name}_sites.csv") for name in CITIES])
    assert resembles(spread(generate({"sites": 400}), kind), spread(real, kind))


def test_a_remote_area_fails_the_check_of_towns_but_rural_settings_resemble_it():
    remote = load(shared("scotland", "areas", "highland_sites.csv"))
    assert not resembles(spread(generate({"sites": 400}), "primary"), spread(remote, "primary"))
    (_, middle, _), _ = spread(generate({"sites": 400, "rural": 1.0}), "primary")
    (_, real, _), _ = spread(remote, "primary")
    assert 0.5 < middle / real < 1.7


def test_deprivation_spreads_as_in_real_areas():
    for name in AREAS:
        real = load(shared("scotland", "areas", f"{name}_sites.csv"), as_given=True)
        primary = real.sites.type == 0
        mean = float(np.average(real.sites.deprivation, weights=np.maximum(real.sites.roll, 1)))
        made = generate({"sites": 300, "deprivation": round(mean, 3)})
        ours = float(made.sites.deprivation[made.sites.type == 0].std())
        assert 0.6 < ours / float(real.sites.deprivation[primary].std()) < 1.6


def test_loading_a_list_imports_nothing_heavy():
    path = shared("scotland", "areas", "dundee_city_sites.csv")
    code = (
        "import sys; from sim.organisation.files.tables import load; load(sys.argv[1]);"
        "print(sorted({'pandas', 'networkx', 'openpyxl', 'mesa', 'matplotlib', 'solara'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
