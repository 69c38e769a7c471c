"""A kitchen along one wall: sink below a window, worktop, cooker below its hood."""

from __future__ import annotations

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import (
    BLACK,
    CHROME,
    GRIME,
    STEEL,
    TERRACOTTA,
    WHITE,
    Ramp,
    darker,
    lighter,
    lit,
    mix,
)
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly, curve
from doorstep.demo.scenes import parts

TOP = 640  # the worktop's surface


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    cooker = look.dice.choice([880, 940, 1000])
    sink = look.dice.randint(300, 380)
    _wall(canvas, look, cooker)
    parts.window(canvas, Box(sink - 230, 90, sink + 230, 500), look, look.dice.choice([WHITE, look.palette.wood]))
    _worktop(canvas, look)
    _doors(canvas, look, cooker)
    _sink(canvas, look, sink)
    _cooker(canvas, look, cooker)
    _hood(canvas, look, cooker + 260)
    if look.dice.random() < 0.6:
        _shelf(canvas, look, (sink + cooker) / 2 + 90)
    if look.clean:
        _order(canvas, look, sink, cooker)
    else:
        _disorder(canvas, look, sink, cooker)


def _wall(canvas: Canvas, look: Look, cooker: float) -> None:
    p = look.palette
    canvas.fill(Box(0, 0, 1600, TOP), lit(p.wall, 0.06))
    size, offset = look.dice.choice([((112, 66), 0.5), ((84, 84), 0.0), ((60, 130), 0.0), ((132, 58), 0.5)])
    parts.tiles(
        canvas, Box(0, look.dice.choice([120, 210]), 1600, TOP), size, p.tile, darker(p.tile, 0.2), look, offset
    )
    canvas.soft(Box(-100, TOP - 40, 1700, TOP + 10), BLACK, 0.3, 30)
    canvas.soft(Oval(cooker + 260, 420, 320, 230), (255, 240, 205), 0.5 if look.clean else 0.15, 90)


def _worktop(canvas: Canvas, look: Look) -> None:
    wood = look.palette.wood
    canvas.fill(Box(0, TOP - 12, 1600, TOP + 44), Ramp(lighter(wood, 0.2), wood))
    canvas.texture(Box(0, TOP - 12, 1600, TOP + 44), 0.2, look.dice, 90, 3)
    canvas.fill(Box(0, TOP + 40, 1600, TOP + 64), Ramp(darker(wood, 0.12), darker(wood, 0.42)))


def _doors(canvas: Canvas, look: Look, cooker: float) -> None:
    colour = look.palette.cabinet
    canvas.fill(Box(0, TOP + 64, 1600, 1200), Ramp(darker(colour, 0.22), darker(colour, 0.3)))
    count = look.dice.choice([3, 4])
    knobs = look.dice.random() < 0.4
    spans = [(cooker * n / count, cooker * (n + 1) / count) for n in range(count)] + [(cooker + 520, 1700)]
    for left, right in spans:
        door = Box(left + 8, TOP + 84, right - 8, 1180, 5)
        canvas.fill(door, lit(colour, 0.06))
        canvas.fill(door.inside(34), darker(colour, 0.16))
        canvas.fill(door.inside(39), lit(lighter(colour, 0.02), 0.05))
        canvas.line([(door.left + 2, door.top + 2), (door.right - 2, door.top + 2)], lighter(colour, 0.3), 3)
        if knobs:
            parts.ball(canvas, right - 34, TOP + 150, 13, (214, 188, 132))
        else:
            parts.bar(
                canvas, Box((left + right) / 2 - 52, TOP + 100, (left + right) / 2 + 52, TOP + 113, 6), (222, 204, 166)
            )
    canvas.soft(Box(-60, TOP + 60, 1700, TOP + 96), BLACK, 0.5, 18)
    canvas.soft(Box(-60, 1130, 1700, 1260), BLACK, 0.35, 40)


def _sink(canvas: Canvas, look: Look, x: float) -> None:
    canvas.fill(Oval(x, TOP + 14, 214, 25), Ramp(darker(STEEL, 0.35), lighter(STEEL, 0.4)))
    canvas.fill(Oval(x, TOP + 16, 196, 20), Ramp(darker(STEEL, 0.55), darker(STEEL, 0.1)))
    shine = lighter(CHROME, 0.3) if look.clean else darker(CHROME, 0.22)
    neck = curve([(x, TOP + 8), (x, 500), (x + 18, 436), (x + 66, 412), (x + 114, 436), (x + 130, 490)])
    for colour, width, shift in ((darker(shine, 0.5), 30, 3), (shine, 24, 0), (lighter(shine, 0.7), 7, -5)):
        canvas.line([(px + shift, py) for px, py in neck], colour, width)
    canvas.fill(Box(x - 26, TOP - 14, x + 26, TOP + 14, 8), lit(shine, 0.3, across=True))
    canvas.line([(x + 8, 560), (x + 66, 540)], shine, 13)


def _cooker(canvas: Canvas, look: Look, left: float) -> None:
    steel = lighter(STEEL, 0.25) if look.clean else darker(STEEL, 0.1)
    front = Box(left, TOP + 4, left + 520, 1200)
    canvas.soft(front.inside(-8), BLACK, 0.4, 20)
    canvas.fill(front, Ramp(lighter(steel, 0.3), darker(steel, 0.14), across=True))
    canvas.texture(front, 0.06, look.dice, 120, 3)
    canvas.fill(Box(left - 4, TOP - 34, left + 524, TOP + 6, 4), Ramp((66, 68, 70), (24, 25, 26)))
    for x in (left + 110, left + 400):
        canvas.fill(Box(x - 90, TOP - 50, x + 90, TOP - 34, 5), (22, 22, 24))
    for number in range(5):
        x = left + 84 + number * 88
        canvas.soft(Oval(x + 3, TOP + 58, 27, 27), BLACK, 0.4, 8)
        canvas.fill(Oval(x, TOP + 52, 25, 25), lit((52, 54, 56), 0.25))
        canvas.line([(x, TOP + 34), (x, TOP + 52)], WHITE, 4)
    parts.bar(canvas, Box(left + 60, TOP + 106, left + 460, TOP + 126, 9))
    _oven_door(canvas, look, Box(left + 46, TOP + 152, left + 474, TOP + 440, 14))


def _oven_door(canvas: Canvas, look: Look, door: Box) -> None:
    canvas.fill(door, (28, 28, 29))
    canvas.fill(door.inside(16), Ramp((74, 62, 52), (40, 34, 30)))
    for share in (0.4, 0.7):
        y = door.top + (door.bottom - door.top) * share
        canvas.line([(door.left + 24, y), (door.right - 24, y)], (110, 98, 86), 3)
    if look.clean:
        canvas.soft(
            Poly(
                [
                    (door.left + 60, door.top + 16),
                    (door.left + 150, door.top + 16),
                    (door.left + 90, door.bottom - 16),
                    (door.left + 20, door.bottom - 16),
                ]
            ),
            WHITE,
            0.35,
            3,
        )
        canvas.soft(
            Poly(
                [
                    (door.left + 180, door.top + 16),
                    (door.left + 205, door.top + 16),
                    (door.left + 145, door.bottom - 16),
                    (door.left + 120, door.bottom - 16),
                ]
            ),
            WHITE,
            0.25,
            3,
        )


def _hood(canvas: Canvas, look: Look, x: float) -> None:
    steel = lighter(STEEL, 0.2) if look.clean else darker(STEEL, 0.12)
    canvas.soft(Box(x - 280, 270, x + 280, 330), BLACK, 0.35, 30)
    canvas.fill(Box(x - 150, -10, x + 150, 200), Ramp(darker(steel, 0.2), lighter(steel, 0.25), across=True))
    canvas.fill(
        Poly([(x - 170, 190), (x + 170, 190), (x + 300, 276), (x - 300, 276)]),
        Ramp(lighter(steel, 0.35), darker(steel, 0.16)),
    )
    canvas.fill(Box(x - 300, 272, x + 300, 290), Ramp(lighter(steel, 0.4), darker(steel, 0.3)))


def _shelf(canvas: Canvas, look: Look, x: float) -> None:
    canvas.soft(Box(x - 120, 330, x + 130, 372), BLACK, 0.3, 14)
    for dx in (-78, 0, 76):
        high = look.dice.randint(70, 110)
        glass = mix(look.palette.tile, look.dice.choice([(214, 170, 110), (150, 110, 80), (232, 222, 200)]), 0.75)
        canvas.fill(Box(x + dx - 28, 318 - high, x + dx + 28, 318, 9), lit(glass, 0.18, across=True))
        canvas.fill(Box(x + dx - 30, 300 - high, x + dx + 30, 322 - high, 5), lit(look.palette.wood, 0.2, across=True))
        canvas.soft(Box(x + dx - 18, 330 - high, x + dx - 10, 308), WHITE, 0.55, 3)
    canvas.fill(Box(x - 130, 318, x + 130, 338), lit(look.palette.wood, 0.2))


def _order(canvas: Canvas, look: Look, sink: float, cooker: float) -> None:
    p, spot = look.palette, cooker - 150
    parts.plant(canvas, spot, TOP + 6, 250, look.dice.choice([TERRACOTTA, p.accent, WHITE]), look)
    canvas.soft(Oval(sink + 330, TOP + 8, 110, 12), BLACK, 0.35, 9)
    for dx, colour in (
        (-46, (222, 92, 62)),
        (0, (236, 176, 66)),
        (44, (150, 178, 74)),
        (-20, (228, 128, 60)),
        (24, (214, 74, 60)),
    ):
        parts.ball(canvas, sink + 330 + dx, TOP - 52 - (26 if abs(dx) in (20, 24) else 0), 32, colour)
    canvas.fill(
        Poly([(sink + 225, TOP - 52), (sink + 435, TOP - 52), (sink + 392, TOP + 8), (sink + 268, TOP + 8)]),
        lit(lighter(p.fabric, 0.5), 0.16, across=True),
    )
    parts.towel(canvas, Box(90, TOP + 106, 230, TOP + 310, 4), (248, 244, 234), p.accent)
    _pot(canvas, cooker + 400, p.accent, lid=True)
    canvas.soft(Poly([(150, 300), (420, 300), (900, TOP + 30), (420, TOP + 30)]), (255, 248, 226), 0.28, 50)


def _pot(canvas: Canvas, x: float, colour: tuple[int, int, int], lid: bool) -> None:
    canvas.fill(Box(x - 92, TOP - 134, x + 92, TOP - 48, 18), lit(colour, 0.24, across=True))
    canvas.fill(Box(x + 88, TOP - 120, x + 128, TOP - 106, 6), (40, 40, 42))
    canvas.fill(Box(x - 128, TOP - 120, x - 88, TOP - 106, 6), (40, 40, 42))
    if lid:
        canvas.fill(Box(x - 98, TOP - 148, x + 98, TOP - 130, 9), lit(lighter(colour, 0.2), 0.2))
        canvas.fill(Box(x - 18, TOP - 168, x + 18, TOP - 148, 7), (40, 40, 42))


def _disorder(canvas: Canvas, look: Look, sink: float, cooker: float) -> None:
    mess = look.mess
    _soil(canvas, look, cooker)
    parts.plates(canvas, sink - 150, TOP + 10, mess.randint(4, 6), mess)
    parts.plates(canvas, sink + 40, TOP + 16, 2, mess, 70)
    parts.bottle(
        canvas,
        sink + 250,
        TOP + 12,
        mess.randint(190, 240),
        mess.choice([(86, 124, 70), (70, 104, 150), (190, 150, 60)]),
    )
    parts.mug(canvas, sink + 350, TOP + 14, 86, mess.choice([(224, 214, 196), (120, 150, 170), (204, 110, 84)]))
    _pizza_box(canvas, cooker - 150, mess.uniform(-0.06, 0.06))
    _pot(canvas, cooker + 130, (96, 98, 100), lid=False)
    canvas.soft(Oval(cooker + 130, TOP - 132, 92, 16), (176, 74, 30), 0.95, 4)
    parts.drips(canvas, Box(cooker + 60, TOP - 120, cooker + 200, TOP - 20), 5, (166, 78, 34), mess)
    parts.crumbs(
        canvas, Box(40, TOP - 2, cooker - 20, TOP + 36), 90, ((120, 84, 48), (206, 168, 112), (70, 50, 36)), mess
    )


def _soil(canvas: Canvas, look: Look, cooker: float) -> None:
    mess = look.mess
    canvas.dirt(Box(0, 300, 1600, TOP), mix(GRIME, (140, 110, 60), 0.4), 0.4, mess, 120, 0.5)
    for _ in range(16):
        x, y = mess.gauss(cooker + 230, 190), mess.uniform(360, TOP - 60)
        canvas.soft(
            Oval(x, y, mess.uniform(14, 60), mess.uniform(8, 26)),
            mess.choice([(126, 88, 46), (150, 96, 44), (104, 76, 46)]),
            0.5,
            9,
        )
    canvas.dirt(Box(0, TOP - 12, 1600, TOP + 44), (70, 48, 30), 0.7, mess, 90, 0.5)
    canvas.dirt(Box(cooker, TOP + 6, cooker + 520, 1200), GRIME, 0.55, mess, 110, 0.42)
    canvas.dirt(Box(0, TOP + 80, cooker, 1200), GRIME, 0.35, mess, 130, 0.4)
    parts.drips(canvas, Box(cooker + 30, TOP + 20, cooker + 500, TOP + 480), 7, (112, 68, 32), mess)
    parts.drips(canvas, Box(60, TOP + 70, cooker - 40, 1100), 6, (96, 70, 44), mess, 0.35)
    canvas.dirt(Box(cooker - 40, 0, cooker + 560, 290), (132, 98, 50), 0.45, mess, 90, 0.4)


def _pizza_box(canvas: Canvas, x: float, turn: float) -> None:
    card = (186, 150, 108)
    canvas.soft(Box(x - 130, TOP - 6, x + 130, TOP + 16), BLACK, 0.4, 10)
    canvas.fill(
        Poly([(x - 120, TOP - 26), (x + 120, TOP - 26 + turn * 200), (x + 130, TOP + 10), (x - 130, TOP + 10)]),
        lit(card, 0.15),
    )
    canvas.fill(
        Poly([(x - 116, TOP - 26), (x - 96, TOP - 150), (x + 138, TOP - 138), (x + 118, TOP - 26)]),
        lit(lighter(card, 0.15), 0.12),
    )
    canvas.soft(Oval(x + 10, TOP - 86, 70, 34), (150, 96, 48), 0.5, 10)
