"""Numbers the connected areas of a picture whose neighbors differ by at most a step, band by band.

OpenCV labels masks, not differences, so a band is drawn at twice its size with a cell between each
two neighbors that says whether they are joined. For a whole picture of 40 megapixels the labels of
such a drawing would be 640 MB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands, look_up
from studio.pipeline.perception.pixels import Mask, Pixels

# The bilateral filter sees so many rows up and down.
FILTER_REACH = 2

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Areas:
    """`labels` numbers each pixel's area from 1, in the order of their first pixels, row by row;
    `boxes` are left, top, right, bottom of each (end exclusive), area 0 being none.
    """

    labels: Numbers
    boxes: Numbers  # [area, 4]


def number_areas(rgb: Pixels, step: int, *, calm: bool) -> Areas:
    """Return the areas; `calm`: with the ripples of JPEG filtered out beforehand."""
    height, width = rgb.shape[:2]
    labels = np.empty((height, width), np.int32)
    boxes = [np.zeros((1, 4), np.int32)]
    seams: list[tuple[Numbers, Numbers]] = []
    count = 1
    for rows in cut_into_bands(height, width):
        # With the last row of the band above, to find what is joined to it.
        top = max(0, rows.start - 1)
        band = _read_rows(rgb, top, rows.stop, calm=calm)
        own = band[rows.start - top :]
        found, own_boxes = _number_band(own, step)
        labels[rows] = found + np.int32(count - 1)
        boxes.append(own_boxes + np.array([0, rows.start, 0, rows.start], np.int32))
        if rows.start:
            joined = _mark_near(band[1:2], band[:1], step)[0]
            seams.append((labels[rows.start - 1][joined], labels[rows.start][joined]))
        count += len(own_boxes)
    every = np.concatenate(boxes)
    return _join_bands(labels, every, seams) if seams else Areas(labels, every)


def _read_rows(rgb: Pixels, top: int, bottom: int, *, calm: bool) -> Pixels:
    import cv2

    if not calm:
        return rgb[top:bottom]
    start = max(0, top - FILTER_REACH)
    around = rgb[start : bottom + FILTER_REACH]
    # Calms the ripples of JPEG but keeps edges of 10 levels and more.
    filtered = np.asarray(cv2.bilateralFilter(around, 2 * FILTER_REACH + 1, 14, 3), dtype=np.uint8)
    return filtered[top - start : bottom - start]


def _number_band(rgb: Pixels, step: int) -> tuple[Numbers, Numbers]:
    """Return the band's labels from 1, and the box of each."""
    import cv2

    height, width = rgb.shape[:2]
    joined = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    joined[::2, ::2] = 1
    joined[::2, 1::2] = _mark_near(rgb[:, 1:], rgb[:, :-1], step)
    if height > 1:
        joined[1::2, ::2] = _mark_near(rgb[1:], rgb[:-1], step)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    left, top, wide, high = (stats[1:, i] for i in range(4))
    sides = (left // 2, top // 2, (left + wide + 1) // 2, (top + high + 1) // 2)
    numbers = np.asarray(labels[::2, ::2], np.int32)
    return numbers, np.stack(sides, axis=1).astype(np.int32)


def _mark_near(a: Pixels, b: Pixels, step: int) -> Mask:
    import cv2

    distance = cv2.absdiff(np.ascontiguousarray(a), np.ascontiguousarray(b))
    return np.asarray((distance <= step).all(axis=2))


def _join_bands(labels: Numbers, boxes: Numbers, seams: list[tuple[Numbers, Numbers]]) -> Areas:
    """Return the areas with those made one that touch across a seam; labels change in place."""
    first = _find_first_labels(len(boxes), seams)
    own = np.arange(len(boxes), dtype=np.int32)
    changed = np.flatnonzero(first != own)
    for side, choose in enumerate((np.minimum, np.minimum, np.maximum, np.maximum)):
        choose.at(boxes[:, side], first[changed], boxes[changed, side])
    kept = first == own
    numbers = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    final = numbers[first]
    for rows in cut_into_bands(*labels.shape):
        labels[rows] = look_up(final, labels[rows])
    return Areas(labels, boxes[kept])


def _find_first_labels(count: int, seams: list[tuple[Numbers, Numbers]]) -> Numbers:
    """Return for each label the lowest one that it is connected to."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    first = np.arange(count, dtype=np.int32)
    above = np.concatenate([pair[0] for pair in seams])
    below = np.concatenate([pair[1] for pair in seams])
    if not len(above):
        return first
    nodes, places = np.unique(np.concatenate([above, below]), return_inverse=True)
    ends = (places[: len(above)], places[len(above) :])
    graph = coo_matrix((np.ones(len(above), bool), ends), shape=(len(nodes), len(nodes)))
    groups, group = connected_components(graph, directed=False)
    lowest = np.full(groups, count, np.int32)
    np.minimum.at(lowest, group, nodes)
    first[nodes] = lowest[group]
    return first
