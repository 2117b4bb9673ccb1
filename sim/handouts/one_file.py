"""One HTML file that answers levers without server or network: template, style, script and data put together.

Nothing outside the file is asked for, and the browser is told so: the only script and style that may run are those
whose digests stand in the policy. All words are escaped; data are JSON in which no tag can end.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.engine.sums import Ensemble
from sim.errors import ResultError
from sim.handouts.answers import content
from sim.handouts.case import Case
from sim.handouts.fitting import Fitted
from sim.handouts.story import Slide

TEMPLATES = Path(__file__).parent / "templates"
LARGEST = 5_000_000
"""Bytes that a file may have to be sent by e-mail."""
SCRIPTS = ("answers.js", "answers-page.js")
STYLE = "answers.css"


def as_html(case: Case, ensembles: Sequence[Ensemble], fitted: Fitted, slides: Sequence[Slide]) -> str:
    """The file.

    Raises:
        ResultError: it would be larger than LARGEST.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    found = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    told = content(case, ensembles, fitted, slides)
    script = '(() => {\n"use strict";\n' + "".join(_text(name) for name in SCRIPTS) + "})();"
    style = _text(STYLE)
    page: str = found.get_template("answers.html.jinja").render(
        **{k: v for k, v in told.items() if k != "data"},
        data=as_json(told["data"]), script=script, style=style, policy=policy(script, style),
    )  # fmt: skip
    if len(page.encode("utf-8", "replace")) > LARGEST:
        raise ResultError(
            f"the file would have {len(page) / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f}; ask for fewer months "
            f"or levers."
        )
    return page


def policy(script: str, style: str) -> str:
    """What the browser may run and load: this script, this style, nothing else and nothing from outside."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; base-uri 'none'; "
        f"form-action 'none'"
    )


def as_json(value: Any) -> str:
    """JSON that is safe within a script element: no tag begins in it, no line ends where a script's would."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
