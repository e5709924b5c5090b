"""Areas of a mockup or page: cut out to look closer, or ignored in a comparison."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image, ImageDraw

from studio.pipeline.perception.hints import Box, Hints
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.tools.results import ToolError
from studio.pipeline.types import Render

# Share of an item's box that must lie in ignored areas for the item to be ignored: most of it.
IGNORED_SHARE = 0.5


def is_in_areas(box: Box, areas: Sequence[Box]) -> bool:
    """Return True when most of `box` lies in one of the areas."""
    return any(box.intersection(area) > IGNORED_SHARE * box.area for area in areas)


def touches(box: Box, area: Box) -> bool:
    """Return True when the two share a point; a rule without height has no shared surface."""
    apart = box.right < area.x or area.right < box.x or box.bottom < area.y or area.bottom < box.y
    return not apart


def mask_mockup(sight: PerceivedMockup, areas: Sequence[Box]) -> PerceivedMockup:
    """Return the mockup with the areas in its ground color and nothing recognized in them."""
    if not areas:
        return sight
    hints = sight.hints
    masked = replace(
        hints,
        texts=tuple(text for text in hints.texts if not is_in_areas(text.box, areas)),
        rects=tuple(rect for rect in hints.rects if not is_in_areas(rect.box, areas)),
        pictures=tuple(item for item in hints.pictures if not is_in_areas(item.box, areas)),
    )
    picture = _paint(sight.mockup, areas, hints.background, sight.mockup.width / hints.width)
    return PerceivedMockup(picture, masked)


def mask_render(render: Render, areas: Sequence[Box], color: str) -> Render:
    """Return the render with the areas in `color` and nothing of the page in them."""
    if not areas:
        return render
    picture = Image.open(io.BytesIO(render.png)).convert("RGB")
    painted = _paint(picture, areas, color, picture.width / render.width)
    return replace(
        render,
        png=encode_png(painted),
        texts=tuple(text for text in render.texts if not is_in_areas(text.box, areas)),
        boxes=tuple(box for box in render.boxes if not is_in_areas(box.box, areas)),
    )


def select_hints(hints: Hints, area: Box) -> Hints:
    """Return what of the hints reaches into the area."""
    return replace(
        hints,
        texts=tuple(text for text in hints.texts if touches(text.box, area)),
        rects=tuple(rect for rect in hints.rects if touches(rect.box, area)),
        pictures=tuple(item for item in hints.pictures if touches(item.box, area)),
    )


def cut_area(picture: Image.Image, area: Box, css_width: float) -> Image.Image:
    """Return the area of a picture that shows `css_width` CSS pixels; raises ToolError outside it."""
    scale = picture.width / css_width
    left, top = max(0, round(area.x * scale)), max(0, round(area.y * scale))
    right = min(picture.width, round(area.right * scale))
    bottom = min(picture.height, round(area.bottom * scale))
    if right <= left or bottom <= top:
        height = round(picture.height / scale)
        raise ToolError(
            f"The area at x={area.x:g}, y={area.y:g} lies outside the picture of "
            f"{css_width:g} × {height} CSS px."
        )
    return picture.crop((left, top, right, bottom))


def encode_png(picture: Image.Image) -> bytes:
    """Return the picture as a PNG file."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _paint(picture: Image.Image, areas: Sequence[Box], color: str, scale: float) -> Image.Image:
    painted = picture.convert("RGB")
    if painted is picture:
        painted = picture.copy()
    pen = ImageDraw.Draw(painted)
    for area in areas:
        right, bottom = area.right * scale - 1, area.bottom * scale - 1
        if right >= 0 and bottom >= 0:
            pen.rectangle((area.x * scale, area.y * scale, right, bottom), fill=color)
    return painted
