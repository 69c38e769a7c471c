"""A company's public page by the JSON API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.catalog import service as catalog
from doorstep.clients import service as clients
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.actor import SYSTEM
from doorstep.core.transaction import transaction
from tests.cast import ALDER, BIRCH, Company
from tests.portals.client_stage import mails
from tests.portals.public_stage import MONDAY, TUESDAY_NINE, TYPED, orders

ORDERS = "/v1/public/alder/orders"
SLOTS = "/v1/public/alder/slots"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.held_at(MONDAY):
        yield


def known(app: Flask, email: str) -> Client | None:
    with app.app_context(), tenancy.org_scope(ALDER.id):
        return clients.by_email(email)


def change(app: Flask, **values: Any) -> None:
    with app.app_context(), tenancy.org_scope(ALDER.id), transaction():
        catalog.change(SYSTEM, catalog.get(ALDER.service_id), values)


def fields(answer: Any) -> list[str]:
    return [error["field"] for error in answer.json["errors"]]


class TestCompany:
    def test_anybody_sees_what_is_offered(self, api: FlaskClient, alder: Company) -> None:
        told = api.get("/v1/public/alder").json
        assert (told["name"], told["phone"], told["currency"]) == ("Alder Cleaning", "+1 503 555 0142", "USD")
        assert told["services"] == [
            {
                "id": str(alder.service_id), "name": "Standard clean", "description": "", "price_cents": 12000,
                "price_unit": "visit", "duration_minutes": 120,
                "extras": [{"key": "oven", "label": "Inside the oven", "price_cents": 3800, "minutes": 45}],
            }
        ]  # fmt: skip

    def test_nothing_of_the_inside_is_told(self, api: FlaskClient, app: Flask) -> None:
        text = api.get("/v1/public/alder").text
        for private in ("checklist", "skill", "buffer", "org_id", str(ALDER.id), "Ana", "settings"):
            assert private not in text

    def test_hidden_services_are_not_told(self, api: FlaskClient, app: Flask) -> None:
        change(app, public=False)
        assert api.get("/v1/public/alder").json["services"] == []

    def test_a_company_that_does_not_exist_is_not_found(self, api: FlaskClient) -> None:
        for url in ("/v1/public/nobody", f"/v1/public/nobody/slots?service={uuid4()}&from=2026-11-24&to=2026-11-24"):
            assert api.get(url).status_code == 404
        assert api.post("/v1/public/nobody/orders", json=TYPED).status_code == 404


class TestEstimate:
    def test_it_is_told_in_cents_and_in_words(self, api: FlaskClient, alder: Company) -> None:
        body = {"service": str(alder.service_id), "extras": ["oven"]}
        assert api.post("/v1/public/alder/estimate", json=body).json == {
            "low_cents": 15800, "high_cents": 18200, "minutes": 165, "quoted": False,
            "price": "$158 – $182", "time": "about 2 h 45 min",
        }  # fmt: skip

    def test_a_quoted_service_has_no_price(self, api: FlaskClient, app: Flask, alder: Company) -> None:
        change(app, price_unit="quote")
        told = api.post("/v1/public/alder/estimate", json={"service": str(alder.service_id)}).json
        assert (told["low_cents"], told["quoted"], told["price"]) == (None, True, "by quote")

    @pytest.mark.parametrize(
        "body", [{}, {"service": "x"}, {"service": str(uuid4())}, {"service": str(BIRCH.service_id)}]
    )
    def test_a_service_that_is_not_offered_here_is_refused(self, api: FlaskClient, body: dict[str, str]) -> None:
        answer = api.post("/v1/public/alder/estimate", json=body)
        assert (answer.status_code, fields(answer)) == (422, ["service"])

    def test_an_unknown_extra_is_refused(self, api: FlaskClient, alder: Company) -> None:
        body = {"service": str(alder.service_id), "extras": ["pool"]}
        assert fields(api.post("/v1/public/alder/estimate", json=body)) == ["extras"]


class TestSlots:
    def ask(self, api: FlaskClient, first: str, last: str, **more: Any) -> Any:
        query = {"service": str(ALDER.service_id), "from": first, "to": last, **more}
        return api.get(SLOTS, query_string=query)

    def test_free_times_are_told_once_whoever_is_free(self, api: FlaskClient) -> None:
        told = self.ask(api, "2026-11-24", "2026-11-24").json
        starts = [datetime.fromisoformat(slot["start"]) for slot in told["items"]]
        assert starts[0] == datetime(2026, 11, 24, 16, tzinfo=UTC)
        assert len(starts) == len(set(starts)) == 17
        assert told["timezone"] == "America/Los_Angeles"
        assert set(told["items"][0]) == {"start", "end"}

    def test_extras_make_the_visit_longer(self, api: FlaskClient) -> None:
        plain, longer = (
            self.ask(api, "2026-11-24", "2026-11-24", **more).json["items"] for more in ({}, {"extras": "oven"})
        )
        assert len(longer) < len(plain)
        length = datetime.fromisoformat(longer[0]["end"]) - datetime.fromisoformat(longer[0]["start"])
        assert length == timedelta(minutes=165)

    def test_today_begins_after_the_notice(self, api: FlaskClient) -> None:
        first = self.ask(api, "2026-11-23", "2026-11-23").json["items"][0]
        assert datetime.fromisoformat(first["start"]) == MONDAY + timedelta(hours=2)

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            ("2026-11-22", "2026-11-24", "from"),
            ("2027-07-01", "2027-07-02", "from"),
            ("2026-11-24", "2026-11-23", "to"),
            ("2026-11-24", "2026-12-25", "to"),
            ("2026-11-24", "2036-11-24", "to"),
            ("soon", "2026-11-24", "from"),
        ],
    )
    def test_a_range_is_bounded(self, api: FlaskClient, first: str, last: str, field: str) -> None:
        answer = self.ask(api, first, last)
        assert (answer.status_code, fields(answer)) == (422, [field])

    def test_a_month_is_answered(self, api: FlaskClient) -> None:
        last = date(2026, 11, 24) + timedelta(days=30)
        assert self.ask(api, "2026-11-24", last.isoformat()).status_code == 200


class TestOrders:
    def test_a_request_becomes_an_order_of_a_new_client(self, api: FlaskClient, app: Flask) -> None:
        answer = api.post(ORDERS, json={**TYPED, "extras": ["oven"], "details": "Two cats", "captcha_token": "x"})
        assert answer.status_code == 201
        assert answer.json["number"] == 1002
        assert answer.json["status"] == "requested"
        assert answer.json["estimate"]["price"] == "$158 – $182"
        [order] = orders(app)
        client = known(app, "nora@example.com")
        assert client is not None
        assert (client.name, client.phone, client.city) == ("Nora Newcomer", "+1 503-555-0177", "Portland")
        assert (order.client_id, order.source, order.details) == (client.id, "public", "Two cats")
        assert (order.price_low_cents, order.price_high_cents, order.price_cents) == (15800, 18200, None)
        assert order.wished_at == datetime.fromisoformat(TUESDAY_NINE)
        assert [extra["key"] for extra in order.extras] == ["oven"]

    def test_the_client_and_the_office_hear_of_it(self, api: FlaskClient, app: Flask, alder: Company) -> None:
        api.post(ORDERS, json=TYPED)
        assert [mail.to_address for mail in mails(app, alder, "request_received")] == ["nora@example.com"]
        assert alder.dispatcher.email in [mail.to_address for mail in mails(app, alder, "new_request")]

    def test_the_answer_opens_nothing(self, api: FlaskClient, app: Flask) -> None:
        answer = api.post(ORDERS, json=TYPED)
        [order] = orders(app)
        assert set(answer.json) == {"number", "status", "estimate"}
        assert str(order.id) not in answer.text

    @pytest.mark.parametrize("priced", [{"price_cents": 1}, {"price_low_cents": 1}, {"org_id": str(BIRCH.id)}])
    def test_a_request_cannot_name_its_price_or_company(
        self, api: FlaskClient, app: Flask, priced: dict[str, Any]
    ) -> None:
        assert api.post(ORDERS, json={**TYPED, **priced}).status_code == 422
        assert orders(app) == []

    def test_a_known_clients_record_stays_as_it_is(self, api: FlaskClient, app: Flask, alder: Company) -> None:
        body = {**TYPED, "email": alder.client_email.upper(), "name": "Somebody Else", "phone": "503 555 0199"}
        assert api.post(ORDERS, json=body).status_code == 201
        client = known(app, alder.client_email)
        assert client is not None
        assert (client.name, client.phone) == ("Margaret Whitfield", "+1 503 555 0100")
        assert client.address == "1820 SE Salmon St"
        [order] = orders(app)
        assert (order.client_id, order.address) == (alder.client_id, "12 Elm Street")
        assert order.details == "Contact given with the request: Somebody Else, +1 503-555-0199"

    def test_nothing_empty_of_a_known_client_is_filled_in_by_a_stranger(
        self, api: FlaskClient, app: Flask, alder: Company
    ) -> None:
        api.post(ORDERS, json={**TYPED, "email": "gus@alder-client.test"})
        client = known(app, "gus@alder-client.test")
        assert client is not None
        assert (client.phone, client.address) == ("", "")

    def test_the_way_in_of_a_known_client_is_not_used_for_another_address(
        self, api: FlaskClient, app: Flask, alder: Company
    ) -> None:
        api.post(ORDERS, json={**TYPED, "email": alder.client_email})
        assert orders(app)[0].access_notes == ""

    def test_a_time_that_is_not_free_is_refused_with_the_free_ones(self, api: FlaskClient, app: Flask) -> None:
        answer = api.post(ORDERS, json={**TYPED, "wished_at": "2026-11-24T03:00:00+00:00"})
        assert (answer.status_code, fields(answer)) == (409, ["wished_at"])
        assert TUESDAY_NINE in answer.json["starts"]
        assert orders(app) == []

    @pytest.mark.parametrize("wished", ["2026-11-20T17:00:00+00:00", "2036-11-24T17:00:00+00:00"])
    def test_a_time_in_the_past_or_years_ahead_is_refused(self, api: FlaskClient, app: Flask, wished: str) -> None:
        assert api.post(ORDERS, json={**TYPED, "wished_at": wished}).status_code == 409

    def test_a_time_without_zone_is_refused(self, api: FlaskClient) -> None:
        assert fields(api.post(ORDERS, json={**TYPED, "wished_at": "2026-11-24T17:00:00"})) == ["wished_at"]

    def test_without_a_time_any_time_suits(self, api: FlaskClient, app: Flask) -> None:
        body = {name: value for name, value in TYPED.items() if name != "wished_at"}
        assert api.post(ORDERS, json={**body, "wish_note": "Mornings"}).status_code == 201
        [order] = orders(app)
        assert (order.wished_at, order.wish_note) == (None, "Mornings")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"email": "nora"}, "email"),
            ({"phone": "503"}, "phone"),
            ({"name": "  "}, "name"),
            ({"address": ""}, "address"),
            ({"address": "x" * 201}, "address"),
            ({"city": None}, "city"),
            ({"details": "x" * 1001}, "details"),
            ({"access_notes": "x" * 1001}, "access_notes"),
            ({"extras": ["pool"]}, "extras"),
            ({"extras": ["oven"] * 21}, "extras"),
            ({"service": str(BIRCH.service_id)}, "service"),
            ({"admin": True}, "admin"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(
        self, api: FlaskClient, app: Flask, wrong: dict[str, Any], field: str
    ) -> None:
        answer = api.post(ORDERS, json={**TYPED, **wrong})
        assert (answer.status_code, fields(answer)) == (422, [field])
        assert orders(app) == []
        assert known(app, "nora@example.com") is None

    def test_sent_twice_with_one_key_it_is_one_order(self, api: FlaskClient, app: Flask) -> None:
        headers = {"Idempotency-Key": str(uuid4())}
        first, second = (api.post(ORDERS, json=TYPED, headers=headers) for _ in range(2))
        assert first.json == second.json
        assert len(orders(app)) == 1

    def test_a_name_cannot_write_lines_of_its_own(self, api: FlaskClient, app: Flask) -> None:
        api.post(ORDERS, json={**TYPED, "name": "Nora\r\nBcc: all@example.com\u202e"})
        client = known(app, "nora@example.com")
        assert client is not None
        assert client.name == "Nora Bcc: all@example.com"

    def test_names_of_every_script_stay_whole(self, api: FlaskClient, app: Flask) -> None:
        api.post(ORDERS, json={**TYPED, "name": "क्ष\u200d नीलम"})
        client = known(app, "nora@example.com")
        assert client is not None
        assert client.name == "क्ष\u200d नीलम"
