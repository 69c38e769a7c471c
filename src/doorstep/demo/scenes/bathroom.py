"""A bathroom: tub with a glass screen, washbasin on its cabinet, mirror above."""

from __future__ import annotations

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import (
    BLACK,
    CHROME,
    LIME,
    MOULD,
    RUST,
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

FLOOR = 880
PORCELAIN = (232, 236, 237)


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    basin = look.dice.randint(1130, 1200)
    _room(canvas, look)
    _shower(canvas, look)
    _tub(canvas, look)
    _cabinet(canvas, look, basin)
    _mirror(canvas, look, basin)
    if look.clean:
        _order(canvas, look, basin)
    else:
        _disorder(canvas, look, basin)


def _room(canvas: Canvas, look: Look) -> None:
    p = look.palette
    size, offset = look.dice.choice([((150, 100), 0.0), ((110, 110), 0.0), ((150, 74), 0.5), ((76, 150), 0.0)])
    tone = look.dice.choice([p.tile, mix(p.fabric, WHITE, 0.62), mix(p.accent, WHITE, 0.7)])
    grout = darker(tone, 0.14) if look.clean else mix(darker(tone, 0.3), MOULD, 0.35)
    if look.dice.random() < 0.5:
        canvas.fill(Box(0, 0, 1600, FLOOR), lit(p.wall, 0.05))
        parts.tiles(canvas, Box(0, 250, 1600, FLOOR), size, tone, grout, look, offset)
        canvas.fill(Box(0, 236, 1600, 254), lit(mix(p.accent, p.tile, 0.4), 0.1))
    else:
        parts.tiles(canvas, Box(0, 0, 1600, FLOOR), size, tone, grout, look, offset)
    parts.planks(canvas, FLOOR, p.floor, look, 9)


def _shower(canvas: Canvas, look: Look) -> None:
    metal = CHROME if look.clean else darker(CHROME, 0.2)
    pole = curve([(150, 720), (150, 260), (160, 190), (215, 150), (270, 168)])
    for colour, width, shift in ((darker(metal, 0.45), 20, 3), (metal, 15, 0), (lighter(metal, 0.8), 5, -4)):
        canvas.line([(x + shift, y) for x, y in pole], colour, width)
    canvas.fill(Poly([(236, 172), (312, 172), (338, 210), (210, 210)]), lit(metal, 0.3))
    canvas.fill(Oval(274, 211, 64, 10), darker(metal, 0.35))
    canvas.fill(Oval(150, 590, 36, 36), lit(metal, 0.35))
    canvas.fill(Box(150, 584, 216, 598, 6), lit(metal, 0.35))


def _tub(canvas: Canvas, look: Look) -> None:
    white = PORCELAIN if look.clean else (224, 218, 202)
    canvas.soft(Box(40, 1040, 900, 1120), BLACK, 0.45, 26)
    body = [(74, 704), (906, 704), (880, 960), (846, 1050), (800, 1084), (180, 1084), (134, 1050), (100, 960)]
    canvas.fill(Poly(body), Ramp(lighter(white, 0.4), darker(white, 0.2)))
    canvas.soft(Box(110, 720, 300, 1050), WHITE, 0.5, 60)
    canvas.soft(Box(760, 740, 900, 1060), BLACK, 0.16, 50)
    canvas.soft(Box(60, 716, 920, 752), BLACK, 0.22, 12)
    canvas.fill(Box(50, 672, 930, 722, 24), Ramp(lighter(white, 0.7), darker(white, 0.1)))
    canvas.fill(Box(96, 680, 884, 700, 10), Ramp(darker(white, 0.2), darker(white, 0.06)))
    _screen(canvas, look)


def _screen(canvas: Canvas, look: Look) -> None:
    glass = Box(470, 110, 800, 690)
    if look.clean:
        canvas.soft(glass, (226, 240, 240), 0.22, 3)
        for left, wide, light in ((520, 90, 0.4), (650, 34, 0.3)):
            canvas.soft(
                Poly([(left, 116), (left + wide, 116), (left + wide - 110, 684), (left - 110 + wide * 0.2, 684)]),
                WHITE,
                light,
                4,
            )
    else:
        canvas.soft(glass, (222, 220, 206), 0.4, 3)
        canvas.dirt(glass, LIME, 0.9, look.mess, 34, 0.75)
        parts.drips(canvas, Box(480, 140, 790, 900), 26, (240, 238, 228), look.mess, 0.5)
        canvas.dirt(Box(470, 470, 800, 700), mix(LIME, RUST, 0.3), 0.7, look.mess, 60, 0.6)
    metal = CHROME if look.clean else darker(CHROME, 0.15)
    canvas.fill(Box(462, 104, 474, 690), lit(metal, 0.4, across=True))
    canvas.fill(Box(462, 104, 802, 114), lit(metal, 0.3))


def _cabinet(canvas: Canvas, look: Look, x: float) -> None:
    p = look.palette
    white = PORCELAIN if look.clean else (226, 220, 206)
    canvas.soft(Box(x - 260, 1060, x + 280, 1130), BLACK, 0.5, 24)
    body = Box(x - 250, 700, x + 250, 1070, 6)
    canvas.fill(body, lit(p.cabinet, 0.12))
    for top, bottom in ((724, 880), (894, 1050)):
        drawer = Box(x - 232, top, x + 232, bottom, 4)
        canvas.fill(drawer, lit(lighter(p.cabinet, 0.05), 0.08))
        canvas.line([(drawer.left + 3, top + 3), (drawer.right - 3, top + 3)], lighter(p.cabinet, 0.35), 3)
        parts.bar(canvas, Box(x - 70, top + 30, x + 70, top + 44, 7))
    canvas.fill(Box(x - 268, 660, x + 268, 706, 8), lit(lighter(p.wood, 0.1), 0.14))
    canvas.texture(Box(x - 260, 662, x + 260, 704), 0.12, look.dice, 80, 3)
    bowl = curve(
        [(x - 190, 560), (x - 176, 620), (x - 120, 660), (x, 668), (x + 120, 660), (x + 176, 620), (x + 190, 560)]
    )
    canvas.soft(Oval(x, 664, 170, 12), BLACK, 0.35, 10)
    canvas.fill(Poly(bowl), Ramp(lighter(white, 0.5), darker(white, 0.16)))
    canvas.fill(Oval(x, 562, 190, 24), Ramp(darker(white, 0.24), lighter(white, 0.2)))
    canvas.soft(Oval(x - 110, 610, 40, 26), WHITE, 0.8, 16)
    metal = CHROME if look.clean else darker(CHROME, 0.22)
    tap = curve([(x, 560), (x, 470), (x + 12, 436), (x + 50, 424), (x + 78, 452)])
    for colour, width, shift in ((darker(metal, 0.5), 24, 3), (metal, 19, 0), (lighter(metal, 0.8), 6, -4)):
        canvas.line([(px + shift, py) for px, py in tap], colour, width)
    canvas.fill(Box(x - 22, 548, x + 22, 568, 6), lit(metal, 0.3, across=True))


def _mirror(canvas: Canvas, look: Look, x: float) -> None:
    around = look.dice.random() < 0.5
    frame = Oval(x, 230, 190, 190) if around else Box(x - 220, 50, x + 220, 390, 18)
    pane = Oval(x, 230, 172, 172) if around else Box(x - 204, 66, x + 204, 374, 10)
    canvas.soft(Oval(x + 6, 242, 196, 196) if around else Box(x - 220, 62, x + 230, 404), BLACK, 0.3, 16)
    canvas.fill(frame, lit(look.dice.choice([CHROME, look.palette.wood, (60, 60, 62)]), 0.25))
    canvas.fill(pane, Ramp((196, 216, 222), (230, 236, 234)))
    if look.clean:
        canvas.soft(Poly([(x - 60, 66), (x + 20, 66), (x - 80, 370), (x - 140, 350)]), WHITE, 0.6, 4)
        canvas.soft(Poly([(x + 60, 74), (x + 84, 78), (x - 10, 376), (x - 36, 376)]), WHITE, 0.45, 4)
    else:
        canvas.dirt(pane, (226, 222, 208), 0.85, look.mess, 26, 0.62)
        parts.drips(canvas, Box(x - 130, 90, x + 130, 420), 12, (240, 238, 230), look.mess)


def _order(canvas: Canvas, look: Look, basin: float) -> None:
    p = look.palette
    for number, colour in enumerate((p.accent, WHITE, lighter(p.fabric, 0.3))):
        box = Box(630 - number * 6, 640 - number * 36, 860 + number * 4, 676 - number * 36, 15)
        canvas.fill(box, lit(colour, 0.14))
        canvas.line([(box.left + 8, box.bottom - 4), (box.right - 8, box.bottom - 4)], darker(colour, 0.2), 3)
    parts.plant(canvas, basin + 200, 662, 170, look.dice.choice([p.accent, WHITE]), look)
    parts.bottle(canvas, basin - 214, 662, 130, lighter(p.fabric, 0.25))
    mat = [(230, 1130), (760, 1130), (800, 1196), (190, 1196)]
    canvas.soft(Poly(mat), BLACK, 0.3, 10)
    canvas.fill(Poly(mat), lit(lighter(p.fabric, 0.45), 0.08))
    canvas.texture(Box(200, 1130, 790, 1196), 0.08, look.dice, 4, 4)
    canvas.soft(Poly([(980, 900), (1500, 900), (1600, 1200), (900, 1200)]), WHITE, 0.28, 50)
    canvas.soft(Oval(basin, 40, 330, 160), (255, 246, 220), 0.4, 80)


def _disorder(canvas: Canvas, look: Look, basin: float) -> None:
    mess = look.mess
    canvas.dirt(Box(0, 380, 1600, FLOOR), MOULD, 0.5, mess, 60, 0.32)
    canvas.dirt(Box(0, 560, 940, 690), MOULD, 0.75, mess, 40, 0.5)
    canvas.dirt(Box(80, 690, 900, 1080), (150, 128, 92), 0.5, mess, 80, 0.5)
    canvas.dirt(Box(60, 676, 920, 716), (140, 112, 66), 0.8, mess, 40, 0.7)
    parts.drips(canvas, Box(140, 700, 860, 1100), 7, RUST, mess, 0.35)
    canvas.dirt(Oval(basin, 600, 180, 66), (158, 132, 90), 0.7, mess, 40, 0.6)
    parts.drips(canvas, Box(basin + 40, 565, basin + 110, 740), 4, RUST, mess, 0.6)
    canvas.dirt(Box(0, FLOOR, 1600, 1200), (80, 66, 48), 0.6, mess, 90, 0.5)
    parts.crumbs(canvas, Box(100, 1100, 1560, 1196), 60, ((60, 52, 44), (120, 108, 92), (88, 74, 60)), mess, 5)
    _heap(canvas, look, 620, 1150)
    for dx, colour in ((-220, (214, 170, 90)), (180, (110, 150, 170)), (228, (190, 96, 110))):
        parts.bottle(canvas, basin + dx, 664, mess.randint(100, 150), colour)
    for x in (560, 620, 700):
        parts.bottle(
            canvas, x, 680, mess.randint(90, 130), mess.choice([(150, 170, 120), (196, 130, 90), (210, 206, 196)])
        )


def _heap(canvas: Canvas, look: Look, x: float, y: float) -> None:
    """Damp towels where somebody dropped them."""
    for number in range(7):
        colour = mix(look.mess.choice([look.palette.fabric, (206, 200, 186), look.palette.accent]), (120, 110, 96), 0.3)
        px, py = x + look.mess.uniform(-150, 150), y - number * 9 + look.mess.uniform(-8, 14)
        canvas.soft(Oval(px, py + 20, 110, 24), BLACK, 0.35, 12)
        canvas.fill(Oval(px, py, look.mess.uniform(80, 130), look.mess.uniform(26, 44)), lit(colour, 0.2))
        fold = curve([(px - 70, py + 8), (px - 10, py - 16), (px + 60, py + 4)])
        canvas.line(fold, darker(colour, 0.3), 4)
