"""Attacks on a running server, over the wire, each refused; and what the server still does afterwards."""

import asyncio
import json
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from browser_builders import end, serve
from visitors import Visitor
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import connect

FIRST = {"arms": [{"preset": "with-teams"}, {"preset": "without-teams"}], "months": 0, "seed": 1}


@pytest.fixture(scope="module")
def told(needs, tmp_path_factory):
    """A server of its own, and the file with all that it prints."""
    folder = tmp_path_factory.mktemp("attacked")
    process, address = serve(folder)
    yield address, process, folder / f"server-{address.rpartition(':')[2]}.txt"
    end(process)


def run(work):
    """In a thread of its own: Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result(timeout=600)


@contextmanager
def channel(address, **headers):
    where = f"{address.replace('http', 'ws', 1)}/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"
    with connect(where, additional_headers=headers, proxy=None, open_timeout=10) as opened:
        yield opened


def status(address, path="/", method="GET", data=None, **headers):
    try:
        with urlopen(Request(address + path, data=data, headers=headers, method=method), timeout=20) as found:
            return found.status, dict(found.headers), found.read().decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, dict(error.headers), ""


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null", "file://"])
def test_a_page_of_another_site_gets_no_session(told, origin):
    with pytest.raises((InvalidStatus, WebSocketException)), channel(told[0], Origin=origin):
        pass


def test_no_origin_no_session(told):
    with pytest.raises((InvalidStatus, WebSocketException)), channel(told[0]):
        pass


def test_a_name_that_was_pointed_here_is_not_answered(told):
    assert status(told[0], Host="evil.example")[0] == 421
    assert status(told[0], Host=f"evil.example:{told[0].rpartition(':')[2]}")[0] == 421


def test_headers_cookie_and_closed_pages(told):
    code, headers, _ = status(told[0])
    assert code == 200
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert "httponly" in headers["set-cookie"].lower() and "samesite=strict" in headers["set-cookie"].lower()
    assert "server" not in {k.lower() for k in headers}
    for path in ("/resourcez", "/docs", "/_solara/api/evict/x"):
        assert status(told[0], path)[0] in (403, 404)
    assert status(told[0], "/_solara/api/evict/x", method="POST", data=b"", Origin=told[0])[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/static/public/../guard.py",
        "/static/public/%2e%2e/guard.py",
        "/static/public/..%2f..%2fcli.py",
        "/static/assets/..%5cguard.py",
        "/_solara/cdn/requirejs@2.3.6/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/jupyter/nbextensions/..%2f..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_file_outside_is_read(told, path):
    host, port = told[0].removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        found = b"".join(iter(lambda: raw.recv(65536), b""))
    assert b" 200 " not in found.split(b"\r\n")[0] or (
        b"root:" not in found and b"import" not in found.split(b"\r\n\r\n")[1]
    )


IMPORTS = (
    {"create_widget": ["this", "s"], "props": {}, "id": "x"},
    {"event": "create_widget", "data": ["this", "s"], "create_widget": ["this", "s"]},
    {"update_ref": {"functionRef": "close", "args": []}, "id": "x", "prop": "close"},
    {"event": "__class__", "data": {}},
)


def test_a_message_makes_the_server_import_nothing(told):
    """The module `this` prints when it is imported: the harmless way to see whether it was."""

    async def attack():
        visitor = Visitor(told[0])
        await visitor.open()
        for message in IMPORTS:
            await visitor.custom(message)
        _, answer = await visitor.ask(FIRST)
        await visitor.close()
        return answer

    assert run(attack())["replicates"] > 0
    assert "Beautiful is better" not in told[2].read_text(encoding="utf-8")


def test_what_is_too_large_or_no_message_ends_that_session_alone(told):
    async def attack():
        loud, quiet = Visitor(told[0]), Visitor(told[0])
        await loud.open()
        await quiet.open()
        with pytest.raises((ConnectionClosed, TimeoutError)):
            await loud.raw("x" * (2 << 20))
            await loud.ask(FIRST)
        _, answer = await quiet.ask(FIRST)
        await quiet.close()
        return answer

    assert run(attack())["arms"][0]["preset"] == "with-teams"
    assert told[1].poll() is None


@pytest.mark.parametrize(
    "text",
    [
        "[" * 18_000,
        json.dumps({"number": 1, "ask": {**FIRST, "seed": 10**30}}),
        json.dumps({"number": 1, "ask": {**FIRST, "arms": [{"preset": "/etc/passwd"}] * 2}}),
        json.dumps({"number": 1, "ask": {**FIRST, "arms": [{"preset": "with-teams", "set": {"teams": "<img>"}}] * 2}}),
        json.dumps({"number": {"a": 1}, "ask": FIRST}),
    ],
)
def test_a_hostile_question_is_refused_in_words(told, text):
    async def attack():
        visitor = Visitor(told[0])
        await visitor.open()
        refused = await visitor.say(text)
        _, answer = await visitor.ask(FIRST)
        await visitor.close()
        return refused, answer

    refused, answer = run(attack())
    assert refused["error"] and "Traceback" not in refused["error"]
    assert "error" not in answer


def test_visitors_at_once_are_answered_what_they_asked(told):
    async def one(k):
        visitor = Visitor(told[0])
        await visitor.open()
        seen = []
        for step in range(4):
            value = round((k * 4 + step + 1) / 40, 4)
            arm = {"preset": "with-teams", "set": {"coaching": value}}
            _, answer = await visitor.ask({**FIRST, "arms": [arm, FIRST["arms"][1]]})
            seen.append(answer["arms"][0]["levers"]["coaching"] == value)
        await visitor.close()
        return seen

    async def all_of_them():
        return await asyncio.gather(*(one(k) for k in range(8)))

    assert all(all(seen) for seen in run(all_of_them()))
