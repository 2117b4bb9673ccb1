"""What only some systems have is imported and called in `sim/platforms` alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOM = "sim/platforms/"
SOURCES = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in sorted((ROOT / "sim").rglob("*.py"))}

MODULES = {
    "_winapi", "crypt", "ctypes", "curses", "fcntl", "filelock", "grp", "msvcrt", "multiprocessing", "nt", "posix",
    "psutil", "pty", "pwd", "readline", "resource", "select", "signal", "spwd", "subprocess", "syslog", "termios",
    "tty", "winreg", "winsound",
}  # fmt: skip
CALLS = {
    "os.O_BINARY", "os.abort", "os.chmod", "os.chown", "os.chroot", "os.cpu_count", "os.fchmod", "os.fdatasync",
    "os.fork", "os.forkpty", "os.fsync", "os.getegid", "os.geteuid", "os.getgid", "os.getgroups", "os.getloadavg",
    "os.getpgid", "os.getpriority", "os.getuid", "os.kill", "os.killpg", "os.lchown", "os.link", "os.lockf",
    "os.mkfifo", "os.name", "os.nice", "os.open", "os.openpty", "os.posix_fadvise", "os.posix_spawn",
    "os.process_cpu_count", "os.register_at_fork", "os.rename", "os.replace", "os.sched_getaffinity",
    "os.sched_setaffinity", "os.setpgid", "os.setsid", "os.setuid", "os.startfile", "os.statvfs", "os.symlink",
    "os.sync", "os.sysconf", "os.system", "os.ttyname", "os.umask", "os.uname", "os.wait", "os.waitpid",
    "platform.system", "platform.uname", "socket.AF_UNIX", "socket.SO_EXCLUSIVEADDRUSE", "socket.SO_REUSEADDR",
    "socket.SO_REUSEPORT", "sys.getwindowsversion", "sys.platform", "time.tzset",
}  # fmt: skip
METHODS = {"chmod", "expanduser", "hardlink_to", "lchmod", "symlink_to", "home", "reconfigure"}
"""Methods of paths and streams that differ, whatever they are called on."""
FOLDERS = ("/proc/", "/dev/", "/etc/", "/sys/", "/tmp", "/usr/", "/var/", "~/", "C:\\")


def dotted(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


def of_an_import(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
    module = node.module or ""
    if module.split(".")[0] in MODULES:
        return [module]
    return [f"{module}.{alias.name}" for alias in node.names if f"{module}.{alias.name}" in CALLS]


def of_a_call(node: ast.Call) -> list[str]:
    """A file of text written without saying how its lines end: Windows would end them otherwise."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
    given = {word.arg for word in node.keywords}
    if called == "write_text" and "newline" not in given:
        return ["write_text without newline"]
    if called not in ("open", "NamedTemporaryFile", "TemporaryFile"):
        return []
    modes = [a.value for a in (*node.args, *(k.value for k in node.keywords if k.arg == "mode"))
             if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
    as_text = any(mode.strip("+x") in ("w", "a", "x", "wt") for mode in modes if len(mode) < 4)
    return [f"{called} for text without newline"] if as_text and "newline" not in given else []


def found(text: str) -> list[str]:
    """What of a source belongs into the room, with its line."""
    amiss: list[str] = []
    for node in ast.walk(ast.parse(text)):
        here: list[str] = []
        if isinstance(node, ast.Import | ast.ImportFrom):
            here = of_an_import(node)
        elif isinstance(node, ast.Attribute):
            here = [dotted(node)] if dotted(node) in CALLS else []
        elif isinstance(node, ast.Call):
            here = of_a_call(node)
            if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                here = [*here, f".{node.func.attr}()"]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            here = [node.value] if node.value.startswith(FOLDERS) else []
        amiss += [f"line {node.lineno}: {what}" for what in here]  # type: ignore[attr-defined]
    return amiss


@pytest.mark.parametrize("name", [name for name in SOURCES if not name.startswith(ROOM)])
def test_what_only_some_systems_have_is_asked_for_in_one_room(name: str) -> None:
    assert found(SOURCES[name]) == []


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
        "x = open('/proc/self/status').read()",
    ],
)
def test_what_only_some_systems_have_is_found_where_it_stands(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.getpid()\nos.environ['A']\nos._exit(1)",
        "from pathlib import Path\nPath('a').write_text('x', encoding='utf-8', newline='\\n')",
        "from pathlib import Path\nwith Path('a').open('w', newline='') as f: pass",
        "from pathlib import Path\nwith Path('a').open('wb') as f: pass\nwith Path('a').open() as f: pass",
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
