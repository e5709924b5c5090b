"""Photos in a row are of one size and one radius: one whose pale part looks like the ground that it
lies on is completed by its neighbors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.pipeline.perception.hints import Box, TextLine
from studio.pipeline.perception.pictures import Region


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px."""

    same: float = 3.0  # by which sides of photos in a row or a column differ
    smallest: float = 40.0  # side of a photo that is looked at
    missing: float = 0.4  # share of the full size that may be missing at one side
    radius: float = 2.0  # by which radii of one kind differ


LIMITS = Thresholds()


def complete_photos(photos: Sequence[Region], lines: Sequence[TextLine]) -> list[Region]:
    """Return the photos, each as large as its neighbors where only one side of it is short."""
    whole = [_complete(photo, photos, lines) for photo in photos]
    return [_agree_on_radius(photo, whole) for photo in whole]


def _complete(photo: Region, photos: Sequence[Region], lines: Sequence[TextLine]) -> Region:
    if photo.drawn or min(photo.box.width, photo.box.height) < LIMITS.smallest:
        return photo
    for other in photos:
        if other is photo or other.drawn:
            continue
        for fuller in _stretch(photo, other):
            if _is_free(photo, fuller, photos, lines):
                return fuller
    return photo


def _stretch(photo: Region, other: Region) -> list[Region]:
    """Return the photo as high as a neighbor of its row, or as wide as one of its column."""
    found = []
    height, width = other.bottom - other.top, other.right - other.left
    own_height, own_width = photo.bottom - photo.top, photo.right - photo.left
    shorter = LIMITS.same < height - own_height <= LIMITS.missing * height
    narrower = LIMITS.same < width - own_width <= LIMITS.missing * width
    if shorter and abs(width - own_width) <= LIMITS.same:
        if abs(photo.bottom - other.bottom) <= LIMITS.same:
            found.append(replace(photo, top=other.top))
        if abs(photo.top - other.top) <= LIMITS.same:
            found.append(replace(photo, bottom=other.bottom))
    if narrower and abs(height - own_height) <= LIMITS.same:
        if abs(photo.right - other.right) <= LIMITS.same:
            found.append(replace(photo, left=other.left))
        if abs(photo.left - other.left) <= LIMITS.same:
            found.append(replace(photo, right=other.right))
    return found


def _is_free(
    photo: Region, fuller: Region, photos: Sequence[Region], lines: Sequence[TextLine]
) -> bool:
    """Whether nothing else lies where a photo would become larger."""
    taken = [line.box for line in lines] + [one.box for one in photos if one is not photo]
    return all(_added_area(box, photo, fuller) < 1.0 for box in taken)


def _added_area(box: Box, photo: Region, fuller: Region) -> float:
    return fuller.box.intersection(box) - photo.box.intersection(box)


def _agree_on_radius(photo: Region, photos: Sequence[Region]) -> Region:
    """Return the photo with the radius that most photos of its size have."""
    if photo.drawn:
        return photo
    alike = [
        one.radius
        for one in photos
        if not one.drawn
        and abs(one.box.width - photo.box.width) <= LIMITS.same
        and abs(one.box.height - photo.box.height) <= LIMITS.same
    ]
    if len(alike) < 3:
        return photo
    usual = max(alike, key=lambda radius: _count_near(radius, alike))
    if 2 * _count_near(usual, alike) <= len(alike) or abs(photo.radius - usual) <= LIMITS.radius:
        return photo
    return replace(photo, radius=usual)


def _count_near(radius: float, radii: Sequence[float]) -> int:
    return sum(abs(one - radius) <= LIMITS.radius for one in radii)
