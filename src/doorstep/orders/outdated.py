"""OUTDATED: which mails that wait are not true any more when something happens to an order. Read for what is withdrawn
and for what a form says beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from doorstep.core.events import Event
from doorstep.notifications import service
from doorstep.orders import causes, tellings

REMINDERS: Final = ("reminder_24h", "reminder_2h")
OF_THE_WORKER: Final = (*REMINDERS, "assigned")
OF_THE_TIME: Final = (*OF_THE_WORKER, "scheduled", "moved")

OUTDATED: Final[Mapping[str, Sequence[str]]] = {
    "order.scheduled": ("quote",),
    "order.moved": OF_THE_TIME,
    "order.declined": (*OF_THE_TIME, "quote", "new_request"),
    "order.cancelled": (*OF_THE_TIME, "quote", "new_request", "on_the_way", "postponed"),
    "order.on_the_way": REMINDERS,
    "order.postponed": (*OF_THE_TIME, "on_the_way"),
    "order.completed": (*OF_THE_TIME, "on_the_way", "postponed"),
    "order.rated": ("feedback_request",),
}


def purposes(event: Event) -> Sequence[str]:
    """Returns what the event makes untrue. Given to somebody else at the same time, the visit keeps its time: the
    client's mail of it still goes, for no other comes."""
    if event.name == "order.moved" and not tellings.other_time(event):
        return OF_THE_WORKER
    return OUTDATED.get(event.name, ())


def withdraw(event: Event) -> None:
    """Cancels them. Heard before the mails of the event itself are written."""
    service.withdraw(event.subject.id, purposes(event), causes.of(event))
