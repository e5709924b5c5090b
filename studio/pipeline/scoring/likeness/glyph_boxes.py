"""Where the glyphs of a rendered text really are: a DOM rectangle is a line's box, an OCR box is
its ink.
"""

from __future__ import annotations

import math

import numpy as np

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.picture_maps import Pixels

FAINT = 24  # of 255: less contrast than this is no readable text


def find_ink_box(picture: Pixels, box: Box, scale: float = 1.0) -> Box | None:
    """The bounding box of what differs from the ground in `box` (grown by a pixel); None where
    nothing shows.

    The ground is the median colour: even bold capitals cover less than half of their line box.
    """
    top, left = max(0, math.floor(box.y * scale) - 1), max(0, math.floor(box.x * scale) - 1)
    part = picture[top : math.ceil(box.bottom * scale) + 1, left : math.ceil(box.right * scale) + 1]
    if part.size == 0:
        return None
    ground = np.median(part.reshape(-1, 3), axis=0)
    apart = np.abs(part.astype(np.int16) - ground.astype(np.int16)).max(axis=2)
    strongest = int(apart.max())
    if strongest <= FAINT:
        return None
    ink = apart > max(FAINT, 0.35 * strongest)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return Box(
        (left + int(columns[0])) / scale,
        (top + int(rows[0])) / scale,
        (int(columns[-1]) - int(columns[0]) + 1) / scale,
        (int(rows[-1]) - int(rows[0]) + 1) / scale,
    )
