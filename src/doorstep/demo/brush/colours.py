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


PALETTES: Final = (
    Palette((236, 231, 219), (243, 241, 234), (52, 97, 80), (178, 122, 74), (196, 180, 156), (214, 122, 80), (94, 122, 128)),
    Palette((226, 232, 233), (236, 241, 242), (74, 98, 122), (196, 150, 104), (170, 168, 162), (226, 178, 82), (196, 172, 140)),
    Palette((241, 232, 222), (226, 232, 222), (226, 221, 208), (148, 98, 62), (150, 116, 84), (94, 140, 122), (176, 96, 78)),
    Palette((232, 228, 236), (247, 245, 241), (98, 88, 112), (210, 172, 130), (204, 196, 186), (196, 94, 98), (120, 112, 140)),
    Palette((229, 233, 220), (216, 226, 218), (122, 138, 108), (168, 118, 78), (182, 152, 118), (232, 160, 92), (88, 108, 84)),
    Palette((243, 236, 226), (240, 232, 220), (58, 62, 70), (188, 140, 96), (128, 122, 116), (206, 150, 66), (206, 198, 184)),
    Palette((222, 230, 236), (208, 222, 230), (240, 240, 236), (170, 126, 88), (206, 188, 160), (62, 114, 148), (64, 84, 112)),
    Palette((238, 226, 214), (244, 234, 224), (158, 96, 76), (136, 92, 60), (188, 166, 142), (84, 124, 112), (212, 170, 120)),
)  # fmt: skip


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
