"""Draws small mockups of which every box and word is known: four times too large, then shrunk, to
avoid hinting.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from studio.pipeline.perception.fonts import list_installed_faces

FACTOR = 4


class Paper:
    """A page in CSS pixels; `picture` renders it at a device pixel ratio of 1, 2 or 4."""

    def __init__(self, width: int = 640, height: int = 420, ground: str = "#ffffff") -> None:
        self.canvas = Image.new("RGB", (width * FACTOR, height * FACTOR), ground)
        self.pen = ImageDraw.Draw(self.canvas)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str | None,
        radius: float = 0,
        border: tuple[int, str] | None = None,
    ) -> None:
        corners = [x * FACTOR, y * FACTOR, (x + width) * FACTOR - 1, (y + height) * FACTOR - 1]
        thickness, color = border or (0, None)
        self.pen.rounded_rectangle(corners, radius * FACTOR, fill, color, thickness * FACTOR)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 16,
        *,
        bold: bool = False,
        color: str = "#222222",
        family: str = "Liberation Sans",
    ) -> tuple[float, float, float, float]:
        """Writes on the baseline `y` and returns the ink's left, top, right and bottom."""
        font = _font(family, 700 if bold else 400, size * FACTOR)
        before = np.asarray(self.canvas).copy()
        self.pen.text((x * FACTOR, y * FACTOR), words, font=font, fill=color, anchor="ls")
        changed = (np.asarray(self.canvas) != before).any(axis=2)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        return (
            columns[0] / FACTOR,
            rows[0] / FACTOR,
            (columns[-1] + 1) / FACTOR,
            (rows[-1] + 1) / FACTOR,
        )

    @staticmethod
    def advance(character: str, size: float) -> float:
        """How far the pen moves over a character of the usual font."""
        return float(_font("Liberation Sans", 400, 1000).getlength(character)) * size / 1000

    def photo(self, x: int, y: int, width: int, height: int, seed: int = 7) -> None:
        """Clouds and grain, the same every time."""
        random = np.random.default_rng(seed)
        coarse = random.integers(30, 220, (6, 8, 3), dtype=np.uint8)
        image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        grain = random.normal(0, 9, (height, width, 3))
        pixels = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
        large = Image.fromarray(pixels).resize(
            (width * FACTOR, height * FACTOR), Image.Resampling.NEAREST
        )
        self.canvas.paste(large, (x * FACTOR, y * FACTOR))

    def gradient(
        self, x: int, y: int, width: int, height: int, top: tuple[int, ...], bottom: tuple[int, ...]
    ) -> None:
        share = np.linspace(0, 1, height)[:, None, None]
        column = np.round((1 - share) * np.array(top) + share * np.array(bottom)).astype(np.uint8)
        image = Image.fromarray(np.broadcast_to(column, (height, width, 3)).copy())
        large = image.resize((width * FACTOR, height * FACTOR), Image.Resampling.NEAREST)
        self.canvas.paste(large, (x * FACTOR, y * FACTOR))

    def shadow(
        self, x: int, y: int, width: int, height: int, *, down: int, blur: int, opacity: float
    ) -> None:
        """A black CSS box shadow: blurred with a sigma of half its blur radius."""
        mask = Image.new("L", (self.canvas.width // FACTOR, self.canvas.height // FACTOR), 0)
        ImageDraw.Draw(mask).rectangle(
            (x, y + down, x + width - 1, y + down + height - 1), fill=round(255 * opacity)
        )
        soft = mask.filter(ImageFilter.GaussianBlur(blur / 2)).resize(
            self.canvas.size, Image.Resampling.NEAREST
        )
        self.canvas.paste(Image.new("RGB", self.canvas.size, "#000000"), (0, 0), soft)

    def star(self, x: float, y: float, size: float, color: str) -> None:
        """An icon that is no letter."""
        points = []
        for i in range(10):
            angle, reach = np.pi * i / 5 - np.pi / 2, size / 2 * (1 if i % 2 == 0 else 0.42)
            points.append(
                (
                    (x + size / 2 + reach * np.cos(angle)) * FACTOR,
                    (y + size / 2 + reach * np.sin(angle)) * FACTOR,
                )
            )
        self.pen.polygon(points, fill=color)

    def picture(self, ratio: int = 1) -> Image.Image:
        return self.canvas.reduce(FACTOR // ratio) if ratio < FACTOR else self.canvas.copy()

    def jpeg(self, quality: int = 80) -> Image.Image:
        buffer = io.BytesIO()
        self.picture().save(buffer, "JPEG", quality=quality)
        buffer.seek(0)
        return Image.open(buffer)


def _font(family: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    face = next(
        f
        for f in list_installed_faces()
        if (f.family, f.weight, f.italic) == (family, weight, False)
    )
    return ImageFont.truetype(face.path, size, index=face.index)
