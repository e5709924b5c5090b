"""Snaps a detector's text box to its ink: glyph pixels against the ground right around them.

Splits at wide gaps and where colour or size changes, joins fragments of one line, sets underlines
aside. Reads nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.ink_colors import (
    are_two_grounds,
    are_two_paints,
    core_color,
    word_color,
    word_ground,
)
from studio.pipeline.perception.ink_lines import (
    INK_SHARE,
    InkLine,
    find_row_gap,
    find_size_change,
    find_words,
    is_mark,
)
from studio.pipeline.perception.pixels import (
    Mask,
    Pixels,
    compute_channel_distance,
    find_common_color,
    find_runs,
)
from studio.pipeline.perception.strikes import bridge_strike, find_strike
from studio.pipeline.perception.text_recognition import Found

LEAST_INK = 10.0  # levels of 255, however weak the strongest difference is
MIN_CONTRAST = 18
# Quantile of the differences in a box that is its contrast: a stray pixel is none.
STRONGEST = 0.985
# In line heights: a word space is at most 0.6 even in justified text, neighbouring links are at
# least 1 apart.
SPLIT_GAP = 1.05
JOIN_GAP = 0.75
# Share of a box's width that a badge's fill reaches over in one piece.
PATCH = 0.8
# Share of a row right above an underline that has ink: less than the feet of letters.
FEET = 0.35


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px, differences in levels of 255, shares of what the name says."""

    # Around a detector's box: how far its ink may reach, and at the sides in shares of its height.
    reach: int = 3
    side: float = 0.3
    least_side: int = 4
    fewest_rows: int = 3  # of a line's ink
    # A box's ground: pixels within so many levels of its color, the share of the box that it fills,
    # and of its rim where it is a badge's fill.
    one_color: int = 12
    fills_box: float = 0.5
    badge_in_box: float = 0.3
    badge_on_rim: float = 0.7
    # Share of a box's rim, and of its share of the box, that a ground has and letters have not.
    on_rim: float = 0.1
    rim_to_box: float = 0.8
    apart: int = 40  # levels between the letters of a photo and what is around them
    letter_half: float = 0.5  # of the way from the ground to the letters' color
    # Letters among more that stands out: pixels that tell, levels and share in which they are even.
    fewest_pixels: int = 60
    even: int = 2
    even_in_shadow: float = 0.2
    even_in_texture: float = 0.12
    shadowed_height: int = 24  # of a line large enough to cast a shadow that is seen
    shadow_contrast: int = 24  # between the letters and the ground, at least …
    shadow_share: float = 0.6  # … and below this share of the box's contrast
    plain: int = 6  # levels within which a pixel is the ground …
    plain_share: float = 0.5  # … and the share of a texture's box that is
    texture_contrast: int = 60
    # What a line's flatness counts as its ground; JPEG ripples by more.
    flat: int = 6
    flat_lossy: int = 14
    # Pieces of ink: share inside of the box, of its height above and below its core, and the share
    # of its own box that an outline fills, which is so many times as wide as high.
    inside: float = 0.6
    core: float = 0.25
    outline_fill: float = 0.12
    outline_shape: int = 2
    # An underline: rows of the ink, how far down it begins, its length in heights and px, the share
    # of the width that it covers at least and for the whole line, the share of the rows that stay.
    underlined_rows: int = 6
    lower_part: float = 0.6
    underline_heights: float = 1.1
    least_underline: int = 10
    covered: float = 0.25
    covered_whole: float = 0.6
    left_rows: float = 0.4
    # Two boxes of one line: share of the lower one's height in common, times the height of it.
    shared_height: float = 0.6
    taller: float = 1.9
    contained: float = 0.7  # share of a line's box inside another's, from which it is a part of it


LIMITS = Thresholds()


def find_ink_lines(rgb: Pixels, found: Iterable[Found], *, lossy: bool) -> list[InkLine]:
    """The page's lines in reading order, each on its own ink."""
    snapped = [(box, line) for box in found if (line := _snap(rgb, box, lossy)) is not None]
    lines = [line for box in _join(snapped) if (line := _snap(rgb, box, lossy)) is not None]
    pieces = [piece for line in lines for piece in _split(rgb, line, lossy)]
    return sorted(
        _drop_contained_lines(pieces), key=lambda line: (line.top + line.bottom, line.left)
    )


def measure_ink(rgb: Pixels, box: Found, *, lossy: bool) -> InkLine | None:
    """All ink within a box on an even ground, whatever its shape; None where there is none."""
    crop = rgb[box.top : box.bottom, box.left : box.right]
    if not crop.size:
        return None
    rim = [crop[:1].reshape(-1, 3), crop[-1:].reshape(-1, 3), crop[:, 0], crop[:, -1]]
    ground = find_common_color(np.concatenate(rim))
    distance = compute_channel_distance(crop, ground)
    contrast = float(distance.max())
    if contrast < MIN_CONTRAST:
        return None
    ink = np.asarray(distance > _find_least_ink(contrast))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    bounds = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return _measure_line(crop, ink, bounds, (box.left, box.top), ground, False, lossy)


def _snap(rgb: Pixels, box: Found, lossy: bool) -> InkLine | None:
    height, width = rgb.shape[:2]
    reach = LIMITS.reach
    side = max(LIMITS.least_side, round(LIMITS.side * (box.bottom - box.top)))
    left, right = max(0, box.left - side), min(width, box.right + side)
    top, bottom = max(0, box.top - reach), min(height, box.bottom + reach)
    crop = rgb[top:bottom, left:right]
    inner = rgb[box.top : box.bottom, box.left : box.right]
    ground, letters = _find_ground_and_letters(inner)
    distance = compute_channel_distance(crop, ground)
    contrast = (
        float(np.quantile(compute_channel_distance(inner, ground), STRONGEST))
        if inner.size
        else 0.0
    )
    if contrast < MIN_CONTRAST:
        return None
    ink = distance > _find_least_ink(contrast)
    photo = letters is not None
    if letters is None:
        letters = _find_even_letter_color(inner, ground, contrast)
    if letters is not None:
        ink = compute_channel_distance(crop, letters) < LIMITS.letter_half * float(
            compute_channel_distance(ground, letters)
        )
    here = Found(box.left - left, box.top - top, box.right - left, box.bottom - top)
    ink, underlined = _remove_underline(_keep_own_pieces(ink, here))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) < LIMITS.fewest_rows:
        return None
    bounds = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    line = _measure_line(crop, ink, bounds, (left, top), ground, underlined, lossy)
    if letters is None:
        return line
    return replace(line, color=letters, flat=0.0 if photo else line.flat)


def _find_ground_and_letters(inner: Pixels) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """The colour around the ink; on a photo also the letters' colour, since there the letters are
    what is even.
    """
    common = find_common_color(inner)
    rim = np.concatenate(
        [inner[:1].reshape(-1, 3), inner[-1:].reshape(-1, 3), inner[:, 0], inner[:, -1]]
    )
    in_color = compute_channel_distance(inner, common) <= LIMITS.one_color
    share = float(in_color.mean())
    on_rim = _measure_share(rim, common)
    badge = (
        share >= LIMITS.badge_in_box
        and _measure_share(rim, find_common_color(rim)) >= LIMITS.badge_on_rim
        and _is_one_patch(in_color)
    )
    # Letters touch the rim less than they fill the box; their ground touches it more.
    is_on_rim = on_rim >= max(LIMITS.on_rim, LIMITS.rim_to_box * share)
    if share >= LIMITS.fills_box or is_on_rim or badge:
        return common, None
    around = np.round(np.median(rim, axis=0)).astype(np.uint8)
    is_apart = compute_channel_distance(around, common) >= LIMITS.apart
    return (around, common) if is_apart else (common, None)


def _find_least_ink(contrast: float) -> float:
    """Return from how many levels on a pixel is ink."""
    return max(LEAST_INK, INK_SHARE * contrast)


def _measure_share(pixels: Pixels, color: NDArray[np.uint8]) -> float:
    """Return the share of pixels in a color."""
    return float((compute_channel_distance(pixels, color) <= LIMITS.one_color).mean())


def _is_one_patch(mask: Mask) -> bool:
    """Whether one connected piece reaches over most of the width: a badge's fill, not letters."""
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=4)
    return len(stats) > 1 and float(stats[1:, 2].max()) >= PATCH * mask.shape[1]


def _find_even_letter_color(
    inner: Pixels, ground: NDArray[np.uint8], contrast: float
) -> NDArray[np.uint8] | None:
    """The letters' colour where more than letters stands out from the ground: a shadow they cast, a
    photo's texture.

    Then the letters are what is even among it.
    """
    pixels = inner[compute_channel_distance(inner, ground) > _find_least_ink(contrast)]
    if len(pixels) < LIMITS.fewest_pixels:
        return None
    common = find_common_color(pixels)
    even = float((compute_channel_distance(pixels, common) <= LIMITS.even).mean())
    strength = float(compute_channel_distance(common, ground))
    shadow = (
        inner.shape[0] >= LIMITS.shadowed_height
        and even >= LIMITS.even_in_shadow
        and LIMITS.shadow_contrast <= strength < LIMITS.shadow_share * contrast
    )
    plain = float((compute_channel_distance(inner, ground) <= LIMITS.plain).mean())
    texture = (
        plain < LIMITS.plain_share
        and even >= LIMITS.even_in_texture
        and strength >= LIMITS.texture_contrast
    )
    return common if shadow or texture else None


def _measure_line(
    crop: Pixels,
    ink: Mask,
    bounds: tuple[int, int, int, int],
    origin: tuple[int, int],
    ground: NDArray[np.uint8],
    underline: bool,
    lossy: bool,
) -> InkLine:
    import cv2

    x0, y0, x1, y1 = bounds
    window, inked = crop[y0:y1, x0:x1], ink[y0:y1, x0:x1]
    color = core_color(window, inked, ground, lossy)
    toward = color.astype(np.float32) - ground.astype(np.float32)
    alpha = ((window.astype(np.float32) - ground.astype(np.float32)) @ toward) / max(
        1.0, float(toward @ toward)
    )
    # Antialiased rims count, the ground's own ripples and foreign marks do not.
    near = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    clipped = np.where(near, np.clip(alpha, 0.0, 1.0), 0.0).astype(np.float32)
    distance = compute_channel_distance(window, ground)
    ripple = LIMITS.flat_lossy if lossy else LIMITS.flat
    flat = float(np.mean((distance <= ripple) | inked))
    x, y = origin
    struck = find_strike(inked)
    if struck is not None:
        clipped[struck[0] : struck[1]] = bridge_strike(clipped, *struck)
    line = InkLine(x0 + x, y0 + y, x1 + x, y1 + y, clipped, color, ground, flat, underline)
    return replace(line, strike=struck is not None)


def _keep_own_pieces(ink: Mask, box: Found) -> Mask:
    """Ink without what only reaches into the picture: borders, rules, neighbouring lines."""
    import cv2

    height, width = ink.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    x, y, w, h = (stats[:, i] for i in range(4))
    span = box.bottom - box.top
    core_top, core_bottom = box.top + LIMITS.core * span, box.bottom - LIMITS.core * span
    shared_w = np.minimum(x + w, box.right) - np.maximum(x, box.left)
    shared_h = np.minimum(y + h, box.bottom) - np.maximum(y, box.top)
    inside = (shared_w.clip(0) * shared_h.clip(0)) >= LIMITS.inside * w * h
    in_core = (np.minimum(y + h, core_bottom) - np.maximum(y, core_top)) > 0
    touches = (x == 0) | (x + w == width) | (y == 0) | (y + h == height)
    through = ((y == 0) & (y + h == height)) | ((x == 0) & (x + w == width))
    # The outline of a field around its text: wide, thin, open at the picture's edge.
    area = stats[:, cv2.CC_STAT_AREA]
    is_wide = w > LIMITS.outline_shape * h
    outline = touches & (area < LIMITS.outline_fill * w * h) & is_wide
    keep = inside & ~through & ~(touches & ~in_core) & ~outline
    # The background's label is 0.
    keep[0] = False
    mask: Mask = keep[labels]
    return mask


def _remove_underline(ink: Mask) -> tuple[Mask, bool]:
    """Erases long runs in the lower half; an underline runs under most of the line, or at least
    under a whole word.
    """
    rows = np.flatnonzero(ink.any(axis=1))
    if len(rows) < LIMITS.underlined_rows:
        return ink, False
    columns = np.flatnonzero(ink.any(axis=0))
    width, height = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    if find_strike(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]) is not None:
        return ink, False
    lower = range(rows[0] + int(LIMITS.lower_part * height), rows[-1] + 1)
    need = max(LIMITS.least_underline, LIMITS.underline_heights * height)
    cleaned, covered, first = ink.copy(), 0, None
    for y in lower:
        runs = find_runs(ink[y], need)
        for start, end in runs:
            cleaned[y, start:end] = False
        if runs and first is None:
            first = y
        covered = max(covered, sum(end - start for start, end in runs))
    if first is not None and not _is_apart(ink[:, columns[0] : columns[-1] + 1], first):
        return ink, False
    rest = np.flatnonzero(cleaned.any(axis=1))
    if covered < LIMITS.covered * width or not len(rest):
        return ink, False
    if rest[-1] - rest[0] + 1 < LIMITS.left_rows * height:
        return ink, False
    return cleaned, bool(covered >= LIMITS.covered_whole * width)


def _is_apart(ink: Mask, first: int) -> bool:
    """Whether a stroke that begins in a row is apart from the letters above it: the feet of soft
    letters grow together, too.
    """
    above = ink[max(0, first - 2) : first].mean(axis=1)
    return not len(above) or float(above.min()) <= FEET


def _join(snapped: list[tuple[Found, InkLine]]) -> list[Found]:
    """Detector boxes of one line, or of one place, become one box."""
    order = sorted(snapped, key=lambda pair: (pair[1].left, pair[1].top))
    inks = [Found(line.left, line.top, line.right, line.bottom) for _, line in order]
    boxes = [box for box, _ in order]
    i = 0
    while i < len(inks):
        partner = next(
            (j for j in range(len(inks)) if j != i and _are_same_line(inks[i], inks[j])), None
        )
        if partner is None:
            i += 1
            continue
        low, high = sorted((i, partner))
        inks[low], boxes[low] = (
            _unite(inks[low], inks.pop(high)),
            _unite(boxes[low], boxes.pop(high)),
        )
        i = 0
    return boxes


def _are_same_line(a: Found, b: Found) -> bool:
    if b.left < a.left:
        a, b = b, a
    low, high = sorted((a.bottom - a.top, b.bottom - b.top))
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    if shared < LIMITS.shared_height * low or high > LIMITS.taller * low:
        return False
    return b.left - a.right < JOIN_GAP * high


def _unite(a: Found, b: Found) -> Found:
    return Found(
        min(a.left, b.left), min(a.top, b.top), max(a.right, b.right), max(a.bottom, b.bottom)
    )


def _split(rgb: Pixels, line: InkLine, lossy: bool) -> list[InkLine]:
    """The line cut at wide gaps, and between words whose colours differ."""
    if (gap := find_row_gap(line)) is not None:
        rows = [
            Found(line.left, line.top + a, line.right, line.top + b)
            for a, b in ((0, gap), (gap, line.height))
        ]
        halves = [half for row in rows if (half := _snap_exact(rgb, row, line, lossy)) is not None]
        return [piece for half in halves for piece in _split(rgb, half, lossy)]
    words = find_words(line)
    if (cut := find_size_change(line)) is not None:
        parts = [
            Found(line.left + a, line.top, line.left + b, line.bottom)
            for a, b in ((0, cut), (cut, line.width))
        ]
        pieces = [
            piece for part in parts if (piece := _snap_exact(rgb, part, line, lossy)) is not None
        ]
        return [small for piece in pieces for small in _split(rgb, piece, lossy)]
    if len(words) < 2:
        return [line]
    if is_mark(line, *words[0]):
        ends = (line.left + words[0][1], line.left + words[1][0])
        parts = [
            Found(line.left, line.top, ends[0], line.bottom),
            Found(ends[1], line.top, line.right, line.bottom),
        ]
        mark, rest = (_snap_exact(rgb, part, line, lossy) for part in parts)
        if mark is not None and rest is not None:
            return [replace(mark, mark=True, underline=False), *_split(rgb, rest, lossy)]
    groups: list[list[tuple[int, int]]] = [[words[0]]]
    last = word_color(rgb, line, words[0], lossy)
    ground = last_ground = word_ground(rgb, line, words[0])
    for before, word in itertools.pairwise(words):
        color = word_color(rgb, line, word, lossy)
        wide = word[0] - before[1] > SPLIT_GAP * line.height
        changed = (
            color is not None
            and last is not None
            and are_two_paints(color, last, line.ground, lossy)
        )
        ground = word_ground(rgb, line, word)
        if wide or changed or are_two_grounds(ground, last_ground, lossy):
            groups.append([])
        groups[-1].append(word)
        last = color if color is not None else last
        last_ground = ground
    if len(groups) == 1:
        return [line]
    found: list[InkLine | None] = []
    for group in groups:
        box = Found(line.left + group[0][0], line.top, line.left + group[-1][1], line.bottom)
        own = replace(line, ground=word_ground(rgb, line, group[0]))
        found.append(_snap_exact(rgb, box, own, lossy))
    return [piece for piece in found if piece is not None]


def _snap_exact(rgb: Pixels, box: Found, line: InkLine, lossy: bool) -> InkLine | None:
    """A piece of a measured line, on the line's ground, trimmed to the piece's own ink."""
    crop = rgb[box.top : box.bottom, box.left : box.right]
    distance = compute_channel_distance(crop, line.ground)
    contrast = float(np.quantile(distance, STRONGEST))
    if contrast < MIN_CONTRAST:
        return None
    ink, underlined = _remove_underline(distance > _find_least_ink(contrast))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    bounds = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return _measure_line(
        crop, ink, bounds, (box.left, box.top), line.ground, underlined or line.underline, lossy
    )


def _drop_contained_lines(lines: list[InkLine]) -> list[InkLine]:
    """Drops lines that lie inside another line's ink."""
    kept: list[InkLine] = []
    for line in sorted(lines, key=lambda item: -item.width * item.height):
        if not any(_is_mostly_inside(line, other) for other in kept):
            kept.append(line)
    return kept


def _is_mostly_inside(a: InkLine, b: InkLine) -> bool:
    shared_w = min(a.right, b.right) - max(a.left, b.left)
    shared_h = min(a.bottom, b.bottom) - max(a.top, b.top)
    if shared_w <= 0 or shared_h <= 0:
        return False
    return shared_w * shared_h > LIMITS.contained * a.width * a.height
