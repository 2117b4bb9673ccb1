"""A small question for handouts, run once for all tests, and the page's formula run by the browser's own language."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from sim.handouts.case import Case
from sim.handouts.fitting import Effort, Fitting
from sim.handouts.one_file import TEMPLATES
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&{{7*7}}#[$]"
LEVERS = ("coaching", "turnover_factor")


@lru_cache(maxsize=1)
def small_place():
    return generate({"sites": 8})


@lru_cache(maxsize=4)
def small_case(title=""):
    plans = [load(name) for name in ("with-teams", "without-teams")]
    if title:
        zones = tuple(replace(z, name=f"{title} {k}") for k, z in enumerate(plans[0].zones))
        plans = [replace(plans[0], title=title, zones=zones), plans[1]]
    names = tuple(p.title for p in plans)
    return Case(tuple(plans), names, small_place(), title or "A small place", 24, command="zones brief", runs=12)


@lru_cache(maxsize=4)
def small_runs(title=""):
    return small_case(title).ensembles()


@lru_cache(maxsize=4)
def small_fitted(title=""):
    return Fitting(small_case(title), Effort(300, block=6)).done(small_runs(title), LEVERS)


def node():
    """The JavaScript that comes with Playwright, which the tests need anyway."""
    import playwright

    found = Path(playwright.__file__).parent / "driver" / "node"
    if not found.is_file():
        pytest.skip("Playwright has no node of its own here")
    return str(found)


def in_javascript(expression, **given):
    """What an expression over the page's formula comes to; `given` are its constants."""
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    text = (TEMPLATES / "answers.js").read_text(encoding="utf-8")
    plain = "(_, v) => (ArrayBuffer.isView(v) ? Array.from(v) : v)"
    script = f"{text}\n{constants}process.stdout.write(JSON.stringify({expression}, {plain}));"
    done = subprocess.run([node(), "-e", script], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)
