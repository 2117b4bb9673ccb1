"""`sim.run` and `sim.compare` as notebooks call them: what is taken, and the words for what is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import ScenarioError, UnknownName, WrongArgument, ZonesError
from sim.results.python_arguments import Options, checked

SHORT = {"replicates": 2, "months": 6}
SITES = pd.DataFrame(
    {
        "site_id": ["P1", "P2", "N1"],
        "name": ["Ash", "Birch", "Cedar"],
        "agency": "education",
        "type": ["primary", "primary", "nursery"],
        "roll": [200, 210, 60],
        "staff": [14, 15, 5],
        "locality": "North",
    }
)
REFUSED = [
    ({"seed": 1.5}, "seed must be a whole number; got 1.5 (float)"),
    ({"replicates": "20"}, "got '20' (str). Write replicates=20, without quotes"),
    ({"replicates": "1,000"}, "Write replicates=1000, without quotes"),
    ({"replicates": True}, "replicates must be a whole number; got True (bool)"),
    ({"replicates": float("nan")}, "replicates must be a whole number; got nan"),
    ({"replicates": [5]}, "replicates must be a whole number; got [5] (list)"),
    ({"months": "60"}, "months must be a whole number or None"),
    ({"seed": None}, "seed must be a whole number; got None"),
    ({"threads": "all"}, "threads must be a whole number or None; got 'all'"),
    ({"sites": 1}, "sites must be True or False; got 1 (int)"),
    ({"show_names": "yes"}, "show_names must be True or False"),
    ({"engine": 5}, "engine must be a text in quotes; got 5"),
    ({"calibration": None}, "calibration must be a text in quotes; got None"),
    ({"area": 5}, "area must be a path of an organisation file or a list of such paths, a pandas DataFrame"),
    ({"area": []}, "area is an empty list"),
    ({"area": {"roll": [1]}}, "area must be"),
    ({"overrides": 5}, "overrides must be a dict such as {'coaching': 0.5}"),
    ({"overrides": {"coaching": None}}, "overrides['coaching'] must be a number"),
    ({"overrides": {5: 1}}, "a lever in overrides must be a text"),
    ({"overrides": [("coaching", 0.5)]}, "overrides must be a dict"),
    ({"replicate": 5}, "has no option 'replicate'"),
    ({"coaching": 0.5}, "Write overrides={'coaching': 0.5}."),
    ({"set": "coaching=0.5"}, "Did you mean overrides?"),
    ({"years": 5}, "Write months=, 12 for each year."),
]


@pytest.mark.parametrize(("options", "said"), REFUSED, ids=[said[:40] for _, said in REFUSED])
def test_a_wrong_type_is_refused_in_words(options, said):
    for call in (lambda: sim.run("with-teams", **options), lambda: sim.compare("with-teams", "same-money", **options)):
        with pytest.raises(WrongArgument) as caught:
            call()
        assert said in str(caught.value)
        assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"replicates": 0}, "replicates must be a whole number in [1, 1,000,000]; got 0"),
        ({"seed": -1}, "seed must be a whole number in [0, 2^63); got -1"),
        ({"months": 5000}, "months must be a whole number in [1, 1200]; got 5000"),
        ({"threads": 0}, "threads must be a whole number of at least 1; got 0"),
        ({"overrides": {"coaching": 5}}, "overrides: coaching=5: coaching must be a number in [0, 1]"),
        ({"engine": "messa"}, "Did you mean 'mesa'?"),
    ],
)
def test_what_is_out_of_range_is_refused_before_the_place_is_read(options, said):
    with pytest.raises(ScenarioError) as caught:
        sim.run("with-teams", area="nowhere.csv", **options)
    assert said in str(caught.value)


def test_whole_numbers_of_numpy_and_floats_without_fraction_are_whole_numbers():
    plain = sim.run("with-teams", **SHORT, seed=3)
    other = sim.run("with-teams", replicates=np.int64(2), months=6.0, seed=np.float64(3))
    assert other.headlines() == plain.headlines()


def test_overrides_in_every_form_come_to_the_same():
    forms = [{"coaching": 0.5}, {"coaching": np.float32(0.5)}, "coaching=0.5", ["coaching=0.5"], ("coaching=.5",)]
    levers = [sim.run("with-teams", overrides=form, **SHORT).scenario.levers["coaching"] for form in forms]
    assert levers == [0.5] * len(forms)
    assert sim.run("with-teams", overrides={"coaching": 0.4}, **SHORT).scenario.levers["coaching"] == 0.4


def test_a_table_of_pandas_is_an_area(tmp_path):
    path = tmp_path / "data frame.csv"
    SITES.to_csv(path, index=False)
    gaps = SITES.set_index("site_id").assign(roll=[200, np.nan, 60])
    by_file, by_table = sim.run("with-teams", area=path, **SHORT), sim.run("with-teams", area=SITES, **SHORT)
    assert by_table.headlines() == by_file.headlines()
    assert by_table.organisation.digest == by_file.organisation.digest
    assert sim.load_area(SITES).digest == by_file.organisation.digest
    assert sim.run("with-teams", area=[gaps], **SHORT).organisation.sites.roll[0] == 200
    folder = by_table.save(tmp_path / "kept")
    assert (folder / "manifest.json").is_file()


def test_a_table_without_the_columns_is_refused_as_a_list_is():
    with pytest.raises(ZonesError, match="no column 'site_id'"):
        sim.run("with-teams", area=pd.DataFrame({"a": [1]}), **SHORT)


def test_scenarios_in_a_list():
    assert sim.compare(["with-teams", "without-teams"], **SHORT).scenarios == ("with-teams", "without-teams")
    assert sim.run(["with-teams"], **SHORT).scenarios == ("with-teams",)
    with pytest.raises(WrongArgument, match=r"takes one scenario; got 2[.] Use compare"):
        sim.run(["with-teams", "without-teams"])
    with pytest.raises(WrongArgument, match=r"a list of sites is given by name[.] Write area='our.csv'[.]"):
        sim.run("with-teams", "our.csv")
    with pytest.raises(ScenarioError, match=r"two or more scenarios are needed; got 1[.] Use run"):
        sim.compare(["with-teams"])


@pytest.mark.parametrize("scenario", [5, None, SITES, {"name": "x"}, b"with-teams"])
def test_what_is_no_scenario(scenario):
    with pytest.raises(WrongArgument, match="a scenario must be a shipped name such as 'with-teams'"):
        sim.run(scenario)
    with pytest.raises(WrongArgument, match="a scenario is loaded by its name"):
        sim.load_scenario(scenario)


def test_a_list_of_sites_is_no_scenario(tmp_path):
    path = tmp_path / "our.csv"
    SITES.to_csv(path, index=False)
    with pytest.raises(ScenarioError, match="is a list of sites, not a scenario; give it as the area"):
        sim.run(path)
    with pytest.raises(WrongArgument, match="read from a path, a list of paths or a pandas DataFrame; got 5"):
        sim.load_area(5)


def test_an_answer_is_asked_by_names():
    found = sim.compare("with-teams", "without-teams", **SHORT)
    assert found.headlines("sites_full_share") == found.headlines(["sites_full_share"])
    assert found.differences("sites_full_share") == found.differences(["sites_full_share"])
    with pytest.raises(WrongArgument, match="a name must be a text"):
        found.headlines([5])
    with pytest.raises(UnknownName, match="Did you mean 'sites_full_share'"):
        found.plot("sites_full_shar")
    with pytest.raises(WrongArgument, match="the folder must be a path"):
        found.save(5)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*Options.__annotations__, "other"]), ODD))
def test_any_values_are_taken_or_refused_in_words(options):
    try:
        found = checked("run", options)
    except WrongArgument as told:
        assert "run()" in str(told)
    else:
        assert set(found) == set(options)
        assert all(isinstance(found[n], int) for n in ("replicates", "seed") if n in found)
