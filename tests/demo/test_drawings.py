"""The drawn photos of the demo."""

from __future__ import annotations

import time
from functools import cache
from io import BytesIO
from itertools import permutations
from statistics import fmean

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from doorstep.demo import drawings
from doorstep.demo.drawings import PHASES, SCENES

SEEDS = (1, 2, 3)


@cache
def photo(scene: str, phase: str, seed: int) -> bytes:
    return drawings.photo(scene, phase, seed)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def sketch(data: bytes) -> Image.Image:
    """What is where, whatever the light: few pixels, equal shades."""
    return ImageOps.equalize(opened(data).convert("L").resize((40, 30), Image.Resampling.BOX))


def difference(first: Image.Image, second: Image.Image) -> float:
    return fmean(ImageStat.Stat(ImageChops.difference(first, second)).mean)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_photo_is_a_whole_jpeg_of_the_size_of_a_photo(scene: str, phase: str) -> None:
    data = photo(scene, phase, 1)
    image = opened(data)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1280, 960))
    assert 60_000 < len(data) < 600_000
    assert len(set(image.resize((40, 30)).get_flattened_data())) > 300


@pytest.mark.parametrize("scene", SCENES)
def test_work_makes_a_visible_difference(scene: str) -> None:
    before, after = (opened(photo(scene, phase, 1)) for phase in PHASES)
    assert difference(before, after) > 20
    assert fmean(ImageStat.Stat(after).mean) > fmean(ImageStat.Stat(before).mean) + 10


@pytest.mark.parametrize("scene", SCENES)
def test_before_and_after_show_the_same_place(scene: str) -> None:
    befores, afters = ([sketch(photo(scene, phase, seed)) for seed in SEEDS] for phase in PHASES)
    same = fmean(difference(*pair) for pair in zip(befores, afters, strict=True))
    other = fmean(difference(befores[a], afters[b]) for a, b in permutations(range(len(SEEDS)), 2))
    assert same < 0.85 * other


@pytest.mark.parametrize("scene", SCENES)
def test_other_seeds_show_other_places(scene: str) -> None:
    first, *others = (opened(photo(scene, "after", seed)) for seed in SEEDS)
    assert all(difference(first, other) > 10 for other in others)


@pytest.mark.parametrize("scene", SCENES)
def test_the_same_seed_gives_the_same_bytes(scene: str) -> None:
    assert drawings.photo(scene, "before", 2) == photo(scene, "before", 2)


def test_a_photo_is_drawn_fast_enough_for_a_demo_of_forty() -> None:
    began = time.process_time()
    for scene in SCENES:
        drawings.photo(scene, "before", 5)
    assert (time.process_time() - began) / len(SCENES) < 0.5


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(KeyError):
        drawings.photo("moon", "before", 1)
    with pytest.raises(ValueError, match="not in"):
        drawings.photo("kitchen", "during", 1)
