"""Develops one uploaded picture, alone in a process of its own.

`images_darkroom.py` starts this file as `python -IB images_child.py JOB` with the uploaded bytes on standard
input. JOB is JSON:
    {format, max_pixels, memory_bytes, cpu_seconds, sizes: [{name, format, side, quality}, ...]}
The answer on standard output is four bytes (big endian) with the length of a JSON header, the header, and the
new pictures one after another. The header is one of
    {taken, offset, sizes: [{width, height, bytes}, ...]}
    {refused: "broken" | "too_large"}
Anything else, or an exit code other than 0, means that this process failed.

It imports nothing of the product, so that it starts fast and has nothing to give away.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import traceback
import warnings
from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image, ImageCms

WEBP_METHOD = 2  # of 0-6: a third of the time of the default 4, files about as small
ORIENTATION, EXIF_IFD, TAKEN, TAKEN_OFFSET = 0x0112, 0x8769, 0x9003, 0x9011  # EXIF 2.32, tables 4 and 7
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):
    """The picture is at fault; the argument is the word for the header."""


def main() -> int:
    """Reads the job and the bytes, writes the answer; returns the exit code."""
    job = json.loads(sys.argv[1])
    set_limits(job["memory_bytes"], job["cpu_seconds"])
    answer = _take_stdout()
    try:
        header, blobs = develop(sys.stdin.buffer.read(), job)
    except (Refused, MemoryError) as refusal:
        # Inside the pixel limit an honest picture fits the memory: one that does not is a bomb.
        traceback.print_exc()
        reason = "too_large" if isinstance(refusal, MemoryError) else str(refusal)
        header, blobs = {"refused": reason}, []
    write_answer(answer, header, blobs)
    return 0


def set_limits(memory_bytes: int, cpu_seconds: int) -> None:
    """Lets the kernel end this process when it takes more; also: no core dump, no file, the others first."""
    os.nice(5)
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)


def _limit(kind: int, amount: int) -> None:
    with suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS; the other limits still hold there
        resource.setrlimit(kind, (amount, amount))


def _take_stdout() -> BinaryIO:
    """Returns standard output for the answer alone; whatever a library prints goes to standard error."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def write_answer(stream: BinaryIO, header: dict[str, Any], blobs: list[bytes]) -> None:
    """Writes one answer in the form that the top of this file describes."""
    head = json.dumps(header).encode()
    with stream:
        stream.write(struct.pack(">I", len(head)) + head)
        stream.writelines(blobs)


def develop(data: bytes, job: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Returns header and pictures of one upload; each size is made from the one before. Raises Refused."""
    image = _decode(data, job["format"], job["max_pixels"])
    orientation, taken, offset = _exif_facts(image)
    image.thumbnail((job["sizes"][0]["side"],) * 2, reducing_gap=2.0)
    canvas = _clean_canvas(image)
    if orientation in TURNS:
        canvas = canvas.transpose(TURNS[orientation])
    entries, blobs = [], []
    for size in job["sizes"]:
        canvas.thumbnail((size["side"],) * 2)
        blobs.append(_encode(canvas, size["format"], size["quality"]))
        entries.append({"width": canvas.width, "height": canvas.height, "bytes": len(blobs[-1])})
    return {"taken": taken, "offset": offset, "sizes": entries}, blobs


def _decode(data: bytes, format_: str, max_pixels: int) -> Image.Image:
    """Returns the decoded picture, its size checked from the header first. Raises Refused.

    Only `load()` meets a truncated file: `verify()` lets half a JPEG pass.
    """
    if format_ == "HEIF":
        import pillow_heif  # 30 ms and 40 MB that the other formats need not pay

        pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(BytesIO(data), formats=(format_,))
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise Refused("too_large") from bomb
    except MemoryError:
        raise
    except Exception as damage:  # decoders raise nearly anything: SyntaxError, struct.error, KeyError
        raise Refused("broken") from damage
    return image


def _exif_facts(image: Image.Image) -> tuple[int, str | None, str | None]:
    """Returns orientation (1 = upright), time of taking and its UTC offset, as the EXIF block words them."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(EXIF_IFD)
        return exif.get(ORIENTATION, 1), _text(details.get(TAKEN)), _text(details.get(TAKEN_OFFSET))
    except Exception:  # an odd EXIF block raises nearly anything, and costs only the facts, not the picture
        return 1, None, None


def _text(value: object) -> str | None:
    return value.strip("\0 ")[:40] if isinstance(value, str) else None


def _clean_canvas(image: Image.Image) -> Image.Image:
    """Returns the bare pixels as sRGB on a new white canvas, which carries no metadata of any kind.

    `ImageOps.exif_transpose` is not used, here or later: it rewrites the EXIF block and fails on odd ones.
    """
    icc = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")  # 16 bits; convert() alone clips
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "CMYK"):
        image = image.convert("RGB")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(_to_srgb(image, icc), mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return canvas


def _to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """Returns the picture as RGB, its colours converted when it brings a usable profile of another space."""
    if image.mode == "RGBA":
        image = image.convert("RGB")
    if icc:
        # A damaged profile is as good as none.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            profile = ImageCms.ImageCmsProfile(BytesIO(icc))
            if "sRGB" not in ImageCms.getProfileDescription(profile):
                srgb = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB") or image
    return image.convert("RGB")


def _encode(canvas: Image.Image, format_: str, quality: int) -> bytes:
    out = BytesIO()
    canvas.save(out, format_, quality=quality, method=WEBP_METHOD)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
