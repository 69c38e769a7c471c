"""What SendGrid tells: believed only when signed, noted on the client, and never twice."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from doorstep.backends.email.sendgrid_events import SIGNATURE, TIMESTAMP
from doorstep.clients.models import Client
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests.cast import Company
from tests.orders.photo_cases import within

URL = "/v1/sendgrid/webhook"
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()

Tell = Callable[..., TestResponse]


@pytest.fixture
def listening(app: Flask) -> Iterator[None]:
    """The installation takes events."""
    before = app.extensions["doorstep.settings"]
    app.extensions["doorstep.settings"] = replace(before, sendgrid_events_public_key=PUBLIC)
    yield
    app.extensions["doorstep.settings"] = before


@pytest.fixture
def tell(api: FlaskClient, listening: None) -> Tell:
    """Returns a function that sends events as SendGrid does."""

    def told(*events: Any, key: ec.EllipticCurvePrivateKey = KEY, body: bytes | None = None) -> TestResponse:
        text = json.dumps(events).encode() if body is None else body
        signed = key.sign(b"1700000000" + text, ec.ECDSA(SHA256()))
        return api.post(URL, data=text, headers={SIGNATURE: base64.b64encode(signed).decode(), TIMESTAMP: "1700000000"})

    return told


@pytest.fixture
def mail(app: Flask, alder: Company) -> UUID:
    """A mail to Alder's client that was sent."""
    given = {"subject": "s", "text": "t", "html": "h", "client_id": alder.client_id, "state": "sent"}
    with within(app, alder), transaction():
        row = save(OutgoingEmail(purpose="scheduled", dedupe_key="x", to_address=alder.client_email, **given))
        return row.id


def event(company: Company, mail_id: UUID, kind: str = "bounce", **more: object) -> dict[str, object]:
    return {
        "event": kind, "email": company.client_email, "org_id": str(company.id), "email_id": str(mail_id),
        "reason": "550 5.1.1 no such user", "type": "bounce", **more,
    }  # fmt: skip


def client(app: Flask, company: Company) -> tuple[str, str]:
    with within(app, company), transaction():
        row = db.session.execute(select(Client).where(Client.id == company.client_id)).scalar_one()
        return row.email_state, row.email_reason


def test_a_bounce_is_noted_on_the_client_and_the_mail(app: Flask, tell: Tell, alder: Company, mail: UUID) -> None:
    for _ in range(2):
        assert tell(event(alder, mail)).get_json() == {"noted": 1}
    assert client(app, alder) == ("bounced", "550 5.1.1 no such user")
    with within(app, alder), transaction():
        error = db.session.execute(select(OutgoingEmail.last_error).where(OutgoingEmail.id == mail)).scalar_one()
    assert error == "bounced: 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("kind", "more", "state"),
    [
        ("spamreport", {"reason": None}, "complained"),
        ("dropped", {"reason": "Bounced Address"}, "bounced"),
        ("dropped", {"reason": "Spam Reporting Address"}, "complained"),
        ("dropped", {"reason": "Unsubscribed Address"}, "ok"),
        ("bounce", {"type": "blocked"}, "ok"),
        ("delivered", {}, "ok"),
        ("deferred", {}, "ok"),
    ],
)
def test_what_an_event_says_of_the_address(
    app: Flask, tell: Tell, alder: Company, mail: UUID, kind: str, more: dict[str, object], state: str
) -> None:
    assert tell(event(alder, mail, kind, **more)).status_code == 200
    assert client(app, alder)[0] == state


def test_an_address_that_was_corrected_meanwhile_is_not_blamed(
    app: Flask, tell: Tell, alder: Company, mail: UUID
) -> None:
    with within(app, alder), transaction():
        db.session.execute(update(Client).where(Client.id == alder.client_id).values(email="right@client.test"))
    tell(event(alder, mail))
    assert client(app, alder)[0] == "ok"


def test_an_event_reaches_no_other_organization(
    app: Flask, tell: Tell, alder: Company, birch: Company, mail: UUID
) -> None:
    assert tell(event(birch, mail, email=alder.client_email)).get_json() == {"noted": 0}
    assert client(app, alder)[0] == client(app, birch)[0] == "ok"


def test_what_is_not_signed_by_the_right_key_is_refused(app: Flask, tell: Tell, alder: Company, mail: UUID) -> None:
    assert tell(event(alder, mail), key=ec.generate_private_key(ec.SECP256R1())).status_code == 403
    assert client(app, alder)[0] == "ok"


def test_a_signature_is_of_exactly_this_body(api: FlaskClient, listening: None) -> None:
    signed = base64.b64encode(KEY.sign(b"1[]", ec.ECDSA(SHA256()))).decode()
    for signature in (signed, "", "not base64 !", "AAAA"):
        headers = {SIGNATURE: signature, TIMESTAMP: "1"}
        assert api.post(URL, data=b"[{}]", headers=headers).status_code == 403
    assert api.post(URL, data=b"[]", headers={SIGNATURE: signed, TIMESTAMP: "1"}).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[1, null]", b'[{"event": "bounce", "org_id": 7}]'])
def test_what_makes_no_sense_is_passed_over(tell: Tell, body: bytes) -> None:
    assert tell(body=body).get_json() == {"noted": 0}


def test_unknown_mails_are_passed_over(tell: Tell, alder: Company, mail: UUID) -> None:
    assert tell(event(alder, uuid4()), event(alder, mail)).get_json() == {"noted": 1}


def test_without_a_key_there_is_no_such_address(api: FlaskClient) -> None:
    assert api.post(URL, data=b"[]").status_code == 404
