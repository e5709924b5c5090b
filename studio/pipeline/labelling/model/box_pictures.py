"""What a box looks like: the one thing about a node that its characters do not say, as a picture of
two tokens.

A field that is a list to choose from has an arrow at its right end, a button its word in the
middle. Squeezed to `SIZE`, such a box shows it; of a long one the two ends are shown, each
undistorted.
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
LONG = 4.0  # times its height: a box longer than this is shown by its ends
MARGIN = 2.0  # CSS px around it, for a border's outside and a shadow's beginning
ASKED = frozenset({"button", "badge", "field"})  # a node that may be one of these is looked at


def build_question_parts(
    steps: Sequence[WalkStep], facts: PageFacts, looks: Sequence[Image.Image | None]
) -> tuple[TextPart | ImagePart, ...]:
    """The question with each node's look, where it has one, before its characters."""
    out: list[TextPart | ImagePart] = []
    text = ""
    for about, look in zip(describe_steps(steps, facts), looks, strict=True):
        if look is not None:
            out += [TextPart(text)] * bool(text)
            out.append(_crop_part(look))
            text = ""
        text += about
    return (*out, TextPart(text))


def cut_box_pictures(
    steps: Sequence[WalkStep], picture: Image.Image, scale: float
) -> list[Image.Image | None]:
    """Of every node that is looked at; see `cut_box_picture`."""
    return [
        None if ASKED.isdisjoint(step.kinds) else cut_box_picture(picture, step.node.box, scale)
        for step in steps
    ]


def cut_box_picture(picture: Image.Image, box: Box, scale: float) -> Image.Image:
    """`picture`: the mockup, RGB; `box` in CSS px, of which each is `scale` px of the picture. Its
    look, RGB `SIZE`.
    """
    left, top = (scale * (side - MARGIN) for side in (box.x, box.y))
    right, bottom = (scale * (side + MARGIN) for side in (box.right, box.bottom))
    high = bottom - top
    if right - left <= LONG * high:
        return _resize_crop(picture, (left, top, right, bottom), SIZE)
    half = (SIZE[0] // 2, SIZE[1])
    out = Image.new("RGB", SIZE)
    out.paste(_resize_crop(picture, (left, top, left + high, bottom), half), (0, 0))
    out.paste(_resize_crop(picture, (right - high, top, right, bottom), half), (half[0], 0))
    return out


def _resize_crop(
    picture: Image.Image, box: tuple[float, float, float, float], size: tuple[int, int]
) -> Image.Image:
    """A part of the picture at `size`; what lies outside of it is black."""
    left, top, right, bottom = (round(side) for side in box)
    part = picture.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
    return part.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _crop_part(look: Image.Image) -> ImagePart:
    out = io.BytesIO()
    look.save(out, "PNG", compress_level=1)
    return ImagePart(out.getvalue(), "image/png")
