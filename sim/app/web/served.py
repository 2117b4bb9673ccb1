"""The jobs that the pages of this server use, kept with the server's application."""

from __future__ import annotations

from sim.app.jobs import Jobs
from sim.errors import ZonesError


def open_jobs(jobs: Jobs) -> None:
    """Have the pages use these; the server's settings must have been made (`sim.app.serve.application`)."""
    from solara.server.starlette import app

    app.state.jobs = jobs


def the_jobs() -> Jobs:
    """The jobs of this server.

    Raises:
        ZonesError: none were opened.
    """
    from solara.server.starlette import app

    jobs: Jobs | None = getattr(app.state, "jobs", None)
    if jobs is None:
        raise ZonesError("zones app: no area has been opened yet; start the page with `zones app`.")
    return jobs
