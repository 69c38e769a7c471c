"""A visit on the worker's phone, from setting out to the end, by plain forms as without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from doorstep.core import clock
from doorstep.orders import service
from tests import pictures
from tests.cast import Company
from tests.conftest import Browse
from tests.orders.stores import at_put, full_disk, troubled
from tests.portals.worker_stage import (
    NINE,
    add_photo,
    buttons,
    does,
    look,
    office_does,
    order_of,
    photos_of,
    press,
    send_files,
    start,
    tick_all,
    token,
    visit_at,
    words,
)

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _nine() -> Iterator[None]:
    """It is nine in the morning, in Alder's zone."""
    with clock.held_at(NINE):
        yield


@pytest.fixture
def ana(browse: Browse, alder: Company) -> FlaskClient:
    """Ana's phone."""
    return browse(alder.worker)


@pytest.fixture
def order_id(app: Flask, alder: Company) -> UUID:
    """A visit at nine today."""
    return visit_at(app, alder, details="Mind the rug", access_notes="Key box 4711")


@pytest.fixture
def url(order_id: UUID) -> str:
    """The address of its page."""
    return f"/worker/orders/{order_id}"


def steps(ana: FlaskClient, url: str) -> list[str]:
    """The ids of the boxes of the checklist."""
    return [box["value"] for box in look(ana.get(url)).select("input[name=shown]")]


def test_the_whole_job_by_plain_forms(app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str) -> None:
    assert buttons(ana.get(url)) == ["Start", "On my way"]

    assert press(ana, f"{url}/on-the-way").headers["Location"] == url
    assert buttons(ana.get(url)) == ["Start"]
    press(ana, f"{url}/start")
    assert buttons(ana.get(url)) == ["Finish order"]

    send_files(ana, f"{url}/photos", pictures.cornered_jpeg(6), phase="before")
    send_files(ana, f"{url}/photos", pictures.small_jpeg(), pictures.png(), phase="after")
    shown = steps(ana, url)
    press(ana, f"{url}/tick", shown=shown, done=shown)
    press(ana, f"{url}/note", text="One blind was broken", for_client="1")
    done = press(ana, f"{url}/finish")

    assert done.status_code == 303
    assert order_of(app, alder, order_id).status == "completed"
    assert sorted(photo.phase for photo in photos_of(app, alder, order_id)) == ["after", "after", "before"]
    last = ana.get(url)
    assert buttons(last) == []
    assert "One blind was broken" in words(last)
    assert "Key box" not in words(last)


def test_the_page_shows_who_where_and_what(app: Flask, ana: FlaskClient, alder: Company, url: str) -> None:
    visit_at(app, alder, NINE + timedelta(hours=4))

    answer = ana.get(url)
    page = look(answer)

    assert page.h1.get_text() == "Margaret Whitfield"
    assert page.select_one(".topline").get_text() == "Order 1 of 2"
    assert "Scheduled No. 1002 · 9:00 – 11:00" in words(answer)
    assert "1820 SE Salmon St, 97214 Portland" in words(answer)
    assert "Key box 4711" in page.select_one("details:not([open])").get_text()
    assert "Mind the rug" in page.select_one("details:not([open])").get_text()
    assert "Needed: Photo before" in page.select_one("#photos-before").get_text()
    assert page.select_one("#photos-after input[type=file][capture=environment][multiple]")


def test_finishing_too_early_names_what_is_missing_and_where(
    app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
) -> None:
    does(app, alder, order_id, start)

    refused = press(ana, f"{url}/finish")
    listed = {link.get_text(strip=True): link["href"] for link in look(refused).select(".banner.is-bad a")}

    assert refused.status_code == 409
    assert listed == {
        "Tick “Kitchen surfaces”": "#checklist",
        "Add a photo for “Photo before”": "#photos-before",
        "Add a photo for “Photo after”": "#photos-after",
    }
    assert all(look(refused).select_one(place) for place in listed.values())
    assert order_of(app, alder, order_id).status == "in_progress"


def test_what_is_missing_is_listed_before_anybody_asks(
    app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
) -> None:
    does(app, alder, order_id, start, tick_all)
    add_photo(app, alder, order_id, "before")

    page = look(ana.get(url))

    assert [link.get_text(strip=True) for link in page.select("#still a")] == ["Add a photo for “Photo after”"]
    assert page.select_one("#left").get_text(" ", strip=True) == "1 to do See what"


def test_the_clock_counts_from_the_servers_figure_and_rests_in_a_pause(
    app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
) -> None:
    does(app, alder, order_id, start)
    with clock.held_at(NINE + timedelta(hours=1, minutes=24, seconds=22)):
        running = look(ana.get(url)).select_one("[role=timer]")
        press(ana, f"{url}/pause")
    with clock.held_at(NINE + timedelta(hours=2)):
        paused = ana.get(url)

    assert (running.get_text(), running["data-seconds"]) == ("1:24:22", "5062")
    assert look(paused).select_one("[role=timer]").get_text() == "1:24:22"
    assert "data-module" not in look(paused).select_one("[role=timer]").attrs
    assert "Paused at 10:24" in words(paused)
    assert buttons(paused) == ["Resume"]

    with clock.held_at(NINE + timedelta(hours=2)):
        press(ana, f"{url}/resume")
        assert buttons(ana.get(url)) == ["Finish order"]


@pytest.mark.parametrize("verb", ["on-the-way", "start", "pause", "resume", "finish"])
def test_pressing_again_because_the_reply_was_lost_is_no_mistake(
    app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str, verb: str
) -> None:
    add_photo(app, alder, order_id, "before")
    add_photo(app, alder, order_id, "after")
    before = {
        "on-the-way": (),
        "start": (),
        "pause": (start,),
        "resume": (start, service.pause),
        "finish": (start, tick_all),
    }
    does(app, alder, order_id, *before[verb])

    answers = [press(ana, f"{url}/{verb}").status_code for _ in range(2)]

    assert answers == [303, 303]


def test_what_cannot_be_done_now_is_said_on_the_page(ana: FlaskClient, url: str) -> None:
    refused = press(ana, f"{url}/pause")

    assert refused.status_code == 409
    assert look(refused).select_one(".banner.is-bad[role=alert]")


def test_a_program_gets_the_refusal_as_a_problem_and_success_without_words(ana: FlaskClient, url: str) -> None:
    form = {"csrf_token": token(ana)}

    refused = ana.post(f"{url}/pause", data=form, headers=JSON)
    done = ana.post(f"{url}/start", data=form, headers=JSON)

    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    assert (done.status_code, done.data) == (204, b"")


def test_stopping_for_today_wants_a_reason_and_keeps_what_was_typed(
    app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
) -> None:
    does(app, alder, order_id, start)

    empty = press(ana, f"{url}/postpone", reason=" ")
    long = press(ana, f"{url}/postpone", reason="x" * 4001)
    done = press(ana, f"{url}/postpone", reason="The water is off")

    assert (empty.status_code, long.status_code, done.status_code) == (422, 422, 303)
    assert "Say why" in look(empty).select_one("details[open] .error").get_text()
    assert look(long).select_one("#f-reason").get_text().strip() == "x" * 4001
    assert order_of(app, alder, order_id).status == "scheduled"


def test_an_empty_note_is_refused_kindly_at_its_field(ana: FlaskClient, url: str) -> None:
    refused = press(ana, f"{url}/note", text="  ", for_client="1")

    assert refused.status_code == 422
    assert look(refused).select_one("#notes .error").get_text(strip=True) == "Write something first."
    assert look(refused).select_one("#f-for_client").has_attr("checked")


def test_ticks_go_one_by_one_with_script(app: Flask, ana: FlaskClient, url: str) -> None:
    (step,) = steps(ana, url)
    form = {"csrf_token": token(ana), "item": step}

    done = ana.post(f"{url}/tick", data={**form, "done": "1"}, headers=JSON)
    ticked = look(ana.get(url)).select_one("input[name=done]").has_attr("checked")
    ana.post(f"{url}/tick", data={**form, "done": "0"}, headers=JSON)

    assert (done.status_code, ticked) == (204, True)
    assert not look(ana.get(url)).select_one("input[name=done]").has_attr("checked")


def test_an_unticked_box_is_saved_too_without_script(ana: FlaskClient, url: str) -> None:
    shown = steps(ana, url)
    press(ana, f"{url}/tick", shown=shown, done=shown)

    press(ana, f"{url}/tick", shown=shown)

    assert not look(ana.get(url)).select_one("input[name=done]").has_attr("checked")


@pytest.mark.parametrize("item", ["7", "01a20840-0000-7692-b163-247fa0e6cd78"])
def test_a_tick_of_no_step_of_this_job_is_refused(ana: FlaskClient, url: str, item: str) -> None:
    answer = ana.post(f"{url}/tick", data={"csrf_token": token(ana), "item": item, "done": "1"}, headers=JSON)

    assert answer.status_code == (422 if item == "7" else 404)


def test_the_office_cancelling_meanwhile_is_told(
    app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
) -> None:
    office_does(app, alder, order_id, service.cancel)

    assert ana.get(url).status_code == 404
    assert press(ana, f"{url}/start").status_code == 404


def test_a_job_of_somebody_else_is_not_there(browse: Browse, alder: Company, birch: Company, url: str) -> None:
    for person in (alder.other_worker, birch.worker):
        phone = browse(person)
        assert phone.get(url).status_code == 404
        for act in ("on-the-way", "start", "finish", "note", "tick", "postpone"):
            assert press(phone, f"{url}/{act}", text="x", reason="x").status_code == 404
        assert send_files(phone, f"{url}/photos", pictures.small_jpeg(), phase="before").status_code == 404


def test_a_verb_that_does_not_exist_is_not_found(ana: FlaskClient, url: str) -> None:
    assert press(ana, f"{url}/cancel").status_code == 404


class TestPhotos:
    """Photos of a visit, by the plain form and by the phone's queue."""

    def test_a_form_sent_twice_stores_nothing_twice(
        self, app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
    ) -> None:
        for _ in range(2):
            send_files(ana, f"{url}/photos", pictures.small_jpeg(), phase="before")

        assert len(photos_of(app, alder, order_id)) == 1

    def test_the_good_ones_are_kept_and_the_others_named(
        self, app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
    ) -> None:
        answer = send_files(ana, f"{url}/photos", pictures.small_jpeg(), b"#!/bin/sh", phase="before")
        page = ana.get(url)

        assert answer.headers["Location"] == f"{url}#photos"
        assert len(photos_of(app, alder, order_id)) == 1
        assert "Photo sent." in words(page)
        assert "IMG_2.jpg: This is not a photo of a kind that can be used here." in words(page)

    def test_a_form_without_a_photo_says_so(self, ana: FlaskClient, url: str) -> None:
        send_files(ana, f"{url}/photos", phase="before")

        assert "Choose a photo first." in words(ana.get(url))

    def test_only_a_dozen_go_at_once(
        self, app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
    ) -> None:
        many = [pictures.small_jpeg(width=64 + n) for n in range(13)]

        send_files(ana, f"{url}/photos", *many, phase="after")

        assert len(photos_of(app, alder, order_id)) == 12
        assert "1 were left out" in words(ana.get(url))

    def test_a_store_that_fails_is_said_on_the_page(
        self, app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
    ) -> None:
        with troubled(app, before_put=at_put(1, full_disk)):
            send_files(ana, f"{url}/photos", pictures.small_jpeg(), phase="before")

        assert "Photos cannot be reached just now" in words(ana.get(url))
        assert photos_of(app, alder, order_id) == []

    def test_the_queue_of_the_phone_gets_json_and_may_repeat(
        self, ana: FlaskClient, url: str, app: Flask, alder: Company, order_id: UUID
    ) -> None:
        def send() -> tuple[int, str]:
            boundary, body = _body(token(ana), pictures.small_jpeg())
            kind = f"multipart/form-data; boundary={boundary}"
            answer = ana.post(
                f"{url}/photos", data=body, content_type=kind, headers={**JSON, "Idempotency-Key": "phone-1"}
            )
            return answer.status_code, answer.json["id"]

        first, again = send(), send()

        assert (first[0], again[0]) == (201, 200)
        assert first[1] == again[1]
        assert len(photos_of(app, alder, order_id)) == 1

    def test_the_page_of_a_photo_shows_it_and_lets_its_worker_remove_it(
        self, app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str
    ) -> None:
        photo_id = add_photo(app, alder, order_id)
        tile = look(ana.get(url)).select_one("#photos-before .photos a")

        page = look(ana.get(tile["href"]))
        picture = ana.get(page.select_one("figure img")["src"])
        removed = press(ana, f"{tile['href']}/remove")

        assert tile["href"] == f"{url}/photos/{photo_id}"
        assert picture.mimetype == "image/webp"
        assert ana.get(tile.img["src"]).status_code == 404
        assert removed.headers["Location"] == f"{url}#photos"
        assert photos_of(app, alder, order_id) == []

    def test_a_photo_of_the_office_cannot_be_removed_by_the_worker(
        self, app: Flask, ana: FlaskClient, alder: Company, order_id: UUID, url: str, api: FlaskClient
    ) -> None:
        boundary, body = _body("", pictures.small_jpeg())
        made = api.post(
            f"/v1/orders/{order_id}/photos",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=alder.dispatcher.bearer,
        )
        page = ana.get(f"{url}/photos/{made.json['id']}")

        assert look(page).select_one("form[action$=remove]") is None
        assert press(ana, f"{url}/photos/{made.json['id']}/remove").status_code == 403


def _body(csrf_token: str, data: bytes) -> tuple[str, bytes]:
    file = FileStorage(BytesIO(data), "photo.jpg", "file")
    return encode_multipart({"csrf_token": csrf_token, "phase": "before", "file": file})
