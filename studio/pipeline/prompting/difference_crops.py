"""The worst places of an attempt as pictures: the mockup's side on the left, the page's on the
right.
"""

from __future__ import annotations

import io

from PIL import Image

from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup

MOST = 2
AROUND = 24.0  # px shown around a difference
SMALLEST, LARGEST = (
    (240.0, 120.0),
    (800.0, 600.0),
)  # px of the page; two of the largest cost about 1,500 tokens
GAP = 12


def crop_worst_places(sight: PerceivedMockup, attempt: AttemptResult) -> list[bytes]:
    """At most two PNGs, of differences that do not lie on each other."""
    if attempt.comparison is None or attempt.render is None:
        return []
    boxes: list[Box] = []
    for difference in attempt.comparison.differences:
        box = _choose_window(
            difference.box, sight.hints.width, max(sight.hints.height, attempt.render.height)
        )
        if all(box.iou(other) < 0.2 for other in boxes):
            boxes.append(box)
        if len(boxes) == MOST:
            break
    mockup = sight.mockup.resize((sight.hints.width, sight.hints.height))
    page = (
        Image.open(io.BytesIO(attempt.render.png))
        .convert("RGB")
        .resize((attempt.render.width, attempt.render.height))
    )
    return [_draw_side_by_side(mockup, page, box) for box in boxes]


def _choose_window(box: Box, width: float, height: float) -> Box:
    wide = min(max(box.width + 2 * AROUND, SMALLEST[0]), LARGEST[0], width)
    tall = min(max(box.height + 2 * AROUND, SMALLEST[1]), LARGEST[1], height)
    x = min(max(0.0, box.cx - wide / 2), width - wide)
    y = min(max(0.0, box.cy - tall / 2), height - tall)
    return Box(x, y, wide, tall)


def _draw_side_by_side(one: Image.Image, other: Image.Image, box: Box) -> bytes:
    corners = round(box.x), round(box.y), round(box.right), round(box.bottom)
    wide, tall = corners[2] - corners[0], corners[3] - corners[1]
    both = Image.new("RGB", (2 * wide + GAP, tall), "#ff00ff")
    both.paste(one.crop(corners), (0, 0))
    both.paste(other.crop(corners), (wide + GAP, 0))
    out = io.BytesIO()
    both.save(out, "PNG")
    return out.getvalue()
