"""One page as a tagged PDF on A4: the kept library `typst` sets it, from data that is never read as markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.handouts.page import Page

TEMPLATES = Path(__file__).parent / "templates"


def as_pdf(page: Page) -> bytes:
    """The page and its back."""
    return typeset("one-page.typ", asdict(page))


def as_html(page: Page) -> str:
    """The same as one file without any outside part; everything is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    style = (TEMPLATES / "answers.css").read_text(encoding="utf-8")
    text: str = found.get_template("page.html.jinja").render(page=page, style=style)
    return text


def typeset(template: str, content: dict[str, Any]) -> bytes:
    """A PDF of a template of this folder.

    Args:
        template: its file.
        content: JSON-safe; the template reads it as data.
    """
    import typst
    from matplotlib import get_data_path

    text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace").decode()
    made: bytes = typst.compile(
        TEMPLATES / template,
        sys_inputs={"page": text},
        font_paths=[Path(get_data_path()) / "fonts" / "ttf"],
        ignore_system_fonts=True,
    )
    return made
