"""A server that goes, comes back, is besieged, or is asked by twenty at once when it has just begun."""

import asyncio
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
from browser_builders import end, free_port, new_context, serve
from visitors import Visitor

FIRST = {"arms": [{"preset": "with-teams"}, {"preset": "without-teams"}], "months": 0, "seed": 1}
SAID_WITHIN = 5.0
TOGETHER = 20
HALF_OPEN = 200


def run(work):
    """In a thread of its own: Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result(timeout=600)


def test_the_page_says_that_the_server_has_gone_and_takes_the_question_up_when_it_is_back(needs, browser, tmp_path):
    port = free_port()
    process, address = serve(tmp_path, port=port)
    context = new_context(browser)
    page = context.new_page()
    try:
        page.goto(f"{address}/#/explore")
        page.wait_for_function("window.ZX?.answer && !window.ZX.answer.quick", timeout=60_000)
        page.select_option("#zx-preset-0", "train-and-hope")
        page.select_option("#zx-months", "60")
        page.wait_for_function("window.ZX.answer.arms[0].preset === 'train-and-hope' || window.ZX.answer.months === 60")
        page.wait_for_timeout(500)
        assert not page.evaluate("window.ZX.side.node.inert")

        process.kill()
        process.wait()
        begun = time.monotonic()
        page.wait_for_selector(".zx-trouble:not([hidden])", timeout=20_000)
        said = time.monotonic() - begun
        assert "The server is away" in page.inner_text(".zx-trouble")
        assert page.evaluate("window.ZX.side.node.inert")
        print(f"said so after {said:.2f} s")
        assert said < SAID_WITHIN, f"it said so after {said:.1f} s"

        process, _ = serve(tmp_path, port=port)
        page.wait_for_function(
            "window.ZX?.answer && !window.ZX.lost && !window.ZX.side.node.inert && window.ZX.state.months === 60 && "
            "window.ZX.answer.months === 60 && document.querySelector('.zx-trouble').hidden",
            timeout=60_000,
        )
        assert page.evaluate("window.ZX.state.arms[0].preset") == "train-and-hope"
        assert page.input_value("#zx-preset-0") == "train-and-hope"
        number = page.evaluate("window.ZX.number")
        page.select_option("#zx-months", "36")
        page.wait_for_function("window.ZX.answer.months === 36", timeout=30_000)
        assert page.evaluate("window.ZX.number") > number
    finally:
        context.close()
        end(process)


@pytest.mark.slow
def test_a_server_that_hangs_is_away_too_and_goes_on_where_it_was(needs, browser, tmp_path):
    process, address = serve(tmp_path)
    context = new_context(browser)
    page = context.new_page()
    try:
        page.goto(f"{address}/#/explore")
        page.wait_for_function("window.ZX?.answer && !window.ZX.answer.quick", timeout=60_000)
        page.evaluate("window.SAME = true")
        process.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        page.wait_for_selector(".zx-trouble:not([hidden])", timeout=20_000)
        said = time.monotonic() - begun
        print(f"said so after {said:.2f} s")
        assert said < SAID_WITHIN, f"it said so after {said:.1f} s"
        assert page.evaluate("window.ZX.side.node.inert")
        process.send_signal(signal.SIGCONT)
        page.wait_for_function("!window.ZX.side.node.inert && document.querySelector('.zx-trouble').hidden")
        assert page.evaluate("window.SAME"), "a server that only waited is no reason to load the page anew"
    finally:
        process.send_signal(signal.SIGCONT)
        context.close()
        end(process)


def test_twenty_first_visitors_of_a_server_that_has_just_begun_are_answered(needs, tmp_path):
    process, address = serve(tmp_path)

    async def one():
        visitor = Visitor(address)
        await asyncio.wait_for(visitor.open(), 60)
        _, told = await asyncio.wait_for(visitor.ask(FIRST), 60)
        await visitor.close()
        return told

    async def all_at_once():
        return await asyncio.gather(*(one() for _ in range(TOGETHER)))

    try:
        answers = run(all_at_once())
        assert len(answers) == TOGETHER
        assert not [a["error"] for a in answers if "error" in a]
    finally:
        end(process)


@pytest.mark.slow
def test_half_open_connections_are_dropped_and_others_served_meanwhile(needs, tmp_path):
    process, address = serve(tmp_path)
    port = int(address.rpartition(":")[2])
    said = (b"", b"GET / HTTP/1.1\r\nHost: lo", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nx")
    try:
        begun = time.monotonic()
        held = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(HALF_OPEN)]
        for number, connection in enumerate(held):
            connection.sendall(said[number % len(said)])
        asked = time.monotonic()
        with urlopen(f"{address}/", timeout=10) as page:
            assert page.status == 200
        assert time.monotonic() - asked < 5.0
        slow = held[1]  # a byte now and then buys no more time
        while time.monotonic() - begun < 6.0:
            time.sleep(2.0)
            slow.sendall(b"c")
        for connection in held:
            connection.settimeout(max(0.1, begun + 20.0 - time.monotonic()))
            assert _ended(connection)
        assert time.monotonic() - begun < 20.0
        with urlopen(f"{address}/", timeout=10) as page:
            assert page.status == 200
    finally:
        end(process)


def _ended(connection):
    """Whether the other side has closed it; what it said before is passed over."""
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    finally:
        connection.close()
    return True
