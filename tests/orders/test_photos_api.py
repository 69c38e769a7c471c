"""The JSON addresses of photos."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from doorstep.core import clock, ids, tenancy
from doorstep.orders.models import Order
from tests import pictures
from tests.cast import Company, Person
from tests.conftest import Browse
from tests.orders.photo_cases import rows, visit, within
from tests.orders.stores import at_put, full_disk, troubled


def send(
    api: FlaskClient, person: Person, order_id: UUID, data: bytes | None = None, key: str | None = None, **fields: Any
) -> TestResponse:
    """Uploads a photo as a program does."""
    form = {"phase": "before", **fields}
    if data is not None:
        form["file"] = FileStorage(BytesIO(data), "photo.jpg", content_type="image/jpeg")
    headers = {**person.bearer, **({"Idempotency-Key": key} if key else {})}
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    return api.post(f"/v1/orders/{order_id}/photos", data=body, headers=headers, content_type=kind)


@pytest.fixture
def order_id(app: Flask, alder: Company) -> UUID:
    """A visit of Ana's."""
    return visit(app, alder)


def test_a_photo_is_created_and_listed_with_links_to_its_pictures(
    api: FlaskClient, alder: Company, order_id: UUID
) -> None:
    made = send(api, alder.worker, order_id, pictures.small_jpeg())
    listed = api.get(f"/v1/orders/{order_id}/photos", headers=alder.viewer.bearer)
    picture = api.get(made.json["sizes"]["thumb"]["url"])

    assert made.status_code == 201
    assert made.json["phase"] == "before"
    assert [item["id"] for item in listed.json["items"]] == [made.json["id"]]
    assert listed.json["next_cursor"] is None
    assert picture.status_code == 200
    assert len(picture.data) == made.json["sizes"]["thumb"]["bytes"]


def test_a_repeat_with_the_same_key_answers_200_with_the_same_photo(
    api: FlaskClient, alder: Company, order_id: UUID
) -> None:
    first = send(api, alder.worker, order_id, pictures.small_jpeg(), key="phone-1")
    again = send(api, alder.worker, order_id, pictures.small_jpeg(), key="phone-1")
    other = send(api, alder.worker, order_id, pictures.small_jpeg("red"), key="phone-1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json["id"] == first.json["id"]


def test_step_and_time_of_taking_come_along(api: FlaskClient, alder: Company, order_id: UUID) -> None:
    order = api.get(f"/v1/orders/{order_id}", headers=alder.worker.bearer).json
    step = next(item["id"] for item in order["checklist"] if item["photo_required"])
    said = (clock.now() - timedelta(hours=1)).isoformat()

    made = send(api, alder.worker, order_id, pictures.small_jpeg(), checklist_item=step, taken_at=said)

    assert made.json["checklist_item_id"] == step
    assert made.json["taken_at"][:19] == said[:19]


@pytest.mark.parametrize(
    ("data", "fields", "status", "field"),
    [
        (None, {}, 422, "file"),
        (b"", {}, 422, "file"),
        (b"#!/bin/sh", {}, 415, "file"),
        (b"\xff\xd8\xff half", {}, 422, "file"),
        (b"\xff\xd8\xff" + bytes(15 * 1024 * 1024), {}, 413, "file"),
        (b"x", {"phase": "during"}, 422, "phase"),
        (b"x", {"checklist_item": "7"}, 422, "checklist_item"),
        (b"x", {"taken_at": "yesterday"}, 422, "taken_at"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_field(
    api: FlaskClient,
    alder: Company,
    order_id: UUID,
    data: bytes | None,
    fields: dict[str, str],
    status: int,
    field: str,
) -> None:
    answer = send(api, alder.worker, order_id, data, **fields)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_body_far_too_large_is_refused_by_its_length(api: FlaskClient, alder: Company, order_id: UUID) -> None:
    answer = send(api, alder.worker, order_id, b"\xff\xd8\xff" + bytes(16 * 1024 * 1024))

    assert answer.status_code == 413


def test_a_failing_store_answers_503_and_the_next_try_works(
    app: Flask, api: FlaskClient, alder: Company, order_id: UUID
) -> None:
    with troubled(app, before_put=at_put(2, full_disk)):
        refused = send(api, alder.worker, order_id, pictures.small_jpeg(), key="phone-1")
    again = send(api, alder.worker, order_id, pictures.small_jpeg(), key="phone-1")

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert again.status_code == 201


def test_strangers_and_others_find_no_such_order(
    api: FlaskClient, alder: Company, birch: Company, order_id: UUID
) -> None:
    path = f"/v1/orders/{order_id}/photos"

    assert api.get(path).status_code == 401
    for person in (birch.owner, alder.other_worker):
        assert api.get(path, headers=person.bearer).status_code == 404
        assert send(api, person, order_id, pictures.small_jpeg()).status_code == 404
    assert send(api, alder.viewer, order_id, pictures.small_jpeg()).status_code == 403


def test_a_single_photo_is_shown_linked_reviewed_and_removed(api: FlaskClient, alder: Company, order_id: UUID) -> None:
    made = send(api, alder.worker, order_id, pictures.small_jpeg())
    one, office = f"/v1/orders/{order_id}/photos/{made.json['id']}", alder.dispatcher.bearer

    shown = api.get(one, headers=office)
    link = api.get(f"{one}/url?size=original", headers=office)
    reviewed = api.post(f"{one}/review", json={"verdict": "rejected"}, headers=office)
    by_worker = api.post(f"{one}/review", json={"verdict": "approved"}, headers=alder.worker.bearer)
    removed = api.delete(one, headers=alder.worker.bearer)

    assert shown.json["id"] == made.json["id"]
    assert api.get(link.json["url"]).status_code == 404  # removed since
    assert link.json["expires_at"] > clock.now().isoformat()
    assert (reviewed.json["review"], reviewed.json["visible_to_client"]) == ("rejected", False)
    assert by_worker.status_code == 403
    assert removed.status_code == 204
    assert api.get(one, headers=office).status_code == 404


@pytest.mark.parametrize("query", ["size=huge", "siez=thumb"])
def test_a_link_for_no_known_size_is_refused(api: FlaskClient, alder: Company, order_id: UUID, query: str) -> None:
    made = send(api, alder.worker, order_id, pictures.small_jpeg())

    answer = api.get(f"/v1/orders/{order_id}/photos/{made.json['id']}/url?{query}", headers=alder.owner.bearer)

    assert answer.status_code == 422


def test_a_photo_of_another_company_is_not_there(
    api: FlaskClient, alder: Company, birch: Company, order_id: UUID
) -> None:
    made = send(api, alder.worker, order_id, pictures.small_jpeg())

    for path in (order_id, birch.order_id):
        one = f"/v1/orders/{path}/photos/{made.json['id']}"
        assert api.get(one, headers=birch.owner.bearer).status_code == 404
        assert api.delete(one, headers=birch.owner.bearer).status_code == 404
    assert api.get(f"/v1/orders/{ids.new()}/photos", headers=birch.owner.bearer).status_code == 404


def test_a_browser_needs_the_token_of_its_page(browse: Browse, alder: Company, order_id: UUID) -> None:
    form = {"phase": "before", "file": (BytesIO(pictures.small_jpeg()), "photo.jpg")}

    answer = browse(alder.worker).post(f"/v1/orders/{order_id}/photos", data=form)

    assert answer.status_code == 400


def test_no_row_is_made_for_what_is_refused(app: Flask, api: FlaskClient, alder: Company, order_id: UUID) -> None:
    send(api, alder.worker, order_id, b"\xff\xd8\xff half", key="k1")

    with within(app, alder):
        assert rows(tenancy.get(Order, order_id)) == []
