"""A back garden: lawn, path, beds along a fence."""

from __future__ import annotations

import math

from doorstep.demo.brush.canvas import Canvas
from doorstep.demo.brush.colours import BLACK, LEAF, WHITE, Colour, Ramp, darker, lighter, lit, mix
from doorstep.demo.brush.look import Look
from doorstep.demo.brush.shapes import Box, Oval, Poly
from doorstep.demo.scenes import parts

GROUND = 620
STRAW = (170, 158, 92)
FLOWERS = ((226, 92, 110), (244, 188, 70), (176, 120, 200), (250, 244, 236), (236, 130, 70))


def paint(canvas: Canvas, look: Look) -> None:
    """Draws the scene."""
    path = look.dice.randint(380, 620)
    _sky(canvas, look)
    _fence(canvas, look)
    _tree(canvas, look, look.dice.randint(1180, 1380))
    _lawn(canvas, look)
    _path(canvas, look, path)
    _beds(canvas, look)
    if look.clean:
        _order(canvas, look, path)
    else:
        _disorder(canvas, look, path)


def _sky(canvas: Canvas, look: Look) -> None:
    top, low = ((116, 176, 224), (220, 236, 242)) if look.clean else ((150, 168, 180), (206, 210, 206))
    canvas.fill(Box(0, 0, 1600, GROUND), Ramp(top, low))
    for _ in range(look.dice.randint(2, 4)):
        x, y = look.dice.uniform(100, 1500), look.dice.uniform(60, 230)
        for number in range(5):
            canvas.soft(Oval(x + (number - 2) * 62, y - 20 * math.cos(number - 2), 80, 36), WHITE, 0.5, 26)
    parts.ridge(canvas, Box(0, 120, 1600, GROUND), 0.5, 0.16, (128, 158, 128), look.dice)
    if look.dice.random() < 0.6:
        parts.house(
            canvas,
            look.dice.uniform(250, 900),
            420,
            330,
            look.dice.choice([(222, 200, 178), (206, 178, 160), (228, 226, 218)]),
        )
    parts.ridge(canvas, Box(0, 160, 1600, GROUND), 0.36, 0.14, (96, 136, 92), look.dice)


def _fence(canvas: Canvas, look: Look) -> None:
    wood = look.dice.choice([look.palette.wood, (150, 140, 128), (196, 176, 146)])
    wood = wood if look.clean else mix(wood, (104, 104, 88), 0.45)
    wide, top = look.dice.choice([46, 58, 72]), 350
    canvas.fill(Box(0, top + 14, 1600, GROUND), darker(wood, 0.6))
    for number in range(1600 // wide + 1):
        x, shade = number * wide, mix(wood, BLACK, look.dice.uniform(0, 0.14))
        slip = 0 if look.clean else look.mess.choice([0, 0, 0, 5, 12])
        canvas.fill(
            Box(x + 2, top + slip, x + wide - 2, GROUND + 10, 4),
            Ramp(lighter(shade, 0.12), darker(shade, 0.16), across=True),
        )
    canvas.texture(Box(0, top + 10, 1600, GROUND), 0.16, look.dice, 4, 60)
    canvas.soft(Box(-50, GROUND - 60, 1650, GROUND + 20), BLACK, 0.4, 30)
    if not look.clean:
        canvas.dirt(Box(0, top, 1600, GROUND), (74, 92, 58), 0.6, look.mess, 90, 0.5)


def _tree(canvas: Canvas, look: Look, x: float) -> None:
    canvas.fill(
        Poly([(x - 26, GROUND + 30), (x - 14, 300), (x + 14, 300), (x + 28, GROUND + 30)]),
        lit((112, 84, 60), 0.2, across=True),
    )
    leaf = look.dice.choice([(92, 142, 78), (120, 152, 76), (156, 120, 70), (84, 128, 92)])
    blobs = [
        (look.dice.triangular(-220, 220), look.dice.triangular(-170, 130), look.dice.uniform(70, 110))
        for _ in range(24)
    ]
    for dx, dy, size in sorted(blobs, key=lambda blob: -blob[1]):
        shade = mix(leaf, WHITE if dy < 0 else BLACK, min(0.28, abs(dy) / 420))
        crown = Oval(x + dx, 220 + dy, size, size * 0.78)
        canvas.fill(crown, lit(shade, 0.12))
        canvas.texture(crown, 0.3, look.dice, 9, 9)


def _lawn(canvas: Canvas, look: Look) -> None:
    green = look.dice.choice([(112, 164, 78), (98, 156, 84), (128, 170, 80)])
    green = green if look.clean else mix(green, STRAW, 0.42)
    canvas.fill(Box(0, GROUND, 1600, 1200), Ramp(darker(green, 0.12), green))
    if look.clean:
        for number in range(-9, 10, 2):
            far, near = 800 + number * 84, 800 + number * 250
            canvas.fill(
                Poly([(far, GROUND), (far + 84, GROUND), (near + 250, 1200), (near, 1200)]),
                Ramp(lighter(green, 0.06), lighter(green, 0.2)),
            )
    canvas.texture(Box(0, GROUND, 1600, 1200), 0.26, look.dice, 4, 7)
    canvas.soft(Oval(1290, GROUND + 90, 420, 60), BLACK, 0.35, 40)
    if not look.clean:
        canvas.dirt(Box(0, GROUND, 1600, 1200), STRAW, 0.6, look.mess, 150, 0.5)


def _path(canvas: Canvas, look: Look, x: float) -> None:
    stone = look.dice.choice([(206, 198, 184), (186, 182, 176), (196, 166, 140)])
    stone = stone if look.clean else mix(stone, (112, 112, 84), 0.4)
    end = 800 + (x - 800) * 1.25
    far, near = 62, 250
    canvas.fill(
        Poly([(x - far, GROUND), (x + far, GROUND), (end + near, 1200), (end - near, 1200)]),
        lit(darker(stone, 0.35), 0.05),
    )
    rows = 9
    for row in range(rows):
        start, stop = (row / rows) ** 1.7, ((row + 0.93) / rows) ** 1.7
        for side in (-1, 1) if row % 2 else (0,):
            _slab(canvas, look, (x, end, far, near), (start, stop), side, mix(stone, BLACK, look.dice.uniform(0, 0.1)))
    if not look.clean:
        canvas.dirt(
            Poly([(x - far, GROUND), (x + far, GROUND), (end + near, 1200), (end - near, 1200)]),
            (74, 92, 50),
            0.85,
            look.mess,
            60,
            0.55,
        )


def _slab(
    canvas: Canvas,
    look: Look,
    lane: tuple[float, float, float, float],
    span: tuple[float, float],
    side: int,
    stone: Colour,
) -> None:
    """One stone of the path, over its whole width or its left or right half."""
    x, end, far, near = lane
    points = []
    for share in (span[0], span[1]):
        middle, half = x + (end - x) * share, (far + (near - far) * share) * 0.97
        y = GROUND + 580 * share
        left, right = (-half, half) if side == 0 else ((-half, -5) if side < 0 else (5, half))
        points.append(((middle + left, y), (middle + right, y)))
    (a, b), (c, d) = points
    canvas.fill(Poly([a, b, d, c]), lit(stone, 0.07))
    canvas.line([a, b], lighter(stone, 0.4), 2)


def _beds(canvas: Canvas, look: Look) -> None:
    soil = (94, 70, 52)
    canvas.fill(Poly([(0, GROUND - 4), (1600, GROUND - 4), (1600, GROUND + 56), (0, GROUND + 56)]), lit(soil, 0.12))
    canvas.texture(Box(0, GROUND, 1600, GROUND + 56), 0.3, look.dice, 7, 5)
    for number in range(15):
        x, size = 50 + number * 107 + look.dice.uniform(-30, 30), look.dice.uniform(52, 88)
        colour = mix(LEAF, look.dice.choice([(140, 170, 90), (60, 110, 80)]), look.dice.random())
        bloom = look.dice.choice(FLOWERS)
        if look.clean:
            _bush(canvas, look, Oval(x, GROUND + 44 - size * 0.5, size * 0.84, size * 0.66), colour, bloom)
        else:
            _tuft(canvas, look, x, GROUND + 56, size * 2.2, mix(colour, STRAW, 0.45), 15)


def _bush(canvas: Canvas, look: Look, bush: Oval, colour: Colour, bloom: Colour) -> None:
    canvas.soft(Oval(bush.x, bush.bounds[3], bush.across, 14), BLACK, 0.45, 10)
    canvas.fill(bush, lit(colour, 0.2))
    canvas.texture(bush, 0.3, look.mess, 7, 7)
    for number in range(9):
        reach = 0.24 * number**0.55
        x, y = math.cos(number * 2.4) * reach * bush.across, math.sin(number * 2.4) * reach * bush.down
        parts.ball(canvas, bush.x + x * 1.2, bush.y + y * 1.1, 9, bloom)


def _tuft(canvas: Canvas, look: Look, x: float, ground: float, size: float, colour: Colour, blades: int) -> None:
    """High grass or weed that grew where it should not."""
    for _ in range(blades):
        lean, reach, start = (
            look.mess.gauss(0, 0.32),
            size * look.mess.uniform(0.5, 1),
            x + look.mess.gauss(0, size * 0.12),
        )
        tip = start + math.sin(lean) * reach, ground - math.cos(lean) * reach
        middle = start + math.sin(lean * 0.5) * reach * 0.5, ground - reach * 0.52
        shade = mix(colour, look.mess.choice([BLACK, WHITE, STRAW]), look.mess.uniform(0, 0.3))
        canvas.fill(
            Poly(
                [(start - 5, ground), (middle[0] - 4, middle[1]), tip, (middle[0] + 4, middle[1]), (start + 5, ground)]
            ),
            shade,
        )


def _order(canvas: Canvas, look: Look, path: float) -> None:
    x = 1180 if path < 560 else 1240
    seat = look.palette.accent
    canvas.soft(Oval(x, 1010, 220, 34), BLACK, 0.4, 18)
    for dx in (-150, 130):
        for leg in (-44, 44):
            canvas.line([(x + dx + leg * 0.8, 860), (x + dx + leg, 1010)], darker(look.palette.wood, 0.4), 10)
        canvas.fill(Box(x + dx - 62, 850, x + dx + 62, 876, 8), lit(seat, 0.2))
        canvas.fill(Box(x + dx - 56, 716, x + dx + 56, 792, 10), lit(seat, 0.2))
        for leg in (-48, 48):
            canvas.line([(x + dx + leg, 730), (x + dx + leg, 860)], darker(look.palette.wood, 0.4), 9)
    canvas.line([(x - 10, 830), (x - 10, 1016)], (70, 72, 74), 14)
    canvas.fill(Oval(x - 10, 824, 128, 26), lit((232, 230, 224), 0.14))
    parts.plant(canvas, x - 10, 822, 110, WHITE, look)
    canvas.soft(Poly([(0, GROUND), (900, GROUND), (1300, 1200), (0, 1200)]), (255, 246, 190), 0.16, 70)


def _disorder(canvas: Canvas, look: Look, path: float) -> None:
    mess = look.mess
    for row in range(15):
        share = (row / 14) ** 1.5
        for _ in range(9):
            x, y = mess.uniform(-20, 1620), GROUND + 66 + share * 560
            _tuft(canvas, look, x, y, 46 + share * 120, mix((98, 140, 66), STRAW, mess.random() * 0.7), 7)
    for _ in range(9):
        x, y = mess.uniform(60, 1540), mess.uniform(GROUND + 120, 1180)
        for number in range(5):
            parts.ball(canvas, x + mess.gauss(0, 16), y - 40 - number * 5, 7, (238, 206, 70))
    leaves = ((168, 104, 50), (196, 140, 60), (132, 84, 46), (150, 120, 60))
    for _ in range(200):
        x, y, colour = mess.uniform(0, 1600), mess.uniform(GROUND + 80, 1196), mess.choice(leaves)
        size = 4 + 12 * (y - GROUND) / 580
        canvas.fill(
            Poly(
                [(x - size, y), (x, y - size * 0.5), (x + size * 1.2, y - size * 0.2), (x + size * 0.2, y + size * 0.4)]
            ),
            colour,
        )
    _bag(canvas, 1230, 1020)


def _bag(canvas: Canvas, x: float, ground: float) -> None:
    """A full rubbish bag, tied up."""
    half = [(110, 0), (124, -85), (68, -162), (26, -188)]
    sack = [(x + dx, ground + dy) for dx, dy in half] + [(x - dx, ground + dy) for dx, dy in reversed(half)]
    ears = [(-26, -186), (-44, -226), (4, -206), (48, -230), (28, -184)]
    canvas.soft(Oval(x, ground, 130, 20), BLACK, 0.5, 14)
    canvas.fill(Poly(sack), Ramp((76, 80, 84), (34, 36, 38)))
    canvas.fill(Poly([(x + dx, ground + dy) for dx, dy in ears]), (52, 54, 58))
    for folds, light in (
        ([(-70, -140), (-50, -150), (-76, -30), (-92, -40)], 0.35),
        ([(30, -150), (44, -146), (64, -50)], 0.2),
    ):
        canvas.soft(Poly([(x + dx, ground + dy) for dx, dy in folds]), WHITE, light, 7)
