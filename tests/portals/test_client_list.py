"""A client's list: what needs them first, the next visit, the past; each in its company's words."""

from __future__ import annotations

from datetime import timedelta

from bs4 import BeautifulSoup
from flask import Flask

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.transaction import transaction
from doorstep.orders import service
from doorstep.orders.service import NewOrder
from tests.cast import Company
from tests.orders.conftest import acting
from tests.portals.client_stage import finish, heading, let_in, office_does, schedule, words


def lines(page: str, section: str) -> list[str]:
    found = BeautifulSoup(page, "html.parser").select(f"section[aria-labelledby={section}-h] a")
    return [str(link["href"]).rsplit("/", 1)[-1] for link in found]


def order_on(app: Flask, company: Company, days: int) -> str:
    """Returns the id of a further order with a visit in so many days."""
    who, at = acting(company.dispatcher, company), clock.now() + timedelta(days=days)
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        client, kind = tenancy.get(Client, company.client_id), tenancy.get(Service, company.service_id)
        order = service.create(who, client=client, service=kind, values=NewOrder())
        return str(service.schedule(who, order, start=at, worker_id=None).id)


def test_what_waits_for_the_client_comes_first_then_the_next_visit(app: Flask, alder: Company) -> None:
    later, sooner = order_on(app, alder, 9), order_on(app, alder, 2)
    office_does(app, alder, lambda who, order: service.quote(who, order, price_cents=5000))
    page = let_in(app, alder).get("/client")
    assert lines(page.text, "coming") == [str(alder.order_id), sooner, later]
    assert "Your quote: $50.00" in words(page)


def test_finished_orders_are_the_past(app: Flask, alder: Company) -> None:
    finish(app, alder)
    page = let_in(app, alder).get("/client").text
    assert lines(page, "coming") == []
    assert lines(page, "past") == [str(alder.order_id)]


def test_times_are_those_of_each_companys_clocks(app: Flask, alder: Company, birch: Company) -> None:
    noon = (clock.now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    for company in (alder, birch):
        schedule(app, company, start=noon)
    said = words(let_in(app, birch, browser=let_in(app, alder)).get("/client"))
    for company in (alder, birch):
        local = noon.astimezone(acting(company.owner, company).home.zone)
        assert f"{local.hour}:00 –" in said


def test_one_company_gives_the_page_its_name(app: Flask, alder: Company) -> None:
    assert heading(let_in(app, alder).get("/client")) == "Your orders with Alder Cleaning"


def test_nothing_yet_says_what_to_do(app: Flask, alder: Company) -> None:
    page = let_in(app, alder, client_id=alder.other_client_id).get("/client")
    assert "No visits yet" in words(page)
    assert 'href="/b/alder"' in page.text
