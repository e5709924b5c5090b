"""The page's few colours: how much of it each covers. Pixels only; knows nothing of what the
colours are used for.
"""

from __future__ import annotations

import numpy as np

from studio.pipeline.perception.bands import count_colors
from studio.pipeline.perception.hints import Swatch
from studio.pipeline.perception.pixels import Pixels, compute_channel_distance, write_hex

MAX_COLORS = 12
# Colours closer than this are one swatch; below this share a colour is antialiasing or a photo's.
NEAR = 12
MIN_SHARE = 0.0005


def find_palette(rgb: Pixels) -> tuple[Swatch, ...]:
    """At most 12 swatches, largest share first."""
    values, counts = count_colors(rgb)
    order = np.argsort(-counts, kind="stable")[:400]
    colors = np.stack(
        [values[order] >> 16, (values[order] >> 8) & 255, values[order] & 255], axis=1
    ).astype(np.uint8)
    shares = counts[order] / (rgb.size // 3)
    kept: list[int] = []
    total = shares.copy()
    for i in range(len(order)):
        near = next(
            (k for k in kept if compute_channel_distance(colors[k], colors[i]) <= NEAR), None
        )
        if near is not None:
            total[near] += shares[i]
        else:
            kept.append(i)
    swatches = [
        Swatch(write_hex(colors[k]), round(float(total[k]), 5))
        for k in kept
        if total[k] >= MIN_SHARE
    ]
    return tuple(sorted(swatches, key=lambda s: (-s.share, s.color))[:MAX_COLORS])
