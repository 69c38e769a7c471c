"""Every address x everybody who does not belong there. Generated from the URL map, so that no new address escapes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from doorstep.auth.guards import AsVisitor, May
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.http.routes import SAFE
from doorstep.portals.guards import AsClient
from tests.cast import ALDER, BIRCH
from tests.portals.client_stage import let_in
from tests.routes.estate import VALUES
from tests.routes.people import Outsider, member, refused, shown
from tests.routes.table import Address, addresses

ADDRESSES = addresses()
CLOSED = [address for address in ADDRESSES if address.route and not address.is_open]
each_closed = pytest.mark.parametrize("address", CLOSED, ids=str)

# Open to everybody, and why. A new open address needs its reason here.
OPEN = {
    "GET /": "the front door: leads on by who one is",
    "GET /auth/sign-in": "where one signs in",
    "POST /auth/sign-in": "signs in with a password",
    "POST /auth/sign-out": "ends the browser's own session, if it has one",
    "GET /auth/forgot": "asks for a link by mail",
    "POST /auth/forgot": "sends a link to the address's owner, and says nothing else",
    "GET /auth/reset/<token>": "the secret in the link is the key",
    "POST /auth/reset/<token>": "the secret in the link is the key",
    "GET /auth/invitation/<token>": "the secret in the link is the key",
    "POST /auth/invitation/<token>": "the secret in the link is the key",
    "GET /auth/worker/<token>": "the secret in the link is the key",
    "POST /auth/worker/<token>": "the secret in the link is the key",
    "POST /v1/auth/login": "signs in with a password",
    "POST /v1/auth/password/forgot": "sends a link to the address's owner, and says nothing else",
    "POST /v1/auth/password/reset": "the secret in the body is the key",
    "GET /client/link/<secret>": "shows a button; the secret in the link is the key",
    "POST /client/link/<secret>": "opens what the secret was made for",
    "POST /client/link/<secret>/again": "sends a new link to the client's own address",
    "GET /client/mails/<token>": "the signature in the link is the key",
    "POST /client/mails/<token>": "the signature in the link is the key; programs of mail post to it by themselves",
    "POST /client/mails/<token>/again": "the signature in the link is the key",
    "POST /v1/sendgrid/webhook": "the signature of the body is the key",
    "GET /client/sign-in": "asks for a link by mail",
    "POST /client/sign-in": "sends a link to the address's owner, and says nothing else",
    "GET /client/sign-in/sent": "says that a link was sent if there was anybody to send it to",
    "POST /client/sign-out": "forgets the browser's own links",
    "GET /b/<slug>": "a company's public page",
    "POST /b/<slug>": "a visitor asks for work",
    "GET /b/<slug>/brand.css": "the company's colours",
    "GET /b/<slug>/thanks/<ticket>": "the signed ticket is the key",
    "GET /v1/public/<slug>": "a company's public services",
    "GET /v1/public/<slug>/slots": "a company's free times",
    "POST /v1/public/<slug>/estimate": "what it would cost",
    "POST /v1/public/<slug>/orders": "a visitor asks for work",
    "GET /photos/<uuid:org_id>/<uuid:photo_id>/<size>": "the signature in the address is the key, for minutes",
    "GET /dev/mailbox": "development only",
    "GET /dev/mailbox/<uuid:mail_id>": "development only",
    "GET /dev/mailbox/<uuid:mail_id>/html": "development only",
    "GET /worker/offline": "what the phone shows without a signal; holds nothing",
    "GET /worker/sw.js": "the script that keeps the worker's pages on the phone",
    "GET /healthz": "asked by the machine that restarts us",
    "GET /readyz": "asked by the machine that sends traffic",
    "GET /v1/openapi.json": "describes the API",
    "GET /v1/docs": "describes the API",
}


def test_every_address_is_in_a_table() -> None:
    assert [str(address) for address in ADDRESSES if address.route is None] == []


def test_open_addresses_are_those_with_a_reason() -> None:
    assert {str(address) for address in ADDRESSES if address.is_open} == set(OPEN)


def test_every_value_in_a_rule_has_something_of_alder_s() -> None:
    assert {name for address in ADDRESSES for name in address.names} - set(VALUES) == set()


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_an_address_says_who_may_and_what_it_does(address: Address) -> None:
    assert address.row.guard.says
    assert (address.row.view.__doc__ or "").strip(), "the view says nothing of itself"
    assert not (address.method in SAFE and address.row.status == 201)


@each_closed
def test_a_stranger_is_not_let_in(address: Address, at_home: Flask) -> None:
    answer = Outsider(at_home.test_client()).ask(at_home, address)
    assert refused(answer)
    assert answer.status_code != 404 or isinstance(address.guard, AsVisitor)


@each_closed
def test_another_company_s_owner_finds_nothing(address: Address, at_home: Flask, alders: list[str]) -> None:
    answer = member(at_home, BIRCH.owner).ask(at_home, address)
    if address.names_an_object:
        assert refused(answer)
        if address.lets_in("view", "dispatch", "finance", "manage"):
            assert answer.status_code == 404
    assert answer.status_code < 500
    assert shown(answer, alders, address) == []


@each_closed
def test_a_worker_who_is_not_assigned_finds_nothing(address: Address, at_home: Flask) -> None:
    if address.is_one_s_own:
        pytest.skip("about whoever asks")
    answer = member(at_home, ALDER.other_worker).ask(at_home, address)
    if address.names_an_object:
        assert refused(answer)
    if address.lets_in("work"):
        assert answer.status_code == 404 or not address.names_an_object
    elif isinstance(address.guard, May):
        assert answer.status_code == 403
    assert answer.status_code < 500
    assert address.names_an_object or str(ALDER.order_id) not in answer.text


@each_closed
def test_a_client_of_another_order_finds_nothing(address: Address, at_home: Flask, alders: list[str]) -> None:
    browser = let_in(at_home, BIRCH, BIRCH.order_id)
    answer = Outsider(browser).ask(at_home, address)
    if isinstance(address.guard, AsClient):
        assert answer.status_code == 404 or not address.names_an_object
    else:
        assert refused(answer)
        assert answer.status_code != 404
    assert shown(answer, alders, address) == []


@pytest.mark.parametrize("address", [one for one in CLOSED if isinstance(one.guard, AsClient)], ids=str)
def test_the_same_company_s_other_client_finds_nothing(address: Address, app: Flask) -> None:
    browser = let_in(app, ALDER, None, client_id=ALDER.other_client_id)
    answer = Outsider(browser).ask(app, address)
    assert answer.status_code == 404 or not address.names_an_object
    assert address.names_an_object or str(ALDER.order_id) not in answer.text


@pytest.mark.parametrize("address", [one for one in CLOSED if one.method not in SAFE], ids=str)
def test_a_viewer_changes_nothing(address: Address, at_home: Flask) -> None:
    if address.is_one_s_own or address.lets_in("view"):
        pytest.skip("not about the company's things")
    answer = member(at_home, ALDER.viewer).ask(at_home, address)
    assert refused(answer)
    if isinstance(address.guard, May):
        assert answer.status_code == 403


WITH_SECRET = [
    address for address in ADDRESSES if address.is_open and {"token", "secret", "ticket"} & set(address.names)
]


@pytest.mark.parametrize("address", WITH_SECRET, ids=str)
def test_a_guessed_secret_opens_nothing(address: Address, at_home: Flask, alders: list[str]) -> None:
    answer = Outsider(at_home.test_client()).ask(at_home, address)
    public = {ALDER.name} if "slug" in address.names else set()
    assert set(shown(answer, alders, address)) <= public
    assert answer.status_code >= 300
    assert "Set-Cookie" not in answer.headers or "doorstep=" not in answer.headers["Set-Cookie"]


def test_a_photo_without_its_signature_is_not_shown(at_home: Flask) -> None:
    (address,) = [one for one in ADDRESSES if one.rule.startswith("/photos/")]
    assert refused(Outsider(at_home.test_client()).ask(at_home, address))


@pytest.mark.parametrize("address", [one for one in ADDRESSES if isinstance(one.guard, AsVisitor)], ids=str)
def test_a_company_that_is_not_there_or_no_longer_works_has_no_pages(address: Address, app: Flask) -> None:
    url = address.rule.replace("<ticket>", "x")
    with app.app_context(), tenancy.system_scope("a test closes a company"):
        db.session.execute(text("update organizations set active = false where slug = 'birch'"))
        db.session.commit()
    for slug in ("no-such-company", "birch"):
        answer = app.test_client().open(url.replace("<slug>", slug), method=address.method)
        assert answer.status_code == 404
