"""The pages of orders: the list, one order with all that can be done to it, putting it right, taking one down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from doorstep.admin import new_order, office, order_list, order_page
from doorstep.admin.order_acts import ACTS
from doorstep.admin.order_forms import EditForm, NewOrderForm, price_of
from doorstep.auth.landing import safe_next
from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Problem
from doorstep.core.http.inputs import Form
from doorstep.orders import notices, queries, service

LIST = "/office/orders"


def index(who: Actor) -> str:
    """Shows a page of orders; the filters are in the address."""
    shown = order_list.read(request.args, who.home.zone)
    found, following = queries.rows(shown.wanted, order_list.PAGE, shown.cursor)
    older = office.here_with(cursor=following) if following else ""
    chips = [_chip(view, shown) for view in order_list.VIEWS]
    workers = order_page.worker_choices()
    return office.page(who, "orders", "orders", shown=shown, lines=found, older=older, chips=chips, workers=workers)


def show(who: Actor, order_id: UUID) -> str:
    """Shows one order."""
    return _page(who, order_id)


def act(who: Actor, order_id: UUID, verb: str) -> ResponseReturnValue:
    """Does one of ACTS; what is refused is said on the order's page, with what was typed and what is free instead."""
    form, said = Form.read(ACTS[verb].schema), []
    problem = office.attempt(
        form, lambda values: said.append(ACTS[verb].do(who, queries.find(who, order_id, lock=True), values))
    )
    if problem is not None:
        return _page(who, order_id, (verb, form), problem), problem.status
    flash(said[0], "ok")
    return redirect(_back(order_id), 303)


def edit_form(who: Actor, order_id: UUID) -> str:
    """Shows the form that puts place, words and price right."""
    return _edit(who, order_id, Form(EditForm))


def edit(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Puts place, words and price right."""
    form = Form.read(EditForm)
    problem = office.attempt(form, lambda values: _change(who, order_id, dict(values)))
    if problem is not None:
        return _edit(who, order_id, form), problem.status
    flash("Saved.", "ok")
    return redirect(f"{LIST}/{order_id}", 303)


def link(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Sends the client a link to this order."""
    form = Form(EditForm, {})
    problem = office.attempt(form, lambda _: _send_link(who, order_id))
    flash(
        problem.detail if problem else "The client gets a mail with a link to this order.", "bad" if problem else "ok"
    )
    return redirect(_back(order_id), 303)


def new_form(who: Actor) -> str:
    """Shows the form of a new order."""
    return _new(who, Form(NewOrderForm, request.args.to_dict()))


def new(who: Actor) -> ResponseReturnValue:
    """Takes an order down; with a day and a time it is scheduled at once."""
    form, made = Form.read(NewOrderForm), []
    problem = office.attempt(form, lambda values: made.append(new_order.create(who, values)))
    if problem is not None:
        return _new(who, form), problem.status
    flash(f"Order {made[0].number} is taken down.", "ok")
    return redirect(f"{LIST}/{made[0].id}", 303)


def _chip(view: order_list.View, shown: order_list.Shown) -> dict[str, Any]:
    href = office.here_with(view=view.key)
    return {"href": href, "label": view.label, "icon": view.icon, "current": view is shown.view}


def _page(who: Actor, order_id: UUID, failed: tuple[str, Form] | None = None, problem: Problem | None = None) -> str:
    free = problem.extra.get("alternatives", ()) if problem else ()
    found = order_page.facts(who, order_id, failed=failed, free=free)
    return office.page(who, "order", "orders", order=found, problem=problem, back=_back(order_id))


def _edit(who: Actor, order_id: UUID, form: Form) -> str:
    found = order_page.facts(who, order_id, failed=("edit", form))
    return office.page(who, "order_edit", "orders", order=found, form=form)


def _new(who: Actor, form: Form) -> str:
    return office.page(who, "order_new", "orders", form=form, **new_order.choices(who, form))


def _change(who: Actor, order_id: UUID, values: dict[str, Any]) -> None:
    version, _ = values.pop("version"), values.pop("back")
    order = queries.find(who, order_id, lock=True)
    price = price_of(values.pop("price"), order.currency)
    service.change(who, order, {**values, **({} if price is None else {"price_cents": price})}, version=version)


def _send_link(who: Actor, order_id: UUID) -> None:
    order = queries.find(who, order_id)
    _, facts = notices.facts_of(order, who.home)
    links.send(tenancy.get(Client, order.client_id), order.id, f"{who.name} sent a link", order=facts)


def _back(order_id: UUID) -> str:
    """Returns the page of the office that the form was on, or the order's own."""
    wanted = safe_next(request.form.get("back")) or ""
    return wanted if wanted.startswith("/office/") else f"{LIST}/{order_id}"
