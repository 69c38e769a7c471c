"""The way out of mails that one can do without."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from doorstep.clients import unsubscribing
from doorstep.clients.models import Client
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests.admin.office_stage import TOKEN, words
from tests.cast import Company, Person
from tests.orders.photo_cases import within


@pytest.fixture
def path(app: Flask, alder: Company) -> str:
    """The address that ends Alder's client's reminders of the day before."""
    with app.app_context():
        return urlsplit(unsubscribing.url(alder.id, alder.client_id, "reminder_24h")).path


@pytest.fixture
def reader(browse: Callable[[Person | None], FlaskClient]) -> FlaskClient:
    """A browser of nobody in particular."""
    return browse(None)


def unwanted(app: Flask, company: Company) -> list[str]:
    with within(app, company), transaction():
        found = select(Client.unsubscribed).where(Client.id == company.client_id)
        return list(db.session.execute(found).scalar_one())


def test_opening_the_address_ends_nothing(app: Flask, alder: Company, reader: FlaskClient, path: str) -> None:
    assert "Do not send me these" in words(reader.get(path))
    assert unwanted(app, alder) == []


def test_the_button_ends_them_and_takes_it_back(app: Flask, alder: Company, reader: FlaskClient, path: str) -> None:
    page = reader.post(path)
    assert "These mails have ended" in words(page)
    assert unwanted(app, alder) == ["reminder_24h"]
    token = TOKEN.search(page.text)
    assert token
    assert "Do not send me these" in words(reader.post(f"{path}/again", data={"csrf_token": token.group(1)}))
    assert unwanted(app, alder) == []


def test_a_mail_program_does_it_by_itself_and_twice(app: Flask, alder: Company, reader: FlaskClient, path: str) -> None:
    for _ in range(2):
        answer = reader.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert unwanted(app, alder) == ["reminder_24h"]


def test_mails_that_wait_are_withdrawn(app: Flask, alder: Company, reader: FlaskClient, path: str) -> None:
    given = {"to_address": "a@b.test", "subject": "s", "text": "t", "html": "h", "client_id": alder.client_id}
    with within(app, alder), transaction():
        for purpose in ("reminder_24h", "reminder_2h"):
            save(OutgoingEmail(purpose=purpose, dedupe_key=purpose, **given))
    reader.post(path)
    with within(app, alder), transaction():
        rows = db.session.execute(select(OutgoingEmail.purpose, OutgoingEmail.state)).all()
    assert sorted((row.purpose, row.state) for row in rows) == [("reminder_24h", "cancelled"), ("reminder_2h", "due")]


def test_an_address_that_is_not_ours_leads_nowhere(reader: FlaskClient, path: str) -> None:
    for wrong in ("/client/mails/nonsense", path[:-3] + "abc"):
        assert reader.get(wrong).status_code == 410
        assert reader.post(wrong).status_code == 410


def test_mails_that_always_come_cannot_be_ended(app: Flask, alder: Company, reader: FlaskClient) -> None:
    with app.app_context():
        path = urlsplit(unsubscribing.url(alder.id, alder.client_id, "invoice")).path
    assert reader.post(path).status_code == 410
    assert unwanted(app, alder) == []


def test_another_company_s_client_is_not_touched(
    app: Flask, alder: Company, birch: Company, reader: FlaskClient, path: str
) -> None:
    with within(app, birch), transaction():
        db.session.execute(update(Client).values(unsubscribed=["reminder_2h"]))
    reader.post(path)
    assert unwanted(app, birch) == ["reminder_2h"]
