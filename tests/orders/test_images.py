"""What becomes of good photos: upright, in true colours, in three sizes, free of metadata."""

from __future__ import annotations

import hashlib
import time
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageChops, ImageCms

from doorstep.orders.images import Picture, parse_taken
from tests import pictures
from tests.orders.developing import SOURCES, develop, opened


@pytest.fixture(scope="module")
def photo() -> Picture:
    return develop(pictures.phone_jpeg())


class TestAPhonePhoto:
    """A 12 megapixel photo from a phone held upright."""

    def test_comes_in_three_sizes_of_fixed_kinds(self, photo: Picture) -> None:
        assert [(r.name, r.mime, r.ext, r.width, r.height) for r in photo.renditions] == [
            ("original", "image/jpeg", "jpg", 3000, 4000),
            ("large", "image/webp", "webp", 1200, 1600),
            ("thumb", "image/webp", "webp", 300, 400),
        ]

    def test_tells_sizes_and_kinds_that_are_true(self, photo: Picture) -> None:
        for rendition in photo.renditions:
            image = opened(rendition)
            assert image.size == (rendition.width, rendition.height)
            assert Image.MIME[image.format] == rendition.mime

    def test_gets_smaller_from_size_to_size(self, photo: Picture) -> None:
        original, large, thumb = (len(r.data) for r in photo.renditions)
        assert 10 * thumb < large < original / 10

    def test_is_known_by_the_hash_of_what_was_sent(self, photo: Picture) -> None:
        assert photo.sha256 == hashlib.sha256(pictures.phone_jpeg()).hexdigest()

    def test_keeps_the_time_it_was_taken(self, photo: Picture) -> None:
        assert photo.taken_at == datetime(2026, 11, 3, 7, 15, 30, tzinfo=UTC)

    def test_costs_the_thread_that_serves_it_hardly_any_work(self) -> None:
        before = time.thread_time()
        develop(pictures.phone_jpeg())
        assert time.thread_time() - before < 0.3


class TestUpright:
    """Cameras store pixels as the sensor lay, and note how it was held."""

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_every_orientation_shows_the_same_scene(self, orientation: int) -> None:
        for rendition in develop(pictures.cornered_jpeg(orientation)).renditions:
            difference = ImageChops.difference(opened(rendition).convert("RGB"), pictures.corners())
            inner = difference.crop((4, 4, 70, 50))
            assert difference.size == (160, 120)
            assert max(high for _, high in inner.getextrema()) < 40

    def test_a_heic_turned_on_its_side_is_turned_back(self) -> None:
        assert (develop(pictures.heic(orientation=6)).large.width) == 480

    @pytest.mark.parametrize("orientation", [0, 9, 65535])
    def test_an_orientation_that_does_not_exist_is_upright(self, orientation: int) -> None:
        data = pictures.save(pictures.corners(), "JPEG", exif=pictures.exif(orientation))
        assert develop(data).original.width == 160

    def test_an_exif_block_of_rubbish_costs_only_its_facts(self) -> None:
        rubbish = b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 400
        photo = develop(pictures.save(pictures.corners(), "JPEG", exif=rubbish))
        assert (photo.original.width, photo.taken_at) == (160, None)


class TestMetadata:
    """Nobody learns from a photo where it was taken, by whom, with what."""

    @pytest.mark.parametrize("source", SOURCES)
    def test_nothing_of_it_is_in_any_rendition(self, source: str) -> None:
        data = SOURCES[source]()
        planted = [canary for canary in pictures.CANARIES if canary in data]
        assert b"Canary" in planted
        for rendition in develop(data).renditions:
            assert [canary for canary in pictures.CANARIES if canary in rendition.data] == []

    @pytest.mark.parametrize("source", SOURCES)
    def test_decoders_find_none_either(self, source: str) -> None:
        for rendition in develop(SOURCES[source]()).renditions:
            image = opened(rendition)
            assert not image.getexif()
            assert not {"comment", "icc_profile", "xmp", "exif", "XML:com.adobe.xmp"} & set(image.info)

    def test_what_is_hung_behind_the_picture_is_cut_off(self) -> None:
        archive = BytesIO()
        with zipfile.ZipFile(archive, "w") as packer:
            packer.writestr("page.html", "<script>Canary</script>" * 9)
        polyglot = pictures.small_jpeg() + archive.getvalue()
        assert zipfile.is_zipfile(BytesIO(polyglot))
        for rendition in develop(polyglot).renditions:
            assert not zipfile.is_zipfile(BytesIO(rendition.data))
            assert b"PK\x03\x04" not in rendition.data


class TestKinds:
    """What phones and computers send besides plain JPEG."""

    @pytest.mark.parametrize("make", [pictures.png, pictures.webp])
    def test_clear_parts_become_white(self, make: object) -> None:
        original = opened(develop(make(alpha=True)).original)
        assert original.mode == "RGB"
        assert original.getpixel((10, 40)) == (255, 255, 255)

    @pytest.mark.parametrize(
        ("mode", "format_"),
        [("L", "JPEG"), ("CMYK", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG")],
    )
    def test_every_mode_of_pixels_is_developed(self, mode: str, format_: str) -> None:
        data = pictures.save(Image.new("L", (50, 40), 128).convert(mode), format_)
        assert opened(develop(data).thumb).size == (50, 40)

    def test_sixteen_bit_grey_keeps_its_shades(self) -> None:
        data = pictures.save(Image.new("I;16", (20, 20), 0x8000), "PNG")
        assert opened(develop(data).original).getpixel((5, 5)) == (128, 128, 128)

    def test_a_phone_jpeg_of_several_frames_gives_its_first(self) -> None:
        second = Image.new("RGB", (40, 30), "black")
        data = pictures.save(pictures.corners(), "MPO", save_all=True, append_images=[second])
        assert develop(data).original.width == 160

    def test_heif_may_be_allowed_by_its_other_name(self) -> None:
        assert develop(pictures.heic(), allowed_mimes=["image/heif"]).large.height == 480

    def test_small_pictures_are_not_enlarged(self) -> None:
        assert {(r.width, r.height) for r in develop(pictures.small_jpeg()).renditions} == {(64, 48)}

    def test_a_long_panorama_keeps_at_least_a_pixel(self) -> None:
        original, large, thumb = develop(pictures.small_jpeg("red", 9000, 2)).renditions
        assert [(r.width, r.height) for r in (original, large, thumb)] == [(4096, 1), (1600, 1), (400, 1)]


class TestColours:
    """Newer phones take wider colours than the web shows."""

    @staticmethod
    def swapped_profile() -> bytes:
        """A profile that says the red numbers are blue light: whoever heeds it shows red as blue."""
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        renamed = srgb.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
        swapped = renamed.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
        assert b"\0s\0R\0G\0B" not in swapped
        return swapped

    def test_are_converted_by_the_profile_of_the_picture(self) -> None:
        red = Image.new("RGB", (32, 32), (200, 0, 0))
        data = pictures.save(red, "PNG", icc_profile=self.swapped_profile())
        r, _, b = opened(develop(data).original).getpixel((8, 8))
        assert r < 20 < 180 < b

    @pytest.mark.parametrize("profile", [b"rubbish", b"\0" * 128])
    def test_a_damaged_profile_is_as_good_as_none(self, profile: bytes) -> None:
        data = pictures.save(Image.new("RGB", (32, 32), (200, 0, 0)), "JPEG", icc_profile=profile)
        r, _, b = opened(develop(data).original).getpixel((8, 8))
        assert (r > 190, b < 10) == (True, True)

    def test_a_profile_for_other_channels_is_left_out(self) -> None:
        data = pictures.save(Image.new("CMYK", (32, 32)), "JPEG", icc_profile=self.swapped_profile())
        assert opened(develop(data).original).mode == "RGB"


class TestTimeOfTaking:
    """Cameras note local time, newer ones also how far it is from UTC."""

    @pytest.mark.parametrize(
        ("text", "offset", "zone", "expected"),
        [
            ("2026:07:01 12:00:00", "+02:00", None, datetime(2026, 7, 1, 10, tzinfo=UTC)),
            ("2026:07:01 12:00:00", "-05:30", "Europe/Berlin", datetime(2026, 7, 1, 17, 30, tzinfo=UTC)),
            ("2026:07:01 12:00:00", None, "Europe/Berlin", datetime(2026, 7, 1, 10, tzinfo=UTC)),
            ("2026:12:01 12:00:00", None, "Europe/Berlin", datetime(2026, 12, 1, 11, tzinfo=UTC)),
            ("2026:07:01 12:00:00", "   :  ", "Europe/Berlin", datetime(2026, 7, 1, 10, tzinfo=UTC)),
            ("2026:07:01 12:00:00", None, None, None),
            ("2026:07:01 12:00:00", "+99:99", None, None),
            ("0000:00:00 00:00:00", "+02:00", None, None),
            ("0001:01:01 00:00:00", "+02:00", None, None),
            ("    :  :     :  :  ", "+02:00", None, None),
            ("last Tuesday", None, "Europe/Berlin", None),
            ("2026:07:01 12:00:00 +09:00", None, "Europe/Berlin", None),
            (None, None, "Europe/Berlin", None),
        ],
    )
    def test_is_known_when_the_zone_is(
        self, text: str | None, offset: str | None, zone: str | None, expected: datetime | None
    ) -> None:
        assert parse_taken(text, offset, ZoneInfo(zone) if zone else None) == expected

    def test_is_nothing_in_a_picture_without_it(self) -> None:
        assert develop(pictures.small_jpeg(), zone=UTC).taken_at is None
