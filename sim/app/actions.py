"""What a page asks besides a question, handed to the page that answers it; every message is read and checked here."""

from __future__ import annotations

from typing import Any

from sim.app import link, site_list
from sim.app.jobs import Jobs
from sim.app.messages import read_message
from sim.app.pages import PAGES
from sim.app.question import read_number
from sim.app.words import all_words
from sim.errors import ScenarioError, ZonesError, shortened, visible
from sim.strict import check

ACTIONS = {action.name: action for page in PAGES for action in page.actions}


def place(jobs: Jobs) -> dict[str, Any]:
    """What the pages need to know of the place, and of one another."""
    o = jobs.organisation
    told: dict[str, Any] = {
        "place": {
            "name": o.name,
            "mark": link.place_mark(o.digest, ""),
            "sites": len(o.sites),
            "practitioners": len(o.practitioners),
            "families": len(o.families),
            "assumptions": list(o.assumptions),
            "remarks": list(jobs.remarks),
            "sites_listed": site_list.sites(o, show_names=jobs.show_names),
            "map_words": site_list.map_words(o),
        },
        "first": jobs.first.as_dict(),
        "pages": [page.words() for page in PAGES],
        "words": all_words(),
    }
    for page in PAGES:
        told |= page.about(jobs) if page.about else {}
    return told


def act(jobs: Jobs, message: object, visit: object = None) -> dict[str, Any]:
    """Do what the page asks; a refusal is returned as a message, never raised.

    Args:
        jobs: the work behind the page.
        message: what it sent.
        visit: the open page, for actions that change what it alone holds.
    """
    reply: dict[str, Any] = {"do": "", "number": 0}
    if not isinstance(message, dict):
        return reply | {"error": "What should be done?"}
    try:
        reply["number"] = read_number(message, "message")
        check(message, "message")
        name = message.get("do")
        if not isinstance(name, str):
            raise ScenarioError("What should be done?")
        reply["do"] = visible(name[:40])
        action = ACTIONS.get(name)
        if action is None:
            raise ScenarioError(f"There is no action '{shortened(name, 40)}'.")
        if action.of_visit and visit is None:
            raise ScenarioError(f"'{name}' is asked of an open page.")
        return reply | action.do(visit if action.of_visit else jobs, read_message(action.message, message))
    except ZonesError as error:
        return reply | {"error": str(error)}
