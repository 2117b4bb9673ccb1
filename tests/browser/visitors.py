"""Visitors without a browser: each speaks to the page server as the page does, and times what it is answered."""

import asyncio
import json
import time
import uuid
from urllib.request import Request, urlopen

from websockets.asyncio.client import connect


class Visitor:
    """One open page."""

    def __init__(self, address):
        self._address = address
        self._page, self._kernel = str(uuid.uuid4()), str(uuid.uuid4())
        self._cookie = ""
        self._socket = None
        self._widget = ""
        self._number = 0
        self.answers = []

    async def open(self):
        """Come in, and wait for the page."""
        self._cookie = await asyncio.to_thread(self._come)
        where = f"{self._address.replace('http', 'ws', 1)}/jupyter/api/kernels/{self._kernel}/channels"
        self._socket = await connect(
            f"{where}?session_id={self._page}",
            origin=self._address,
            additional_headers={"Cookie": self._cookie},
            max_size=None,
            proxy=None,
        )
        await self._send("kernel_info_request", {})
        comm = str(uuid.uuid4())
        await self._send("comm_open", {"comm_id": comm, "target_name": "solara.control", "data": {}})
        asked = {"path": "/", "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        await self._send("comm_msg", {"comm_id": comm, "data": {"method": "run", "args": asked}})
        while not self._widget:
            message = await self._next()
            content = message["content"]
            if message["header"]["msg_type"] == "comm_open" and "answered" in content["data"].get("state", {}):
                self._widget = content["comm_id"]

    async def ask(self, question):
        """Seconds until a quick answer came, and the answer."""
        self._number += 1
        text = json.dumps({"number": self._number, "ask": question})
        begun = time.perf_counter()
        await self.custom({"event": "ask", "data": text})
        answer = await self._answer(quick=True)
        return time.perf_counter() - begun, answer

    async def say(self, text):
        """The refusal of a question written by hand."""
        await self.custom({"event": "ask", "data": text})
        while True:
            message = await self._next()
            state = message["content"].get("data", {}).get("state", {})
            if state.get("answered"):
                return json.loads(state["answered"])

    async def custom(self, content):
        """A message to the page's widget that is no change of state."""
        await self._send("comm_msg", {"comm_id": self._widget, "data": {"method": "custom", "content": content}})

    async def raw(self, text):
        """Any text at all."""
        await self._socket.send(text)

    async def full(self):
        """The full answer to what was asked last."""
        return await self._answer(quick=False)

    async def _answer(self, *, quick):
        while True:
            message = await self._next()
            state = message["content"].get("data", {}).get("state", {})
            if state.get("answered"):
                answer = json.loads(state["answered"])
                self.answers.append(answer)
                if "error" in answer or (answer["number"] == self._number and answer["quick"] is quick):
                    return answer

    async def close(self):
        """Leave as a browser does."""
        await self._socket.close()
        await asyncio.to_thread(self._go)

    def _come(self):
        with urlopen(Request(f"{self._address}/"), timeout=30) as told:
            return "; ".join(c.split(";")[0] for c in told.headers.get_all("set-cookie"))

    def _go(self):
        where = f"{self._address}/_solara/api/close/{self._kernel}?session_id={self._page}"
        given = {"Origin": self._address, "Cookie": self._cookie}
        urlopen(Request(where, data=b"", headers=given, method="POST"), timeout=30).close()

    async def _next(self):
        return json.loads(await asyncio.wait_for(self._socket.recv(), 300))

    async def _send(self, kind, content):
        header = {
            "date": "2026-01-01T00:00:00.000Z",
            "msg_id": str(uuid.uuid4()),
            "msg_type": kind,
            "session": self._page,
            "username": "",
            "version": "5.2",
        }
        whole = {"buffers": [], "channel": "shell", "content": content, "header": header, "metadata": {}}
        await self._socket.send(json.dumps({**whole, "parent_header": {}}))
