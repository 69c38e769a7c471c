"""A link opens what it was made for and nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import signing, tenancy
from doorstep.core.transaction import transaction
from doorstep.orders import service
from doorstep.orders.service import NewOrder
from tests.cast import Company
from tests.orders.conftest import acting
from tests.portals.client_stage import let_in, post

COOKIE = "doorstep_client"
PAGES = ("", "/ask", "/move", "/cancel")
FORMS = ("/ask", "/move", "/cancel", "/accept", "/rate", "/link")


def another_order(app: Flask, company: Company, client_id: UUID | None = None) -> UUID:
    """Returns a further order of the client."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        client = tenancy.get(Client, client_id or company.client_id)
        kind = tenancy.get(Service, company.service_id)
        who = acting(company.dispatcher, company)
        return service.create(who, client=client, service=kind, values=NewOrder()).id


def is_shut(browser: FlaskClient, order_id: UUID) -> bool:
    seen = {browser.get(f"/client/orders/{order_id}{page}").status_code for page in PAGES}
    done = {post(browser, f"/client/orders/{order_id}{form}", text="x", score=5).status_code for form in FORMS}
    return seen | done == {404}


class TestALinkToOneOrder:
    def test_it_does_not_open_another_order_of_the_same_client(self, app: Flask, alder: Company) -> None:
        other = another_order(app, alder)
        browser = let_in(app, alder, alder.order_id)
        assert browser.get(f"/client/orders/{alder.order_id}").status_code == 200
        assert is_shut(browser, other)

    def test_it_lists_this_order_alone(self, app: Flask, alder: Company) -> None:
        other = another_order(app, alder)
        page = let_in(app, alder, alder.order_id).get("/client").text
        assert f"/client/orders/{alder.order_id}" in page
        assert str(other) not in page


class TestALinkToEverything:
    def test_it_opens_all_orders_of_the_client(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder)
        for order_id in (alder.order_id, another_order(app, alder)):
            assert browser.get(f"/client/orders/{order_id}").status_code == 200

    def test_it_opens_no_order_of_another_client_or_company(self, app: Flask, alder: Company, birch: Company) -> None:
        browser = let_in(app, alder)
        assert is_shut(browser, another_order(app, alder, alder.other_client_id))
        assert is_shut(browser, birch.order_id)


class TestSeveralLinksInOneBrowser:
    def test_companies_stand_side_by_side(self, app: Flask, alder: Company, birch: Company) -> None:
        browser = let_in(app, birch, birch.order_id, browser=let_in(app, alder))
        for company in (alder, birch):
            page = browser.get(f"/client/orders/{company.order_id}")
            assert page.status_code == 200
            assert company.name in page.text
        assert is_shut(browser, another_order(app, birch))

    def test_the_list_shows_each_with_its_company(self, app: Flask, alder: Company, birch: Company) -> None:
        page = let_in(app, birch, browser=let_in(app, alder)).get("/client").text
        for company in (alder, birch):
            assert company.name in page
            assert f"/client/orders/{company.order_id}" in page

    def test_two_people_of_one_company_may_share_a_browser(self, app: Flask, alder: Company) -> None:
        other = another_order(app, alder, alder.other_client_id)
        browser = let_in(app, alder, client_id=alder.other_client_id, browser=let_in(app, alder))
        assert browser.get(f"/client/orders/{alder.order_id}").status_code == 200
        assert browser.get(f"/client/orders/{other}").status_code == 200

    def test_only_the_newest_eight_are_held(self, app: Flask, alder: Company, birch: Company) -> None:
        browser = let_in(app, birch)
        for order_id in [another_order(app, alder) for _ in range(8)]:
            let_in(app, alder, order_id, browser=browser)
        assert len(browser.get_cookie(COOKIE).value) < 4096
        assert browser.get(f"/client/orders/{birch.order_id}").status_code == 404


class TestNoLink:
    def test_a_page_leads_to_the_clients_own_sign_in(self, stranger: FlaskClient, alder: Company) -> None:
        for page in ("/client", f"/client/orders/{alder.order_id}"):
            assert stranger.get(page).headers["Location"].startswith("/client/sign-in?next=/client")

    def test_a_form_is_refused(self, stranger: FlaskClient, alder: Company) -> None:
        assert post(stranger, f"/client/orders/{alder.order_id}/ask", text="x").status_code == 401

    @pytest.mark.parametrize("cookie", ["", "x", "x" * 4000, "eyJncmFudHMiOltdfQ.AAAA"])
    def test_a_cookie_that_is_not_ours_is_nothing(self, stranger: FlaskClient, cookie: str) -> None:
        stranger.set_cookie(COOKIE, cookie)
        assert stranger.get("/client").status_code == 302

    def test_what_we_signed_for_another_door_opens_none_here(
        self, app: Flask, stranger: FlaskClient, alder: Company
    ) -> None:
        settings = app.extensions["doorstep.settings"]
        grants = {"grants": [[alder.id.hex, alder.id.hex, None]]}
        with app.app_context():
            forged = signing.sign(settings.client_portal_secret, "another-door", grants, seconds=600)
        stranger.set_cookie(COOKIE, forged)
        assert stranger.get("/client").status_code == 302

    def test_the_office_is_no_client(self, browse: object, alder: Company) -> None:
        answer = browse(alder.owner).get(f"/client/orders/{alder.order_id}")  # type: ignore[operator]
        assert answer.status_code == 302


def test_the_cookie_is_for_the_server_alone(app: Flask, alder: Company) -> None:
    cookie = let_in(app, alder).get_cookie(COOKIE)
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
