"""Serves the scripts of the pages from their folders, and the list of them, made from the one list of pages."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

from sim.app.guard import App, Receive, Scope, Send
from sim.app.pages import PAGES

UNDER = "/pages/"
NAMED = re.compile(r"(?P<page>[a-z]+)/(?P<file>[a-z_]+\.js)")
LIST = "list.js"


class Scripts:
    """An ASGI application before the page server: answers under /pages/, passes everything else on."""

    def __init__(self, inner: App) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a script, or pass the request on."""
        if scope["type"] != "http" or not scope["path"].startswith(UNDER):
            await self._inner(scope, receive, send)
            return
        found = script(scope["path"][len(UNDER) :]) if scope["method"] in ("GET", "HEAD") else None
        if found is None:
            await _send(send, 404, b"Not found.", b"text/plain; charset=utf-8", b"")
            return
        tag = b'"' + hashlib.sha256(found).hexdigest()[:32].encode() + b'"'
        if (b"if-none-match", tag) in [(k.lower(), v) for k, v in scope["headers"]]:
            await _send(send, 304, b"", b"text/javascript; charset=utf-8", tag)
        else:
            await _send(send, 200, found, b"text/javascript; charset=utf-8", tag)


def script(path: str) -> bytes | None:
    """A page's script, or the list of all; None for anything else."""
    if path == LIST:
        return listed().encode()
    match = NAMED.fullmatch(path)
    if match is None or match["page"] not in {page.id for page in PAGES}:
        return None
    file = files("sim.app.pages") / match["page"] / match["file"]
    return file.read_bytes() if file.is_file() else None


def listed() -> str:
    """A module that imports the script of every page and names what makes each."""
    lines = [f'import {{ make as {page.id} }} from "{UNDER}{page.id}/page.js";' for page in PAGES]
    return "\n".join([*lines, f"export const MAKERS = {{ {', '.join(page.id for page in PAGES)} }};", ""])


async def _send(send: Send, status: int, body: bytes, kind: bytes, tag: bytes) -> None:
    headers = [(b"content-type", kind), (b"cache-control", b"no-cache"), *([(b"etag", tag)] if tag else [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
