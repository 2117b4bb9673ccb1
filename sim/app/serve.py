"""The page server: Solara in production mode, without telemetry, cut off from any network, behind the guard."""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import threading
from pathlib import Path
from typing import Any

from sim.app.guard import BUNDLES, App, Guard, only_events
from sim.app.scripts import Scripts
from sim.errors import ZonesError
from sim.platforms.ports import take

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PAGE = "sim.app.web.page"
PORT = 8765
BACKLOG = 512
SETTINGS = {
    "SOLARA_APP": PAGE,
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Transformation Zones",
    "SOLARA_THEME_FORCE_REFRESH": "True",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "12",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_SESSION_SAME_SITE": "strict",
}
MISSING = (
    "zones app needs the packages of the extra 'app': pip install -c .ci/constraints.txt -e '.[app]' (missing: {})."
)
HTML = (
    ("<html>", '<html lang="en">'),
    (", maximum-scale=1, user-scalable=no, minimal-ui", ""),
)


def application(host: str = "127.0.0.1", port: int = PORT, *, key: str = "", names: tuple[str, ...] = ()) -> App:
    """The guarded page server; the jobs (`sim.app.web.served.open_jobs`) must be open before a visitor comes.

    Args:
        host: where it will listen.
        port: on which port.
        key: what visitors must bring; '' for none.
        names: further host names under which a proxy passes visitors on.

    Raises:
        ZonesError: the packages of the extra are missing.
    """
    os.environ.update(SETTINGS)
    try:
        inner, bundles = _solara()
    except ImportError as error:
        raise ZonesError(MISSING.format(error.name)) from error
    own = {*LOOPBACK, host} if host in LOOPBACK else {host, "localhost", "127.0.0.1", socket.gethostname()}
    hosts = {f"[{h}]:{port}" if ":" in h else f"{h}:{port}" for h in own} | set(names)
    return Guard(Scripts(inner), hosts, key, bundles)


def _solara() -> tuple[App, dict[str, str]]:
    """Solara's application, hardened, and the browser bundles that are installed."""
    from solara.server import reload

    _no_reload(reload)
    from ipyvue import VueTemplateWidget  # type: ignore[import-untyped, unused-ignore]
    from solara.server import cdn_helper, server, settings

    cdn_helper.fetch_from_cdn = _refuse
    settings.telemetry.mixpanel_enable = False
    events: Any = VueTemplateWidget.Events
    if not getattr(events, "hears_events_alone", False):
        events._handle_event = only_events(events._handle_event)
        events.hears_events_alone = True
        server.read_root = _mended(server.read_root)
    from solara.server.starlette import app

    return app, bundles(Path(settings.assets.proxy_cache_dir))


def bundles(folder: Path) -> dict[str, str]:
    """Browser bundles in Solara's folder, name to version.

    Raises:
        ZonesError: one is not there.
    """
    found = {}
    for name in BUNDLES:
        parent, _, short = name.rpartition("/")
        there = sorted((folder / parent).glob(f"{short}@*"))
        if not there:
            raise ZonesError(MISSING.format(f"the browser files {name}, package solara-assets"))
        found[name] = there[-1].name.rpartition("@")[2]
    return found


def _no_reload(reload: Any) -> None:
    """A changed file must not restart a page before an audience."""
    reload.reloader.start = lambda: None
    reload.reloader.watcher.add_file = lambda *_args, **_kwargs: None


def _refuse(url: object) -> bytes:
    raise FileNotFoundError(f"{url} is not installed, and nothing is fetched from a network.")


def _mended(read_root: Any) -> Any:
    """Solara's page says no language and forbids zoom."""

    def mended(*args: Any, **kwargs: Any) -> str | None:
        page: str | None = read_root(*args, **kwargs)
        if page is None:
            return None
        for old, new in HTML:
            page = page.replace(old, new, 1)
        return re.sub(r"\n\s*\n+", "\n", page)

    return mended


def check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on.

    Raises:
        ZonesError: the port is taken, or the host is none of this machine's.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            take(probe, host, port)
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                message = (
                    f"--host {host}: is not an address of this machine ({error.strerror}); leave it out for 127.0.0.1."
                )
            else:
                message = f"--port {port}: cannot be used on {host} ({error.strerror}); give another, 1024 to 65535."
            raise ZonesError(message) from error


def listen(host: str, port: int, app: App, *, open_browser: bool = True, opening: str = "/") -> None:
    """Serve until interrupted."""
    import uvicorn

    from sim.app.unfinished_requests import TimedProtocol

    if open_browser:
        threading.Timer(1.0, _browse, (f"http://localhost:{port}{opening}",)).start()
    uvicorn.run(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        http=TimedProtocol,
        backlog=BACKLOG,
        log_level="warning",
        ws_max_size=2**20,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
        server_header=False,
    )


def _browse(address: str) -> None:
    import webbrowser

    webbrowser.open(address)


def new_key() -> str:
    """A key that cannot be guessed."""
    return secrets.token_urlsafe(24)
