"""The answer when no plan can meet the limits: which limit is in the way, and the cheapest change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.planning.limits import Binding, bindings, judge
from sim.planning.purposes import COST, Standing
from sim.planning.question import CASH, RELEASED, Limits, Question


@dataclass(frozen=True)
class Refusal:
    """Why there is no plan.

    Attributes:
        binding: the limit that even the least demanding plan breaks most often.
        raised: what each limit in the way must become for that plan to hold, by kind and year.
        more: GBP a year in all that this adds, over all years.
        share: share of its runs in which that plan breaks a limit.
        must: sites that must be in a zone, which no plan can leave out.
    """

    binding: Binding
    raised: tuple[Binding, ...]
    more: float
    share: float
    must: tuple[str, ...]

    def sentences(self) -> list[str]:
        """For people."""
        b = self.binding
        lines = [
            "No plan that was tried meets the limits. The least demanding one breaks a limit in "
            f"{100 * self.share:.0f} of 100 runs.",
            f"The limit that binds is {b.kind} in year {b.year}: {pounds(b.limit)} may be spent, and "
            f"{pounds(b.needed)} is needed for the limit to hold with the chance that was asked for.",
        ]
        changes = "; ".join(f"{r.kind} in year {r.year} to {pounds(r.needed)}" for r in self.raised[:6])
        rest = len(self.raised) - 6
        changes += f"; and {rest} more" if rest > 0 else ""
        lines.append(f"The cheapest change: raise {changes}; {pounds(self.more)} more in all.")
        if self.must:
            lines.append(f"Or leave out some of {', '.join(self.must)}, which the question says must be in a zone.")
        return lines

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {
            "binding": vars(self.binding),
            "raise": [vars(r) for r in self.raised],
            "more": self.more,
            "breach_share": self.share,
            "must": list(self.must),
        }


def refuse(tried: Sequence[Standing], question: Question) -> Refusal:
    """What stands in the way of the plan that needs the least more money.

    Args:
        tried: plans, each with some replicates.
        question: what was asked.
    """
    lifted = {s.key: raised(s, question) for s in tried}
    least = min(tried, key=lambda s: (_more(lifted[s.key]), s.mean(COST), s.key))
    everything = bindings(least.trial.values, question.limits, question.year_ends)
    must = tuple(dict.fromkeys((*question.sites.first, *question.sites.must)))
    changes = lifted[least.key] or tuple(everything[:1])
    return Refusal(everything[0], changes, _more(changes), least.judged.share, must)


def raised(one: Standing, question: Question) -> tuple[Binding, ...]:
    """The limits to raise, by kind and year, for a plan to keep all of them together with the chance that is asked.

    Each is raised to the same quantile of what the year needs: the lowest at which all hold together.
    """
    limits, values = question.limits, one.trial.values
    count = len(one.trial)
    for k in range(max(1, math.floor(limits.chance * count)), count + 1):
        found = bindings(values, replace(limits, chance=min(1.0, k / count)), question.year_ends)
        higher = {(b.kind, b.year): max(b.limit, b.needed) for b in found}
        new = Limits(_raised(limits, CASH, higher), _raised(limits, RELEASED, higher), limits.chance)
        if judge(values, new, question.year_ends).share <= 1.0 - limits.chance + 1e-12:
            break
    return tuple(sorted((b for b in found if b.needed > b.limit), key=lambda b: (b.kind, b.year)))


def _raised(limits: Limits, kind: str, higher: dict[tuple[str, int], float]) -> tuple[float, ...]:
    return tuple(higher.get((kind, year), x) for year, x in enumerate(limits.of(kind), start=1))


def _more(changes: Sequence[Binding]) -> float:
    """GBP to add over all years."""
    return sum(b.needed - b.limit for b in changes if b.needed > b.limit)


def pounds(amount: float) -> str:
    """An amount as people say it: '£125,000'."""
    if abs(amount) < 100:
        return f"£{amount:,.0f}"
    digits = 3 - len(str(int(abs(amount))))
    return f"£{round(amount, digits):,.0f}"
