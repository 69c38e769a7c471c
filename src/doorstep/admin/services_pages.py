"""The office's pages of services: what can be ordered, for how much, in which order visitors see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from doorstep.admin import office, services_forms
from doorstep.admin.services_forms import CHECKLIST, EXTRAS, MoveForm
from doorstep.catalog import rules
from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.core import formats
from doorstep.core.actor import MANAGE, Actor, Org
from doorstep.core.errors import invalid
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction

HERE: Final = "/office/services"
NEW: Final = {"public": "1", "active": "1", "price_unit": "visit", "icon": "house", "buffer_minutes": "15"}


def index(who: Actor) -> str:
    """Shows the services in the order that visitors see; `?show=inactive` those that are not offered any more."""
    inactive = request.args.get("show") == "inactive"
    shown = [service for service in catalog.services(inactive=True) if service.active != inactive]
    return office.page(
        who, "services", "services", services=shown, inactive=inactive, price=lambda one: price(one, who.home),
        public_href=f"/b/{who.home.slug}",
    )  # fmt: skip


def new_form(who: Actor) -> str:
    """Shows the form for a new service."""
    return _form(who, Form(services_forms.service_form(who.home.currency), NEW))


def new(who: Actor) -> ResponseReturnValue:
    """Adds a service, last in the list; a button for rows only shows the form again."""
    form = Form.read(services_forms.service_form(who.home.currency))
    if act := request.form.get("act"):
        return _form(who, *services_forms.rearranged(form, act))
    made: list[Service] = []
    problem = office.attempt(form, lambda values: made.append(catalog.create(who, _known(values))))
    if problem is not None:
        return _form(who, form), problem.status
    return _saved(f"{made[0].name} is on the list.")


def show(who: Actor, service_id: UUID) -> str:
    """Shows one service, as a form to those who may change it."""
    service = catalog.get(service_id)
    if not who.may(MANAGE):
        return office.page(
            who, "service", "services", service=service, price=price(service, who.home), phases=services_forms.PHASES,
            public_href=_public(service, who.home),
        )  # fmt: skip
    form = services_forms.service_form(who.home.currency)
    return _form(who, Form(form, services_forms.as_typed(service, who.home.currency)), service=service)


def change(who: Actor, service_id: UUID) -> ResponseReturnValue:
    """Changes the service; orders made before keep what they were made with."""
    form = Form.read(services_forms.service_form(who.home.currency))
    if act := request.form.get("act"):
        return _form(who, *services_forms.rearranged(form, act), service=catalog.get(service_id))
    problem = office.attempt(
        form, lambda values: catalog.change(who, catalog.get(service_id, lock=True), _known(values))
    )
    if problem is not None:
        return _form(who, form, service=catalog.get(service_id)), problem.status
    return _saved(f"{form.values['name'].strip()} is saved.")


def move(who: Actor, service_id: UUID) -> ResponseReturnValue:
    """Moves the service one place up or down."""
    with transaction():
        service, form = catalog.get(service_id, lock=True), Form.read(MoveForm)
        if not form.ok:
            raise invalid("to", "Move it up or down.")
        catalog.move(who, service, up=form.values["to"] == "up")
    return redirect(HERE, 303)


def price(service: Service, org: Org) -> str:
    """Returns the price in words, e.g. `$40.00 an hour`."""
    amount = formats.money(service.price_cents, org.currency)
    return {"visit": amount, "hour": f"{amount} an hour", "quote": "By quote"}[service.price_unit]


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, EXTRAS: services_forms.with_keys(values[EXTRAS])}


def _saved(words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(HERE, 303)


def _public(service: Service, org: Org) -> str:
    """Returns where visitors see the service; nothing for one that they do not see."""
    return f"/b/{org.slug}?service={service.id}" if service.public and service.active else ""


def _form(who: Actor, form: Form, more: str = "", *, service: Service | None = None) -> str:
    return office.page(
        who, "service_form", "services", form=form, errors=services_forms.summary(form), service=service,
        labels=services_forms.LABELS, units=services_forms.UNITS, phases=services_forms.PHASES, icons=rules.ICONS,
        public_href=_public(service, who.home) if service else "",
        rows={name: services_forms.rows_to_type(form, name, more=name == more) for name in (EXTRAS, CHECKLIST)},
    )  # fmt: skip
