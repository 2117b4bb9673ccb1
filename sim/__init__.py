"""Transformation zones: how good practice with children and families spreads, reaches fidelity and lasts.

    >>> import sim
    >>> answer = sim.compare("with-teams", "without-teams")
    >>> answer                    # headlines, differences, costs
    >>> answer.frame()            # the month-by-month series as a pandas table
    >>> answer.plot()             # the chart
    >>> answer.save("our-result") # everything in a folder, with a manifest to replay it from

Names are looked up when first used, so that importing the package costs nothing. Code inside the package never imports
from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.observed.python import update
    from sim.organisation.files.tables import load as load_area
    from sim.planning.study import plan
    from sim.results.ladder import ladder
    from sim.results.study import Comparison, Result, compare, run
    from sim.scenarios.files import load as load_scenario
    from sim.scenarios.files import names as list_scenarios

    __version__: str

__all__ = [
    "Comparison",
    "Result",
    "__version__",
    "compare",
    "ladder",
    "list_scenarios",
    "load_area",
    "load_scenario",
    "plan",
    "run",
    "update",
]

_HOMES = {
    "Comparison": ("sim.results.study", "Comparison"),
    "Result": ("sim.results.study", "Result"),
    "compare": ("sim.results.study", "compare"),
    "ladder": ("sim.results.ladder", "ladder"),
    "list_scenarios": ("sim.scenarios.files", "names"),
    "load_area": ("sim.organisation.files.tables", "load"),
    "load_scenario": ("sim.scenarios.files", "load"),
    "plan": ("sim.planning.study", "plan"),
    "run": ("sim.results.study", "run"),
    "update": ("sim.observed.python", "update"),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        from sim.version import version

        return version()
    if name not in _HOMES:
        message = f"module 'sim' has no attribute {name!r}; it has {', '.join(__all__)}"
        raise AttributeError(message)
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
