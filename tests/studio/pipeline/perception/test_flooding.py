"""Areas are the same whether a picture is numbered at once or band by band."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.pipeline.perception import bands
from studio.pipeline.perception.flooding import number_areas

STEP = 2


def blotches(height: int, width: int, seed: int = 1) -> NDArray[np.uint8]:
    """Areas of every size and outline, many of which reach through several bands."""
    coarse = np.random.default_rng(seed).integers(0, 4, (height // 3 + 1, width // 3 + 1, 3))
    fine = np.kron(coarse * 3, np.ones((3, 3, 1), int))[:height, :width]
    return np.ascontiguousarray(fine, dtype=np.uint8)


def number_by_hand(rgb: NDArray[np.uint8], step: int) -> NDArray[np.int32]:
    """Flood from pixel to pixel, row by row."""
    height, width = rgb.shape[:2]
    labels = np.zeros((height, width), np.int32)
    count = 0
    for start in np.ndindex(height, width):
        if labels[start]:
            continue
        count += 1
        labels[start] = count
        waiting = [start]
        while waiting:
            y, x = waiting.pop()
            for v, u in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if not (0 <= v < height and 0 <= u < width) or labels[v, u]:
                    continue
                if np.abs(rgb[v, u].astype(int) - rgb[y, x]).max() <= step:
                    labels[v, u] = count
                    waiting.append((v, u))
    return labels


@pytest.mark.parametrize("band", [1, 60, 7 * 60, 10_000_000])
def test_numbers_are_those_of_a_flood_by_hand(monkeypatch: pytest.MonkeyPatch, band: int) -> None:
    monkeypatch.setattr(bands, "BAND", band)
    rgb = blotches(43, 60)
    assert np.array_equal(number_areas(rgb, STEP, calm=False).labels, number_by_hand(rgb, STEP))


@pytest.mark.parametrize("band", [60, 10_000_000])
def test_boxes_are_those_of_their_pixels(monkeypatch: pytest.MonkeyPatch, band: int) -> None:
    monkeypatch.setattr(bands, "BAND", band)
    areas = number_areas(blotches(43, 60), STEP, calm=False)
    for label in range(1, len(areas.boxes)):
        rows, columns = np.nonzero(areas.labels == label)
        assert areas.boxes[label].tolist() == [
            columns.min(),
            rows.min(),
            columns.max() + 1,
            rows.max() + 1,
        ]


def test_ripples_are_calmed_across_bands_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = np.full((64, 60, 3), 200)
    rgb = (ground + np.random.default_rng(2).integers(-4, 5, ground.shape)).astype(np.uint8)
    calm = np.asarray(cv2.bilateralFilter(rgb, 5, 14, 3), np.uint8)
    monkeypatch.setattr(bands, "BAND", 5 * 60)
    found = number_areas(rgb, STEP, calm=True)
    assert np.array_equal(found.labels, number_by_hand(calm, STEP))
    assert not np.array_equal(found.labels, number_by_hand(rgb, STEP))
