"""Turns a finished drawing into a photo: held a little crooked, with light, lens and sensor of a phone."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops

from doorstep.demo.brush.canvas import HEIGHT, SCALE, WIDTH, Canvas

QUALITY = 85
SHOWN = 0.8  # pixels of the photo in a unit: fewer than were painted, which smooths the edges
WIDE, HIGH = round(WIDTH * SHOWN), round(HEIGHT * SHOWN)


@dataclass(frozen=True)
class Shot:
    """How the photo is taken: `tilt` in degrees, shifts and `zoom` of the frame, where the light comes from
    (0 left to 1 right), exposure and warmth (1 = neutral), contrast, sensor noise (0 to 1)."""

    tilt: float
    shift: tuple[float, float]
    zoom: float
    mirrored: bool
    light: float
    exposure: float
    warmth: float
    contrast: float
    noise: float


def develop(canvas: Canvas, shot: Shot, dice: random.Random) -> bytes:
    """Returns the photo of a drawing as JPEG, 1280 by 960 pixels."""
    framed = canvas.image.transform((WIDE, HIGH), Image.Transform.AFFINE, _frame(shot), Image.Resampling.BILINEAR)
    exposed = ImageChops.multiply(framed, _light(shot, dice))
    out = BytesIO()
    exposed.point(_tones(shot)).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _frame(shot: Shot) -> tuple[float, ...]:
    """Returns the affine map from pixels of the photo to those of the drawing, around the middle of both."""
    turn = math.radians(shot.tilt)
    reach = SCALE / SHOWN / shot.zoom
    flip = -1 if shot.mirrored else 1
    a, b = flip * reach * math.cos(turn), -flip * reach * math.sin(turn)
    d, e = reach * math.sin(turn), reach * math.cos(turn)
    x, y = (WIDTH / 2 + shot.shift[0]) * SCALE, (HEIGHT / 2 + shot.shift[1]) * SCALE
    return a, b, x - a * WIDE / 2 - b * HIGH / 2, d, e, y - d * WIDE / 2 - e * HIGH / 2


def _light(shot: Shot, dice: random.Random) -> Image.Image:
    """Returns how much light reaches each part, less in the corners and away from the light, as a sensor counts it."""
    wide = Image.radial_gradient("L").resize((160, 120))
    left = round((1 - shot.light) * 40)
    steps = [round(255 - 105 * (value / 255) ** 2.2) for value in range(256)]
    light = wide.crop((left, 4, left + 120, 94)).point(steps).resize((WIDE, HIGH), Image.Resampling.BILINEAR)
    return ImageChops.multiply(light, _noise(shot.noise, dice)).convert("RGB")


def _noise(amount: float, dice: random.Random) -> Image.Image:
    """Returns what a sensor loses here and there, white where it loses nothing."""
    grain = Image.frombytes("L", (WIDE // 2, HIGH // 2), dice.randbytes(WIDE * HIGH // 4))
    grain = grain.point([round(255 - value * amount * 0.25) for value in range(256)])
    noise = Image.new("L", (WIDE, HIGH))
    for left in (0, WIDE // 2):
        for top in (0, HIGH // 2):
            noise.paste(grain, (left, top))
    return noise


def _tones(shot: Shot) -> list[int]:
    """Returns the curves of red, green and blue: exposure, white balance, contrast."""
    gains = shot.exposure * shot.warmth, shot.exposure, shot.exposure / shot.warmth
    curves = []
    for gain in gains:
        for value in range(256):
            level = min(1.0, value / 255 * gain)
            curved = level + shot.contrast * (level - 0.5) * level * (1 - level) * 4
            curves.append(round(255 * min(1.0, max(0.0, curved))))
    return curves
