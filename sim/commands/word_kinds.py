"""What a word on the command line is: a list of sites, a scenario, a design, a result; nothing heavy is imported."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from sim.organisation.files.endings import LISTS

PLANS = (".toml",)
MOST_READ = 1_000_000
SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
_CALIBRATION = re.compile(r"^\s*(\[\[\s*targets|\[\s*priors)", re.MULTILINE)
_QUESTION = re.compile(r"^\s*(\[\s*(limits|choices)\b|\[\[\s*counts)", re.MULTILINE)
_DESIGN = re.compile(
    r"""^\s*(\[\s*["']?design\b|\[\[\s*["']?(factors|points)\b|"""
    r"""["']?(scenarios|factors|question|points|outcomes|replicates)["']?\s*=)""",
    re.MULTILINE,
)
_SCENARIO = re.compile(
    r"""^\s*(\[\s*["']?(levers|parameters|notes)\b|\[\[\s*["']?(zones|events|initiatives)\b|"""
    r"""["']?(base|title|description|standalone|levers|parameters|zones|events|initiatives)["']?\s*=)""",
    re.MULTILINE,
)


def shipped() -> list[str]:
    """Names of the scenarios that come with it."""
    return sorted(p.stem for p in SCENARIOS.glob("*.toml"))


def plainly(name: str) -> str:
    """A name as shipped scenarios write theirs: 'With_Teams' is 'with-teams'."""
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def is_list(word: str) -> bool:
    """Whether a word is a list of sites, by its ending, or a folder of such tables."""
    path = Path(word)
    return path.suffix.lower() in LISTS or exists(path / "sites.csv")


def is_address(word: str) -> bool:
    """Whether a word is an address on a network."""
    return word.lower().startswith(("http://", "https://", "ftp://", "www."))


def is_number(word: str) -> bool:
    """Whether a word is a whole number."""
    return word.isdecimal()


def exists(path: str | Path) -> bool:
    """Whether something is there that can be looked at."""
    with suppress(OSError, ValueError):
        return Path(path).exists()
    return False


def is_scenario(word: str) -> bool:
    """Whether a word is a shipped scenario, or a .toml file that is plainly nothing else."""
    if word in shipped():
        return True
    there = Path(word).suffix.lower() in PLANS and exists(word)
    return there and toml_kind(word) not in ("design", "calibration", "question")


def toml_kind(word: str) -> str:
    """What a .toml file plainly is: 'design', 'calibration', 'question' or 'scenario'; '' where nothing tells."""
    path = Path(word)
    if path.suffix.lower() not in PLANS or not exists(path):
        return ""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(MOST_READ)
    except OSError:
        return ""
    if _CALIBRATION.search(text):
        return "calibration"
    if _QUESTION.search(text):
        return "question"
    if _DESIGN.search(text):
        return "design"
    return "scenario" if _SCENARIO.search(text) else ""


def folder_kind(word: str) -> str:
    """What a folder holds: 'sweep', 'plan' (a search for plans) or 'result'; '' for none of them."""
    for name, kind in (("sweep.json", "sweep"), ("plan.json", "plan"), ("manifest.json", "result")):
        if exists(Path(word) / name):
            return kind
    return ""


def folders_of(kind: str, within: str = "results") -> list[str]:
    """Folders of that kind under results/, newest first."""
    with suppress(OSError):
        there = [p for p in Path(within).iterdir() if p.is_dir() and not p.name.startswith(".")]
        return [str(p) for p in sorted(there, key=lambda p: -p.stat().st_mtime) if folder_kind(str(p)) == kind]
    return []
