"""Scenes that pictures show: landscapes, rooms, patterns, a program's window, people, a map."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

from studio.pipeline.sections.canvas import Canvas, Size, Tones
from studio.pipeline.sections.palettes import mix


def draw_hills(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    canvas.circle(width * rng.uniform(0.55, 0.8), height * 0.32, height * 0.12, tones.second)
    layers = (tones.light, tones.mid, tones.strong, tones.dark)
    for number, color in enumerate(layers):
        base = height * (0.46 + 0.13 * number)
        canvas.path(_write_wave(width, height, base, height * 0.11, rng), color)
    for _ in range(5):
        x, y = rng.uniform(0.06, 0.94) * width, height * rng.uniform(0.8, 0.9)
        tall = height * rng.uniform(0.1, 0.16)
        canvas.rect(x - tall * 0.03, y - tall * 0.3, tall * 0.06, tall * 0.4, tones.dark)
        canvas.ellipse(
            x, y - tall * 0.6, tall * 0.2, tall * 0.46, mix(tones.strong, tones.dark, 0.5)
        )
    return canvas


def _write_wave(width: float, height: float, base: float, rise: float, rng: random.Random) -> str:
    left, middle, right = (base + rng.uniform(-rise, rise) for _ in range(3))
    half = width / 2
    first = f"C{half * 0.4:.4g} {left - rise:.4g} {half * 0.6:.4g} {middle + rise:.4g} {half:.4g} {middle:.4g}"
    second = f"S{width * 0.85:.4g} {right - rise:.4g} {width} {right:.4g}"
    return f"M0 {left:.4g}{first}{second}V{height}H0z"


def draw_mountains(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    canvas.circle(width * 0.7, height * 0.28, height * 0.1, tones.second)
    for color, base, tall, count in (
        (tones.light, 0.62, 0.42, 3),
        (tones.mid, 0.74, 0.44, 3),
        (tones.strong, 0.88, 0.38, 4),
    ):
        for number in range(count):
            x = width * (number + rng.uniform(0.2, 0.8)) / count
            top = height * (base - tall * rng.uniform(0.7, 1))
            half = width / count * rng.uniform(0.75, 1)
            foot = height * base
            canvas.path(
                f"M{x - half:.4g} {foot:.4g}L{x:.4g} {top:.4g}L{x + half:.4g} {foot:.4g}z", color
            )
            snow = (foot - top) * 0.24
            share = half * 0.24
            canvas.path(
                f"M{x - share:.4g} {top + snow:.4g}L{x:.4g} {top:.4g}L{x + share:.4g} {top + snow:.4g}"
                f"L{x + share * 0.3:.4g} {top + snow * 0.8:.4g}L{x:.4g}"
                f" {top + snow * 1.15:.4g}L{x - share * 0.4:.4g} {top + snow * 0.8:.4g}z",
                tones.paper if color != tones.strong else tones.mid,
            )
        canvas.rect(0, height * base - 1, width, height * (1 - base) + 1, color)
    canvas.path(_write_wave(width, height, height * 0.88, height * 0.04, rng), tones.dark)
    return canvas


def draw_sea(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    horizon = height * 0.52
    canvas.circle(width * 0.62, horizon, height * 0.19, tones.second)
    canvas.rect(0, horizon, width, height - horizon, tones.mid)
    for number, color in enumerate((tones.mid, tones.strong, tones.dark)):
        base = horizon + height * (0.06 + 0.14 * number)
        canvas.path(_write_wave(width, height, base, height * 0.025, rng), color)
    for number in range(5):
        y = horizon + height * (0.035 + 0.02 * number)
        half = width * (0.11 - 0.016 * number)
        canvas.rect(width * 0.62 - half, y, 2 * half, height * 0.006, tones.paper)
    # Beside the text of a broad picture that text lies on.
    boat = 0.82 if width > 1.6 * height else 0.3
    x, y = width * boat, horizon + height * 0.03
    tall = height * 0.17
    canvas.path(f"M{x:.4g} {y - tall:.4g}V{y:.4g}H{x - tall * 0.5:.4g}z", tones.paper)
    canvas.path(f"M{x + 4:.4g} {y - tall * 0.9:.4g}V{y:.4g}H{x + tall * 0.36:.4g}z", tones.light)
    canvas.path(
        f"M{x - tall * 0.55:.4g} {y + 4:.4g}H{x + tall * 0.45:.4g}"
        f"L{x + tall * 0.3:.4g} {y + tall * 0.14:.4g}H{x - tall * 0.4:.4g}z",
        tones.dark,
    )
    return canvas


def draw_city(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    canvas.circle(width * 0.28, height * 0.3, height * 0.12, tones.second)
    for color, least, most, lit in (
        (tones.light, 0.4, 0.66, None),
        (tones.mid, 0.28, 0.52, tones.pale),
        (tones.strong, 0.16, 0.36, tones.second),
    ):
        x = -width * 0.02
        while x < width:
            wide = width * rng.uniform(0.06, 0.12)
            tall = height * rng.uniform(least, most)
            canvas.rect(x, height - tall, wide, tall, color)
            if lit:
                _light_windows(canvas, x, height - tall, wide, tall, lit, rng)
            x += wide + width * 0.008
    canvas.rect(0, height * 0.95, width, height * 0.05, tones.dark)
    return canvas


def _light_windows(
    canvas: Canvas, x: float, top: float, wide: float, tall: float, color: str, rng: random.Random
) -> None:
    pane = wide / 7
    for row in range(int(tall / (pane * 2.4))):
        for column in range(3):
            if rng.random() < 0.45:
                left = x + pane * (1 + 2 * column)
                canvas.rect(left, top + pane * (1 + 2.2 * row), pane, pane * 1.2, color)


def draw_room(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    canvas = Canvas(size)
    width, height = size
    floor = height * 0.8
    canvas.fill(tones.pale)
    canvas.rect(0, floor, width, height - floor, tones.light)
    left = width * rng.uniform(0.1, 0.16)
    wide, tall = width * 0.3, height * 0.46
    canvas.rect(left, height * 0.14, wide, tall, tones.paper)
    canvas.rect(left + 10, height * 0.14 + 10, wide - 20, tall - 20, tones.light)
    canvas.circle(left + wide * 0.62, height * 0.3, height * 0.06, tones.second)
    canvas.path(
        f"M{left + 10:.4g} {height * 0.5:.4g}Q{left + wide * 0.4:.4g} {height * 0.38:.4g}"
        f" {left + wide - 10:.4g} {height * 0.48:.4g}V{height * 0.6 - 10:.4g}H{left + 10:.4g}z",
        tones.mid,
    )
    canvas.rect(left + wide / 2 - 4, height * 0.14, 8, tall, tones.paper)
    sofa, seat = width * 0.5, height * 0.62
    canvas.rect(sofa, seat - height * 0.12, width * 0.38, height * 0.22, tones.strong, 18)
    canvas.rect(
        sofa - width * 0.025, seat - height * 0.01, width * 0.43, height * 0.14, tones.dark, 16
    )
    canvas.rect(
        sofa + width * 0.03, seat - height * 0.07, width * 0.11, height * 0.09, tones.second, 10
    )
    for foot in (sofa, sofa + width * 0.36):
        canvas.rect(foot, seat + height * 0.12, width * 0.014, height * 0.07, tones.dark)
    lamp = width * 0.93
    canvas.rect(lamp - 3, height * 0.26, 6, floor - height * 0.26, tones.dark)
    canvas.path(
        f"M{lamp - width * 0.03:.4g} {height * 0.18:.4g}H{lamp + width * 0.03:.4g}"
        f"L{lamp + width * 0.055:.4g} {height * 0.3:.4g}H{lamp - width * 0.055:.4g}z",
        tones.mid,
    )
    canvas.ellipse(width * 0.58, floor + height * 0.1, width * 0.3, height * 0.045, tones.mid)
    return canvas


def draw_facade(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw a house of plain volumes before a sky."""
    canvas = Canvas(size)
    width, height = size
    ground = height * 0.82
    canvas.fill(tones.pale)
    canvas.circle(width * 0.84, height * 0.2, height * 0.08, tones.second)
    left = width * rng.uniform(0.1, 0.22)
    canvas.rect(left, height * 0.34, width * 0.34, ground - height * 0.34, tones.paper)
    canvas.rect(
        left + width * 0.34, height * 0.2, width * 0.24, ground - height * 0.2, tones.strong
    )
    canvas.rect(left - width * 0.05, height * 0.31, width * 0.42, height * 0.035, tones.dark)
    for number in range(3):
        x = left + width * (0.035 + 0.1 * number)
        canvas.rect(x, height * 0.44, width * 0.07, height * 0.2, tones.mid)
    for number in range(4):
        y = height * (0.27 + 0.13 * number)
        canvas.rect(left + width * 0.39, y, width * 0.14, height * 0.07, tones.light)
    canvas.rect(0, ground, width, height - ground, tones.mid)
    canvas.rect(0, ground, width, height * 0.015, tones.dark)
    x, y = left + width * 0.68, ground
    canvas.rect(x - 4, y - height * 0.14, 8, height * 0.14, tones.dark)
    canvas.circle(x, y - height * 0.2, height * 0.11, mix(tones.mid, tones.dark, 0.35))
    return canvas


def draw_stairs(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw stairs in light and shade."""
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.light)
    canvas.path(f"M0 0H{width}V{height * 0.3:.4g}L0 {height * 0.75:.4g}z", tones.pale)
    count = rng.choice((6, 7))
    for number in range(count):
        x, y = width * number / count, height * (0.94 - 0.8 * number / count)
        canvas.rect(x, y, width - x, height / count, tones.strong if number % 2 else tones.dark)
        canvas.rect(x, y, width - x, height * 0.02, tones.mid)
    canvas.circle(width * 0.22, height * 0.26, height * 0.11, tones.second)
    return canvas


def draw_tiles(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw a pattern of quarter circles, circles and squares."""
    canvas = Canvas(size)
    width, height = size
    rows = 4 if height >= width * 0.8 else 3
    side = height / rows
    columns = math.ceil(width / side)
    colors = (tones.light, tones.mid, tones.strong, tones.dark, tones.second, tones.pale)
    canvas.fill(tones.pale)
    for row in range(rows):
        for column in range(columns):
            ground, shape = rng.sample(colors, 2)
            x, y = column * side, row * side
            canvas.rect(x, y, side + 1, side + 1, ground)
            _draw_tile(canvas, x, y, side, shape, rng.randrange(6))
    return canvas


def _draw_tile(canvas: Canvas, x: float, y: float, side: float, color: str, kind: int) -> None:
    far_x, far_y = x + side, y + side
    arc = f"A{side:.4g} {side:.4g} 0 01"
    if kind == 0:
        canvas.path(f"M{x:.4g} {y:.4g}{arc}{far_x:.4g} {far_y:.4g}H{x:.4g}z", color)
    elif kind == 1:
        canvas.path(f"M{far_x:.4g} {far_y:.4g}{arc}{x:.4g} {y:.4g}H{far_x:.4g}z", color)
    elif kind == 2:
        canvas.circle(x + side / 2, y + side / 2, side * 0.32, color)
    elif kind == 3:
        half = f"A{side / 2:.4g} {side / 2:.4g} 0 01"
        middle = y + side / 2
        canvas.path(f"M{x:.4g} {middle:.4g}{half}{far_x:.4g} {middle:.4g}z", color)
    elif kind == 4:
        canvas.path(f"M{x:.4g} {far_y:.4g}L{far_x:.4g} {y:.4g}V{far_y:.4g}z", color)


def draw_rings(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw rings around a point at the picture's edge."""
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    x, y = width * rng.choice((0.18, 0.82)), height * 0.86
    colors = (tones.light, tones.mid, tones.strong, tones.dark, tones.second)
    for number, color in enumerate(colors):
        canvas.circle(x, y, height * (0.92 - 0.18 * number), color)
    return canvas


def draw_waves(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw bands that run across the picture."""
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    for number, color in enumerate(
        (tones.light, tones.second, tones.mid, tones.strong, tones.dark)
    ):
        base = height * (0.22 + 0.16 * number)
        canvas.path(_write_wave(width, height, base, height * 0.09, rng), color)
    return canvas


def draw_energy(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw wind turbines on hills."""
    canvas = draw_hills(tones, size, rng)
    width, height = size
    for x, tall in ((0.24, 0.5), (0.46, 0.36), (0.12, 0.3)):
        left, top = width * x, height * (0.8 - tall)
        canvas.path(
            f"M{left - 4:.4g} {top:.4g}H{left + 4:.4g}L{left + 8:.4g} {height * 0.82:.4g}H{left - 8:.4g}z",
            tones.paper,
        )
        blade = height * tall * 0.42
        for turn in (-90, 30, 150):
            angle = math.radians(turn + 20)
            end_x, end_y = left + blade * math.cos(angle), top + blade * math.sin(angle)
            canvas.stroke(
                f"M{left:.4g} {top:.4g}L{end_x:.4g} {end_y:.4g}", tones.paper, blade * 0.07
            )
    return canvas


def draw_screen(tones: Tones, size: Size) -> Canvas:
    """Draw the window of a program: a side bar, figures and a curve."""
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.light)
    canvas.circle(width * 0.9, height * 0.1, height * 0.4, tones.mid)
    canvas.circle(width * 0.05, height * 0.95, height * 0.3, tones.second)
    x, y = width * 0.09, height * 0.11
    wide, tall = width * 0.82, height * 0.82
    canvas.rect(x, y, wide, tall, tones.window, 18)
    side = wide * 0.2
    canvas.rect(x, y, side, tall, tones.pale, 18)
    for number in range(5):
        color = tones.strong if number == 0 else tones.mid
        top = y + tall * (0.12 + 0.09 * number)
        canvas.rect(
            x + side * 0.16, top, side * (0.66 - 0.08 * (number % 3)), tall * 0.026, color, 6
        )
    left, room = x + side + wide * 0.04, wide - side - wide * 0.08
    canvas.rect(left, y + tall * 0.09, room * 0.34, tall * 0.045, tones.dark, 8)
    card = (room - wide * 0.04) / 3
    for number in range(3):
        start = left + number * (card + wide * 0.02)
        canvas.rect(start, y + tall * 0.2, card, tall * 0.18, tones.pale, 10)
        canvas.rect(start + card * 0.12, y + tall * 0.24, card * 0.4, tall * 0.022, tones.mid, 5)
        canvas.rect(
            start + card * 0.12, y + tall * 0.29, card * 0.58, tall * 0.042, tones.strong, 6
        )
    _draw_curve(canvas, tones, left, y + tall * 0.43, room, tall * 0.48)
    return canvas


def _draw_curve(canvas: Canvas, tones: Tones, x: float, y: float, wide: float, tall: float) -> None:
    canvas.rect(x, y, wide, tall, tones.pale, 10)
    shares = (0.7, 0.58, 0.64, 0.42, 0.48, 0.26, 0.2)
    points = [
        (x + wide * (0.06 + 0.88 * n / (len(shares) - 1)), y + tall * (0.08 + share))
        for n, share in enumerate(shares)
    ]
    line = "M" + "L".join(f"{a:.4g} {b:.4g}" for a, b in points)
    foot = y + tall * 0.9
    canvas.path(f"{line}L{points[-1][0]:.4g} {foot:.4g}H{points[0][0]:.4g}z", tones.light)
    canvas.stroke(line, tones.strong, 6)
    canvas.circle(*points[-1], 10, tones.dark)


def draw_person(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw head and shoulders without a face."""
    canvas = Canvas(size)
    width, height = size
    skin = rng.choice(("#e8c4a8", "#c98f6b", "#8d5a3c", "#f0d3bd", "#a86f4c"))
    hair = rng.choice(("#2b211d", "#4a3023", "#8a5a35", "#c9a26b", "#3d3d42"))
    canvas.fill(tones.light)
    x, head = width / 2, height * 0.42
    radius = width * 0.145
    style = rng.randrange(4)
    if style in (1, 3):
        canvas.rect(
            x - radius * 1.24, head - radius * 0.5, radius * 2.48, radius * 2.5, hair, radius
        )
    canvas.path(
        f"M{x - width * 0.31:.4g} {height}C{x - width * 0.3:.4g} {height * 0.7:.4g}"
        f" {x - width * 0.14:.4g} {height * 0.66:.4g} {x:.4g} {height * 0.66:.4g}"
        f"S{x + width * 0.3:.4g} {height * 0.7:.4g} {x + width * 0.31:.4g} {height}z",
        tones.strong,
    )
    canvas.rect(x - radius * 0.42, head, radius * 0.84, radius * 1.95, skin, radius * 0.4)
    if style == 3:
        canvas.circle(x, head - radius * 1.25, radius * 0.5, hair)
    canvas.ellipse(x, head - radius * 0.16, radius * 1.12, radius * 1.16, hair)
    canvas.ellipse(x, head + radius * 0.14, radius * 0.92, radius * 1.08, skin)
    canvas.path(
        f"M{x - radius * 0.98:.4g} {head - radius * 0.05:.4g}C{x - radius * 0.9:.4g} {head - radius * 1.2:.4g}"
        f" {x + radius * 0.9:.4g} {head - radius * 1.3:.4g} {x + radius * 0.98:.4g} {head - radius * 0.05:.4g}"
        f"C{x + radius * 0.5:.4g} {head - radius * 0.62:.4g} {x - radius * 0.1:.4g}"
        f" {head - radius * 0.5:.4g} {x - radius * 0.98:.4g} {head - radius * 0.05:.4g}z",
        hair,
    )
    return canvas


def draw_map(tones: Tones, size: Size, rng: random.Random) -> Canvas:
    """Draw streets, a park, water and a pin."""
    canvas = Canvas(size)
    width, height = size
    canvas.fill(tones.pale)
    canvas.path(
        f"M0 {height * 0.72:.4g}C{width * 0.3:.4g} {height * 0.6:.4g}"
        f" {width * 0.5:.4g} {height * 0.95:.4g} {width} {height * 0.8:.4g}V{height}H0z",
        tones.light,
    )
    canvas.rect(width * 0.08, height * 0.1, width * 0.26, height * 0.24, tones.light, 14)
    for share in (0.16, 0.42, 0.66):
        canvas.stroke(
            f"M0 {height * share:.4g}L{width} {height * (share + rng.uniform(-0.12, 0.12)):.4g}",
            tones.paper,
            16,
        )
    for share in (0.22, 0.46, 0.74):
        canvas.stroke(
            f"M{width * share:.4g} 0L{width * (share + rng.uniform(-0.1, 0.1)):.4g} {height}",
            tones.paper,
            16,
        )
    x, y = width * 0.56, height * 0.44
    canvas.ellipse(x, y + 44, 26, 8, tones.dark, 0.25)
    canvas.path(
        f"M{x:.4g} {y + 44:.4g}C{x - 60:.4g} {y - 20:.4g} {x - 40:.4g} {y - 66:.4g}"
        f" {x:.4g} {y - 66:.4g}S{x + 60:.4g} {y - 20:.4g} {x:.4g} {y + 44:.4g}z",
        tones.strong,
    )
    canvas.circle(x, y - 22, 16, tones.paper)
    return canvas


SCENES: Mapping[str, Callable[[Tones, Size, random.Random], Canvas]] = {
    "hills": draw_hills,
    "mountains": draw_mountains,
    "sea": draw_sea,
    "city": draw_city,
    "room": draw_room,
    "facade": draw_facade,
    "stairs": draw_stairs,
    "tiles": draw_tiles,
    "rings": draw_rings,
    "waves": draw_waves,
    "energy": draw_energy,
}
