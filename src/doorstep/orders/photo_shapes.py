"""Photos as plain values for JSON, and the shapes of what comes in."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields, validate

from doorstep.core.http.times import Moment
from doorstep.orders import photo_objects, photos
from doorstep.orders.models import PHASES, Photo

VERDICT: Final = validate.OneOf(photos.VERDICTS)


class PhotoForm(Schema):
    """The fields beside the file of a multipart upload."""

    phase = fields.String(load_default="other", validate=validate.OneOf(PHASES))
    checklist_item = fields.UUID(load_default=None)
    taken_at = Moment(load_default=None)


class PhotoUpload(PhotoForm):
    """A photo to be added: the file and what it shows."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class SizeQuery(Schema):
    """Which picture of the photo."""

    size = fields.String(load_default="large", validate=validate.OneOf(photo_objects.SIZES))


class UrlOut(Schema):
    """A link to a picture and when it ends."""

    url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class ReviewIn(Schema):
    """The office's word on a photo."""

    verdict = fields.String(required=True, validate=VERDICT)


class PictureOut(Schema):
    """One size of a photo, with a link that works for a few minutes."""

    url = fields.String(required=True)
    mime = fields.String(required=True)
    bytes = fields.Integer(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class PhotoOut(Schema):
    """A photo of an order."""

    id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    phase = fields.String(required=True, validate=validate.OneOf(PHASES))
    checklist_item_id = fields.UUID(required=True, allow_none=True)
    taken_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    uploaded_by = fields.String(required=True)
    uploaded_by_kind = fields.String(required=True)
    visible_to_client = fields.Boolean(required=True)
    review = fields.String(required=True, allow_none=True, validate=VERDICT)
    sizes = fields.Dict(keys=fields.String(), values=fields.Nested(PictureOut), required=True)


_OWN: Final = (
    "id",
    "order_id",
    "phase",
    "checklist_item_id",
    "taken_at",
    "created_at",
    "uploaded_by",
    "uploaded_by_kind",
    "visible_to_client",
    "review",
)


def told(photo: Photo) -> dict[str, Any]:
    """Returns the photo with links to its pictures."""
    return {
        **{name: getattr(photo, name) for name in _OWN},
        "sizes": {size: _picture(photo, size) for size in photo_objects.SIZES},
    }


def _picture(photo: Photo, size: str) -> dict[str, Any]:
    kept = photo.sizes[size]
    return {"url": photos.link(photo, size), **{name: kept[name] for name in ("mime", "bytes", "width", "height")}}
