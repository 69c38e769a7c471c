"""An order taken down on the phone: for a known client or a new one, scheduled at once if the time is settled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from doorstep.clients.models import Client
from doorstep.core.extensions import db
from doorstep.orders.models import Order
from tests.admin.office_stage import field, links, order_of, post, tomorrow_at, typed, words
from tests.cast import Company
from tests.conftest import Browse
from tests.orders.photo_cases import visit, within

HERE = "/office/orders/new"


def made(app: Flask, company: Company, answer: Any) -> Order:
    """Returns the order that the form made."""
    assert answer.status_code == 303, words(answer)
    return order_of(app, company, UUID(answer.location.rpartition("/")[2]))


def test_for_a_known_client_at_their_own_address(app: Flask, browse: Browse, alder: Company) -> None:
    browser = browse(alder.dispatcher)
    found = browser.get(f"{HERE}?q=marga")
    choice = f"?client={alder.client_id}"
    assert choice in links(found)
    page = browser.get(HERE + choice)
    assert "Margaret Whitfield" in words(page)
    form = {"client": field(page, "client"), "service": alder.service_id, "extras": f"{alder.service_id}/oven"}
    order = made(app, alder, post(browser, HERE, **form))
    assert (order.status, order.address, order.source) == ("requested", "1820 SE Salmon St", "office")
    assert (order.price_low_cents, order.extras[0]["key"]) == (15800, "oven")


def test_for_a_new_client_scheduled_at_once(app: Flask, browse: Browse, alder: Company) -> None:
    start = tomorrow_at(10, alder)
    form = {
        "name": "Nora Lind", "email": "Nora@Lind.test",
        "phone": "503 555 0188", "service": alder.service_id,
        "address": "9 Oak St", "city": "Portland", "price": "99",
        "worker": alder.worker.worker_id, **typed(start, alder),
    }  # fmt: skip
    order = made(app, alder, post(browse(alder.dispatcher), HERE, **form))
    assert (order.status, order.price_cents) == ("scheduled", 9900)
    assert order.scheduled is not None
    assert order.scheduled.lower == start
    with within(app, alder):
        client = db.session.execute(select(Client).where(Client.id == order.client_id)).scalar_one()
        assert (client.name, client.email, client.phone) == ("Nora Lind", "nora@lind.test", "+1 503-555-0188")


def test_a_known_address_finds_its_client_again(app: Flask, browse: Browse, alder: Company) -> None:
    form = {"name": "M. Whitfield", "email": alder.client_email.upper(), "service": alder.service_id}
    order = made(app, alder, post(browse(alder.dispatcher), HERE, **form))
    assert order.client_id == alder.client_id


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Choose a client, or type the name of a new one."),
        ({"name": "Nora", "email": "nora at lind"}, "does not look like an email address"),
        ({"name": "Nora", "phone": "12"}, "number"),
        ({"name": "Nora", "price": "cheap"}, "Type an amount"),
        ({"name": "Nora", "time": "09:00"}, "Choose a day and a time."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(
    app: Flask, browse: Browse, alder: Company, form: dict[str, str], told: str
) -> None:
    answer = post(browse(alder.dispatcher), HERE, service=alder.service_id, details="Third floor", **form)
    assert answer.status_code == 422
    assert told in words(answer)
    assert field(answer, "details") == "Third floor"
    with within(app, alder):
        assert len(list(db.session.execute(select(Order.id)))) == 1
        assert len(list(db.session.execute(select(Client.id)))) == 2


def test_a_clash_leaves_neither_order_nor_client_behind(app: Flask, browse: Browse, alder: Company) -> None:
    taken = order_of(app, alder, visit(app, alder)).scheduled
    assert taken is not None
    assert taken.lower is not None
    when = typed(taken.lower, alder)
    form = {"name": "Nora", "service": alder.service_id, "worker": alder.worker.worker_id, **when}
    answer = post(browse(alder.dispatcher), HERE, **form)
    assert answer.status_code == 409
    assert "Ana Morales is taken then" in words(answer)
    with within(app, alder):
        assert len(list(db.session.execute(select(Client.id)))) == 2


def test_a_worker_without_a_time_is_asked_for_it(browse: Browse, alder: Company) -> None:
    form = {"name": "Nora", "service": alder.service_id, "worker": alder.worker.worker_id}
    answer = post(browse(alder.dispatcher), HERE, **form)
    assert "Choose the day and the time for Ana Morales." in words(answer)


def test_another_company_s_client_or_service_is_not_found(browse: Browse, alder: Company, birch: Company) -> None:
    browser = browse(alder.dispatcher)
    assert post(browser, HERE, client=birch.client_id, service=alder.service_id).status_code == 404
    assert post(browser, HERE, client=alder.client_id, service=birch.service_id).status_code == 404
    assert "Margaret" not in words(browser.get(f"{HERE}?client={birch.client_id}"))


def test_who_may_only_look_takes_nothing_down(browse: Browse, alder: Company) -> None:
    assert browse(alder.viewer).get(HERE).status_code == 403
