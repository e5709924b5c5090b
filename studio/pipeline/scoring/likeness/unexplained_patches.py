"""Regions that differ in pixels, found whatever was recognized, and told where no other sentence
explains them.

The page is first cut into regions of difference; a region is explained when what has been told
covers most of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.color import write_hex
from studio.pipeline.perception.hints import Box, TextLine
from studio.pipeline.scoring.likeness.account import Account, quote_text, where
from studio.pipeline.scoring.likeness.alignment import Floats
from studio.pipeline.scoring.likeness.evidence import Evidence, grid_slice
from studio.pipeline.scoring.likeness.picture_maps import QUARTER, Pixels
from studio.pipeline.scoring.likeness.weights import THRESHOLDS
from studio.pipeline.types import Difference

Kind = Literal["missing", "extra", "picture"]
SMALLEST = 3  # cells of 4 × 4 px; less is the edge of something
RECOLORED = 0.2  # loss of colour from which a cell is itself different
MOST = 12
MARGIN = 6.0  # px around a told box that its own blur reaches
EXPLAINED = 0.6  # share of a region's difference that lies in told boxes
EMPTY = 0.25  # of the other picture's contrast; with less, nothing is drawn there
LETTERS = 0.06  # mean loss of ink from which a line is drawn otherwise
# share of a line's width that one row of ink fills where the line is struck through or underlined
STRUCK = 0.85
PLAIN = 0.6  # the same share where it is not
HEAVIER = 1.2  # times the ink
TOTAL = 1e-6  # what a difference of nothing counts as, so that it can be divided by
CLOSED = 3  # cells of the grid by which parts of one patch are joined
TRIED = 4 * MOST  # patches that are measured: of some, boxes have been told already
AROUND = 4  # cells around the worst one that are shown
TEXT_SLACK = 4  # px by which a text may hang out of the region that is named after it
SAME_PICTURE = 0.3  # overlap (IoU) of a region with the picture that it is named after
THIN = 3  # cells; a thinner region is a line or a border
TOLD = 0.5  # overlap (IoU) of a line with a box that was told
ABOVE, BELOW = 2, 3  # px around a line in which its ink, and what underlines it, is looked at
LEAST_CONTRAST = 24  # levels of 255 from which something is ink
INKED = 0.4  # of a pixel


@dataclass(frozen=True, slots=True)
class Region:
    """A connected patch that looks different; `lost` is its share of all that does."""

    box: Box
    lost: float
    mask: NDArray[np.bool_]  # on the quarter-size grid


def find_regions(evidence: Evidence) -> list[Region]:
    """Return the patches that differ, the worst first."""
    import cv2

    mask = (evidence.difference > THRESHOLDS.region).astype(np.uint8)
    mask = np.asarray(
        cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((CLOSED, CLOSED), np.uint8)), np.uint8
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return []
    sums = np.bincount(labels.ravel(), weights=evidence.difference.ravel(), minlength=count)
    total = max(float(evidence.difference.sum()), TOTAL)
    large = [label for label in range(1, count) if stats[label, cv2.CC_STAT_AREA] >= SMALLEST]
    worst = sorted(large, key=lambda label: -sums[label])[:TRIED]
    return [
        _measure_region(
            evidence, labels, stats[label, : cv2.CC_STAT_AREA], label, float(sums[label]) / total
        )
        for label in worst
    ]


def _measure_region(
    evidence: Evidence, labels: NDArray[Any], sides: NDArray[Any], label: int, lost: float
) -> Region:
    """Return the region with the box of what itself has another colour in it: windows see a little
    around that.
    """
    x, y, width, height = (int(side) for side in sides)
    inside = labels[y : y + height, x : x + width] == label
    colored = inside & (evidence.color[y : y + height, x : x + width] > RECOLORED)
    if colored.sum() >= SMALLEST:
        rows, columns = np.flatnonzero(colored.any(axis=1)), np.flatnonzero(colored.any(axis=0))
        x, width = x + int(columns[0]), int(columns[-1] - columns[0]) + 1
        y, height = y + int(rows[0]), int(rows[-1] - rows[0]) + 1
    return Region(
        Box(*(float(side * QUARTER) for side in (x, y, width, height))), lost, labels == label
    )


def find_unexplained_patches(account: Account, told: Sequence[Box]) -> Iterator[Difference]:
    """`told`: boxes whose difference has been put into words already."""
    lines = list(_line_differences(account, told))
    yield from lines
    told = [*told, *(difference.box for difference in lines)]
    open_cells = _open_cells(account.evidence, told)
    shared = min(picture.shape[0] for picture in account.pictures)
    number = 0
    for region in find_regions(account.evidence):
        lost = float(account.evidence.difference[region.mask].sum())
        unexplained = float((account.evidence.difference * open_cells)[region.mask].sum())
        if unexplained < (1 - EXPLAINED) * lost or region.box.y >= shared:
            continue
        kind, words = _describe(account, region)
        yield Difference(kind, region.box, words, account.picture_cost(region.box))
        number += 1
        if number == MOST:
            return


def worst_difference(account: Account) -> Difference | None:
    """Return the place that differs most, however little; None where nothing does."""
    evidence = account.evidence
    if float(evidence.difference.max()) < THRESHOLDS.forgiven:
        return None
    row, column = np.unravel_index(int(evidence.difference.argmax()), evidence.difference.shape)
    near = Box(
        max(0, (int(column) - AROUND) * QUARTER),
        max(0, (int(row) - AROUND) * QUARTER),
        (2 * AROUND + 1) * QUARTER,
        (2 * AROUND + 1) * QUARTER,
    )
    lines = [line for line in account.hints.texts if line.box.intersection(near)]
    box = lines[0].box if lines else near
    name = quote_text(lines[0].text) if lines else "the page"
    words = f"{name} is drawn slightly differently ({where(box)})"
    return Difference("picture", box, words, account.picture_cost(box))


def _open_cells(evidence: Evidence, told: Sequence[Box]) -> Floats:
    cells = np.ones_like(evidence.difference)
    for box in told:
        wide = Box(box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)
        cells[grid_slice(wide)] = 0
    return cells


def _describe(account: Account, region: Region) -> tuple[Kind, str]:
    """Return the kind of the difference and a sentence about it."""
    wanted, got = _contrast(account, region)
    name = _name(account, region)
    if got < EMPTY * wanted:
        return "missing", f"{name} is missing ({where(region.box)})"
    if wanted < EMPTY * got:
        return "extra", f"something is drawn that the mockup does not have ({where(region.box)})"
    colors = [_mean_color(picture, region.box) for picture in account.pictures]
    if colors[0] == colors[1]:
        return "picture", f"{name} is drawn differently ({where(region.box)})"
    return (
        "picture",
        f"{name} looks different ({where(region.box)}; about {colors[1]}, should be about {colors[0]})",
    )


def _contrast(account: Account, region: Region) -> tuple[float, float]:
    """Return how much is drawn in the region, in the mockup and in the render."""
    wanted, got = account.evidence.wanted[region.mask], account.evidence.got[region.mask]
    return float(wanted.mean()), float(got.mean())


def _name(account: Account, region: Region) -> str:
    """Return what a person would call the region, with the help of what was recognized in it."""
    inside = [
        line for line in account.hints.texts if region.box.contains(line.box, slack=TEXT_SLACK)
    ]
    if len(inside) == 1:
        return f"what is around {quote_text(inside[0].text)}"
    if inside:
        return f"the part from {quote_text(inside[0].text)} to {quote_text(inside[-1].text)}"
    pictures = [
        n
        for n, one in enumerate(account.hints.pictures, 1)
        if region.box.iou(one.box) > SAME_PICTURE
    ]
    if pictures:
        return f"picture {pictures[0]}"
    wide, tall = region.box.width, region.box.height
    if min(wide, tall) <= THIN * QUARTER:
        return "a line or border"
    return f"a box or picture of {wide:.0f} × {tall:.0f}"


def _mean_color(picture: Pixels, box: Box) -> str:
    part = picture[int(box.y) : int(box.bottom) + 1, int(box.x) : int(box.right) + 1]
    return write_hex(part.reshape(-1, 3).mean(axis=0)) if part.size else "nothing"


def _line_differences(account: Account, told: Sequence[Box]) -> Iterator[Difference]:
    """Tell lines whose ink differs though nothing that was read explains it."""
    for line in account.hints.texts:
        if account.evidence.mean_ink_loss(line.box) < LETTERS:
            continue
        if any(box.contains(line.box, slack=MARGIN) or box.iou(line.box) > TOLD for box in told):
            continue
        words = f"{quote_text(line.text)} {_ink_fault(account, line)} ({where(line.box)})"
        yield Difference("picture", line.box, words, account.picture_cost(line.box))


def _ink_fault(account: Account, line: TextLine) -> str:
    wanted, got = (_ink(picture, line.box) for picture in account.pictures)
    if not wanted.size or not got.size or not wanted.any():
        return "is drawn differently"
    if not got.any():
        return "is missing"
    if _fullest_row(wanted) > STRUCK and _fullest_row(got) < PLAIN:
        return "has lost the line through or under it"
    if _fullest_row(got) > STRUCK and _fullest_row(wanted) < PLAIN:
        return "has a line through or under it that should not be there"
    ratio = float(got.sum()) / float(wanted.sum())
    if ratio > HEAVIER:
        return "is drawn too heavy or doubled"
    if ratio < 1 / HEAVIER:
        return "is drawn too light or incomplete"
    return "is drawn in other letters or another font"


def _ink(picture: Pixels, box: Box) -> Floats:
    """Return how much of each pixel is ink, 0-1, against the box's usual colour."""
    rows = slice(max(0, int(box.y) - ABOVE), int(box.bottom) + BELOW)
    part = picture[rows, max(0, int(box.x)) : int(box.right) + 1]
    if not part.size:
        return np.zeros((0, 0), np.float32)
    ground = np.median(part.reshape(-1, 3), axis=0)
    apart = np.abs(part.astype(np.float32) - ground.astype(np.float32)).max(axis=2)
    strongest = float(apart.max())
    return apart / strongest if strongest > LEAST_CONTRAST else np.zeros_like(apart)


def _fullest_row(ink: Floats) -> float:
    return float((ink > INKED).mean(axis=1).max())
