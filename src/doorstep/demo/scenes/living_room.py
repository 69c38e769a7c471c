"""A living room: sofa before a wall of pictures, table on a rug, lamp, window light."""

from __future__ import annotations

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, TERRACOTTA, WHITE, Colour, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly, curve
from doorstep.demo.scenes import parts

FLOOR = 830


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    sofa = look.dice.randint(600, 680)
    _room(canvas, look)
    parts.window(canvas, Box(1190, 130, 1530, 640), look, look.dice.choice([WHITE, look.palette.wood]))
    _pictures(canvas, look, sofa)
    _lamp(canvas, look)
    _sofa(canvas, look, sofa)
    _cushions(canvas, look, sofa)
    parts.plant(canvas, 1400, 930, 330, look.dice.choice([TERRACOTTA, WHITE, look.palette.accent]), look)
    _rug(canvas, look)
    _table(canvas, look)
    if look.clean:
        _order(canvas, look)
    else:
        _disorder(canvas, look, sofa)


def _room(canvas: Canvas, look: Look) -> None:
    p = look.palette
    wall = look.dice.choice([p.wall, mix(p.fabric, WHITE, 0.72), mix(p.cabinet, WHITE, 0.66)])
    canvas.fill(Box(0, 0, 1600, FLOOR), Ramp(lighter(wall, 0.08), darker(wall, 0.06)))
    parts.planks(canvas, FLOOR, p.wood, look, 10)
    canvas.fill(Box(0, FLOOR - 34, 1600, FLOOR), lit((240, 238, 232), 0.08))
    canvas.soft(Poly([(1000, 0), (1600, 0), (1600, 800), (700, 800)]), (255, 248, 230), 0.3 if look.clean else 0.1, 90)


def _pictures(canvas: Canvas, look: Look, x: float) -> None:
    p = look.palette
    for number, (dx, wide, high) in enumerate(look.dice.choice([
        [(-200, 150, 190), (0, 190, 240), (200, 150, 190)], [(-130, 220, 280), (150, 220, 280)], [(0, 480, 260)],
    ])):  # fmt: skip
        slip = 0 if look.clean else look.mess.choice([-9, 7, 12])
        left, top = x + dx - wide / 2, 260 - high / 2
        corners = [
            (left, top - slip),
            (left + wide, top + slip),
            (left + wide - slip, top + high + slip),
            (left - slip, top + high - slip),
        ]
        canvas.soft(Poly([(a + 8, b + 12) for a, b in corners]), BLACK, 0.35, 12)
        canvas.fill(Poly(corners), look.palette.wood if number % 2 else (52, 52, 54))
        inner = [(a + (14 if at in (0, 3) else -14), b + (14 if at < 2 else -14)) for at, (a, b) in enumerate(corners)]
        canvas.fill(Poly(inner), Ramp((250, 248, 242), (236, 232, 224)))
        middle = Box(left + 36, top + 40, left + wide - 36, top + high - 40)
        canvas.fill(middle, Ramp(mix(p.fabric, WHITE, 0.4), mix(p.accent, WHITE, 0.3)))
        parts.ball(
            canvas, middle.left + (middle.right - middle.left) * 0.65, middle.top + 44, 24, mix(p.accent, WHITE, 0.2)
        )
        parts.ridge(canvas, middle, 0.4, 0.3, p.cabinet, look.dice)


def _lamp(canvas: Canvas, look: Look) -> None:
    canvas.line([(150, 300), (150, 890)], (70, 66, 60), 9)
    canvas.fill(Oval(150, 892, 74, 15), lit((70, 66, 60), 0.3))
    lean = 0 if look.clean else 14
    shade = lighter(look.palette.accent, 0.55)
    if look.clean:
        canvas.soft(Oval(150, 330, 250, 230), (255, 228, 170), 0.55, 70)
    canvas.fill(
        Poly([(88 + lean, 180), (212 + lean, 180), (256, 350 + lean), (44, 350 - lean)]),
        Ramp(lighter(shade, 0.4), shade),
    )


def _sofa(canvas: Canvas, look: Look, x: float) -> None:
    cloth = look.palette.fabric if look.clean else mix(look.palette.fabric, (120, 110, 96), 0.3)
    canvas.soft(Box(x - 440, 900, x + 440, 950), BLACK, 0.55, 26)
    for leg in (-370, 370):
        canvas.fill(
            Poly([(x + leg - 16, 890), (x + leg + 16, 890), (x + leg + 9, 940), (x + leg - 9, 940)]),
            darker(look.palette.wood, 0.4),
        )
    canvas.fill(Box(x - 390, 480, x + 390, 780, 46), Ramp(lighter(cloth, 0.14), darker(cloth, 0.14)))
    for left, right in ((x - 370, x - 4), (x + 4, x + 370)):
        canvas.fill(Box(left, 510, right, 760, 40), Ramp(lighter(cloth, 0.18), darker(cloth, 0.08)))
        canvas.soft(Box(left + 10, 720, right - 10, 770), BLACK, 0.3, 18)
    canvas.fill(Box(x - 380, 780, x + 380, 900, 20), Ramp(darker(cloth, 0.14), darker(cloth, 0.34)))
    for left, right in ((x - 370, x - 2), (x + 2, x + 370)):
        canvas.fill(Box(left, 716, right, 820, 32), Ramp(lighter(cloth, 0.24), darker(cloth, 0.08)))
    for left, right in ((x - 450, x - 350), (x + 350, x + 450)):
        canvas.fill(Box(left, 590, right, 904, 44), Ramp(lighter(cloth, 0.12), darker(cloth, 0.26)))
        canvas.soft(Box(left + 18, 604, right - 18, 640), WHITE, 0.22, 14)
    canvas.texture(Box(x - 380, 520, x + 380, 890), 0.07, look.dice, 3, 3)


def _cushions(canvas: Canvas, look: Look, x: float) -> None:
    p = look.palette
    for place, colour in ((-290, p.accent), (-190, lighter(p.wood, 0.3)), (280, mix(p.accent, WHITE, 0.6))):
        dx, dy, turn = (
            (0.0, 0.0, 0.0)
            if look.clean
            else (look.mess.uniform(-60, 60), look.mess.uniform(-10, 46), look.mess.uniform(-50, 50))
        )
        a, b = x + place + dx, 660 + dy
        corners = [
            (a - 84 + turn, b - 80),
            (a, b - 70 + turn / 3),
            (a + 84, b - 80 + turn),
            (a + 74, b),
            (a + 84 - turn, b + 80),
            (a, b + 72),
            (a - 84, b + 80 - turn),
            (a - 74, b),
        ]
        canvas.soft(Oval(a + 8, b + 30, 90, 70), BLACK, 0.35, 14)
        canvas.fill(Poly(curve([*corners, corners[0]], 5)), Ramp(lighter(colour, 0.16), darker(colour, 0.16)))
        canvas.soft(Oval(a - 20, b - 30, 36, 26), WHITE, 0.3, 16)


def _rug(canvas: Canvas, look: Look) -> None:
    p = look.palette
    colour = mix(p.fabric, WHITE, 0.6) if look.clean else mix(mix(p.fabric, WHITE, 0.5), (128, 112, 88), 0.35)
    rug = [(260, 960), (1180, 960), (1330, 1170), (90, 1170)]
    canvas.soft(Poly(rug), BLACK, 0.35, 10)
    canvas.fill(Poly(rug), lit(colour, 0.06))
    for share in (0.06, 0.13):
        inner = [
            (260 + 500 * share, 960 + 140 * share),
            (1180 - 500 * share, 960 + 140 * share),
            (1330 - 640 * share, 1170 - 200 * share),
            (90 + 640 * share, 1170 - 200 * share),
        ]
        canvas.line([*inner, inner[0]], mix(p.accent, colour, 0.25), 7)
    if look.clean:
        for number in range(0, 9, 2):
            far, near = 262 + number * 102, 92 + number * 137.5
            canvas.soft(Poly([(far, 962), (far + 102, 962), (near + 137, 1168), (near, 1168)]), WHITE, 0.16, 4)
    canvas.texture(Poly(rug), 0.14, look.dice, 4, 5)


def _table(canvas: Canvas, look: Look) -> None:
    wood = lighter(look.palette.wood, 0.12)
    canvas.soft(Oval(700, 1120, 330, 40), BLACK, 0.5, 22)
    for x in (470, 930):
        canvas.line([(x, 990), (x + (-26 if x < 700 else 26), 1120)], darker(wood, 0.5), 15)
    canvas.fill(Oval(700, 1002, 350, 66), darker(wood, 0.35))
    canvas.fill(Oval(700, 988, 350, 66), lit(wood, 0.12))
    canvas.texture(Oval(700, 988, 350, 66), 0.13, look.dice, 80, 3)
    if look.clean:
        canvas.soft(Oval(820, 970, 150, 22), WHITE, 0.5, 20)


def _order(canvas: Canvas, look: Look) -> None:
    p = look.palette
    for number, colour in enumerate((p.cabinet, p.accent, WHITE)):
        canvas.fill(Box(520 + number * 8, 958 - number * 20, 690 - number * 8, 978 - number * 20, 3), lit(colour, 0.15))
    parts.mug(canvas, 600, 916, 46, WHITE)
    canvas.soft(Oval(826, 998, 60, 10), BLACK, 0.4, 8)
    for number in range(6):
        parts.flower(
            canvas, 826, 900, (number - 2.5) * 0.26, 130, look.dice.choice([p.accent, (246, 226, 210), (236, 180, 90)])
        )
    canvas.fill(Poly([(800, 900), (852, 900), (866, 996), (786, 996)]), lit(lighter(p.fabric, 0.6), 0.2, across=True))
    canvas.soft(Poly([(1080, 860), (1500, 860), (1400, 1200), (820, 1200)]), (255, 244, 214), 0.28, 40)


def _disorder(canvas: Canvas, look: Look, sofa: float) -> None:
    mess = look.mess
    canvas.dirt(Poly([(260, 960), (1180, 960), (1330, 1170), (90, 1170)]), (104, 76, 48), 0.6, mess, 80, 0.5)
    canvas.dirt(Box(sofa - 380, 520, sofa + 380, 820), (96, 76, 54), 0.5, mess, 90, 0.42)
    for dx, colour in ((-120, (214, 120, 96)), (60, (120, 140, 170)), (220, (226, 214, 190))):
        _garment(canvas, sofa + dx, 770, mix(colour, (120, 110, 100), 0.15), mess.uniform(-0.3, 0.3))
    for dx in (-180, 30, 150):
        parts.mug(
            canvas,
            700 + dx,
            996 + mess.uniform(-20, 10),
            56,
            mess.choice([(224, 216, 200), (110, 140, 160), (190, 90, 80)]),
        )
    parts.plates(canvas, 620, 996, 3, mess, 66)
    parts.bottle(canvas, 900, 990, 170, (96, 130, 80))
    for _ in range(9):
        _paper(canvas, mess.uniform(160, 1300), mess.uniform(1010, 1180))
    parts.crumbs(canvas, Box(140, 980, 1320, 1180), 150, ((120, 84, 48), (206, 168, 112), (90, 70, 50)), mess, 6)
    for _ in range(7):
        _toy(
            canvas,
            mess.uniform(100, 1400),
            mess.uniform(1080, 1185),
            mess.choice([(220, 80, 70), (240, 190, 60), (70, 130, 200), (90, 170, 100)]),
        )


def _garment(canvas: Canvas, x: float, y: float, colour: Colour, turn: float) -> None:
    """A shirt thrown down."""
    half = [(16, -62), (56, -74), (126, -38), (104, 2), (66, -12), (70, 82), (20, 92)]
    outline = [(x + dx, y + dy + turn * dx) for dx, dy in half]
    outline += [(x - dx, y + dy - turn * dx * 0.6) for dx, dy in reversed(half)]
    canvas.soft(Poly(outline), BLACK, 0.4, 12)
    canvas.fill(Poly(outline), lit(colour, 0.18))
    for start, end in (((-50, -40), (-16, 60)), ((44, -30), (20, 70)), ((-10, -30), (6, 20))):
        points = [(x + start[0], y + start[1]), (x + (start[0] + end[0]) / 2 + 10, y), (x + end[0], y + end[1])]
        canvas.line(curve(points), darker(colour, 0.24), 4)


def _paper(canvas: Canvas, x: float, y: float) -> None:
    sheet = [(x - 60, y), (x + 10, y - 22), (x + 70, y - 4), (x, y + 22)]
    canvas.soft(Poly([(a + 4, b + 6) for a, b in sheet]), BLACK, 0.35, 6)
    canvas.fill(Poly(sheet), (226, 222, 210))
    for share in (0.3, 0.5, 0.7):
        canvas.line(
            [(x - 60 + 70 * share + 6, y - 22 * share + 4), (x + 70 * share - 6, y + 22 - 26 * share - 2)],
            (150, 148, 142),
            2,
        )


def _toy(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(Oval(x + 6, y + 4, 34, 9), BLACK, 0.4, 7)
    canvas.fill(Box(x - 28, y - 42, x + 28, y, 4), lit(colour, 0.16))
    for dx in (-14, 14):
        canvas.fill(Box(x + dx - 8, y - 50, x + dx + 8, y - 40, 3), lighter(colour, 0.2))
