"""A small office: two desks before windows with blinds."""

from __future__ import annotations

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, STEEL, TERRACOTTA, WHITE, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly
from doorstep.demo.scenes import parts

FLOOR = 800
DESK = 690
PAPER = (238, 236, 228)


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    desks = (look.dice.randint(390, 450), look.dice.randint(1090, 1160))
    _room(canvas, look)
    _blinds(canvas, look)
    _board(canvas, look)
    for x in desks:
        _desk(canvas, look, x)
        _screen(canvas, look, x + look.dice.choice([-60, 0, 60]))
    parts.plant(canvas, 1510, 940, 320, look.dice.choice([TERRACOTTA, WHITE, look.palette.accent]), look)
    for number, x in enumerate(desks):
        _chair(canvas, look, x + (60 if number else -30))
    if look.clean:
        _order(canvas, look, desks)
    else:
        _disorder(canvas, look, desks)


def _room(canvas: Canvas, look: Look) -> None:
    p = look.palette
    carpet = look.dice.choice([(108, 116, 124), mix(p.fabric, (110, 110, 112), 0.5), (140, 130, 118)])
    carpet = carpet if look.clean else mix(carpet, (110, 96, 76), 0.35)
    canvas.fill(Box(0, 0, 1600, FLOOR), lit(p.wall, 0.06))
    canvas.fill(Box(0, FLOOR, 1600, 1200), Ramp(darker(carpet, 0.16), lighter(carpet, 0.1)))
    for number in range(-10, 21):
        canvas.line([(number * 160, FLOOR), (800 + (number * 160 - 800) * 1.9, 1200)], darker(carpet, 0.1), 2)
    for y in (850, 916, 1002, 1110):
        canvas.line([(0, y), (1600, y)], darker(carpet, 0.1), 2)
    canvas.texture(Box(0, FLOOR, 1600, 1200), 0.2, look.dice, 4, 4)
    canvas.fill(Box(0, FLOOR - 26, 1600, FLOOR), lit((236, 234, 228), 0.08))
    canvas.soft(Box(-40, FLOOR - 10, 1640, FLOOR + 26), BLACK, 0.35, 18)


def _blinds(canvas: Canvas, look: Look) -> None:
    pane = Box(look.dice.randint(90, 150), 60, look.dice.randint(760, 860), 520)
    parts.window(canvas, pane, look, (232, 232, 228), look.dice.choice([2, 3]))
    drop = look.dice.choice([170, 240, 300])
    slat = (244, 243, 238) if look.clean else (206, 198, 178)
    for number in range(drop // 19):
        y = pane.top - 6 + number * 19
        slip = 0 if look.clean else look.mess.choice([0, 0, 0, 7, -6])
        points = [
            (pane.left - 8, y),
            (pane.right + 8, y + slip),
            (pane.right + 8, y + 14 + slip),
            (pane.left - 8, y + 14),
        ]
        canvas.fill(Poly(points), Ramp(lighter(slat, 0.3), darker(slat, 0.16)))
    for x in (pane.left + 70, pane.right - 70):
        canvas.line([(x, pane.top), (x, pane.top + drop)], darker(slat, 0.25), 3)


def _board(canvas: Canvas, look: Look) -> None:
    board = Box(960, 90, 1490, 430, 6)
    canvas.soft(board.inside(-8), BLACK, 0.25, 16)
    canvas.fill(board, lit(STEEL, 0.2))
    canvas.fill(board.inside(12), Ramp((252, 252, 250), (236, 238, 238)))
    colours = ((60, 110, 180), (200, 70, 60), (60, 140, 90), (70, 70, 74))
    if look.clean:
        for number in range(3):
            parts.note(
                canvas,
                1030 + number * 150,
                170,
                100,
                mix(look.dice.choice([(250, 226, 120), (180, 226, 190), (246, 190, 190)]), WHITE, 0.2),
            )
    else:
        canvas.dirt(board.inside(12), (150, 160, 180), 0.5, look.mess, 80, 0.6)
        for number in range(15):
            x, y = look.mess.uniform(990, 1380), look.mess.uniform(120, 400)
            canvas.line(
                [(x, y), (x + look.mess.uniform(30, 90), y + look.mess.uniform(-24, 24))], look.mess.choice(colours), 4
            )
            if number % 3 == 0:
                parts.note(canvas, x, y, 66, (240, 216, 110))


def _desk(canvas: Canvas, look: Look, x: float) -> None:
    wood = look.palette.wood
    canvas.soft(Box(x - 330, 960, x + 330, 1010), BLACK, 0.4, 24)
    for side in (-300, 290):
        canvas.fill(Box(x + side, DESK + 20, x + side + 18, 980), lit((84, 86, 88), 0.3, across=True))
    canvas.fill(Box(x + 130, DESK + 26, x + 290, 940, 4), lit((226, 226, 222), 0.1))
    for number in range(3):
        canvas.fill(
            Box(x + 138, DESK + 36 + number * 72, x + 282, DESK + 100 + number * 72, 3), lit((238, 238, 234), 0.06)
        )
        canvas.fill(Box(x + 186, DESK + 56 + number * 72, x + 234, DESK + 64 + number * 72, 4), (150, 152, 154))
    canvas.fill(
        Poly([(x - 310, DESK - 34), (x + 310, DESK - 34), (x + 334, DESK), (x - 334, DESK)]),
        Ramp(lighter(wood, 0.14), lighter(wood, 0.28)),
    )
    canvas.fill(Box(x - 334, DESK, x + 334, DESK + 24, 2), lit(darker(wood, 0.1), 0.16))
    canvas.texture(Box(x - 310, DESK - 34, x + 310, DESK + 20), 0.13, look.dice, 90, 3)
    canvas.soft(Box(x - 330, DESK + 24, x + 330, DESK + 60), BLACK, 0.35, 12)


def _screen(canvas: Canvas, look: Look, x: float) -> None:
    canvas.soft(Oval(x, DESK - 18, 110, 12), BLACK, 0.45, 8)
    canvas.fill(Oval(x, DESK - 20, 84, 12), lit((60, 62, 64), 0.3))
    canvas.fill(Box(x - 14, DESK - 90, x + 14, DESK - 20), lit((70, 72, 74), 0.3, across=True))
    screen = Box(x - 190, DESK - 320, x + 190, DESK - 84, 10)
    canvas.soft(screen.inside(-6), BLACK, 0.3, 14)
    canvas.fill(screen, (30, 31, 33))
    glass = screen.inside(12)
    canvas.fill(glass, Ramp((46, 60, 76), (26, 32, 42)))
    if look.clean:
        canvas.soft(
            Poly([(x - 80, glass.top), (x + 40, glass.top), (x - 60, glass.bottom), (x - 178, glass.bottom)]),
            WHITE,
            0.22,
            3,
        )
    else:
        canvas.soft(glass, (150, 146, 134), 0.35, 5)
        canvas.dirt(glass, (206, 200, 184), 0.4, look.mess, 18, 0.6)
    canvas.fill(Box(x - 130, DESK - 18, x + 70, DESK - 6, 3), lit((206, 208, 210), 0.16))
    canvas.fill(Oval(x + 110, DESK - 12, 17, 9), lit((206, 208, 210), 0.2))


def _chair(canvas: Canvas, look: Look, x: float) -> None:
    cloth = mix(look.palette.accent, (60, 62, 66), 0.45)
    x += 0 if look.clean else look.mess.uniform(-70, 70)
    canvas.soft(Oval(x, 1112, 170, 26), BLACK, 0.5, 16)
    for dx in (-130, -66, 66, 130):
        canvas.line([(x, 1050), (x + dx, 1104)], (58, 60, 62), 14)
        canvas.fill(Oval(x + dx, 1110, 15, 15), (34, 35, 36))
    canvas.fill(Box(x - 13, 930, x + 13, 1060), lit((96, 98, 100), 0.4, across=True))
    canvas.fill(Box(x - 22, 810, x + 22, 900), (52, 54, 56))
    canvas.fill(Box(x - 116, 640, x + 116, 846, 40), Ramp(lighter(cloth, 0.18), darker(cloth, 0.2)))
    canvas.soft(Box(x - 80, 660, x + 80, 720), WHITE, 0.16, 24)
    canvas.fill(Box(x - 136, 876, x + 136, 936, 26), Ramp(lighter(cloth, 0.1), darker(cloth, 0.34)))
    for side in (-1, 1):
        canvas.line([(x + side * 128, 890), (x + side * 150, 800), (x + side * 112, 790)], (50, 52, 54), 14)


def _order(canvas: Canvas, look: Look, desks: tuple[int, int]) -> None:
    p = look.palette
    for x in desks:
        for number in range(3):
            canvas.fill(
                Box(x - 292, DESK - 56 - number * 13, x - 190, DESK - 44 - number * 13, 2),
                lit((p.accent, p.cabinet, PAPER)[number], 0.1),
            )
        parts.mug(canvas, x + 250, DESK - 12, 52, lighter(p.accent, 0.3))
    _bin(canvas, 760, full=False)
    canvas.soft(Poly([(140, 820), (800, 820), (1000, 1200), (60, 1200)]), (255, 250, 230), 0.22, 60)
    canvas.soft(Oval(480, 560, 420, 120), (255, 252, 238), 0.25, 70)


def _bin(canvas: Canvas, x: float, full: bool) -> None:
    canvas.soft(Oval(x, 1040, 84, 14), BLACK, 0.5, 12)
    if full:
        for dx, dy in ((-36, -8), (20, -16), (-6, -34), (44, -2), (84, 172), (-96, 180), (-130, 150)):
            _crumpled(canvas, x + dx, 866 + dy, 30)
    canvas.fill(
        Poly([(x - 76, 866), (x + 76, 866), (x + 58, 1040), (x - 58, 1040)]), lit((92, 96, 100), 0.25, across=True)
    )
    canvas.fill(Oval(x, 866, 76, 12), (60, 62, 66) if not full else lit(PAPER, 0.1))


def _crumpled(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A ball of paper."""
    corners = [
        (x - size, y),
        (x - size * 0.5, y - size * 0.8),
        (x + size * 0.2, y - size),
        (x + size, y - size * 0.2),
        (x + size * 0.7, y + size * 0.7),
        (x - size * 0.3, y + size * 0.9),
    ]
    canvas.soft(Oval(x + 4, y + size * 0.8, size, size * 0.3), BLACK, 0.4, 6)
    canvas.fill(Poly(corners), lit(PAPER, 0.14))
    canvas.line([corners[1], (x, y), corners[3]], darker(PAPER, 0.24), 2)
    canvas.line([(x, y), corners[5]], darker(PAPER, 0.3), 2)


def _disorder(canvas: Canvas, look: Look, desks: tuple[int, int]) -> None:
    mess = look.mess
    for x in desks:
        for _ in range(9):
            _sheet(canvas, x + mess.uniform(-280, 270), DESK - 14 + mess.uniform(-14, 8), 46, 11)
        _stack(canvas, x - 230, DESK - 24, mess.randint(9, 15), look)
        for dx in (120, 190, 262):
            parts.mug(
                canvas,
                x + dx,
                DESK - mess.randint(8, 20),
                50,
                mess.choice([(226, 220, 206), (190, 90, 70), (90, 120, 150)]),
            )
        canvas.dirt(Box(x - 320, DESK - 36, x + 320, DESK + 10), (96, 74, 46), 0.6, mess, 50, 0.5)
    for _ in range(12):
        _sheet(canvas, mess.uniform(100, 1500), mess.uniform(960, 1180), 74, 26)
    for _ in range(6):
        _crumpled(canvas, mess.uniform(150, 1450), mess.uniform(1000, 1170), mess.uniform(22, 34))
    _bin(canvas, 760, full=True)
    parts.crumbs(canvas, Box(60, 880, 1560, 1190), 170, ((206, 190, 150), (90, 76, 60), (226, 220, 206)), mess, 6)
    canvas.dirt(Box(0, FLOOR, 1600, 1200), (84, 66, 44), 0.55, mess, 110, 0.45)


def _stack(canvas: Canvas, x: float, ground: float, count: int, look: Look) -> None:
    for number in range(count):
        dx, y = look.mess.uniform(-14, 14), ground - number * 8
        shade = look.mess.choice([PAPER, PAPER, (226, 206, 150), (190, 206, 216)])
        canvas.fill(
            Poly([(x - 62 + dx, y), (x + 62 + dx, y - 2), (x + 66 + dx, y + 7), (x - 58 + dx, y + 9)]),
            darker(shade, 0.06 * (number % 3)),
        )


def _sheet(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    sheet = [(x - wide, y), (x + wide * 0.2, y - high), (x + wide, y - high * 0.1), (x - wide * 0.2, y + high)]
    canvas.soft(Poly([(a + 3, b + 4) for a, b in sheet]), BLACK, 0.3, 4)
    canvas.fill(Poly(sheet), PAPER)
    canvas.line([(x - wide * 0.6, y - high * 0.1), (x + wide * 0.1, y - high * 0.62)], (164, 162, 156), 2)
    canvas.line([(x - wide * 0.4, y + high * 0.3), (x + wide * 0.4, y - high * 0.3)], (164, 162, 156), 2)
