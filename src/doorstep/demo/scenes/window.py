"""A large window seen from the room, with curtains and a sill."""

from __future__ import annotations

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, TERRACOTTA, WHITE, Colour, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly, curve
from doorstep.demo.scenes import parts

SILL = 930
DUST = (170, 160, 136)


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    frame = Box(look.dice.randint(270, 330), 70, look.dice.randint(1270, 1330), SILL - 4)
    colour = look.dice.choice([(240, 240, 236), look.palette.wood, (74, 78, 82)])
    p = look.palette
    cloth, folds = (
        look.dice.choice([p.fabric, lighter(p.fabric, 0.4), p.accent, (232, 226, 214)]),
        look.dice.randint(6, 8),
    )
    panes = _panes(frame.inside(30), look.dice.choice([1, 2, 3]), look.dice.random() < 0.4)
    canvas.fill(Box(0, 0, 1600, 1200), lit(p.wall, 0.06))
    canvas.soft(frame.inside(-14), BLACK, 0.25, 26)
    canvas.fill(frame, lit(colour, 0.14))
    parts.outside(canvas, frame.inside(30), look)
    for pane in panes:
        _glazing(canvas, pane, colour)
        if look.clean:
            _reflection(canvas, pane, look)
        else:
            _film(canvas, pane, look)
    _handles(canvas, panes, colour)
    _sill(canvas, look)
    if look.clean:
        _order(canvas, look, frame)
    else:
        _disorder(canvas, look, frame)
    _curtains(canvas, look, frame, cloth, folds)


def _panes(glass: Box, count: int, crossed: bool) -> list[Box]:
    wide = (glass.right - glass.left) / count
    middle = glass.top + (glass.bottom - glass.top) * 0.36
    spans = [(glass.top, middle), (middle, glass.bottom)] if crossed else [(glass.top, glass.bottom)]
    return [
        Box(glass.left + n * wide, top, glass.left + (n + 1) * wide, bottom)
        for n in range(count)
        for top, bottom in spans
    ]


def _glazing(canvas: Canvas, pane: Box, colour: Colour) -> None:
    """The bars around one pane."""
    for bar in (
        Box(pane.left - 2, pane.top, pane.left + 22, pane.bottom),
        Box(pane.right - 22, pane.top, pane.right + 2, pane.bottom),
        Box(pane.left, pane.top - 2, pane.right, pane.top + 22),
        Box(pane.left, pane.bottom - 22, pane.right, pane.bottom + 2),
    ):
        canvas.fill(bar, lit(colour, 0.12, across=bar.bottom - bar.top > bar.right - bar.left))
    canvas.line(
        [(pane.left + 22, pane.bottom - 22), (pane.left + 22, pane.top + 22), (pane.right - 22, pane.top + 22)],
        darker(colour, 0.4),
        3,
    )
    canvas.line([(pane.left, pane.top), (pane.left, pane.bottom)], darker(colour, 0.35), 3)


def _reflection(canvas: Canvas, pane: Box, look: Look) -> None:
    glass = pane.inside(24)
    wide, high = glass.right - glass.left, glass.bottom - glass.top
    for start, share, light in ((0.3, 0.22, 0.34), (0.6, 0.07, 0.26)):
        x, lean = glass.left + wide * start, min(wide * 0.28, high * 0.3)
        points = [
            (x, glass.top),
            (x + wide * share, glass.top),
            (x + wide * share - lean, glass.bottom),
            (x - lean, glass.bottom),
        ]
        canvas.soft(Poly(points), WHITE, light, 3)


def _film(canvas: Canvas, pane: Box, look: Look) -> None:
    """Dust, the tracks of old rain, a few fingers."""
    glass, mess = pane.inside(24), look.mess
    canvas.soft(glass, DUST, 0.5, 4)
    canvas.dirt(glass, (118, 106, 78), 0.5, mess, 130, 0.55)
    canvas.dirt(
        Box(glass.left, glass.bottom - (glass.bottom - glass.top) * 0.25, glass.right, glass.bottom + 30),
        (96, 82, 56),
        0.75,
        mess,
        60,
        0.75,
    )
    parts.drips(
        canvas,
        Box(glass.left + 10, glass.top, glass.right - 10, glass.bottom + 60),
        round((glass.right - glass.left) / 26),
        (206, 198, 178),
        mess,
        0.55,
    )
    for _ in range(round((glass.right - glass.left) / 14)):
        x, y, reach = (
            mess.uniform(glass.left + 8, glass.right - 8),
            mess.uniform(glass.top + 8, glass.bottom - 8),
            mess.uniform(2, 5),
        )
        canvas.soft(Oval(x, y, reach, reach), (92, 82, 60), 0.5, 3)
    x, y = mess.uniform(glass.left + 50, glass.right - 60), mess.uniform(glass.top + 120, glass.bottom - 120)
    for number in range(4):
        canvas.soft(Oval(x + number * 24, y - (14 if number in (1, 2) else 0), 10, 16), (228, 222, 206), 0.6, 4)


def _handles(canvas: Canvas, panes: list[Box], colour: Colour) -> None:
    for pane in panes:
        if pane.bottom > SILL - 60:
            y = (pane.top + pane.bottom) / 2
            canvas.fill(Box(pane.right - 15, y - 30, pane.right - 5, y + 30, 5), lit(lighter(colour, 0.3), 0.3))
            canvas.fill(Box(pane.right - 14, y - 6, pane.right - 6, y + 74, 4), lit((206, 208, 210), 0.3))


def _sill(canvas: Canvas, look: Look) -> None:
    shade = look.dice.choice([(238, 236, 230), look.palette.wood, (214, 208, 198)])
    canvas.soft(Box(180, SILL + 40, 1420, SILL + 90), BLACK, 0.4, 22)
    canvas.fill(
        Poly([(250, SILL - 10), (1350, SILL - 10), (1420, SILL + 44), (180, SILL + 44)]),
        Ramp(lighter(shade, 0.1), lighter(shade, 0.3)),
    )
    canvas.fill(Box(180, SILL + 42, 1420, SILL + 74, 3), lit(darker(shade, 0.08), 0.1))
    canvas.texture(Box(190, SILL, 1410, SILL + 70), 0.07, look.dice, 60, 4)
    _radiator(canvas, look)


def _radiator(canvas: Canvas, look: Look) -> None:
    white = (226, 226, 220) if look.clean else (196, 190, 176)
    canvas.soft(Box(400, SILL + 110, 1200, 1300), BLACK, 0.3, 20)
    canvas.fill(Box(400, SILL + 104, 1200, 1300, 10), lit(white, 0.1))
    for number in range(26):
        x = 412 + number * 30
        canvas.fill(Box(x, SILL + 118, x + 20, 1300, 8), Ramp(lighter(white, 0.5), darker(white, 0.2), across=True))


def _curtains(canvas: Canvas, look: Look, frame: Box, cloth: Colour, folds: int) -> None:
    cloth = cloth if look.clean else mix(cloth, (126, 114, 92), 0.35)
    canvas.fill(Box(120, 26, 1480, 42, 8), lit(look.palette.wood, 0.3))
    for left, right in ((-20, frame.left + 56), (frame.right - 56, 1620)):
        canvas.soft(Box(left, 40, right + 10, 1240), BLACK, 0.35, 16)
        wide = (right - left) / folds
        for number in range(folds):
            x = left + number * wide
            canvas.fill(Box(x, 36, x + wide + 1, 1240), Ramp(lighter(cloth, 0.16), darker(cloth, 0.2), across=True))
        canvas.soft(Box(left, 800, right, 1260), BLACK, 0.25, 90)


def _order(canvas: Canvas, look: Look, frame: Box) -> None:
    p = look.palette
    parts.plant(
        canvas,
        frame.left + look.dice.randint(170, 300),
        SILL + 26,
        240,
        look.dice.choice([TERRACOTTA, p.accent, WHITE]),
        look,
    )
    x = frame.right - look.dice.randint(200, 300)
    for number, colour in enumerate((p.accent, p.fabric, lighter(p.wood, 0.3))):
        canvas.fill(
            Box(x - 90 + number * 8, SILL + 4 - number * 24, x + 80 - number * 6, SILL + 28 - number * 24, 4),
            lit(colour, 0.16),
        )
    parts.mug(canvas, x - 6, SILL - 44, 62, WHITE)
    canvas.soft(
        Poly(
            [
                (frame.left, SILL - 6),
                (frame.right, SILL - 6),
                (frame.right + 60, SILL + 44),
                (frame.left - 60, SILL + 44),
            ]
        ),
        WHITE,
        0.4,
        12,
    )


def _disorder(canvas: Canvas, look: Look, frame: Box) -> None:
    mess = look.mess
    parts.plant(canvas, frame.left + look.dice.randint(170, 300), SILL + 26, 200, TERRACOTTA, look)
    canvas.dirt(Box(180, SILL - 8, 1420, SILL + 74), (110, 96, 70), 0.8, mess, 60, 0.65)
    parts.crumbs(canvas, Box(230, SILL, 1380, SILL + 40), 70, ((70, 58, 40), (120, 100, 70), (40, 36, 32)), mess, 6)
    corner = frame.left + 56, frame.top + 30
    for number in range(7):
        reach = 40 + number * 22
        canvas.line(
            curve(
                [
                    (corner[0] + reach, corner[1]),
                    (corner[0] + reach * 0.52, corner[1] + reach * 0.44),
                    (corner[0], corner[1] + reach),
                ]
            ),
            (222, 220, 212),
            1,
        )
    for number in range(5):
        canvas.line([corner, (corner[0] + 40 * number, corner[1] + 160 - 40 * number)], (214, 212, 204), 1)
