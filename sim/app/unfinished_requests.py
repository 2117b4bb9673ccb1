"""Closes HTTP connections whose request is never finished: each would occupy the server for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10.0
"""How long a request may take to arrive, in seconds, from the connection or from its first byte."""


class TimedProtocol(H11Protocol):
    """uvicorn's protocol with a time limit for each request: its head, its body and the handshake of a web socket."""

    _given_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A connection was opened; no request may ever come."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Some of a request has come; the time runs on until all of it has."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and self.transport.get_protocol() is self:
            self._begin()
        else:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """The visitor has gone."""
        self._end()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The handshake is whole; its own protocol goes on, and asks for signs of life."""
        self._end()
        super().handle_websocket_upgrade(event)

    def _begin(self) -> None:
        if self._given_up is None:
            self._given_up = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _end(self) -> None:
        if self._given_up is not None:
            self._given_up.cancel()
            self._given_up = None
