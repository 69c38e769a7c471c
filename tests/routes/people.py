"""Those who have no business with Alder's first order, and how each of them asks."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from doorstep.auth.guards import session_cookie
from tests.cast import Person
from tests.pictures import small_jpeg
from tests.routes.bodies import sample
from tests.routes.estate import VALUES
from tests.routes.table import Address

SIGN_IN_PAGES = ("/auth/sign-in", "/client/sign-in")
TOKEN = re.compile(r'name="csrf[-_]token" (?:value|content)="([^"]+)"')


@dataclass
class Outsider:
    """Somebody with a browser, and with a bearer token if they are a member of anything."""

    browser: FlaskClient
    person: Person | None = None

    def ask(self, app: Flask, address: Address) -> TestResponse:
        """Sends a request that would be right, but for who sends it."""
        with app.test_request_context():
            url = url_for(address.endpoint, **{name: VALUES[name] for name in address.names})
        if address.row.is_api:
            headers = self.person.bearer if self.person else {}
            return self.browser.open(url, method=address.method, headers=headers, **body(address))
        given = {"csrf_token": self.token()} if address.method == "POST" else None
        return self.browser.open(url, method=address.method, data=given)

    def token(self) -> str:
        """Returns a token of this browser, as it is on any page with a form."""
        found = TOKEN.search(self.browser.get("/client/sign-in").text)
        return found[1] if found else ""


def member(app: Flask, person: Person) -> Outsider:
    """Somebody who is signed in, by cookie for pages and by token for the API."""
    browser = app.test_client()
    with app.test_request_context():
        browser.set_cookie(session_cookie(), person.secret)
    return Outsider(browser, person)


def body(address: Address) -> dict[str, Any]:
    """Returns what an API address wants to be sent."""
    row = address.row
    if row.files:
        fields = {name: str(value) for name, value in sample(row.files, VALUES).items()}
        return {"data": fields | {"file": (io.BytesIO(small_jpeg()), "photo.jpg")}}
    sent: dict[str, Any] = {"json": sample(row.body, VALUES)} if row.body else {}
    return sent | ({"query_string": sample(row.query, VALUES)} if row.query and asks_for_something(row.query) else {})


def asks_for_something(query: type[Any]) -> bool:
    """Whether a query has fields that must be given."""
    return any(field.required for field in query().load_fields.values())


def refused(answer: TestResponse) -> bool:
    """Whether somebody was not let in: told so, or led to a sign-in page."""
    led = answer.status_code in (302, 303) and urlsplit(answer.location or "").path in SIGN_IN_PAGES
    return led or answer.status_code in (401, 403, 404)


def shown(answer: TestResponse, alders: list[str], address: Address) -> list[str]:
    """Returns what of Alder's an answer shows, besides what the asker brought along in the address."""
    brought = {str(VALUES[name]) for name in address.names}
    return [word for word in alders if word in answer.text and word not in brought]
