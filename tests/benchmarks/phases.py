"""A month of a practitioner and of a family against its random numbers: `python tests/benchmarks/phases.py`."""

from __future__ import annotations

from sim.engine.benchmark.phases import rows

if __name__ == "__main__":
    for row in rows(quick=False):
        print(f"{row.measure:50} {row.measured:6.2f} times ({row.note})")
