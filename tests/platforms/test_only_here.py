"""What only some systems have is imported and called in `sim/platforms` alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOM = "sim/platforms/"
SOURCES = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in sorted((ROOT / "sim").rglob("*.py"))}

MODULES = {
    "_posixsubprocess", "_winapi", "crypt", "ctypes", "curses", "fcntl", "filelock", "grp", "mmap", "msvcrt",
    "multiprocessing", "nt", "posix", "psutil", "pty", "pwd", "readline", "resource", "select", "selectors", "signal",
    "spwd", "subprocess", "syslog", "termios", "tty", "winreg", "winsound",
}  # fmt: skip
ALIKE = {
    "os": {"PathLike", "_exit", "devnull", "environ", "fspath", "getpid", "path", "pathsep"},
    "sys": {"argv", "exit", "modules", "path", "stderr", "stdin", "stdout", "version", "version_info"},
    "time": {"monotonic", "perf_counter", "perf_counter_ns", "process_time", "sleep", "thread_time", "time"},
    "socket": {"AF_INET", "AF_INET6", "create_connection", "gaierror", "gethostname", "socket"},
    "shutil": {"copy", "copyfile", "copytree", "get_terminal_size", "rmtree"},
    "platform": {"machine", "python_version"},
    "asyncio": {"TimerHandle"},
}
"""What is alike everywhere of modules that are not; whoever needs more looks first whether that is."""
METHODS = {"add_signal_handler", "chmod", "expanduser", "hardlink_to", "home", "is_mount", "lchmod", "owner",
           "reconfigure", "symlink_to"}  # fmt: skip
"""Methods of paths, streams and loops that differ, whatever they are called on."""
FOLDERS = ("/proc/", "/dev/", "/etc/", "/sys/", "/tmp", "/usr/", "/var/", "~/", "C:\\")
DATES = ("%-d", "%-m", "%-H", "%-I", "%-j", "%#d", "%#m", "%e", "%s", "%P", "%k", "%l")
"""Parts of dates that only some C libraries know."""
IN_TEXT = {"r", "w", "a", "x", "rt", "wt", "at", "xt", "r+", "w+"}
IN_BYTES = {"rb", "wb", "ab", "xb", "r+b", "rb+", "w+b"}


def names_of(tree: ast.AST) -> dict[str, str]:
    """What modules are called in a source: {'os': 'os', 'o': 'os'}."""
    given = [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {alias.asname or alias.name.split(".")[0]: alias.name.split(".")[0] for alias in given}


def of_an_import(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
    module = node.module or ""
    if module.split(".")[0] in MODULES:
        return [module]
    return [f"{module}.{alias.name}" for alias in node.names if alias.name not in ALIKE.get(module, {alias.name})]


def of_a_file(node: ast.Call, called: str, given: set[str | None]) -> list[str]:
    """Text in another encoding than UTF-8, or with line ends that Windows would change."""
    if called in ("read_text", "write_text"):
        amiss = [] if "encoding" in given or (called == "read_text" and node.args) else [f"{called} without encoding"]
        return [*amiss, *([] if called == "read_text" or "newline" in given else ["write_text without newline"])]
    if called not in ("open", "fdopen", "NamedTemporaryFile", "TemporaryFile"):
        return []
    words = [a.value for a in (*node.args[:2], *(k.value for k in node.keywords if k.arg == "mode"))
             if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
    modes = [word for word in words if word in IN_TEXT | IN_BYTES]
    if any(mode in IN_BYTES for mode in modes) or (not modes and called != "open"):
        return []
    builtin = isinstance(node.func, ast.Name)
    if not modes and not builtin and (node.args or given - {"encoding", "newline", "errors", "buffering"}):
        return []  # an archive's, a purse's, a browser's
    amiss = [] if "encoding" in given else [f"{called} for text without encoding"]
    written = any(mode not in ("r", "rt") for mode in modes)
    return [*amiss, *([f"{called} for text without newline"] if written and "newline" not in given else [])]


def of_a_call(node: ast.Call, known: dict[str, str]) -> list[str]:
    attribute = node.func if isinstance(node.func, ast.Attribute) else None
    called = attribute.attr if attribute else ast.unparse(node.func)
    first = node.args[0] if node.args else None
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    given = {word.arg for word in node.keywords}
    amiss = of_a_file(node, called, given)
    if attribute and called in METHODS:
        amiss.append(f".{called}()")
    if attribute and called in ("rename", "replace") and len(node.args) == 1 and not given:
        amiss.append(f".{called}() of a path; see files.replace_file")
    if called in ("import_module", "__import__") and text.split(".")[0] in MODULES:
        amiss.append(f"{called}({text!r})")
    if called in ("getattr", "hasattr") and isinstance(first, ast.Name) and known.get(first.id) in ALIKE:
        wanted = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else ""
        if wanted not in ALIKE[known[first.id]]:
            amiss.append(f"{called}({first.id}, {wanted!r})")
    if called in ("run", "Popen", "check_output") and "shell" in given:
        amiss.append(f"{called} by a shell")
    return amiss


def of_a_text(text: str) -> list[str]:
    date = [part for part in DATES if part in text and "%Y" in text]
    return [*([text] if text.startswith(FOLDERS) else []), *date]


def found(text: str) -> list[str]:
    """What of a source belongs into the room, with its line."""
    amiss: list[str] = []
    tree = ast.parse(text)
    known = names_of(tree)
    for node in ast.walk(tree):
        here: list[str] = []
        if isinstance(node, ast.Import | ast.ImportFrom):
            here = of_an_import(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id, "")
            here = [f"{module}.{node.attr}"] if node.attr not in ALIKE.get(module, {node.attr}) else []
        elif isinstance(node, ast.Call):
            here = of_a_call(node, known)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            here = of_a_text(node.value)
        amiss += [f"line {node.lineno}: {what}" for what in here]  # type: ignore[attr-defined]
    return amiss


@pytest.mark.parametrize("name", [name for name in SOURCES if not name.startswith(ROOM)])
def test_what_only_some_systems_have_is_asked_for_in_one_room(name: str) -> None:
    assert found(SOURCES[name]) == []


def begun() -> list[str]:
    """Modules that a process of their own runs."""
    named = [name for text in SOURCES.values() for name in re.findall(r'"-m", "(sim[\w.]+)"', text)]
    own = [name for name, text in SOURCES.items() if 'start(["-m", __spec__.name]' in text]
    return sorted({*named, *(name.removesuffix(".py").replace("/", ".") for name in own)})


def test_a_process_of_its_own_begins_a_module_that_does_nothing_when_imported() -> None:
    """Windows cannot fork: whatever a process is given is pickled, and read in another that imports the module."""
    assert len(begun()) >= 4
    for module in begun():
        tree = ast.parse(SOURCES[f"{module.replace('.', '/')}.py"])
        *before, last = tree.body
        assert ast.unparse(last).startswith("if __name__ == '__main__':"), module
        quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.If)
        texts = {node for node in before if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
        loud = [ast.unparse(node) for node in before if node not in texts and not isinstance(node, quiet)]
        assert loud == [], module


def test_standard_input_is_never_read_while_something_else_happens() -> None:
    """On Windows a library that is loaded meanwhile would wait for it: see `processes.end_with`."""
    reading = {name for name, text in SOURCES.items() if "sys.stdin" in text and "Thread(" in text}
    assert reading == set()


@pytest.mark.parametrize(
    "text",
    [
        "import fcntl",
        "import resource as r",
        "from os import fork",
        "from os import geteuid as who",
        "import os\nos.fork()",
        "import os\nif hasattr(os, 'x') and os.getuid() == 0: pass",
        "def f():\n    import signal\n    signal.SIGHUP",
        "from ctypes import CDLL\nCDLL(None)",
        "import ctypes.util",
        "import os\nos.cpu_count()",
        "import os\nwith os.fdopen(os.open('x', 1), 'wb'): pass",
        "import sys\nif sys.platform == 'linux': pass",
        "from sys import platform",
        "from subprocess import run",
        "from multiprocessing import Pool",
        "from pathlib import Path\nPath('a').chmod(0o600)",
        "from pathlib import Path\nPath('~').expanduser()",
        "from pathlib import Path\nPath.home()",
        "from pathlib import Path\nPath('a').write_text('x', encoding='utf-8')",
        "from pathlib import Path\nwith Path('a').open('w', encoding='utf-8') as f: pass",
        "with open('a', mode='a') as f: pass",
        "import tempfile\ntempfile.NamedTemporaryFile('w')",
        "x = open('/proc/self/status', encoding='utf-8').read()",
        "import os as o\no.fork()",
        "import os\nos.kill(1, 9)",
        "import os\nos.sched_getaffinity(0)",
        "import os\nos.pread(1, 2, 3)",
        "import os\ngetattr(os, 'fork')",
        "import importlib\nimportlib.import_module('fcntl')",
        "__import__('resource')",
        "import signal as s\ns.SIGKILL",
        "import select",
        "import time\ntime.clock_gettime(1)",
        "import shutil\nshutil.chown('a', 'b')",
        "import asyncio\nasyncio.get_event_loop().add_signal_handler(15, print)",
        "import time\ntime.strftime('%-d %B %Y')",
        "from datetime import date\nf'{date.today():%e.%m.%Y}'",
        "from pathlib import Path\nPath('a').read_text()",
        "from pathlib import Path\nPath('a').open()",
        "from pathlib import Path\nPath('a').open('r')",
        "from pathlib import Path\nPath('a').open('w', newline='')",
        "open('a')",
        "open('a', 'r')",
        "from pathlib import Path\nPath('a').rename('b')",
        "from pathlib import Path\nPath('a').replace(Path('b'))",
    ],
)
def test_what_only_some_systems_have_is_found_where_it_stands(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.getpid()\nos.environ['A']\nos._exit(1)",
        "from pathlib import Path\nPath('a').write_text('x', encoding='utf-8', newline='\\n')",
        "from pathlib import Path\nwith Path('a').open('w', encoding='utf-8', newline='') as f: pass",
        "from pathlib import Path\nwith Path('a').open('wb') as f: pass",
        "from pathlib import Path\nwith Path('a').open(encoding='utf-8') as f: pass",
        "import importlib.resources as r\nr.files('sim').joinpath('a').read_text('utf-8')",
        "'a'.replace('b', 'c')\nfrom dataclasses import replace\nreplace(1)",
        "import pandas as pd\npd.DataFrame().rename(columns={'a': 'b'})",
        "import zipfile\nzipfile.ZipFile('a').open('item')",
        "import tempfile\ntempfile.TemporaryFile()",
        "import sys\nsys.stdout.write('%s')",
        "x = 'system'",
    ],
)
def test_what_every_system_has_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_room_is_where_all_this_happens() -> None:
    """The check would see it: the room itself does not pass."""
    assert {name for name, text in SOURCES.items() if name.startswith(ROOM) and found(text)} >= {
        f"{ROOM}{name}.py" for name in ("cores", "files", "locks", "memory", "ports", "private", "processes", "signals")
    }
