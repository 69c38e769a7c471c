"""Which addresses a host has, asked once for each delivery and in bounded time."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from doorstep.backends.webhooks.deadline import Deadline
from doorstep.backends.webhooks.interface import Reason, WebhookError
from doorstep.backends.webhooks.networks import Address
from doorstep.backends.webhooks.targets import Target

Found = list[Any] | Exception


def addresses(target: Target, deadline: Deadline) -> list[Address]:
    """Returns all addresses of a target, the best first. Raises WebhookError when there are none, TimeoutError when
    the answer does not come in time."""
    if target.address is not None:
        return [target.address]
    found = _asked(target, deadline)
    if isinstance(found, Exception) or not found:
        raise WebhookError(f"{target.host} has no address", permanent=False, reason=Reason.DNS)
    return list(dict.fromkeys(ip_address(place[0]) for *_, place in found))


def _asked(target: Target, deadline: Deadline) -> Found:
    """Asks in a thread of its own, which may outlast the deadline: the system's resolver cannot be interrupted."""
    box: SimpleQueue[Found] = SimpleQueue()

    def ask() -> None:
        try:
            box.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            box.put(error)

    Thread(target=ask, name="webhook-lookup", daemon=True).start()
    try:
        return box.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError("the name was not found in time") from None
