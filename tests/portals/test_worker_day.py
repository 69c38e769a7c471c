"""The worker's day: the visits in their order, the next one large, the week around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core import clock
from doorstep.orders import service
from tests.cast import Company, Person
from tests.conftest import Browse
from tests.portals.worker_stage import (
    NINE,
    add_photo,
    does,
    look,
    office_does,
    start,
    tick_all,
    visit_at,
    words,
)


@pytest.fixture(autouse=True)
def _eight() -> Iterator[None]:
    """It is eight in the morning, in Alder's zone."""
    with clock.held_at(NINE - timedelta(hours=1)):
        yield


@pytest.fixture
def ana(browse: Browse, alder: Company) -> FlaskClient:
    """Ana's phone."""
    return browse(alder.worker)


def test_the_next_job_is_large_with_all_that_is_needed_on_the_way(app: Flask, ana: FlaskClient, alder: Company) -> None:
    order_id = visit_at(app, alder, details="Mind the rug", access_notes="Key box 4711")
    visit_at(app, alder, NINE + timedelta(hours=4))

    page = look(ana.get("/worker"))
    lead = page.select_one(".lead")

    assert "Margaret Whitfield" in lead.get_text()
    assert "9:00 – 11:00" in lead.get_text()
    assert lead.select_one('a[href^="https://www.google.com/maps/dir/"]')["href"].endswith(
        "destination=1820+SE+Salmon+St%2C+97214%2C+Portland"
    )
    assert lead.select_one('a[href="tel:+15035550100"]')
    assert "Key box 4711" in lead.select_one("details:not([open])").get_text()
    assert lead.select_one(f'a.primary[href="/worker/orders/{order_id}"]')
    assert len(page.select("a.stop")) == 1


def test_jobs_come_in_their_order_and_the_one_under_way_is_now(app: Flask, ana: FlaskClient, alder: Company) -> None:
    visit_at(app, alder, NINE + timedelta(hours=6))
    visit_at(app, alder, NINE)
    under_way = visit_at(app, alder, NINE + timedelta(hours=3))
    does(app, alder, under_way, service.on_the_way)

    page = look(ana.get("/worker"))

    assert page.select_one("#lead-h").get_text() == "Now"
    assert page.select_one(".lead a.primary")["href"] == f"/worker/orders/{under_way}"
    assert [stop.select_one("time").get_text() for stop in page.select("a.stop")] == ["9:00 – 11:00", "15:00 – 17:00"]
    assert "3 visits · 6 h" in words(ana.get("/worker"))


def test_a_finished_day_has_no_next_job(app: Flask, ana: FlaskClient, alder: Company) -> None:
    order_id = visit_at(app, alder)
    add_photo(app, alder, order_id, "before")
    add_photo(app, alder, order_id, "after")
    does(app, alder, order_id, start, tick_all, service.complete)

    page = look(ana.get("/worker"))

    assert page.select_one(".lead") is None
    assert page.select_one("#others-h").get_text() == "All done"
    assert "Completed" in page.select_one("a.stop").get_text()


def test_a_free_day_says_what_comes_next(app: Flask, ana: FlaskClient, alder: Company) -> None:
    order_id = visit_at(app, alder, NINE + timedelta(days=2))

    answer = ana.get("/worker")

    assert "No visits today Next: Thu 9:00, Margaret Whitfield." in words(answer)
    assert look(answer).select_one(f'.empty a[href="/worker/orders/{order_id}"]')


def test_a_job_far_ahead_is_named_with_its_date(app: Flask, ana: FlaskClient, alder: Company) -> None:
    visit_at(app, alder, NINE + timedelta(days=9))

    assert "Next: Thu 18 Mar 10:00" in words(ana.get("/worker"))  # summer time has begun


def test_without_any_job_the_page_says_so(ana: FlaskClient) -> None:
    assert "No visits today Nothing is planned for you" in words(ana.get("/worker"))


def test_another_day_and_its_week_can_be_looked_at(app: Flask, ana: FlaskClient, alder: Company) -> None:
    visit_at(app, alder, NINE + timedelta(days=1))

    answer = ana.get("/worker?day=2027-03-10")
    page = look(answer)

    assert page.h1.get_text() == "Tomorrow"
    assert page.select_one(".weekdays a[aria-current]")["href"] == "/worker?day=2027-03-10"
    assert "1 visit" in page.select_one(".weekdays a[aria-current] .vh").get_text()
    assert [a["href"] for a in page.select(".week > a")] == ["/worker?day=2027-03-03", "/worker?day=2027-03-17"]
    assert page.select_one(".weekdays .is-today")["href"] == "/worker"
    assert page.select_one(".lead") is None


@pytest.mark.parametrize("asked", ["yesterday", "2027-13-01", "", "9999-12-31", "0001-01-01"])
def test_an_odd_day_means_today(ana: FlaskClient, asked: str) -> None:
    assert look(ana.get(f"/worker?day={asked}")).h1.get_text() == "Today"


def test_a_day_is_that_of_the_companys_clocks(app: Flask, ana: FlaskClient, alder: Company) -> None:
    visit_at(app, alder, NINE + timedelta(hours=12))  # 21:00 there, already tomorrow in UTC

    assert "21:00" in words(ana.get("/worker"))


def test_cancelled_jobs_and_those_of_others_are_not_there(
    app: Flask, ana: FlaskClient, browse: Browse, alder: Company
) -> None:
    order_id = visit_at(app, alder)
    office_does(app, alder, order_id, service.cancel)

    assert "No visits today" in words(ana.get("/worker"))
    assert "No visits today" in words(browse(alder.other_worker).get("/worker"))


def test_the_phone_is_told_which_pages_to_keep(app: Flask, ana: FlaskClient, alder: Company) -> None:
    order_id = visit_at(app, alder)

    assert look(ana.get("/worker")).body["data-keep"] == f"/worker/orders/{order_id} /worker/photos"


@pytest.mark.parametrize("path", ["/worker", "/worker/photos", "/worker/me", "/worker/token"])
def test_only_workers_come_in(browse: Browse, alder: Company, operator: Person, path: str) -> None:
    assert browse(None).get(path).status_code == 302
    for person in (alder.owner, alder.dispatcher, alder.viewer, operator):
        assert browse(person).get(path).status_code == 403
    assert browse(alder.worker).get(path).status_code == 200


def test_the_page_of_oneself_leads_out(ana: FlaskClient) -> None:
    page = look(ana.get("/worker/me"))

    assert page.h1.get_text() == "Ana Morales"
    assert {form["action"] for form in page.select("form[data-forgets]")} == {"/auth/sign-out"}
