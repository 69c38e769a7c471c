"""ACTS: what the office can do to an order. Each names its form, what is done, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema

from doorstep.admin.order_forms import QuoteForm, ReasonForm, ScheduleForm, Seen, WordsForm, price_of, visit_of
from doorstep.clients.models import Client
from doorstep.core import formats, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import invalid
from doorstep.orders import assignments, checklist, service
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
    minutes = values["minutes"]
    service.schedule(who, order, start=start, worker_id=worker_id, minutes=minutes, version=values["version"])
    visit = assignments.current(order)
    when = formats.window(visit.start, visit.end, who.home.zone) if visit.start and visit.end else ""
    return f"Order {order.number}: {when}, {visit.worker or 'nobody yet'}. {_told(order)}"


def _quote(who: Actor, order: Order, values: Values) -> str:
    cents = price_of(values["price"], order.currency)
    if cents is None:
        raise invalid("price", "Type the price.")
    service.quote(who, order, price_cents=cents, note=values["note"], version=values["version"])
    return f"Quoted {formats.money(cents, order.currency)}. {_told(order)}"


def _decline(who: Actor, order: Order, values: Values) -> str:
    service.decline(who, order, reason=values["reason"], version=values["version"])
    return f"Order {order.number} is declined. {_told(order)}"


def _cancel(who: Actor, order: Order, values: Values) -> str:
    service.cancel(who, order, reason=values["reason"], version=values["version"])
    return f"Order {order.number} is cancelled. {_told(order)}"


def _answer(who: Actor, order: Order, values: Values) -> str:
    service.answer(who, order, text=values["text"])
    return f"Answered. {_told(order)}" if values["text"].strip() else "Noted as answered; nobody gets a mail."


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
    return "Stopped for today. Find a new time for it."


def _told(order: Order) -> str:
    client = tenancy.get(Client, order.client_id)
    name = client.name.split()[0] if client.name else "The client"
    return f"{name} gets a mail." if client.email else f"{name} has no e-mail address: call."


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
