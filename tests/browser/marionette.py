"""This machine's own Firefox, driven by the protocol built into it (Marionette); Playwright needs one of its own."""

import base64
import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress

STARTING_SECONDS = 60.0


def firefox():
    """Where Firefox is, '' if nowhere."""
    return next((path for path in map(shutil.which, ("firefox-esr", "firefox")) if path), "")


class Firefox:
    """A session: open an address, run a script in the page."""

    def __init__(self, port):
        self._socket = connect(port)
        self._answer()
        self._number = 0
        self.ask("WebDriver:NewSession", {})

    def close(self):
        """End the connection."""
        self._socket.close()

    def open(self, address):
        """Load a page."""
        self.ask("WebDriver:Navigate", {"url": address})

    def script(self, text, *args):
        """What a script returns."""
        return self.ask("WebDriver:ExecuteScript", {"script": text, "args": list(args)})["value"]

    def resize(self, width, height):
        """Give the window a size; Firefox has a least width of its own."""
        self.ask("WebDriver:SetWindowRect", {"width": width, "height": height})

    def picture(self, path):
        """Keep what the whole page looks like."""
        found = self.ask("WebDriver:TakeScreenshot", {"full": True})["value"]
        path.write_bytes(base64.b64decode(found))

    def ask(self, command, values):
        """One command and its answer."""
        self._number += 1
        sent = json.dumps([0, self._number, command, values]).encode()
        self._socket.sendall(f"{len(sent)}:".encode() + sent)
        _, _, error, found = self._answer()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return found

    def _answer(self):
        size = b""
        while (byte := self._socket.recv(1)) != b":":
            size += byte
        data = b""
        while len(data) < int(size):
            data += self._socket.recv(int(size) - len(data))
        return json.loads(data)


def connect(port):
    """A connection, once Firefox listens."""
    end = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@contextmanager
def opened(profile):
    """Firefox without a window and without a network, with a profile of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "marionette.port": port, "network.proxy.type": 1, "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": 9, "datareporting.policy.dataSubmissionEnabled": False,
        "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False,
    }  # fmt: skip
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    words = [firefox(), "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    session = None
    try:
        session = Firefox(port)
        yield session
    finally:
        if session is not None:
            session.close()
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        if process.poll() is None:
            process.kill()
            process.wait()
