"""From what others wrote to values: the only reader of TOML and JSON text, of numbers in text and of whole numbers.

Every file, page, link and option comes through here, so that the same things are refused everywhere: numbers that are
not finite, whole numbers too long for a machine, dates, nesting that no file of ours has, texts with half characters.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, quoted, shortened

DEEPEST = 20
MOST_VALUES = 200_000
WHOLE_BELOW = 2**63
"""What a signed column of 64 bits holds."""
LARGEST_TEXT = 1_000_000
MOST_TOLD = 10
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?P<part>\.[0-9]*)?|(?P<bare>\.[0-9]+))(?P<power>[eE][+-]?[0-9]{1,3})?")
_CHAIN = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{DEEPEST}}}""",
)
_LONGEST_NUMBER = 40


def toml(text: str, where: str, example: str = "[levers]") -> dict[str, Any]:
    """The table that TOML text holds.

    Args:
        text: the text.
        where: what messages begin with.
        example: a heading that such a file has.

    Raises:
        ScenarioError: not TOML, or it holds what no file of ours can hold, with the address.
    """
    _check_size(text, where)
    if _CHAIN.search(text):  # the parser's time grows with the square of the length of a dotted key
        raise ScenarioError(
            f"{where}: a key has more than {DEEPEST} parts with dots between them; write tables instead."
        )
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(
            f"{where}: not valid TOML: {shortened(str(error), 300)}. "
            f"Put texts in quotes and table names in brackets, as in {example}."
        ) from None
    except RecursionError:
        raise ScenarioError(f"{where}: {_TOO_DEEP}") from None
    except ValueError:  # Python refuses whole numbers of thousands of digits, and days and hours that are none
        raise ScenarioError(
            f"{where}: it holds a whole number of thousands of digits, or an impossible date; write a shorter number, "
            f"and texts in quotes."
        ) from None
    check(table, where, numbers=False)
    return table


def from_json(text: str | bytes, where: str, most: int = MOST_VALUES) -> Any:
    """What JSON text holds.

    Args:
        text: the text.
        where: what messages begin with.
        most: values that it may hold.

    Raises:
        ScenarioError: not JSON, or it holds what none of ours can hold, with the address.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ScenarioError(f"{where}: {_TOO_DEEP}") from None
    except ValueError as error:
        at = f" ({shortened(str(error), 120)})" if isinstance(error, json.JSONDecodeError) else ""
        raise ScenarioError(f"{where}: not valid JSON{at}.") from None
    check(found, where, most=most)
    return found


def kept_table(
    text: str | bytes, where: str, kinds: Mapping[str, type], may: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """A table that one of our programs wrote as JSON, each of these keys with a value of its kind.

    Args:
        text: the JSON text.
        where: what messages begin with.
        kinds: kind of value by key; keys beyond these are left alone.
        may: the same for keys that need not be there.

    Raises:
        ScenarioError: as `from_json`; or no table, a key missing, or a value of another kind.
    """
    found = from_json(text, where)
    if not isinstance(found, dict):
        raise ScenarioError(f"{where}: must hold a table; got {quoted(found)}.")
    there = {key: kind for key, kind in (may or {}).items() if key in found}
    for key, kind in {**kinds, **there}.items():
        # A truth value is a whole number to Python, but never what was written.
        if not isinstance(found.get(key), kind) or isinstance(found[key], bool):
            raise ScenarioError(f"{where}: '{key}' must be {_KINDS[kind]}; got {quoted(found.get(key))}.")
    return found


_KINDS: dict[type, str] = {dict: "a table", list: "a list", int: "a whole number", str: "a text"}

_TOO_DEEP = f"tables or lists are nested more than {DEEPEST} deep; no file here needs that."


def check(tree: object, where: str, *, numbers: bool = True, most: int = MOST_VALUES) -> None:
    """Refuse what no file or message of ours can hold, anywhere in a tree of tables and lists.

    Args:
        tree: what was read.
        where: what messages begin with.
        numbers: refuse numbers that are not finite or too long too; False where each is held to a range of its own,
            which a message can then show.
        most: values that it may hold.

    Raises:
        ScenarioError: a number that is not finite, a whole number of more than 63 bits, a date, a lone half of a
            character, nesting or size beyond any use; with its address.
    """
    found: list[str] = []
    for number, (address, depth, value) in enumerate(_walk(tree)):
        if depth > DEEPEST:
            raise ScenarioError(f"{where}: {_TOO_DEEP}")
        if number > most:
            raise ScenarioError(f"{where}: holds more than {most:,} values; is it the right file?")
        if isinstance(value, int | float) and not numbers:
            continue
        if (fault := _fault(value)) and len(found) < MOST_TOLD:
            found.append(f"{where}: {address}{fault}; got {quoted(value)}.")
    if len(found) == 1:
        raise ScenarioError(found[0])
    if found:
        raise ScenarioError(f"{where}: problems\n" + "\n".join(f"  - {line}" for line in found))


def number_in(value: object, low: float, high: float) -> float | None:
    """A number within [low, high], None for anything else: true and false, texts, not finite ones."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        return None
    return float(value)


def whole_in(value: object, low: int, high: int) -> int | None:
    """A whole number within [low, high], None for anything else, 3.0 among it."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return None
    return value


def number_of(text: str) -> int | float | None:
    """The number that a text writes in ASCII digits, None where it writes none; '1_000', 'inf' and 'nan' are none."""
    text = text.strip()
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        return None
    if match["part"] is None and match["bare"] is None and match["power"] is None:
        return int(text)
    found = float(text)
    return found if abs(found) != float("inf") else None


def is_file(path: Path) -> bool:
    """Whether a file is there; no file can be where no file could have that name."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # longer than the system allows, or with a zero byte
        return False


def is_there(path: Path) -> bool:
    """Whether a file or folder is there; nothing can be where no file could have that name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def text_of(path: Path, what: str, most: int = LARGEST_TEXT) -> str:
    """The text of a small UTF-8 file, its lines ended as on Unix.

    Args:
        path: the file.
        what: what it should be, for messages: 'a scenario', 'a design'.
        most: bytes that it may have.

    Raises:
        ScenarioError: not readable, not UTF-8, or larger than that.
    """
    where = shortened(path.name)
    try:
        data = path.read_bytes() if path.stat().st_size <= most else None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have that name"
        raise ScenarioError(f"{where}: cannot be read ({reason}); give a readable file, {what}.") from None
    if data is None:
        raise ScenarioError(
            f"{where}: larger than {most:,} bytes, the most that {what} may have. Is it the right file?"
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{where}: not UTF-8 text (byte {error.start}); save the file as UTF-8.") from None


def _check_size(text: str, where: str) -> None:
    if len(text) > LARGEST_TEXT:
        raise ScenarioError(f"{where}: longer than {LARGEST_TEXT:,} characters; is it the right file?")


def _walk(tree: object) -> Iterator[tuple[str, int, object]]:
    """Every value and key with its address and depth, without recursion."""
    waiting: list[tuple[str, int, object]] = [("", 0, tree)]
    while waiting:
        address, depth, value = waiting.pop()
        yield address, depth, value
        if isinstance(value, dict):
            for key in value:
                yield f"{address}a key ", depth, key
            start = f"{address.rstrip()}." if address else ""
            waiting += [(f"{start}{shortened(str(k))} ", depth + 1, v) for k, v in reversed(value.items())]
        elif isinstance(value, list):
            start = address.rstrip()
            waiting += [(f"{start}[{i}] ", depth + 1, v) for i, v in reversed([*enumerate(value, start=1)])]


def _fault(value: object) -> str:
    """What is wrong with one value by itself, '' where nothing is."""
    if isinstance(value, float):
        return "" if abs(value) < float("inf") else "must be a finite number"
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return "" if abs(value) < WHOLE_BELOW else "must be a number of at most 18 digits"
    if isinstance(value, str):
        return "must be a text of whole characters" if any("\ud800" <= c <= "\udfff" for c in value) else ""
    return (
        "" if isinstance(value, dict | list) else "must be a number, a text in quotes, true or false, a list or a table"
    )
