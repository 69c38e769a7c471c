"""The JSON addresses of photos, and the address that the pictures themselves come from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.datastructures import FileStorage

from doorstep.core import current, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Invalid, NotFound, invalid
from doorstep.core.http.idempotency import given_key
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction
from doorstep.orders import photo_links, photo_objects, photo_shapes, photos, queries
from doorstep.orders.models import Photo

Answer = dict[str, Any]


def index(who: Actor, order_id: UUID, query: Answer) -> Answer:
    """List the photos of an order, oldest first."""
    items, following = photos.rows(queries.find(who, order_id), query["limit"], query["cursor"])
    return {"items": [photo_shapes.told(photo) for photo in items], "next_cursor": following}


def upload(who: Actor, order_id: UUID) -> tuple[Answer, int]:
    """Add a photo; the same Idempotency-Key with the same file answers 200 with the photo that is there."""
    form = Form.read(photo_shapes.PhotoForm)
    if not form.ok:
        raise Invalid("Some of it needs another look.", errors=form.errors)
    photo, created = photos.add(
        who,
        order_id,
        read(request.files.get("file")),
        phase=form.values["phase"],
        checklist_item_id=form.values["checklist_item"],
        idempotency_key=given_key(),
        taken_at=form.values["taken_at"],
    )
    return photo_shapes.told(photo), 201 if created else 200


def show(who: Actor, order_id: UUID, photo_id: UUID) -> Answer:
    """Show one photo."""
    return photo_shapes.told(photos.find(who, order_id, photo_id))


def url(who: Actor, order_id: UUID, photo_id: UUID, query: Answer) -> Answer:
    """Give a link to one size of a photo; it works for a few minutes."""
    photo = photos.find(who, order_id, photo_id)
    link = photo_links.make(photo.org_id, photo.id, query["size"])
    return {"url": link.path, "expires_at": link.expires_at}


def remove(who: Actor, order_id: UUID, photo_id: UUID) -> None:
    """Remove a photo from the order and from the store."""
    photos.remove(who, photos.find(who, order_id, photo_id))


def review(who: Actor, order_id: UUID, photo_id: UUID, body: Answer) -> Answer:
    """Approve a photo, or keep it from the client."""
    with transaction():
        photo = photos.review(who, photos.find(who, order_id, photo_id), body["verdict"])
    return photo_shapes.told(photo)


def picture(org_id: UUID, photo_id: UUID, size: str) -> Response:
    """Send one size of a photo. The signature in the address is the guard."""
    ends, signature = request.args.get("e", ""), request.args.get("s", "")
    seconds = photo_links.seconds_left(org_id, photo_id, size, ends=ends, signature=signature)
    with tenancy.org_scope(org_id):
        photo = tenancy.get(Photo, photo_id)
        if photo.state != "stored" or size not in photo.sizes:
            raise NotFound("This photo is not here any more.")
        kept = photo.sizes[size]
    return _sent(photo_objects.read(kept["key"]), kept, f"{photo_id.hex}-{size}", size, seconds)


def read(file: FileStorage | None) -> bytes:
    """Returns the bytes of an upload, at most one more than allowed, which `photos` refuses. Raises Invalid without
    a file."""
    if file is None:
        raise invalid("file", "Choose a photo.")
    return file.stream.read(current.settings().order_photo_max_bytes + 1)


def _sent(data: bytes, kept: Answer, name: str, size: str, seconds: int) -> Response:
    """Returns the picture, whole or the part asked for, or 304. The type is ours, never guessed from the bytes."""
    response = Response(data, mimetype=kept["mime"])
    response.set_etag(name)
    shown = "attachment" if size == "original" else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}.{kept["key"].rpartition(".")[2]}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = f"private, max-age={seconds}, immutable"
    response.make_conditional(request.environ, accept_ranges=True, complete_length=len(data))
    return response
