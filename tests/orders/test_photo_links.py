"""Links to pictures: short-lived, for one picture, and how the pictures are sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core import clock, ids, tenancy
from doorstep.orders import photo_links, photos
from doorstep.orders.models import Photo
from tests import pictures
from tests.cast import Company
from tests.orders.conftest import acting
from tests.orders.photo_cases import visit, within
from tests.orders.stores import files_below, full_disk


@dataclass(frozen=True)
class Stored:
    """A stored photo, and links to it as the pages make them."""

    app: Flask
    company: Company
    order_id: UUID
    org_id: UUID
    id: UUID
    sizes: dict[str, dict[str, Any]]

    def link(self, size: str) -> str:
        with self.app.app_context():
            return photo_links.make(self.org_id, self.id, size).path

    def remove(self) -> None:
        with within(self.app, self.company):
            photos.remove(acting(self.company.worker, self.company), tenancy.get(Photo, self.id))


def stored(app: Flask, company: Company) -> Stored:
    order_id = visit(app, company)
    with within(app, company):
        who = acting(company.worker, company)
        made, _ = photos.add(who, order_id, pictures.small_jpeg(width=640, height=480), phase="before")
        return Stored(app, company, order_id, made.org_id, made.id, made.sizes)


@pytest.fixture
def photo(app: Flask, alder: Company) -> Stored:
    """A stored photo of Alder."""
    return stored(app, alder)


def changed(link: str, **values: str) -> str:
    """Returns the link with other query values."""
    parts = urlsplit(link)
    query = {name: found[0] for name, found in parse_qs(parts.query).items()} | values
    return f"{parts.path}?" + "&".join(f"{name}={value}" for name, value in query.items())


@pytest.mark.parametrize(
    ("size", "mime", "shown"),
    [("thumb", "image/webp", "inline"), ("large", "image/webp", "inline"), ("original", "image/jpeg", "attachment")],
)
def test_a_link_opens_its_picture_and_nothing_can_run_in_it(
    stranger: FlaskClient, photo: Stored, size: str, mime: str, shown: str
) -> None:
    answer = stranger.get(photo.link(size))

    assert answer.status_code == 200
    assert answer.mimetype == mime
    assert len(answer.data) == photo.sizes[size]["bytes"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith(f"{shown}; filename=")
    assert answer.headers["Cache-Control"].startswith("private, max-age=")


def test_a_link_for_the_thumb_opens_neither_another_size_nor_another_photo(
    app: Flask, stranger: FlaskClient, photo: Stored, birch: Company
) -> None:
    other_id = str(stored(app, birch).id)
    link = photo.link("thumb")

    assert stranger.get(link.replace("/thumb", "/large")).status_code == 403
    assert stranger.get(link.replace("/thumb", "/original")).status_code == 403
    assert stranger.get(link.replace(str(photo.id), other_id)).status_code == 403


def test_a_link_of_one_company_is_worth_nothing_for_another(
    stranger: FlaskClient, photo: Stored, birch: Company
) -> None:
    moved = photo.link("thumb").replace(str(photo.org_id), str(birch.id))
    own = replace(photo, org_id=birch.id).link("thumb")

    assert stranger.get(moved).status_code == 403
    assert stranger.get(own).status_code == 404


@pytest.mark.parametrize(
    "values",
    [{"e": "9999999999"}, {"e": ""}, {"e": "x"}, {"e": "-1"}, {"e": "9" * 400}, {"s": "A" * 43}, {"s": ""}, {"s": "é"}],
)
def test_a_tampered_link_is_refused(stranger: FlaskClient, photo: Stored, values: dict[str, str]) -> None:
    answer = stranger.get(changed(photo.link("thumb"), **values))

    assert answer.status_code == 403
    assert answer.mimetype == "text/html"


def test_a_link_without_its_query_is_refused(stranger: FlaskClient, photo: Stored) -> None:
    assert stranger.get(f"/photos/{photo.org_id}/{photo.id}/thumb").status_code == 403


def test_a_link_ends_after_a_few_minutes(app: Flask, stranger: FlaskClient, photo: Stored) -> None:
    lifetime = app.extensions["doorstep.settings"].photo_url_ttl_seconds
    link, made = photo.link("thumb"), clock.now()

    with clock.held_at(made + timedelta(seconds=lifetime // 2 - 1)):
        early = stranger.get(link).status_code
    with clock.held_at(made + timedelta(seconds=lifetime + 1)):
        late = stranger.get(link).status_code

    assert (early, late) == (200, 410)


def test_a_page_loaded_again_names_the_same_address_so_that_browsers_keep_the_picture(photo: Stored) -> None:
    moment = clock.now().replace(minute=0, second=10)

    with clock.held_at(moment):
        first = photo.link("thumb")
    with clock.held_at(moment + timedelta(seconds=60)):
        again = photo.link("thumb")

    assert first == again


def test_a_part_of_the_picture_can_be_asked_for(stranger: FlaskClient, photo: Stored) -> None:
    link = photo.link("original")
    whole = stranger.get(link).data

    part = stranger.get(link, headers={"Range": "bytes=10-19"})
    beyond = stranger.get(link, headers={"Range": "bytes=9999999-"})

    assert (part.status_code, part.data) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert beyond.status_code == 416


def test_a_picture_that_the_browser_has_is_not_sent_again(stranger: FlaskClient, photo: Stored) -> None:
    link = photo.link("thumb")
    tag = stranger.get(link).headers["ETag"]

    again = stranger.get(link, headers={"If-None-Match": tag})
    head = stranger.head(link)

    assert (again.status_code, again.data) == (304, b"")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(photo.sizes["thumb"]["bytes"])


def test_a_removed_photo_is_not_opened_by_a_link_that_still_runs(stranger: FlaskClient, photo: Stored) -> None:
    link = photo.link("thumb")
    photo.remove()

    assert stranger.get(link).status_code == 404


def test_a_picture_missing_in_the_store_is_not_found(app: Flask, stranger: FlaskClient, photo: Stored) -> None:
    app.extensions["doorstep.storage"].delete(photo.sizes["thumb"]["key"])

    assert stranger.get(photo.link("thumb")).status_code == 404


def test_a_store_that_does_not_answer_is_503(app: Flask, stranger: FlaskClient, photo: Stored) -> None:
    class Away:
        def open(self, key: str) -> None:
            full_disk()

    real = app.extensions["doorstep.storage"]
    app.extensions["doorstep.storage"] = Away()
    try:
        answer = stranger.get(photo.link("thumb"))
    finally:
        app.extensions["doorstep.storage"] = real

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"


def test_an_unknown_size_is_not_found_even_when_signed(stranger: FlaskClient, photo: Stored) -> None:
    assert stranger.get(photo.link("huge")).status_code == 404
    assert stranger.get(replace(photo, id=ids.new()).link("thumb")).status_code == 404


def test_pictures_are_readable_by_this_account_alone(app: Flask, photo: Stored) -> None:
    modes = {path.stat().st_mode & 0o777 for path in files_below(app)}

    assert modes == {0o600}
