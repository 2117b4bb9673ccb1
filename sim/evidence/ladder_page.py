"""The ladder's tables on a page of documents, between its markers, for the generated area and its ten years.

`python -m sim.evidence.ladder_page docs/ladder.md` writes them again after figures have moved.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sim.evidence.page import fill
from sim.organisation.generate import synthetic
from sim.results import ladder
from sim.results.simulate import Settings, simulate_all


def tables(settings: Settings | None = None) -> str:
    """Both tables, as `zones ladder` has them; `settings`: how it is run, None as by default."""
    scenarios = ladder.scenarios()
    place = synthetic.generate(dict(scenarios[0].area))
    return ladder.markdown(ladder.read(simulate_all(scenarios, place, settings or Settings())))


if __name__ == "__main__":
    page = Path(sys.argv[1])
    text = fill(page.read_text(encoding="utf-8"), {"ladder": [tables().rstrip()]})
    page.write_text(text, encoding="utf-8", newline="\n")
