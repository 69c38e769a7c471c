"""Who hears of what: every event's name and its handlers, run inside the open transaction, in this order."""

from __future__ import annotations

from typing import Final

from doorstep.core.events import Subscriptions
from doorstep.orders import notices

SUBSCRIPTIONS: Final[Subscriptions] = {
    "order.requested": (notices.requested,),
    "order.quoted": (notices.quoted,),
    "order.scheduled": (notices.scheduled,),
    "order.moved": (notices.moved,),
    "order.declined": (notices.declined,),
    "order.cancelled": (notices.cancelled,),
    "order.on_the_way": (notices.on_the_way,),
    "order.started": (),
    "order.paused": (),
    "order.resumed": (),
    "order.postponed": (notices.postponed,),
    "order.completed": (notices.completed,),
    "order.changed": (),
    "order.noted": (),
    "order.asked": (notices.asked,),
    "order.answered": (notices.answered,),
    "order.rated": (),
    "photo.stored": (),
}
