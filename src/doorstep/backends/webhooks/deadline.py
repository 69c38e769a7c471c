"""An end to everything that a stranger can make slow."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Self

from doorstep.core import clock


class Deadline:
    """The moment by which all must be over."""

    def __init__(self, seconds: float) -> None:
        self._began = clock.monotonic()
        self._until = self._began + seconds

    @property
    def is_over(self) -> bool:
        """Whether the moment has come."""
        return clock.monotonic() >= self._until

    @property
    def ms(self) -> int:
        """How long it has been running, in milliseconds."""
        return round((clock.monotonic() - self._began) * 1000)

    def left(self) -> float:
        """Returns the seconds that are left. Raises TimeoutError when there are none."""
        seconds = self._until - clock.monotonic()
        if seconds <= 0:
            raise TimeoutError("the time is up")
        return seconds


class Watchdog:
    """Cuts a connection when the deadline has come, whatever it is waiting for.

    A socket's own timeout begins anew with every byte, so who sends one now and then is waited for without an end.
    The cut goes through a second handle, which stays this one's own whatever becomes of the first: TLS puts another
    socket in its place, and a number that was closed may be a stranger's connection by then.
    """

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._timer = Timer(deadline.left(), self._cut)
        self._timer.daemon = True
        self._handle = line.dup()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        self._handle.close()

    def _cut(self) -> None:
        with suppress(OSError):
            self._handle.shutdown(socket.SHUT_RDWR)
