"""HTTP connections whose request is never finished are closed: each would hold a place for ever otherwise."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0
"""Seconds from the connection, or from the first byte of a further request, until the request is whole."""


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with an end to its patience: heads and bodies that stay unfinished, handshakes among them."""

    _given_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A visitor has come, who may say nothing."""
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
            self._given_up = self.loop.call_later(PATIENCE, self.transport.abort)

    def _end(self) -> None:
        if self._given_up is not None:
            self._given_up.cancel()
            self._given_up = None
