"""What a client may do to an order beyond reading it: rules over the services. Nothing here commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema

from doorstep.core import formats
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, StaleVersion, invalid
from doorstep.orders import queries, service
from doorstep.orders.models import Order, OrderEvent
from doorstep.orders.status import STATUSES
from doorstep.portals.client_forms import AskForm, CancelForm, MoveForm

NOT_FIXED: Final = ("requested", "quoted")


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a client can send about an order: its form, in which states, and what is done with it.

    `send` gets the actor, the locked order and the form's values; it returns the sentence that says what happens next.
    """

    schema: type[Schema]
    states: Sequence[str]
    send: Callable[[Actor, Order, Mapping[str, Any]], str]

    def fits(self, order: Order) -> bool:
        """Returns whether this can be wished as the order stands."""
        return order.status in self.states


def submit(wish: Wish, who: Actor, order: Order, values: Mapping[str, Any]) -> str:
    """Returns what happens next, in words. Raises Conflict when it is too late for this wish."""
    if not wish.fits(order):
        raise Conflict("This is not possible any more. Call us if something is wrong.")
    return wish.send(who, order, values)


def accept_quote(who: Actor, order: Order, version: int) -> None:
    """Tells the office that the client accepts; said twice it counts once.

    Raises Conflict for an order without a quote, StaleVersion when another price was named since the page was read.
    """
    if order.status != "quoted":
        raise Conflict("There is no open quote for this order any more.")
    if quote_accepted(queries.timeline(order)):
        return
    if version != order.version:
        raise StaleVersion("The quote was changed while you were reading it. Have a look at the new one.")
    service.ask(who, order, kind="accept", text="")


def quote_accepted(events: Sequence[OrderEvent]) -> bool:
    """Returns whether the newest quote was accepted."""
    story = [event for event in events if event.kind == "quoted" or event.data.get("about") == "accept"]
    return bool(story) and story[-1].kind == "asked"


def _question(who: Actor, order: Order, values: Mapping[str, Any]) -> str:
    service.ask(who, order, kind="question", text=values["text"])
    return "The office has your message and answers you."


def _move(who: Actor, order: Order, values: Mapping[str, Any]) -> str:
    start, zone = values["start"], who.home.zone
    wish = f"Wished: {formats.day(start, zone)}, {formats.hm(start, zone)}." if start else ""
    said = "\n".join(part for part in (wish, values["text"].strip()) if part)
    if not said:
        raise invalid("text", "Choose a time, or write which times suit you.")
    service.ask(who, order, kind="move", text=said)
    return "The office has your wish. Your visit stays as it is until they answer."


def _cancel(who: Actor, order: Order, values: Mapping[str, Any]) -> str:
    if order.status in NOT_FIXED:
        service.cancel(who, order, reason=values["text"])
        return "Cancelled. Nobody comes, and there is nothing to pay."
    service.ask(who, order, kind="cancel", text=values["text"].strip() or "No reason given.")
    return "The office has your wish to cancel and answers you. Until then the visit stands."


WISHES: Final[Mapping[str, Wish]] = {
    "ask": Wish(AskForm, STATUSES, _question),
    "move": Wish(MoveForm, ("scheduled",), _move),
    "cancel": Wish(CancelForm, (*NOT_FIXED, "scheduled", "on_the_way"), _cancel),
}
