"""The inside of an oven, its door folded down."""

from __future__ import annotations

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, STEEL, WHITE, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly
from doorstep.demo.scenes import parts

OPENING = Box(300, 250, 1300, 800)
BACK = Box(440, 330, 1160, 690)
SOOT = (26, 20, 14)
GREASE = (148, 86, 30)


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    enamel = look.dice.choice([(92, 100, 112), (104, 98, 94), (84, 92, 90), (112, 116, 124)])
    enamel = enamel if look.clean else mix(enamel, (66, 50, 36), 0.6)
    _front(canvas, look)
    _cavity(canvas, look, enamel)
    for level, wires in zip(look.dice.choice([(430, 590), (470, 610), (400, 540)]), (15, 17), strict=True):
        _rack(canvas, look, level, wires)
    _door(canvas, look)
    if look.clean:
        _shine(canvas)
    else:
        _burnt(canvas, look)


def _front(canvas: Canvas, look: Look) -> None:
    p = look.palette
    canvas.fill(Box(0, 0, 1600, 1200), lit(p.cabinet, 0.12))
    for x in (170, 1430):
        canvas.soft(Box(x - 5, 0, x + 5, 1200), BLACK, 0.5, 8)
    dark = look.dice.random() < 0.4
    steel = (52, 54, 57) if dark else (lighter(STEEL, 0.2) if look.clean else darker(STEEL, 0.14))
    canvas.soft(Box(176, 0, 1424, 1200), BLACK, 0.5, 20)
    canvas.fill(Box(190, -20, 1410, 1200, 12), Ramp(lighter(steel, 0.25), darker(steel, 0.2), across=True))
    canvas.texture(Box(190, 0, 1410, 210), 0.06, look.dice, 140, 3)
    canvas.fill(Box(640, 50, 960, 150, 10), (14, 18, 22))
    for number in range(4):
        canvas.fill(
            Box(714 + number * 46, 78, 738 + number * 46, 122, 4), (106, 214, 226) if look.clean else (196, 110, 60)
        )
    for x in (340, 480, 1120, 1260):
        canvas.soft(Oval(x + 6, 112, 50, 50), BLACK, 0.45, 12)
        canvas.fill(Oval(x, 100, 46, 46), lit(lighter(steel, 0.1), 0.4))
        canvas.fill(Oval(x, 100, 34, 34), lit(steel, 0.3))
        canvas.fill(Box(x - 3, 62, x + 3, 96), WHITE if dark else (60, 62, 64))
    canvas.fill(OPENING.inside(-34), lit((40, 40, 42), 0.2))
    canvas.fill(OPENING.inside(-18), (20, 20, 21))


def _cavity(canvas: Canvas, look: Look, enamel: tuple[int, int, int]) -> None:
    o, b = OPENING, BACK
    canvas.fill(
        Poly([(o.left, o.top), (o.right, o.top), (b.right, b.top), (b.left, b.top)]),
        Ramp(darker(enamel, 0.6), darker(enamel, 0.35)),
    )
    canvas.fill(
        Poly([(o.left, o.top), (b.left, b.top), (b.left, b.bottom), (o.left, o.bottom)]),
        Ramp(darker(enamel, 0.45), darker(enamel, 0.15), across=True),
    )
    canvas.fill(
        Poly([(o.right, o.top), (b.right, b.top), (b.right, b.bottom), (o.right, o.bottom)]),
        Ramp(darker(enamel, 0.15), darker(enamel, 0.5), across=True),
    )
    canvas.fill(
        Poly([(o.left, o.bottom), (o.right, o.bottom), (b.right, b.bottom), (b.left, b.bottom)]),
        Ramp(darker(enamel, 0.1), lighter(enamel, 0.18)),
    )
    canvas.fill(b, Ramp(darker(enamel, 0.05), lighter(enamel, 0.05)))
    _fan(canvas, enamel)
    canvas.texture(o, 0.14, look.dice, 3, 3)
    warm = (255, 214, 140) if look.clean else (226, 150, 70)
    canvas.soft(Oval(1020, 366, 210, 150), warm, 0.55 if look.clean else 0.42, 70)
    canvas.fill(Oval(1020, 352, 34, 26), lit(warm, 0.2))
    canvas.soft(Oval(1020, 352, 22, 16), WHITE, 0.9, 8)
    for side, lean in ((o.left, 1), (o.right, -1)):
        for level in (400, 470, 540, 610):
            near = o.bottom - (b.bottom - level) * 1.5
            canvas.line([(side + lean * 12, near), (side + lean * 136, level)], lighter(enamel, 0.3), 5)


def _fan(canvas: Canvas, enamel: tuple[int, int, int]) -> None:
    canvas.fill(Oval(800, 510, 128, 128), lit(enamel, 0.14))
    canvas.soft(Oval(800, 510, 100, 100), BLACK, 0.3, 16)
    for number in range(-3, 4):
        half = (100**2 - (number * 27) ** 2) ** 0.5
        canvas.fill(Box(800 - half, 504 + number * 27, 800 + half, 516 + number * 27, 6), darker(enamel, 0.55))


def _rack(canvas: Canvas, look: Look, level: float, wires: int) -> None:
    metal = (206, 212, 216) if look.clean else (104, 88, 72)
    near = OPENING.bottom - (BACK.bottom - level) * 1.35
    far, front = (BACK.left + 6, BACK.right - 6), (OPENING.left + 34, OPENING.right - 34)
    for number in range(wires + 1):
        share = number / wires
        top = far[0] + (far[1] - far[0]) * share, level
        canvas.line([top, (front[0] + (front[1] - front[0]) * share, near)], darker(metal, 0.12), 5)
    canvas.line([(far[0], level), (far[1], level)], darker(metal, 0.2), 6)
    canvas.line([(front[0], near + 4), (front[1], near + 4)], darker(metal, 0.5), 11)
    canvas.line([(front[0], near), (front[1], near)], metal, 9)
    canvas.line([(front[0], near - 3), (front[1], near - 3)], lighter(metal, 0.6), 3)


def _door(canvas: Canvas, look: Look) -> None:
    canvas.soft(Box(240, 800, 1360, 860), BLACK, 0.6, 14)
    frame = [(282, 842), (1318, 842), (1404, 1210), (196, 1210)]
    canvas.fill(Poly(frame), Ramp((58, 58, 60), (34, 34, 36)))
    glass = Poly([(370, 872), (1230, 872), (1296, 1170), (304, 1170)])
    canvas.fill(glass, Ramp((66, 60, 56), (112, 106, 100)) if look.clean else Ramp((52, 38, 26), (86, 62, 40)))
    canvas.fill(Box(262, 824, 1338, 846, 5), lit((120, 122, 124), 0.3))
    if look.clean:
        canvas.soft(Poly([(560, 876), (700, 876), (640, 1166), (440, 1166)]), WHITE, 0.34, 5)
        canvas.soft(Poly([(760, 876), (800, 876), (776, 1166), (718, 1166)]), WHITE, 0.24, 5)
        canvas.soft(Oval(1020, 930, 120, 40), (255, 214, 150), 0.4, 30)
    else:
        canvas.dirt(glass, GREASE, 0.9, look.mess, 70, 0.62)
        canvas.dirt(glass, SOOT, 0.85, look.mess, 40, 0.45)
        parts.crumbs(canvas, Box(340, 880, 1260, 1160), 40, (SOOT, (70, 40, 20), (130, 76, 34)), look.mess, 7)


def _shine(canvas: Canvas) -> None:
    canvas.soft(Poly([(470, 330), (620, 330), (520, 690), (440, 690)]), WHITE, 0.14, 14)
    canvas.soft(Oval(800, 748, 300, 26), WHITE, 0.3, 22)
    canvas.soft(Box(200, 4, 520, 206), WHITE, 0.35, 60)


def _burnt(canvas: Canvas, look: Look) -> None:
    mess, o = look.mess, OPENING
    canvas.dirt(o, SOOT, 0.95, mess, 100, 0.6)
    canvas.dirt(BACK, GREASE, 0.5, mess, 60, 0.45)
    bottom = Poly(
        [(o.left + 10, o.bottom - 4), (o.right - 10, o.bottom - 4), (BACK.right, BACK.bottom), (BACK.left, BACK.bottom)]
    )
    canvas.dirt(bottom, (178, 98, 32), 0.95, mess, 60, 0.75)
    for _ in range(12):
        x, y = mess.uniform(430, 1180), mess.uniform(706, 786)
        reach = mess.uniform(20, 70)
        canvas.soft(Oval(x, y, reach * 1.6, reach * 0.34), mess.choice([SOOT, (88, 44, 16), (198, 120, 44)]), 0.8, 7)
    parts.crumbs(canvas, Box(350, 710, 1250, 796), 90, (SOOT, (70, 40, 20), (130, 76, 34)), mess, 8)
    parts.drips(canvas, Box(320, 830, 1280, 900), 8, (120, 74, 34), mess)
    canvas.dirt(Box(190, 0, 1410, 230), (118, 88, 52), 0.55, mess, 80, 0.5)
    parts.drips(canvas, Box(240, 130, 1360, 330), 9, (122, 82, 42), mess, 0.5)
