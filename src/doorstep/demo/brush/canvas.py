"""A picture in the making: flat and shaded shapes, soft light and shadow, texture, dirt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from doorstep.demo.brush.colours import Colour, Paint, Ramp
from doorstep.demo.brush.shapes import Box, Place, Point, Shape

WIDTH: Final = 1600
HEIGHT: Final = 1200
SCALE: Final = 1.0  # pixels of the drawing in a unit
SOFT: Final = 1 / 6  # dirt has no edges, so few pixels do


class Canvas:
    """A picture of 1600 by 1200 units."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (round(WIDTH * SCALE), round(HEIGHT * SCALE)))
        self._pen = ImageDraw.Draw(self.image)
        self._place = Place(SCALE)

    def fill(self, shape: Shape, paint: Paint) -> None:
        """Paints the inside of a shape in one colour or a gradient."""
        if not isinstance(paint, Ramp):
            shape.paint(self._pen, self._place, paint)
            return
        left, top, right, bottom = (round(value) for value in self._place(*shape.bounds))
        colours = _gradient(paint, (max(1, right - left), max(1, bottom - top)))
        if isinstance(shape, Box) and not shape.radius:
            self.image.paste(colours, (left, top))
            return
        mask = Image.new("L", colours.size)
        shape.paint(ImageDraw.Draw(mask), Place(SCALE, left / SCALE, top / SCALE), 255)
        self.image.paste(colours, (left, top), mask)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 2) -> None:
        """Paints a line of so many units' width."""
        flat = self._place(*(value for point in points for value in point))
        self._pen.line(flat, colour, max(1, round(width * SCALE)), joint="curve")

    def soft(self, shape: Shape, colour: Colour, opacity: float, blur: float = 30) -> None:
        """Lays a blurred shape over the picture: a shadow, a glow, a stain. `blur` is in units."""
        bounds, scale = Box(*shape.bounds).inside(-2 * blur), min(0.8, max(0.1, 2.5 / blur))
        mask, place = _mask(bounds, scale)
        shape.paint(ImageDraw.Draw(mask), place, round(255 * opacity))
        self._lay(bounds, colour, mask.filter(ImageFilter.GaussianBlur(blur * scale)))

    def dirt(
        self, shape: Shape, colour: Colour, amount: float, dice: random.Random, grain: float = 60, cover: float = 0.5
    ) -> None:
        """Lays irregular patches of about `grain` units over a shape, over `cover` of it, up to `amount` opaque."""
        bounds = Box(*shape.bounds).inside(-2 / SOFT)  # with a dark rim, where blurring starts
        mask, place = _mask(bounds, SOFT)
        shape.paint(ImageDraw.Draw(mask), place, 255)
        blurred = mask.filter(ImageFilter.GaussianBlur(min(12, min(mask.size) / 8)))
        faded = blurred.point([max(0, 2 * value - 255) for value in range(256)])  # nothing left at the edge
        start = 255 * (1 - cover) * 0.8
        steps = [round(255 * amount * min(1.0, max(0.0, (v - start) / 150)) ** 1.3) for v in range(256)]
        self._lay(bounds, colour, ImageChops.multiply(faded, _clouds(mask.size, grain * SOFT, dice).point(steps)))

    def texture(self, shape: Shape, strength: float, dice: random.Random, across: float = 3, down: float = 3) -> None:
        """Roughens a shape by dark flecks of about that many units: wood and brushed steel have long ones."""
        left, top, right, bottom = shape.bounds
        size = round((right - left) * SCALE), round((bottom - top) * SCALE)
        cells = max(1, round((right - left) / across)), max(1, round((bottom - top) / down))
        flecks = _noise(cells, dice).point([round(value * strength) for value in range(256)])
        mask = flecks.resize(size, Image.Resampling.BILINEAR)
        if not isinstance(shape, Box):
            inside = Image.new("L", size)
            shape.paint(ImageDraw.Draw(inside), Place(SCALE, left, top), 255)
            mask = ImageChops.multiply(mask, inside)
        self.image.paste((30, 22, 14), (round(left * SCALE), round(top * SCALE)), mask)

    def _lay(self, bounds: Box, colour: Colour, mask: Image.Image) -> None:
        left, top, right, bottom = (round(value) for value in self._place(*bounds.bounds))
        full = mask.resize((max(1, right - left), max(1, bottom - top)), Image.Resampling.BILINEAR)
        self.image.paste(colour, (left, top), full)


def _gradient(ramp: Ramp, size: tuple[int, int]) -> Image.Image:
    ends = Image.new("RGB", (2, 2), ramp.first)
    ends.paste(ramp.last, (1, 0, 2, 2) if ramp.across else (0, 1, 2, 2))
    # Between the middles of two pixels lies every shade once; so one row or column, then copies of it.
    line, part = ((size[0], 1), (0.5, 0, 1.5, 2)) if ramp.across else ((1, size[1]), (0, 0.5, 2, 1.5))
    return ends.resize(line, Image.Resampling.BILINEAR, part).resize(size, Image.Resampling.NEAREST)


def _mask(bounds: Box, scale: float) -> tuple[Image.Image, Place]:
    size = (bounds.right - bounds.left) * scale, (bounds.bottom - bounds.top) * scale
    return Image.new("L", (max(1, round(size[0])), max(1, round(size[1])))), Place(scale, bounds.left, bounds.top)


def _noise(cells: tuple[int, int], dice: random.Random) -> Image.Image:
    return Image.frombytes("L", cells, dice.randbytes(cells[0] * cells[1]))


def _clouds(size: tuple[int, int], grain: float, dice: random.Random) -> Image.Image:
    """Returns smooth noise of three octaves, 0 to 255."""
    layers = []
    for cell in (grain, grain / 2.3, grain / 6):
        cells = max(2, round(size[0] / cell)), max(2, round(size[1] / cell))
        layers.append(_noise(cells, dice).resize(size, Image.Resampling.BICUBIC))
    return ImageOps.autocontrast(Image.blend(Image.blend(layers[0], layers[1], 0.42), layers[2], 0.26))
