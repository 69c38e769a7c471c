"""The bytes of photos in the store: what lies under which key. Never called with a transaction open."""

from __future__ import annotations

import logging
from typing import Any, Final
from uuid import UUID

from doorstep.backends import registry
from doorstep.backends.storage.interface import ObjectMissing, StorageError
from doorstep.core.errors import NotFound, Unavailable
from doorstep.orders.images import Picture
from doorstep.orders.models import Photo

log = logging.getLogger(__name__)

SIZES: Final = ("thumb", "large", "original")


def folder(org_id: UUID, order_id: UUID, photo_id: UUID) -> str:
    """Returns what the keys of a photo's sizes begin with."""
    return f"orders/{org_id}/{order_id}/{photo_id}"


def described(picture: Picture, place: str) -> dict[str, Any]:
    """Returns what the photo's row keeps of each size: key, mime type, bytes, pixels."""
    return {
        made.name: {
            "key": f"{place}/{made.name}.{made.ext}",
            "mime": made.mime,
            "bytes": len(made.data),
            "width": made.width,
            "height": made.height,
        }
        for made in picture.renditions
    }


def put(photo: Photo, picture: Picture) -> None:
    """Stores all sizes. Raises StorageError; some of them may be stored then."""
    store = registry.storage()
    for made in picture.renditions:
        store.put(photo.sizes[made.name]["key"], made.data, made.mime)


def delete(photo: Photo) -> bool:
    """Removes all sizes as far as the store lets it. Returns whether none is left; what is left is logged."""
    store, gone = registry.storage(), True
    for size in photo.sizes.values():
        try:
            store.delete(size["key"])
        except StorageError as error:
            log.warning("a picture could not be removed: %s", error)
            gone = False
    return gone


def read(key: str) -> bytes:
    """Returns the object's bytes, a few megabytes at most: read whole, so that no slow phone holds the store's
    connection. Raises NotFound or Unavailable."""
    try:
        with registry.storage().open(key) as file:
            return file.read()
    except ObjectMissing as error:
        log.exception("a stored photo has no picture")
        raise NotFound("This photo is not here any more.") from error
    except StorageError as error:
        log.warning("a picture could not be read: %s", error)
        raise not_now() from error


def not_now() -> Unavailable:
    """Returns the problem of a store that does not answer, to be raised by the caller."""
    return Unavailable("Photos cannot be reached just now. Try again in a moment.", headers={"Retry-After": "10"})
