"""Draws lines of text in any font that is at hand, each letter where Chromium puts it: installed,
open, any script.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from studio.pipeline.perception.fonts import Face, draw, ink_width_at
from studio.pipeline.perception.web_fonts import list_known_faces

LEFT = 40  # px


@dataclass(frozen=True, slots=True)
class Lettering:
    text: str
    family: str
    size: float
    weight: int = 400
    italic: bool = False
    spacing: float = 0.0  # px


def face_of(family: str, weight: int = 400, *, italic: bool = False) -> Face:
    return next(
        f for f in list_known_faces() if (f.family, f.weight, f.italic) == (family, weight, italic)
    )


def draw_page(lines: list[Lettering], *, ink: str = "#1f2430") -> Image.Image:
    """A white page 900 px wide with the lines below each other."""
    pitch = [round(2.2 * line.size) for line in lines]
    page = np.full((sum(pitch) + 60, 900, 3), 255, np.float32)
    color = np.array([int(ink[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
    top = 30
    for line, high in zip(lines, pitch, strict=True):
        face = face_of(line.family, line.weight, italic=line.italic)
        width = ink_width_at(face, line.text, line.size, line.spacing)
        alpha = draw(face, line.text, width, line.spacing / line.size, line.size)[:, :, None]
        rows, columns = alpha.shape[:2]
        room = page[top : top + rows, LEFT : LEFT + columns]
        room[:] = room * (1 - alpha) + color * alpha
        top += high
    return Image.fromarray(np.round(page).astype(np.uint8))
