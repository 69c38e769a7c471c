"""Photos whose upload broke off, or whose removal did, taken away with their objects. Part of the job `cleanup`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from doorstep.core import clock
from doorstep.core.extensions import db
from doorstep.core.work import Work
from doorstep.orders import photo_objects, photo_rows
from doorstep.orders.models import Photo

BROKEN_AFTER: Final = timedelta(hours=1)
MOST: Final = 200


def broken_uploads(work: Work) -> int:
    """Returns how many were removed. What the store keeps back stays `deleting` for the next time."""
    found = _broken(work)
    return sum(_remove(work, photo) for photo in found if work.has_time)


def _broken(work: Work) -> Sequence[Photo]:
    with work.part("photos whose upload broke off"):
        over = select(Photo).where(Photo.state != "stored", Photo.created_at < clock.now() - BROKEN_AFTER)
        photos = db.session.execute(over.order_by(Photo.created_at).limit(MOST)).scalars().all()
        db.session.expunge_all()
    return photos


def _remove(work: Work, photo: Photo) -> bool:
    """Row first, so that an upload that comes back after all cannot show it; then the objects; then the row goes."""
    mine = (Photo.org_id == photo.org_id, Photo.id == photo.id, Photo.state != "stored")
    with work.part("a photo whose upload broke off"):
        marked = update(Photo).where(*mine).values(state="deleting").returning(Photo.id)
        if db.session.execute(marked).first() is None:
            return False
    if work.dry:
        return True
    if not photo_objects.delete(photo):
        return False
    with work.part("a photo whose objects are gone"):
        photo_rows.forget(photo)
    return True
