"""A company's own colour: one colour becomes the six brand tokens, by day and by night, each readable.

Pure. Contrast is that of WCAG 2.2 (relative luminance, success criterion 1.4.3): text needs at least 4.5 to 1. A colour
that cannot reach it is made darker (by day) or lighter (by night) until it does, keeping its hue.
"""

from __future__ import annotations

import colorsys
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from doorstep.core.actor import Org

TEXT_CONTRAST: Final = 4.5
HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")

# From static/css/tokens.css (a test compares them): paper and surface, on which brand colours stand, and the
# faintest ink, which stands on the tint.
DAY_SURFACES: Final = ("#faf8f3", "#ffffff")
DAY_INK: Final = "#616b66"
NIGHT_SURFACES: Final = ("#101614", "#18201d")
NIGHT_INK: Final = "#8d9892"
NIGHT_LIGHTNESS: Final = 0.62
BLACK: Final = "#000000"
WHITE: Final = "#ffffff"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The brand's colours in one scheme, as `#rrggbb`."""

    brand: str
    brand_hover: str
    on_brand: str
    brand_tint: str
    brand_ink: str
    brand_line: str


def luminance(colour: str) -> float:
    """Returns the relative luminance of `#rrggbb`, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Returns the contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def by_day(colour: str) -> Tokens:
    """Returns the tokens on light surfaces: the colour itself wherever it is dark enough."""
    tint = _moved(_mixed(colour, WHITE, 0.12), lambda c: _reads(DAY_INK, c), 0.02)
    brand = _moved(colour, lambda c: all(_reads(c, s) for s in (*DAY_SURFACES, tint)), -0.01)
    return Tokens(
        brand=brand,
        brand_hover=_mixed(brand, BLACK, 0.8),
        on_brand=WHITE,
        brand_tint=tint,
        brand_ink=_mixed(brand, BLACK, 0.85),
        brand_line=_mixed(brand, WHITE, 0.35),
    )


def by_night(colour: str) -> Tokens:
    """Returns the tokens on dark surfaces: a lighter sister of the colour, dark words on it."""
    tint = _moved(_mixed(colour, NIGHT_SURFACES[0], 0.22), lambda c: _reads(NIGHT_INK, c), -0.02)
    light = _moved(colour, lambda c: _lightness(c) >= NIGHT_LIGHTNESS, 0.01)
    brand = _moved(light, lambda c: all(_reads(c, s) for s in (*NIGHT_SURFACES, tint)), 0.01)
    return Tokens(
        brand=brand,
        brand_hover=_mixed(brand, WHITE, 0.8),
        on_brand=_moved(_mixed(brand, BLACK, 0.2), lambda c: _reads(c, brand), -0.02),
        brand_tint=tint,
        brand_ink=_mixed(brand, WHITE, 0.8),
        brand_line=_mixed(brand, NIGHT_SURFACES[0], 0.45),
    )


@lru_cache(maxsize=256)
def sheet(colour: str) -> str:
    """Returns the style sheet that makes `colour` the brand of a page. Raises ValueError unless it is `#rrggbb`."""
    day, night = by_day(checked(colour)), by_night(checked(colour))
    tokens = [
        f"--{name.replace('_', '-')}: light-dark({getattr(day, name)}, {getattr(night, name)});"
        for name in Tokens.__slots__
    ]
    return "@layer tokens {\n  :root {\n    " + "\n    ".join(tokens) + "\n  }\n}\n"


def checked(colour: object) -> str:
    """Returns the colour in small letters. Raises ValueError unless it is `#rrggbb`."""
    if not isinstance(colour, str) or not HEX.fullmatch(colour):
        raise ValueError("A colour is written as #rrggbb.")
    return colour.lower()


def colour_of(settings: Mapping[str, object]) -> str | None:
    """Returns the colour an organization chose, or None when it chose none that can be read."""
    try:
        return checked(settings.get("colour"))
    except ValueError:
        return None


def stylesheet_url(org: Org | None) -> str | None:
    """Returns the address of the organization's own colours for the layouts, or None when it has none.

    The address names the content, so browsers may keep it for ever.
    """
    colour = colour_of(org.settings) if org else None
    if org is None or colour is None:
        return None
    return f"/b/{org.slug}/brand.css?v={hashlib.sha256(sheet(colour).encode()).hexdigest()[:12]}"


def _reads(one: str, other: str) -> bool:
    return contrast(one, other) >= TEXT_CONTRAST


def _channels(colour: str) -> tuple[float, float, float]:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(min(max(c, 0), 1) * 255):02x}" for c in channels)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    red, green, blue = (share * a + (1 - share) * b for a, b in pairs)
    return _hex((red, green, blue))


def _lightness(colour: str) -> float:
    return colorsys.rgb_to_hls(*_channels(colour))[1]


def _moved(colour: str, good: Callable[[str], bool], step: float) -> str:
    hue, light, saturation = colorsys.rgb_to_hls(*_channels(colour))
    found = colour
    while not good(found) and 0 <= light <= 1:
        light += step
        found = _hex(colorsys.hls_to_rgb(hue, min(max(light, 0), 1), saturation))
    return found
