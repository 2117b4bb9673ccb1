"""What changed: why figures are now others than in the first edition, from the page of docs that says so."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sim.app.jobs import Jobs
from sim.app.page import Action, Page, Reply

FILE = "what-changed.md"
"""The same text as docs/what-changed.md, kept here so that an installed package has it."""


@cache
def blocks() -> list[dict[str, Any]]:
    """Headings, paragraphs and tables in order, as plain text: 'kind', and 'text' or 'heads' and 'rows'."""
    text = (files(__package__) / FILE).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = []
    tokens = MarkdownIt().enable("table").parse(text)
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            found.append({"kind": "table", "heads": [], "rows": []})
        elif token.type == "tr_open" and found[-1]["heads"]:
            found[-1]["rows"].append([])
        elif token.type == "inline":
            _put(found, tokens[at - 1], _plain(token))
    return found


def _put(found: list[dict[str, Any]], opened: Token, text: str) -> None:
    """Text goes to the cell, the list or the paragraph that was opened before it."""
    if opened.type == "th_open":
        found[-1]["heads"].append(text)
    elif opened.type == "td_open":
        found[-1]["rows"][-1].append(text)
    else:
        kind = opened.tag if opened.type == "heading_open" else "li" if opened.hidden else "p"
        found.append({"kind": kind, "text": text})


def _plain(token: Token) -> str:
    """Inline text without its marks; a link is its words."""
    parts = (" " if t.type == "softbreak" else t.content for t in token.children or [])
    return "".join(parts)


def _changed(_jobs: Jobs, _message: object) -> Reply:
    return {"blocks": blocks()}


PAGE = Page("changed", "What changed", more=True, actions=(Action("changed", _changed),))
