"""Colors of letters and of what is behind them: a line's, and those of its words where they differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.pixels import (
    Mask,
    Pixels,
    compute_channel_distance,
    find_common_color,
)

# Levels by which the color behind a word differs where it stands on a chip of its own.
OTHER_GROUND, OTHER_GROUND_LOSSY = 5, 10
# Share of the pixels behind a word that a chip paints alike; a photo or a gradient paints fewer so.
EVEN_CHIP = 0.9


def core_color(
    window: Pixels, ink: Mask, ground: NDArray[np.uint8], lossy: bool
) -> NDArray[np.uint8]:
    """The letters' own colour: thin strokes are mostly antialiasing, so the farthest pixels speak,
    not the mean.
    """
    pixels = window[ink]
    distance = compute_channel_distance(pixels, ground)
    # JPEG overshoots at sharp edges, so its extremes are left out.
    limit = np.quantile(distance, 0.95 if lossy else 0.97)
    chosen = pixels[(distance >= limit * 0.97)]
    return np.asarray(np.round(np.median(chosen, axis=0)), dtype=np.uint8)


def word_color(
    rgb: Pixels, line: InkLine, word: tuple[int, int], lossy: bool
) -> NDArray[np.uint8] | None:
    """A word's colour, or None where it has too little ink to tell."""
    alpha = line.alpha[:, word[0] : word[1]]
    window = rgb[line.top : line.bottom, line.left + word[0] : line.left + word[1]]
    ink = compute_channel_distance(window, line.ground) > 24
    if alpha.shape[1] < 0.6 * line.height or ink.sum() < 12:
        return None
    return core_color(window, ink, line.ground, lossy)


def word_ground(rgb: Pixels, line: InkLine, word: tuple[int, int]) -> NDArray[np.uint8]:
    """The colour that a word stands on: the line's, unless a chip lies behind the word."""
    window = rgb[line.top : line.bottom, line.left + word[0] : line.left + word[1]]
    bare = window[line.alpha[:, word[0] : word[1]] < 0.05]
    if line.flat < 0.6 or len(bare) < 12:
        return line.ground
    own = find_common_color(bare)
    return (
        own
        if float((compute_channel_distance(bare, own) <= 1).mean()) >= EVEN_CHIP
        else line.ground
    )


def are_two_paints(
    a: NDArray[np.uint8], b: NDArray[np.uint8], ground: NDArray[np.uint8], lossy: bool
) -> bool:
    """Whether two words' colours are two paints. Thin letters never reach their full colour, so the
    direction away from the ground counts more than the distance.
    """
    u, v = a.astype(float) - ground, b.astype(float) - ground
    lengths = float(np.linalg.norm(u)), float(np.linalg.norm(v))
    if min(lengths) < 30:
        return False
    turned = u @ v / (lengths[0] * lengths[1]) < (0.95 if lossy else 0.985)
    return bool(turned or min(lengths) < (0.6 if lossy else 0.7) * max(lengths))


def are_two_grounds(a: NDArray[np.uint8], b: NDArray[np.uint8], lossy: bool) -> bool:
    return bool(compute_channel_distance(a, b) > (OTHER_GROUND_LOSSY if lossy else OTHER_GROUND))
