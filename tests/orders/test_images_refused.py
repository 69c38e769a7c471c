"""Files that are no good photos, by accident or on purpose, and what the sender hears."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from doorstep.core.errors import Invalid, TooLarge, UnsupportedMedia
from doorstep.orders import images_darkroom
from doorstep.orders.images import sniff
from doorstep.orders.images_darkroom import Darkroom, Limits
from tests import pictures
from tests.orders.developing import MEGABYTE, SOURCES, develop


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")


def header_only_png(width: int, height: int) -> bytes:
    return png_of(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), chunk(b"IDAT", b""))


class TestDamaged:
    """Photos that a bad connection cut off: 422, so that the phone does not send them again as they are."""

    @pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
    @pytest.mark.parametrize("source", SOURCES)
    def test_part_of_a_file_is_refused(self, source: str, share: float) -> None:
        whole = {"png": lambda: pictures.png(noise=True)}.get(source, SOURCES[source])()
        with pytest.raises(Invalid) as refusal:
            develop(whole[: int(len(whole) * share)])
        assert refusal.value.errors[0].field == "file"

    def test_an_empty_file_is_refused(self) -> None:
        with pytest.raises(Invalid, match="empty"):
            develop(b"")

    def test_a_name_without_a_picture_behind_it_is_refused(self) -> None:
        with pytest.raises(Invalid):
            develop(b"\xff\xd8\xff\xe0<script>alert(1)</script>")

    def test_what_the_decoder_said_goes_to_the_log_alone(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("INFO", images_darkroom.log.name), pytest.raises(Invalid) as refusal:
            develop(pictures.phone_jpeg()[:9000])
        assert "Traceback" in caplog.text
        assert "Traceback" not in refusal.value.detail + str(refusal.value.extra)


class TestNotPhotos:
    """The content decides, whatever the name or the browser says."""

    @pytest.mark.parametrize(
        "data",
        [
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            b"<!doctype html><script>alert(1)</script>",
            b"%PDF-1.7\n%\xff\xd8\xff",
            b"PK\x03\x04" + b"\0" * 60,
            b"RIFF\0\0\0\0AVI LIST",
            b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
            b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
            b"%!PS-Adobe-3.0 EPSF-3.0",
            b"\0",
            b"\xff\xd8",
        ],
    )
    def test_are_refused(self, data: bytes) -> None:
        with pytest.raises(UnsupportedMedia):
            develop(data)

    def test_a_kind_that_the_operator_did_not_allow_is_refused(self) -> None:
        with pytest.raises(UnsupportedMedia):
            develop(pictures.webp(), allowed_mimes=["image/jpeg"])

    @pytest.mark.parametrize(
        ("start", "mime"),
        [
            (b"\xff\xd8\xff\xe1", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\x89PNG\n\x1a\n", None),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix", "image/heic"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", None),
            (b"\xff\xff\xff\xffftypmif1", None),
        ],
    )
    def test_the_first_bytes_tell_the_kind(self, start: bytes, mime: str | None) -> None:
        assert sniff(start) == mime


class TestTooMuch:
    """Files that are small to send and large to open."""

    def test_more_bytes_than_allowed_are_refused_unread(self) -> None:
        with pytest.raises(TooLarge, match="more than 1 MB") as refusal:
            develop(b"x" * (MEGABYTE + 1), max_bytes=MEGABYTE)
        assert refusal.value.extra == {"max_bytes": MEGABYTE}

    def test_the_limit_itself_is_allowed(self) -> None:
        data = pictures.small_jpeg()
        assert develop(data, max_bytes=len(data)).sha256

    @pytest.mark.parametrize("size", [(60_000, 60_000), (40_001, 1_000), (2**31 - 1, 1)])
    def test_the_header_alone_gives_a_bomb_away(self, size: tuple[int, int]) -> None:
        with pytest.raises(TooLarge, match="40 megapixels"):
            develop(header_only_png(*size))

    @pytest.mark.parametrize("size", [(7000, 6000), (9000, 9000)])
    def test_a_few_kilobytes_that_become_very_many_pixels_are_refused(self, size: tuple[int, int]) -> None:
        data = pictures.save(Image.new("1", size), "PNG")
        assert len(data) < 20_000
        with pytest.raises(TooLarge):
            develop(data)

    def test_a_text_that_inflates_without_end_is_refused(self) -> None:
        bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * (PngImagePlugin.MAX_TEXT_CHUNK + 1)))
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        with pytest.raises(Invalid):
            develop(png_of(header, bomb, chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))))

    def test_a_picture_that_needs_more_memory_than_a_child_gets_is_refused(self) -> None:
        with pytest.raises(TooLarge):
            develop(pictures.phone_jpeg(), darkroom=Darkroom(Limits(memory_bytes=160 * MEGABYTE)))
