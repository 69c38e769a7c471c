"""Draws the photos of the demo: nine kinds of place, each before and after the work.

A seed is one home: its colours, its layout, the photographer's hand and the light all follow from it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from doorstep.demo.brush.camera import Shot, develop
from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import PALETTES
from doorstep.demo.brush.look import Look
from doorstep.demo.scenes import (
    appliance,
    bathroom,
    garden,
    kitchen,
    living_room,
    office,
    oven,
    pest,
    window,
)

_PAINTERS: Final[Mapping[str, Callable[[Canvas, Look], None]]] = {
    "kitchen": kitchen.paint,
    "bathroom": bathroom.paint,
    "oven": oven.paint,
    "window": window.paint,
    "garden": garden.paint,
    "living_room": living_room.paint,
    "office": office.paint,
    "appliance": appliance.paint,
    "pest": pest.paint,
}
SCENES: Final = tuple(_PAINTERS)
PHASES: Final = ("before", "after")


def photo(scene: str, phase: str, seed: int) -> bytes:
    """Returns a JPEG of 1280 by 960 pixels; the same arguments give the same bytes.

    `before` and `after` of one scene and seed show the same place from the same spot.
    Raises KeyError for an unknown scene, ValueError for an unknown phase.
    """
    clean = bool(PHASES.index(phase))
    canvas = Canvas()
    look = Look(clean, PALETTES[seed % len(PALETTES)], _dice(scene, seed), _dice(scene, seed, "mess"))
    _PAINTERS[scene](canvas, look)
    return develop(canvas, _shot(scene, phase, seed), _dice(scene, seed, phase))


def _shot(scene: str, phase: str, seed: int) -> Shot:
    """Returns where the photographer stood, nearly the same both times, and the light, which was better later."""
    place, hand, clean = _dice(scene, seed, "place"), _dice(scene, seed, phase, "hand"), phase == "after"
    return Shot(
        tilt=place.uniform(-1.2, 1.2) + hand.uniform(-0.3, 0.3),
        shift=(place.uniform(-12, 12) + hand.uniform(-5, 5), place.uniform(-8, 8) + hand.uniform(-4, 4)),
        zoom=place.uniform(1.05, 1.07),
        mirrored=place.random() < 0.5,
        light=place.uniform(0.2, 0.8),
        exposure=place.uniform(0.98, 1.03) * (1 if clean else 0.92),
        warmth=place.uniform(0.98, 1.03) * (1 if clean else 1.02),
        contrast=0.45 if clean else 0.25,
        noise=0.15 if clean else 0.3,
    )


def _dice(*names: object) -> random.Random:
    """Returns dice that always fall the same for the same names."""
    return random.Random(":".join(map(str, names)))  # noqa: S311 (pictures, not secrets)
