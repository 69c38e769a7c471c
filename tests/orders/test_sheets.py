"""The sheet of an order: what `queries.view` shows, in one statement and as plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import checklist, photos, queries, service, sheets
from doorstep.orders.models import Order
from tests import pictures, statements
from tests.cast import Company
from tests.orders.conftest import Make

ORDER = (
    "id", "number", "status", "client_id", "service_id", "starts_at", "scheduled", "wished_at", "wish_note", "extras",
    "address", "city", "postal_code", "details", "price_low_cents", "price_high_cents", "price_cents", "currency",
    "quote_note", "reason", "finished_at", "version",
)  # fmt: skip
PARTS = {
    "visits": ("worker_id", "worker_name", "worker_phone", "start", "end"),
    "checklist": ("label", "phase", "done_at"),
    "photos": ("phase", "sizes", "uploaded_by_kind", "visible_to_client"),
    "events": ("kind", "actor_kind", "actor_name", "at", "data"),
    "entries": ("started_at", "ended_at"),
}


def values(row: object, names: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


@pytest.fixture
def finished(booked: Order, office: Actor, ana: Actor) -> Order:
    """An order from the request to the stars, with a photo before and one after."""
    with transaction():
        service.on_the_way(ana, booked)
        service.start(ana, booked)
    for phase in ("before", "after"):
        photos.add(ana, booked.id, pictures.small_jpeg("teal" if phase == "before" else "navy"), phase=phase)
    with transaction():
        for item in checklist.items(booked):
            checklist.tick(ana, booked, item.id, done=True)
        service.complete(ana, booked, note="All done")
        service.rate(Actor("client", "Margaret", booked.client_id), booked, score=4, comment="Nice")
    return booked


def test_it_shows_what_the_rows_show(finished: Order, office: Actor) -> None:
    sheet, view = sheets.of(office, finished.id), queries.view(finished)
    assert values(sheet.order, ORDER) == values(view.order, ORDER)
    for part, names in PARTS.items():
        shown = [values(row, names) for row in getattr(sheet, part)]
        assert shown == [values(row, names) for row in getattr(view, part)]
        assert shown
    assert (sheet.client.name, sheet.service.name) == (view.client.name, view.service.name)
    assert values(sheet.feedback, ("score", "comment")) == (4, "Nice")
    assert [photos.link(photo, "thumb") for photo in sheet.photos] == [photos.link(p, "thumb") for p in view.photos]


def test_a_request_has_no_visit_and_nothing_on_it(make: Make, office: Actor) -> None:
    sheet = sheets.of(office, make().id)
    assert (sheet.order.scheduled, sheet.feedback) == (None, None)
    assert [*sheet.visits, *sheet.photos, *sheet.entries] == []


def test_a_photo_that_is_still_on_its_way_is_not_on_it(finished: Order, office: Actor) -> None:
    with transaction():
        queries.view(finished).photos[0].state = "uploading"
    assert len(sheets.of(office, finished.id).photos) == 1


def test_who_may_see_the_order_may_see_its_sheet(finished: Order, office: Actor, ana: Actor, alder: Company) -> None:
    client = Actor("client", "Margaret", alder.client_id)
    for who in (office, ana, client, replace(client, order_id=finished.id)):
        assert sheets.of(who, finished.id).order.id == finished.id


def test_nobody_else_may(finished: Order, office: Actor, ana: Actor, alder: Company, birch: Company) -> None:
    client = Actor("client", "Margaret", alder.client_id)
    strangers = (
        replace(client, id=alder.other_client_id),
        replace(client, order_id=alder.order_id),
        replace(ana, worker_id=alder.other_worker.worker_id),
        Actor("visitor"),
    )
    for who in strangers:
        with pytest.raises(NotFound):
            sheets.of(who, finished.id)
    with pytest.raises(NotFound):
        sheets.of(office, birch.order_id)


def test_it_is_one_statement_however_much_there_is(booked: Order, office: Actor, nine: datetime) -> None:
    with statements.overheard(db.engine) as few:
        sheets.of(office, booked.id)
    with transaction():
        for n in range(10):
            service.note(office, booked, text=f"note {n}")
    with clock.held_at(nine + timedelta(minutes=5)), statements.overheard(db.engine) as many:
        assert len(sheets.of(office, booked.id).events) > 10
    assert len(few) == len(many) == 1
