"""Attacks on the page server, each refused; the server is the real application, asked without a network."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pytest

# Looked for, not imported: the server reads its settings when it is imported, after ours are made.
if find_spec("solara") is None:
    pytest.skip("the extra 'app' is not installed", allow_module_level=True)

from sim.app import serve
from sim.app.guard import HEADERS, only_events
from sim.app.jobs import Jobs
from sim.app.web.served import open_jobs
from sim.errors import ZonesError
from sim.organisation.generate.synthetic import generate

# The page server's own packages warn about one another.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

PORT = 8999
HOST = f"localhost:{PORT}"


@pytest.fixture(scope="module")
def page():
    made = serve.application("127.0.0.1", PORT)
    open_jobs(Jobs(generate({"sites": 6, "organisation_seed": 1})))
    from solara.server import app

    app.ensure_apps_initialized()
    return made


@pytest.fixture(scope="module")
def keyed(page):
    return serve.application("0.0.0.0", PORT, key="a-long-key", names=("zones.example.gov",))


def ask(app, path="/", *, kind="http", method="GET", query=b"", **headers):
    """What the application answers: status, headers, body; a websocket that is closed has status 403."""
    given = {"host": HOST, **headers}
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 1),
        "subprotocols": [],
    }
    told, asked = [], []

    async def receive():
        if kind == "websocket":
            return {"type": "websocket.connect"}
        asked.append(1)
        if len(asked) > 1:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        told.append(message)

    # In a thread of its own: whatever else this process tests may have left an event loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, asyncio.wait_for(app(scope, receive, send), 20)).result(timeout=60)
    if told[0]["type"] == "websocket.close":
        return 403, {}, told[0].get("reason", "")
    body = b"".join(m.get("body", b"") for m in told[1:])
    return told[0]["status"], {k.decode(): v.decode() for k, v in told[0]["headers"]}, body.decode("utf-8", "replace")


def test_the_page_is_served_in_production_with_language_and_zoom(page):
    status, headers, body = ask(page)
    assert status == 200
    assert '<html lang="en">' in body and "user-scalable=no" not in body
    for name, value in HEADERS:
        assert headers[name.decode()] == value.decode()
    assert "mixpanel" not in body and "<iframe" not in body and 'src="http' not in body


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "localhost", "localhost:1", ""])
def test_an_unknown_host_header_is_refused(page, host):
    assert ask(page, host=host)[0] == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:1", "null", "", f"http://{HOST}.evil.example", "file://"]
)
def test_a_foreign_page_cannot_open_a_session(page, origin):
    path = "/jupyter/api/kernels/3f2b0000-0000-0000-0000-000000000000/channels"
    assert ask(page, path, kind="websocket", origin=origin)[0] == 403


@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_a_foreign_page_cannot_post(page, origin):
    assert ask(page, "/_solara/api/close/x", method="POST", origin=origin)[0] == 403


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "http://::1]", f"http://[{HOST}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_origin_that_is_no_address_is_a_bad_request(page, origin, method):
    assert ask(page, method=method, origin=origin)[0] == 400
    assert ask(page, origin=f"http://{HOST}")[0] == 200


def test_an_origin_that_is_no_address_opens_no_session(page):
    path = "/jupyter/api/kernels/3f2b0000-0000-0000-0000-000000000000/channels"
    status, _, said = ask(page, path, kind="websocket", origin="http://[::1")
    assert status == 403 and said == "The Origin header is not an address."


@pytest.mark.parametrize("path", ["/resourcez", "/resourcez/", "/_solara/evict/x", "/docs"])
def test_pages_about_the_server_are_closed(page, path):
    assert ask(page, path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/_solara/cdn/vega@5/build/vega.js",
        "/_solara/cdn/mermaid@10.8.0/dist/mermaid.js",
        "/_solara/cdn/evil@1.0.0/index.js",
        "/_solara/cdn/../../../../etc/passwd",
        "/_solara/cdn/requirejs@2.3.6/../../../../../etc/passwd",
        "/static/public/../guard.py",
        "/static/public/..%2fguard.py",
        "/static/assets/../web/page.py",
    ],
)
def test_nothing_else_is_served_and_nothing_is_fetched(page, path):
    status, _, body = ask(page, path)
    assert status >= 400 and "import" not in body and "root:" not in body


def test_the_browser_bundle_is_at_hand_whatever_version_the_template_asks(page):
    _, _, body = ask(page)
    asked = {part.split('"')[0] for part in body.split('src="/')[1:]} | {
        part.split('"')[0] for part in body.split('href="/')[1:]
    }
    local = [f"/{path}" for path in asked if path.startswith("_solara/cdn")]
    assert local
    for path in local:
        assert ask(page, path)[0] == 200, path


def test_a_missing_bundle_is_reported(tmp_path):
    with pytest.raises(ZonesError, match="solara-assets"):
        serve.bundles(tmp_path)


def test_beyond_the_machine_a_key_is_needed(keyed):
    assert ask(keyed)[0] == 401
    assert ask(keyed, query=b"key=wrong")[0] == 401
    assert ask(keyed, cookie="zones_key=wrong")[0] == 401
    status, headers, _ = ask(keyed, query=b"key=a-long-key")
    assert status == 303
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=Strict" in headers["set-cookie"]
    assert ask(keyed, cookie="zones_key=a-long-key")[0] == 200
    assert ask(keyed, host="zones.example.gov", cookie="zones_key=a-long-key")[0] == 200
    path = "/jupyter/api/kernels/3f2b0000-0000-0000-0000-000000000000/channels"
    assert ask(keyed, path, kind="websocket", origin=f"http://{HOST}")[0] == 403


def test_a_key_cannot_be_guessed():
    assert len({serve.new_key() for _ in range(20)}) == 20 and len(serve.new_key()) >= 32


def test_every_cookie_is_strict_and_unseen_by_scripts(page):
    _, headers, _ = ask(page)
    cookie = headers["set-cookie"].lower()
    assert "httponly" in cookie and cookie.count("samesite") == 1 and "samesite=strict" in cookie


def test_settings_of_the_server(page):
    from solara.server import cdn_helper, settings

    assert settings.main.mode == "production"
    assert settings.telemetry.mixpanel_enable is False
    assert settings.session.http_only is True
    assert settings.kernel.cull_timeout == "10m"
    with pytest.raises(FileNotFoundError):
        cdn_helper.fetch_from_cdn("https://cdn.example/x.js")


IMPORTS = {"create_widget": ["antigravity", "fly"], "props": {}, "id": "x"}
CALLS = {"update_ref": {"functionRef": "close", "args": []}, "id": "x", "prop": "y"}


@pytest.mark.parametrize(
    "message",
    [
        IMPORTS,
        CALLS,
        {"destroy_widget": "x"},
        {**IMPORTS, "event": "act", "data": {}},
        {"event": "close"},
        {"event": "__class__"},
        {"event": ["act"]},
        "act",
        None,
    ],
)
def test_a_message_cannot_import_a_module_or_call_what_is_no_event(message):
    heard = []

    class Widget:
        def __init__(self):
            self.events = ["act"]

    handle = only_events(lambda *arguments: heard.append(arguments))
    handle(Widget(), None, message, [])
    assert heard == []
    handle(Widget(), None, {"event": "act", "data": {"do": "x"}}, [])
    assert len(heard) == 1


def test_the_widget_that_is_served_has_the_guarded_handler(page):
    from ipyvue import VueTemplateWidget

    import sim.app.web.page as served

    widget = served.Pages.widget if hasattr(served.Pages, "widget") else VueTemplateWidget.VueTemplate
    assert widget._handle_event.__qualname__ == "only_events.<locals>.guarded"
    assert "antigravity" not in sys.modules


def test_answers_are_json_without_infinity():
    from sim.app.answer import as_text

    with pytest.raises(ValueError):
        as_text({"x": float("inf")})
    assert json.loads(as_text({"x": None})) == {"x": None}


def test_whoever_watches_over_the_server_needs_no_key(page, keyed):
    for app in (page, keyed):
        status, headers, body = ask(app, "/health")
        assert (status, body) == (200, "ok")
        assert all(headers[name.decode()] == value.decode() for name, value in HEADERS)
    assert ask(keyed, "/health", host="evil.example")[0] == 421
    assert ask(keyed, "/healthy")[0] == 401 and ask(keyed, "/health/x")[0] == 401
    assert ask(page, "/health", method="POST", origin="http://evil.example")[0] == 403
