"""Situations smaller than an area: one cohort after training (V1), classes (V8), the intake of families (V9)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.engine import draws
from sim.engine.batch import Workspace, parameters_of
from sim.engine.schedule import run_months
from sim.engine.setup import prepare
from sim.engine.sums import FAMILY
from sim.engine.world import Record, Span, World, as_record
from sim.evidence.situations.laboratory import Laboratory, Values, area
from sim.evidence.situations.readings import Reading
from sim.levers import Levers
from sim.organisation.codes import FIFTHS
from sim.parameters import Parameters, parameters_from
from sim.results.series import divide
from sim.rules import family, practitioner
from sim.rules.rule import around, probability
from sim.scenarios.files import load

COHORT = 100
INTAKE = 1000
COHORT_MONTHS = 6
COHORTS = 40
CLASSES = 70
SAMPLES = 10
WORLDS = 12
CLASS_MONTH = 60
PUBLISHED_NEED = (0.22, 0.17, 0.15, 0.11, 0.06)

ALONE = practitioner.Setting(**dict.fromkeys(practitioner.Setting._fields, 0.0))
"""A setting in which nothing draws anybody in."""

SERVED = family.Service(True, 0.0, at_fidelity=False, effect=0.0, mistakes=0.0, place_share=1.0, service=1.0, lost=0.0)
"""A practitioner who uses the practice, with a place for everybody."""


def _rows(lab: Laboratory, most: int) -> list[Parameters]:
    """Parameters of at most `most` replicates, fewer if the laboratory runs fewer."""
    runs = min(most, lab.replicates)
    if not lab.sample:
        return [Parameters()] * runs
    return [parameters_from(lab.sample[draws.row_of(lab.seed, r, len(lab.sample))]) for r in range(runs)]


def after_training(lab: Laboratory) -> list[Reading]:
    """V1: one cohort without peers or turnover; practitioners using six months after training of each kind."""
    dice = np.random.default_rng(lab.seed)
    kinds = (
        ("theory", practitioner.THEORY, 0.0, 0.0, 0.03),
        ("+ demonstration", practitioner.DEMONSTRATION, 0.0, 0.0, 0.05),
        ("+ practice with feedback", practitioner.PRACTICE, 0.0, 0.03, 0.15),
        ("+ coaching", practitioner.PRACTICE, 1.0, 0.70, 0.97),
    )
    everyone = _rows(lab, COHORTS)
    return [
        Reading(name, np.array([_using_after(p, training, dose, dice) for p in everyone]), low, high)
        for name, training, dose, low, high in kinds
    ]


def _using_after(p: Parameters, training: int, dose: float, dice: np.random.Generator) -> float:
    levers, pp, using = Levers(), p.practitioner, 0
    overloaded = practitioner.overload(pp, levers.initiative_load, levers.alignment, 0.3, False)
    for _ in range(COHORT):
        readiness = around(pp.readiness_mean, pp.readiness_spread, dice.random())
        commitment = around(p.leader.commitment_mean, p.leader.commitment_spread, dice.random())
        met = ALONE._replace(
            dose=dose,
            commitment=commitment,
            overloaded=overloaded,
            training=float(training),
            usability=levers.usability_start,
        )
        stop = probability(practitioner.lapses(pp, 0.0, met))
        uses = False
        for since, chance in enumerate(dice.random(COHORT_MONTHS)):
            me = practitioner.Oneself(readiness, True, since)
            start = probability(practitioner.starts(pp, me, 0.0, met))
            uses = chance >= stop if uses else chance < start
        using += uses
    return using / COHORT


def classes(lab: Laboratory) -> list[Reading]:
    """V8: children's outcome regressed on fidelity over samples of 70 classes; share of samples significant at 5 %."""
    dice = np.random.default_rng(lab.seed + 1)
    found = []
    for world in _worlds(lab):
        people, families = world.people, world.families
        using = np.flatnonzero(people.using == 1)
        size = np.bincount(families.home["person"], minlength=len(people.id))
        using = using[size[using] >= 5]
        if len(using) < CLASSES:
            continue
        wellbeing = (
            families.home["benefit"] / family.UNITS_PER_SD - families.home["need"] * Parameters().family.need_gap
        )
        mean = divide(np.bincount(families.home["person"], wellbeing, minlength=len(size)), size.astype(float))
        for _ in range(SAMPLES):
            chosen = dice.choice(using, CLASSES, replace=False)
            seen = mean[chosen] + dice.normal(size=CLASSES) / np.sqrt(size[chosen])
            r = float(np.corrcoef(people.fidelity[chosen], seen)[0, 1])
            found.append(abs(r) * math.sqrt((CLASSES - 2) / max(1e-12, 1.0 - r * r)) > 1.995)
    hits = np.array(found, float)
    shares = hits.reshape(-1, SAMPLES).mean(axis=1) if len(hits) else np.array([math.nan])
    return [Reading("share of samples significant", shares, 0.0, 0.80)]


def _worlds(lab: Laboratory) -> Iterator[World]:
    """The state of with-teams after five years, replicate by replicate."""
    setup = prepare(load("with-teams"), area(), CLASS_MONTH)
    workspace = Workspace(setup)
    t, z = setup.months + 1, len(setup.course.opens) + 1
    from sim.engine.sums import AREA, COUNTS, SUMS

    record = Record(
        np.zeros((t, z, len(COUNTS)), np.int64),
        np.zeros((t, z, len(SUMS))),
        np.zeros((t, len(AREA))),
        np.zeros((t, z, FIFTHS, len(FAMILY)), np.int64),
    )
    for r in range(min(WORLDS, lab.replicates)):
        key = np.uint64(draws.run_key(np.uint64(lab.seed), np.uint64(r)))
        row = draws.row_of(lab.seed, r, len(lab.sample)) if lab.sample else -1
        p = parameters_of(setup.scenario, lab.sample, row)
        world = workspace.fresh()
        for column in record:
            column.fill(0)
        run_months(world, as_record(p), record, Span(key, 0, setup.months + 1, np.zeros(1, np.uint8)))
        yield world


def intake(lab: Laboratory) -> list[Reading]:
    """V9: need at month 0 by deprivation fifth, its gradient, and the family funnel: offered, enrolled, completed."""
    e = lab.shipped("without-teams", 1, families=True)
    first = e.family[:, 0].sum(axis=1).astype(float)
    need = divide(first[:, :, FAMILY.index("families_in_need")], first[:, :, FAMILY.index("families")])
    enrolled, completed = _funnel(lab)
    gap = np.abs(need - np.array(PUBLISHED_NEED)).max(axis=1)
    return [
        Reading("largest gap to published need by fifth", gap, 0.0, 0.02, "difference"),
        Reading("need, most to least deprived fifth", divide(need[:, 0], need[:, -1]), 2.75, 4.5, "ratio"),
        Reading("enrolled of those offered", enrolled, 0.50, 0.76),
        Reading("completed of those offered", completed, 0.25, 0.49),
    ]


def _funnel(lab: Laboratory) -> tuple[Values, Values]:
    dice = np.random.default_rng(lab.seed + 2)
    shares = []
    for p in _rows(lab, COHORTS):
        pf, enrolled, completed = p.family, 0, 0
        chances = family.chances(pf)._replace(offer=1.0)
        for _ in range(INTAKE):
            path = family.next_path(pf, family.WAITING, dice.random(), SERVED, chances)
            enrolled += family.in_service(path)
            while family.in_service(path):
                chance = dice.random()
                completed += path == 2 and chance >= chances.drop
                path = family.next_path(pf, path, chance, SERVED, chances)
        shares.append((enrolled / INTAKE, completed / INTAKE))
    both = np.array(shares)
    return both[:, 0], both[:, 1]
