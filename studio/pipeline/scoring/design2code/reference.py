"""The blocks by their definition, pixel by pixel.

`blocks.py` must agree with it and is timed against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.pipeline.scoring.design2code.blocks import NEAR, SHIFT_SLACK, TextBlock
from studio.pipeline.scoring.design2code.probe import OFFSET, ProbeText, encode_color
from studio.pipeline.scoring.likeness.picture_maps import Pixels

Color = Sequence[int]


def find_blocks_slowly(
    texts: Sequence[ProbeText], original: Pixels, first: Pixels, second: Pixels
) -> list[TextBlock]:
    """Return the same as `find_blocks`.

    A pixel is text if it follows the second copy's shift, and belongs to the block whose color is near.
    """
    if first.shape != second.shape:
        return []
    text_pixels = list(_find_text_pixels(first, second))
    height, width = first.shape[:2]
    blocks = []
    for text in texts:
        probe_color = encode_color(text.code)
        places = [(y, x) for y, x, color in text_pixels if _is_near(color, probe_color)]
        if not places:
            continue
        top, bottom = min(y for y, _ in places), max(y for y, _ in places) + 1
        left, right = min(x for _, x in places), max(x for _, x in places) + 1
        red, green, blue = (
            float(sum(int(original[y, x, i]) for y, x in places) // len(places)) for i in range(3)
        )
        size = (right - left) / width, (bottom - top) / height
        blocks.append(
            TextBlock(text.text.lower(), left / width, top / height, *size, (red, green, blue))
        )
    return blocks


def _find_text_pixels(first: Pixels, second: Pixels) -> Iterator[tuple[int, int, Color]]:
    for y, rows in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        for x, (one, two) in enumerate(zip(*rows, strict=True)):
            if all(
                abs((a + OFFSET) % 256 - b) <= SHIFT_SLACK for a, b in zip(one, two, strict=True)
            ):
                yield y, x, one


def _is_near(color: Color, wanted: Color) -> bool:
    return all(abs(one - other) <= NEAR for one, other in zip(color, wanted, strict=True))
