"""Asking whether an address can be listened on."""

from __future__ import annotations

import socket


def take(probe: socket.socket, host: str, port: int) -> None:
    """Bind the socket as a server would that comes next.

    Raises:
        OSError: the port is taken, or the host is none of this machine's.
    """
    # On Windows SO_REUSEADDR would share a port that is in use; elsewhere it takes one that was just let go.
    alone: int | None = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR if alone is None else alone, 1)
    probe.bind((host, port))
