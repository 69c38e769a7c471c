"""Things that are found in more than one place."""

from __future__ import annotations

import math
import random

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import (
    BLACK,
    CHROME,
    LEAF,
    WHITE,
    Colour,
    Paint,
    Ramp,
    darker,
    lighter,
    lit,
    mix,
)
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly

DAYLIGHT = Ramp((206, 228, 244), (240, 246, 246))


def tiles(
    canvas: Canvas, area: Box, size: tuple[float, float], colour: Colour, grout: Colour, look: Look, offset: float = 0.5
) -> None:
    """A wall of tiles, every row moved by `offset` of a tile; each tile a little different."""
    canvas.fill(area, grout)
    wide, high = size
    shades = [Ramp(lighter(c, 0.1), darker(c, 0.04)) for c in (mix(colour, WHITE, s / 14) for s in range(-1, 4))]
    top, row = area.top, 0
    while top < area.bottom:
        left = area.left - (row % 2) * offset * wide
        while left < area.right:
            box = Box(
                max(left, area.left) + 2, top + 2, min(left + wide, area.right) - 2, min(top + high, area.bottom) - 2
            )
            if box.right > box.left + 2 and box.bottom > box.top + 2:
                canvas.fill(box, look.dice.choice(shades).first)
                canvas.line([(box.left, box.top + 1), (box.right, box.top + 1)], lighter(colour, 0.5), 2)
            left += wide
        top += high
        row += 1


def planks(canvas: Canvas, top: float, colour: Colour, look: Look, count: int = 11) -> None:
    """A floor of boards that run away from the camera, from `top` to the lower edge of the picture."""
    step, spread = 1600 / count, 1.9
    for number in range(-count // 3, count + count // 3 + 1):
        far = step * number
        near = 800 + (far - 800) * spread
        board = [(far, top), (far + step, top), (near + step * spread, 1200), (near, 1200)]
        canvas.fill(Poly(board), mix(colour, BLACK, look.dice.uniform(0.02, 0.2)))
        canvas.line([(far, top), (near, 1200)], darker(colour, 0.4), 2)
    canvas.soft(Box(-200, top - 200, 1800, top + 60), BLACK, 0.2, 60)
    canvas.texture(Box(0, top, 1600, 1200), 0.07, look.dice, 5, 30)
    canvas.soft(Box(-50, top - 20, 1650, top + 14), BLACK, 0.35, 18)


def window(canvas: Canvas, frame: Box, look: Look, colour: Colour, panes: int = 2) -> None:
    """A window with hills outside; through neglected panes one sees them grey."""
    canvas.soft(frame.inside(-6), BLACK, 0.25, 14)
    canvas.fill(frame, lit(colour, 0.14))
    glass = frame.inside(18)
    canvas.fill(glass, DAYLIGHT)
    outside(canvas, glass, look)
    for number in range(1, panes):
        x = glass.left + (glass.right - glass.left) * number / panes
        canvas.fill(Box(x - 7, glass.top, x + 7, glass.bottom), lit(colour, 0.2))
    if look.clean:
        slant = (glass.right - glass.left) * 0.16
        canvas.soft(
            Poly(
                [
                    (glass.left + slant, glass.top),
                    (glass.left + 2.4 * slant, glass.top),
                    (glass.left + slant, glass.bottom),
                    (glass.left, glass.bottom),
                ]
            ),
            WHITE,
            0.4,
            5,
        )
    else:
        canvas.soft(glass, (150, 146, 126), 0.45, 6)
        canvas.dirt(glass, (108, 100, 78), 0.5, look.mess, 110, 0.5)


def outside(canvas: Canvas, glass: Box, look: Look) -> None:
    """What a window looks at: hazy hills, trees before them, perhaps a house."""
    wide, high = glass.right - glass.left, glass.bottom - glass.top
    canvas.fill(glass, DAYLIGHT)
    ridge(canvas, glass, 0.42, 0.08, (172, 196, 190), look.dice)
    if look.dice.random() < 0.6:
        x, y = glass.left + wide * look.dice.uniform(0.25, 0.65), glass.bottom - high * 0.2
        house(canvas, x, y, wide * 0.2, look.dice.choice([(232, 214, 190), (214, 186, 170), (226, 226, 220)]))
    ridge(canvas, glass, 0.22, 0.12, (120, 158, 110), look.dice)


def ridge(canvas: Canvas, area: Box, share: float, bumps: float, colour: Colour, dice: random.Random) -> None:
    """A line of trees or hills along the lower `share` of an area, its outline moving by `bumps` of the height."""
    high = area.bottom - area.top
    phases = [dice.uniform(0, 6.3) for _ in range(3)]
    points = [(area.left, area.bottom)]
    for step in range(61):
        wave = sum(math.sin(step * rate + phase) / rate for rate, phase in zip((0.13, 0.31, 0.72), phases, strict=True))
        points.append(
            (area.left + (area.right - area.left) * step / 60, area.bottom - high * (share + wave * bumps * 0.12))
        )
    canvas.fill(Poly([*points, (area.right, area.bottom)]), Ramp(lighter(colour, 0.16), darker(colour, 0.06)))


def house(canvas: Canvas, x: float, ground: float, size: float, colour: Colour) -> None:
    """A small far house with a red roof."""
    canvas.fill(Box(x - size / 2, ground - size * 0.6, x + size / 2, ground), lit(colour, 0.08))
    roof = [(x - size * 0.62, ground - size * 0.56), (x, ground - size), (x + size * 0.62, ground - size * 0.56)]
    canvas.fill(Poly(roof), lit((172, 108, 88), 0.1))
    for dx in (-0.24, 0.12):
        canvas.fill(
            Box(x + size * dx, ground - size * 0.42, x + size * (dx + 0.14), ground - size * 0.22), (110, 128, 140)
        )


def plant(canvas: Canvas, x: float, ground: float, size: float, pot: Colour, look: Look) -> None:
    """A pot plant that stands at `ground`; a neglected one hangs its leaves."""
    canvas.soft(Oval(x, ground, size * 0.4, size * 0.06), BLACK, 0.4, 8)
    leaf = LEAF if look.clean else (148, 138, 84)
    for number in range(9):
        lean = (number - 4) / 4 * (0.8 if look.clean else 1.4)
        reach = size * look.dice.uniform(0.75, 1.05)
        _leaf(
            canvas,
            x + lean * size * 0.08,
            ground - size * 0.42,
            lean,
            reach,
            mix(leaf, BLACK if number % 2 else WHITE, 0.12),
        )
    rim, foot = size * 0.27, size * 0.19
    canvas.fill(
        Poly(
            [(x - rim, ground - size * 0.45), (x + rim, ground - size * 0.45), (x + foot, ground), (x - foot, ground)]
        ),
        lit(pot, 0.22, across=True),
    )
    canvas.fill(
        Box(x - rim * 1.08, ground - size * 0.47, x + rim * 1.08, ground - size * 0.37, 4),
        lit(darker(pot, 0.08), 0.2, across=True),
    )


def _leaf(canvas: Canvas, x: float, y: float, lean: float, reach: float, colour: Colour) -> None:
    tip = x + math.sin(lean) * reach, y - math.cos(lean) * reach * 0.8
    side = reach * 0.11
    across, along = math.cos(lean) * side, math.sin(lean) * side
    belly = (x + tip[0] * 1.2) / 2.2, (y + tip[1] * 1.2) / 2.2
    points = [(x, y), (belly[0] - across, belly[1] - along), tip, (belly[0] + across, belly[1] + along)]
    canvas.fill(Poly(points), Ramp(lighter(colour, 0.14), darker(colour, 0.12)))
    canvas.line([(x, y), tip], darker(colour, 0.14), 1.5)


def bar(canvas: Canvas, box: Box, colour: Colour = CHROME) -> None:
    """A handle or rail of metal with its shadow."""
    canvas.soft(Box(box.left, box.top + 8, box.right, box.bottom + 12), BLACK, 0.35, 6)
    canvas.fill(
        box, Ramp(lighter(colour, 0.5), darker(colour, 0.3), across=box.bottom - box.top > box.right - box.left)
    )


def crumbs(
    canvas: Canvas, area: Box, count: int, colours: tuple[Colour, ...], mess: random.Random, size: float = 6
) -> None:
    """Small bits scattered over an area, more of them in its middle."""
    for _ in range(count):
        x = mess.triangular(area.left, area.right)
        y = mess.triangular(area.top, area.bottom)
        reach = mess.uniform(0.35, 1) * size
        canvas.fill(Oval(x, y + reach * 0.5, reach * 1.2, reach * 0.5), (60, 50, 40))
        canvas.fill(Oval(x, y, reach, reach * mess.uniform(0.5, 0.8)), mess.choice(colours))


def drips(canvas: Canvas, area: Box, count: int, colour: Colour, mess: random.Random, opacity: float = 0.5) -> None:
    """Thin runs down a surface, ending in a drop."""
    for _ in range(count):
        x, top = mess.uniform(area.left, area.right), mess.uniform(area.top, (area.top + area.bottom) / 2)
        length, wide = mess.uniform(0.15, 0.45) * (area.bottom - area.top), mess.uniform(1.5, 3.5)
        canvas.soft(
            Poly(
                [
                    (x - wide * 1.6, top),
                    (x + wide * 1.6, top),
                    (x + wide * 0.7, top + length),
                    (x - wide * 0.7, top + length),
                ]
            ),
            colour,
            opacity,
            4,
        )
        canvas.soft(Oval(x, top + length, wide * 1.5, wide * 2.4), colour, opacity, 3)


def bottle(canvas: Canvas, x: float, ground: float, height: float, colour: Colour) -> None:
    """A bottle with neck and highlight."""
    wide = height * 0.15
    canvas.soft(Oval(x + 6, ground, wide * 1.5, 9), BLACK, 0.4, 7)
    canvas.fill(
        Box(x - wide * 0.38, ground - height, x + wide * 0.38, ground - height * 0.5, 4),
        lit(darker(colour, 0.1), 0.2, across=True),
    )
    canvas.fill(Box(x - wide, ground - height * 0.66, x + wide, ground, wide * 0.5), lit(colour, 0.24, across=True))
    canvas.fill(Box(x - wide, ground - height * 0.44, x + wide, ground - height * 0.18), lighter(colour, 0.7))
    canvas.soft(Box(x - wide * 0.6, ground - height * 0.6, x - wide * 0.3, ground - height * 0.1), WHITE, 0.5, 3)


def mug(canvas: Canvas, x: float, ground: float, size: float, colour: Colour) -> None:
    """A mug with its handle to the right."""
    canvas.soft(Oval(x + 4, ground, size * 0.6, 8), BLACK, 0.4, 6)
    canvas.fill(Oval(x + size * 0.42, ground - size * 0.5, size * 0.28, size * 0.3), darker(colour, 0.1))
    canvas.fill(Oval(x + size * 0.4, ground - size * 0.5, size * 0.16, size * 0.18), darker(colour, 0.55))
    canvas.fill(
        Box(x - size * 0.42, ground - size, x + size * 0.42, ground, size * 0.14), lit(colour, 0.2, across=True)
    )
    canvas.fill(Oval(x, ground - size * 0.98, size * 0.42, size * 0.1), darker(colour, 0.3))


def plates(canvas: Canvas, x: float, ground: float, count: int, mess: random.Random, size: float = 90) -> None:
    """A leaning pile of used plates."""
    for number in range(count):
        y = ground - 10 - number * 19
        x += mess.uniform(-9, 9)
        reach = size * mess.uniform(0.82, 1.05)
        shade = mess.choice([(236, 232, 222), (214, 198, 180), (206, 214, 214), (240, 238, 232)])
        canvas.fill(Oval(x, y + 6, reach, 17), darker(shade, 0.35))
        canvas.fill(Oval(x, y, reach, 17), lit(shade, 0.1))
        canvas.soft(Oval(x + mess.uniform(-30, 30), y - 1, reach * 0.45, 7), (142, 84, 44), 0.6, 5)


def towel(canvas: Canvas, box: Box, colour: Colour, stripe: Colour) -> None:
    """A folded cloth that hangs."""
    canvas.soft(box.inside(-4), BLACK, 0.3, 10)
    canvas.fill(box, Ramp(lighter(colour, 0.1), darker(colour, 0.08), across=True))
    for share in (0.72, 0.79, 0.86):
        y = box.top + (box.bottom - box.top) * share
        canvas.fill(Box(box.left, y, box.right, y + 7), stripe)
    for share in (0.3, 0.66):
        x = box.left + (box.right - box.left) * share
        canvas.soft(Box(x, box.top, x + 6, box.bottom), BLACK, 0.16, 5)


def ball(canvas: Canvas, x: float, y: float, size: float, colour: Paint) -> None:
    """A round thing with light on its shoulder: a fruit, a knob."""
    base = colour.first if isinstance(colour, Ramp) else colour
    canvas.fill(Oval(x, y, size, size), lit(base, 0.2) if not isinstance(colour, Ramp) else colour)
    canvas.soft(Oval(x - size * 0.35, y - size * 0.4, size * 0.3, size * 0.22), WHITE, 0.6, size * 0.15)


def flower(canvas: Canvas, x: float, y: float, lean: float, reach: float, colour: Colour) -> None:
    """A cut flower in a vase whose mouth is at x, y."""
    tip = x + math.sin(lean) * reach, y - math.cos(lean) * reach
    canvas.line([(x, y), tip], darker(LEAF, 0.15), 5)
    for turn in range(6):
        canvas.fill(Oval(tip[0] + math.cos(turn) * 13, tip[1] + math.sin(turn) * 12, 14, 13), lit(colour, 0.15))
    canvas.fill(Oval(tip[0], tip[1], 8, 8), (236, 196, 90))


def note(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """A sticky note with a few words."""
    canvas.soft(Box(x + 3, y + 6, x + size + 3, y + size + 4), BLACK, 0.25, 6)
    canvas.fill(Box(x, y, x + size, y + size), lit(colour, 0.06))
    for share in (0.3, 0.5, 0.7):
        canvas.line([(x + size * 0.15, y + size * share), (x + size * 0.8, y + size * share)], darker(colour, 0.4), 2)
