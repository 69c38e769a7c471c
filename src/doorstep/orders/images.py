"""Photos as bytes: what people upload goes in, three clean pictures come out. No database, no request."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from doorstep.core.errors import Invalid, TooLarge, UnsupportedMedia
from doorstep.orders.images_darkroom import Darkroom, Developed, Size, refuse

DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
ALIASES = {"image/jpg": "image/jpeg", "image/heif": "image/heic"}
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})  # HEVC still pictures: ISO/IEC 23008-12, B.4
MIMES = {"JPEG": ("image/jpeg", "jpg"), "WEBP": ("image/webp", "webp")}
SIZES = (  # largest first: the child makes each from the one before
    Size("original", "JPEG", side=4096, quality=90),
    Size("large", "WEBP", side=1600, quality=80),
    Size("thumb", "WEBP", side=400, quality=75),
)
DARKROOM = Darkroom()


@dataclass(frozen=True)
class Rendition:
    """One finished picture; `name` is `original`, `large` or `thumb`; sizes are pixels."""

    name: str
    data: bytes
    mime: str
    ext: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """An upload made upright, sRGB and free of metadata; `sha256` is of the bytes as they were uploaded.

    `taken_at` (UTC) is what the camera noted, if it noted a time zone or the caller knew one.
    """

    original: Rendition
    large: Rendition
    thumb: Rendition
    sha256: str
    taken_at: datetime | None

    @property
    def renditions(self) -> tuple[Rendition, Rendition, Rendition]:
        """All three, largest first."""
        return self.original, self.large, self.thumb


def process(
    data: bytes,
    *,
    allowed_mimes: Collection[str],
    max_bytes: int,
    zone: tzinfo | None = None,
    darkroom: Darkroom = DARKROOM,
) -> Picture:
    """Returns the clean pictures of one upload; `zone` is where a camera that noted none is supposed to be.

    Raises TooLarge (bytes or pixels), UnsupportedMedia (by its content, whatever it is called),
    Invalid (empty, damaged), Unavailable (no free place, or out of time: trying again can help).
    """
    mime = check(data, allowed_mimes, max_bytes)
    negative = darkroom.develop(data, DECODERS[mime], SIZES)
    original, large, thumb = map(_rendition, SIZES, negative.pictures)
    return Picture(
        original,
        large,
        thumb,
        sha256=hashlib.sha256(data).hexdigest(),
        taken_at=parse_taken(negative.taken, negative.offset, zone),
    )


def check(data: bytes, allowed_mimes: Collection[str], max_bytes: int) -> str:
    """Returns the real mime type of an acceptable upload, without decoding it.

    Raises TooLarge, Invalid (no bytes) and UnsupportedMedia.
    """
    if len(data) > max_bytes:
        raise refuse(TooLarge, f"This photo has more than {max_bytes / 2**20:.3g} MB.", max_bytes=max_bytes)
    if not data:
        raise refuse(Invalid, "This file is empty.")
    mime = sniff(data)
    if mime is None or mime not in {ALIASES.get(allowed, allowed) for allowed in allowed_mimes}:
        raise refuse(UnsupportedMedia, "This is not a photo of a kind that can be used here.")
    return mime


def sniff(data: bytes) -> str | None:
    """Returns the mime type that the first bytes prove, of the kinds this module can decode."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and not HEIC_BRANDS.isdisjoint(_brands(data)):
        return "image/heic"
    return None


def _brands(data: bytes) -> list[bytes]:
    """Returns major and compatible brands of an `ftyp` box (ISO/IEC 14496-12, 4.3), at most 32 of them."""
    end = min(int.from_bytes(data[:4], "big"), 16 + 4 * 32)
    return [data[at : at + 4] for at in (8, *range(16, end - 3, 4))]


def parse_taken(text: str | None, offset: str | None, zone: tzinfo | None) -> datetime | None:
    """Returns the EXIF time `YYYY:MM:DD HH:MM:SS` in UTC, or None when it or its time zone is not known.

    `offset` is EXIF 2.31's `OffsetTimeOriginal` (`+02:00`); it wins over `zone`.
    """
    known = offset if offset and re.fullmatch(r"[+-]\d\d:\d\d", offset, re.ASCII) else None
    if known is None and zone is None:
        return None
    try:
        local = datetime.strptime(f"{text} {known or '+00:00'}", "%Y:%m:%d %H:%M:%S %z")
        return (local if known else local.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # cameras whose clock was never set write 0000:00:00 or blanks
        return None


def _rendition(size: Size, picture: Developed) -> Rendition:
    mime, ext = MIMES[size.format]
    return Rendition(size.name, picture.data, mime, ext, picture.width, picture.height)
