"""A story of one's own is read strictly; what is wrong is said slide by slide, all of it at once."""

import pytest
from handout_builders import HOSTILE, small_case, small_runs
from hypothesis import given
from hypothesis import strategies as st

from sim.app.stories import FOLDER
from sim.cli import main
from sim.errors import ZonesError
from sim.handouts import slides, story, story_file

GOOD = """
title = "Ours"
plan = { preset = "with-teams" }
against = { preset = "without-teams" }
labels = ["Ours", "Nothing"]
[[slides]]
kind = "chart"
measure = "practitioners_using_share"
title = "After {years}"
text = "{a:need_served_at_fidelity_share} against {b:need_served_at_fidelity_share}; {f:practitioners_using_share}"
"""


def test_what_is_right_is_read():
    found = story.read_text(GOOD, "ours")
    assert found.labels == ("Ours", "Nothing")
    assert [s.kind for s in found.slides] == ["chart"]
    shown = slides.filled(found.slides, small_case(), small_runs())
    assert "{" not in shown[0].title + shown[0].text
    assert "24 months" not in shown[0].title
    assert "two years" in shown[0].title


@pytest.mark.parametrize("name", sorted(p.stem for p in FOLDER.glob("*.toml")))
def test_shipped_stories_are_read_by_the_same_rules(name):
    found = story.read_text((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name, notes_needed=True)
    assert found.slides


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Ours"', 'title = 3', "title must be a text"),
        ('title = "Ours"', 'titel = "Ours"', "titel"),
        ('title = "Ours"', "", "title is missing"),
        ('kind = "chart"', 'kind = "video"', "video"),
        ('kind = "chart"', 'kind = "chart"\nscript = "x"', "script"),
        ("practitioners_using_share\"\ntitle", "nothing_share\"\ntitle", "nothing_share"),
        ("{a:need", "{a:nead", "nead_served"),
        ("After {years}", "After {__class__}", "braces"),
        ("After {years}", "A\u202eb", "invisible"),
        ("After {years}", "x" * 300, "at most 200 characters"),
        ('["Ours", "Nothing"]', '["Ours"]', "two short names"),
        ("[[slides]]", "[slides]", "slides"),
        ('kind = "chart"', 'kind = "chart"\nminutes = 1e9', "minutes"),
        ('kind = "chart"', 'kind = "chart"\nconcludes = "yes"', "true or false"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(old, new, said):
    assert old in GOOD
    with pytest.raises(ZonesError, match=said):
        story.read_text(GOOD.replace(old, new, 1), "ours")


def test_too_many_slides_are_refused():
    slide = '[[slides]]\nkind = "text"\n'
    with pytest.raises(ZonesError, match="1 to 40 slides"):
        story.read_text(GOOD + slide * 60, "ours")


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        story.read_text(text, "any")
    except ZonesError as error:
        assert str(error)


SLIDES = st.lists(st.dictionaries(st.sampled_from(story.SLIDE_KEYS), st.text() | st.integers(), max_size=4))
VALUES = st.none() | st.booleans() | st.integers() | st.text() | SLIDES


@given(st.dictionaries(st.sampled_from([*story.KEYS, "other"]), VALUES))
def test_any_table_is_read_or_refused_in_words(table):
    try:
        story.read_table(table, "any")
    except ZonesError as error:
        assert str(error)


def test_markup_in_a_story_stays_text():
    safe = HOSTILE.replace("{{7*7}}", "")
    found = story.read_text(GOOD.replace("After {years}", safe.replace('"', "")), "ours")
    assert "<img" in found.slides[0].title


def test_what_is_written_down_reads_back_as_it_was():
    plan = {"preset": "with-teams", "set": {"coaching": 0.5}, "zones": [{"name": 'a "b" {x}', "choose": 2, "opens": 1}]}
    made = story_file.draft("ours", plan, {"preset": "without-teams", "zones": []}, 60)
    again = story.read_text(story_file.dump(made), "ours")
    assert again == made


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_that_may_be_kept_are_kept_as_they_are(title, notes):
    slide = story.Slide("text", title, notes, notes)
    made = story.StoryFile("o", "T", "", {"preset": "with-teams"}, {"preset": "nation"}, (), "", 0, (slide,))
    try:
        again = story.read_text(story_file.dump(made), "o")
    except ZonesError:
        return
    assert again.slides == (slide,)


def test_a_story_is_written_and_checked_by_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "our-plan", "--from", "three-zones"]) in (0, None)
    text = (tmp_path / "our-plan.toml").read_text(encoding="utf-8")
    (tmp_path / "our-plan.toml").write_text(text.replace("coaching = 1.0", "coaching = 0.5"), encoding="utf-8")
    assert main(["story", "new", "ours", "our-plan.toml", "without-teams"]) in (0, None)
    capsys.readouterr()
    assert main(["story", "check", "ours.toml"]) in (0, None)
    assert "No problem found" in capsys.readouterr().out
    found = story.read_text((tmp_path / "ours.toml").read_text(encoding="utf-8"), "ours")
    assert found.plan["preset"] == "three-zones"
    assert found.plan["set"] == {"coaching": 0.5}
    assert main(["story", "new", "ours"]) == 1, "nothing is overwritten"
    assert main(["story", "check", "nowhere.toml"]) == 1
    assert main(["story", "tell", "ours"]) == 1
