"""What tests of a company's public page share: a request as people type it, its sending, what became of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from doorstep.accounts.models import Organization
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders.models import Order, Photo
from tests.cast import ALDER, Company

MONDAY: Final = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""Ten in the morning at Alder's; workers are there from 8 to 18, a request needs two hours of notice."""

TUESDAY_NINE: Final = "2026-11-24T17:00:00+00:00"

TYPED: Final[dict[str, Any]] = {
    "service": str(ALDER.service_id),
    "address": "12 Elm Street",
    "city": "Portland",
    "postal_code": "97202",
    "wished_at": TUESDAY_NINE,
    "name": "Nora Newcomer",
    "email": "nora@example.com",
    "phone": "503 555 0177",
}


def photo(data: bytes, name: str = "hall.jpg") -> FileStorage:
    """Returns a file as a browser sends it."""
    return FileStorage(BytesIO(data), name, content_type="image/jpeg")


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html5lib")


def words(answer: TestResponse) -> str:
    """Returns the visible text of the page, spaces collapsed."""
    return " ".join(page_of(answer).get_text(" ").split())


def field(answer: TestResponse, name: str) -> Tag:
    """Returns the page's field of this name."""
    found = page_of(answer).find(attrs={"name": name})
    if not isinstance(found, Tag):
        raise AssertionError(f"no field {name}")
    return found


def chosen(answer: TestResponse, name: str) -> list[str]:
    """Returns the ticked values of this name."""
    return [str(box["value"]) for box in page_of(answer).find_all("input", attrs={"name": name, "checked": True})]


def offered(answer: TestResponse) -> list[str]:
    """Returns the times that can be chosen."""
    return [str(box["value"]) for box in page_of(answer).find_all("input", attrs={"name": "wished_at"})]


def hidden(answer: TestResponse) -> dict[str, str]:
    """Returns the hidden fields of the request form."""
    form = page_of(answer).find("form", id="request")
    boxes = form.find_all("input", attrs={"type": "hidden"}) if isinstance(form, Tag) else []
    return {str(box["name"]): str(box["value"]) for box in boxes}


def send(browser: FlaskClient, *, slug: str = "alder", leave_out: str = "", **changed: Any) -> TestResponse:
    """Loads the page and sends the form with the usual words, some of them changed or left out."""
    loaded = hidden(browser.get(f"/b/{slug}"))
    typed = {**loaded, **TYPED, **changed}
    typed.pop(leave_out, None)
    return browser.post(f"/b/{slug}", data=typed, content_type="multipart/form-data")


def orders(app: Flask, company: Company = ALDER) -> list[Order]:
    """Returns the company's orders without the one of the cast, oldest first."""
    with app.app_context(), tenancy.org_scope(company.id):
        found = db.session.execute(select(Order).where(Order.id != company.order_id).order_by(Order.id))
        return list(found.scalars())


def photos_of(app: Flask, order_id: UUID) -> list[Photo]:
    """Returns what is stored with the order."""
    with app.app_context(), tenancy.org_scope(ALDER.id):
        found = db.session.execute(select(Photo).where(Photo.order_id == order_id).order_by(Photo.id))
        return list(found.scalars())


def set_up(app: Flask, company: Company = ALDER, **settings: Any) -> None:
    """Gives the company these settings, beside its phone number."""
    with app.app_context(), transaction():
        statement = update(Organization).where(Organization.id == company.id)
        db.session.execute(statement.values(settings={"phone": "+1 503 555 0142", **settings}))


def thanks_path(answer: TestResponse) -> str:
    """Returns where a sent form leads."""
    location = answer.headers.get("Location", "")
    if answer.status_code != 303 or not re.match(r"/b/\w+/thanks/", location):
        raise AssertionError(f"{answer.status_code} {location} {words(answer)[:400]}")
    return location
