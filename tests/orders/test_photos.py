"""Photos from the upload to the end, when nothing goes wrong, and who may do what."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from doorstep.backends import registry
from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, UnsupportedMedia
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import checklist, photo_rows, photos, queries, service
from doorstep.orders.models import Order
from tests import pictures
from tests.cast import Company
from tests.orders.conftest import Make, acting
from tests.orders.photo_cases import rows, stored_files, take, told_of, visible
from tests.orders.stores import troubled


def client_of(alder: Company, **more: object) -> Actor:
    return Actor("client", "Margaret Whitfield", alder.client_id, **more)  # type: ignore[arg-type]


def step_of(order: Order, label: str) -> UUID:
    return next(item.id for item in checklist.items(order) if item.label == label)


def test_a_workers_photo_is_stored_in_three_sizes_and_told_on_the_timeline(
    app: Flask, booked: Order, ana: Actor
) -> None:
    photo, created = take(ana, booked)

    assert created
    assert [found.id for found in visible(booked)] == [photo.id]
    assert stored_files(app, photo) == 3
    assert told_of(booked) == ["photo_stored"]
    assert (photo.uploaded_by, photo.uploaded_by_kind) == (ana.name, "member")
    assert set(photo.sizes) == {"original", "large", "thumb"}


def test_the_bytes_in_the_store_are_the_picture_that_the_row_describes(booked: Order, ana: Actor) -> None:
    photo, _ = take(ana, booked, data=pictures.cornered_jpeg(6))

    for size in photo.sizes.values():
        with registry.storage().open(size["key"]) as file:
            data = file.read()
        assert len(data) == size["bytes"]
        image = Image.open(BytesIO(data))
        assert (image.width, image.height) == (size["width"], size["height"])
        assert size["key"].startswith(f"orders/{photo.org_id}/{booked.id}/{photo.id}/")


def test_a_twelve_megapixel_phone_photo_is_upright_small_and_without_its_place(booked: Order, ana: Actor) -> None:
    photo, _ = take(ana, booked, data=pictures.phone_jpeg())

    assert photo.sizes["original"]["height"] > photo.sizes["original"]["width"]
    assert photo.sizes["large"]["height"] == 1600
    assert photo.sizes["thumb"]["bytes"] < 60_000
    with registry.storage().open(photo.sizes["original"]["key"]) as file:
        data = file.read()
    assert not any(canary in data for canary in pictures.CANARIES)


def test_a_heic_photo_is_taken_and_kept_as_jpeg(booked: Order, ana: Actor) -> None:
    photo, _ = take(ana, booked, data=pictures.heic())

    assert photo.sizes["original"]["mime"] == "image/jpeg"
    assert photo.taken_at is not None


def test_the_time_of_taking_comes_from_the_phone_when_the_picture_does_not_say(booked: Order, ana: Actor) -> None:
    said = clock.now() - timedelta(hours=3)

    photo, _ = take(ana, booked, taken_at=said)

    assert photo.taken_at == said


@pytest.mark.parametrize("off", [timedelta(days=800), timedelta(days=-2)])
def test_a_phone_whose_clock_is_wrong_is_not_believed(booked: Order, ana: Actor, off: timedelta) -> None:
    photo, _ = take(ana, booked, taken_at=clock.now() - off)

    assert photo.taken_at is None


def test_the_same_key_with_the_same_bytes_gives_the_stored_photo(app: Flask, booked: Order, ana: Actor) -> None:
    first, _ = take(ana, booked, idempotency_key="k1")

    with troubled(app) as store:
        again, created = take(ana, booked, idempotency_key="k1")

    assert (again.id, created) == (first.id, False)
    assert store.puts == 0
    assert len(rows(booked)) == 1
    assert told_of(booked) == ["photo_stored"]


def test_the_same_key_with_other_bytes_is_refused(booked: Order, ana: Actor) -> None:
    take(ana, booked, idempotency_key="k1")

    with pytest.raises(Conflict, match="another photo"):
        take(ana, booked, idempotency_key="k1", data=pictures.small_jpeg("red"))
    assert len(rows(booked)) == 1


def test_one_key_does_not_reach_a_photo_of_another_order(booked: Order, make: Make, ana: Actor, office: Actor) -> None:
    take(ana, booked, idempotency_key="k1")

    with pytest.raises(Conflict, match="another photo"):
        take(office, make(), idempotency_key="k1")


def test_without_a_key_every_upload_is_a_photo_of_its_own(booked: Order, ana: Actor) -> None:
    take(ana, booked)
    take(ana, booked)

    assert len(visible(booked)) == 2


def test_a_photo_can_belong_to_a_step_and_lets_the_order_be_finished(booked: Order, ana: Actor) -> None:
    step = step_of(booked, "Photo before")

    take(ana, booked, checklist_item_id=step, phase="other")

    assert "photo missing: Photo before" not in checklist.missing(booked)


def test_a_step_of_another_order_is_refused(booked: Order, make: Make, ana: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        take(ana, booked, checklist_item_id=step_of(make(), "Photo before"))
    assert refused.value.errors[0].field == "checklist_item"


def test_an_unknown_phase_is_refused(booked: Order, ana: Actor) -> None:
    with pytest.raises(Invalid, match="before, after, or other"):
        take(ana, booked, phase="during")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", Invalid),
        (b"<html>not a photo</html>", UnsupportedMedia),
        (b"\xff\xd8\xff" + bytes(15 * 1024 * 1024), TooLarge),
        (b"\xff\xd8\xff\xe0 broken", Invalid),
    ],
)
def test_what_is_not_a_photo_leaves_no_row(booked: Order, ana: Actor, data: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        take(ana, booked, data=data)
    assert rows(booked) == []


def test_an_order_that_was_cancelled_takes_no_more_photos(booked: Order, office: Actor) -> None:
    with transaction():
        service.cancel(office, queries.find(office, booked.id, lock=True))

    with pytest.raises(Conflict, match="cancelled"):
        take(office, booked)


def test_a_photo_taken_offline_still_arrives_after_the_work_is_finished(
    booked: Order, ana: Actor, office: Actor
) -> None:
    finish(booked, ana)

    _, created = take(ana, booked, phase="after")

    assert created


def test_an_order_holds_a_bounded_number_of_photos(booked: Order, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_rows, "MOST_PER_ORDER", 2)
    take(ana, booked)
    take(ana, booked)

    with pytest.raises(Conflict, match="all it can hold"):
        take(ana, booked)


def test_no_transaction_is_open_while_the_store_works(app: Flask, booked: Order, ana: Actor) -> None:
    seen: list[bool] = []

    with troubled(app, before_put=lambda number: seen.append(db.session().in_transaction())):
        take(ana, booked)

    assert seen == [False, False, False]


def test_a_worker_who_is_not_assigned_finds_no_such_order(booked: Order, alder: Company) -> None:
    with pytest.raises(NotFound):
        take(acting(alder.other_worker, alder), booked)
    assert rows(booked) == []


def test_who_only_looks_cannot_add_photos(booked: Order, alder: Company) -> None:
    with pytest.raises(Forbidden):
        take(acting(alder.viewer, alder), booked)


def test_a_client_adds_photos_of_the_place_but_not_of_the_work(booked: Order, alder: Company) -> None:
    client = client_of(alder)

    _, created = take(client, booked, phase="other")

    assert created
    with pytest.raises(Forbidden):
        take(client, booked, phase="after")


def test_a_client_cannot_reach_the_order_of_another(booked: Order, alder: Company) -> None:
    with pytest.raises(NotFound):
        take(Actor("client", "Gus Halloran", alder.other_client_id), booked, phase="other")
    with pytest.raises(NotFound):
        take(client_of(alder, order_id=ids.new()), booked, phase="other")


def test_a_visitor_adds_photos_only_to_the_order_just_made(make: Make) -> None:
    visitor, order = Actor("visitor", "Margaret Whitfield"), make()

    with pytest.raises(NotFound):
        take(visitor, order, phase="other")
    photo, created = photos.add_to(visitor, order.id, pictures.small_jpeg(), phase="other")

    assert created
    assert photo.uploaded_by_kind == "visitor"


def test_a_removed_photo_is_gone_from_order_and_store(app: Flask, booked: Order, ana: Actor) -> None:
    photo, _ = take(ana, booked)

    photos.remove(ana, photo)

    assert rows(booked) == []
    assert stored_files(app, photo) == 0
    assert told_of(booked) == ["photo_stored", "photo_removed"]


def test_a_worker_removes_only_what_they_sent_and_only_until_the_end(booked: Order, ana: Actor, office: Actor) -> None:
    own, _ = take(ana, booked)
    other, _ = take(office, booked)

    with pytest.raises(Forbidden):
        photos.remove(ana, other)
    finish(booked, ana)
    with pytest.raises(Forbidden, match="finished"):
        photos.remove(ana, own)
    photos.remove(office, own)

    assert [photo.id for photo in visible(booked) if photo.id in (own.id, other.id)] == [other.id]


def test_a_rejected_photo_is_hidden_from_the_client_until_it_is_approved(
    booked: Order, ana: Actor, office: Actor, alder: Company
) -> None:
    photo, _ = take(ana, booked)
    client = client_of(alder)

    with transaction():
        photos.review(office, photo, "rejected")
    with pytest.raises(NotFound):
        photos.find(client, booked.id, photo.id)
    assert photos.find(ana, booked.id, photo.id).review == "rejected"

    with transaction():
        photos.review(office, photo, "approved")
    assert photos.find(client, booked.id, photo.id).visible_to_client
    with pytest.raises(Invalid):
        photos.review(office, photo, "wonderful")


def test_a_photo_is_found_only_under_its_own_order(booked: Order, make: Make, ana: Actor, office: Actor) -> None:
    photo, _ = take(ana, booked)

    with pytest.raises(NotFound):
        photos.find(office, make().id, photo.id)


def test_photos_come_in_pages_oldest_first(booked: Order, ana: Actor) -> None:
    taken = [take(ana, booked)[0].id for _ in range(3)]

    first, cursor = photos.rows(booked, 2, None)
    rest, end = photos.rows(booked, 2, cursor)

    assert [photo.id for photo in (*first, *rest)] == taken
    assert end is None


def finish(order: Order, worker: Actor) -> None:
    take(worker, order, phase="before")
    take(worker, order, phase="after")
    with transaction():
        mine = queries.find(worker, order.id, lock=True)
        service.start(worker, mine)
        checklist.tick(worker, mine, step_of(order, "Kitchen surfaces"), done=True)
        service.complete(worker, mine)


def test_two_organizations_may_use_the_same_key(booked: Order, ana: Actor, birch: Company) -> None:
    take(ana, booked, idempotency_key="k1")
    db.session.rollback()

    with tenancy.org_scope(birch.id):
        photo, created = photos.add(
            acting(birch.dispatcher, birch),
            birch.order_id,
            pictures.small_jpeg(),
            phase="before",
            idempotency_key="k1",
        )

    assert created
    assert photo.org_id == birch.id
