"""What tests of the clients' pages share: browsers that have opened a link, forms sent, orders brought into a state."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import queries, service
from doorstep.orders.models import Order
from tests.cast import Company
from tests.orders.conftest import acting

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
LINK = re.compile(r"https?://[^/\s]+(/client/link/\S+)")


def post(browser: FlaskClient, url: str, **form: object) -> TestResponse:
    """Sends a form the way a person does who has loaded a page before."""
    found = TOKEN.search(browser.get("/client/sign-in").text)
    return browser.post(url, data={"csrf_token": found.group(1) if found else "", **form})


def make_link(app: Flask, company: Company, order_id: UUID | None, client_id: UUID | None = None) -> str:
    """Returns the path of a fresh link of the company's client."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        client = tenancy.get(Client, client_id or company.client_id)
        return links.url("", links.make(client, order_id, minutes=60))


def let_in(
    app: Flask,
    company: Company,
    order_id: UUID | None = None,
    *,
    client_id: UUID | None = None,
    browser: FlaskClient | None = None,
) -> FlaskClient:
    """Returns a browser that has opened a link to the order, or to all of the client's."""
    browser = browser or app.test_client()
    answer = post(browser, make_link(app, company, order_id, client_id))
    if answer.status_code != 303:
        raise AssertionError(answer.text)
    return browser


def office_does(app: Flask, company: Company, act: Callable[[Actor, Order], object]) -> None:
    """Lets the company's dispatcher do something to its first order."""
    who = acting(company.dispatcher, company)
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        act(who, queries.find(who, company.order_id, lock=True))


def schedule(app: Flask, company: Company, *, start: datetime | None = None) -> None:
    """Gives the company's first order to Ana, the day after tomorrow unless a start is given."""
    at = start or (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    worker = company.worker.worker_id
    office_does(app, company, lambda who, order: service.schedule(who, order, start=at, worker_id=worker))


def finish(app: Flask, company: Company) -> None:
    """Brings the company's first order from requested to completed."""
    schedule(app, company)
    office_does(app, company, service.on_the_way)
    office_does(app, company, service.start)
    office_does(app, company, _complete)


def _complete(who: Actor, order: Order) -> None:
    for item in queries.view(order).checklist:
        item.done_at, item.photo_required = clock.now(), False
    db.session.flush()
    service.complete(who, order)


def status_of(app: Flask, company: Company) -> str:
    """Returns where the company's first order stands."""
    with app.app_context(), tenancy.org_scope(company.id):
        return tenancy.get(Order, company.order_id).status


def mails(app: Flask, company: Company, purpose: str = "") -> list[OutgoingEmail]:
    """Returns the company's mails, oldest first."""
    with app.app_context(), tenancy.org_scope(company.id):
        found = db.session.query(OutgoingEmail).order_by(OutgoingEmail.id).all()
        return [mail for mail in found if purpose in ("", mail.purpose)]


def link_in(mail: OutgoingEmail) -> str:
    """Returns the path of the client link in a mail."""
    found = LINK.search(mail.text)
    if found is None:
        raise AssertionError(mail.text)
    return found.group(1)


def words(page: TestResponse) -> str:
    """Returns the visible text of a page's main part, spaces collapsed."""
    soup = BeautifulSoup(page.text, "html.parser")
    return " ".join((soup.main or soup).get_text(" ").split())


def heading(page: TestResponse) -> str:
    """Returns the page's h1."""
    found = BeautifulSoup(page.text, "html.parser").h1
    return " ".join(found.get_text().split()) if found else ""
