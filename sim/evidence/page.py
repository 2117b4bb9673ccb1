"""docs/evidence.md, between its markers: both calibrations' tables, posterior against prior, what
advisers expect, what rules carry, ablations.

`python -m sim.evidence.page docs/evidence.md [RUNS]` makes them again from the code.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sim import posterior
from sim.errors import ScenarioError
from sim.evidence import ablations as evidence_ablations
from sim.evidence import carried, expected
from sim.evidence import published as evidence
from sim.evidence.situations.table import SITUATIONS

RUNS = 200


def fitted_table(name: str) -> list[str]:
    """Posterior against prior, a line for each parameter, and which targets pull against each other."""
    about = posterior.load(name).about
    out = [
        "| parameter | prior: 10 / 50 / 90 % | posterior: 10 / 50 / 90 % | width given up |",
        "|---|---|---|---|",
    ]
    for p in about["parameters"]:
        prior, after = (" / ".join(f"{v:.3g}" for v in p[k]) for k in ("prior", "posterior"))
        out.append(f"| `{p['name']}` | {prior} | {after} | {p['narrower']:.0%} |")
    pulls = "; ".join(about["pulls"]) or "none found"
    return [*out, "", f"Targets that pull against each other: {pulls}."]


def blocks(runs: int) -> dict[str, list[str]]:
    """Everything that is generated, by marker."""
    found = {}
    for name in posterior.NAMES:
        found[f"figures {name}"] = evidence.markdown(evidence.gather(name, evidence.laboratory(name, runs)))
        found[f"parameters {name}"] = fitted_table(name)
    found["bears"] = [f"- **{s.id}** ({s.grade}): {s.bears}" for s in SITUATIONS]
    lab = evidence.laboratory(posterior.DEFAULT, runs)
    found["expected"] = expected.markdown(lab)
    found["carried"] = carried.markdown(lab)
    found["ablations"] = evidence_ablations.markdown(lab)
    return found


def fill(text: str, found: dict[str, list[str]]) -> str:
    """The page with the text between `<!-- NAME -->` and `<!-- end -->` written again.

    Raises:
        ScenarioError: the page lacks a marker.
    """
    for name, lines in found.items():
        pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.S)
        body = "\n".join(lines)
        text, count = pattern.subn(lambda m, b=body: f"{m.group(1)}\n{b}\n\n{m.group(2)}", text)  # type: ignore[misc]
        if count != 1:
            raise ScenarioError(f"evidence page: the marker '<!-- {name} -->' is needed once; found {count} times.")
    return text


def main(arguments: list[str]) -> None:
    """Rewrite a page in place."""
    path = Path(arguments[0])
    runs = int(arguments[1]) if len(arguments) > 1 else RUNS
    path.write_text(fill(path.read_text(encoding="utf-8"), blocks(runs)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
