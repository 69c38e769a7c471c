"""The office's pages of clients: found, read, added, put right, sent a link."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from tests import statements
from tests.admin.office_stage import faults, filled, links, mails, post, said, words
from tests.cast import Company
from tests.conftest import Browse
from tests.portals.client_stage import finish, schedule

CLIENTS = "/office/clients"


@pytest.fixture
def desk(browse: Browse, alder: Company) -> FlaskClient:
    """The dispatcher's browser."""
    return browse(alder.dispatcher)


def one(company: Company) -> str:
    return f"{CLIENTS}/{company.client_id}"


def more_clients(app: Flask, company: Company, count: int, name: str = "Client", **values: object) -> None:
    """Writes clients named by number."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        for number in range(count):
            save(Client(name=f"{name} {number:03}", **values))


def stored(app: Flask, company: Company) -> Client:
    """Returns the company's client as it is now."""
    with app.app_context(), tenancy.org_scope(company.id):
        return tenancy.get(Client, company.client_id)


def somebody_else(app: Flask, company: Company, **values: object) -> None:
    """Changes the company's client meanwhile."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        client = tenancy.get(Client, company.client_id)
        for name, value in values.items():
            setattr(client, name, value)


def rows(page: TestResponse) -> list[dict[str, str]]:
    """Returns the rows of the page's table by the name of the column."""
    found = BeautifulSoup(page.text, "html5lib").select("main tbody tr")
    return [{str(cell["data-label"]): cell.get_text(" ", strip=True) for cell in row.select("td")} for row in found]


def names(page: TestResponse) -> list[str]:
    return [row["Client"] for row in rows(page)]


class TestList:
    def test_a_row_says_where_and_how_to_reach_and_what_is_to_come(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        start = clock.now().replace(hour=20, minute=0)  # noon in Portland
        schedule(app, alder, start=start.replace(year=start.year + 1, month=5, day=14))
        gus, margaret = rows(desk.get(CLIENTS))
        assert margaret == {
            "Client": "Margaret Whitfield", "Area": "97214 Portland", "Phone": "+1 503 555 0100",
            "Email": alder.client_email, "Next visit": f"14 May {start.year + 1}, 13:00", "Last visit": "",
            "Orders": "1",
        }  # fmt: skip
        assert (gus["Client"], gus["Next visit"], gus["Orders"]) == ("Gus Halloran", "", "0")

    def test_a_finished_visit_is_the_last(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        finish(app, alder)
        margaret = rows(desk.get(CLIENTS))[1]
        assert margaret["Last visit"]
        assert margaret["Next visit"] == ""

    @pytest.mark.parametrize("q", ["whit", "0100", "MARGARET@", "salmon"])
    def test_the_search_is_in_the_address_and_stays_in_the_box(self, desk: FlaskClient, q: str) -> None:
        page = desk.get(CLIENTS, query_string={"q": q})
        assert names(page) == ["Margaret Whitfield"]
        assert f'value="{q}"' in page.text

    @pytest.mark.parametrize("q", ["%", "\0", "x" * 5000, "<b>"])
    def test_no_search_breaks_the_page(self, desk: FlaskClient, q: str) -> None:
        assert desk.get(CLIENTS, query_string={"q": q}).status_code == 200

    def test_a_search_that_finds_nothing_says_so_and_offers_to_clear_it(self, desk: FlaskClient) -> None:
        page = desk.get(f"{CLIENTS}?q=zzz")
        assert "No client matches “zzz”" in words(page)
        assert links(page, ".empty") == [CLIENTS]

    def test_pages_follow_each_other_and_keep_the_search(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        more_clients(app, alder, 60)
        seen, url = [], f"{CLIENTS}?q=client"
        while url:
            page = desk.get(url)
            seen += names(page)
            url = next((str(a["href"]) for a in BeautifulSoup(page.text, "html5lib").select("a[rel=next]")), "")
        assert seen == [f"Client {number:03}" for number in range(60)] + ["Gus Halloran", "Margaret Whitfield"]

    def test_a_made_up_cursor_is_told(self, desk: FlaskClient) -> None:
        assert desk.get(f"{CLIENTS}?cursor=nonsense").status_code == 422

    def test_those_put_away_are_shown_only_when_asked_for(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        assert "No inactive clients" in words(desk.get(f"{CLIENTS}?show=inactive"))
        somebody_else(app, alder, active=False)
        assert names(desk.get(CLIENTS)) == ["Gus Halloran"]
        assert names(desk.get(f"{CLIENTS}?show=inactive")) == ["Margaret Whitfield"]
        assert names(desk.get(f"{CLIENTS}?show=inactive&q=gus")) == []

    def test_without_any_client_the_page_says_where_they_come_from(
        self, app: Flask, desk: FlaskClient, browse: Browse, alder: Company
    ) -> None:
        with app.app_context(), tenancy.org_scope(alder.id), transaction():
            for client in db.session.query(Client):
                client.active = False
        page = desk.get(CLIENTS)
        assert "No clients yet" in words(page)
        assert links(page, ".empty") == [f"{CLIENTS}/new"]
        assert links(browse(alder.viewer).get(CLIENTS), ".empty") == []

    def test_a_long_list_takes_no_more_statements_than_a_short_one(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        def count(url: str) -> int:
            with app.app_context(), statements.overheard(db.engine) as heard:
                assert desk.get(url).status_code == 200
            return len(heard)

        desk.get(CLIENTS)
        short = count(CLIENTS), count(one(alder))
        more_clients(app, alder, 45)
        assert (count(CLIENTS), count(one(alder))) == short

    def test_another_companys_clients_are_not_in_it(self, desk: FlaskClient, birch: Company) -> None:
        assert "birch-client" not in desk.get(CLIENTS).text
        assert names(desk.get(f"{CLIENTS}?q={birch.client_email}")) == []


class TestClient:
    def test_it_shows_facts_notes_and_orders(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        somebody_else(app, alder, notes="Pays cash <always>")
        page = desk.get(one(alder))
        for word in ("+1 503 555 0100", "1820 SE Salmon St", "Key under the mat", "Pays cash <always>"):
            assert word in words(page)
        (order,) = rows(page)
        assert (order["Order"], order["Status"], order["Price"]) == ("Standard clean 1001", "Requested", "$120.00")
        assert f"/office/orders/{alder.order_id}" in links(page)

    def test_the_next_step_is_an_order_for_this_client(self, desk: FlaskClient, alder: Company) -> None:
        assert f"/office/orders/new?client={alder.client_id}" in links(desk.get(one(alder)))

    def test_many_orders_come_page_after_page_newest_first(self, desk: FlaskClient, alder: Company) -> None:
        body = {"client_id": str(alder.client_id), "service_id": str(alder.service_id)}
        for _ in range(21):
            desk.post("/v1/orders", json=body, headers=alder.dispatcher.bearer)
        first = desk.get(one(alder))
        assert [row["Order"].split()[-1] for row in rows(first)] == [str(number) for number in range(1022, 1002, -1)]
        (older,) = BeautifulSoup(first.text, "html5lib").select("a[rel=next]")
        assert [row["Order"].split()[-1] for row in rows(desk.get(str(older["href"])))] == ["1002", "1001"]

    def test_who_has_no_address_is_pointed_out(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        somebody_else(app, alder, email=None)
        page = desk.get(one(alder))
        assert "No e-mail address" in words(page)
        assert f"{one(alder)}/edit#f-email" in links(page)
        assert "Send link" not in words(page)

    def test_who_may_only_look_is_offered_nothing_else(self, browse: Browse, alder: Company) -> None:
        page = browse(alder.viewer).get(one(alder))
        for word in ("Edit", "Send link", "New order"):
            assert word not in words(page)
        assert "New client" not in words(browse(alder.viewer).get(CLIENTS))

    def test_another_companys_client_is_not_there(self, desk: FlaskClient, birch: Company) -> None:
        for path in ("", "/edit"):
            assert desk.get(one(birch) + path).status_code == 404
        for path in ("/edit", "/link"):
            assert post(desk, one(birch) + path, name="Mine", version="1").status_code == 404


class TestNew:
    def test_what_is_typed_becomes_a_client(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        typed = {"name": " Ann  Lee", "email": "Ann@New.test", "phone": "1", "address": "1 Oak", "city": "Salem",
                 "postal_code": "97301", "access_notes": "Ring\r\ntwice", "notes": "Cash"}  # fmt: skip
        answer = post(desk, f"{CLIENTS}/new", **typed)
        assert "Client added." in said(desk, answer)
        page = words(desk.get(answer.location))
        for word in ("Ann Lee", "ann@new.test", "97301 Salem", "Ring twice", "Cash", "No orders yet"):
            assert word in page

    def test_a_name_is_enough(self, desk: FlaskClient) -> None:
        assert "Cash Only" in said(desk, post(desk, f"{CLIENTS}/new", name="Cash Only"))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "  "}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"email": "ann"}, "email"),
            ({"phone": "5" * 41}, "phone"),
            ({"access_notes": "x" * 4001}, "access_notes"),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_the_rest_stays_typed(
        self, desk: FlaskClient, wrong: dict[str, str], field: str
    ) -> None:
        typed = {"name": "Ann Lee", "city": "Salem", **wrong}
        answer = post(desk, f"{CLIENTS}/new", **typed)
        assert answer.status_code == 422
        assert list(faults(answer)) == [field]
        assert filled(answer)["city"] == "Salem"
        assert filled(answer)[field].strip() == typed[field].strip()
        assert len(names(desk.get(CLIENTS))) == 2

    def test_an_address_that_another_has_leads_to_them(self, desk: FlaskClient, alder: Company) -> None:
        answer = post(desk, f"{CLIENTS}/new", name="Twin", email=alder.client_email.upper())
        assert answer.status_code == 422
        assert "Another client" in faults(answer)["email"]
        assert one(alder) in links(answer)

    def test_who_may_not_dispatch_gets_no_form(self, browse: Browse, alder: Company) -> None:
        for person in (alder.viewer, alder.finance, alder.worker):
            browser = browse(person)
            assert browser.get(f"{CLIENTS}/new").status_code == 403
            assert post(browser, f"{CLIENTS}/new", name="Ann").status_code == 403


class TestEdit:
    def test_the_form_holds_what_is_stored_and_saving_it_changes_nothing(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        before = stored(app, alder)
        answer = post(desk, f"{one(alder)}/edit", **filled(desk.get(f"{one(alder)}/edit")))
        assert "Client saved." in said(desk, answer)
        after = stored(app, alder)
        kept = ("name", "email", "phone", "address", "city", "postal_code", "access_notes", "notes", "active")
        assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]

    def test_an_emptied_field_is_empty(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        typed = filled(desk.get(f"{one(alder)}/edit")) | {"phone": "", "email": "", "access_notes": ""}
        assert post(desk, f"{one(alder)}/edit", **typed).status_code == 303
        client = stored(app, alder)
        assert (client.phone, client.email, client.access_notes) == ("", None, "")

    def test_an_unticked_box_puts_the_client_away_and_a_ticked_one_takes_them_back(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        url = f"{one(alder)}/edit"
        typed = filled(desk.get(url))
        assert typed.pop("active")
        assert "Inactive" in said(desk, post(desk, url, **typed))
        assert stored(app, alder).active is False
        again = filled(desk.get(url))
        assert "active" not in again
        assert post(desk, url, **again, active="1").status_code == 303
        assert stored(app, alder).active is True

    def test_an_unticked_box_stays_unticked_beside_a_mistake(self, desk: FlaskClient, alder: Company) -> None:
        typed = filled(desk.get(f"{one(alder)}/edit")) | {"name": ""}
        typed.pop("active")
        answer = post(desk, f"{one(alder)}/edit", **typed)
        assert answer.status_code == 422
        assert "active" not in filled(answer)

    def test_what_somebody_else_changed_is_told_and_nothing_typed_is_lost(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        url = f"{one(alder)}/edit"
        typed = filled(desk.get(url)) | {"phone": "+1 503 555 0177"}
        somebody_else(app, alder, access_notes="Blue door")
        answer = post(desk, url, **typed)
        assert answer.status_code == 412
        assert "Somebody else changed this client" in words(answer)
        assert "How to get in Blue door" in words(answer)
        assert filled(answer)["phone"] == "+1 503 555 0177"
        assert (stored(app, alder).phone, stored(app, alder).access_notes) == ("+1 503 555 0100", "Blue door")
        assert post(desk, url, **filled(answer)).status_code == 303
        assert stored(app, alder).phone == "+1 503 555 0177"

    def test_a_further_change_after_that_is_told_again(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        url = f"{one(alder)}/edit"
        typed = filled(desk.get(url))
        somebody_else(app, alder, notes="First")
        second = filled(post(desk, url, **typed))
        somebody_else(app, alder, notes="Second")
        assert post(desk, url, **second).status_code == 412

    def test_a_form_without_its_version_is_not_taken(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        for version in ("", "abc"):
            answer = post(desk, f"{one(alder)}/edit", name="Other", version=version)
            assert answer.status_code == 422
            assert "Load the page again" in words(answer)
        assert stored(app, alder).name == "Margaret Whitfield"

    def test_an_address_that_another_has_is_refused(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        typed = filled(desk.get(f"{one(alder)}/edit")) | {"email": "gus@alder-client.test"}
        answer = post(desk, f"{one(alder)}/edit", **typed)
        assert (answer.status_code, list(faults(answer))) == (422, ["email"])
        assert f"{CLIENTS}/{alder.other_client_id}" in links(answer)
        assert stored(app, alder).email == alder.client_email

    @pytest.mark.parametrize("key", ["viewer", "finance", "worker"])
    def test_who_may_not_dispatch_changes_nothing(self, app: Flask, browse: Browse, alder: Company, key: str) -> None:
        browser = browse(getattr(alder, key))
        assert browser.get(f"{one(alder)}/edit").status_code == 403
        assert post(browser, f"{one(alder)}/edit", name="Other", version="1").status_code == 403
        assert post(browser, f"{one(alder)}/link").status_code == 403
        assert stored(app, alder).name == "Margaret Whitfield"
        assert mails(app, alder, "client_link") == []


class TestLink:
    def test_it_is_mailed_and_said(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        assert "on its way" in said(desk, post(desk, f"{one(alder)}/link"))
        (mail,) = mails(app, alder, "client_link")
        assert mail.to_address == alder.client_email

    def test_a_second_one_at_once_is_not_sent_and_the_page_does_not_say_so(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        with clock.held_at(clock.now().replace(minute=0, second=1)):
            post(desk, f"{one(alder)}/link")
            assert "a moment ago" in said(desk, post(desk, f"{one(alder)}/link"))
        assert len(mails(app, alder, "client_link")) == 1

    @pytest.mark.parametrize(
        ("values", "status", "told"),
        [({"email": None}, 422, "has no e-mail address"), ({"active": False}, 409, "is not an active client")],
    )
    def test_a_link_that_would_not_arrive_or_open_anything_is_refused_on_the_page(
        self, app: Flask, desk: FlaskClient, alder: Company, values: dict[str, object], status: int, told: str
    ) -> None:
        somebody_else(app, alder, **values)
        answer = post(desk, f"{one(alder)}/link")
        assert answer.status_code == status
        assert told in words(answer)
        assert mails(app, alder, "client_link") == []

    def test_without_the_form_s_token_nothing_is_sent(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        assert desk.post(f"{one(alder)}/link").status_code == 400
        assert mails(app, alder, "client_link") == []


def test_a_stranger_is_led_to_the_sign_in(stranger: FlaskClient, alder: Company) -> None:
    for url in (CLIENTS, one(alder), f"{one(alder)}/edit"):
        assert stranger.get(url).location.startswith("/auth/sign-in")
