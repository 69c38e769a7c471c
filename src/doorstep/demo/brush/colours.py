"""Colours, and sets of them that go together in one home."""

from __future__ import annotations

from typing import Final, NamedTuple

Colour = tuple[int, int, int]

WHITE: Final = (255, 255, 255)
BLACK: Final = (0, 0, 0)
STEEL: Final = (198, 203, 206)
CHROME: Final = (222, 226, 229)
GRIME: Final = (92, 70, 44)
LIME: Final = (231, 226, 210)
MOULD: Final = (52, 56, 46)
RUST: Final = (150, 84, 40)
LEAF: Final = (74, 132, 78)
TERRACOTTA: Final = (200, 118, 82)


class Ramp(NamedTuple):
    """A gradient from the top down, or from the left when `across`."""

    first: Colour
    last: Colour
    across: bool = False


Paint = Colour | Ramp


class Palette(NamedTuple):
    """The colours of one home."""

    wall: Colour
    tile: Colour
    cabinet: Colour
    wood: Colour
    floor: Colour
    accent: Colour
    fabric: Colour


def _rgb(number: int) -> Colour:
    return number >> 16, number >> 8 & 255, number & 255


# wall, tile, cabinet, wood, floor, accent, fabric
PALETTES: Final = tuple(
    Palette(*(_rgb(int(word, 16)) for word in words.split()))
    for words in (
        "ece7db f3f1ea 346150 b27a4a c4b49c d67a50 5e7a80",
        "e2e8e9 ecf1f2 4a627a c49668 aaa8a2 e2b252 c4ac8c",
        "f1e8de e2e8de e2ddd0 94623e 967454 5e8c7a b0604e",
        "e8e4ec f7f5f1 625870 d2ac82 ccc4ba c45e62 78708c",
        "e5e9dc d8e2da 7a8a6c a8764e b69876 e8a05c 586c54",
        "f3ece2 f0e8dc 3a3e46 bc8c60 807a74 ce9642 cec6b8",
        "dee6ec d0dee6 f0f0ec aa7e58 cebca0 3e7294 405470",
        "eee2d6 f4eae0 9e604c 885c3c bca68e 547c70 d4aa78",
    )
)


def mix(first: Colour, last: Colour, share: float) -> Colour:
    """Returns the colour that lies `share` (0 to 1) of the way from the first to the last."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    return red, green, blue


def lighter(colour: Colour, share: float = 0.2) -> Colour:
    """Returns the colour mixed with white."""
    return mix(colour, WHITE, share)


def darker(colour: Colour, share: float = 0.2) -> Colour:
    """Returns the colour mixed with black."""
    return mix(colour, BLACK, share)


def lit(colour: Colour, depth: float = 0.12, across: bool = False) -> Ramp:
    """Returns the gradient of a surface of this colour under light from above (or from the left)."""
    return Ramp(lighter(colour, depth), darker(colour, depth), across)
