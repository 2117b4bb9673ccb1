"""Reading a question from its file: everything that is wrong is reported at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.counts import counted
from sim.errors import ScenarioError
from sim.nearby import not_there
from sim.parameters import LEVERS, find
from sim.planning.prices import PRICES, USUAL, Price, price_of, why_not
from sim.planning.purposes import CERTIFIED, DEPRIVED, FAMILIES
from sim.planning.question import Choices, Counted, Limits, People, Question, SiteWishes, Support
from sim.posterior import NAMES
from sim.problems import Problems
from sim.results.measures import BY_ID, SHARE
from sim.strict import is_file, text_of, toml

KEYS = (
    "question", "base", "own", "against", "months", "second_reading", "limits", "people", "support", "sites", "counts",
    "choices", "area", "calibration",
)  # fmt: skip
LIMIT_KEYS = ("cash", "released_time", "chance")
SITE_KEYS = ("must", "never", "first", "most_a_term")
CHOICE_KEYS = ("zones", "sizes", "opens", "local_time", "levers")
AREA_KEYS = ("files", "settings", "as_given", "organisation_seed")
MOST_POUNDS = 1e10
MOST_ZONES = 12
COUNTED = (Counted(FAMILIES, 0.005), Counted(CERTIFIED, 0.02), Counted(DEPRIVED, 0.005))


def load(path: str | Path) -> Question:
    """Read a question's file.

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    file = Path(path)
    if not is_file(file):
        raise ScenarioError(f"plan: {not_there(file, ['.toml'])}; `zones plan new NAME` writes a question to edit.")
    return loads(text_of(file, "a question"), file.stem, file.resolve().parent)


def loads(text: str, name: str, folder: Path | None = None) -> Question:
    """Read a question from TOML text as if it stood in `folder` as `<name>.toml`.

    Raises:
        ScenarioError: as `load`.
    """
    where = f"{name}.toml"
    table = toml(text, where, "[limits]")
    problems = Problems(where)
    problems.known("", "key", table, KEYS)
    months = problems.whole("months", table.get("months", 120), 12, 600)
    years = -(-months // 12)
    own = problems.text("own", table.get("own", ""))
    if own and folder and (folder / own).suffix == ".toml":
        own = str(folder / own)
    question = Question(
        name=name,
        text=problems.text("question", table.get("question", "")),
        base=problems.text("base", table.get("base", "with-teams")),
        own=own,
        against=problems.text("against", table.get("against", "without-teams")),
        months=months,
        second=problems.whole("second_reading", table.get("second_reading", min(60, months)), 1, months),
        limits=_limits(problems, table.get("limits", {}), years),
        people=_people(problems, table.get("people", []), months),
        support=_support(problems, table.get("support", {}), months),
        sites=_sites(problems, table.get("sites", {})),
        counts=_counts(problems, table.get("counts", [])),
        choices=_choices(problems, table.get("choices", {}), months),
        area=_area(problems, table.get("area", {}), folder),
        calibration=_calibration(problems, table.get("calibration")),
    )
    _whole_question(problems, question)
    problems.stop()
    return question


def _limits(problems: Problems, given: object, years: int) -> Limits:
    table = problems.table("limits", given)
    problems.known("limits", "key", table, LIMIT_KEYS)
    cash = _yearly(problems, "limits.cash", table.get("cash"), years)
    released = _yearly(problems, "limits.released_time", table.get("released_time"), years)
    chance = problems.number("limits.chance", table.get("chance", 0.9), 0.5, 0.99)
    return Limits(cash, released, chance)


def _yearly(problems: Problems, address: str, given: object, years: int) -> tuple[float, ...]:
    """One figure a year: a number holds for every year, the last of a list for all later ones."""
    if given is None:
        return ()
    listed = given if isinstance(given, list) else [given]
    if not listed:
        problems.refuse(address, "a number of GBP, or a list with one for each year", given)
        return ()
    if len(listed) > years:
        problems.refuse(
            address, f"at most {counted(years, 'figure')}, one for each year of the horizon", f"{len(listed)}"
        )
        return ()
    found = [
        problems.number(address if listed is not given else f"{address} (year {k})", value, 0.0, MOST_POUNDS)
        for k, value in enumerate(listed, start=1)
    ]
    return tuple(found + [found[-1]] * (years - len(found)))


def _people(problems: Problems, given: object, months: int) -> tuple[People, ...]:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        problems.refuse("people", "tables [[people]]", given)
        return ()
    found = []
    for number, row in enumerate(given, start=1):
        address = f"people {number}"
        problems.known(address, "key", row, ("role", "count", "start"))
        problems.one_of(f"{address}.role", row.get("role", "core team"), ("core team",))
        count = problems.whole(f"{address}.count", row.get("count", 0), 1, 100)
        found.append(People(count, problems.whole(f"{address}.start", row.get("start", 0), 0, months)))
    return tuple(found)


def _support(problems: Problems, given: object, months: int) -> Support:
    table = problems.table("support", given)
    problems.known("support", "key", table, ("level", "ends"))
    ends = table.get("ends")
    level = problems.number("support.level", table.get("level", 1.0), 0.0, 1.0)
    return Support(level, None if ends is None else problems.whole("support.ends", ends, 1, months))


def _sites(problems: Problems, given: object) -> SiteWishes:
    table = problems.table("sites", given)
    problems.known("sites", "key", table, SITE_KEYS)
    most = table.get("most_a_term")
    named = {key: problems.texts(f"sites.{key}", table.get(key, [])) for key in ("must", "never", "first")}
    return SiteWishes(**named, most_a_term=None if most is None else problems.whole("sites.most_a_term", most, 1, 1000))


def _counts(problems: Problems, given: object) -> tuple[Counted, ...]:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        problems.refuse("counts", "tables [[counts]]", given)
        return COUNTED
    shares = tuple(n for n, m in BY_ID.items() if m.unit == SHARE and n not in ("gave_up_waiting_share",))
    found = []
    for number, row in enumerate(given, start=1):
        address = f"counts {number}"
        problems.known(address, "key", row, ("measure", "worth"))
        measure = problems.one_of(f"{address}.measure", row.get("measure", ""), shares)
        found.append(Counted(measure, problems.number(f"{address}.worth", row.get("worth", 0.005), 1e-6, 1.0)))
    names = [c.measure for c in found]
    for name in sorted({n for n in names if names.count(n) > 1}):
        problems.add(ScenarioError(f"{problems.at('counts')}: '{name}' is given twice; keep one."))
    return tuple(found) or COUNTED


def _choices(problems: Problems, given: object, months: int) -> Choices:
    table = problems.table("choices", given)
    problems.known("choices", "key", table, CHOICE_KEYS)
    sizes = _pair(problems, "choices.sizes", table.get("sizes", [2, 20]), (1, 1000))
    opens = _pair(problems, "choices.opens", table.get("opens", [1, min(84, months)]), (0, months))
    return Choices(
        most_zones=problems.whole("choices.zones", table.get("zones", 4), 1, MOST_ZONES),
        sizes=sizes,
        opens=opens,
        resources=_numbers(problems, "choices.local_time", table.get("local_time", [1.0]), (0.25, 4.0)),
        levers=_levers(problems, table.get("levers", list(USUAL)), months),
    )


def _pair(problems: Problems, address: str, given: object, bounds: tuple[int, int]) -> tuple[int, int]:
    if not isinstance(given, list) or len(given) != 2:
        problems.refuse(address, "two whole numbers, the least and the most", given)
        return bounds
    low, high = (problems.whole(address, value, *bounds) for value in given)
    if low > high:
        problems.refuse(address, "two whole numbers, the smaller first", given)
        return bounds
    return low, high


def _numbers(problems: Problems, address: str, given: object, bounds: tuple[float, float]) -> tuple[float, ...]:
    if not isinstance(given, list) or not given:
        problems.refuse(address, "a list of one or more numbers", given)
        return (1.0,)
    return tuple(sorted({problems.number(address, value, *bounds) for value in given}))


def _levers(problems: Problems, given: object, months: int) -> dict[str, tuple[float, ...]]:
    """Values of each searched lever: those of its price, or those that the question lists within them."""
    if isinstance(given, list):
        given = dict.fromkeys(problems.texts("choices.levers", given))
    table = problems.table("choices.levers", given)
    found = {}
    for name, values in table.items():
        address = f"choices.levers.{name}"
        price = problems.attempt(lambda n=name, a=address: _priced(problems.at(a), n))  # type: ignore[misc]
        if price is None:
            continue
        inside = tuple(v for v in price.values() if name != "external_end" or v <= months) or (float(months),)
        if values is not None:
            inside = _numbers(problems, address, values, (price.low, price.top))
            for value in inside:
                problems.attempt(lambda n=name, a=address, v=value: LEVERS[n].read(problems.at(a), _whole(v)))  # type: ignore[misc]
        found[name] = inside
    return found


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _priced(where: str, name: str) -> Price:
    """The price of a lever.

    Raises:
        ScenarioError: no such lever, or one that nobody can buy.
    """
    find(where, name)
    price = price_of(name)
    if price is None:
        raise ScenarioError(
            f"{where}: {why_not(name)}. A plan may choose {', '.join(PRICES)}; set '{name}' in the base scenario "
            "instead."
        )
    return price


def _area(problems: Problems, given: object, folder: Path | None) -> dict[str, Any]:
    table = dict(problems.table("area", given))
    problems.known("area", "key", table, AREA_KEYS)
    if "files" in table:
        named = problems.texts("area.files", table["files"])
        table["files"] = [str((folder or Path()) / name) for name in named]
        if "settings" in table:
            problems.refuse("area", "either files or settings", sorted(table))
    return table


def _calibration(problems: Problems, given: object) -> str:
    from sim.posterior import DEFAULT

    if given is None:
        return DEFAULT
    return "" if given == "defaults" else problems.one_of("calibration", given, NAMES)


def _whole_question(problems: Problems, question: Question) -> None:
    """What only the whole question shows."""
    wishes = question.sites
    for one, other, why in (
        ("must", "never", "listed under both must and never"),
        ("first", "never", "listed under both first and never"),
    ):
        if both := sorted(set(getattr(wishes, one)) & set(getattr(wishes, other))):
            problems.add(ScenarioError(f"{problems.at('sites')}: {', '.join(both)} {why}; take it out of one of them."))
    _, most = question.choices.sizes
    largest = most if wishes.most_a_term is None else min(most, wishes.most_a_term)
    if len(wishes.first) > largest:
        problems.add(
            ScenarioError(
                f"{problems.at('sites.first')}: {len(wishes.first)} sites should go first, but a first zone may have "
                f"at most {largest} (choices.sizes, sites.most_a_term); name fewer, or allow more."
            )
        )
    room = largest * question.choices.most_zones
    if len({*wishes.must, *wishes.first}) > room:
        problems.add(
            ScenarioError(
                f"{problems.at('sites.must')}: {len({*wishes.must, *wishes.first})} sites must be in a zone, but "
                f"{question.choices.most_zones} zones of at most {largest} have room for {room}; allow more."
            )
        )
    if wishes.most_a_term is not None and question.choices.sizes[0] > wishes.most_a_term:
        problems.add(
            ScenarioError(
                f"{problems.at('sites.most_a_term')}: a zone has at least {question.choices.sizes[0]} sites "
                f"(choices.sizes), more than the {wishes.most_a_term} that may open in a term; allow more or less."
            )
        )
    if not question.limits.cash and not question.limits.released:
        problems.add(
            ScenarioError(
                f"{problems.at('limits')}: give cash, released_time or both, GBP for each year; without a limit the "
                f"answer is always the largest plan."
            )
        )
