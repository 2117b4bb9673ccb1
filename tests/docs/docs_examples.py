"""The examples of README.md and docs/: found as a reader sees them, and run unchanged."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md"))), "experiments/README.md")
SHELL = ("sh", "bash", "console")
PROGRAMS = ("zones", "python", "make", "dask", "unshare", "sbatch", "helm", "pip")
THEN = re.compile(r"#.*\bthen: (zones .*)")


@dataclass(frozen=True)
class Example:
    """One fenced block, or one command in the running text.

    Attributes:
        page: the page it is on.
        line: its first line there.
        language: what the fence says ('sh', 'python', ...); 'inline' for a command in the text.
        text: unchanged.
    """

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> list[str]:
        """The commands of a block of shell, in order, with those that a comment goes on to name; none for others."""
        lines = self.text.replace("\\\n", " ").splitlines()
        first = lines[0].split()[:1] if lines else []
        if self.language not in (*SHELL, "inline") and not (self.language == "" and first == ["zones"]):
            return []
        found = []
        for line in lines:
            command = shlex.join(shlex.split(line, comments=True)) and line.strip()
            found += [command] if command else []
            found += [then[1].strip() for then in [THEN.search(line)] if then]
        return found


def examples(text: str, page: str) -> Iterator[Example]:
    """Every fenced block of a page, and every command that its text names, each text once."""
    seen = set[str]()
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "fence":
            yield Example(page, line, token.info.split(" ")[0].strip(), token.content)
        for part in token.children or []:
            words = part.content.split()
            is_command = part.type == "code_inline" and len(words) > 1 and words[0] in PROGRAMS and words[1] != "="
            if is_command and part.content not in seen:
                seen.add(part.content)
                yield Example(page, line, "inline", part.content)


def of_pages() -> list[Example]:
    """Every example of every page."""
    return [e for page in PAGES for e in examples((ROOT / page).read_text(encoding="utf-8"), page)]


class Failed(AssertionError):
    """An example that does not work unchanged."""


class Reader:
    """Somebody who follows a page in a folder of their own, with the installed commands on the path.

    Args:
        folder: an empty folder; shipped experiments and benchmarks are put where a clone has them.
        library: a reader whose results this one may start from; itself where there is none.
    """

    def __init__(self, folder: Path, library: Reader | None = None) -> None:
        self.folder = folder
        self.library = library or self
        self.serving: list[subprocess.Popen[bytes]] = []
        tools = folder / ".venv" / "bin"
        tools.mkdir(parents=True)
        for name, runs in {"zones": "-m sim.cli", "python": "", "python3": "", "dask": "-m dask"}.items():
            script = tools / name
            script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {runs} "$@"\n', encoding="utf-8")
            script.chmod(0o755)
        (tools / "activate").write_text(f"PATH={shlex.quote(str(tools))}:$PATH\n", encoding="utf-8")
        for name in ("experiments", "docs"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "Makefile", folder)
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        (folder / "tests").mkdir()
        (folder / "tests" / "benchmarks").symlink_to(ROOT / "tests" / "benchmarks")
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "BROWSER": "true", "MPLBACKEND": "agg"}

    def run(self, command: str) -> str:
        """Run a command as a shell does.

        Returns:
            What it printed.

        Raises:
            Failed: it ended with an error.
        """
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder, env=self.environment, check=False, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{command}\nended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def python(self, source: str) -> str:
        """Run lines of Python as an interpreter does, showing what each line gives; see `run`."""
        (self.folder / "typed.py").write_text(source, encoding="utf-8")
        shown = "import ast\nnames = {'__name__': '__main__'}\nfor line in ast.parse(open('typed.py').read()).body:\n"
        shown += "    exec(compile(ast.Interactive([line]), 'typed.py', 'single'), names)\n"
        (self.folder / "shown.py").write_text(shown, encoding="utf-8")
        return self.run("python shown.py")

    def serve(self, command: str, until: str, seconds: float = 120) -> None:
        """Start what does not end by itself and wait until it has printed a word; it is stopped by `leave`.

        Raises:
            Failed: it ended, or the word did not come in time.
        """
        heard = self.folder / f"heard-{len(self.serving)}.txt"
        with heard.open("wb") as out:
            self.serving.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {command}"], cwd=self.folder, env=self.environment, stdout=out, stderr=out
                )
            )
        end = time.monotonic() + seconds
        while until not in heard.read_text(encoding="utf-8", errors="replace"):
            if self.serving[-1].poll() is not None or time.monotonic() > end:
                raise Failed(f"{command}\ndid not say {until!r}:\n{heard.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)

    def answers(self, command: str, seconds: float = 60) -> None:
        """Ask the page that a command serves for its first bytes.

        Raises:
            Failed: it did not answer in time.
        """
        port = next((b for a, b in pairwise(command.split()) if a == "--port"), "8765")
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                    if page.status == 200 and b"Transformation Zones" in page.read():
                        return
            except OSError as error:
                if time.monotonic() > end:
                    raise Failed(f"{command}\ndoes not answer: {error}") from error
            time.sleep(0.2)

    def leave(self) -> None:
        """Stop what serves."""
        for process in reversed(self.serving):
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.serving.clear()

    def results(self, pattern: str) -> list[Path]:
        """Folders under results/, the newest last."""
        return sorted((self.folder / "results").glob(pattern), key=lambda p: p.stat().st_mtime_ns)
