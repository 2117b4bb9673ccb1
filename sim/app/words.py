"""What the pages say besides figures: a file `words.toml` for the frame around them, and one in a page's folder."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sim.app.pages import PAGES

FILE = "words.toml"
FRAME = "frame"


@lru_cache(maxsize=1)
def all_words() -> dict[str, Any]:
    """The words of every page that has any, by its name, and those of the frame."""
    places = {page.id: files("sim.app.pages") / page.id / FILE for page in PAGES} | {FRAME: files("sim.app") / FILE}
    return {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in places.items() if path.is_file()}
