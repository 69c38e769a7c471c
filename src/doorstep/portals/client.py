"""The pages of clients: their orders, one order, and what they may ask, accept, cancel and rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from doorstep.catalog.models import Service
from doorstep.clients import links
from doorstep.core import clock, formats, tenancy
from doorstep.core.actor import Actor, Org
from doorstep.core.errors import Problem
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction
from doorstep.orders import notices, queries, service, sheets
from doorstep.orders.models import Order
from doorstep.portals import brand, client_asks, guards, public_times, public_words
from doorstep.portals.client_asks import WISHES
from doorstep.portals.client_forms import AcceptForm, RateForm
from doorstep.portals.client_list import my_orders
from doorstep.portals.client_photos import gallery
from doorstep.portals.client_story import Story

DAYS_OFFERED: Final = 6
NOON: Final = 12


def index(who: Actor) -> ResponseReturnValue:
    """Shows the orders that this browser's links open, of all companies."""
    orders = my_orders()
    return render_template("portals/client_orders.html", orders=orders, **frame(orders.company))


def show(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Shows one order: where it stands, its photos and price, what the client can do."""
    return _order_page(who, order_id, Form(RateForm))


def accept(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Accepts the quote: the office is asked to find a time."""
    version = Form.read(AcceptForm).values.get("version", 0)
    with transaction():
        client_asks.accept_quote(who, queries.find(who, order_id, lock=True), version)
    flash("Thank you. The office looks for a time.", "ok")
    return _back(order_id)


def wish_form(who: Actor, order_id: UUID, wish: str) -> ResponseReturnValue:
    """Shows the form for a question, another time or cancelling."""
    return _wish_page(who, order_id, wish, Form(WISHES[wish].schema))


def send_wish(who: Actor, order_id: UUID, wish: str) -> ResponseReturnValue:
    """Sends a question, a wish for another time or to cancel."""
    form = Form.read(WISHES[wish].schema)
    told = _done(form, who, order_id, lambda order: client_asks.submit(WISHES[wish], who, order, form.values))
    if not form.ok:
        return _wish_page(who, order_id, wish, form), 422
    flash(told, "ok")
    return _back(order_id)


def rate(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Keeps the stars and the words."""
    form = Form.read(RateForm)
    _done(form, who, order_id, lambda order: service.rate(who, order, **form.values))
    if not form.ok:
        return _order_page(who, order_id, form), 422
    flash("Thank you. The office reads it.", "ok")
    return _back(order_id)


def fresh_link(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Sends a new link to this order to the address on file."""
    with transaction():
        order = queries.find(who, order_id)
        client, facts = notices.facts_of(order, who.home)
        links.send(client, order.id, "the client asked for a new link", order=facts)
    flash("A new link is on its way to your mailbox.", "ok")
    return _back(order_id)


def frame(org: Org | None) -> dict[str, Any]:
    """Returns what the clients' layout needs of a company; of none where several are shown."""
    phone = str(org.settings.get("phone") or "") if org else ""
    return {"organization": org, "organization_phone": phone, "brand_stylesheet": brand.stylesheet_url(org)}


def _done(form: Form, who: Actor, order_id: UUID, act: Callable[[Order], Any]) -> Any:
    """Returns what `act` gave for the locked order; a problem it finds is shown in the form."""
    if not form.ok:
        return None
    try:
        with transaction():
            return act(queries.find(who, order_id, lock=True))
    except Problem as problem:
        form.refuse(problem)
        return None


def _order_page(who: Actor, order_id: UUID, form: Form) -> str:
    view, company = sheets.of(who, order_id), public_words.company(who.home)
    return render_template(
        "portals/client_order.html",
        view=view,
        order=view.order,
        story=Story(view, company.name, who.home.zone, clock.now(), company.answers_within),
        photos=gallery(view),
        access=guards.access_at_hand(),
        wishes={name: wish.fits(view.order) for name, wish in WISHES.items()},
        form=form,
        **frame(who.org),
    )


def _wish_page(who: Actor, order_id: UUID, wish: str, form: Form) -> str:
    order = queries.find(who, order_id)
    kind = tenancy.get(Service, order.service_id)
    fits = WISHES[wish].fits(order)
    times = _free_times(kind, order, who.home.zone) if fits and wish == "move" else []
    page = f"portals/client_{wish}.html"
    return render_template(page, order=order, service=kind, form=form, times=times, fits=fits, **frame(who.org))


def _free_times(kind: Service, order: Order, zone: ZoneInfo) -> list[dict[str, str]]:
    """Returns a morning and an afternoon of each of the next free days, as answers to choose from."""
    offered = []
    for free in public_times.coming_days(kind, order.duration_minutes, zone)[:DAYS_OFFERED]:
        halves = {start.astimezone(zone).hour < NOON: start for start in reversed(free.starts)}
        offered += sorted(halves.values())
    return [{"value": at.isoformat(), "label": f"{formats.day(at, zone)}, {formats.hm(at, zone)}"} for at in offered]


def _back(order_id: UUID) -> ResponseReturnValue:
    return redirect(f"/client/orders/{order_id}", 303)
