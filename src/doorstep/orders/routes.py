"""The addresses of orders, each with its guard."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from doorstep.auth.guards import may
from doorstep.core.actor import DISPATCH, VIEW, WORK
from doorstep.core.http.openapi import list_of
from doorstep.core.http.routes import api, mount
from doorstep.orders import api as orders_api
from doorstep.orders import schemas as s
from doorstep.orders.photo_routes import PHOTO_ROUTES

blueprint: Final = Blueprint("orders", __name__, template_folder="templates")

look = may(VIEW, DISPATCH)
do = may(DISPATCH)
work = may(DISPATCH, WORK)
see = may(VIEW, DISPATCH, WORK)

ONE: Final = "/v1/orders/<uuid:order_id>"

ROUTES: Final = (
    api("GET", "/v1/orders", orders_api.index, look, query=s.OrderQuery, answer=list_of(s.OrderLine)),
    api("POST", "/v1/orders", orders_api.create, do, body=s.OrderIn, answer=s.OrderOut, status=201),
    api("GET", ONE, orders_api.show, see, answer=s.OrderOut),
    api("PATCH", ONE, orders_api.change, do, body=s.OrderPatch, answer=s.OrderOut),
    api("POST", f"{ONE}/accept", orders_api.schedule, do, body=s.ScheduleIn, answer=s.OrderOut, name="accept"),
    api("POST", f"{ONE}/schedule", orders_api.schedule, do, body=s.ScheduleIn, answer=s.OrderOut),
    api("POST", f"{ONE}/quote", orders_api.quote, do, body=s.QuoteIn, answer=s.OrderOut),
    api("POST", f"{ONE}/decline", orders_api.decline, do, body=s.ReasonIn, answer=s.OrderOut),
    api("POST", f"{ONE}/cancel", orders_api.cancel, do, body=s.ReasonIn, answer=s.OrderOut),
    api("POST", f"{ONE}/on-the-way", orders_api.on_the_way, work, answer=s.OrderOut),
    api("POST", f"{ONE}/start", orders_api.start, work, answer=s.OrderOut),
    api("POST", f"{ONE}/pause", orders_api.pause, work, body=s.ReasonIn, answer=s.OrderOut),
    api("POST", f"{ONE}/resume", orders_api.resume, work, answer=s.OrderOut),
    api("POST", f"{ONE}/postpone", orders_api.postpone, work, body=s.ReasonIn, answer=s.OrderOut),
    api("POST", f"{ONE}/complete", orders_api.complete, work, body=s.FinishIn, answer=s.OrderOut),
    api("POST", f"{ONE}/note", orders_api.note, work, body=s.NoteIn, answer=s.OrderOut),
    api("GET", f"{ONE}/events", orders_api.events, see, answer=list_of(s.EventOut)),
    api("PATCH", f"{ONE}/checklist/<uuid:item_id>", orders_api.tick, work, body=s.TickIn, answer=s.StepOut),
    api("GET", "/v1/slots", orders_api.free_slots, look, query=s.SlotQuery, answer=s.SlotsOut),
    *PHOTO_ROUTES,
)
mount(blueprint, ROUTES)
