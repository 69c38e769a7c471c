"""What a scene needs to know to draw one place in one of its two states."""

from __future__ import annotations

import random
from dataclasses import dataclass

from doorstep.demo.brush.colours import Palette


@dataclass(frozen=True)
class Look:
    """`dice` settles what a place is like and gives the same in both states; `mess` settles its disorder."""

    clean: bool
    palette: Palette
    dice: random.Random
    mess: random.Random
