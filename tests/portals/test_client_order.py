"""The order page: what a client reads and may do in each state."""

from __future__ import annotations

from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction
from doorstep.orders import photos, service
from doorstep.orders.models import Order, Photo
from tests import pictures
from tests.cast import Company
from tests.orders.conftest import acting
from tests.portals.client_stage import (
    finish,
    heading,
    let_in,
    link_in,
    mails,
    office_does,
    post,
    schedule,
    status_of,
    words,
)


class TestEveryStateSaysWhereThingsStand:
    def test_a_request_is_with_the_office(self, app: Flask, alder: Company) -> None:
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "We have your request, Margaret"
        assert "$120.00" in words(page)
        assert "Cancel this order" in words(page)

    def test_a_quote_waits_for_the_client(self, app: Flask, alder: Company) -> None:
        office_does(app, alder, lambda who, order: service.quote(who, order, price_cents=25200, note="With the oven"))
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "Your quote: $252.00"
        assert "Waiting for you" in words(page)
        assert "With the oven" in words(page)

    def test_a_visit_names_worker_and_time(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page).startswith("Ana comes on ")
        assert "Ask for another time" in words(page)

    def test_the_worker_is_on_the_way(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        office_does(app, alder, service.on_the_way)
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "Ana is on the way"

    def test_the_worker_is_at_work(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        office_does(app, alder, service.start)
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "Ana is at work"

    def test_what_could_not_be_finished_waits_for_a_new_day(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        office_does(app, alder, service.start)
        office_does(app, alder, lambda who, order: service.postpone(who, order, reason="The pipe burst"))
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "We need another day"
        assert "The pipe burst" in words(page)

    def test_finished_work_asks_how_it_was(self, app: Flask, alder: Company) -> None:
        finish(app, alder)
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "All done, Margaret."
        assert "How was Ana's work?" in words(page)
        assert "No photos of this visit" in words(page)

    @pytest.mark.parametrize(
        ("act", "says"), [(service.decline, "We cannot take this one"), (service.cancel, "This order is cancelled")]
    )
    def test_an_order_that_ended_says_why(self, app: Flask, alder: Company, act: object, says: str) -> None:
        office_does(app, alder, lambda who, order: act(who, order, reason="Too far away"))  # type: ignore[operator]
        page = let_in(app, alder).get(f"/client/orders/{alder.order_id}")
        assert heading(page) == says
        assert "Too far away" in words(page)
        assert "Book again" in words(page)


def version_of(browser: FlaskClient, company: Company) -> str:
    page = BeautifulSoup(browser.get(f"/client/orders/{company.order_id}").text, "html.parser")
    field = page.select_one("input[name=version]")
    return str(field["value"]) if field else ""


class TestAcceptingAQuote:
    def quoted(self, app: Flask, company: Company, cents: int = 25200) -> None:
        office_does(app, company, lambda who, order: service.quote(who, order, price_cents=cents))

    def test_the_office_is_told_and_the_order_waits_for_a_time(self, app: Flask, alder: Company) -> None:
        self.quoted(app, alder)
        browser = let_in(app, alder)
        post(browser, f"/client/orders/{alder.order_id}/accept", version=version_of(browser, alder))
        page = browser.get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "Thank you, we look for a time"
        assert "You accepted the quote" in words(page)
        assert status_of(app, alder) == "quoted"
        assert "accepts the quote" in mails(app, alder, "client_asks")[0].subject

    def test_pressed_twice_it_counts_once(self, app: Flask, alder: Company) -> None:
        self.quoted(app, alder)
        browser = let_in(app, alder)
        version = version_of(browser, alder)
        for _ in range(2):
            assert post(browser, f"/client/orders/{alder.order_id}/accept", version=version).status_code == 303
        assert words(browser.get(f"/client/orders/{alder.order_id}")).count("You accepted the quote") == 1

    def test_another_price_than_the_one_that_was_read_is_not_accepted(self, app: Flask, alder: Company) -> None:
        self.quoted(app, alder)
        browser = let_in(app, alder)
        version = version_of(browser, alder)
        office_does(app, alder, _dearer)
        assert post(browser, f"/client/orders/{alder.order_id}/accept", version=version).status_code == 412
        assert mails(app, alder, "client_asks") == []

    def test_without_a_quote_there_is_nothing_to_accept(self, app: Flask, alder: Company) -> None:
        assert post(let_in(app, alder), f"/client/orders/{alder.order_id}/accept", version=1).status_code == 409


def _dearer(_: Actor, order: Order) -> None:
    order.price_cents = 99900


class TestAskingForAnotherTime:
    def test_free_times_are_offered_and_the_chosen_one_reaches_the_office(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        browser = let_in(app, alder)
        form = BeautifulSoup(browser.get(f"/client/orders/{alder.order_id}/move").text, "html.parser")
        offered = [str(field["value"]) for field in form.select("input[name=start]")]
        assert 2 <= len(offered) <= 12
        answer = post(browser, f"/client/orders/{alder.order_id}/move", start=offered[-1], text="Or later")
        assert answer.status_code == 303
        (mail, *_) = mails(app, alder, "client_asks")
        assert "Wished: " in mail.text
        assert "Or later" in mail.text
        assert status_of(app, alder) == "scheduled"
        assert "You asked for another time" in words(browser.get(f"/client/orders/{alder.order_id}"))

    def test_neither_time_nor_words_is_refused_at_the_field(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        answer = post(let_in(app, alder), f"/client/orders/{alder.order_id}/move")
        assert answer.status_code == 422
        assert "Choose a time, or write which times suit you" in answer.text

    @pytest.mark.parametrize("start", ["soon", "2026-11-24T09:00:00", "9999-99-99T00:00:00Z"])
    def test_a_time_that_is_none_is_refused(self, app: Flask, alder: Company, start: str) -> None:
        schedule(app, alder)
        assert post(let_in(app, alder), f"/client/orders/{alder.order_id}/move", start=start).status_code == 422

    def test_what_has_no_visit_cannot_be_moved(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder)
        page = browser.get(f"/client/orders/{alder.order_id}/move")
        assert "no visit that could be moved" in words(page)
        assert post(browser, f"/client/orders/{alder.order_id}/move", text="x").status_code == 422


class TestCancelling:
    def test_a_request_ends_at_once(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder)
        post(browser, f"/client/orders/{alder.order_id}/cancel", text="Found somebody else")
        assert status_of(app, alder) == "cancelled"
        page = browser.get(f"/client/orders/{alder.order_id}")
        assert heading(page) == "This order is cancelled"
        assert len(mails(app, alder, "client_cancelled")) == 2

    def test_a_visit_stands_until_the_office_answers(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        browser = let_in(app, alder)
        assert "until then the visit stands" in words(browser.get(f"/client/orders/{alder.order_id}/cancel"))
        post(browser, f"/client/orders/{alder.order_id}/cancel")
        assert status_of(app, alder) == "scheduled"
        assert "asks to cancel" in mails(app, alder, "client_asks")[0].subject

    def test_finished_work_cannot_be_cancelled(self, app: Flask, alder: Company) -> None:
        finish(app, alder)
        browser = let_in(app, alder)
        assert "has ended already" in words(browser.get(f"/client/orders/{alder.order_id}/cancel"))
        assert post(browser, f"/client/orders/{alder.order_id}/cancel").status_code == 422
        assert status_of(app, alder) == "completed"


class TestWritingToTheOffice:
    def test_the_message_is_on_the_page_and_in_the_offices_mailboxes(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder)
        post(browser, f"/client/orders/{alder.order_id}/ask", text="Is <b>bleach</b> used?")
        page = browser.get(f"/client/orders/{alder.order_id}")
        assert "Is <b>bleach</b> used?" in words(page)
        assert "<b>bleach</b>" not in page.text
        assert len(mails(app, alder, "client_asks")) == 2

    @pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
    def test_nothing_and_too_much_are_refused_and_kept(self, app: Flask, alder: Company, text: str) -> None:
        answer = post(let_in(app, alder), f"/client/orders/{alder.order_id}/ask", text=text)
        assert answer.status_code == 422
        assert mails(app, alder) == []
        assert text in answer.text


class TestRating:
    def test_stars_and_words_are_kept_and_can_be_changed(self, app: Flask, alder: Company) -> None:
        finish(app, alder)
        browser = let_in(app, alder)
        post(browser, f"/client/orders/{alder.order_id}/rate", score=4, comment="Very tidy")
        page = words(browser.get(f"/client/orders/{alder.order_id}"))
        assert "You gave 4 of 5 stars" in page
        assert "Very tidy" in page
        post(browser, f"/client/orders/{alder.order_id}/rate", score=5)
        assert "You gave 5 of 5 stars" in words(browser.get(f"/client/orders/{alder.order_id}"))

    @pytest.mark.parametrize("score", ["", "0", "6", "many"])
    def test_no_stars_is_said_at_the_stars_and_the_words_are_kept(self, app: Flask, alder: Company, score: str) -> None:
        finish(app, alder)
        answer = post(let_in(app, alder), f"/client/orders/{alder.order_id}/rate", score=score, comment="Good work")
        assert answer.status_code == 422
        assert "Choose one to five stars." in answer.text
        assert "Good work" in answer.text

    def test_work_that_is_not_finished_is_not_rated(self, app: Flask, alder: Company) -> None:
        answer = post(let_in(app, alder), f"/client/orders/{alder.order_id}/rate", score=5)
        assert answer.status_code == 422


class TestThePageIsPrivate:
    def test_it_says_until_when_and_offers_a_new_link_to_the_address_on_file(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder, alder.order_id)
        page = browser.get(f"/client/orders/{alder.order_id}")
        assert "stays open in this browser until" in page.text
        assert 'name="robots" content="noindex"' in page.text
        post(browser, f"/client/orders/{alder.order_id}/link")
        (mail,) = mails(app, alder, "client_link")
        assert post(app.test_client(), link_in(mail)).headers["Location"] == f"/client/orders/{alder.order_id}"

    def test_notes_of_the_office_stay_in_the_office_unless_meant_for_the_client(
        self, app: Flask, alder: Company
    ) -> None:
        office_does(app, alder, lambda who, order: service.note(who, order, text="Difficult person"))
        office_does(app, alder, lambda who, order: service.note(who, order, text="We bring it all", for_client=True))
        page = words(let_in(app, alder).get(f"/client/orders/{alder.order_id}"))
        assert "Difficult person" not in page
        assert "We bring it all" in page

    def test_how_to_get_in_is_not_repeated_on_the_page(self, app: Flask, alder: Company) -> None:
        office_does(app, alder, _with_a_key)
        assert "4711" not in let_in(app, alder).get(f"/client/orders/{alder.order_id}").text


def _with_a_key(_: Actor, order: Order) -> None:
    order.access_notes = "Code 4711"


class TestPhotos:
    def add(self, app: Flask, company: Company, who: Actor, phase: str) -> UUID:
        with app.app_context(), tenancy.org_scope(company.id):
            data = pictures.small_jpeg() if phase != "before" else pictures.png()
            return photos.add(who, company.order_id, data, phase=phase)[0].id

    def test_before_and_after_stand_side_by_side_and_can_be_fetched(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        who = acting(alder.worker, alder)
        for phase in ("before", "after"):
            self.add(app, alder, who, phase)
        browser = let_in(app, alder)
        page = BeautifulSoup(browser.get(f"/client/orders/{alder.order_id}").text, "html.parser")
        shown = [str(image["src"]) for image in page.select(".compare img")]
        assert len(shown) == 2
        assert [browser.get(address).status_code for address in shown] == [200, 200]

    def test_a_photo_that_is_not_for_the_client_is_not_shown(self, app: Flask, alder: Company) -> None:
        schedule(app, alder)
        hidden = self.add(app, alder, acting(alder.worker, alder), "after")
        with app.app_context(), tenancy.org_scope(alder.id), transaction():
            tenancy.get(Photo, hidden).visible_to_client = False
        assert str(hidden) not in let_in(app, alder).get(f"/client/orders/{alder.order_id}").text
