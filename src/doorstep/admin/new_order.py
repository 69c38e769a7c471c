"""An order that the office takes down, on the phone with the client: who, what, where, and when if that is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from doorstep.accounts.models import Worker
from doorstep.admin import order_page
from doorstep.admin.order_forms import price_of, visit_of
from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.clients import contact
from doorstep.clients import service as clients
from doorstep.clients.models import Client
from doorstep.core import formats, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound, invalid
from doorstep.core.http.inputs import Form
from doorstep.orders import service
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder

MOST_MATCHES: Final = 8
PLACE: Final = ("address", "city", "postal_code")


def choices(who: Actor, form: Form) -> dict[str, Any]:
    """Returns what the form offers: the chosen client or the ones that match the words, services, extras, workers."""
    words = str(form.value("q"))
    found, _ = clients.rows(words, MOST_MATCHES) if words.strip() else ([], None)
    services = catalog.services()
    return {
        "client": _chosen(form),
        "matches": [client for client in found if client.active],
        "services": services,
        "service_choices": [(str(one.id), one.name) for one in services],
        "extras": [_extras(one, who.home.currency) for one in services if one.extras],
        "workers": order_page.worker_choices(),
    }


def create(who: Actor, values: Mapping[str, Any]) -> Order:
    """Returns the new order, scheduled if a day is named. Raises Invalid at the field, Conflict for a clash."""
    offered = tenancy.get(Service, values["service"])
    place = {name: values[name] for name in (*PLACE, "access_notes")}
    client = tenancy.get(Client, values["client"]) if values["client"] else _new_client(who, values)
    prefix = f"{offered.id}/"
    wish = NewOrder(
        **place,
        details=values["details"],
        extras=[key.removeprefix(prefix) for key in values["extras"] if key.startswith(prefix)],
        price_cents=price_of(values["price"], who.home.currency),
    )
    order = service.create(who, client=client, service=offered, values=wish)
    if values["day"] or values["time"]:
        start, worker_id = visit_of(values, who.home)
        service.schedule(who, order, start=start, worker_id=worker_id)
    elif values["worker"]:
        worker = tenancy.get(Worker, values["worker"])
        raise invalid("day", f"Choose the day and the time for {worker.name}.")
    return order


def _new_client(who: Actor, values: Mapping[str, Any]) -> Client:
    if not values["name"].strip():
        raise invalid("name", "Choose a client, or type the name of a new one.")
    try:
        phone = contact.phone_number(values["phone"], contact.region_of(who.home.settings))
    except ValueError as error:
        raise invalid("phone", str(error)) from None
    given = {"name": values["name"], "phone": phone, **{name: values[name] for name in PLACE}}
    if values["email"]:
        return clients.find_or_create(email=values["email"], **given)
    return clients.create(**given)


def _chosen(form: Form) -> Client | None:
    try:
        return tenancy.get(Client, UUID(str(form.value("client"))))
    except (ValueError, NotFound):
        return None


def _extras(offered: Service, currency: str) -> dict[str, Any]:
    options = [
        {"value": f"{offered.id}/{extra['key']}", "label": extra["label"],
         "note": formats.money(extra["price_cents"], currency)}
        for extra in offered.extras
    ]  # fmt: skip
    return {"service": offered, "options": options}
