"""CAUSES: why a mail exists or was withdrawn, in words that stand after “because”. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from doorstep.core.events import Event

NOBODY: Final = "somebody"
CAUSES: Final[Mapping[str, str]] = {
    "order.requested": "{who} asked for a visit",
    "order.quoted": "{who} named a price",
    "order.scheduled": "{who} set the time of the visit",
    "order.moved": "{who} moved the visit",
    "order.declined": "{who} declined the request",
    "order.cancelled": "{who} cancelled the order",
    "order.on_the_way": "{who} set out",
    "order.postponed": "{who} could not finish the work",
    "order.completed": "{who} finished the work",
    "order.asked": "{who} wrote from their page",
    "order.answered": "{who} answered",
    "order.rated": "{who} rated the work",
}


def of(event: Event) -> str:
    """Returns e.g. `Priya Shah moved the visit`. Raises KeyError for an event that causes no mail."""
    return CAUSES[event.name].format(who=event.actor.name or NOBODY)
