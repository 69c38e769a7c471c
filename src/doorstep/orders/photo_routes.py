"""The addresses of photos, each with its guard. Mounted by `orders/routes`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import request

from doorstep.auth.guards import may
from doorstep.core import current
from doorstep.core.actor import DISPATCH, VIEW, WORK, Actor
from doorstep.core.extensions import db
from doorstep.core.http.openapi import list_of
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.routes import Guard, Route, api, page, public
from doorstep.orders import photo_shapes as s
from doorstep.orders import photos_api

ROOM_FOR_FIELDS: Final = 100_000


@dataclass(frozen=True)
class Uploads:
    """Lets in whom `guard` lets in, and makes ready for `most` photos in one body: nothing larger is read, and no
    transaction stays open while a slow phone sends it."""

    guard: Guard
    most: int = 1

    @property
    def says(self) -> str:
        """Whom it lets in."""
        return self.guard.says

    def __call__(self, **values: Any) -> Actor | None:
        who = self.guard(**values)
        db.session.rollback()
        request.max_content_length = self.most * current.settings().order_photo_max_bytes + ROOM_FOR_FIELDS
        return who


PHOTOS: Final = "/v1/orders/<uuid:order_id>/photos"
ONE: Final = f"{PHOTOS}/<uuid:photo_id>"

see = may(VIEW, DISPATCH, WORK)
work = may(DISPATCH, WORK)

PHOTO_ROUTES: Final[tuple[Route, ...]] = (
    api("GET", PHOTOS, photos_api.index, see, query=PageQuery, answer=list_of(s.PhotoOut)),
    api(
        "POST",
        PHOTOS,
        photos_api.upload,
        Uploads(work),
        files=s.PhotoUpload,
        answer=s.PhotoOut,
        status=201,
        replays=False,
    ),
    api("GET", ONE, photos_api.show, see, answer=s.PhotoOut),
    api("DELETE", ONE, photos_api.remove, work, status=204),
    api("GET", f"{ONE}/url", photos_api.url, see, query=s.SizeQuery, answer=s.UrlOut),
    api("POST", f"{ONE}/review", photos_api.review, may(DISPATCH), body=s.ReviewIn, answer=s.PhotoOut),
    page("GET", "/photos/<uuid:org_id>/<uuid:photo_id>/<size>", photos_api.picture, public),
)
