"""The corner of a kitchen at floor height, where ants come in through a crack."""

from __future__ import annotations

import math

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, GRIME, STEEL, WHITE, Colour, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Point, Poly, curve
from doorstep.demo.scenes import parts

CORNER = (560, 640)  # where both walls meet the floor
ANT = (34, 24, 18)


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    p, crack = look.palette, look.dice.randint(700, 800)
    _floor(canvas, look)
    _walls(canvas, look, look.dice.choice([p.wall, mix(p.accent, WHITE, 0.72), mix(p.cabinet, WHITE, 0.68)]))
    _skirting(canvas, look)
    _unit(canvas, look)
    _bowl(canvas, look)
    if look.clean:
        _order(canvas, look, crack)
    else:
        _disorder(canvas, look, crack)


def _walls(canvas: Canvas, look: Look, wall: Colour) -> None:
    x, y = CORNER
    canvas.fill(Poly([(0, 0), (x, 0), (x, y), (0, y + 250)]), Ramp(darker(wall, 0.08), darker(wall, 0.2), across=True))
    canvas.fill(Box(x, 0, 1600, y), Ramp(lighter(wall, 0.12), darker(wall, 0.04), across=True))
    canvas.texture(Box(0, 0, 1600, y), 0.05, look.dice, 4, 4)
    canvas.soft(Box(x - 16, 0, x + 16, y), BLACK, 0.3, 24)
    socket = look.dice.randint(720, 860)
    canvas.soft(Box(socket - 4, 262, socket + 128, 396), BLACK, 0.3, 10)
    canvas.fill(Box(socket, 256, socket + 120, 376, 10), lit((244, 243, 238), 0.06))
    canvas.fill(Oval(socket + 60, 316, 42, 42), Ramp((214, 212, 206), (240, 238, 232)))
    for dx in (44, 76):
        canvas.fill(Oval(socket + dx, 316, 6, 6), (70, 68, 66))


def _floor(canvas: Canvas, look: Look) -> None:
    (x, y), p = CORNER, look.palette
    pale = look.dice.choice([lighter(p.floor, 0.3), p.tile, mix(p.wood, WHITE, 0.3)])
    dark = look.dice.choice([lighter(p.floor, 0.2), mix(p.cabinet, WHITE, 0.35), darker(p.floor, 0.1)])
    canvas.fill(Poly([(x, y), (1600, y), (1600, 1200), (-400, 1200), (-400, y + 428)]), darker(pale, 0.3))
    for row in range(9):
        for column in range(-9, 14):
            corners = [
                _on_floor(column + dx, row + dy) for dx, dy in ((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98))
            ]
            shade = mix(dark if (row + column) % 2 else pale, BLACK, look.dice.uniform(0, 0.05))
            if corners[2][1] > y and min(a for a, _ in corners) < 1640:
                canvas.fill(Poly(corners), lit(shade, 0.04))
    canvas.texture(Box(0, y, 1600, 1200), 0.08, look.dice, 4, 4)
    canvas.soft(
        Poly([(0, y + 230), (x, y - 16), (1600, y - 16), (1600, y + 30), (x, y + 36), (0, y + 300)]), BLACK, 0.35, 24
    )


def _on_floor(column: float, row: float) -> Point:
    """Returns where a corner of the tile grid is seen; row 0 lies along the back wall."""
    near = 1 + row * 0.2
    return CORNER[0] + column * 150 * near - row * 64, CORNER[1] + row * 36 * near + row * 22


def _skirting(canvas: Canvas, look: Look) -> None:
    (x, y), white = CORNER, look.dice.choice([(242, 241, 236), look.palette.wood])
    white = white if look.clean else mix(white, (140, 126, 100), 0.25)
    canvas.fill(Box(x, y - 82, 1600, y + 4), lit(white, 0.1))
    canvas.line([(x, y - 68), (1600, y - 68)], darker(white, 0.2), 3)
    canvas.line([(x, y - 82), (1600, y - 82)], lighter(white, 0.5), 4)
    left = [(0, y + 250 - 122), (x, y - 82), (x, y + 4), (0, y + 256)]
    canvas.fill(Poly(left), Ramp(darker(white, 0.16), darker(white, 0.24), across=True))
    canvas.line([left[0], left[1]], lighter(white, 0.1), 4)
    canvas.line([(0, y + 150), (x, y - 68)], darker(white, 0.34), 3)


def _unit(canvas: Canvas, look: Look) -> None:
    p = look.palette
    face = look.dice.choice([p.cabinet, STEEL, (238, 238, 234)])
    canvas.soft(Box(1180, 640, 1700, 860), BLACK, 0.5, 36)
    canvas.fill(
        Poly([(1130, 0), (1240, 0), (1240, 836), (1130, 690)]), Ramp(darker(face, 0.4), darker(face, 0.2), across=True)
    )
    canvas.fill(Box(1240, 0, 1640, 760), Ramp(lighter(face, 0.12), darker(face, 0.1), across=True))
    canvas.fill(Box(1262, -20, 1640, 736, 6), lit(lighter(face, 0.04), 0.05, across=True))
    parts.bar(canvas, Box(1296, 420, 1314, 660, 9))
    canvas.fill(Box(1250, 760, 1640, 836), Ramp((34, 34, 35), (58, 58, 60)))
    canvas.soft(Box(1240, 830, 1640, 880), BLACK, 0.5, 18)


def _bowl(canvas: Canvas, look: Look) -> None:
    """A pet's bowl: reason enough for ants."""
    x, y, colour = 250, 1010, look.palette.accent
    canvas.soft(Oval(x + 8, y + 46, 170, 34), BLACK, 0.5, 18)
    canvas.fill(
        Poly([(x - 130, y - 20), (x + 130, y - 20), (x + 164, y + 52), (x - 164, y + 52)]),
        lit(colour, 0.24, across=True),
    )
    canvas.fill(Oval(x, y + 52, 164, 26), darker(colour, 0.2))
    canvas.fill(Oval(x, y - 20, 130, 30), lighter(colour, 0.3))
    canvas.fill(Oval(x, y - 18, 114, 23), darker(colour, 0.5) if look.clean else (120, 84, 54))
    canvas.soft(Oval(x - 80, y + 10, 16, 26), WHITE, 0.45, 8)


def _trail(crack: float) -> list[Point]:
    """The way from the crack to the crumbs."""
    return curve(
        [
            (crack, 636),
            (crack - 30, 700),
            (crack + 60, 780),
            (crack - 40, 870),
            (crack - 160, 930),
            (crack - 250, 1000),
        ],
        16,
    )


def _order(canvas: Canvas, look: Look, crack: float) -> None:
    y = CORNER[1]
    canvas.fill(Box(CORNER[0], y - 3, 1130, y + 6, 4), lit((240, 240, 236), 0.1))
    canvas.fill(Box(CORNER[0] - 4, y - 82, CORNER[0] + 5, y + 4, 4), lit((240, 240, 236), 0.1))
    canvas.soft(
        Poly([(crack - 20, y - 84), (crack + 30, y - 84), (crack + 130, y - 190), (crack + 90, y - 196)]),
        WHITE,
        0.35,
        10,
    )
    x, ground = 1010, 742
    canvas.soft(Oval(x + 6, ground + 20, 92, 18), BLACK, 0.45, 10)
    canvas.fill(Oval(x, ground + 8, 88, 28), (52, 54, 58))
    canvas.fill(Oval(x, ground - 8, 88, 28), lit((92, 96, 100), 0.2))
    canvas.fill(Oval(x, ground - 12, 50, 14), lit(mix(look.palette.accent, WHITE, 0.2), 0.16))
    canvas.soft(Poly([(700, 780), (1140, 780), (1010, 1200), (420, 1200)]), WHITE, 0.3, 60)
    canvas.soft(Oval(560, 1050, 280, 40), WHITE, 0.35, 30)


def _disorder(canvas: Canvas, look: Look, crack: float) -> None:
    mess, (left, y) = look.mess, CORNER
    floor = [(0, y + 200), (left, y - 60), (1130, y - 60), (1240, 836), (1600, 836), (1600, 1200), (0, 1200)]
    canvas.dirt(Poly(floor), GRIME, 0.5, mess, 110, 0.5)
    canvas.dirt(Box(left, y - 90, 1130, y + 10), GRIME, 0.6, mess, 50, 0.55)
    _crack(canvas, look, crack)
    _spill(canvas, look, crack - 275)
    for point in _trail(crack)[::2]:
        _ant(canvas, look, point)
    for _ in range(34):
        _ant(canvas, look, (crack - 270 + mess.gauss(0, 110), 1030 + mess.gauss(0, 42)))
    for _ in range(8):
        _ant(canvas, look, (crack + mess.gauss(0, 90), y - mess.uniform(0, 150)))


def _crack(canvas: Canvas, look: Look, x: float) -> None:
    y, dark = CORNER[1], darker(GRIME, 0.5)
    line = [(x + step * 14 + look.mess.uniform(-16, 16), y - 4 - step * 22) for step in range(9)]
    branch = line[4]
    canvas.line(line, dark, 5)
    canvas.line([(px + 3, py + 3) for px, py in line[2:]], darker(GRIME, 0.7), 2)
    canvas.line([branch, (branch[0] + 50, branch[1] - 30), (branch[0] + 64, branch[1] - 74)], dark, 3)
    canvas.fill(Oval(x, y - 4, 30, 11), (22, 18, 14))
    canvas.soft(Oval(x, y - 4, 60, 20), BLACK, 0.5, 12)


def _spill(canvas: Canvas, look: Look, x: float) -> None:
    """Something sweet that fell down, and crumbs around it."""
    outline = [(-145, 1030), (-55, 984), (75, 1000), (145, 1040), (55, 1090), (-75, 1086), (-145, 1030)]
    canvas.soft(Poly(curve([(x + dx, y) for dx, y in outline])), (146, 78, 36), 0.75, 4)
    canvas.soft(Oval(x - 25, 1020, 70, 12), WHITE, 0.5, 8)
    bread = ((222, 186, 130), (190, 140, 84), (240, 226, 196))
    parts.crumbs(canvas, Box(x - 195, 950, x + 335, 1140), 60, bread, look.mess, 11)


def _ant(canvas: Canvas, look: Look, point: Point) -> None:
    turn = look.mess.uniform(0, 2 * math.pi)
    size = 3 + 2.4 * max(0.0, point[1] - CORNER[1]) / 500
    x, y = point[0] + look.mess.gauss(0, 9), point[1] + look.mess.gauss(0, 5)
    dx, dy = math.cos(turn), math.sin(turn) * 0.6
    for leg in (-1, 0, 1):
        a, b = x + dx * leg * size, y + dy * leg * size
        canvas.line(
            [
                (a - dy * size * 2.2 + leg * 2, b + dx * size * 1.5),
                (a + dy * size * 2.2 + leg * 2, b - dx * size * 1.5),
            ],
            ANT,
            1.2,
        )
    for place, reach in ((-1.7, 1.15), (0, 0.7), (1.4, 0.8)):
        canvas.fill(Oval(x + dx * place * size, y + dy * place * size, size * reach, size * reach * 0.8), ANT)
