"""Photos of an order, from the upload to the end: rows (`photo_rows`), bytes in the store (`photo_objects`).

A photo has two lives. Its row is `uploading` while the bytes travel to the store and nobody sees it; one more
transaction makes it `stored`. Removing runs the same road back: `deleting`, then the bytes, then the row. So `add`
and `remove` make their own transactions and are called outside of any: none is open while the store works.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from doorstep.backends.storage.interface import StorageError
from doorstep.core import current, tenancy
from doorstep.core.actor import DISPATCH, Actor
from doorstep.core.errors import Forbidden, NotFound, Problem, invalid
from doorstep.core.extensions import db
from doorstep.core.http.paging import Keyset, by_time, split
from doorstep.core.transaction import transaction
from doorstep.orders import images, photo_links, photo_objects, photo_rows, queries
from doorstep.orders.images import Picture
from doorstep.orders.models import Order, Photo
from doorstep.orders.photo_rows import Upload

log = logging.getLogger(__name__)

VERDICTS: Final = ("approved", "rejected")
OLDEST_FIRST: Final[Keyset] = by_time(Photo.created_at, Photo.id, descending=False)


def add(
    who: Actor,
    order_id: UUID,
    data: bytes,
    *,
    phase: str,
    checklist_item_id: UUID | None = None,
    idempotency_key: str | None = None,
    taken_at: datetime | None = None,
) -> tuple[Photo, bool]:
    """Returns the stored photo and whether this call made it; the same key with the same bytes gives the first.

    `taken_at` is the phone's word, used when the picture does not say it. Raises TooLarge, UnsupportedMedia, Invalid
    (damaged, unknown phase or step), NotFound (order), Forbidden (not this actor's phase), Conflict (the order is
    closed; the key has another photo; the same photo is just arriving: `Retry-After`), Gone (removed meanwhile),
    Unavailable (trying again helps; nothing of it is visible).
    """
    check(data)
    _may_add(who, queries.find(who, order_id), phase)
    return add_to(
        who,
        order_id,
        data,
        phase=phase,
        checklist_item_id=checklist_item_id,
        idempotency_key=idempotency_key,
        taken_at=taken_at,
    )


def add_to(
    who: Actor,
    order_id: UUID,
    data: bytes,
    *,
    phase: str,
    checklist_item_id: UUID | None = None,
    idempotency_key: str | None = None,
    taken_at: datetime | None = None,
) -> tuple[Photo, bool]:
    """Does what `add` does, for an order that the caller knows to be the actor's: one a visitor has just made."""
    check(data)
    digest = hashlib.sha256(data).digest()
    upload = Upload(order_id, phase, checklist_item_id, idempotency_key, digest, taken_at)
    known = photo_rows.look_first(upload)
    if known is not None:
        return known, False
    db.session.rollback()
    picture = _developed(who, data)
    with transaction():
        claim = photo_rows.claim(who, upload, picture, current.settings().order_storage_backend)
    if claim.abandoned is not None:
        _discard(claim.abandoned)
    if claim.fresh:
        _send_to_store(claim.photo, picture)
        _show(who, claim.photo)
    return claim.photo, claim.fresh


def check(data: bytes) -> None:
    """Refuses without a look inside what cannot be a photo of ours. Raises TooLarge, Invalid, UnsupportedMedia."""
    images.check(data, current.settings().order_photo_allowed_mimes, current.settings().order_photo_max_bytes)


def find(who: Actor, order_id: UUID, photo_id: UUID) -> Photo:
    """Returns a photo of an order that the actor may see. Raises NotFound."""
    order = queries.find(who, order_id)
    photo = tenancy.get(Photo, photo_id)
    hidden = who.kind == "client" and not photo.visible_to_client
    if photo.order_id != order.id or photo.state != "stored" or hidden:
        raise NotFound("There is no such photo here.")
    return photo


def rows(order: Order, limit: int, cursor: str | None) -> tuple[Sequence[Photo], str | None]:
    """Returns a page of the order's photos, oldest first, and the cursor of the next page."""
    statement = select(Photo).where(Photo.order_id == order.id, Photo.state == "stored")
    found = db.session.execute(OLDEST_FIRST.page(statement, limit, cursor)).scalars().all()
    return split(found, limit, lambda photo: (photo.created_at, str(photo.id)))


def link(photo: Photo, size: str) -> str:
    """Returns the address (a path) of one size of the photo; it works for a few minutes, for this size only."""
    return photo_links.make(photo.org_id, photo.id, size).path


def remove(who: Actor, photo: Photo) -> None:
    """Takes the photo away from everybody at once, then from the store. What the store keeps back stays `deleting`,
    for the clean-up. Raises Forbidden: workers remove only what they sent, until the order is finished."""
    with transaction():
        row = tenancy.get(Photo, photo.id, lock=True)
        _may_remove(who, row)
        if row.state == "stored":
            photo_rows.record(who, row, "photo_removed")
        row.state = "deleting"
    _discard(row)


def review(who: Actor, photo: Photo, verdict: str) -> Photo:
    """Returns the photo, `approved` or `rejected` by the office; the client does not see a rejected one."""
    if verdict not in VERDICTS:
        raise invalid("verdict", "Choose approved or rejected.")
    photo.review, photo.visible_to_client = verdict, verdict == "approved"
    photo_rows.record(who, photo, "photo_reviewed", verdict=verdict)
    return photo


def _may_add(who: Actor, order: Order, phase: str) -> None:
    if who.kind == "system" or who.may(DISPATCH) or who.worker_id is not None:
        return
    if who.kind != "client":
        raise Forbidden("Your role does not include adding photos.")
    if phase != "other":
        raise Forbidden("Before and after photos are taken by the worker.")


def _may_remove(who: Actor, photo: Photo) -> None:
    if who.kind == "system" or who.may(DISPATCH):
        return
    if not sent_by(who, photo):
        raise Forbidden("Only the office can remove this photo.")
    if tenancy.get(Order, photo.order_id).status == "completed":
        raise Forbidden("This order is finished. Ask the office to remove the photo.")


def sent_by(who: Actor, photo: Photo) -> bool:
    """Returns whether the photo came from this worker."""
    return who.worker_id is not None and (photo.uploaded_by_kind, photo.uploaded_by) == (who.kind, who.name)


def _developed(who: Actor, data: bytes) -> Picture:
    return images.process(
        data,
        allowed_mimes=current.settings().order_photo_allowed_mimes,
        max_bytes=current.settings().order_photo_max_bytes,
        zone=who.org.zone if who.org else None,
    )


def _send_to_store(photo: Photo, picture: Picture) -> None:
    try:
        photo_objects.put(photo, picture)
    except Exception as error:
        with _left_for_the_clean_up():
            with transaction():
                photo_rows.give_up(photo)
            _discard(photo)
        if not isinstance(error, StorageError):
            raise
        log.warning("a photo could not be stored: %s", error)
        raise photo_objects.not_now() from error


def _show(who: Actor, photo: Photo) -> None:
    """Makes the photo visible. When the commit fails nobody can know whether it was done after all, so the bytes stay:
    the next try with the key finds the photo stored, or takes it over later."""
    with transaction():
        shown = photo_rows.show(who, photo)
    if not shown:
        photo_objects.delete(photo)
        raise photo_rows.arriving()


def _discard(photo: Photo) -> None:
    """Deletes the bytes, then the row, of a photo that nobody sees."""
    if photo_objects.delete(photo):
        with _left_for_the_clean_up(), transaction():
            photo_rows.forget(photo)


@contextmanager
def _left_for_the_clean_up() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, Problem):
        log.warning("the row of a photo that nobody sees is left for the clean-up", exc_info=True)
