"""The screen: figures go to standard output, words and progress to standard error."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterable
from typing import Any

from sim.counts import counted
from sim.errors import ResultError, visible
from sim.platforms.screen import drawn_over, reader_has_gone

DELAY = 1.0
PLAIN_EVERY = 10.0
BAR = 24
WIDTH = 100
MOST_LINES = 40
LONGEST_LINE = 1_000
UNICODE = ("utf-8", "utf8", "utf-16", "utf-32")


def say(*lines: str) -> None:
    """Words for the person at the keyboard. A closed terminal or a full log does not stop the work."""
    with contextlib.suppress(OSError):
        for line in lines:
            print(visible(line, keep="\n"), file=sys.stderr, flush=True)


def say_at_most(text: str, most: int = MOST_LINES) -> None:
    """A message of any length for the person at the keyboard: what is more than a screen goes to a file it names."""
    say(limited(text, most))


def limited(text: str, most: int = MOST_LINES) -> str:
    """At most `most` lines of a message, each cut to a limit; the whole goes to a file that the last line names.

    Args:
        text: the message, its lines parted by line ends.
        most: lines to show, the one that names the file among them.
    """
    lines = text.split("\n")
    if len(lines) <= most and max(map(len, lines)) <= LONGEST_LINE:
        return text
    shown = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..." for line in lines[: most - 1]]
    more = len(lines) - len(shown)
    what = f"... and {counted(more, 'more line')}; all of it" if more else "The message in full"
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="zones-message-",
            suffix=".txt",
            encoding="utf-8",
            newline="\n",
            errors="backslashreplace",
            delete=False,
        ) as file:
            file.write(visible(text, keep="\n") + "\n")
    except OSError as error:
        return "\n".join([*shown, f"{what} could not be kept in a file ({error.strerror})."])
    return "\n".join([*shown, f"{what} is in {file.name}"])


def show(lines: str | Iterable[str]) -> None:
    """The answer.

    Raises:
        BrokenPipeError: the reader of a pipe has gone.
        ResultError: standard output is full or closed.
    """
    text = lines if isinstance(lines, str) else "\n".join(lines)
    try:
        print(text, flush=True)
    except OSError as error:
        if reader_has_gone(error):
            raise BrokenPipeError(error.errno, error.strerror) from error
        raise ResultError(
            f"standard output: the answer cannot be written there ({error.strerror}); everything that was reported as "
            f"kept is kept."
        ) from error


def tell(lines: Iterable[str]) -> None:
    """Print sentences as the answer: wrapped on a terminal, one a line for a program."""
    if not sys.stdout.isatty():
        show(lines)
        return
    width = min(WIDTH, shutil.get_terminal_size().columns)
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        show(textwrap.wrap(line, width, initial_indent=indent, subsequent_indent=indent + "  ") or [""])


def show_json(value: Any) -> None:
    """The answer for a program: one JSON object, no NaN or infinity."""
    show(json.dumps(value, indent=2, ensure_ascii=sys.stdout.encoding.lower() not in UNICODE, allow_nan=False))


class Progress:
    """Progress of one thing, shown once it has taken longer than a second.

    On a terminal a bar that is drawn over; elsewhere a plain line now and then.
    """

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic, noun: str = "runs") -> None:
        self._what = what
        self._noun = noun
        self._clock = clock
        self._start = clock()
        self._next = self._start + DELAY
        self._terminal = sys.stderr.isatty()
        self._drawn = False
        self._first: tuple[float, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is, if it is time to."""
        moment = self._clock()
        if self._first is None:  # the first one may have compiled the model: the rate is that of the others
            self._first = (moment, done)
        finished = done >= total
        if moment < self._next and not (finished and self._drawn):
            return
        if finished and not self._drawn:
            return
        self._next = moment + (0.1 if self._terminal else PLAIN_EVERY)
        self._draw(done, total, moment)

    def _draw(self, done: int, total: int, moment: float) -> None:
        begun, before = self._first or (moment, done)
        text = f"{self._what}: {done:,} of {total:,} {self._noun}"
        if before < done < total:
            text += f", {(moment - begun) / (done - before) * (total - done):.0f} s left"
        if not self._terminal:
            self._drawn = True
            say(text)
            return
        filled = BAR * done // total
        draw_over(f"[{'#' * filled}{'.' * (BAR - filled)}] {text}")
        self._drawn = True
        if done >= total:
            say("")
            self._drawn = False
            self._next = float("inf")


class Steps:
    """What is being done, shown once it has taken longer than a second: one line for each step."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._told = False

    def __call__(self, what: str, done: int, total: int) -> None:
        """Begin a step; the last one ends them."""
        taken = self._clock() - self._start
        if done >= total:
            if self._told:
                say(f"{what} after {taken:.0f} s.")
        elif taken > DELAY:
            self._told = True
            say(f"{what} ...")


def clear_line() -> None:
    """Clear a half-drawn bar from the terminal before printing."""
    if sys.stderr.isatty():
        draw_over("")


def draw_over(text: str, end: str = "") -> None:
    """Draws a line of a terminal again. A terminal that has been closed does not stop the work."""
    with contextlib.suppress(OSError):
        print(drawn_over(text, shutil.get_terminal_size().columns), end=end, file=sys.stderr, flush=True)
