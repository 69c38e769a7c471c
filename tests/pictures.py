"""Makes pictures for tests: phone photos with all their metadata, small ones, and other formats.

Every function is cached for the process, so a 12 megapixel photo costs its half second once.
"""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO

import pillow_heif
from PIL import Image, ImageDraw, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

MAKE, MODEL = "CanaryMake", "CanaryPhone 7"
TAKEN, OFFSET = "2026:11:03 09:15:30", "+02:00"
GPS_PLACE = "CanaryGpsPlace"
COMMENT = "CanaryComment"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="CanaryXmp"/>'
    "</rdf:RDF></x:xmpmeta>"
)
CANARIES = tuple(canary.encode() for canary in ("Canary", GPS_PLACE, COMMENT, TAKEN, "rdf:RDF", "Exif"))

# How a camera stores a scene so that the EXIF orientation makes it upright again.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def phone_jpeg(width: int = 4000, height: int = 3000, orientation: int = 6, gps: bool = True, seed: int = 1) -> bytes:
    """Returns a noisy photo as a phone writes it: EXIF with maker, time and place, XMP, a comment.

    `width` and `height` are the stored ones; orientations 5 to 8 show the photo on its side.
    """
    return _jpeg(noisy(width, height, seed), orientation, gps)


@cache
def cornered_jpeg(orientation: int = 1) -> bytes:
    """Returns a small photo that is upright when red, green, blue, yellow are its corners, row by row."""
    upright = corners()
    stored = upright.transpose(STORED_AS[orientation]) if orientation in STORED_AS else upright
    return _jpeg(stored, orientation, gps=True)


@cache
def small_jpeg(colour: str = "teal", width: int = 64, height: int = 48) -> bytes:
    """Returns the smallest thing that passes for a photo: one colour, no metadata."""
    return save(Image.new("RGB", (width, height), colour), "JPEG")


@cache
def png(width: int = 120, height: int = 90, alpha: bool = False, noise: bool = False) -> bytes:
    """Returns a PNG with canaries in its text chunk and EXIF; with `alpha` its left half is clear."""
    image = noisy(width, height, 2) if noise else Image.new("RGB", (width, height), "teal")
    if alpha:
        image.putalpha(255)
        image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", COMMENT)
    text.add_itxt("XML:com.adobe.xmp", XMP)
    return save(image, "PNG", pnginfo=text, exif=exif())


@cache
def webp(width: int = 120, height: int = 90, alpha: bool = False) -> bytes:
    """Returns a WebP with canaries in EXIF and XMP; with `alpha` it is clear all over."""
    image = Image.new("RGBA", (width, height), (0, 128, 128, 0 if alpha else 255))
    return save(image, "WEBP", exif=exif(), xmp=XMP.encode())


@cache
def heic(width: int = 640, height: int = 480, orientation: int = 1) -> bytes:
    """Returns a HEIC as newer phones write it, with canaries in EXIF and XMP."""
    out = BytesIO()
    picture = pillow_heif.from_pillow(noisy(width, height, 3))
    picture.save(out, quality=60, exif=exif(orientation), xmp=XMP.encode())
    return out.getvalue()


def exif(orientation: int = 1, gps: bool = True) -> bytes:
    """Returns the EXIF block of the canary phone."""
    block = Image.Exif()
    block[Base.Make], block[Base.Model], block[Base.Orientation] = MAKE, MODEL, orientation
    block.get_ifd(IFD.Exif).update({Base.DateTimeOriginal: TAKEN, Base.OffsetTimeOriginal: OFFSET})
    if gps:
        block.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (52.0, 31.0, 12.0),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (13.0, 24.0, 18.0),
                GPS.GPSProcessingMethod: GPS_PLACE.encode(),
            }
        )
    return block.tobytes()


def corners(width: int = 160, height: int = 120) -> Image.Image:
    """Returns the upright picture of `cornered_jpeg`."""
    image = Image.new("RGB", (width, height), "red")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height // 2), "green")
    draw.rectangle((0, height // 2, width // 2, height), "blue")
    draw.rectangle((width // 2, height // 2, width, height), "yellow")
    return image


def noisy(width: int, height: int, seed: int) -> Image.Image:
    """Returns a scene of soft shapes under sensor noise; the same seed gives the same picture."""
    dice = random.Random(seed)
    scene = Image.frombytes("RGB", (8, 6), dice.randbytes(8 * 6 * 3))
    grain = Image.frombytes("L", (499, 499), dice.randbytes(499 * 499))
    noise = Image.new("L", (width, height))
    for left in range(0, width, 499):
        for top in range(0, height, 499):
            noise.paste(grain, (left, top))
    big = scene.resize((width, height), Image.Resampling.BICUBIC)
    return Image.blend(big, noise.convert("RGB"), 0.12)


def save(image: Image.Image, format_: str, **options: object) -> bytes:
    """Returns the picture encoded."""
    out = BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def _jpeg(image: Image.Image, orientation: int, gps: bool) -> bytes:
    return save(image, "JPEG", quality=88, exif=exif(orientation, gps), xmp=XMP.encode(), comment=COMMENT.encode())
