"""How the code is kept: no circular import, no module with state of its own but caches, nothing too long to read."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "sim").rglob("*.py"))
}

# Agents name one another in type annotations: a site has staff, and staff have a site.
KNOW_EACH_OTHER = {
    f"sim.agents.{name}"
    for name in (
        "area",
        "assessment",
        "bills",
        "deciding",
        "family",
        "group",
        "leader",
        "opening",
        "practitioner",
        "site",
        "team",
    )
}
# The pages' answers ask the jobs, which work the answers out; both ways inside functions.
PAGES = {f"sim.app.{name}" for name in ("answer", "jobs", "network", "stories", "zone_parts")}
STATE = {
    "sim.app.jobs._JOBS": "the running application's work, one a process, asked for by each page's session",
    "sim.engine.draws._declared": "what each decision is, filled while the module is loaded and only then",
    "sim.engine.compiling._one_at_a_time": "a lock: numba compiles one kernel at a time",
    "sim.engine.gpu.driver._one_at_a_time": "a lock: one thread compares the first run on a GPU",
    "sim.engine.gpu.program._one_at_a_time": "a lock: one program for a GPU is compiled at a time",
}
CHANGES = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse",
    "setdefault", "sort", "update",
}  # fmt: skip
MODULE, FUNCTION, EXCEPTIONS = 400, 60, 10
COMPLEXITY = {"C901", "PLR0911", "PLR0912", "PLR0913", "PLR0915", "PLR0917"}
EXCEPTION = re.compile(r"# noqa: .*(C901|PLR09)")
HOLDERS = {"Condition", "Event", "Lock", "OrderedDict", "Queue", "RLock", "bytearray", "defaultdict", "deque"}


def cycles(*, annotations: bool) -> list[set[str]]:
    graph = grimp.build_graph("sim", exclude_type_checking_imports=not annotations, cache_dir=None)
    edges = ((one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one))
    return [set(found) for found in nx.strongly_connected_components(nx.DiGraph(edges)) if len(found) > 1]


def test_no_import_goes_round_in_a_circle():
    assert [found for found in cycles(annotations=False) if not found <= PAGES] == []


def test_annotations_go_round_among_the_agents_alone():
    found = cycles(annotations=True)
    assert KNOW_EACH_OTHER in found
    assert [one for one in found if not (one <= KNOW_EACH_OTHER or one <= PAGES)] == []


def named(target: ast.expr) -> str | None:
    return target.id if isinstance(target, ast.Name) else None


def bound(tree: ast.Module) -> dict[str, ast.expr]:
    """What a module binds names to when it is loaded."""
    found = {}
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        found |= {name: node.value for target in targets if (name := named(target)) and node.value is not None}
    return found


def frozen(node: ast.ClassDef) -> bool:
    """An enumeration, a named tuple or a frozen dataclass."""
    words = [ast.unparse(part) for part in (*node.bases, *node.decorator_list)]
    return any("frozen=True" in word or word.endswith(("NamedTuple", "Enum")) for word in words)


def stateful_classes(sources: dict[str, str]) -> set[str]:
    trees = map(ast.parse, sources.values())
    return {n.name for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and not frozen(n)}


def changed(tree: ast.Module, names: set[str]) -> Iterator[str]:
    """Names bound by the module that a function of it changes or binds anew."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        own = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
        own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield from node.names
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                yield from {named(node.value)} & names - own
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
                yield from {named(node.func.value)} & names - own


def state(sources: dict[str, str]) -> set[str]:
    """Module-level names that hold what may change while the program runs."""
    holders, found = HOLDERS | stateful_classes(sources), set()
    for module, text in sources.items():
        tree = ast.parse(text)
        values = bound(tree)
        made = {
            name
            for name, value in values.items()
            if isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in holders
        }
        found |= {f"{module}.{name}" for name in made | set(changed(tree, set(values)))}
    return found


def test_no_module_keeps_state_but_caches():
    assert state(SOURCES) <= set(STATE)


@pytest.mark.parametrize(
    "text",
    [
        "seen = []\ndef look(x):\n    seen.append(x)",
        "kept = {}\ndef keep(x):\n    kept[x] = 1",
        "count = 0\ndef more():\n    global count\n    count += 1",
        "class Shelf:\n    pass\nshelf = Shelf()",
        "from threading import Event\nstop = Event()",
    ],
)
def test_state_is_found_where_there_is_some(text):
    assert state({"made": text})


@pytest.mark.parametrize(
    "text",
    [
        "WORDS = {'a': 1}\ndef word(x):\n    return WORDS[x]",
        "names = ()\ndef own():\n    names = []\n    names.append(1)",
        "from typing import NamedTuple\nclass One(NamedTuple):\n    a: int\nFIRST = One(1)",
    ],
)
def test_constants_are_no_state(text):
    assert state({"made": text}) == set()


def lengths(sources: dict[str, str]) -> dict[str, int]:
    """Lines of every module, and of every function by its dotted name."""
    found = {module: len(text.splitlines()) for module, text in sources.items()}
    for module, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{module}.{node.name}:{node.lineno}"] = (node.end_lineno or 0) - node.lineno + 1
    return found


def too_long(sources: dict[str, str]) -> list[str]:
    return [name for name, lines in lengths(sources).items() if lines >= (FUNCTION if ":" in name else MODULE)]


def test_modules_and_functions_can_be_read_in_one_go():
    assert too_long(SOURCES) == []


def test_what_is_too_long_is_found():
    body = "    pass\n" * (FUNCTION - 1)
    assert too_long({"made": f"def long():\n{body}"}) == ["made.long:1"]
    assert too_long({"made": "pass\n" * MODULE}) == ["made"]


def test_exceptions_to_the_rules_of_complexity_are_a_handful():
    """Those of whole files are in pyproject.toml; those of single lines give their reason beside the rule."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    files = {path for path in settings["per-file-ignores"] if path.startswith("sim")}
    assert {rule for path in files for rule in settings["per-file-ignores"][path]} <= COMPLEXITY
    lines = [line for text in SOURCES.values() for line in text.splitlines() if EXCEPTION.search(line)]
    assert len(files) + len(lines) <= EXCEPTIONS
    assert [line for line in lines if not re.search(r"# noqa: [A-Z0-9, ]+\s{2,}\w", line)] == []
