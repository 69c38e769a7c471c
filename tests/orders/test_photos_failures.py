"""Uploads that break half-way: nothing half-done is ever seen, nothing is lost, and the next try works."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from uuid import UUID

import pytest
from flask import Flask

from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Gone, Unavailable
from doorstep.core.extensions import db
from doorstep.orders import photos
from doorstep.orders.models import Order, Photo
from tests import pictures
from tests.cast import Company
from tests.orders.photo_cases import rows, stored_files, take, told_of, visible
from tests.orders.stores import Killed, at_put, files_below, full_disk, killed, troubled

LATER = timedelta(minutes=3)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_store_that_fails_at_any_picture_leaves_nothing_behind(
    app: Flask, booked: Order, ana: Actor, number: int
) -> None:
    before = files_below(app)

    with troubled(app, before_put=at_put(number, full_disk)), pytest.raises(Unavailable) as refused:
        take(ana, booked, idempotency_key="k1")

    assert refused.value.headers["Retry-After"]
    assert rows(booked) == []
    assert files_below(app) == before
    assert told_of(booked) == []


def test_the_next_try_after_a_failing_store_works_at_once(app: Flask, booked: Order, ana: Actor) -> None:
    with troubled(app, before_put=at_put(2, full_disk)), pytest.raises(Unavailable):
        take(ana, booked, idempotency_key="k1")

    photo, created = take(ana, booked, idempotency_key="k1")

    assert created
    assert [row.id for row in rows(booked)] == [photo.id]


def test_a_store_that_neither_takes_nor_gives_back_leaves_a_row_for_the_clean_up(
    app: Flask, booked: Order, ana: Actor
) -> None:
    with troubled(app, before_put=at_put(2, full_disk), before_delete=full_disk), pytest.raises(Unavailable):
        take(ana, booked, idempotency_key="k1")

    (left,) = rows(booked)
    assert (left.state, left.idempotency_key) == ("deleting", None)
    assert visible(booked) == []
    _, created = take(ana, booked, idempotency_key="k1")
    assert created
    assert len(visible(booked)) == 1


def test_a_mistake_of_ours_in_the_store_is_not_called_its_failure(app: Flask, booked: Order, ana: Actor) -> None:
    def mistaken() -> None:
        raise ValueError("ours")

    with troubled(app, before_put=at_put(1, mistaken)), pytest.raises(ValueError, match="ours"):
        take(ana, booked)
    assert rows(booked) == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_process_killed_on_the_way_leaves_nothing_visible(app: Flask, booked: Order, ana: Actor, number: int) -> None:
    with troubled(app, before_put=at_put(number, killed)), pytest.raises(Killed):
        take(ana, booked, idempotency_key="k1")

    (left,) = rows(booked)
    assert left.state == "uploading"
    assert set(left.sizes) == {"original", "large", "thumb"}
    assert visible(booked) == []


def test_soon_after_a_kill_the_phone_is_asked_to_wait(app: Flask, booked: Order, ana: Actor) -> None:
    with troubled(app, before_put=at_put(3, killed)), pytest.raises(Killed):
        take(ana, booked, idempotency_key="k1")

    with pytest.raises(Conflict) as busy:
        take(ana, booked, idempotency_key="k1")
    assert busy.value.headers["Retry-After"] == "5"


def test_later_the_same_key_takes_the_place_of_the_killed_upload(app: Flask, booked: Order, ana: Actor) -> None:
    with troubled(app, before_put=at_put(3, killed)), pytest.raises(Killed):
        take(ana, booked, idempotency_key="k1")
    (left,) = rows(booked)

    with clock.held_at(clock.now() + LATER):
        photo, created = take(ana, booked, idempotency_key="k1")

    assert created
    assert [row.id for row in rows(booked)] == [photo.id]
    assert stored_files(app, left) == 0
    assert stored_files(app, photo) == 3


def test_a_slow_upload_that_was_overtaken_takes_its_own_pictures_back(app: Flask, booked: Order, ana: Actor) -> None:
    overtaking: list[UUID] = []
    before = len(files_below(app))

    def overtaken() -> None:
        with clock.held_at(clock.now() + LATER):
            overtaking.append(take(ana, booked, idempotency_key="k1")[0].id)

    with troubled(app) as store:
        store.before_put = at_put(3, lambda: (setattr(store, "before_put", lambda number: None), overtaken())[0])
        with pytest.raises(Conflict):
            take(ana, booked, idempotency_key="k1")

    (row,) = rows(booked)
    assert [row.id] == overtaking
    assert row.state == "stored"
    assert stored_files(app, row) == 3
    assert len(files_below(app)) == before + 3
    assert told_of(booked) == ["photo_stored"]


def test_when_the_last_commit_fails_the_bytes_stay_for_the_next_try(
    app: Flask, booked: Order, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(who: Actor, photo: Photo) -> bool:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr("doorstep.orders.photo_rows.show", lost)
        with pytest.raises(Unavailable):
            take(ana, booked, idempotency_key="k1")

    (left,) = rows(booked)
    assert left.state == "uploading"
    assert stored_files(app, left) == 3


def test_a_reply_lost_after_the_commit_does_no_harm(booked: Order, ana: Actor) -> None:
    take(ana, booked, idempotency_key="k1")

    _, created = take(ana, booked, idempotency_key="k1")

    assert not created
    assert len(visible(booked)) == 1


def in_threads(app: Flask, company: Company, *work: Callable[[], object]) -> list[object]:
    """Runs all at the same time, each in a context and session of its own; errors are results too."""
    together = Barrier(len(work))

    def run(act: Callable[[], object]) -> object:
        with app.app_context(), tenancy.org_scope(company.id):
            together.wait(10)
            try:
                return act()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_two_at_once_with_one_key_store_one_photo(app: Flask, booked: Order, ana: Actor, alder: Company) -> None:
    order_id = booked.id
    db.session.rollback()

    def send() -> object:
        return photos.add(ana, order_id, pictures.small_jpeg(), phase="before", idempotency_key="k1")[1]

    results = in_threads(app, alder, send, send)

    assert results.count(True) == 1
    other = next(result for result in results if result is not True)
    assert other is False or isinstance(other, Conflict)
    (row,) = rows(booked)
    assert row.state == "stored"
    assert stored_files(app, row) == 3
    assert told_of(booked) == ["photo_stored"]


def test_while_the_first_is_on_its_way_the_second_is_asked_to_wait(
    app: Flask, booked: Order, ana: Actor, alder: Company
) -> None:
    order_id = booked.id
    db.session.rollback()
    putting, go_on = Event(), Event()

    def slow() -> None:
        putting.set()
        go_on.wait(20)

    def first() -> object:
        return photos.add(ana, order_id, pictures.small_jpeg(), phase="before", idempotency_key="k1")[1]

    def second() -> object:
        putting.wait(20)
        try:
            return photos.add(ana, order_id, pictures.small_jpeg(), phase="before", idempotency_key="k1")[1]
        finally:
            go_on.set()

    with troubled(app, before_put=at_put(1, slow)):
        done, waiting = in_threads(app, alder, first, second)

    assert done is True
    assert isinstance(waiting, Conflict)
    assert waiting.headers["Retry-After"] == "5"


def test_two_at_once_take_over_an_abandoned_upload_only_once(
    app: Flask, booked: Order, ana: Actor, alder: Company
) -> None:
    with troubled(app, before_put=at_put(1, killed)), pytest.raises(Killed):
        take(ana, booked, idempotency_key="k1")
    order_id = booked.id
    db.session.rollback()

    def send() -> object:
        with clock.held_at(clock.now() + LATER):
            return photos.add(ana, order_id, pictures.small_jpeg(), phase="before", idempotency_key="k1")[1]

    results = in_threads(app, alder, send, send)

    assert results.count(True) == 1
    (row,) = rows(booked)
    assert row.state == "stored"


def test_a_photo_that_the_store_does_not_give_back_is_invisible_all_the_same(
    app: Flask, booked: Order, ana: Actor
) -> None:
    photo, _ = take(ana, booked, idempotency_key="k1")

    with troubled(app, before_delete=full_disk):
        photos.remove(ana, photo)

    (left,) = rows(booked)
    assert left.state == "deleting"
    assert visible(booked) == []
    with pytest.raises(Gone):
        take(ana, booked, idempotency_key="k1")


def test_removing_again_takes_the_rest_away(app: Flask, booked: Order, ana: Actor, office: Actor) -> None:
    photo, _ = take(ana, booked)
    with troubled(app, before_delete=full_disk):
        photos.remove(ana, photo)

    photos.remove(office, photo)

    assert rows(booked) == []
    assert stored_files(app, photo) == 0
    assert told_of(booked) == ["photo_stored", "photo_removed"]
