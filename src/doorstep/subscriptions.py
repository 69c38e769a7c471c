"""Who hears of what: every event's name and its handlers, run inside the open transaction, in this order."""

from __future__ import annotations

from typing import Final

from doorstep.core.events import Subscriptions
from doorstep.orders import notices, outdated

SUBSCRIPTIONS: Final[Subscriptions] = {
    "order.requested": (notices.tell,),
    "order.quoted": (notices.tell,),
    "order.scheduled": (outdated.withdraw, notices.tell),
    "order.moved": (outdated.withdraw, notices.tell),
    "order.declined": (outdated.withdraw, notices.tell),
    "order.cancelled": (outdated.withdraw, notices.tell),
    "order.on_the_way": (outdated.withdraw, notices.tell),
    "order.started": (),
    "order.paused": (),
    "order.resumed": (),
    "order.postponed": (outdated.withdraw, notices.tell),
    "order.completed": (outdated.withdraw, notices.tell),
    "order.changed": (),
    "order.noted": (),
    "order.asked": (notices.tell,),
    "order.answered": (notices.tell,),
    "order.rated": (outdated.withdraw,),
    "photo.stored": (),
}
