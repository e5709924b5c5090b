"""The mockup as pictures that every model server takes: none too large, a tall page in parts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from inference.types import ImagePart, TextPart
from studio.pipeline.perception.hints import Section

# Px of a side. Anthropic refuses larger pictures where a request has more than twenty; OpenAI scales
# what is larger down to 2,048, and a page of 9,000 px can then no longer be read.
LARGEST_SIDE = 2_000
# Of a file. Anthropic takes 5 MB of base64, which is 3.75 MB.
LARGEST_FILE = 3_700_000
QUALITY = 90  # of a JPEG, for pictures whose PNG is larger than that


@dataclass(frozen=True, slots=True)
class MockupPicture:
    """A part of the mockup from `top` to `bottom`, in CSS px."""

    top: int
    bottom: int
    part: ImagePart


def cut_into_pictures(picture: Image.Image, sections: Sequence[Section]) -> list[MockupPicture]:
    """Return the picture (at CSS size) in parts from the top down, cut between sections if possible."""
    edges = [round(section.bottom) for section in sections]
    return [
        MockupPicture(top, bottom, encode_picture(picture.crop((0, top, picture.width, bottom))))
        for top, bottom in _find_spans(picture.height, edges)
    ]


def encode_picture(picture: Image.Image) -> ImagePart:
    """Return the picture as PNG, or as JPEG where the PNG is too large a file."""
    if picture.width > LARGEST_SIDE:
        height = max(1, round(picture.height * LARGEST_SIDE / picture.width))
        picture = picture.resize((LARGEST_SIDE, height))
    out = io.BytesIO()
    picture.save(out, "PNG")
    if out.tell() <= LARGEST_FILE:
        return ImagePart(out.getvalue(), "image/png")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return ImagePart(out.getvalue(), "image/jpeg")


def show_pictures(pictures: Sequence[MockupPicture]) -> tuple[TextPart | ImagePart, ...]:
    """Return the parts of a message that show them; several are introduced by their place."""
    if len(pictures) == 1:
        return (pictures[0].part,)
    parts: list[TextPart | ImagePart] = []
    for number, picture in enumerate(pictures, start=1):
        place = f"from y = {picture.top} to y = {picture.bottom}"
        parts.append(TextPart(f"Picture {number} of {len(pictures)}, {place}:"))
        parts.append(picture.part)
    return tuple(parts)


def _find_spans(height: int, edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (top, bottom) of each part, at most `LARGEST_SIDE` high.

    A part ends at the lowest edge that leaves it at least half as high as allowed.
    """
    top = 0
    while height - top > LARGEST_SIDE:
        least, most = top + LARGEST_SIDE // 2, top + LARGEST_SIDE
        bottom = max((edge for edge in edges if least <= edge <= most), default=most)
        yield top, bottom
        top = bottom
    yield top, height
