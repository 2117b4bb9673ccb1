"""PTX put into C, instruction by instruction, so that what a GPU would run is run on a CPU.

Only what compiled months use is known; anything else is refused, not guessed. Every register is a variable of the
width that its name tells, every instruction one statement. The meaning is that of NVIDIA's "PTX ISA": numbers wrap,
shifts stop at the width, conversions to whole numbers stop at the ends and take NaN for 0, `min` and `max` prefer a
number to NaN. gcc may merge no product with a sum (`-ffp-contract=off`) and may not assume that sums do not wrap.
"""

from __future__ import annotations

import re
from collections.abc import Callable

REGISTERS = {"p": "uint8_t", "rs": "uint16_t", "r": "uint32_t", "rd": "uint64_t", "fd": "double"}
HEAD = """#include <stdint.h>
#include <string.h>
#include <math.h>
#define LOAD(T, at) ({ T value; memcpy(&value, (void *)(at), sizeof value); value; })
#define STORE(T, at, given) do { T value = (T)(given); memcpy((void *)(at), &value, sizeof value); } while (0)
#define WHOLE(T, low, high, beyond) isnan(x) ? 0 : x <= low ? (T)low : x >= beyond ? high : (T)x
static uint32_t whole_u32(double x) { return WHOLE(uint32_t, 0.0, UINT32_MAX, 4294967296.0); }
static int32_t whole_s32(double x) { return WHOLE(int32_t, -2147483648.0, INT32_MAX, 2147483648.0); }
static int64_t whole_s64(double x) { return WHOLE(int64_t, -9223372036854775808.0, INT64_MAX, 9223372036854775808.0); }
static double min(double a, double b) {
    return isnan(a) ? b : isnan(b) ? a : a == b ? (signbit(a) ? a : b) : a < b ? a : b; }
static double max(double a, double b) {
    return isnan(a) ? b : isnan(b) ? a : a == b ? (signbit(a) ? b : a) : a > b ? a : b; }
"""
PLAIN = {"add": "+", "sub": "-", "and": "&", "or": "|", "xor": "^"}
ORDER = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class Unknown(Exception):
    """An instruction, operand or declaration that is not known here."""


def kind(suffix: str) -> str:
    """The C type of `.s64`, `.b32`, `.f64`, `.pred`."""
    if suffix in ("f64", "pred"):
        return "double" if suffix == "f64" else "uint8_t"
    if not re.fullmatch(r"[subf](8|16|32|64)", suffix) or suffix[0] == "f":
        raise Unknown(suffix)
    return ("int" if suffix[0] == "s" else "uint") + suffix[1:] + "_t"


def value(word: str) -> str:
    """An operand: a register, a number, a double by its bits, a special register or a constant's address."""
    if word.startswith("0d"):
        return f"LOAD(double, &(uint64_t){{0x{word[2:]}ull}})"
    if re.fullmatch(r"-?\d+", word):
        return f"({word}ll)" if word != "-9223372036854775808" else "INT64_MIN"
    special = {"%tid.x": "tid", "%ntid.x": "ntid", "%ctaid.x": "ctaid"}
    if word in special:
        return special[word]
    if re.fullmatch(r"%(p|rs|r|rd|fd)\d+", word):
        return word[1:]
    if re.fullmatch(r"[A-Za-z_$][\w$]*", word):
        return f"(uint64_t){word.replace('$', '_S_')}"
    raise Unknown(word)


def address(word: str) -> str:
    """`[register+offset]`."""
    found = re.fullmatch(r"\[(\S+?)(?:\+(-?\d+))?\]", word)
    if not found:
        raise Unknown(word)
    return f"({value(found[1])} + ({found[2] or 0}))"


def statement(line: str, entry: str) -> str:
    """One instruction without its guard, as a statement of C."""
    code, _, rest = line.partition(" ")
    name, *suffixes = code.split(".")
    words = [w.strip() for w in re.split(r",(?![^\[]*\])", rest)] if rest else []
    last = suffixes[-1] if suffixes else ""
    if name == "bra":
        return f"goto {words[0].replace('$', 'S')};"
    if name == "ret":
        return "return;"
    if name == "ld" and suffixes[0] == "param":
        return f"{value(words[0])} = ({kind(last)})param[{words[1][len(entry) + 8 : -1]}];"
    if name == "ld":
        return f"{value(words[0])} = ({kind(last)})LOAD({kind(last)}, {address(words[1])});"
    if name == "st":
        return f"STORE({kind(last)}, {address(words[0])}, {value(words[1])});"
    to, given = value(words[0]), [value(w) for w in words[1:]]
    return f"{to} = {result(name, suffixes, last, given)};"


def result(name: str, suffixes: list[str], last: str, given: list[str]) -> str:
    """What an instruction gives, from its operands."""
    if name in ("mov", "cvta"):
        return given[0]
    if name == "cvt":
        return converted(suffixes, given[0])
    if last == "f64" and name in ROUNDED and suffixes[0] != "rn":
        raise Unknown(f"{name}.{'.'.join(suffixes)}: without .rn products and sums may be merged")
    t = kind(last)
    if name not in MADE:
        raise Unknown(f"{name}.{'.'.join(suffixes)}")
    return MADE[name](suffixes[0], last, t, [f"({t}){g}" for g in given])


def shifted(name: str, last: str, t: str, a: list[str]) -> str:
    """A shift that stops at the width."""
    most, by = int(last[1:]) - 1, f"(uint32_t){a[1]}"
    beyond = f"{a[0]} >> {most}" if last[0] == "s" else "0"
    return f"{by} > {most} ? ({t})({beyond}) : ({t})({a[0]} {'<<' if name == 'shl' else '>>'} {by})"


def extreme(name: str, last: str, a: list[str]) -> str:
    """The smaller or the larger."""
    sign = "<" if name == "min" else ">"
    return f"{name}({a[0]}, {a[1]})" if last == "f64" else f"{a[0]} {sign} {a[1]} ? {a[0]} : {a[1]}"


def product(how: str, last: str, t: str, a: list[str]) -> str:
    """The product, its lower or upper half, or all of it."""
    if last == "f64" or how == "lo":
        return f"({t})({a[0]} * {a[1]})"
    wide = {"s32": "int64_t", "u32": "uint64_t", "s64": "__int128", "u64": "unsigned __int128"}[last]
    whole = f"({wide}){a[0]} * ({wide}){a[1]}"
    return f"({t})(({whole}) >> {last[1:]})" if how == "hi" else f"({wide})({whole})"


def compared(how: str, last: str, a: list[str]) -> str:
    """A comparison; of doubles, `ltu` and its like are true where a number is missing."""
    if how in ("nan", "num"):
        return f"{'' if how == 'nan' else '!'}(isnan({a[0]}) || isnan({a[1]}))"
    if last == "f64":
        if how in ORDER:
            return f"!isunordered({a[0]}, {a[1]}) && {a[0]} {ORDER[how]} {a[1]}"
        return f"isunordered({a[0]}, {a[1]}) || {a[0]} {ORDER[how[:-1]]} {a[1]}"
    unsigned = {"lo": "lt", "ls": "le", "hi": "gt", "hs": "ge"}
    return f"{a[0]} {ORDER[unsigned.get(how, how)]} {a[1]}"


def converted(suffixes: list[str], given: str) -> str:
    """A number as another kind of number."""
    to, of = suffixes[-2:]
    if of == "f64":
        if suffixes[0] != "rzi":
            raise Unknown(f"cvt.{'.'.join(suffixes)}")
        return {"u32": "whole_u32", "s64": "whole_s64", "s32": "whole_s32"}[to] + f"({given})"
    if to == "f64" and suffixes[0] != "rn":
        raise Unknown(f"cvt.{'.'.join(suffixes)}")
    return f"({kind(to)})({kind(of)}){given}"


ROUNDED = ("add", "sub", "mul", "div", "rcp")
MADE: dict[str, Callable[[str, str, str, list[str]], str]] = {
    **{name: lambda _h, _l, t, a, sign=sign: f"({t})({a[0]} {sign} {a[1]})" for name, sign in PLAIN.items()},
    "div": lambda _h, _l, t, a: f"({t})({a[0]} / {a[1]})",
    "rem": lambda _h, _l, t, a: f"({t})({a[0]} % {a[1]})",
    "rcp": lambda _h, _l, _t, a: f"1.0 / {a[0]}",
    "neg": lambda _h, _l, t, a: f"({t})-{a[0]}",
    "not": lambda _h, last, t, a: f"!{a[0]}" if last == "pred" else f"({t})~{a[0]}",
    "mul": product,
    "min": lambda _h, last, _t, a: extreme("min", last, a),
    "max": lambda _h, last, _t, a: extreme("max", last, a),
    "shl": lambda _h, last, t, a: shifted("shl", last, t, a),
    "shr": lambda _h, last, t, a: shifted("shr", last, t, a),
    "selp": lambda _h, _l, t, a: f"{a[2].removeprefix(f'({t})')} ? {a[0]} : {a[1]}",
    "setp": lambda how, last, _t, a: compared(how, last, a),
}


def in_c(ptx: str, entry: str) -> str:
    """A program of one entry and nothing that it calls, as C: `void entry(param, tid, ntid, ctaid)`."""
    head, _, body = ptx.partition(f".visible .entry {entry}(")
    constants = re.findall(r"\.const \.align \d+ \.b8 ([\w$]+)\[(\d+)\] = (\{[^}]*\});", head)
    lines = [HEAD, *(f"static const uint8_t {n.replace('$', '_S_')}[{k}] = {v};" for n, k, v in constants)]
    lines.append(f"const uint32_t params = {body[: body.index(')')].count('.param')};")
    lines.append(f"void {entry}(const uint64_t *param, uint32_t tid, uint32_t ntid, uint32_t ctaid) {{")
    for word in body[body.index("{") + 1 : body.rindex("}")].splitlines():
        line = " ".join(word.split())
        if not line or line.startswith("//"):
            continue
        register = re.fullmatch(r"\.reg \.\w+ %(\w+)<(\d+)>;", line)
        guard = re.match(r"@(!?)%p(\d+) ", line)
        if register:
            names = ", ".join(f"{register[1]}{k}" for k in range(1, int(register[2])))
            lines.append(f"{REGISTERS[register[1]]} {names};")
        elif line.endswith(":"):
            lines.append(f"{line[:-1].replace('$', 'S')}:;")
        elif guard:
            lines.append(f"if ({guard[1]}p{guard[2]}) {statement(line[guard.end() :].rstrip(';'), entry)}")
        else:
            lines.append(statement(line.rstrip(";"), entry))
    return "\n".join([*lines, "}", ""])
