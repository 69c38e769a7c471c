"""How tests of sign-in go through its doors: forms with their hidden field, mails with their links, threads."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg2
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from doorstep.accounts.models import Membership, User
from doorstep.backends.database.embedded import Urls
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests.cast import PASSWORD, Company, Person

T = TypeVar("T")
HIDDEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NEW_PASSWORD = "a-quiet-green-door"


def hidden_field(page: TestResponse) -> str:
    """Returns the CSRF token in the page's forms."""
    found = HIDDEN.search(page.text)
    assert found, page.text[:500]
    return found.group(1)


def submit(browser: FlaskClient, path: str, form_at: str | None = None, **values: str) -> TestResponse:
    """Opens the form (at `form_at`, or `path` itself), fills it in and sends it to `path`."""
    token = hidden_field(browser.get(form_at or path))
    return browser.post(path, data={"csrf_token": token, **values})


def sign_in(browser: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Signs in by the page."""
    return submit(browser, "/auth/sign-in", email=email, password=password, **more)


def log_in(api: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Signs in by the API."""
    return api.post("/v1/auth/login", json={"email": email, "password": password, **more})


def bearer(answer: TestResponse) -> dict[str, str]:
    """Returns the header for the token in a login's answer."""
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def letters(app: Flask, to: str, purpose: str) -> list[OutgoingEmail]:
    """Returns the mails queued to somebody, oldest first, of whatever organization."""
    with app.app_context(), tenancy.system_scope("tests read the mail"):
        wanted = select(OutgoingEmail).where(OutgoingEmail.to_address == to, OutgoingEmail.purpose == purpose)
        return list(db.session.execute(wanted.order_by(OutgoingEmail.created_at)).scalars())


def link_in(letter: OutgoingEmail) -> str:
    """Returns the path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/auth/\S+)", letter.text)
    assert found, letter.text
    return found.group(1)


def newest_link(app: Flask, to: str, purpose: str) -> str:
    """Returns the path of the link in the newest mail to somebody."""
    return link_in(letters(app, to, purpose)[-1])


def at_once(times: int, run: Callable[[int], T]) -> list[T]:
    """Returns the answers of that many calls made at the same moment, each in a thread of its own."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def at_once_behind(lock: str, urls: Urls, times: int, run: Callable[[int], T]) -> list[T]:
    """Like `at_once`, but every call gets as far as the rows that the statement `lock` holds locked for half a
    second, so that all have read what they read before any has written."""
    holder = psycopg2.connect(host=make_url(urls.admin).query["host"], dbname=make_url(urls.admin).database,
                              user=make_url(urls.admin).username)  # fmt: skip
    with ThreadPoolExecutor(times) as pool:
        with holder, holder.cursor() as cursor:
            cursor.execute(lock)
            started = [pool.submit(run, number) for number in range(times)]
            time.sleep(0.5)
        holder.close()
        return [call.result() for call in started]


def join(app: Flask, person: Person, company: Company, role: str) -> None:
    """Makes a person a member of another company too."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        save(Membership(user_id=person.id, role=role))


def change_user(app: Flask, person: Person, **values: Any) -> None:
    """Writes columns of a person's row."""
    with app.app_context(), transaction():
        user = db.session.get(User, person.id)
        for name, value in values.items():
            setattr(user, name, value)
