"""The photos of an order as its client sees them: pairs of before and after, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from doorstep.orders import photos
from doorstep.orders.models import Photo
from doorstep.orders.queries import OrderView

OUTSIDE: Final = ("visitor", "client")
Picture = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gallery:
    """What the page shows: the first pair large, each of several pairs small, other photos of the work, the client's
    own."""

    first: tuple[Picture, Picture] | None
    pairs: Sequence[Picture]
    more: Sequence[Picture]
    own: Sequence[Picture]

    @property
    def empty(self) -> bool:
        """Whether nobody of the company took a photo that the client may see."""
        return self.first is None and not self.more


def gallery(view: OrderView) -> Gallery:
    """Returns the order's photos that its client may see. Their addresses work for some minutes."""
    seen = [photo for photo in view.photos if photo.visible_to_client]
    own = [photo for photo in seen if photo.uploaded_by_kind in OUTSIDE]
    taken = [photo for photo in seen if photo.uploaded_by_kind not in OUTSIDE]
    by_phase = {phase: [photo for photo in taken if photo.phase == phase] for phase in ("before", "after", "other")}
    both = list(zip_longest(by_phase["before"], by_phase["after"]))
    pairs = [(before, after) for before, after in both if before and after]
    single = [before or after for before, after in both if not (before and after)]
    first = (_large(pairs[0][0], "Before the work"), _large(pairs[0][1], "After the work")) if pairs else None
    return Gallery(
        first=first,
        pairs=[_pair(before, after, at) for at, (before, after) in enumerate(pairs, 1)] if len(pairs) > 1 else [],
        more=[_thumb(photo) for photo in [*single, *by_phase["other"]]],
        own=[_thumb(photo) for photo in own],
    )


def _large(photo: Photo, alt: str) -> Picture:
    return {"src": photos.link(photo, "large"), "alt": alt, **_size(photo, "large")}


def _pair(before: Photo, after: Photo, at: int) -> Picture:
    small = {"src": photos.link(after, "thumb"), "alt": f"Before and after, pair {at}", **_size(after, "thumb")}
    large = photos.link(after, "large")
    return {**small, "href": large, "before": photos.link(before, "large"), "after": large, "current": at == 1}


def _thumb(photo: Photo) -> Picture:
    words = {"before": "Before", "after": "After"}.get(photo.phase, "")
    small = {"src": photos.link(photo, "thumb"), "alt": f"{words or 'Photo'} of the place", **_size(photo, "thumb")}
    return {**small, "href": photos.link(photo, "large"), "label": words}


def _size(photo: Photo, size: str) -> Picture:
    stored = photo.sizes.get(size, {})
    return {"width": stored.get("width", 800), "height": stored.get("height", 600)}
