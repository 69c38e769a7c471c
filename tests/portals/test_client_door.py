"""How clients come in and go out."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from doorstep.accounts.models import Organization
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from tests.cast import Company
from tests.portals.client_stage import heading, let_in, link_in, mails, make_link, post, words

COOKIE = "doorstep_client"


def order_page(company: Company) -> str:
    return f"/client/orders/{company.order_id}"


class TestOpeningALink:
    def test_looking_at_it_uses_nothing_up_because_mail_scanners_look_too(
        self, app: Flask, stranger: FlaskClient, alder: Company
    ) -> None:
        link = make_link(app, alder, alder.order_id)
        for _ in range(3):
            assert stranger.head(link).status_code == 200
            assert stranger.get(link).status_code == 200
        assert stranger.get_cookie(COOKIE) is None
        assert post(stranger, link).headers["Location"] == order_page(alder)

    def test_the_button_lets_this_browser_in_until_the_session_ends(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder, alder.order_id)
        assert browser.get(order_page(alder)).status_code == 200
        days = app.extensions["doorstep.settings"].client_session_ttl_minutes / 60 / 24
        with clock.held_at(clock.now() + timedelta(days=days, minutes=1)):
            assert browser.get(order_page(alder)).status_code == 302

    def test_a_second_browser_comes_too_late_and_is_offered_a_fresh_link(
        self, app: Flask, stranger: FlaskClient, alder: Company
    ) -> None:
        link = make_link(app, alder, alder.order_id)
        post(app.test_client(), link)
        for answer in (stranger.get(link), post(stranger, link)):
            assert answer.status_code == 410
            assert "Send me a fresh link" in words(answer)
        assert stranger.get(order_page(alder)).status_code == 302

    def test_of_two_who_press_at_once_one_comes_in(self, app: Flask, alder: Company) -> None:
        link = make_link(app, alder, None)
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda browser: post(browser, link).status_code, [app.test_client() for _ in range(4)])
            )
        assert sorted(answers) == [303, 410, 410, 410]

    def test_the_browser_that_opened_it_goes_straight_on(self, app: Flask, alder: Company) -> None:
        link, browser = make_link(app, alder, alder.order_id), app.test_client()
        post(browser, link)
        assert browser.get(link).headers["Location"] == order_page(alder)
        assert post(browser, link).headers["Location"] == order_page(alder)

    def test_a_newer_link_to_what_is_open_already_goes_straight_on_unused(self, app: Flask, alder: Company) -> None:
        browser, newer = let_in(app, alder), make_link(app, alder, alder.order_id)
        assert browser.get(newer).headers["Location"] == order_page(alder)
        assert app.test_client().get(newer).status_code == 200

    def test_it_needs_the_token_of_our_own_page(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        link = make_link(app, alder, None)
        assert stranger.post(link).status_code == 400
        assert post(stranger, link).status_code == 303

    def test_an_old_link_is_over(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        link = make_link(app, alder, None)
        with clock.held_at(clock.now() + timedelta(hours=2)):
            assert stranger.get(link).status_code == 410

    @pytest.mark.parametrize("secret", ["x", "." * 40, "0" * 32 + ".guess", "z" * 32 + ".x", "%00" * 40])
    def test_a_guessed_secret_looks_like_an_old_link_and_names_nobody(self, stranger: FlaskClient, secret: str) -> None:
        answer = stranger.get(f"/client/link/{secret}")
        assert answer.status_code in (404, 410)
        assert "Alder" not in answer.text

    def test_a_company_that_has_closed_lets_nobody_in(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        link, inside = make_link(app, alder, None), let_in(app, alder)
        with app.app_context(), transaction():
            db.session.execute(update(Organization).where(Organization.id == alder.id).values(active=False))
        assert stranger.get(link).status_code == 410
        assert post(stranger, link).status_code == 410
        assert inside.get("/client").status_code == 302

    def test_its_address_is_told_to_no_other_site(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        answer = stranger.get(make_link(app, alder, None))
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


class TestAskingForALink:
    def test_a_known_address_gets_a_link_to_everything(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        post(stranger, "/client/sign-in", email=alder.client_email.upper())
        (mail,) = mails(app, alder, "client_link")
        assert mail.to_address == alder.client_email
        assert post(stranger, link_in(mail)).headers["Location"] == "/client"
        assert stranger.get(order_page(alder)).status_code == 200

    def test_each_company_that_knows_the_address_sends_its_own(
        self, app: Flask, stranger: FlaskClient, alder: Company, birch: Company
    ) -> None:
        with app.app_context(), tenancy.org_scope(birch.id), transaction():
            tenancy.get(Client, birch.client_id).email = alder.client_email
        post(stranger, "/client/sign-in", email=alder.client_email)
        assert [len(mails(app, company)) for company in (alder, birch)] == [1, 1]

    def test_from_a_companys_page_only_that_company_sends(
        self, app: Flask, stranger: FlaskClient, alder: Company, birch: Company
    ) -> None:
        with app.app_context(), tenancy.org_scope(birch.id), transaction():
            tenancy.get(Client, birch.client_id).email = alder.client_email
        page = stranger.get("/client/sign-in?company=birch")
        assert "Birch Pest Control" in page.text
        assert 'name="company" value="birch"' in page.text
        post(stranger, "/client/sign-in", email=alder.client_email, company="birch")
        assert [len(mails(app, company)) for company in (alder, birch)] == [0, 1]

    def test_nobody_learns_whether_an_address_is_known(self, stranger: FlaskClient, alder: Company) -> None:
        answers = []
        for email in (alder.client_email, "nobody@nowhere.test"):
            began = clock.monotonic()
            answer = post(stranger, "/client/sign-in", email=email)
            answers.append((answer.status_code, answer.headers["Location"], clock.monotonic() - began > 0.15))
        assert answers[0] == answers[1] == (303, "/client/sign-in/sent", True)
        assert heading(stranger.get("/client/sign-in/sent")) == "Look into your mailbox"

    def test_a_mailbox_is_not_flooded(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        with clock.held_at(clock.now().replace(minute=0, second=1)):
            for _ in range(3):
                post(stranger, "/client/sign-in", email=alder.client_email)
        assert len(mails(app, alder)) == 1

    def test_a_typing_error_is_shown_at_the_field_and_kept(self, stranger: FlaskClient) -> None:
        answer = post(stranger, "/client/sign-in", email="margaret(at)example")
        assert answer.status_code == 422
        assert "does not look like an email address" in answer.text
        assert 'value="margaret(at)example"' in answer.text

    def test_a_client_who_was_put_away_gets_nothing(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        with app.app_context(), tenancy.org_scope(alder.id), transaction():
            tenancy.get(Client, alder.client_id).active = False
        post(stranger, "/client/sign-in", email=alder.client_email)
        assert mails(app, alder) == []


class TestAFreshLinkForAnOldOne:
    def test_it_goes_to_the_address_on_file_and_opens_the_same_order(
        self, app: Flask, stranger: FlaskClient, alder: Company
    ) -> None:
        old = make_link(app, alder, alder.order_id)
        post(app.test_client(), old)
        answer = post(stranger, old + "/again")
        assert answer.headers["Location"] == "/client/sign-in/sent"
        (mail,) = mails(app, alder, "client_link")
        assert mail.to_address == alder.client_email
        assert post(stranger, link_in(mail)).headers["Location"] == order_page(alder)

    def test_a_guess_gets_the_same_answer_and_no_mail(self, app: Flask, stranger: FlaskClient, alder: Company) -> None:
        answer = post(stranger, f"/client/link/{alder.id.hex}.guess/again")
        assert answer.headers["Location"] == "/client/sign-in/sent"
        assert mails(app, alder) == []

    def test_the_page_of_an_old_link_does_not_tell_the_address(
        self, app: Flask, stranger: FlaskClient, alder: Company
    ) -> None:
        old = make_link(app, alder, alder.order_id)
        post(app.test_client(), old)
        assert not re.search(r"margaret|client\.test", stranger.get(old).text, re.IGNORECASE)


class TestGoingOut:
    def test_signing_out_closes_the_links_for_a_copy_of_the_cookie_too(self, app: Flask, alder: Company) -> None:
        browser, thief = let_in(app, alder), app.test_client()
        thief.set_cookie(COOKIE, browser.get_cookie(COOKIE).value)
        assert thief.get(order_page(alder)).status_code == 200
        assert post(browser, "/client/sign-out").headers["Location"] == "/client/sign-in"
        for out in (browser, thief):
            assert out.get(order_page(alder)).status_code == 302

    def test_another_browser_of_the_client_stays_in(self, app: Flask, alder: Company) -> None:
        here, there = let_in(app, alder), let_in(app, alder)
        post(here, "/client/sign-out")
        assert there.get(order_page(alder)).status_code == 200

    def test_who_is_not_in_may_sign_out_as_well(self, stranger: FlaskClient) -> None:
        assert post(stranger, "/client/sign-out").status_code == 303
