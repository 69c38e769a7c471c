"""Signing in and out in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from doorstep.app import create_app
from doorstep.backends.database.embedded import Urls
from doorstep.core import clock
from doorstep.core.extensions import db
from tests import stage
from tests.auth.doors import hidden_field, log_in, sign_in, submit
from tests.auth.test_landing import FOREIGN
from tests.cast import PASSWORD, Company, Person

Browse = Callable[[Person | None], FlaskClient]


def given_cookie(answer: TestResponse, name: str = "doorstep") -> str:
    return next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{name}="))


def secret_of(browser: FlaskClient) -> str:
    found = browser.get_cookie("doorstep")
    assert found
    return found.value


def test_the_page_asks_for_email_and_password(stranger: FlaskClient) -> None:
    page = stranger.get("/auth/sign-in")
    assert page.status_code == 200
    assert 'name="email"' in page.text
    assert 'type="password"' in page.text
    assert "/auth/forgot" in page.text


@pytest.mark.parametrize(
    ("key", "start"), [("owner", "/office"), ("viewer", "/office"), ("dispatcher", "/office"), ("worker", "/worker")]
)
def test_everybody_lands_where_they_work(stranger: FlaskClient, alder: Company, key: str, start: str) -> None:
    answer = sign_in(stranger, getattr(alder, key).email)
    assert (answer.status_code, answer.location) == (303, start)


def test_the_operator_lands_on_a_page_that_opens(stranger: FlaskClient, operator: Person) -> None:
    answer = sign_in(stranger, operator.email)
    assert stranger.get(answer.location).status_code == 200


def test_after_signing_in_one_is_where_one_wanted_to_go(stranger: FlaskClient, alder: Company) -> None:
    wanted = stranger.get("/auth/sessions?x=1")
    assert wanted.status_code == 302
    assert wanted.location == "/auth/sign-in?next=/auth/sessions%3Fx%3D1"
    page = stranger.get(wanted.location)
    assert 'name="next" value="/auth/sessions?x=1"' in page.text
    filled = {"csrf_token": hidden_field(page), "email": alder.owner.email, "password": PASSWORD}
    answer = stranger.post("/auth/sign-in", data={**filled, "next": "/auth/sessions?x=1"})
    assert answer.location == "/auth/sessions?x=1"


@pytest.mark.parametrize("address", [a for a in FOREIGN if a and "\x00" not in a and len(a) < 2000])
def test_next_never_leads_to_another_site(browse: Browse, alder: Company, address: str) -> None:
    stranger = browse(None)
    page = stranger.get(f"/auth/sign-in?next={quote(address, safe='')}")
    assert 'name="next" value=""' in page.text
    answer = sign_in(stranger, alder.owner.email, next=address)
    assert answer.location == "/office"
    again = stranger.get(f"/auth/sign-in?next={quote(address, safe='')}")
    assert (again.status_code, again.location) == (303, "/office")


def test_a_wrong_password_shows_the_form_again_with_the_address_and_without_the_password(
    stranger: FlaskClient, alder: Company
) -> None:
    answer = sign_in(stranger, alder.owner.email, "wrong-password", next="/office/orders")
    assert answer.status_code == 422
    assert "Email or password is not right." in answer.text
    assert f'value="{alder.owner.email}"' in answer.text
    assert 'name="next" value="/office/orders"' in answer.text
    assert "wrong-password" not in answer.text
    assert stranger.get_cookie("doorstep") is None


def test_an_empty_form_says_what_is_missing(stranger: FlaskClient) -> None:
    answer = sign_in(stranger, "", "")
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") == 2


def test_what_was_typed_comes_back_as_text_and_not_as_markup(stranger: FlaskClient) -> None:
    answer = sign_in(stranger, '"><script>alert(1)</script>', "wrong-password")
    assert "<script>alert" not in answer.text


def test_a_resting_address_says_for_how_long(stranger: FlaskClient, alder: Company) -> None:
    for _ in range(5):
        log_in(stranger, alder.owner.email, "wrong-password")
    answer = sign_in(stranger, alder.owner.email)
    assert answer.status_code == 429
    assert "rests for 1 minute." in answer.text
    assert int(answer.headers["Retry-After"]) <= 60


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    cookie = given_cookie(sign_in(stranger, alder.owner.email))
    minutes = app.extensions["doorstep.settings"].auth_session_ttl_minutes
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert f"Max-Age={minutes * 60}" in cookie
    assert "Domain" not in cookie


def test_a_workers_cookie_lasts_as_long_as_a_workers_session(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    minutes = app.extensions["doorstep.settings"].worker_session_ttl_minutes
    assert f"Max-Age={minutes * 60}" in given_cookie(sign_in(stranger, alder.worker.email))


@pytest.fixture
def live(app: Flask, urls: Urls, tmp_path: Path) -> Iterator[Flask]:
    """The application as in production, on the same database."""
    given = {
        "APP_ENV": "prod", "PUBLIC_BASE_URL": "https://doorstep.alder.test", "AUTH_SECRET_KEY": "a1" * 20,
        "CLIENT_PORTAL_SECRET": "b2" * 20, "WORKER_PORTAL_SECRET": "c3" * 20, "PHOTO_SIGNING_SECRET": "d4" * 20,
        "EMAIL_UNSUBSCRIBE_SECRET": "e5" * 20, "EMAIL_MODE": "off",
    }  # fmt: skip
    made = create_app(stage.settings_for(urls, tmp_path, **given))
    yield made
    with made.app_context():
        db.engine.dispose()


def test_in_production_the_cookies_travel_by_https_only(live: Flask, alder: Company) -> None:
    site = "https://doorstep.alder.test"
    browser = live.test_client()
    page = browser.get("/auth/sign-in", base_url=site)
    form_cookie = given_cookie(page, "__Host-doorstep_form")
    filled = {"csrf_token": hidden_field(page), "email": alder.owner.email, "password": PASSWORD}
    answer = browser.post("/auth/sign-in", data=filled, base_url=site, headers={"Referer": f"{site}/auth/sign-in"})
    assert answer.status_code == 303
    for cookie in (form_cookie, given_cookie(answer, "__Host-doorstep")):
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_a_used_browser_keeps_its_cookie_as_long_as_the_session(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    sign_in(stranger, alder.owner.email)
    minutes = app.extensions["doorstep.settings"].auth_session_ttl_minutes
    secret = secret_of(stranger)
    with clock.held_at(clock.now() + timedelta(minutes=minutes - 5)):
        answer = stranger.get("/auth/sessions")
        assert f"doorstep={secret}" in given_cookie(answer)
        assert not any(c.startswith("doorstep=") for c in stranger.get("/auth/sessions").headers.getlist("Set-Cookie"))


def test_each_sign_in_gives_the_browser_another_secret_and_ends_the_former(
    api: FlaskClient, stranger: FlaskClient, alder: Company
) -> None:
    sign_in(stranger, alder.owner.email)
    first = secret_of(stranger)
    second = stranger.post("/auth/sign-in", data={
        "csrf_token": hidden_field(stranger.get("/auth/password")), "email": alder.owner.email, "password": PASSWORD,
    })  # fmt: skip
    assert second.status_code == 303
    assert secret_of(stranger) != first
    assert api.get("/v1/auth/me", headers={"Authorization": f"Bearer {first}"}).status_code == 401


def test_a_secret_planted_before_signing_in_is_worth_nothing_afterwards(
    stranger: FlaskClient, api: FlaskClient, alder: Company
) -> None:
    stranger.set_cookie("doorstep", "planted-by-somebody-else")
    sign_in(stranger, alder.owner.email)
    assert secret_of(stranger) != "planted-by-somebody-else"
    planted = {"Authorization": "Bearer planted-by-somebody-else"}
    assert api.get("/v1/auth/me", headers=planted).status_code == 401


def test_a_form_token_from_before_signing_in_is_worth_nothing_afterwards(stranger: FlaskClient, alder: Company) -> None:
    token = hidden_field(stranger.get("/auth/sign-in"))
    sign_in(stranger, alder.owner.email)
    answer = stranger.post("/auth/sessions/others", data={"csrf_token": token})
    assert answer.status_code == 400


def test_who_is_signed_in_already_goes_on(browse: Browse, alder: Company) -> None:
    answer = browse(alder.worker).get("/auth/sign-in")
    assert (answer.status_code, answer.location) == (303, "/worker")


def test_signing_out_ends_the_session_and_takes_the_cookie(
    stranger: FlaskClient, api: FlaskClient, alder: Company
) -> None:
    sign_in(stranger, alder.owner.email)
    secret = secret_of(stranger)
    answer = submit(stranger, "/auth/sign-out", "/auth/sessions")
    assert (answer.status_code, answer.location) == (303, "/auth/sign-in")
    assert "Expires=Thu, 01 Jan 1970" in given_cookie(answer)
    assert stranger.get_cookie("doorstep") is None
    assert api.get("/v1/auth/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_signing_out_twice_is_no_error(stranger: FlaskClient) -> None:
    answer = submit(stranger, "/auth/sign-out", "/auth/sign-in")
    assert (answer.status_code, answer.location) == (303, "/auth/sign-in")


def test_an_image_on_another_site_cannot_sign_anybody_out(browse: Browse, alder: Company) -> None:
    browser = browse(alder.owner)
    assert browser.get("/auth/sign-out").status_code == 405
    assert browser.post("/auth/sign-out").status_code == 400
    assert browser.get("/auth/sessions").status_code == 200
