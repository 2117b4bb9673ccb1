"""The page What changed says what docs say."""

from pathlib import Path

from sim.app.pages import changed

DOCS = Path(__file__).resolve().parents[2] / "docs" / changed.FILE


def test_the_page_and_docs_hold_the_same_text():
    here = Path(changed.__file__).parent / changed.FILE
    assert here.read_bytes() == DOCS.read_bytes(), f"copy {DOCS.name} from docs/ to {here.parent}"


def test_nothing_of_the_text_is_lost_or_still_has_marks():
    found = changed.blocks()
    text = DOCS.read_text(encoding="utf-8")
    tables = [b for b in found if b["kind"] == "table"]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert sum(len(t["rows"]) + 2 for t in tables) == len(rows)
    assert all(len(row) == len(t["heads"]) for t in tables for row in t["rows"])
    assert [b["kind"] for b in found if b["kind"].startswith("h")] == [
        "h" + str(len(line.split()[0])) for line in text.splitlines() if line.startswith("#")
    ]
    assert not any("](" in b.get("text", "") or "`" in b.get("text", "") for b in found)
