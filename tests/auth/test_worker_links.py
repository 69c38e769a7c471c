"""The one-time link or QR code that the office hands to a worker, and how little it opens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from doorstep.accounts.models import Organization
from doorstep.auth import links
from doorstep.core import clock, signing
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from tests.auth.doors import at_once, change_user, hidden_field, join, log_in, submit
from tests.cast import PASSWORD, Company, Person, known_id

Browse = Callable[[Person | None], FlaskClient]


def made(api: FlaskClient, company: Company, person: Person | None = None) -> str:
    worker = person or company.worker
    answer = api.post(f"/v1/workers/{worker.worker_id}/link", headers=company.dispatcher.bearer)
    assert answer.status_code == 200, answer.json
    assert answer.json["url"].startswith("http://127.0.0.1:8000/auth/worker/")
    return answer.json["url"].removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def link(api: FlaskClient, alder: Company) -> str:
    """A fresh link of Ana's."""
    return made(api, alder)


@pytest.fixture
def phone(browse: Browse, link: str) -> FlaskClient:
    """Ana's phone, let in by the link."""
    browser = browse(None)
    assert submit(browser, link).status_code == 303
    return browser


def test_the_link_shows_a_button_and_the_button_lets_the_worker_in(stranger: FlaskClient, link: str) -> None:
    page = stranger.get(link)
    assert "Hello, Ana" in page.text
    assert "Alder Cleaning" in page.text
    answer = submit(stranger, link)
    assert (answer.status_code, answer.location) == (303, "/worker")
    me = stranger.get("/v1/auth/me").json
    assert (me["name"], me["role"], me["permissions"]) == ("Ana Morales", "worker", ["work"])


def test_opening_the_link_does_not_use_it_up(stranger: FlaskClient, link: str) -> None:
    for _ in range(3):
        assert stranger.get(link).status_code == 200
        assert stranger.head(link).status_code == 200
    assert stranger.get_cookie("doorstep") is None
    assert submit(stranger, link).status_code == 303


def test_the_link_works_once_and_says_so_afterwards(browse: Browse, phone: FlaskClient, link: str) -> None:
    second = browse(None)
    page = second.get(link)
    assert page.status_code == 410
    assert "This link was used" in page.text
    assert "+1 503 555 0142" in page.text
    answer = submit(second, link, "/auth/sign-in")
    assert answer.status_code == 410
    assert second.get_cookie("doorstep") is None


def test_of_two_who_press_the_button_at_the_same_moment_one_gets_in(app: Flask, link: str) -> None:
    browsers = [app.test_client() for _ in range(4)]
    tokens = [hidden_field(browser.get(link)) for browser in browsers]
    answers = at_once(4, lambda n: browsers[n].post(link, data={"csrf_token": tokens[n]}).status_code)
    assert sorted(answers) == [303, 410, 410, 410]


def test_the_link_is_too_old_after_its_time(app: Flask, stranger: FlaskClient, link: str) -> None:
    minutes = app.extensions["doorstep.settings"].worker_link_ttl_minutes
    with clock.held_at(clock.minutes_from_now(minutes + 1)):
        page = stranger.get(link)
        assert page.status_code == 410
        assert "This link is too old" in page.text


def test_a_new_link_makes_the_former_one_useless(api: FlaskClient, alder: Company, link: str) -> None:
    newer = made(api, alder)
    assert api.get(link).status_code == 410
    assert api.get(newer).status_code == 200


def test_the_button_needs_the_forms_hidden_field(stranger: FlaskClient, link: str) -> None:
    assert stranger.post(link).status_code == 400
    assert stranger.get_cookie("doorstep") is None


def test_a_forged_link_is_refused(app: Flask, stranger: FlaskClient, link: str) -> None:
    settings = app.extensions["doorstep.settings"]
    secret = link.rpartition("/")[2]
    other_key = signing.sign(settings.client_portal_secret, links.WORKER, {"k": "x"}, seconds=60)
    other_purpose = signing.sign(settings.worker_portal_secret, "photo", {"k": "x"}, seconds=60)
    unknown = signing.sign(settings.worker_portal_secret, links.WORKER, {"k": "x"}, seconds=60)
    empty = signing.sign(settings.worker_portal_secret, links.WORKER, {}, seconds=60)
    for text in (secret[:-2] + "zz", other_key, other_purpose, unknown, empty, "nonsense"):
        assert stranger.get(f"/auth/worker/{text}").status_code == 410
        assert submit(stranger, f"/auth/worker/{text}", "/auth/sign-in").status_code == 410


def test_the_session_lasts_as_long_as_a_workers(app: Flask, stranger: FlaskClient, link: str) -> None:
    minutes = app.extensions["doorstep.settings"].worker_session_ttl_minutes
    cookies = submit(stranger, link).headers.getlist("Set-Cookie")
    (cookie,) = [cookie for cookie in cookies if cookie.startswith("doorstep=")]
    assert f"Max-Age={minutes * 60}" in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize("key", ["finance", "viewer", "worker"])
def test_only_who_dispatches_hands_out_links(api: FlaskClient, alder: Company, key: str) -> None:
    path = f"/v1/workers/{alder.worker.worker_id}/link"
    assert api.post(path, headers=getattr(alder, key).bearer).status_code == 403


def test_another_companys_worker_is_not_there(api: FlaskClient, alder: Company, birch: Company) -> None:
    path = f"/v1/workers/{birch.worker.worker_id}/link"
    assert api.post(path, headers=alder.dispatcher.bearer).status_code == 404


def test_a_worker_who_has_not_joined_gets_no_link(api: FlaskClient, alder: Company) -> None:
    worker = api.post("/v1/workers", json={"name": "Nina"}, headers=alder.owner.bearer).json
    assert api.post(f"/v1/workers/{worker['id']}/link", headers=alder.dispatcher.bearer).status_code == 409


def test_a_dispatcher_cannot_become_an_admin_by_the_admins_link(api: FlaskClient, alder: Company) -> None:
    member = known_id("alder.ana.member")
    api.post(f"/v1/members/{member}/role", json={"role": "admin"}, headers=alder.owner.bearer)
    path = f"/v1/workers/{alder.worker.worker_id}/link"
    assert api.post(path, headers=alder.dispatcher.bearer).status_code == 409


def test_a_link_made_before_a_promotion_opens_nothing_after_it(
    browse: Browse, api: FlaskClient, alder: Company, link: str, phone: FlaskClient
) -> None:
    unused = made(api, alder, alder.other_worker)
    for key in ("ana", "ben"):
        member = known_id(f"alder.{key}.member")
        api.post(f"/v1/members/{member}/role", json={"role": "admin"}, headers=alder.owner.bearer)
    assert phone.get("/v1/auth/me").status_code == 401
    assert submit(browse(None), unused).status_code == 410


def test_a_worker_let_go_is_out_at_once_and_their_link_is_dead(
    browse: Browse, api: FlaskClient, alder: Company, phone: FlaskClient
) -> None:
    unused = made(api, alder)
    member = known_id("alder.ana.member")
    assert api.post(f"/v1/members/{member}/deactivate", headers=alder.owner.bearer).status_code == 200
    assert phone.get("/v1/auth/me").status_code == 401
    assert submit(browse(None), unused).status_code == 410


def test_a_company_that_has_closed_lets_no_worker_in(
    app: Flask, browse: Browse, api: FlaskClient, phone: FlaskClient, alder: Company
) -> None:
    unused = made(api, alder, alder.other_worker)
    with app.app_context(), transaction():
        db.session.execute(update(Organization).where(Organization.id == alder.id).values(active=False))
    assert phone.get("/v1/auth/me").status_code == 401
    assert submit(browse(None), unused).status_code == 410


def test_a_link_never_makes_an_operator(app: Flask, phone: FlaskClient, alder: Company) -> None:
    change_user(app, alder.worker, is_operator=True)
    assert phone.get("/v1/auth/me").json["permissions"] == ["work"]
    with_password = log_in(phone, alder.worker.email)
    assert "operate" in phone.get(
        "/v1/auth/me", headers={"Authorization": f"Bearer {with_password.json['access_token']}"}
    ).json["permissions"]  # fmt: skip


def test_a_link_opens_no_other_organization_of_the_worker(
    app: Flask, phone: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.worker, birch, "owner")
    page = phone.get("/auth/organizations")
    assert (page.status_code, page.location) == (303, "/worker")
    answer = submit(phone, "/auth/organizations", "/auth/sessions", org=str(birch.id))
    assert answer.status_code == 403
    assert phone.get("/v1/auth/me").json["org"]["slug"] == "alder"


def test_a_link_shows_nothing_of_the_workers_life_elsewhere(
    app: Flask, api: FlaskClient, phone: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.worker, birch, "viewer")
    there = log_in(api, alder.worker.email, org="birch")
    there_header = {"Authorization": f"Bearer {there.json['access_token']}"}
    there_id = next(r["id"] for r in api.get("/v1/auth/sessions", headers=there_header).json["items"] if r["current"])
    assert there_id not in [row["id"] for row in phone.get("/v1/auth/sessions").json["items"]]
    submit(phone, "/auth/sessions/others", "/auth/sessions")
    assert submit(phone, "/auth/sessions", session=there_id).status_code == 404
    assert api.get("/v1/auth/me", headers=there_header).status_code == 200


def test_a_link_alone_does_not_change_the_password(phone: FlaskClient, alder: Company) -> None:
    answer = submit(
        phone, "/auth/password", present="", password="a-quiet-green-door", password_again="a-quiet-green-door"
    )
    assert answer.status_code == 422
    assert log_in(phone, alder.worker.email, PASSWORD).status_code == 200


def test_the_qr_code_is_a_picture_without_style_or_script(api: FlaskClient, alder: Company) -> None:
    answer = api.post(f"/v1/workers/{alder.worker.worker_id}/link", headers=alder.dispatcher.bearer)
    svg = answer.json["qr_svg"]
    drawn = BeautifulSoup(svg, "html.parser").svg
    assert drawn
    assert drawn["class"] == ["qr"]
    assert drawn["role"] == "img"
    assert drawn["viewbox"]
    assert drawn.title.text == "QR code of the link"
    assert not re.search(r"style=|<style|<script|\son\w+=", svg)
    assert answer.json["url"] not in svg


def test_the_qr_code_cannot_smuggle_markup() -> None:
    assert "alert" not in links.qr_svg('https://x.test/"><script>alert(1)</script>')
