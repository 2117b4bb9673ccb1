"""`zones evidence` and `zones calibrate`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from sim.commands.console import Progress, clear_line, say, show, show_json


def evidence(asked: Namespace) -> None:
    """Every published figure against the model."""
    from sim.commands.runs import warn_if_cold
    from sim.evidence.published import DEFAULTS, gather, laboratory, lines

    calibration = asked.calibration if asked.parameter_uncertainty else DEFAULTS
    warn_if_cold("batch")
    lab = laboratory(calibration, asked.replicates, asked.seed, asked.threads)
    found = gather(calibration, lab, progress=Progress("evidence", noun="situations"))
    clear_line()
    if asked.json:
        show_json([f.as_row() for f in found])
    else:
        show(lines(found, calibration))


def calibrate(asked: Namespace) -> None:
    """Fit the free parameters of a calibration file and keep the sample."""
    from sim.commands.runs import warn_if_cold
    from sim.evidence.calibration.file import read
    from sim.evidence.calibration.report import run, write
    from sim.results.record import beside, check_free

    plan = read(Path(asked.file))
    folder = Path(asked.out or f"results/calibration-{plan.name}")
    check_free(folder)
    warn_if_cold("batch")
    result = run(plan, threads=asked.threads, engine=asked.engine, tell=say)
    with beside(folder) as part:
        write(result, part)
    if asked.json:
        show_json(result.about)
    else:
        show(result.lines())
    say("", f"Kept in {folder}: {plan.name}.csv, {plan.name}.json.")
