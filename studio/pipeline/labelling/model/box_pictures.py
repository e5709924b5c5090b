"""Pictures of boxes, two tokens each: they show what a node's characters do not encode.

A select has an arrow at its right end, a button a word in the middle. Scaled to `SIZE`, such a box
shows it. Of a long box the two ends are shown, undistorted.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from inference.types import ImagePart, TextPart
from studio.pipeline.labelling.model.question import describe_steps
from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.perception.hints import Box

SIZE = (56, 28)  # px: two tokens of 2 × 2 patches of 14 px
TOKENS = 2
LONG = 4.0  # times its height, from which a box is shown by its two ends
MARGIN = 2.0  # CSS px around it, for the outside of a border and the start of a shadow
ASKED = frozenset({"button", "badge", "field"})  # nodes that may be one of these get a picture


def build_question_parts(
    steps: Sequence[WalkStep], facts: PageFacts, looks: Sequence[Image.Image | None]
) -> tuple[TextPart | ImagePart, ...]:
    """Return the question, with each node's picture, if it has one, before its characters."""
    parts: list[TextPart | ImagePart] = []
    text = ""
    for about, look in zip(describe_steps(steps, facts), looks, strict=True):
        if look is not None:
            if text:
                parts.append(TextPart(text))
            parts.append(_crop_part(look))
            text = ""
        text += about
    return (*parts, TextPart(text))


def cut_box_pictures(
    steps: Sequence[WalkStep], picture: Image.Image, scale: float
) -> list[Image.Image | None]:
    """Return each node's picture, None for nodes without one; see `cut_box_picture`."""
    return [
        None if ASKED.isdisjoint(step.kinds) else cut_box_picture(picture, step.node.box, scale)
        for step in steps
    ]


def cut_box_picture(picture: Image.Image, box: Box, scale: float) -> Image.Image:
    """Return the picture of a box, RGB of `SIZE`.

    `picture` is the mockup, RGB; `box` is in CSS px, of which each is `scale` px of the picture.
    """
    left, top = scale * (box.x - MARGIN), scale * (box.y - MARGIN)
    right, bottom = scale * (box.right + MARGIN), scale * (box.bottom + MARGIN)
    height = bottom - top
    if right - left <= LONG * height:
        return _resize_crop(picture, (left, top, right, bottom), SIZE)
    half = (SIZE[0] // 2, SIZE[1])
    ends = Image.new("RGB", SIZE)
    ends.paste(_resize_crop(picture, (left, top, left + height, bottom), half), (0, 0))
    ends.paste(_resize_crop(picture, (right - height, top, right, bottom), half), (half[0], 0))
    return ends


def _resize_crop(
    picture: Image.Image, box: tuple[float, float, float, float], size: tuple[int, int]
) -> Image.Image:
    """Return a part of the picture at `size`; outside the picture it is black."""
    left, top, right, bottom = (round(side) for side in box)
    part = picture.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
    return part.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _crop_part(look: Image.Image) -> ImagePart:
    out = io.BytesIO()
    look.save(out, "PNG", compress_level=1)
    return ImagePart(out.getvalue(), "image/png")
