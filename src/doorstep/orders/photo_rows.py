"""The rows of photos on their way in and out: who holds which key, what is visible, what the timeline says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from doorstep.core import clock, events, ids, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Gone, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import constraint_of, save
from doorstep.orders import photo_objects
from doorstep.orders.images import Picture
from doorstep.orders.models import PHASES, ChecklistItem, Order, OrderEvent, Photo

CLOSED: Final = ("declined", "cancelled")
ABANDONED_AFTER: Final = timedelta(minutes=2)
MOST_PER_ORDER: Final = 300
OLDEST_TAKEN: Final = timedelta(days=366)
ONE_KEY: Final = "uq_photos_idempotency_key"


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of a photo before its bytes are looked at."""

    order_id: UUID
    phase: str
    checklist_item_id: UUID | None
    key: str | None
    sha256: bytes
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The row an upload got: a fresh one, or the one that already holds this very photo. `abandoned` is a row
    whose upload never ended and which made room."""

    photo: Photo
    fresh: bool
    abandoned: Photo | None = None


def look_first(upload: Upload) -> Photo | None:
    """Returns the photo when it is stored already. Raises what makes looking at its bytes needless."""
    order = tenancy.get(Order, upload.order_id)
    if upload.phase not in PHASES:
        raise invalid("phase", "A photo is taken before, after, or other.")
    held = _holder_of(upload.key)
    if held is not None and _same(held, upload).state == "stored":
        return held
    if order.status in CLOSED:
        raise Conflict(f"This order was {order.status}; it takes no more photos.")
    if upload.checklist_item_id and not _is_step(upload.checklist_item_id, order):
        raise invalid("checklist_item", "This order has no such step.")
    if _count(order) >= MOST_PER_ORDER:
        raise Conflict(f"This order has {MOST_PER_ORDER} photos; that is all it can hold.")
    return None


def claim(who: Actor, upload: Upload, picture: Picture, backend: str) -> Claim:
    """Returns the row for this upload, `uploading` when it is fresh; of several with one key one gets it.

    Raises Conflict while another upload of the key is under way or when the key has another photo, Gone when it
    was removed.
    """
    photo = _row(who, upload, picture, backend)
    if _inserted(photo):
        return Claim(photo, fresh=True)
    held = _holder_of(upload.key, lock=True)
    if held is None:
        raise arriving()
    if _same(held, upload).state == "stored":
        return Claim(held, fresh=False)
    if held.created_at > clock.now() - ABANDONED_AFTER:
        raise arriving()
    held.state, held.idempotency_key = "deleting", None
    save(held)
    return Claim(save(photo), fresh=True, abandoned=held)


def show(who: Actor, photo: Photo) -> bool:
    """Makes the photo visible and tells of it. Returns False when its row was taken over meanwhile."""
    mine = update(Photo).where(Photo.id == photo.id, Photo.state == "uploading").values(state="stored")
    if db.session.execute(mine.returning(Photo.id)).first() is None:
        return False
    record(who, photo, "photo_stored")
    events.publish("photo.stored", who, photo)
    return True


def give_up(photo: Photo) -> None:
    """Frees the key of an upload that failed, so that the next try need not wait."""
    mine = update(Photo).where(Photo.id == photo.id, Photo.state == "uploading")
    db.session.execute(mine.values(state="deleting", idempotency_key=None))


def forget(photo: Photo) -> None:
    """Deletes the row of a photo whose bytes are gone."""
    db.session.execute(delete(Photo).where(Photo.id == photo.id, Photo.state == "deleting"))


def record(who: Actor, photo: Photo, kind: str, **data: Any) -> None:
    """Writes a line about the photo into its order's timeline."""
    said = {"photo_id": str(photo.id), "phase": photo.phase, **data}
    save(
        OrderEvent(
            order_id=photo.order_id,
            kind=kind,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name,
            at=clock.now(),
            data=said,
        )
    )


def arriving() -> Conflict:
    """Returns the problem of a photo that another request is storing right now, to be raised by the caller."""
    return Conflict("This photo is just arriving by another way. Try again in a moment.", headers={"Retry-After": "5"})


def _row(who: Actor, upload: Upload, picture: Picture, backend: str) -> Photo:
    photo_id = ids.new()
    place = photo_objects.folder(tenancy.org_id(), upload.order_id, photo_id)
    return Photo(
        id=photo_id,
        order_id=upload.order_id,
        phase=upload.phase,
        checklist_item_id=upload.checklist_item_id,
        storage_backend=backend,
        storage_key=place,
        sizes=photo_objects.described(picture, place),
        sha256=upload.sha256,
        idempotency_key=upload.key,
        taken_at=picture.taken_at or _believable(upload.taken_at),
        uploaded_by=who.name,
        uploaded_by_kind=who.kind,
    )


def _inserted(photo: Photo) -> bool:
    """Returns False when another row has the key; waits for an upload that is just claiming it."""
    try:
        with db.session.begin_nested():
            save(photo)
    except IntegrityError as error:
        if constraint_of(error) != ONE_KEY:
            raise
        return False
    return True


def _same(held: Photo, upload: Upload) -> Photo:
    """Returns the row of the key. Raises Conflict when it is of another photo, Gone when it was removed."""
    if (held.sha256, held.order_id) != (upload.sha256, upload.order_id):
        raise Conflict("This key belongs to another photo.")
    if held.state == "deleting":
        raise Gone("This photo was removed meanwhile.")
    return held


def _holder_of(key: str | None, *, lock: bool = False) -> Photo | None:
    if key is None:
        return None
    statement = select(Photo).where(Photo.org_id == tenancy.org_id(), Photo.idempotency_key == key)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(statement).scalar_one_or_none()


def _is_step(item_id: UUID, order: Order) -> bool:
    statement = select(ChecklistItem.id).where(ChecklistItem.id == item_id, ChecklistItem.order_id == order.id)
    return db.session.execute(statement).first() is not None


def _count(order: Order) -> int:
    return db.session.execute(select(func.count(Photo.id)).where(Photo.order_id == order.id)).scalar_one()


def _believable(taken_at: datetime | None) -> datetime | None:
    """Returns the phone's time of taking unless its clock is plainly wrong."""
    if taken_at is None or not -OLDEST_TAKEN <= taken_at - clock.now() <= timedelta(hours=1):
        return None
    return taken_at
