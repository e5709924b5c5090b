"""Photos that perception takes apart: dark or even parts of a picture look like the ground that it
lies on, so only shards of it are found. They become one picture again.

Lettering inside a small picture belongs to it, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.pipeline.perception.graphics import Drawn, link_boxes
from studio.pipeline.perception.hints import Box, Rect, TextLine, bound_boxes
from studio.pipeline.perception.pictures import Region


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px. Set on pictures from public repositories and on the development pages."""

    gap: float = 12.0  # between two shards of one photo
    photos: int = 3  # shards that are photos themselves, at least
    shards: int = 5  # and with the crumbs between them
    area: float = 15_000.0  # of a photo that falls apart
    covered: float = 0.35  # share of it that its shards cover
    aligned: float = 2.0  # px by which the sides of photos in rows and columns differ
    in_rows: float = 0.5  # share of photos with such a side from which they are a layout's
    thumbnail: float = 140.0  # sides of a picture that carries no text of the page


LIMITS = Thresholds()


def join_shards(
    rects: Sequence[Rect],
    icons: Sequence[Region],
    photos: Sequence[Region],
    lines: Sequence[TextLine],
) -> Drawn:
    """Return the boxes, icons and photos with the shards of a photo as one photo; boxes that carry
    words stay on it.
    """
    whole = _find_shattered(icons, [photo for photo in photos if not photo.drawn])
    if not whole:
        return Drawn(list(rects), list(icons), list(photos))
    return Drawn(
        [rect for rect in rects if _holds_words(rect.box, lines) or not _belongs(rect.box, whole)],
        [icon for icon in icons if not _belongs(icon.box, whole)],
        [photo for photo in photos if not _belongs(photo.box, whole)] + whole,
    )


def drop_lettering(lines: Sequence[TextLine], photos: Sequence[Region]) -> list[TextLine]:
    """Return the lines without those inside a small picture, numbered anew: what stands on the
    cover of a record is no text of the page.
    """
    small = [
        photo.box for photo in photos if max(photo.box.width, photo.box.height) <= LIMITS.thumbnail
    ]
    kept = [line for line in lines if not any(box.contains(line.box, 0) for box in small)]
    return [replace(line, id=i) for i, line in enumerate(kept, 1)]


def _find_shattered(icons: Sequence[Region], photos: Sequence[Region]) -> list[Region]:
    found = []
    shards = [photo.box for photo in photos]
    for group in link_boxes([*shards, *(icon.box for icon in icons)], LIMITS.gap):
        own = [box for box in group if box in shards]
        union = bound_boxes(group)
        if len(own) < LIMITS.photos or len(group) < LIMITS.shards or union.area < LIMITS.area:
            continue
        covered = sum(box.area for box in group)
        if covered >= LIMITS.covered * union.area and not _are_in_rows(own):
            found.append(Region(int(union.x), int(union.y), int(union.right), int(union.bottom)))
    return found


def _are_in_rows(boxes: Sequence[Box]) -> bool:
    """Whether photos stand in rows or columns, as those of a gallery do."""
    aligned = [box for box in boxes if any(_share_side(box, other) for other in boxes)]
    return len(aligned) >= LIMITS.in_rows * len(boxes)


def _share_side(a: Box, b: Box) -> bool:
    if a is b:
        return False
    slack = LIMITS.aligned
    in_row = abs(a.y - b.y) <= slack and abs(a.bottom - b.bottom) <= slack
    in_column = abs(a.x - b.x) <= slack and abs(a.right - b.right) <= slack
    return in_row or in_column


def _holds_words(box: Box, lines: Sequence[TextLine]) -> bool:
    return any(box.contains(line.box) for line in lines)


def _belongs(box: Box, whole: Sequence[Region]) -> bool:
    return any(box.intersection(region.box) > 0.7 * max(1.0, box.area) for region in whole)
