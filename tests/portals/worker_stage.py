"""What tests of the workers' pages share: Ana's browser, visits of hers, forms sent as a person does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction
from doorstep.orders import checklist, photos, queries, service
from doorstep.orders.models import Order, Photo
from tests import pictures
from tests.cast import Company
from tests.orders.conftest import acting
from tests.orders.photo_cases import visit, within

NINE = datetime(2027, 3, 9, 17, 0, tzinfo=UTC)  # nine o'clock in Alder's zone, on a Tuesday
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
Doing = Callable[[Actor, Order], object]


def visit_at(app: Flask, company: Company, start: datetime = NINE, **values: object) -> UUID:
    """Returns the id of a visit of Ana's that was planned the day before."""
    with clock.held_at(start - timedelta(days=1)):
        return visit(app, company, ahead=timedelta(days=1), **values)


def does(app: Flask, company: Company, order_id: UUID, *acts: Doing) -> None:
    """Lets Ana do something to the visit, without a browser."""
    ana = acting(company.worker, company)
    for act in acts:
        with within(app, company), transaction():
            act(ana, queries.find(ana, order_id, lock=True))


def office_does(app: Flask, company: Company, order_id: UUID, act: Doing) -> None:
    """Lets the office do something to the visit."""
    office = acting(company.dispatcher, company)
    with within(app, company), transaction():
        act(office, queries.find(office, order_id, lock=True))


def order_of(app: Flask, company: Company, order_id: UUID) -> Order:
    """Returns the order as it is now."""
    with within(app, company):
        return tenancy.get(Order, order_id)


def photos_of(app: Flask, company: Company, order_id: UUID) -> list[Photo]:
    """Returns the photos that people see."""
    with within(app, company):
        return list(photos.rows(tenancy.get(Order, order_id), 200, None)[0])


def add_photo(app: Flask, company: Company, order_id: UUID, phase: str = "before") -> UUID:
    """Returns the id of a new photo of Ana's."""
    with within(app, company):
        made, _ = photos.add(acting(company.worker, company), order_id, pictures.small_jpeg(), phase=phase)
        return made.id


def tick_all(who: Actor, order: Order) -> None:
    """Ticks every step that can be ticked."""
    for item in checklist.items(order):
        checklist.tick(who, order, item.id, done=True)


def start(who: Actor, order: Order) -> Order:
    """Work begins."""
    return service.start(who, order)


def token(browser: FlaskClient, page: str = "/worker") -> str:
    """Returns the form token of a page."""
    found = TOKEN.search(browser.get(page).text)
    return found.group(1) if found else ""


def press(browser: FlaskClient, url: str, **form: object) -> TestResponse:
    """Sends a form the way a person does who has loaded a page before."""
    return browser.post(url, data={"csrf_token": token(browser), **form})


def send_files(browser: FlaskClient, url: str, *files: bytes, **form: str) -> TestResponse:
    """Sends photos by the plain form."""
    chosen = [FileStorage(BytesIO(data), f"IMG_{n}.jpg", "file") for n, data in enumerate(files, 1)]
    boundary, body = encode_multipart({"csrf_token": token(browser), **form, "file": chosen})
    return browser.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def look(answer: TestResponse) -> BeautifulSoup:
    """Returns the page, readable."""
    return BeautifulSoup(answer.text, "html5lib")


def words(answer: TestResponse) -> str:
    """Returns what can be read on the page, in one line."""
    return " ".join(look(answer).get_text(" ").split())


def buttons(answer: TestResponse) -> list[str]:
    """Returns what the buttons of the bar at the bottom say."""
    bar = look(answer).select_one(".actionbar")
    return [button.get_text(strip=True) for button in bar.select("button")] if bar else []
