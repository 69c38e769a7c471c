"""Photos that come with a request: none of them can lose it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.backends.storage.interface import StorageError
from doorstep.core import clock
from tests.orders.stores import troubled
from tests.pictures import heic, small_jpeg
from tests.portals.public_stage import MONDAY, TYPED, hidden, orders, photo, photos_of, send, thanks_path, words


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.held_at(MONDAY):
        yield


class TestPhotos:
    def test_they_come_with_the_order(self, stranger: FlaskClient, app: Flask) -> None:
        answer = send(stranger, photos=[photo(small_jpeg()), photo(heic(), "IMG_1.HEIC")])
        assert "With 2 photos" in words(stranger.get(thanks_path(answer)))
        kept = photos_of(app, orders(app)[0].id)
        assert [(p.phase, p.state, p.visible_to_client) for p in kept] == [("other", "stored", True)] * 2

    def test_a_broken_photo_does_not_lose_the_request(self, stranger: FlaskClient, app: Flask) -> None:
        answer = send(stranger, photos=[photo(b"<html>not a photo", "trick.jpg"), photo(small_jpeg())])
        thanks = words(stranger.get(thanks_path(answer)))
        assert "One photo was not taken" in thanks
        assert "trick.jpg:" in thanks
        assert "With 1 photo" in thanks
        assert len(photos_of(app, orders(app)[0].id)) == 1

    def test_more_than_six_are_left_out_and_it_says_so(self, stranger: FlaskClient, app: Flask) -> None:
        many = [photo(small_jpeg(width=64 + n)) for n in range(8)]
        thanks = words(stranger.get(thanks_path(send(stranger, photos=many))))
        assert "Only 6 photos can come with a request; 2 were left out." in thanks
        assert len(photos_of(app, orders(app)[0].id)) == 6

    def test_sent_twice_they_are_kept_once(self, stranger: FlaskClient, app: Flask) -> None:
        form = {**hidden(stranger.get("/b/alder")), **TYPED}
        for _ in range(2):
            data = {**form, "photos": photo(small_jpeg())}
            thanks_path(stranger.post("/b/alder", data=data, content_type="multipart/form-data"))
        assert len(photos_of(app, orders(app)[0].id)) == 1

    def test_an_empty_file_field_is_no_photo(self, stranger: FlaskClient, app: Flask) -> None:
        thanks = words(stranger.get(thanks_path(send(stranger, photos=photo(b"", "")))))
        assert "not taken" not in thanks

    def test_a_name_cannot_write_markup_or_fill_the_page(self, stranger: FlaskClient) -> None:
        name = "<img src=x>" + "y" * 300 + ".jpg"
        thanks = stranger.get(thanks_path(send(stranger, photos=photo(b"no photo at all", name))))
        assert "<img src=x>" not in thanks.text
        assert "y" * 60 not in thanks.text

    @pytest.mark.parametrize("fault", [StorageError("No space left on device", permanent=False), RuntimeError("a bug")])
    def test_a_store_that_is_down_does_not_lose_the_request(
        self, stranger: FlaskClient, app: Flask, fault: Exception
    ) -> None:
        def fail(number: int) -> None:
            raise fault

        with troubled(app, before_put=fail):
            path = thanks_path(send(stranger, photos=photo(small_jpeg())))
        thanks = words(stranger.get(path))
        assert "Your request is in. One photo was not taken." in thanks
        assert "hall.jpg:" in thanks
        assert [p for p in photos_of(app, orders(app)[0].id) if p.state == "stored"] == []
