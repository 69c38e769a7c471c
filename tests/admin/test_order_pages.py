"""One order in the office: everything about it, each step, clashes with what is free instead, photos, edits."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine

from doorstep.core.extensions import db
from doorstep.orders import service
from tests.admin.office_stage import (
    client_actor,
    does,
    field,
    links,
    mails,
    order_of,
    post,
    said,
    tomorrow_at,
    typed,
    words,
)
from tests.cast import Company
from tests.conftest import Browse
from tests.orders.conftest import acting
from tests.orders.photo_cases import visit
from tests.pictures import small_jpeg
from tests.statements import overheard


@pytest.fixture
def url(alder: Company) -> str:
    """The page of Alder's first order."""
    return f"/office/orders/{alder.order_id}"


@pytest.fixture
def planned(app: Flask, alder: Company) -> None:
    """The first order is Ana's, tomorrow at nine."""
    start, worker = tomorrow_at(9, alder), alder.worker.worker_id
    office = acting(alder.dispatcher, alder)
    does(app, office, alder, lambda who, order: service.schedule(who, order, start=start, worker_id=worker))


def test_the_page_says_who_what_where_when_and_what_happened(
    browse: Browse, alder: Company, url: str, planned: None
) -> None:
    page = browse(alder.dispatcher).get(url)
    for part in (
        "Margaret Whitfield",
        "Standard clean",
        "1820 SE Salmon St",
        "Ana Morales",
        "Scheduled",
    ):
        assert part in words(page)
    assert "tel:+15035550100" in links(page)


def test_a_double_booking_is_refused_with_who_and_what_and_three_free_times(
    app: Flask, browse: Browse, alder: Company, url: str
) -> None:
    taken = visit(app, alder, ahead=timedelta(days=2))
    start = order_of(app, alder, taken).scheduled
    assert start is not None
    assert start.lower is not None
    browser = browse(alder.dispatcher)
    answer = post(
        browser, f"{url}/schedule", worker=alder.worker.worker_id, **typed(start.lower, alder), back="/office/requests"
    )

    assert answer.status_code == 409
    assert "Ana Morales is taken then by order" in words(answer)
    assert f"/office/orders/{taken}" in links(answer)
    assert answer.text.count('name="slot"') == 3
    assert order_of(app, alder).status == "requested"

    form = {
        "slot": field(answer, "slot"),
        "version": field(answer, "version"),
        "back": field(answer, "back", "schedule"),
    }
    assert post(browser, f"{url}/schedule", **form).location == "/office/requests"
    assert order_of(app, alder).status == "scheduled"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Choose a day and a time."),
        ({"day": "2030-02-31", "time": "9:00"}, "Choose a day."),
        ({"day": "2030-02-01", "time": "nine"}, "Type a time such as 9:00."),
        ({"day": "2020-02-01", "time": "9:00"}, "This time is in the past."),
        ({"slot": "me/now"}, "Choose one of the times."),
    ],
)
def test_an_odd_time_is_refused_at_its_field(
    app: Flask, browse: Browse, alder: Company, url: str, form: dict[str, str], told: str
) -> None:
    answer = post(browse(alder.dispatcher), f"{url}/schedule", **form)
    assert answer.status_code == 422
    assert told in words(answer)
    assert order_of(app, alder).status == "requested"


def test_a_time_that_the_clocks_skip_is_refused(browse: Browse, birch: Company) -> None:
    answer = post(
        browse(birch.dispatcher),
        f"/office/orders/{birch.order_id}/schedule",
        day="2027-03-28",
        time="02:30",
        minutes="60",
    )
    assert answer.status_code == 422
    assert "clocks are put forward" in words(answer)


def test_a_moved_visit_is_told_to_the_client_with_the_former_time(
    app: Flask, browse: Browse, alder: Company, url: str, planned: None
) -> None:
    browser = browse(alder.dispatcher)
    form = {**typed(tomorrow_at(14, alder), alder), "worker": str(alder.other_worker.worker_id), "minutes": "90"}
    assert "Ben Okafor" in said(browser, post(browser, f"{url}/schedule", **form))
    order = order_of(app, alder)
    assert order.scheduled is not None
    assert order.scheduled.lower == tomorrow_at(14, alder)
    assert order.duration_minutes == 90
    assert len(mails(app, alder, "moved")) == 1
    assert "Before: " in words(browser.get(url))


def test_the_office_can_do_the_steps_and_is_told_what_is_missing(
    app: Flask, browse: Browse, alder: Company, url: str, planned: None
) -> None:
    browser = browse(alder.dispatcher)
    for verb in ("on-the-way", "start", "pause", "resume"):
        assert post(browser, f"{url}/{verb}").status_code == 303
    refused = post(browser, f"{url}/finish")
    assert refused.status_code == 409
    assert "photo missing: Photo before" in words(refused)

    for phase in ("before", "after"):
        upload = (BytesIO(small_jpeg()), f"{phase}.jpg")
        assert post(browser, f"{url}/photos", file=upload, phase=phase).status_code == 303
    item = field(browser.get(url), "shown")
    assert post(browser, f"{url}/tick", shown=item, done=item).status_code == 303
    assert "Finished" in said(browser, post(browser, f"{url}/finish"))
    assert order_of(app, alder).status == "completed"


def test_a_move_that_is_not_possible_is_said_not_done(browse: Browse, alder: Company, url: str) -> None:
    answer = post(browse(alder.dispatcher), f"{url}/start")
    assert answer.status_code == 409
    assert "cannot become" in words(answer)


def test_a_note_is_for_the_team_unless_it_says_otherwise(browse: Browse, alder: Company, url: str) -> None:
    browser = browse(alder.dispatcher)
    said(browser, post(browser, f"{url}/note", text="Bring the ladder"))
    said(browser, post(browser, f"{url}/note", text="We bring our own vacuum", for_client="1"))
    text = words(browser.get(url))
    assert "Bring the ladder" in text
    assert "Note, the client sees it" in text
    refused = post(browser, f"{url}/note", text=" ")
    assert refused.status_code == 422


def test_cancelling_frees_the_worker_and_tells_the_client(
    app: Flask, browse: Browse, alder: Company, url: str, planned: None
) -> None:
    browser = browse(alder.dispatcher)
    said(browser, post(browser, f"{url}/cancel", reason="Water damage"))
    assert order_of(app, alder).status == "cancelled"
    assert "Water damage" in mails(app, alder, "cancelled")[0].text
    assert "Cancel the order" not in words(browser.get(url))


def test_a_link_is_sent_to_the_client_and_not_twice_at_once(
    app: Flask, browse: Browse, alder: Company, url: str
) -> None:
    browser = browse(alder.dispatcher)
    for _ in range(2):
        assert "gets a mail with a link" in said(browser, post(browser, f"{url}/link", back=url))
    assert len(mails(app, alder, "client_link")) == 1


def test_place_words_and_price_are_put_right(app: Flask, browse: Browse, alder: Company, url: str) -> None:
    browser = browse(alder.dispatcher)
    page = browser.get(f"{url}/edit")
    assert field(page, "price") == "120.00"
    form = {"address": "2 Main St", "city": "Salem", "postal_code": "97301", "price": "99,50", "details": "Two cats"}
    said(browser, post(browser, f"{url}/edit", version=field(page, "version"), **form))
    order = order_of(app, alder)
    assert (order.address, order.city, order.price_cents, order.details) == ("2 Main St", "Salem", 9950, "Two cats")
    assert order.access_notes == ""

    stale = post(browser, f"{url}/edit", version=field(page, "version"), **form | {"address": "3 Main St"})
    assert stale.status_code == 412
    assert field(stale, "address") == "3 Main St"
    assert order_of(app, alder).address == "2 Main St"


def test_photos_are_looked_at_hidden_from_the_client_and_removed(
    browse: Browse, alder: Company, url: str, planned: None
) -> None:
    browser = browse(alder.dispatcher)
    refused = post(browser, f"{url}/photos", file=(BytesIO(b"<html>no</html>"), "photo.jpg"), phase="before")
    assert "photo.jpg" in said(browser, refused)
    post(browser, f"{url}/photos", file=(BytesIO(small_jpeg()), "photo.jpg"), phase="before")
    (photo,) = {link for link in links(browser.get(url)) if "/photos/" in link}
    assert "Client sees it" in words(browser.get(photo))
    assert "does not see this photo" in said(browser, post(browser, f"{photo}/hide"))
    assert "the client sees it" in said(browser, post(browser, f"{photo}/approve"))
    assert "Photo removed" in said(browser, post(browser, f"{photo}/remove"))
    assert browser.get(photo).status_code == 404


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/auth/sign-out", "/office\\evil"])
def test_the_way_back_stays_in_the_office(browse: Browse, alder: Company, url: str, back: str) -> None:
    answer = post(browse(alder.dispatcher), f"{url}/note", text="Hello", back=back)
    assert answer.location == url


def test_another_company_finds_no_order(browse: Browse, birch: Company, url: str) -> None:
    browser = browse(birch.owner)
    assert browser.get(url).status_code == 404
    assert post(browser, f"{url}/note", text="Hello").status_code == 404


def test_the_page_costs_the_same_however_much_has_happened(
    app: Flask, browse: Browse, alder: Company, url: str
) -> None:
    browser = browse(alder.dispatcher)

    def cost() -> int:
        with app.app_context():
            engine: Engine = db.engine
        with overheard(engine) as heard:
            assert browser.get(url).status_code == 200
        return len(heard)

    before = cost()
    for number in range(5):
        does(
            app,
            client_actor(alder),
            alder,
            lambda who, order, n=number: service.ask(who, order, kind="question", text=f"{n}?"),
        )
        post(browser, f"{url}/note", text=f"Note {number}")
    assert cost() == before
