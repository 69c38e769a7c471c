"""Photos of an order in the office: adding, looking, showing or hiding them from the client, removing."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from doorstep.admin import office
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction
from doorstep.orders import photos, queries, uploads_pages

VERDICTS = {"approve": "approved", "hide": "rejected"}
SAID = {"approve": "Approved; the client sees it.", "hide": "The client does not see this photo."}


def upload(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Takes photos from a plain form."""
    uploads_pages.several(who, queries.find(who, order_id).id)
    return redirect(_photos(order_id), 303)


def show(who: Actor, order_id: UUID, photo_id: UUID) -> str:
    """Shows one photo large."""
    found = photos.find(who, order_id, photo_id)
    order = queries.find(who, order_id)
    links = {size: photos.link(found, size) for size in ("large", "original")}
    return office.page(who, "order_photo", "orders", photo=found, order=order, links=links)


def review(who: Actor, order_id: UUID, photo_id: UUID, verdict: str) -> ResponseReturnValue:
    """Shows the photo to the client, or hides it."""
    with transaction():
        photos.review(who, photos.find(who, order_id, photo_id), VERDICTS[verdict])
    flash(SAID[verdict], "ok")
    return redirect(f"/office/orders/{order_id}/photos/{photo_id}", 303)


def remove(who: Actor, order_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Removes the photo for good."""
    photos.remove(who, photos.find(who, order_id, photo_id))
    flash("Photo removed.", "ok")
    return redirect(_photos(order_id), 303)


def _photos(order_id: UUID) -> str:
    return f"/office/orders/{order_id}#photos"
