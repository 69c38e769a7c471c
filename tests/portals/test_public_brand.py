"""A company's colour on its pages: readable, whatever colour it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorstep.core.actor import Org
from doorstep.portals import brand
from tests.cast import ALDER

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_contrast_is_measured_as_wcag_says() -> None:
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
def test_every_colour_can_be_read_by_day(colour: str) -> None:
    check(brand.by_day(colour), brand.DAY_SURFACES, brand.DAY_INK)


@given(colours)
@example("#ffffff")
@example("#000000")
@example("#0000ff")
def test_every_colour_can_be_read_by_night(colour: str) -> None:
    check(brand.by_night(colour), brand.NIGHT_SURFACES, brand.NIGHT_INK)


def check(tokens: brand.Tokens, surfaces: tuple[str, ...], ink: str) -> None:
    """Every pair of which one is text: words in the brand, words on it, words on its tint."""
    pairs = [
        *[(words, ground) for words in (tokens.brand, tokens.brand_ink) for ground in (*surfaces, tokens.brand_tint)],
        (tokens.on_brand, tokens.brand),
        (tokens.on_brand, tokens.brand_hover),
        (ink, tokens.brand_tint),
    ]
    for words, ground in pairs:
        assert brand.contrast(words, ground) >= 4.5, (words, ground, tokens)


def test_a_colour_that_is_dark_enough_is_used_as_it_is() -> None:
    assert brand.by_day("#14614f").brand == "#14614f"


def test_a_pale_colour_is_made_darker_and_keeps_its_hue() -> None:
    darker = brand.by_day("#ffeb3b").brand
    red, green, blue = (int(darker[i : i + 2], 16) for i in (1, 3, 5))
    assert red > green > blue
    assert brand.luminance(darker) < brand.luminance("#ffeb3b")


def test_the_sheet_sets_the_six_tokens_for_both_schemes() -> None:
    lines = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", brand.sheet("#14614F"))
    assert [name for name, _, _ in lines] == [
        "brand",
        "brand-hover",
        "on-brand",
        "brand-tint",
        "brand-ink",
        "brand-line",
    ]


@pytest.mark.parametrize("colour", ["", "green", "#fff", "#12345g", "#123456;}body{display:none", None, 7])
def test_only_a_plain_colour_becomes_a_sheet(colour: object) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        brand.checked(colour)
    assert brand.colour_of({"colour": colour}) is None


def test_the_address_changes_with_the_colour() -> None:
    def url(**settings: str) -> str | None:
        return brand.stylesheet_url(Org(ALDER.id, "alder", "Alder", "UTC", "USD", settings=settings))

    assert url() is None
    assert url(colour="#14614f") != url(colour="#14614e")
    assert (url(colour="#14614f") or "").startswith("/b/alder/brand.css?v=")
    assert brand.stylesheet_url(None) is None


def test_the_surfaces_are_those_of_the_tokens(root: Path) -> None:
    text = (root / "src/doorstep/static/css/tokens.css").read_text(encoding="utf-8")
    found = {
        name: re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", text) for name in ("paper", "surface", "ink-3")
    }
    day, night = ([match[n] for match in found.values() if match] for n in (1, 2))
    assert day == [*brand.DAY_SURFACES, brand.DAY_INK]
    assert night == [*brand.NIGHT_SURFACES, brand.NIGHT_INK]
