"""Patches that differ and that no text, box or picture of the hints explains: a photo taken for
ground, a shadow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from studio.pipeline.color import write_hex
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.account import Account
from studio.pipeline.scoring.likeness.picture_maps import QUARTER, Pixels
from studio.pipeline.types import Difference

DIFFERENT = 0.4  # of the difference map
SMALLEST = 24  # px either way; less is an icon at most
MOST = 8
MARGIN = 6.0  # px around a told box that its own blur reaches


def find_unexplained_patches(account: Account, told: Sequence[Box]) -> Iterator[Difference]:
    """`told`: boxes whose difference has been put into words already."""
    import cv2

    mask = (account.maps.difference > DIFFERENT).astype(np.uint8)
    for box in [
        *told,
        *(line.box for line in account.hints.texts),
        *(text.box for text in account.render.texts),
    ]:
        _clear(mask, box)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    boxes = [Box(*(float(side * QUARTER) for side in stats[i, :4])) for i in range(1, count)]
    large = [box for box in boxes if min(box.width, box.height) >= SMALLEST]
    shared = min(picture.shape[0] for picture in account.pictures)
    for box in sorted(large, key=lambda box: -box.area)[:MOST]:
        if box.y < shared:  # below, the page's height is what is told
            yield Difference(
                "picture", box, _describe_patch(account, box), account.picture_loss(box)[1]
            )


def _describe_patch(account: Account, box: Box) -> str:
    wanted, got = (_mean(picture, box) for picture in account.pictures)
    where = f"the area {box.width:.0f} × {box.height:.0f} at x {box.x:.0f}, y {box.y:.0f}"
    return f"{where} looks different (about {got}, should be about {wanted})"


def _mean(picture: Pixels, box: Box) -> str:
    part = picture[int(box.y) : int(box.bottom) + 1, int(box.x) : int(box.right) + 1]
    return write_hex(part.reshape(-1, 3).mean(axis=0)) if part.size else "nothing"


def _clear(mask: Pixels, box: Box) -> None:
    top, left = max(0, int((box.y - MARGIN) / QUARTER)), max(0, int((box.x - MARGIN) / QUARTER))
    mask[
        top : int((box.bottom + MARGIN) / QUARTER) + 1,
        left : int((box.right + MARGIN) / QUARTER) + 1,
    ] = 0
