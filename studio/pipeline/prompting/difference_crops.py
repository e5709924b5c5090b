"""Pictures of an attempt's worst places: the mockup on the left, the page on the right."""

from __future__ import annotations

import io

from PIL import Image

from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.types import Comparison, Render

MOST = 2  # pictures
AROUND = 24.0  # px shown around a difference
SMALLEST = (240.0, 120.0)  # px of the page, width and height
LARGEST = (800.0, 600.0)  # px of the page; two of these cost about 1,500 tokens
MOST_OVERLAP = 0.2  # intersection over union of two pictures
GAP = 12  # px between the two sides


def crop_worst_places(sight: PerceivedMockup, attempt: AttemptResult) -> list[bytes]:
    """Return at most two PNGs, of differences that do not overlap much."""
    if attempt.comparison is None or attempt.render is None:
        return []
    return crop_differences(sight, attempt.render, attempt.comparison)


def crop_differences(sight: PerceivedMockup, render: Render, comparison: Comparison) -> list[bytes]:
    """Return at most two PNGs of the worst differences that do not overlap much."""
    boxes: list[Box] = []
    for difference in comparison.differences:
        height = max(sight.hints.height, render.height)
        box = _choose_window(difference.box, sight.hints.width, height)
        if all(box.iou(other) < MOST_OVERLAP for other in boxes):
            boxes.append(box)
        if len(boxes) == MOST:
            break
    mockup = sight.mockup.resize((sight.hints.width, sight.hints.height))
    page = Image.open(io.BytesIO(render.png)).convert("RGB")
    page = page.resize((render.width, render.height))
    return [draw_side_by_side(mockup, page, box) for box in boxes]


def _choose_window(box: Box, width: float, height: float) -> Box:
    crop_width = min(max(box.width + 2 * AROUND, SMALLEST[0]), LARGEST[0], width)
    crop_height = min(max(box.height + 2 * AROUND, SMALLEST[1]), LARGEST[1], height)
    x = min(max(0.0, box.cx - crop_width / 2), width - crop_width)
    y = min(max(0.0, box.cy - crop_height / 2), height - crop_height)
    return Box(x, y, crop_width, crop_height)


def draw_side_by_side(mockup: Image.Image, page: Image.Image, box: Box) -> bytes:
    """Return the box as a PNG, from the mockup on the left and from the page on the right."""
    corners = round(box.x), round(box.y), round(box.right), round(box.bottom)
    width, height = corners[2] - corners[0], corners[3] - corners[1]
    picture = Image.new("RGB", (2 * width + GAP, height), "#ff00ff")
    picture.paste(mockup.crop(corners), (0, 0))
    picture.paste(page.crop(corners), (width + GAP, 0))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
