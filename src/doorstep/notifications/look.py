"""The colours of a mail: the organization's own, if it has one that can be read on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

EVERGREEN: Final = "#14614f"
BLACK: Final = "#000000"
WHITE: Final = "#ffffff"
HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Colours:
    """The organization's colour and what is written on it."""

    brand: str
    on_brand: str


def colours(wished: str) -> Colours:
    """Returns the wished colour (evergreen unless it is `#rrggbb`) with white or black on it, whichever reads better.

    One of the two always has a contrast of at least 4.5 (WCAG 2.2, 1.4.3), whatever the colour is.
    """
    brand = wished if HEX.fullmatch(wished) else EVERGREEN
    return Colours(brand, max((WHITE, BLACK), key=lambda words: contrast(brand, words)))


def contrast(one: str, other: str) -> float:
    """Returns the contrast ratio of two `#rrggbb` colours, from 1 to 21 (formula: WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
