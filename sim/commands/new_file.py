"""A file that a user begins with: written whole or not at all, under a name that every system allows."""

from __future__ import annotations

from pathlib import Path

from sim.errors import ScenarioError, shortened
from sim.platforms.names import why_not


def path_for(name: str) -> Path:
    """Where a file of this name goes, `.toml` added where it is missing.

    Raises:
        ScenarioError: some system cannot have a file of that name.
    """
    path = Path(name if name.endswith(".toml") else f"{name}.toml")
    if amiss := why_not(path.name):
        raise ScenarioError(f"the name '{shortened(path.name)}' {amiss}; choose another name.")
    return path


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        ScenarioError: something is there already, or it cannot be written.
    """
    from sim.atomic import write_whole

    try:
        write_whole(path, text, new=True)
    except FileExistsError:
        raise ScenarioError(f"{path} already exists and is not overwritten; choose another name.") from None
    except OSError as error:
        raise ScenarioError(
            f"{path}: cannot be written ({error.strerror}); nothing was left there. Make room, or give another folder."
        ) from error
