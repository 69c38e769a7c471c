"""Shapes in the drawing's own units: 1600 across, 1200 down, wherever it is painted and however large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import ImageDraw

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """Where a pixel grid lies: its scale (pixels in a unit) and the point at its left upper corner."""

    scale: float
    left: float = 0
    top: float = 0

    def __call__(self, *values: float) -> list[float]:
        """Returns x, y, x, y, ... in pixels."""
        origin = (self.left, self.top)
        return [(value - origin[at % 2]) * self.scale for at, value in enumerate(values)]


class Shape(Protocol):
    """Something with an inside."""

    @property
    def bounds(self) -> Bounds:
        """Left, top, right, bottom."""

    def paint(self, pen: ImageDraw.ImageDraw, place: Place, fill: tuple[int, ...] | int) -> None:
        """Fills the inside."""


@dataclass(frozen=True)
class Box:
    """A rectangle; `radius` rounds its corners."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float = 0

    @property
    def bounds(self) -> Bounds:
        return self.left, self.top, self.right, self.bottom

    def paint(self, pen: ImageDraw.ImageDraw, place: Place, fill: tuple[int, ...] | int) -> None:
        corners = place(*self.bounds)
        if self.radius:
            pen.rounded_rectangle(corners, self.radius * place.scale, fill)
        else:
            pen.rectangle(corners, fill)

    def inside(self, by: float) -> Box:
        """Returns the box that is smaller by so much on every side (larger when negative)."""
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by, max(0, self.radius - by))


@dataclass(frozen=True)
class Oval:
    """An ellipse around a point."""

    x: float
    y: float
    across: float
    down: float

    @property
    def bounds(self) -> Bounds:
        return self.x - self.across, self.y - self.down, self.x + self.across, self.y + self.down

    def paint(self, pen: ImageDraw.ImageDraw, place: Place, fill: tuple[int, ...] | int) -> None:
        pen.ellipse(place(*self.bounds), fill)


@dataclass(frozen=True)
class Poly:
    """A polygon."""

    points: Sequence[Point]

    @property
    def bounds(self) -> Bounds:
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return min(across), min(down), max(across), max(down)

    def paint(self, pen: ImageDraw.ImageDraw, place: Place, fill: tuple[int, ...] | int) -> None:
        pen.polygon(place(*(value for point in self.points for value in point)), fill)


def curve(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """Returns points along a smooth line through the given ones (Catmull-Rom spline)."""
    ends = [points[0], *points, points[-1]]
    smooth = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        smooth += [_between(before, start, end, after, step / steps) for step in range(steps)]
    return [*smooth, points[-1]]


def _between(before: Point, start: Point, end: Point, after: Point, share: float) -> Point:
    x, y = (
        start[at]
        + 0.5 * share * (end[at] - before[at])
        + share**2 * (before[at] - 2.5 * start[at] + 2 * end[at] - 0.5 * after[at])
        + share**3 * (1.5 * (start[at] - end[at]) + 0.5 * (after[at] - before[at]))
        for at in (0, 1)
    )
    return x, y
