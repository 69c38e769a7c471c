"""What the operator's page shows beside the jobs: QUEUES and BREAKERS, one line each. A feature adds itself here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from doorstep.core import clock, queue, tenancy
from doorstep.core.circuits import Circuit
from doorstep.core.transaction import transaction
from doorstep.notifications import delivery
from doorstep.notifications.models import OutgoingEmail

LONG: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: how many rows wait, how many were given up (each up to `queue.MOST_COUNTED`), since when one is due."""

    name: str
    waiting: int
    dead: int
    oldest: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether something waits for too long."""
        return self.oldest is not None and clock.now() - self.oldest > LONG


@dataclass(frozen=True, slots=True)
class Breaker:
    """A circuit breaker of an outside service: `closed`, `half-open` or `open`, since when, and the last error."""

    name: str
    state: str
    since: datetime | None
    error: str = ""


QUEUES: Final[Mapping[str, type[queue.QueueRow]]] = {"email": OutgoingEmail}
BREAKERS: Final[Mapping[str, Callable[[], Circuit]]] = {"email": delivery.circuit}


def queues() -> list[Queue]:
    """Returns how each queue is doing, over all organizations."""
    with tenancy.system_scope("the operator looks at the queues"):
        return [Queue(name, *queue.backlog(model)) for name, model in QUEUES.items()]


def breakers() -> list[Breaker]:
    """Returns the state of each breaker."""
    with transaction():
        found = [(name, circuit().standing()) for name, circuit in BREAKERS.items()]
    return [Breaker(name, standing.state, standing.since, standing.error) for name, standing in found]
