"""A washing machine in a utility room, a basket beside it."""

from __future__ import annotations

import math

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, CHROME, GRIME, LIME, MOULD, RUST, WHITE, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly, curve
from doorstep.demo.scenes import parts

FLOOR = 1040
DOOR_Y = 650


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    left = look.dice.randint(300, 380)
    body = Box(left, 190, left + 760, 1090, 14)
    white = look.dice.choice([(226, 229, 231), (222, 226, 230), (86, 90, 96), (196, 201, 206)])
    white = white if look.clean else mix(white, (176, 162, 130), 0.28)
    _room(canvas, look)
    _shelf(canvas, look, body)
    _case(canvas, look, body, white)
    _panel(canvas, look, body, white)
    _porthole(canvas, look, left + 380)
    _basket(canvas, look, body.right + 210)
    if look.clean:
        _order(canvas, look, body)
    else:
        _disorder(canvas, look, body)


def _room(canvas: Canvas, look: Look) -> None:
    p = look.palette
    size, offset = look.dice.choice([((140, 140), 0.0), ((160, 80), 0.5), ((110, 110), 0.0)])
    tone = look.dice.choice([p.tile, mix(p.cabinet, WHITE, 0.7), mix(p.accent, WHITE, 0.76)])
    grout = darker(tone, 0.16) if look.clean else mix(darker(tone, 0.3), MOULD, 0.3)
    parts.tiles(canvas, Box(0, 0, 1600, FLOOR), size, tone, grout, look, offset)
    canvas.fill(Box(0, FLOOR, 1600, 1200), Ramp(darker(p.floor, 0.3), darker(p.floor, 0.06)))
    for number in range(-8, 18):
        canvas.line([(number * 180 - 40, FLOOR), (800 + (number * 180 - 840) * 1.5, 1200)], darker(p.floor, 0.45), 3)
    canvas.line([(0, 1110), (1600, 1110)], darker(p.floor, 0.45), 3)
    canvas.soft(Box(-50, FLOOR - 40, 1650, FLOOR + 30), BLACK, 0.4, 26)
    canvas.line([(140, 0), (140, 700), (250, 760)], mix(CHROME, BLACK, 0.35), 16)
    canvas.line([(136, 0), (136, 700)], lighter(CHROME, 0.3), 5)
    canvas.fill(Oval(140, 560, 36, 20), lit((196, 62, 54) if look.dice.random() < 0.5 else (60, 110, 170), 0.2))


def _shelf(canvas: Canvas, look: Look, body: Box) -> None:
    y = 96
    canvas.soft(Box(body.left, y + 10, 1600, y + 60), BLACK, 0.3, 18)
    canvas.fill(Box(body.left + 40, y, 1620, y + 26), lit(look.palette.wood, 0.2))
    canvas.texture(Box(body.left + 40, y, 1600, y + 26), 0.14, look.dice, 90, 3)
    for dx, colour in ((860, look.palette.accent), (960, look.palette.cabinet), (1050, look.palette.fabric)):
        high = look.dice.randint(70, 90)
        canvas.fill(Box(body.left + dx, y - high, body.left + dx + 70, y, 8), lit(colour, 0.16, across=True))
        canvas.fill(Box(body.left + dx + 8, y - high + 24, body.left + dx + 62, y - 16), lighter(colour, 0.7))


def _case(canvas: Canvas, look: Look, body: Box, white: tuple[int, int, int]) -> None:
    canvas.soft(Box(body.left - 20, 1060, body.right + 30, 1130), BLACK, 0.6, 24)
    canvas.soft(body.inside(-10), BLACK, 0.35, 26)
    for x in (body.left + 60, body.right - 110):
        canvas.fill(Box(x, 1080, x + 50, 1112, 5), (40, 42, 44))
    canvas.fill(body, Ramp(lighter(white, 0.2), darker(white, 0.14), across=True))
    canvas.fill(Box(body.left - 6, body.top - 8, body.right + 6, body.top + 18, 8), lit(lighter(white, 0.1), 0.1))
    canvas.fill(Box(body.left + 30, 990, body.right - 30, 1064, 8), lit(darker(white, 0.05), 0.05))
    canvas.line([(body.left, 966), (body.right, 966)], darker(white, 0.24), 3)
    canvas.fill(Oval(body.right - 120, 1028, 27, 27), lit(darker(white, 0.1), 0.1))


def _panel(canvas: Canvas, look: Look, body: Box, white: tuple[int, int, int]) -> None:
    y, x = body.top + 26, body.left
    canvas.line([(x, y + 142), (body.right, y + 142)], darker(white, 0.25), 4)
    drawer = Box(x + 28, y + 14, x + 250, y + 126, 8)
    canvas.fill(drawer, lit(darker(white, 0.04), 0.08))
    canvas.fill(Box(x + 60, y + 84, x + 218, y + 106, 10), Ramp(darker(white, 0.4), darker(white, 0.14)))
    dial = Oval(x + 380, y + 70, 56, 56)
    canvas.soft(Oval(x + 386, y + 82, 60, 58), BLACK, 0.4, 12)
    canvas.fill(dial, lit(CHROME, 0.3))
    canvas.fill(Oval(dial.x, dial.y, 43, 43), lit(lighter(white, 0.1), 0.16))
    canvas.line([(dial.x, dial.y - 8), (dial.x + 22, dial.y - 34)], (70, 74, 78), 6)
    for number in range(12):
        turn = number * math.pi / 6
        canvas.fill(Oval(dial.x + math.cos(turn) * 72, dial.y + math.sin(turn) * 62, 3, 3), darker(white, 0.45))
    canvas.fill(Box(x + 490, y + 30, x + 640, y + 110, 8), (18, 22, 26))
    glow = (110, 216, 226) if look.clean else (226, 90, 66)
    for number in range(3):
        canvas.fill(Box(x + 512 + number * 40, y + 48, x + 536 + number * 40, y + 92, 4), glow)
    for number in range(2):
        canvas.fill(Oval(x + 690, y + 48 + number * 46, 15, 15), lit(darker(white, 0.1), 0.2))


def _porthole(canvas: Canvas, look: Look, x: float) -> None:
    ring = CHROME if look.clean else mix(CHROME, (150, 138, 112), 0.45)
    canvas.soft(Oval(x + 8, DOOR_Y + 18, 284, 284), BLACK, 0.4, 24)
    canvas.fill(Oval(x, DOOR_Y, 276, 276), Ramp(lighter(ring, 0.5), darker(ring, 0.35)))
    canvas.fill(Oval(x, DOOR_Y, 250, 250), Ramp(darker(ring, 0.4), lighter(ring, 0.35)))
    canvas.fill(Oval(x, DOOR_Y, 228, 228), (50, 53, 56))
    canvas.fill(Oval(x, DOOR_Y, 206, 206), Ramp((70, 76, 82), (34, 38, 42)))
    for row in range(5):
        for number in range(10 + row * 4):
            turn, reach = number * 2 * math.pi / (10 + row * 4), 60 + row * 30
            canvas.fill(Oval(x + math.cos(turn) * reach, DOOR_Y + math.sin(turn) * reach, 5, 5), (24, 27, 30))
    for number in range(3):
        turn = number * 2.09 + 0.5
        canvas.soft(Oval(x + math.cos(turn) * 110, DOOR_Y + math.sin(turn) * 110, 50, 50), (150, 158, 164), 0.45, 20)
    canvas.fill(Box(x + 222, DOOR_Y - 62, x + 268, DOOR_Y + 62, 18), lit(lighter(ring, 0.2), 0.3, across=True))
    if look.clean:
        shine = [
            (x - 150, DOOR_Y - 60),
            (x - 80, DOOR_Y - 150),
            (x + 20, DOOR_Y - 186),
            (x + 60, DOOR_Y - 176),
            (x - 40, DOOR_Y - 120),
            (x - 100, DOOR_Y - 20),
        ]
        canvas.soft(Poly(curve([*shine, shine[0]])), WHITE, 0.5, 6)
        canvas.soft(Oval(x + 100, DOOR_Y + 120, 50, 22), WHITE, 0.22, 12)
    else:
        canvas.dirt(Oval(x, DOOR_Y, 210, 210), LIME, 0.6, look.mess, 26, 0.6)
        canvas.dirt(Oval(x, DOOR_Y + 120, 190, 100), MOULD, 0.9, look.mess, 36, 0.6)


def _basket(canvas: Canvas, look: Look, x: float) -> None:
    straw = look.dice.choice([(206, 172, 124), (178, 150, 118), (226, 218, 204)])
    canvas.soft(Oval(x, 1120, 190, 30), BLACK, 0.55, 18)
    colours = (WHITE, look.palette.accent, lighter(look.palette.fabric, 0.3))
    if look.clean:
        for number in range(4):
            canvas.fill(Box(x - 126, 716 - number * 32, x + 126, 746 - number * 32, 14), lit(colours[number % 3], 0.14))
    else:
        for number in range(9):
            px, py = x + look.mess.uniform(-150, 150), 740 - number * 8 + look.mess.uniform(-20, 30)
            canvas.fill(
                Oval(px, py, look.mess.uniform(50, 96), look.mess.uniform(30, 62)),
                lit(mix(colours[number % 3], (130, 120, 104), 0.3), 0.2),
            )
        canvas.fill(
            Poly(curve([(x - 150, 760), (x - 190, 900), (x - 160, 1000), (x - 116, 880), (x - 96, 770)])),
            lit(mix(colours[1], GRIME, 0.25), 0.16),
        )
    canvas.fill(Poly([(x - 170, 740), (x + 170, 740), (x + 136, 1120), (x - 136, 1120)]), lit(straw, 0.22, across=True))
    for row in range(11):
        y, half = 756 + row * 31, 168 - row * 2.8
        canvas.line([(x - half, y), (x + half, y)], darker(straw, 0.2), 3)
        for number in range(13):
            start = x - half + (number + 0.5 * (row % 2)) * half / 6.5
            canvas.line([(start, y), (start, y + 31)], darker(straw, 0.14), 3)
    canvas.fill(Box(x - 178, 730, x + 178, 756, 10), lit(darker(straw, 0.1), 0.16))


def _order(canvas: Canvas, look: Look, body: Box) -> None:
    p = look.palette
    for number, colour in enumerate((WHITE, p.accent, lighter(p.fabric, 0.4))):
        box = Box(
            body.left + 90 + number * 5,
            body.top - 44 - number * 36,
            body.left + 350 - number * 6,
            body.top - 8 - number * 36,
            15,
        )
        canvas.fill(box, lit(colour, 0.14))
        canvas.line([(box.left + 10, box.bottom - 3), (box.right - 10, box.bottom - 3)], darker(colour, 0.18), 3)
    parts.plant(canvas, body.right - 120, body.top - 6, 170, look.dice.choice([p.accent, WHITE, p.cabinet]), look)
    canvas.soft(Box(body.left + 20, body.top + 30, body.left + 130, 1060), WHITE, 0.35, 40)
    canvas.soft(Oval(800, 1150, 560, 30), WHITE, 0.25, 30)


def _disorder(canvas: Canvas, look: Look, body: Box) -> None:
    mess, x = look.mess, body.left
    canvas.dirt(Box(0, 500, 1600, FLOOR), MOULD, 0.35, mess, 80, 0.38)
    canvas.dirt(body, (132, 112, 76), 0.5, mess, 120, 0.45)
    canvas.dirt(Box(x + 20, body.top + 30, x + 260, body.top + 160), (70, 110, 160), 0.6, mess, 30, 0.5)
    parts.drips(canvas, Box(x + 30, body.top + 140, x + 130, 700), 5, (96, 130, 176), mess, 0.5)
    parts.drips(canvas, Box(x + 200, 850, x + 560, 1160), 11, RUST, mess, 0.5)
    parts.drips(canvas, Box(x + 180, 800, x + 600, 1160), 9, (226, 222, 208), mess, 0.55)
    canvas.dirt(Box(x, body.top - 12, body.right, body.top + 16), (120, 110, 92), 0.9, mess, 30, 0.75)
    parts.bottle(canvas, x + 130, body.top - 4, 150, (70, 120, 180))
    parts.bottle(canvas, x + 210, body.top - 4, 120, (226, 140, 70))
    _puddle(canvas, x + 330)
    parts.crumbs(canvas, Box(60, 1090, 1540, 1190), 80, ((150, 146, 138), (96, 90, 80), (186, 182, 172)), mess, 7)


def _puddle(canvas: Canvas, x: float) -> None:
    outline = curve(
        [
            (x - 330, 1150),
            (x - 190, 1112),
            (x + 60, 1118),
            (x + 260, 1106),
            (x + 390, 1140),
            (x + 230, 1186),
            (x - 60, 1180),
            (x - 240, 1194),
            (x - 330, 1150),
        ]
    )
    canvas.soft(Poly(outline), (70, 84, 92), 0.5, 4)
    canvas.soft(Poly([(px, py * 0.4 + 1146 * 0.6) for px, py in outline]), (220, 232, 236), 0.4, 10)
