"""Draws hints over their mockup, one colour per kind, for eyes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.pipeline.perception.hints import Box, Hints

if TYPE_CHECKING:
    from PIL import Image

COLORS = {
    "text": "#d6006c",
    "rect": "#0969da",
    "photo": "#1a7f37",
    "icon": "#bf8700",
    "section": "#8250df",
}


def draw_overlay(image: Image.Image, hints: Hints) -> Image.Image:
    """A copy of the mockup with every text line, rectangle, picture and section cut outlined."""
    from PIL import ImageDraw

    canvas = image.convert("RGB")
    pen = ImageDraw.Draw(canvas)
    scale = hints.scale
    for section in hints.sections[1:]:
        y = section.top * scale
        pen.line(
            [(0, y), (canvas.width, y)], fill=COLORS["section"], width=max(1, round(2 * scale))
        )
    for rect in hints.rects:
        _draw_outline(pen, rect.box, scale, COLORS["rect"])
    for picture in hints.pictures:
        _draw_outline(pen, picture.box, scale, COLORS[picture.kind])
    for text in hints.texts:
        # Two pixels off the ink, so that the letters stay readable.
        around = Box(text.box.x - 2, text.box.y - 2, text.box.width + 4, text.box.height + 4)
        _draw_outline(pen, around, scale, COLORS["text"])
    return canvas


def _draw_outline(pen: object, box: Box, scale: float, color: str) -> None:
    from PIL import ImageDraw

    assert isinstance(pen, ImageDraw.ImageDraw)
    left, top, right, bottom = (v * scale for v in (box.x, box.y, box.right, box.bottom))
    pen.rectangle(
        [left, top, max(left, right - 1), max(top, bottom - 1)],
        outline=color,
        width=max(1, round(scale)),
    )
