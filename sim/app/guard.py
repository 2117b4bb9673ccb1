"""Protects the page server: who may ask, from where, and what may be asked of a widget."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "zones_key"
BUNDLES = ("@widgetti/solara-vuetify3-app", "requirejs")
CDN = "/_solara/cdn/"
HEALTH = "/health"
CLOSED = ("/resourcez", "/docs", "/redoc", "/_solara/evict", "/kernels")
POLICY = "; ".join(
    (
        "default-src 'self'",
        # The page's framework compiles its templates in the browser.
        "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """An ASGI application around the page server.

    Refuses unknown Host headers (421), malformed origins (400), foreign ones (403), visitors without the key where one
    is set (401), and paths that reveal something about the server (404). Adds security headers to every answer.
    """

    def __init__(self, inner: App, hosts: Iterable[str], key: str = "", bundles: dict[str, str] | None = None) -> None:
        """Wrap `inner`.

        Args:
            inner: the page server.
            hosts: allowed Host headers, with port.
            key: what a visitor must bring once; '' for none.
            bundles: browser bundles at hand, name to version; any version asked of these names is answered with it.
        """
        self._inner = inner
        self._hosts = frozenset(h.lower() for h in hosts)
        self._key = key
        self._bundles = bundles or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "http" and scope["path"] == HEALTH and (refusal is None or refusal[0] == 401):
            # Whoever watches over the server brings no key; it listens once it can answer, so that it answers is all.
            await _answer(send, 200, b"ok", ((b"content-type", b"text/plain"), (b"cache-control", b"no-store")))
        elif refusal is None and scope["type"] == "http" and self._brings_key(scope):
            await _answer(send, 303, b"", self._welcome())
        elif refusal is not None:
            await self._refuse(scope, send, refusal)
        else:
            scope["path"] = self._local(scope["path"])
            await self._inner(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {k.lower(): v for k, v in scope["headers"]}
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if host not in self._hosts:
            return 421, "This server does not answer under that name."
        if (refusal := self._refused_origin(scope, headers, host)) is not None:
            return refusal
        if self._key and not self._knows_key(scope, headers):
            return 401, "A key is needed: open the link that was printed when the server started."
        path = scope["path"]
        if path.startswith(CLOSED):
            return 404, "Not found."
        if path.startswith(CDN) and self._local(path) == path and not self._at_hand(path):
            return 404, "Not found."
        return None

    @staticmethod
    def _refused_origin(scope: Scope, headers: dict[bytes, bytes], host: str) -> tuple[int, str] | None:
        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        writes = scope["type"] == "websocket" or scope.get("method", "GET") not in ("GET", "HEAD")
        try:
            asked_from = urlsplit(origin).netloc
        except ValueError:  # half an address of version 6, or letters that no host name has
            return 400, "The Origin header is not an address."
        return (403, "Asked from another site.") if writes and asked_from != host else None

    def _knows_key(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        if self._brings_key(scope):
            return True
        try:
            cookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(cookie.value.encode(), self._key.encode())

    def _brings_key(self, scope: Scope) -> bool:
        if not self._key:
            return False
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("key", [""])[0]
        return bool(given) and hmac.compare_digest(given.encode(), self._key.encode())

    def _welcome(self) -> tuple[tuple[bytes, bytes], ...]:
        cookie = f"{COOKIE}={self._key}; HttpOnly; SameSite=Strict; Path=/"
        return ((b"location", b"/"), (b"set-cookie", cookie.encode()))

    def _at_hand(self, path: str) -> bool:
        return any(path.startswith(f"{CDN}{name}@{version}/") for name, version in self._bundles.items())

    def _local(self, path: str) -> str:
        """The path of a browser bundle with the version that is at hand."""
        for name, version in self._bundles.items():
            start = f"{CDN}{name}@"
            if path.startswith(start) and "/" in path[len(start) :]:
                return f"{start}{version}/{path[len(start) :].split('/', 1)[1]}"
        return path

    @staticmethod
    async def _refuse(scope: Scope, send: Send, refusal: tuple[int, str]) -> None:
        status, words = refusal
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": words})
            return
        await _answer(send, status, words.encode(), ((b"content-type", b"text/plain; charset=utf-8"),))


async def _answer(send: Send, status: int, body: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in HEADERS}
            kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in ours and k.lower() != b"server"]
            message["headers"] = [*((k, _strict(v) if k.lower() == b"set-cookie" else v) for k, v in kept), *HEADERS]
        await send(message)

    return sending


def _strict(cookie: bytes) -> bytes:
    """A cookie that no other site's page may send; Solara marks its own SameSite=None on localhost."""
    parts = [part.strip() for part in cookie.split(b";")]
    kept = [p for p in parts if not p.lower().startswith(b"samesite")]
    return b"; ".join([*kept, b"SameSite=Strict"])


def only_events(handle: Callable[..., Any]) -> Callable[..., Any]:
    """A widget's message handler that hears events alone.

    The original also creates objects of any module the browser names and calls their attributes; a visitor could run
    code of their choice with that.
    """

    def guarded(self: Any, widget: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and set(content) <= {"event", "data"} and "event" in content and not buffers:
            name = content["event"]
            if isinstance(name, str) and name in (self.events or ()):
                handle(self, widget, content, buffers)

    return guarded
