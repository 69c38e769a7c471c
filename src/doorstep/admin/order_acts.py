"""ACTS: what the office can do to an order. Each names its form, what is done, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema

from doorstep.admin.order_forms import QuoteForm, ReasonForm, ScheduleForm, Seen, WordsForm, price_of, visit_of
from doorstep.admin.order_tellings import afterwards
from doorstep.core import formats
from doorstep.core.actor import Actor
from doorstep.core.errors import invalid
from doorstep.orders import assignments, checklist, service, tellings
from doorstep.orders.models import Order
from doorstep.orders.work_forms import TickForm

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: `do` gets the actor, the locked order and the form's values, and gives the sentence that says
    what came of it."""

    schema: type[Schema]
    do: Callable[[Actor, Order, Values], str]


def _schedule(who: Actor, order: Order, values: Values) -> str:
    start, worker_id = visit_of(values, who.home)
    before, status = assignments.current(order), order.status
    service.schedule(who, order, start=start, worker_id=worker_id, minutes=values["minutes"], version=values["version"])
    visit = assignments.current(order)
    when = formats.window(visit.start, visit.end, who.home.zone) if visit.start and visit.end else ""
    told = afterwards(tellings.visit(who, order, status, before, visit))
    return f"Order {order.number}: {when}, {visit.worker or 'nobody yet'}. {told}"


def _quote(who: Actor, order: Order, values: Values) -> str:
    cents = price_of(values["price"], order.currency)
    if cents is None:
        raise invalid("price", "Type the price.")
    service.quote(who, order, price_cents=cents, note=values["note"], version=values["version"])
    told = afterwards(tellings.supposed(who, order, "quoted"))
    return f"Quoted {formats.money(cents, order.currency)}. {told}"


def _decline(who: Actor, order: Order, values: Values) -> str:
    service.decline(who, order, reason=values["reason"], version=values["version"])
    told = afterwards(tellings.supposed(who, order, "declined"))
    return f"Order {order.number} is declined. {told}"


def _cancel(who: Actor, order: Order, values: Values) -> str:
    before = assignments.current(order).told()
    service.cancel(who, order, reason=values["reason"], version=values["version"])
    told = afterwards(tellings.supposed(who, order, "cancelled", **before))
    return f"Order {order.number} is cancelled. {told}"


def _answer(who: Actor, order: Order, values: Values) -> str:
    service.answer(who, order, text=values["text"])
    if not values["text"].strip():
        return "Noted as answered; nobody gets a mail."
    told = afterwards(tellings.supposed(who, order, "answered", text=values["text"]))
    return f"Answered. {told}"


def _note(who: Actor, order: Order, values: Values) -> str:
    service.note(who, order, text=values["text"], for_client=values["for_client"])
    return "Note added; the client sees it." if values["for_client"] else "Note added."


def _tick(who: Actor, order: Order, values: Values) -> str:
    checklist.tick_some(who, order, **values)
    return "Ticks saved."


def _step(act: Callable[[Actor, Order], object], said: str) -> Callable[[Actor, Order, Values], str]:
    def do(who: Actor, order: Order, values: Values) -> str:
        act(who, order)
        return said

    return do


def _postpone(who: Actor, order: Order, values: Values) -> str:
    service.postpone(who, order, reason=values["reason"])
    told = afterwards(tellings.supposed(who, order, "postponed"))
    return f"Stopped for today. {told} Find a new time for it."


ACTS: Final[Mapping[str, Act]] = {
    "schedule": Act(ScheduleForm, _schedule),
    "quote": Act(QuoteForm, _quote),
    "decline": Act(ReasonForm, _decline),
    "cancel": Act(ReasonForm, _cancel),
    "answer": Act(WordsForm, _answer),
    "note": Act(WordsForm, _note),
    "tick": Act(TickForm, _tick),
    "on-the-way": Act(Seen, _step(service.on_the_way, "On the way.")),
    "start": Act(Seen, _step(service.start, "Work has begun.")),
    "pause": Act(Seen, _step(service.pause, "Paused.")),
    "resume": Act(Seen, _step(service.resume, "The clock runs again.")),
    "finish": Act(Seen, _step(service.complete, "Finished.")),
    "postpone": Act(ReasonForm, _postpone),
}
