"""Our compiled months against a hand-written C twin: `python tests/benchmarks/ctwin/run.py [C compiler [quick]]`.

Both start from the same worlds on the way of a run, play the same months with the same random numbers, and must leave
the same bytes. clang is looked for first (`python -m ziglang cc` is one); gcc will do, but leaves more loops scalar.

It is a benchmark of the two hot loops and may lag behind the model: nothing else depends on it. It does so now: it was
written for a world laid out before each site's setting was gathered in one place, and it measures nothing until it
follows.
"""

from __future__ import annotations

import ctypes
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from sim.engine.benchmark import phases
from sim.engine.building import new_record
from sim.engine.world import AREA_RECORD, HOME_RECORD, LEADER_RECORD, LEVER_RECORD, SITE_RECORD
from sim.levers import NO_LIMIT
from sim.organisation.codes import EDUCATION
from sim.organisation.generate import synthetic
from sim.parameters import FamilyParameters, PractitionerParameters
from sim.rules import site

ROUNDS, AHEAD = 15, 3
C_TYPES = {"f8": "double", "u8": "uint64_t", "i8": "int64_t", "i4": "int32_t", "u1": "uint8_t"}
PEOPLE = ("id", "care", "tie_ptr", "tie_index", "partners", "aware", "trained", "using", "ever_used", "skill", "level",
          "readiness", "fidelity", "peers", "flips", "joined", "partner")  # fmt: skip
FAMILIES = ("id", "home")
CHANGED = ("aware", "trained", "using", "ever_used", "skill", "level", "readiness", "fidelity", "peers", "joined")
COUNTED = ("users", "aware", "trained", "stopped", "at_fidelity", "fidelity", "trained_now")


def kind(dtype):
    """A column's C type."""
    return "Home" if dtype == HOME_RECORD else C_TYPES[dtype.str[1:]]


def struct(name, fields):
    """A C struct."""
    return f"typedef struct {{ {' '.join(fields)} }} {name};\n"


def header(world):
    """Records, columns and parameters as C sees them."""
    text = "#include <stdint.h>\n"
    for name, record in (("Area", AREA_RECORD), ("Site", SITE_RECORD), ("Leader", LEADER_RECORD),
                         ("Lever", LEVER_RECORD), ("Home", HOME_RECORD)):  # fmt: skip
        text += struct(name, [f"{kind(record[field])} {field};" for field in record.names])
    for name, fields in (("Practitioner", PractitionerParameters._fields), ("Family", FamilyParameters._fields)):
        text += struct(name, [f"double {field};" for field in fields])
    for name, columns, group in (("People", PEOPLE, world.people), ("Families", FAMILIES, world.families)):
        fields = [f"{kind(getattr(group, c).dtype)} *{c.replace('using', 'using_') if c == 'using' else c};"
                  for c in columns]  # fmt: skip
        text += struct(name, [*fields, "int64_t width;"])
    return (
        text + f"#define EDUCATION {EDUCATION}\n#define NOT_ENGAGED {site.NOT_ENGAGED}\n#define NO_LIMIT {NO_LIMIT}\n"
    )


def compiler():
    """The words that call a C compiler."""
    if len(sys.argv) > 1:
        return shlex.split(sys.argv[1])
    found = next((name for name in ("clang", "gcc", "cc") if shutil.which(name)), None)
    if found is None:
        sys.exit("A C compiler is needed: clang, or gcc.")
    return [found]


def compiled(world, folder):
    """The twin as a library."""
    (folder / "world.h").write_text(header(world))
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", f"-I{folder}"]
    source, library = Path(__file__).with_name("twin.c"), folder / "twin.so"
    subprocess.run([*compiler(), *flags, str(source), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def columns(group, names, width=0):
    """A struct of pointers."""
    fields = [(name, ctypes.c_void_p) for name in names] + [("width", ctypes.c_int64)]
    of = type("Columns", (ctypes.Structure,), {"_fields_": fields})
    return of(*(getattr(group, name).ctypes.data for name in names), width)


class Twin:
    """The C functions, called like ours."""

    def __init__(self, library):
        self.library = library

    def practise(self, w, pp, key, month, months):
        """Practitioners."""
        people = columns(w.people, PEOPLE, w.people.partners.shape[1])
        pointer = ctypes.c_void_p
        given = np.array(pp, np.float64)
        for m in range(month, month + months):
            self.library.practise(
                pointer(w.areas.ctypes.data), pointer(w.levers.ctypes.data), pointer(w.sites.ctypes.data),
                ctypes.c_int64(len(w.sites)), pointer(w.leaders.ctypes.data), pointer(w.load.ctypes.data),
                pointer(w.between.ctypes.data), ctypes.c_int64(w.load.shape[1]), people, pointer(given.ctypes.data),
                ctypes.c_uint64(int(key)), ctypes.c_int64(m),
            )  # fmt: skip

    def serve(self, w, pp, pf, key, month, months):
        """Families."""
        people, families = columns(w.people, PEOPLE, w.people.partners.shape[1]), columns(w.families, FAMILIES)
        pointer = ctypes.c_void_p
        given, also = np.array(pp, np.float64), np.array(pf, np.float64)
        for m in range(month, month + months):
            self.library.serve(
                pointer(w.areas.ctypes.data), ctypes.c_int64(len(w.areas)), pointer(w.levers.ctypes.data),
                pointer(w.sites.ctypes.data), ctypes.c_int64(len(w.sites)), people, families,
                pointer(w.tally.ctypes.data), ctypes.c_int64(w.tally.shape[2]), pointer(given.ctypes.data),
                pointer(also.ctypes.data), ctypes.c_uint64(int(key)), ctypes.c_int64(m),
            )  # fmt: skip


def check(ours, theirs):
    """Refuse to time two things that differ."""
    pairs = {name: (getattr(ours.people, name), getattr(theirs.people, name)) for name in CHANGED}
    pairs |= {f"family {n}": (getattr(ours.families, n), getattr(theirs.families, n)) for n in FAMILIES}
    pairs |= {f"site {name}": (ours.sites[name], theirs.sites[name]) for name in COUNTED}
    pairs["tally"] = ours.tally, theirs.tally
    wrong = [name for name, (one, other) in pairs.items() if one.tobytes() != other.tobytes()]
    if wrong:
        sys.exit(f"The twin differs in: {', '.join(wrong)}.")


def spent(task):
    """Processor seconds of a call."""
    start = time.thread_time()
    task()
    return time.thread_time() - start


def compare(scenario, size, folder):
    """A line of the table."""
    setup, key, kept = phases.moments(scenario, synthetic.generate(phases.SIZES[size]))
    out, found = new_record(setup), {name: [] for name in ("practise", "its twin", "serve", "twin")}
    twin = Twin(compiled(kept[0].world, folder))
    for turn in range(ROUNDS + 1):
        taken = dict.fromkeys(found, 0.0)
        for m in kept:
            a, b = phases.copied(m.world), phases.copied(m.world)
            taken["practise"] += spent(lambda w=a, m=m: phases.practise(w, m.pp, key, m.month, AHEAD, out))
            taken["its twin"] += spent(lambda w=b, m=m: twin.practise(w, m.pp, key, m.month, AHEAD))
            taken["serve"] += spent(lambda w=a, m=m: phases.serve(w, m.pp, m.pf, key, m.month, AHEAD, out))
            taken["twin"] += spent(lambda w=b, m=m: twin.serve(w, m.pp, m.pf, key, m.month, AHEAD))
            check(a, b)
        if turn:
            for name, value in taken.items():
                found[name].append(value / len(kept) / AHEAD)
    people, homes = len(setup.place.person_id), len(setup.place.family_id)
    a, b, c, d = (statistics.median(values) for values in found.values())
    print(
        f"{size}, {scenario}: practitioner {1e9 * a / people:.2f} ns, C {1e9 * b / people:.2f} ns; family "
        f"{1e9 * c / homes:.2f} ns, C {1e9 * d / homes:.2f} ns; both together {(b + d) / (a + c):.2f} of C's speed",
        flush=True,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for size in list(phases.SIZES)[: 1 if "quick" in sys.argv[2:] else None]:
            for scenario in ("with-teams", "without-teams"):
                compare(scenario, size, Path(name))
