"""Tests reach this machine only."""

from __future__ import annotations

import socket

import pytest


def test_what_is_outside_cannot_be_reached() -> None:
    with socket.socket() as line, pytest.raises(OSError, match="tried to reach"):
        line.connect(("192.0.2.1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server, socket.socket() as line:
        server.bind(("127.0.0.1", 0))
        server.listen()
        line.connect(server.getsockname())
