"""The device pixel ratio of a mockup: how many of its pixels make one CSS pixel.

Four kinds of evidence are added up as log-likelihoods: how large the text is, whether the width is
one that a device has at that ratio, whether long straight edges lie where CSS pixels begin, and the
resolution that the file states. Doubt means 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# CSS widths of devices, and the ratios that they are sold with.
PHONES: dict[int, tuple[float, ...]] = {
    320: (2,),
    360: (1.5, 2, 3, 4),
    375: (2, 3),
    384: (2, 2.8125, 3.75),
    390: (3,),
    393: (2.75, 3),
    402: (3,),
    411: (2.625, 3.5),
    412: (2.625, 3.5),
    414: (2, 3),
    428: (3,),
    430: (3,),
    440: (3,),
}
# Height to width of phones' screens: 16:9, 18:9, 18.5:9, 19:9, 19.5:9, 20:9, 20.2:9, and Apple's.
PHONE_SHAPES = (1.7778, 2.0, 2.0556, 2.1111, 2.1642, 2.1667, 2.2222, 2.2444)
TABLETS: dict[int, tuple[float, ...]] = {
    744: (2,),
    768: (1, 2),
    800: (1, 1.5, 2),
    810: (2,),
    820: (2,),
    834: (2,),
    1024: (1, 2),
    1032: (2,),
    1112: (2,),
    1180: (2,),
    1194: (2,),
    1366: (1, 2),
}
SCREENS: dict[int, tuple[float, ...]] = dict.fromkeys(
    (
        1200,
        1280,
        1366,
        1440,
        1470,
        1512,
        1536,
        1600,
        1680,
        1710,
        1728,
        1792,
        1920,
        2048,
        2056,
        2560,
    ),
    (1, 1.25, 1.5, 2),
)
RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.625, 2.75, 2.8125, 3.0, 3.5, 3.75, 4.0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Weights are natural logarithms, set on our own pages at ratios 1–4 and on the development
    pages.
    """

    # CSS pixels of body text and how far it strays, as a logarithm: 11 to 22 px lie within one and
    # a half.
    body: float = 15.5
    body_spread: float = 0.3
    # CSS pixels below which hardly any text is set, and how sharply so.
    least_size: float = 9.0
    least_spread: float = 0.12
    # How much rarer a ratio is than 1, before anything is seen.
    rare_double: float = 2.0
    rare_triple: float = 2.5
    rare_quadruple: float = 3.5
    rare_other: float = 4.5
    # What a known width, or the file's resolution (144 dpi is 2), speaks for.
    known_width: float = 3.0
    # What the shape of a whole phone's screen speaks for, and how exactly it must be met.
    phone_screen: float = 3.0
    shape_slack: float = 0.006
    # A picture of a phone's shape and at least so many px is hardly ever a page of ratio 1; and
    # what its smallest letters may say.
    large_phone: int = 640
    rare_single: float = 6.0
    most_small: float = 3.0
    # CSS pixels between which all phones' widths lie.
    phone_widths: tuple[float, float] = (350.0, 445.0)
    resolution: float = 5.0
    # Long edges: how often one lies on the grid of the true ratio, and what all together may say. A
    # page laid out on multiples of 8 px says the same as one of ratio 2, so it may not say much in
    # favor.
    on_grid: float = 0.85
    most_for: float = 3.0
    most_against: float = 10.0
    # Boxes of a fractional ratio begin at rounded pixels, and often one beside.
    most_against_other: float = 3.0
    # px between two edges of one line.
    line: int = 4
    fewest_edges: int = 4
    # A long edge: px that no letter has, levels of its step, and levels it may stray along its
    # length.
    long_edge: int = 160
    edge_step: int = 5
    edge_level: int = 2
    # CSS pixels that no page is narrower than.
    narrowest: int = 300
    # Only phones have ratios from here on; at other widths they are this much rarer.
    phone_ratio: float = 2.5
    rare_width: float = 4.0
    # Pixels of text up to which a page is one of ratio 1, whatever else is seen.
    surely_single: float = 18.0
    # Pixels that are looked at: the first screens say what the last ones do.
    most_pixels: int = 6_000_000
    # By how much another ratio must be likelier than 1; and pixels of most letters from which it need
    # only be likelier: no page is written in letters of headings.
    margin: float = 2.5
    huge_text: float = 28.0
    # Rows of at least so many letters count as text; so many letters make its size known.
    row_letters: int = 3
    least_letters: int = 12
    # Letters looked at: a page of 4,000 px has about 5,000.
    most_letters: int = 8000
    # Levels by which a stroke stands out, and px that a stroke is wide at most (16 px text at ratio
    # 4: 8).
    stroke_contrast: int = 40
    stroke: int = 15
    # Cap height as a share of the font size: .66 (Lora) to .73 (Inter, Roboto).
    cap_height: float = 0.72
    # Quantiles of letters' heights: a row's capitals, and of all rows most and the smallest text.
    capitals: float = 0.8
    most_and_small: tuple[float, float] = (0.5, 0.1)
    # A letter: its height, its width in heights, and the share of its box that strokes fill at most.
    letter_height: tuple[int, int] = (4, 140)
    letter_shape: tuple[float, float] = (0.1, 6)
    letter_fill: float = 0.95
    # Strokes are dark or bright by what is around them, so many stroke widths wide.
    around: int = 4
    # Two letters of one row: how far apart in heights, and how many times as high.
    letter_gap: float = 1.5
    letter_heights: tuple[float, float] = (0.55, 1.8)
    stated: float = 0.03  # by which a stated resolution may be off a ratio


THRESHOLDS = Thresholds()
DPI = 72  # of ratio 1
HEIGHT = 3  # the column of a letter's height
FEWEST_ROWS = 3  # of a picture that can have an edge
PHONE_SHAPE = 1.2  # times its width that a phone's page is high
# Picture px by which a screen's width may be off. Chromium rounds 412 × 2.625 = 1081.5 up; phones
# round it down to 1080.
OFF_WHOLE, OFF_FRACTION = 0.5, 1.6


@dataclass(frozen=True, slots=True)
class Ratio:
    """A device pixel ratio, and in a few words what speaks for it."""

    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class TextSizes:
    """Font sizes in picture pixels: of most letters, and of the smallest tenth."""

    body: float
    small: float


def find_ratio(
    rgb: Pixels,
    *,
    is_resampled: bool,
    dpi: float | None = None,
    limits: Thresholds = THRESHOLDS,
) -> Ratio:
    """Return the likeliest ratio of a mockup; `dpi` is the resolution that its file states.

    The edges of a picture that was resampled to another size lie on no ratio's grid.
    """
    sizes = measure_text(rgb[: max(1, limits.most_pixels // rgb.shape[1])], limits)
    if sizes is not None and sizes.body <= limits.surely_single:
        return Ratio(1.0, _explain(1.0, rgb.shape[:2], sizes, dpi))
    edges = find_long_edges(rgb[: max(1, limits.most_pixels // rgb.shape[1])], limits)
    if is_resampled:
        edges = edges[:0]
    scores = {ratio: _score(ratio, rgb.shape[:2], sizes, edges, dpi, limits) for ratio in RATIOS}
    best = max(scores, key=lambda ratio: scores[ratio])
    is_huge = sizes is not None and sizes.body >= limits.huge_text
    if scores[best] - scores[1.0] < (0.0 if is_huge else limits.margin):
        best = 1.0
    return Ratio(best, _explain(best, rgb.shape[:2], sizes, dpi))


def _score(
    ratio: float,
    size: tuple[int, ...],
    sizes: TextSizes | None,
    edges: NDArray[np.int64],
    dpi: float | None,
    limits: Thresholds,
) -> float:
    whole = {1.0: 0.0, 2.0: limits.rare_double, 3.0: limits.rare_triple, 4.0: limits.rare_quadruple}
    rarity = whole.get(ratio, limits.rare_other)
    score = -rarity + _judge_edges(ratio, edges, limits)
    phone = size[1] >= limits.large_phone and _has_phone_shape(size, limits)
    if ratio == 1 and phone:
        score -= limits.rare_single
    if ratio > 1 and size[1] / ratio < limits.narrowest:
        score -= limits.most_against
    if known_width(size, ratio) is not None:
        score += limits.known_width
        if ratio >= 2 and _is_phone_screen(size, ratio, limits):
            score += limits.phone_screen
    elif ratio >= 2 and _may_be_phone_screen(size, ratio, limits):
        score += limits.phone_screen
    elif ratio >= limits.phone_ratio:
        score -= limits.rare_width
    if sizes is not None:
        score += _judge_sizes(ratio, sizes, limits.most_small if phone else math.inf, limits)
    if dpi is not None and _is_stated(ratio, dpi, limits):
        score += limits.resolution
    return score


def known_width(size: tuple[int, ...], ratio: float) -> int | None:
    """Return the CSS width of a device whose screen at this ratio is as wide as a picture of
    (height, width).
    """
    height, width = size[0], size[1]
    tables = [SCREENS, TABLETS]
    if height >= PHONE_SHAPE * width:
        tables.append(PHONES)
    for table in tables:
        for css, ratios in table.items():
            most_off = OFF_WHOLE if ratio == int(ratio) else OFF_FRACTION
            if ratio in ratios and abs(css * ratio - width) <= most_off:
                return css
    # A phone's page that was taken at ratio 1 is as wide as the phone.
    is_phone = width in PHONES and height >= PHONE_SHAPE * width
    return width if ratio == 1 and is_phone else None


def _is_stated(ratio: float, dpi: float, limits: Thresholds) -> bool:
    return ratio > 1 and abs(dpi / DPI - ratio) < limits.stated


def _is_phone_screen(size: tuple[int, ...], ratio: float, limits: Thresholds) -> bool:
    """Whether a picture has the width and the height of a phone's screen."""
    return round(size[1] / ratio) in PHONES and _has_phone_shape(size, limits)


def _has_phone_shape(size: tuple[int, ...], limits: Thresholds) -> bool:
    shape = size[0] / size[1]
    return any(abs(shape - one) <= limits.shape_slack for one in PHONE_SHAPES)


def _may_be_phone_screen(size: tuple[int, ...], ratio: float, limits: Thresholds) -> bool:
    """Whether a picture has a phone's shape and, at this ratio, about a phone's width: makers choose
    widths that no list holds.
    """
    low, high = limits.phone_widths
    return low <= size[1] / ratio <= high and _has_phone_shape(size, limits)


def _judge_sizes(ratio: float, sizes: TextSizes, most_small: float, limits: Thresholds) -> float:
    """`most_small`: what letters too small for text may say at most; parts of Chinese ones are."""
    body = math.log(sizes.body / ratio / limits.body) / limits.body_spread
    small = max(0.0, math.log(limits.least_size * ratio / sizes.small) / limits.least_spread)
    return -(body**2) / 2 - min(small**2 / 2, most_small)


def _judge_edges(ratio: float, edges: NDArray[np.int64], limits: Thresholds) -> float:
    if ratio == 1 or len(edges) < limits.fewest_edges:
        return 0.0
    hits = int((np.round(np.round(edges / ratio) * ratio) == edges).sum())
    chance = 1 / ratio
    gain = hits * math.log(limits.on_grid / chance)
    loss = (len(edges) - hits) * math.log((1 - limits.on_grid) / (1 - chance))
    # That a page is not doubled must be sure; phones lay out in fractions, and nothing else has
    # their ratios.
    most_against = limits.most_against if ratio == 2 else limits.most_against_other
    return max(-most_against, min(limits.most_for, gain + loss))


def _explain(
    ratio: float, size: tuple[int, ...], sizes: TextSizes | None, dpi: float | None
) -> str:
    reasons = []
    if sizes is not None:
        reasons.append(f"most text is about {sizes.body / ratio:.0f} CSS px tall")
    if (css := known_width(size, ratio)) is not None:
        reasons.append(f"{css} CSS px is a device's width")
    if dpi is not None and _is_stated(ratio, dpi, THRESHOLDS):
        reasons.append(f"the file states {dpi:.0f} dpi")
    return ", ".join(reasons) or "nothing speaks for another"


def measure_text(rgb: Pixels, limits: Thresholds = THRESHOLDS) -> TextSizes | None:
    """Return how large the letters are, from strokes that stand in rows; None where there are too
    few.
    """
    boxes = _find_letters(rgb, limits)
    heights: list[float] = []
    for row in _group_rows(boxes, limits):
        if len(row) >= limits.row_letters:
            # Capitals and ascenders are a row's tallest; an underline or an icon may be taller, but
            # rarely is.
            tall = float(np.quantile(row[:, HEIGHT], limits.capitals))
            heights += [tall] * len(row)
    if len(heights) < limits.least_letters:
        return None
    body, small = np.quantile(heights, limits.most_and_small) / limits.cap_height
    return TextSizes(float(body), float(small))


def _find_letters(rgb: Pixels, limits: Thresholds) -> NDArray[np.int64]:
    """Return left, top, width and height of what looks like a letter: thin strokes on an even
    ground.
    """
    import cv2

    green = np.ascontiguousarray(rgb[:, :, 1])
    kernel = np.ones((limits.stroke, limits.stroke), np.uint8)
    dark: Any = cv2.morphologyEx(green, cv2.MORPH_BLACKHAT, kernel)
    light: Any = cv2.morphologyEx(green, cv2.MORPH_TOPHAT, kernel)
    # The gaps between dark strokes are bright strokes too: letters are those that cover less of
    # what is around them.
    side = limits.around * limits.stroke
    around = (side, side)
    is_dark = cv2.blur(dark, around) < cv2.blur(light, around)
    ink = (np.where(is_dark, dark, light) > limits.stroke_contrast).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height, area = stats[1:].T
    share = area / np.maximum(1, width * height)
    lowest, highest = limits.letter_height
    narrowest, widest = limits.letter_shape
    letter = (
        (height >= lowest)
        & (height <= highest)
        & (width <= widest * height)
        & (width >= narrowest * height)
        & (share < limits.letter_fill)
    )
    found = np.asarray(np.stack([left, top, width, height], axis=1)[letter], np.int64)
    return np.asarray(found[: limits.most_letters])


def _group_rows(boxes: NDArray[np.int64], limits: Thresholds) -> list[NDArray[np.int64]]:
    """Return the letters that stand on one baseline, near each other and of similar heights."""
    lowest, highest = limits.letter_heights
    rows: list[list[NDArray[np.int64]]] = []
    open_rows: dict[int, list[int]] = {}
    for box in boxes[np.argsort(boxes[:, 0], kind="stable")]:
        left, top, _, height = (int(side) for side in box)
        base = top + height
        place = None
        for y in range(base - 1, base + 2):
            for i in open_rows.get(y, ()):
                last_left, _, last_width, last_height = (int(side) for side in rows[i][-1])
                gap = left - (last_left + last_width)
                near = gap < limits.letter_gap * max(height, last_height)
                if near and lowest < height / last_height < highest:
                    place = i
        if place is None:
            place = len(rows)
            rows.append([])
            open_rows.setdefault(base, []).append(place)
        rows[place].append(box)
    return [np.array(row) for row in rows]


def find_long_edges(rgb: Pixels, limits: Thresholds = THRESHOLDS) -> NDArray[np.int64]:
    """Return the rows and columns that begin with a long straight edge."""
    green = np.ascontiguousarray(rgb[:, :, 1])
    return np.concatenate(
        [_find_edges(green, limits), _find_edges(np.ascontiguousarray(green.T), limits)]
    )


def _find_edges(green: NDArray[np.uint8], limits: Thresholds) -> NDArray[np.int64]:
    import cv2

    if green.shape[0] < FEWEST_ROWS or green.shape[1] < limits.long_edge:
        return np.zeros(0, np.int64)
    step: Any = cv2.absdiff(green[1:], green[:-1])
    level: Any = cv2.absdiff(green[1:, 1:], green[1:, :-1])
    edge = (step > limits.edge_step).astype(np.uint8)
    edge[:, 1:] &= level <= limits.edge_level
    runs: Any = cv2.erode(
        edge,
        np.ones((1, limits.long_edge), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    edges = np.flatnonzero(runs.any(axis=1)) + 1
    first = np.diff(edges, prepend=-limits.line) >= limits.line
    return np.asarray(edges[first])
