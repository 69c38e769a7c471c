"""The request form of a company's page, as people without script use it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.catalog import service as catalog
from doorstep.core import clock, tenancy
from doorstep.core.actor import SYSTEM
from doorstep.core.transaction import transaction
from tests.cast import ALDER, BIRCH, Company
from tests.pictures import small_jpeg
from tests.portals.client_stage import mails
from tests.portals.public_stage import (
    MONDAY,
    TUESDAY_NINE,
    TYPED,
    chosen,
    field,
    hidden,
    offered,
    orders,
    page_of,
    photo,
    send,
    set_up,
    thanks_path,
    words,
)

OVEN = f"{ALDER.service_id}/oven"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.held_at(MONDAY):
        yield


@pytest.fixture
def deep(app: Flask) -> str:
    """The id of a second service, which takes four hours and has an extra of its own."""
    extra = {"label": "Inside windows", "price_cents": 4500, "minutes": 60}
    values = {"name": "Deep clean", "price_cents": 19600, "duration_minutes": 240, "extras": [extra]}
    with app.app_context(), tenancy.org_scope(ALDER.id), transaction():
        return str(catalog.create(SYSTEM, values).id)


class TestPage:
    def test_it_says_who_what_and_for_how_much(self, stranger: FlaskClient, app: Flask, deep: str) -> None:
        set_up(
            app, place="Portland, Oregon", promise="Clean by Friday", facts=["Insured", {"icon": "star", "text": "4.9"}]
        )
        page = stranger.get("/b/alder")
        for said in (
            "Clean by Friday",
            "Alder Cleaning",
            "Portland, Oregon",
            "Insured",
            "4.9",
            "from $120",
            "from $196",
        ):
            assert said in words(page)
        assert page_of(page).find("a", href="tel:+15035550142")

    def test_the_first_service_is_chosen_and_its_estimate_shown(self, stranger: FlaskClient, deep: str) -> None:
        page = stranger.get("/b/alder")
        assert chosen(page, "service") == [str(ALDER.service_id)]
        assert "$120 – $138 about 2 h" in words(page)

    def test_an_address_can_choose_service_and_extras(self, stranger: FlaskClient, deep: str) -> None:
        page = stranger.get(f"/b/alder?service={deep}&extras={deep}/inside-windows")
        assert chosen(page, "service") == [deep]
        assert chosen(page, "extras") == [f"{deep}/inside-windows"]
        assert "$241 – $278 about 5 h" in words(page)

    @pytest.mark.parametrize("query", ["service=x", f"service={BIRCH.service_id}", "extras=x", "extras=x/y&service="])
    def test_an_odd_address_shows_the_plain_page(self, stranger: FlaskClient, query: str) -> None:
        page = stranger.get(f"/b/alder?{query}")
        assert (page.status_code, chosen(page, "service")) == (200, [str(ALDER.service_id)])

    def test_times_are_offered_for_two_weeks_by_day(self, stranger: FlaskClient) -> None:
        page = stranger.get("/b/alder")
        assert len(page_of(page).find_all("details", attrs={"data-day": True})) == 14
        assert "Tuesday 24 November, 9 free" in words(page)
        assert TUESDAY_NINE in offered(page)
        assert offered(page)[-1] == "any"
        assert "Los Angeles time" in words(page)

    def test_who_is_free_is_nobodys_business(self, stranger: FlaskClient, alder: Company) -> None:
        text = stranger.get("/b/alder").text
        assert "Ana" not in text
        assert str(alder.worker.worker_id) not in text

    def test_without_free_times_any_time_is_chosen(self, stranger: FlaskClient, app: Flask) -> None:
        with app.app_context(), tenancy.org_scope(ALDER.id), transaction():
            catalog.change(SYSTEM, catalog.get(ALDER.service_id), {"skill": "pianos"})
        page = stranger.get("/b/alder")
        assert offered(page) == chosen(page, "wished_at") == ["any"]
        assert "No free times in the next two weeks" in words(page)

    def test_without_services_it_asks_to_call(self, stranger: FlaskClient, app: Flask) -> None:
        with app.app_context(), tenancy.org_scope(ALDER.id), transaction():
            catalog.deactivate(SYSTEM, catalog.get(ALDER.service_id))
        page = stranger.get("/b/alder")
        assert page.status_code == 200
        assert "No online requests just now" in words(page)
        assert page_of(page).find("form", id="request") is None
        token = {"csrf_token": str(field(page, "csrf-token")["content"]), "token": "t" * 32}
        assert stranger.post("/b/alder", data={**TYPED, **token}).status_code == 422

    def test_a_company_that_does_not_exist_is_not_found(self, stranger: FlaskClient) -> None:
        assert stranger.get("/b/nobody").status_code == 404


class TestSending:
    def test_a_request_becomes_an_order_and_the_page_says_what_happens_next(
        self, stranger: FlaskClient, app: Flask, alder: Company
    ) -> None:
        thanks = stranger.get(thanks_path(send(stranger, extras=OVEN)))
        [order] = orders(app)
        assert (order.number, order.source, order.price_low_cents) == (1002, "public", 15800)
        assert "It is order 1002" in words(thanks)
        assert "A mail with your private link" in words(thanks)
        assert [mail.to_address for mail in mails(app, alder, "request_received")] == ["nora@example.com"]

    def test_the_page_after_it_holds_nothing_private(self, stranger: FlaskClient, app: Flask) -> None:
        thanks = stranger.get(thanks_path(send(stranger, photos=photo(small_jpeg()))))
        [order] = orders(app)
        for private in ("Nora", "Elm", "nora@example.com", "0177", str(order.id), "/client/link"):
            assert private not in thanks.text
        assert page_of(thanks).find("meta", attrs={"name": "robots", "content": "noindex"})

    def test_any_time_is_a_wish_too(self, stranger: FlaskClient, app: Flask) -> None:
        thanks_path(send(stranger, wished_at="any", wish_note="After the 5th"))
        [order] = orders(app)
        assert (order.wished_at, order.wish_note) == (None, "After the 5th")

    def test_extras_of_services_that_were_not_chosen_do_not_count(
        self, stranger: FlaskClient, app: Flask, deep: str
    ) -> None:
        thanks_path(send(stranger, extras=[OVEN, f"{deep}/inside-windows"]))
        assert [extra["key"] for extra in orders(app)[0].extras] == ["oven"]

    def test_the_timeline_names_who_asked(self, stranger: FlaskClient, browse: Any, app: Flask, alder: Company) -> None:
        thanks_path(send(stranger))
        url = f"/v1/orders/{orders(app)[0].id}/events"
        events = stranger.get(url, headers=alder.owner.bearer).json["items"]
        assert "Nora Newcomer" in str(events)

    def test_without_the_forms_token_nothing_is_taken(self, stranger: FlaskClient, app: Flask) -> None:
        assert stranger.post("/b/alder", data={**TYPED, "token": "t" * 32}).status_code == 400
        assert orders(app) == []


class TestRefusal:
    def test_everything_typed_comes_back(self, stranger: FlaskClient, app: Flask) -> None:
        notes = {"access_notes": "Side <door>", "wish_note": "Mornings", "details": "A dog,\nfriendly"}
        answer = send(stranger, email="nora", extras=OVEN, **notes)
        assert answer.status_code == 422
        for name in ("address", "city", "postal_code", "name", "phone"):
            assert field(answer, name)["value"] == TYPED[name]
        for name, said in notes.items():
            assert field(answer, name).get_text().strip() == said
        assert chosen(answer, "extras") == [OVEN]
        assert chosen(answer, "wished_at") == [TUESDAY_NINE]
        assert chosen(answer, "day") == ["2026-11-24"]
        assert orders(app) == []

    def test_mistakes_stand_on_top_and_at_their_fields(self, stranger: FlaskClient) -> None:
        answer = send(stranger, email="nora", name="", phone="503 55")
        summary = page_of(answer).find(attrs={"role": "alert"})
        assert summary is not None
        assert "3 things to fix" in summary.get_text()
        links = {str(link["href"]) for link in summary.find_all("a")}
        assert links == {"#f-email", "#f-name", "#f-phone"}
        assert field(answer, "phone")["aria-invalid"] == "true"
        assert "This number looks too short" in words(answer)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("service", ""), ("service", str(BIRCH.service_id)), ("address", " "), ("address", "x" * 201),
            ("city", ""), ("postal_code", "9" * 21), ("access_notes", "x" * 1001), ("wished_at", ""),
            ("wished_at", "soon"), ("wish_note", "x" * 1001), ("name", "x" * 101), ("email", ""), ("phone", "0"),
            ("details", "x" * 1001), ("website", "https://spam.example"), ("extras", "x" * 90),
        ],
    )  # fmt: skip
    def test_a_wrong_field_says_so(self, stranger: FlaskClient, app: Flask, name: str, value: str) -> None:
        answer = send(stranger, **{name: value})
        assert answer.status_code == 422
        assert page_of(answer).find("a", href=f"#f-{name}")
        assert orders(app) == []

    def test_photos_must_be_chosen_again_and_it_says_so(self, stranger: FlaskClient) -> None:
        two = [photo(small_jpeg()), photo(small_jpeg("red"))]
        answer = send(stranger, email="nora", photos=two)
        assert "Please choose your 2 photos again." in words(answer)

    def test_a_time_that_has_gone_keeps_everything_else(self, stranger: FlaskClient) -> None:
        answer = send(stranger, wished_at="2026-11-24T08:00:00+00:00")
        assert answer.status_code == 422
        assert "This time has just been taken" in words(answer)
        assert chosen(answer, "wished_at") == []
        assert TUESDAY_NINE in offered(answer)
        assert field(answer, "address")["value"] == TYPED["address"]

    @pytest.mark.parametrize("typed", ["", "soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_the_button_for_free_times_keeps_everything_and_complains_of_nothing(
        self, typed: str, stranger: FlaskClient, app: Flask, deep: str
    ) -> None:
        answer = send(stranger, service=deep, name="", wished_at=typed, refresh="1")
        assert answer.status_code == 200
        assert "Arrival times for Deep clean, about 4 h" in words(answer)
        assert page_of(answer).find(attrs={"role": "alert"}) is None
        assert field(answer, "email")["value"] == TYPED["email"]
        assert orders(app) == []


class TestTwice:
    def test_the_same_form_sent_twice_is_one_order(self, stranger: FlaskClient, app: Flask) -> None:
        form = {**hidden(stranger.get("/b/alder")), **TYPED}
        first, second = (stranger.post("/b/alder", data={**form}) for _ in range(2))
        numbers = {words(stranger.get(thanks_path(answer))).partition("order ")[2][:4] for answer in (first, second)}
        assert numbers == {"1002"}
        assert len(orders(app)) == 1

    def test_the_same_form_at_the_same_moment_is_one_order(self, app: Flask) -> None:
        browser = app.test_client()
        form = {**hidden(browser.get("/b/alder")), **TYPED, "wished_at": "any"}
        cookie = browser.get_cookie("doorstep_form")
        answers: list[int] = []

        def post() -> None:
            other = app.test_client()
            other.set_cookie("doorstep_form", cookie.value if cookie else "")
            answers.append(other.post("/b/alder", data={**form}).status_code)

        threads = [threading.Thread(target=post) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [303] * 4
        assert len(orders(app)) == 1

    def test_the_form_of_the_back_button_with_other_words_asks_before_it_orders_again(
        self, stranger: FlaskClient, app: Flask
    ) -> None:
        form = {**hidden(stranger.get("/b/alder")), **TYPED}
        thanks_path(stranger.post("/b/alder", data={**form}))
        again = stranger.post("/b/alder", data={**form, "address": "14 Elm Street"})
        assert again.status_code == 422
        assert "You have sent this form already: it is order 1002." in words(again)
        assert field(again, "address")["value"] == "14 Elm Street"
        fresh = {**form, **hidden(again), "address": "14 Elm Street"}
        thanks_path(stranger.post("/b/alder", data=fresh))
        assert [order.address for order in orders(app)] == ["12 Elm Street", "14 Elm Street"]

    def test_a_refused_form_can_be_sent_again(self, stranger: FlaskClient, app: Flask) -> None:
        refused = send(stranger, email="nora")
        thanks_path(stranger.post("/b/alder", data={**TYPED, **hidden(refused)}))
        assert len(orders(app)) == 1

    def test_a_token_of_one_company_says_nothing_to_another(self, stranger: FlaskClient, app: Flask) -> None:
        form = {**hidden(stranger.get("/b/alder")), **TYPED}
        thanks_path(stranger.post("/b/alder", data={**form}))
        theirs = {**form, "service": str(BIRCH.service_id), "wished_at": "any", "phone": "+49 30 901820"}
        thanks_path(stranger.post("/b/birch", data=theirs))
        assert len(orders(app, BIRCH)) == 1
