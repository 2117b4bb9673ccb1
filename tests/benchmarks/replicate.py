"""Where the time of one replicate goes, phase by phase: `python tests/benchmarks/replicate.py [SCENARIO [STAFF]]`.

The replicate's own source is compiled once more with a reading of the processor's cycle counter after each phase, and
run on a world that many have used before, as in an ensemble. Medians over replicates.
"""

from __future__ import annotations

import ast
import sys
import time

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from sim.engine import draws, schedule
from sim.engine.batch import Workspace, empty_ensemble, simulate
from sim.engine.benchmark import replicates
from sim.engine.building import new_record
from sim.engine.kernel import UNCOUNTED
from sim.engine.setup import prepare
from sim.engine.world import Now, Span
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

MONTHS, ROUNDS = 60, 100


@intrinsic
def cycles(_typing):
    """The processor's cycle counter."""

    def code(_context, builder, _signature, _given):
        counter = ir.FunctionType(ir.IntType(64), ())
        return builder.call(builder.module.declare_intrinsic("llvm.readcyclecounter", (), counter), ())

    return types.uint64(), code


class Watched(ast.NodeTransformer):
    """Puts a reading after every call of a phase."""

    def __init__(self):
        self.phases = []

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Call):
            return node
        number = len(self.phases)
        self.phases.append(node.value.func.id)
        return [node, *ast.parse(f"tick = cycles()\nspent[{number}] += tick - last\nlast = tick").body]


def watched():
    """`run_months` that adds to `spent` what each phase took, and the names of the phases."""
    tree = ast.parse(schedule.written())
    function = tree.body[0]
    function.args.args.append(ast.arg("spent"))
    visitor = Watched()
    visitor.visit(function)
    function.body.insert(0, ast.parse("last = cycles()").body[0])
    names = {"cycles": cycles, "Now": Now} | {s.name: s.compiled for s in (*schedule.FIRST_DAY, *schedule.ORDER)}
    exec(compile(ast.fix_missing_locations(tree), "<watched>", "exec"), names)
    return njit(nogil=True, error_model="numpy", **UNCOUNTED)(names["run_months"]), visitor.phases


def rounds(setup):
    """Nanoseconds of each phase in each of some replicates [ROUNDS, phases], and the phases' names."""
    run, names = watched()
    workspace, record = Workspace(setup), new_record(setup)
    parameters = empty_ensemble(setup, 1, 1, 0, ()).parameters(0)
    stop, found = np.zeros(1, np.uint8), []
    for replicate in range(ROUNDS):
        key = np.uint64(draws.run_key(np.uint64(1), np.uint64(replicate)))
        spent = np.zeros(len(names), np.uint64)
        for rows in record:
            rows.fill(0)
        world = workspace.fresh()
        start = time.perf_counter_ns()
        run(world, parameters, record, Span(key, 0, MONTHS + 1, stop), spent)
        took = time.perf_counter_ns() - start
        found.append(spent / spent.sum() * took)
    return np.array(found[1:]), names


def compiled(setup, replicates=20):
    """Nanoseconds of processor time of a whole replicate as it is run."""
    found = []
    for _ in range(9):
        start = time.process_time_ns()
        simulate(setup.scenario, setup.organisation, replicates=replicates, threads=1, setup=setup)
        found.append((time.process_time_ns() - start) / replicates)
    return float(np.median(found))


if __name__ == "__main__":
    area = replicates.area(int(sys.argv[2])) if len(sys.argv) > 2 else synthetic.generate({})
    setup = prepare(load(sys.argv[1] if len(sys.argv) > 1 else "with-teams"), area, MONTHS)
    compiled(setup, 1)
    found, names = rounds(setup)
    medians = np.median(found, axis=0)
    for spent, name in sorted(zip(medians, names, strict=True), reverse=True):
        print(f"{name:<22} {spent / 1e3:8.1f} us {spent / medians.sum():6.1%} {spent / MONTHS:9,.0f} ns a month")
    print(f"{'all phases':<22} {medians.sum() / 1e3:8.1f} us")
    print(f"{'a replicate as it is run':<22} {compiled(setup) / 1e3:6.1f} us of processor time")
