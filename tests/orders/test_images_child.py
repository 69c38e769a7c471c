"""The program of the child processes: run as one, and its parts run here."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from doorstep.orders import images_child
from doorstep.orders.images_darkroom import CHILD
from tests import pictures
from tests.orders.developing import SOURCES


@pytest.fixture(autouse=True)
def _settings_of_pillow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back what the child changes for its whole process."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    with warnings.catch_warnings():
        yield


def job(decoder: str, **changes: object) -> dict[str, object]:
    sizes = [{"format": "JPEG", "side": 60, "quality": 50}, {"format": "WEBP", "side": 20, "quality": 50}]
    return {"format": decoder, "max_pixels": 1_000_000, "sizes": sizes} | changes


def test_the_child_s_answer_is_what_its_file_describes() -> None:
    job = {"format": "JPEG", "max_pixels": 9999, "memory_bytes": 1 << 30, "cpu_seconds": 9}
    sizes = [{"format": "JPEG", "side": 20, "quality": 50}]
    command = [sys.executable, "-IB", CHILD, json.dumps(job | {"sizes": sizes})]
    done = subprocess.run(command, input=pictures.small_jpeg(), capture_output=True, check=True)
    length = int.from_bytes(done.stdout[:4], "big")
    header = json.loads(done.stdout[4 : 4 + length])
    size = {"width": 20, "height": 15, "bytes": len(done.stdout) - 4 - length}
    assert header == {"taken": None, "offset": None, "sizes": [size]}


@pytest.mark.parametrize("kind", SOURCES)
def test_sizes_are_made_from_large_to_small(kind: str) -> None:
    decoder = "HEIF" if kind == "heic" else kind.upper()
    header, blobs = images_child.develop(SOURCES[kind](), job(decoder))
    assert [max(size["width"], size["height"]) for size in header["sizes"]] == [60, 20]
    assert [size["bytes"] for size in header["sizes"]] == [len(blob) for blob in blobs]
    assert (header["taken"], header["offset"]) == (pictures.TAKEN, pictures.OFFSET)


def test_the_format_that_was_promised_is_the_only_one_tried() -> None:
    with pytest.raises(images_child.Refused, match="broken"):
        images_child.develop(pictures.png(), job("JPEG"))


def test_half_a_photo_is_refused_although_its_header_is_good() -> None:
    data = pictures.cornered_jpeg()
    with pytest.raises(images_child.Refused, match="broken"):
        images_child.develop(data[: len(data) * 3 // 4], job("JPEG"))


@pytest.mark.parametrize("limit", [9_000, 1_000])
def test_more_pixels_than_allowed_are_refused(limit: int) -> None:
    with pytest.raises(images_child.Refused, match="too_large"):
        images_child.develop(pictures.cornered_jpeg(), job("JPEG", max_pixels=limit))


def test_want_of_memory_is_not_taken_for_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "open", exhausted)
    with pytest.raises(MemoryError):
        images_child.develop(pictures.small_jpeg(), job("JPEG"))


def test_an_answer_is_length_header_pictures() -> None:
    class Kept(BytesIO):
        def close(self) -> None:
            self.kept = self.getvalue()
            super().close()

    stream = Kept()
    images_child.write_answer(stream, {"sizes": []}, [b"one", b"two"])
    assert stream.kept == b"\0\0\0\x0d" + b'{"sizes": []}' + b"onetwo"
