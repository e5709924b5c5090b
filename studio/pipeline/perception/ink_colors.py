"""Colors of letters and of what is behind them: a line's, and those of its words where they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.pixels import (
    Mask,
    Pixels,
    compute_channel_distance,
    find_common_color,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Differences in levels of 255."""

    # By which the color behind a word differs where it stands on a chip of its own.
    other_ground: int = 5
    other_ground_lossy: int = 10
    # Share of the pixels behind a word that a chip paints alike, within so many levels; a photo or a
    # gradient paints fewer so.
    even_chip: float = 0.9
    one_chip: int = 1
    # Letters' own color: that of the farthest pixels, from this quantile on, and so near it. JPEG
    # overshoots at sharp edges, so its extremes are left out.
    farthest: float = 0.97
    farthest_lossy: float = 0.95
    near_farthest: float = 0.97
    # A word tells its color with so many pixels of ink, and so wide in line heights; its ground
    # with so many bare pixels, and on a line that is so flat.
    ink: int = 24
    least_ink: int = 12
    least_width: float = 0.6
    bare: float = 0.05
    least_bare: int = 12
    flat: float = 0.6
    # Two paints: so far from the ground both, at such an angle (its cosine), or one so much paler.
    from_ground: int = 30
    same_way: float = 0.985
    same_way_lossy: float = 0.95
    paler: float = 0.7
    paler_lossy: float = 0.6


LIMITS = Thresholds()


def core_color(
    window: Pixels, ink: Mask, ground: NDArray[np.uint8], lossy: bool
) -> NDArray[np.uint8]:
    """The letters' own colour: thin strokes are mostly antialiasing, so the farthest pixels speak,
    not the mean.
    """
    pixels = window[ink]
    distance = compute_channel_distance(pixels, ground)
    limit = np.quantile(distance, LIMITS.farthest_lossy if lossy else LIMITS.farthest)
    chosen = pixels[(distance >= limit * LIMITS.near_farthest)]
    return np.asarray(np.round(np.median(chosen, axis=0)), dtype=np.uint8)


def word_color(
    rgb: Pixels, line: InkLine, word: tuple[int, int], lossy: bool
) -> NDArray[np.uint8] | None:
    """A word's colour, or None where it has too little ink to tell."""
    alpha = line.alpha[:, word[0] : word[1]]
    window = rgb[line.top : line.bottom, line.left + word[0] : line.left + word[1]]
    ink = compute_channel_distance(window, line.ground) > LIMITS.ink
    if alpha.shape[1] < LIMITS.least_width * line.height or ink.sum() < LIMITS.least_ink:
        return None
    return core_color(window, ink, line.ground, lossy)


def word_ground(rgb: Pixels, line: InkLine, word: tuple[int, int]) -> NDArray[np.uint8]:
    """The colour that a word stands on: the line's, unless a chip lies behind the word."""
    window = rgb[line.top : line.bottom, line.left + word[0] : line.left + word[1]]
    bare = window[line.alpha[:, word[0] : word[1]] < LIMITS.bare]
    if line.flat < LIMITS.flat or len(bare) < LIMITS.least_bare:
        return line.ground
    own = find_common_color(bare)
    even = compute_channel_distance(bare, own) <= LIMITS.one_chip
    return own if float(even.mean()) >= LIMITS.even_chip else line.ground


def are_two_paints(
    a: NDArray[np.uint8], b: NDArray[np.uint8], ground: NDArray[np.uint8], lossy: bool
) -> bool:
    """Whether two words' colours are two paints. Thin letters never reach their full colour, so the
    direction away from the ground counts more than the distance.
    """
    u, v = a.astype(float) - ground, b.astype(float) - ground
    lengths = float(np.linalg.norm(u)), float(np.linalg.norm(v))
    if min(lengths) < LIMITS.from_ground:
        return False
    same_way = LIMITS.same_way_lossy if lossy else LIMITS.same_way
    paler = LIMITS.paler_lossy if lossy else LIMITS.paler
    turned = u @ v / (lengths[0] * lengths[1]) < same_way
    return bool(turned or min(lengths) < paler * max(lengths))


def are_two_grounds(a: NDArray[np.uint8], b: NDArray[np.uint8], lossy: bool) -> bool:
    least = LIMITS.other_ground_lossy if lossy else LIMITS.other_ground
    return bool(compute_channel_distance(a, b) > least)
