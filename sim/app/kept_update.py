"""An update that a visitor may keep or go on from: that of the page Month 12, or one that was kept and is brought."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from sim.app.page import Reply
from sim.app.upload import LARGEST, Coming, Part
from sim.app.visit import Visit
from sim.errors import ResultError, ScenarioError
from sim.observed.contents import LAST_SEEN, MANIFEST, manifest_of
from sim.observed.one_file import END, unpacked
from sim.problems import LAST_MONTH
from sim.strict import whole_in

INSTEAD = "use zones plan --from FILE."
KIND = "'Keep this update' on the page Month 12 makes one"
MONTH, FILE = "month", "file"


@dataclass(frozen=True)
class Kept:
    """An update as one file.

    Attributes:
        name: of the file.
        content: the archive.
        last: the last month that was seen, 0 where the file does not say.
    """

    name: str
    content: bytes
    last: int


@dataclass
class Updates:
    """What a visit may go on from; in memory alone.

    Attributes:
        month: the update of the page Month 12, once it is done.
        brought: one that was kept and is brought.
        coming: its file on the way.
    """

    month: Kept | None = None
    brought: Kept | None = None
    coming: Coming = field(default_factory=lambda: Coming("kept update", INSTEAD, (END,), KIND))

    def chosen(self, which: str) -> Kept | None:
        """One of them by the page's word for it; None for none.

        Raises:
            ScenarioError: that one is not there.
        """
        found = {MONTH: self.month, FILE: self.brought}.get(which)
        if which and found is None:
            raise ScenarioError("plan: the update to continue from is no longer there; choose it again.")
        return found


def name_of(last: int) -> str:
    """What an update is called as a file or folder."""
    return f"update-month-{last}"


def sent(kept: Kept) -> Reply:
    """For the browser, to be saved."""
    return {"file": kept.name, "base64": base64.b64encode(kept.content).decode("ascii")}


def part(visit: Visit, message: Part) -> Reply:
    """Take a part of a kept update; the last one makes it whole.

    Raises:
        ScenarioError: not base64, out of order, too large, or no update that was kept.
    """
    held = visit.hold(Updates)
    held.brought = None
    file = held.coming.take(message)
    if file is not None:
        held.brought = _checked(file.name, file.content)
    return {"whole": file is not None, "from": choices(visit)}


def _checked(name: str, content: bytes) -> Kept:
    try:
        manifest = manifest_of(unpacked(content, name, (MANIFEST,))[MANIFEST], name)
    except ResultError as error:
        raise ScenarioError(f"kept update: {error}") from None
    if not manifest["tables"]:
        raise ScenarioError(f"kept update: {name} is not finished; make the update to its end, and keep it then.")
    return Kept(name, content, whole_in(manifest.get(LAST_SEEN), 0, LAST_MONTH) or 0)


def choices(visit: Visit) -> list[list[str]]:
    """What the visit may go on from, each with the page's word for it and what to call it."""
    held = visit.hold(Updates)
    told = ((MONTH, held.month, "the page Month 12"), (FILE, held.brought, "{name}"))
    return [
        [word, words.format(name=kept.name) + (f" (to month {kept.last})" if kept.last else "")]
        for word, kept, words in told
        if kept is not None
    ]


def about() -> Reply:
    """What a page needs to know to take one."""
    return {"largest": LARGEST, "large": f"The file is larger than {LARGEST // 1024**2} MiB; {INSTEAD}", "end": END}
