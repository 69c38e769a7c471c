"""What the tests of the picture pipeline share."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from doorstep.orders import images
from doorstep.orders.images import Picture, Rendition
from tests import pictures

ALLOWED = ("image/jpeg", "image/png", "image/webp", "image/heic")
MEGABYTE = 1 << 20

# One photo of each kind, with metadata in every place that the kind has for it.
SOURCES = {
    "jpeg": lambda: pictures.cornered_jpeg(6),
    "png": pictures.png,
    "webp": pictures.webp,
    "heic": pictures.heic,
}


def develop(data: bytes, **options: object) -> Picture:
    return images.process(data, **{"allowed_mimes": ALLOWED, "max_bytes": 15 * MEGABYTE} | options)


def opened(rendition: Rendition) -> Image.Image:
    image = Image.open(BytesIO(rendition.data))
    image.load()
    return image
